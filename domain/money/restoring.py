"""Money that comes back goes to the funds that paid it; what the payee had handed in already is theirs, and the fund holds it for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..command import Command, Context
from ..streams import Event, Streams
from .batch import existing_batch
from .fund import FundsHeldForPayee, FundsRestored, existing_fund
from .payment import Payment


def restored(
    command: Command, streams: Streams, context: Context, payment: Payment, back: Iterable[tuple[str, int]], *, on: date | None = None
) -> list[Event]:
    """What happens in the funds when so much of what each batch paid comes back, by the next fact of the payment; on: not today."""
    paid: dict[str, int] = {}
    own: dict[str, int] = {}
    for batch, fen in back:
        fund = existing_fund(streams, existing_batch(streams, batch).fund).stream
        kept = min(fen, max(0, payment.kept_of(batch)))
        paid[fund] = paid.get(fund, 0) + kept
        own[fund] = own.get(fund, 0) + fen - kept
    stamped = command.stamp(context, streams.next_ref(payment.stream)) | ({"effective_on": on} if on is not None else {})
    events: list[Event] = [(fund, FundsRestored(**stamped, payment=payment.stream, amount_fen=fen)) for fund, fen in paid.items() if fen]
    return events + [(fund, FundsHeldForPayee(**stamped, payment=payment.stream, amount_fen=fen)) for fund, fen in own.items() if fen]
