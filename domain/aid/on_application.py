"""What all commands about one application share: which case is meant, whose business it is, and whether it can be decided at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..command import Command, Context
from ..plan.adoption import PlanVersion, scheme_in_force
from ..plan.schemes import Scheme
from ..refusal import Refused
from ..staff import refuse_own_family
from ..streams import Streams
from ..student.student import current_student
from .application import Application, application_parts, existing_application
from .basis import basis_of
from .lists import as_lists_stand


@dataclass(frozen=True, kw_only=True)
class OnApplication(Command):
    """Base of all commands about one application, named `application/<scheme>/<student>/<period>`."""

    application: str

    def needs(self) -> tuple[str, ...]:
        scheme, student, period = application_parts(self.application)
        return (f"application/{scheme}/{student}/{period}", f"student/{student}", f"entry/{period}/{student}")

    def units(self, streams: Streams) -> Iterable[str]:
        """That of the award; of a case still open that of its basis, which a correction may have moved."""
        case = streams.read(Application, *application_parts(self.application))
        basis = basis_of(streams, case) if case.stand in ("submitted", "returned") else None
        unit = basis.unit if basis is not None else case.unit
        return (unit,) if unit else ()

    def open_case(self, streams: Streams, context: Context) -> tuple[Application, Scheme, PlanVersion]:
        """The open case with its scheme and what the lists say of it now, or why it cannot be decided."""
        case = existing_application(streams, self.application)
        if case.stand != "submitted":
            raise Refused("application_not_open", application=case.stream, stand=case.stand)
        scheme, version = scheme_in_force(streams, case.scheme, self.on or context.today)
        case.refuse_if_held()
        current_student(streams, case.student)  # nothing more is written about somebody erased
        refuse_own_family(streams, context.actor, case.student)
        self.refuse_out_of_time(context, *case.bases)
        return as_lists_stand(streams, case), scheme, version
