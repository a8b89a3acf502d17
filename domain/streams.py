"""A decision reads whole streams, and what it has read is remembered: a fact added to any of them meanwhile undoes the decision.

`Streams` hands out states (folded from facts by `evolve`), notes the version of each stream it handed out, and carries the facts of a
running execution along, so that the second of two commands in one transaction sees the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from .facts import Fact, Recorded, Stored

if TYPE_CHECKING:
    from dataclasses import replace as replace
else:
    _new = object.__new__

    def replace(state: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`, for states without slots and `__post_init__`: a copy of what is there costs a tenth of building it anew
        (measured with thirty fields), and folding a stream is nearly nothing else."""
        fields = state.__dict__.copy()  # shares its keys with all of its kind: a third of the memory of one filled by `update`
        known = len(fields)
        fields.update(changes)
        if len(fields) != known:
            raise TypeError(f"{type(state).__name__} has no {', '.join(sorted(fields.keys() - state.__dict__.keys()))}")
        copy = _new(type(state))
        _put(copy, "__dict__", fields)
        return copy


_put = object.__setattr__

Event = tuple[str, Fact]
"""What `decide` returns: a stream and the fact to add to it."""

Load = Callable[[Sequence[str]], Mapping[str, Sequence[Stored]]]


@dataclass(frozen=True)
class State:
    """What a stream adds up to. `version` 0 means that nothing has happened yet."""

    prefix: ClassVar[str] = ""

    stream: str
    version: int = 0

    @property
    def exists(self) -> bool:
        return self.version > 0

    @property
    def id(self) -> str:
        return self.stream.partition("/")[2]

    @property
    def ref(self) -> str:
        """The newest fact of the stream, as `because` names it."""
        return f"{self.stream}@{self.version}"

    def evolve(self, fact: Fact, ref: str) -> Self:
        """The state after `fact`, which is recorded as `ref`. Never refuses, reads no clock."""
        raise TypeError(f"{type(self).__name__} has no evolve")


S = TypeVar("S", bound=State)


class Streams:
    """States by stream name, with the versions read and the facts decided so far."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._stored: dict[str, Sequence[Stored]] = {}
        self._states: dict[str, State] = {}
        self._versions: dict[str, int] = {}
        self._late: dict[str, tuple[Recorded, ...]] = {}
        self._blank: dict[type[State], State] = {}
        self.reads: dict[str, int] = {}
        self.decided: list[Recorded] = []

    def fetch(self, names: Iterable[str]) -> None:
        """Loads many streams at one go; a later `read` of them asks nobody."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._stored]
        if not wanted:
            return
        found = self._load(wanted)
        for name in wanted:
            facts = found.get(name, ())
            self._stored[name] = facts
            self.reads[name] = self._versions[name] = facts[-1].originator_version if facts else 0

    def read(self, kind: type[S], *parts: str) -> S:
        """The state of `<prefix>/<parts…>` as of now, this execution's own facts included."""
        return self.at(kind, "/".join((kind.prefix, *parts)))

    def at(self, kind: type[S], stream: str) -> S:
        """As `read`, by the stream's whole name."""
        state = self._states.get(stream)
        if state is None:
            if stream not in self._stored:
                self.fetch((stream,))
            blank = self._blank.get(kind)
            if blank is None:
                blank = self._blank[kind] = kind("")
            _put(blank, "stream", stream)  # nobody else ever sees the blank one; the first fact makes a copy of it
            state = blank
            for recorded in self._stored[stream]:
                state = _step(state, recorded)
            self._states[stream] = state = replace(state) if state is blank else state
        late = self._late.pop(stream, None) if self._late else None
        if late:
            for recorded in late:
                state = _step(state, recorded)
            self._states[stream] = state
        if not isinstance(state, kind):
            raise TypeError(f"{stream} is a {type(state).__name__}, not a {kind.__name__}")
        return state

    def stored(self, stream: str) -> Sequence[Recorded]:
        """The facts of a stream as they stood when this execution began: for what no state of it keeps."""
        self.fetch((stream,))
        known = [_read(recorded) for recorded in self._stored[stream]]
        self._stored[stream] = known
        return [recorded for recorded in known if recorded.originator_version <= self.reads[stream]]

    def facts(self, stream: str) -> tuple[Recorded, ...]:
        """The facts of a stream in their order, this execution's own included: for a decision that looks at facts of whatever concept."""
        return (*self.stored(stream), *(one for one in self.decided if one.originator_id == stream))

    def add(self, events: Iterable[Event]) -> None:
        """Takes decided events in, each at the next version of its stream."""
        for stream, fact in events:
            version = self._versions.get(stream, -1) + 1
            if not version:
                self.fetch((stream,))
                version = self._versions[stream] + 1
            self._versions[stream] = version
            recorded = Recorded(stream, version, fact)
            self.decided.append(recorded)
            # Folded in when somebody reads the stream again: most streams of an import are written and never looked at again.
            if stream in self._states:
                self._late[stream] = (*self._late.get(stream, ()), recorded)
            else:
                # Nothing is added to a stream that cannot be read.
                self._stored[stream] = (*map(_read, self._stored[stream]), recorded)

    def next_ref(self, stream: str) -> str:
        """The reference that the next fact of `stream` will have: for events that rely on one decided beside them."""
        if stream not in self._versions:
            self.fetch((stream,))
        return f"{stream}@{self._versions[stream] + 1}"


def _read(stored: Stored) -> Recorded:
    return stored if isinstance(stored, Recorded) else Recorded(stored.originator_id, stored.originator_version, stored.fact)


def _step(state: S, recorded: Stored) -> S:
    evolved = state.evolve(recorded.fact, recorded.ref)
    if evolved is state:
        return replace(state, version=recorded.originator_version)
    # A frozen state that has just been made here is nobody else's yet: setting its version is cheaper than a second copy.
    _put(evolved, "version", recorded.originator_version)
    return evolved
