"""`inspection commit-seed|sample|verify-sample`: a draw that anybody can repeat, with its seed bound first and published with the draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from mingzhang.domain.inspection.drawing import CommitSeed, DrawSample, refuse_unusable_seed, seed_to_open
from mingzhang.domain.inspection.sample import FrameOf, SampleDrawn
from mingzhang.domain.inspection.sampling import commitment, frame_text
from mingzhang.domain.refusal import Refused

from ..i18n import N_, _, ngettext
from ..inspecting.drawing import Repeated, chosen_inspection, drawn_before, existing_inspection, frame_of, repeated, root_after, told
from ..intake.units import UnitNames
from ..options import Globals, Verb, example, on_option, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, show
from ..output.files import write_files
from ..session import Session
from ..words.trail import scheme_titles

WHAT = {"students": N_("students"), "payments": N_("payments")}
_EASILY_GUESSED = 16
_size = click.IntRange(1, 100_000)
_salt = click.option("--salt", metavar="TEXT", help=_("A second text kept with the seed, for a seed short enough to be guessed."))
NOT_VERIFIED = 4


@click.command("commit-seed", cls=Verb, help=_("Bind yourself to a seed before anything is drawn: its SHA-256 is recorded, not the seed."))
@click.argument("name", metavar="[INSPECTION]", required=False)
@click.option("--seed", required=True, metavar="TEXT", help=_("Known to you alone until the draw; keep it on paper."))
@_salt
@click.option("--of", type=click.Choice(list(WHAT)), default="students", help=_("What is to be drawn. Default: students."))
@click.option("--scheme", "schemes", multiple=True, metavar="SCHEME", help=_("Only of this scheme; repeat it for several."))
@click.option("--period", "periods", multiple=True, metavar="PERIOD", help=_("Only of this period; repeat it for several."))
@unit_option(help=_("Only of this unit (id or name). Default: the unit inspected."))
@click.option("--size", type=_size, metavar="N", help=_("How many are to be drawn; then no other number can be."))
@click.option("--reason", metavar="TEXT", help=_("Why a seed committed to before is given up unopened; sealed."))
@on_option
@example(
    "mingzhang --as inspector inspection commit-seed --seed 37-05-62-11 --salt 雨后的操场 --size 40",
    "mingzhang --as inspector inspection commit-seed inspection-4F7KQ2AB --seed 48-20-09-77 --of payments --period 2020-spring",
)
@click.pass_obj
def commit_seed(
    globals: Globals,
    name: str | None,
    seed: str,
    salt: str | None,
    of: FrameOf,
    schemes: tuple[str, ...],
    periods: tuple[str, ...],
    unit: str | None,
    size: int | None,
    reason: str | None,
    on: date | None,
) -> int:
    from mingzhang.projections.sampling import sampling_frame

    with Session(globals) as session:
        for text in (seed, *([salt] if salt is not None else [])):
            refuse_unusable_seed(text)
        state = chosen_inspection(session, name)
        units = UnitNames(session)
        within = units.wanted(unit) or state.unit
        wanted = tuple(dict.fromkeys(session.scheme(one) for one in schemes))
        without = tuple(fact.number for _ref, fact in state.draws if fact.of == of)
        as_of = session.as_of(on, None)
        with session.engine.view(as_of) as view:
            frame = sampling_frame(view, of, within, wanted, periods, drawn_before(state, without))
        command = CommitSeed(
            on=on,
            inspection=state.id,
            commitment=commitment(seed, salt),
            of=of,
            unit=within,
            schemes=wanted,
            periods=tuple(dict.fromkeys(periods)),
            as_of=as_of.effective_on,
            log_size=as_of.known_at,
            without=without,
            frame=frame,
            size=size,
            reason=session.seal_text(reason) if reason else None,
        )
        session.execute(command)
        ref, bound = existing_inspection(session, state.id).commitments[-1]
        root, root_size = root_after(session, ref)
        document = {
            "inspection": state.id,
            "number": bound.number,
            "commitment": bound.commitment,
            "of": of,
            **units.said(within),
            "frame_size": bound.frame_size,
            "frame_sha256": bound.frame_sha256,
            "strata": len(frame),
            "as_of": bound.as_of.isoformat(),
            "log_size": bound.log_size,
            "root": root,
            "root_size": root_size,
            "size": size,
            "event": ref,
        }
        said = [
            _("Commitment {number} of {inspection}: {commitment}").format(
                number=bound.number, inspection=state.id, commitment=bound.commitment
            ),
            _("{count} {what} can be drawn, as of {day}, log size {size}.").format(
                count=bound.frame_size, what=_(WHAT[of]), day=bound.as_of, size=bound.log_size
            ),
            _("Root of the log right after it, size {size}: {root}").format(size=root_size, root=root),
            _("Both sides write these down now. The seed stands nowhere in the ledger: keep it on paper."),
        ]
        if salt is None and len(seed) < _EASILY_GUESSED:
            said.append(_("A seed as short as this can be guessed from its commitment: another time, give --salt as well."))
        if size is None:
            said.append(_("How many are drawn stays open, and could be chosen by who would be among them: give --size to bind it as well."))
        return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)


@click.command("sample", cls=Verb, help=_("Publish the seed and draw: by unit and scheme in proportion, as anybody can repeat it."))
@click.argument("name", metavar="[INSPECTION]", required=False)
@click.option("--size", type=_size, required=True, metavar="N", help=_("How many are drawn."))
@click.option("--seed", required=True, metavar="TEXT", help=_("The seed that was committed to."))
@_salt
@on_option
@table_file_options
@example(
    "mingzhang --as inspector inspection sample --size 40 --seed 37-05-62-11 --salt 雨后的操场",
    "mingzhang --as inspector inspection sample inspection-4F7KQ2AB --size 12 --seed 48-20-09-77",
)
@click.pass_obj
def sample(globals: Globals, name: str | None, size: int, seed: str, salt: str | None, on: date | None) -> int:
    with Session(globals) as session:
        state = chosen_inspection(session, name)
        waiting = seed_to_open(state)
        if waiting is None:
            raise Refused("seed_not_committed", inspection=state.id)
        ref, bound = waiting
        root, root_size = root_after(session, ref)
        frame = frame_of(session, state, bound)
        command = DrawSample(on=on, inspection=state.id, seed=seed, salt=salt, size=size, root=root, root_size=root_size, frame=frame)
        session.execute(command)
        drawn_ref, fact = existing_inspection(session, state.id).draws[-1]
        foot = _("The dossiers: mingzhang inspection dossiers {inspection} --out DIR").format(inspection=state.id)
        document = {"inspection": state.id, **_document(fact, drawn_ref)}
        return show(globals, Answer(document, (*_tables(session, fact), Text((foot,)))), rehearsal=session.rehearsal)


@click.command(
    "verify-sample",
    cls=Verb,
    help=_("Repeat the draws of an inspection from the log as it was, and compare; exit code 4 where they differ."),
)
@click.argument("name", metavar="[INSPECTION]", required=False)
@click.option("--draw", "number", type=click.IntRange(min=1), metavar="NUMBER", help=_("Only the draw of this number."))
@click.option(
    "--frame",
    "frame_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Write whoever could be drawn to this file, for others to repeat the draw; with --draw where there are several."),
)
@table_file_options
@example(
    "mingzhang inspection verify-sample inspection-4F7KQ2AB", "mingzhang inspection verify-sample inspection-4F7KQ2AB --frame 抽样框.txt"
)
@click.pass_obj
def verify_sample(globals: Globals, name: str | None, number: int | None, frame_file: Path | None) -> int:
    with Session(globals) as session:
        state = chosen_inspection(session, name)
        found = repeated(session, state, number)
        if frame_file is not None and len(found) > 1:
            raise click.UsageError(_("There are several draws: name one with --draw."))
        if frame_file is not None:
            write_files({frame_file: frame_text(found[0].frame).encode()})
        replaced = sorted(fact.replaces for _ref, fact in state.commitments if fact.replaces is not None)
        document = {
            "inspection": state.id,
            "ok": not any(one.problems for one in found),
            "draws": [
                {
                    **_document(one.fact, one.ref),
                    "size_bound": one.size_bound,
                    "ok": not one.problems,
                    "problems": [{"code": code} for code in one.problems],
                }
                for one in found
            ],
            "never_opened": replaced,
        }
        said = [_sentence(one) for one in found]
        said += [
            _("Draw {number}: how many were to be drawn was not committed to; whoever drew could choose it.").format(number=one.fact.number)
            for one in found
            if not one.size_bound
        ]
        if replaced:
            count = len(replaced)
            never = ngettext("{count} commitment was never opened: {numbers}.", "{count} commitments were never opened: {numbers}.", count)
            said.append(never.format(count=count, numbers="、".join(map(str, replaced))))
        parts: list[Table | Text] = [Text(tuple(said))]
        for one in found:
            parts += _tables(session, one.fact)
        code = 0 if document["ok"] else NOT_VERIFIED
        return show(globals, Answer(document, tuple(parts), exit_code=code), rehearsal=session.rehearsal)


def _sentence(one: Repeated) -> str:
    fact = one.fact
    about = _("Draw {number}: seed {seed}, {size} of {held}").format(
        number=fact.number, seed=fact.seed, size=fact.size, held=fact.frame_size
    )
    stands = _("drawn again from the log, the same") if not one.problems else told(one.problems)
    return _("{about}: {stands}.").format(about=about, stands=stands)


def _document(fact: SampleDrawn, ref: str) -> dict[str, object]:
    return {
        "number": fact.number,
        "of": fact.of,
        "seed": fact.seed,
        "salt": fact.salt,
        "root": fact.root,
        "root_size": fact.root_size,
        "algorithm": fact.algorithm,
        "as_of": fact.as_of.isoformat(),
        "log_size": fact.log_size,
        "size": fact.size,
        "frame_size": fact.frame_size,
        "frame_sha256": fact.frame_sha256,
        "strata": [one.model_dump(mode="json") for one in fact.strata],
        "drawn": list(fact.drawn),
        "event": ref,
    }


def _tables(session: Session, fact: SampleDrawn) -> Sequence[Table]:
    """The strata with what was drawn of each, and the drawn."""
    units, schemes = UnitNames(session), scheme_titles(session)
    rows: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    drawn = iter(fact.drawn)
    for one in fact.strata:
        said = {"unit": units.title(one.unit), "scheme": "、".join(schemes.get(scheme, scheme) for scheme in one.schemes)}
        rows.append({**said, "held": one.held, "drawn": one.drawn})
        lines += [{**said, "reference": next(drawn).removeprefix("payment/")} for _number in range(one.drawn)]
    heads = [Column(_("Unit"), "unit"), Column(_("Scheme"), "scheme")]
    counts = [Column(_("Could be drawn"), "held", "right", adds=True), Column(_("Drawn"), "drawn", "right", adds=True)]
    numbered = [{"number": number, **line} for number, line in enumerate(lines, start=1)]
    what = _("Student") if fact.of == "students" else _("Payment")
    return (
        Table([*heads, *counts], rows, caption=_("Draw {number}").format(number=fact.number)),
        Table([Column(_("No."), "number", "right", adds=False), *heads, Column(what, "reference")], numbered),
    )
