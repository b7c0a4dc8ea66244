"""`noise` and `press`: what is folded away and what the press wrote, as JSON or for people."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from bot.cli.errors import NOT_FOUND, Stop
from bot.cli.output import A_SCREENFUL, as_json, brief, clean, console, iso, say, table

if TYPE_CHECKING:
    from bot.cli.asking import Asking
    from bot.core.queries import Noise, Press


def noise(asking: Asking, query: Noise) -> None:
    """The open rolls with the newest of what lies in each."""
    from bot.core.folding import no_such_account
    from bot.core.inbox import Narrow
    from bot.core.types import TicketStatus
    from bot.locale import explain, folded, how_to_unfold, text
    from bot.store.queries import inbox
    from bot.store.rolls import newest_in

    narrow = Narrow(account=query.account or None, rolls=True)
    unfinished = [status for status in TicketStatus if status is not TicketStatus.CLOSED]
    rolls = inbox(asking.conn, statuses=unfinished, now=asking.now, narrow=narrow, limit=A_SCREENFUL)
    unknown = no_such_account(query.account, asking.types) if not rolls else None
    if unknown is not None:
        raise Stop(explain(asking.locale, unknown), NOT_FOUND, outcome="not_found", what="account", id=query.account)
    lying = {roll.id: newest_in(asking.conn, roll.id) for roll in rolls}
    if asking.json:
        as_json(
            [
                {
                    "id": roll.id,
                    "account": roll.account,
                    "folded": roll.folded,
                    "newest": [{**asdict(one), "at": iso(one.at)} for one in lying[roll.id]],
                }
                for roll in rolls
            ]
        )
        return
    if not rolls:
        say(text(asking.locale, "No noise lies folded away."))
        return
    titles = [text(asking.locale, "ID"), text(asking.locale, "Who"), text(asking.locale, "Text")]
    for roll in rolls:
        head = f"{roll.id}  {clean(roll.account)}: {folded(asking.locale, roll.folded)}"
        console().print(Text(head, style="bold"), soft_wrap=True)
        console().print(table(titles, [(one.ticket, clean(one.author), brief(one.text, 80)) for one in lying[roll.id]]))
    say(how_to_unfold(asking.locale))


def press(asking: Asking, query: Press) -> None:
    """Headlines, the newest first."""
    from bot.locale import ago, text
    from bot.store.press import headlines

    limit = asking.limit or A_SCREENFUL
    found = headlines(asking.conn, asking.now - timedelta(days=query.days), asking.now, limit=limit)
    if asking.json:
        as_json([{**asdict(one), "at": iso(one.at)} for one in found])
    elif not found:
        say(text(asking.locale, "The press has written nothing that we know of."))
    else:
        rows = [
            (
                ago(asking.locale, one.at, asking.now),
                clean(one.source),
                Text(brief(one.title, 300)).append(f"\n{clean(one.url or '')}", style="dim"),
            )
            for one in found
        ]
        titles = [text(asking.locale, "When"), text(asking.locale, "Source"), text(asking.locale, "Headline")]
        console().print(table(titles, rows))
