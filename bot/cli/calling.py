"""`calls`: what a model was told about a ticket and what it said, with personal data masked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import opened
from bot.cli.errors import NOT_FOUND, Stop
from bot.cli.output import as_json, clean, say

if TYPE_CHECKING:
    from bot.cli.context import Desk
    from bot.store.calls import Call


def calls(
    ctx: typer.Context,
    ticket: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every call to the model about a ticket, the oldest first."""
    from bot.engine.parts import utc_now
    from bot.locale import text
    from bot.store.calls import calls as kept
    from bot.store.queries import line

    name = ticket.strip().upper()
    with opened(ctx.obj) as desk:
        with desk.database.read() as conn:
            known = line(conn, name, utc_now()) is not None
            found = kept(conn, name)
        if not known:
            words = text(desk.locale(), "There is no ticket {id}.", id=clean(ticket))
            raise Stop(words, NOT_FOUND, outcome="not_found", what="ticket", id=ticket)
        if json:
            as_json([asdict(call) for call in found])
            return
        for call in found:
            _tell(desk, call)
        if not found:
            say(text(desk.locale(), "No call to a model is on record for {id}.", id=name))


def _tell(desk: Desk, call: Call) -> None:
    from bot.locale import text
    from bot.locale.times import clock

    locale = desk.locale()
    figures = ", ".join(f"{name} {value}" for name, value in call.figures.items())
    say(f"{clock(locale, call.at, desk.settings.tz)}  {call.outcome}  {clean(figures)}")
    say(text(locale, "Told:"))
    say(clean(call.told) or "-")
    say(text(locale, "Said:"))
    say(clean(call.said) or "-")
    say("")
