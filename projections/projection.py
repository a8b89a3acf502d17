"""A projection says which tables stand behind one question, and what each topic writes into them.

A question's file declares its `Timeline`s and `Points` and one short method per topic; the engine hands it the events
in order, and a `View` reads the tables at any pair of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeVar

from sqlalchemy import Connection, Select, Subquery
from sqlalchemy.engine import Row as ResultRow

from .asof import AsOf
from .batches import PointsBatch, TimelineBatch
from .bitemporal import Kept, Key, Points, Timeline, Totals, Where
from .tables import Row, Store

_ROWS_AT_ONCE = 1_000


class LogEvent(NamedTuple):
    """An event as projections see it; `state` is the newest shape of its JSON, dates still ISO text."""

    leaf: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    state: dict[str, Any]

    @property
    def ref(self) -> str:
        return f"{self.stream}@{self.version}"


class Writer:
    """Takes what a batch of events says, and writes it when the whole batch is known."""

    def __init__(self, leaf_of: Callable[[str], int | None]) -> None:
        self._leaf_of = leaf_of
        self._timelines: dict[Timeline, TimelineBatch] = {}
        self._points: dict[Points, PointsBatch] = {}

    def holds(
        self,
        timeline: Timeline,
        event: LogEvent,
        key: Key,
        value: Row,
        *,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        """From `since` (ISO; default: the event's effective_on) the key has this value, until the next fact.

        `until` says as well that nothing holds from that day on: it is one more fact, of the same leaf.
        """
        batch = self._timelines.get(timeline)
        if batch is None:
            batch = self._timelines[timeline] = TimelineBatch(timeline)
        batch.fact(event.leaf, key, value, since or event.state["effective_on"])
        if until is not None:
            batch.fact(event.leaf, key, None, until)

    def ends(self, timeline: Timeline, event: LogEvent, key: Key, *, since: str | None = None) -> None:
        """From that day on nothing holds for the key."""
        self._timeline(timeline).fact(event.leaf, key, None, since or event.state["effective_on"])

    def clears(self, timeline: Timeline, event: LogEvent, key: Key) -> None:
        """Every earlier fact of the key is withdrawn, as if never stated."""
        self._timeline(timeline).clear(event.leaf, key)

    def happened(self, points: Points, event: LogEvent, row: Row, *, on: str | None = None) -> None:
        """A dated point; `row` has the table's columns in order."""
        batch = self._points.get(points)
        if batch is None:
            batch = self._points[points] = PointsBatch(points)
        batch.point(event.leaf, row, on or event.state["effective_on"])

    def withdraws(self, kept: Kept, event: LogEvent, named: str | int) -> None:
        """What the named event (`stream@version`, or its leaf) said in this table is taken back.

        An event that said nothing here, was withdrawn before or does not exist leaves everything as it is.
        """
        leaf = self._leaf_of(named) if isinstance(named, str) else named
        if leaf is None or leaf >= event.leaf:
            return
        if isinstance(kept, Timeline):
            self._timeline(kept).withdraw(event.leaf, leaf)
        elif isinstance(kept, Points):
            self._points.setdefault(kept, PointsBatch(kept)).withdraw(event.leaf, leaf)

    def write(self, store: Store) -> None:
        for timeline in self._timelines.values():
            timeline.write(store)
        for points in self._points.values():
            points.write(store)

    def _timeline(self, timeline: Timeline) -> TimelineBatch:
        return self._timelines.setdefault(timeline, TimelineBatch(timeline))


Handler = Callable[[Any, LogEvent, Writer], None]
_H = TypeVar("_H", bound=Handler)


def on(*topics: str) -> Callable[[_H], _H]:
    """Marks the method of a projection that is called with each event of these topics."""

    def mark(method: _H) -> _H:
        method.__dict__["topics_handled"] = topics
        return method

    return mark


class Projection:
    """The tables behind one question, and how each topic changes them.

    name: unique; schema_version: raised whenever a handler would write other rows than before (a changed column is
    noticed without it); kept: the tables; every_topic: a handler for whatever has none of its own.
    """

    name: ClassVar[str]
    schema_version: ClassVar[int] = 1
    kept: ClassVar[tuple[Kept, ...]] = ()
    handlers: ClassVar[Mapping[str, Handler]] = {}
    every_topic: ClassVar[Handler | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        handlers = dict(cls.handlers)
        for method in vars(cls).values():
            for topic in getattr(method, "topics_handled", ()):
                handlers[topic] = method
        cls.handlers = handlers

    def apply(self, events: Sequence[LogEvent], writer: Writer) -> None:
        """Hands each event, in order, to the method marked for its topic. Only events with a handler come here."""
        handlers = type(self).handlers
        other = type(self).every_topic
        for one in events:
            handler = handlers.get(one.topic, other)
            if handler is not None:
                handler(self, one, writer)


class View:
    """One question's look at the tables: one snapshot, one AsOf. `size`: how many events the tables contain."""

    def __init__(self, connection: Connection, as_of: AsOf, size: int) -> None:
        self.connection = connection
        self.as_of = as_of
        self.size = size

    def held(self, timeline: Timeline, where: Where | None = None) -> Subquery:
        """What held on the day; see `Timeline`."""
        return timeline.held(self.as_of, self.size, where)

    def history(self, timeline: Timeline, where: Where | None = None) -> Subquery:
        """All intervals known, whatever the day."""
        return timeline.history(self.as_of, self.size, where)

    def points(self, points: Points, where: Where | None = None) -> Subquery:
        """The points up to and including the day; see `Points`."""
        return points.until(self.as_of, self.size, where)

    def total(
        self, kept: Kept, *, by: Sequence[str] = (), of: Sequence[str] = (), where: Where | None = None
    ) -> Subquery:
        """Sums of `held` (a timeline) or `points`, kept apart by columns; see `Totals`. Faster than summing those."""
        totals = Totals(tuple(by), tuple(of))
        if isinstance(kept, Timeline):
            return kept.held(self.as_of, self.size, where, totals)
        if isinstance(kept, Points):
            return kept.until(self.as_of, self.size, where, totals)
        raise TypeError(f"{kept.name} is neither a timeline nor points")

    def rows(self, statement: Select[Any]) -> Sequence[ResultRow[Any]]:
        return self.connection.execute(statement).all()

    def each(self, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows one after the other, as plain tuples: for whoever looks at a whole table and keeps little of it. Its columns need no
        converting (tables.py), and the memory of a few rows is used again for the next."""
        result = self.connection.execute(statement)
        cursor: Any = result.cursor
        while part := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from part
        result.close()
