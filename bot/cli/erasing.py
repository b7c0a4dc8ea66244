"""`erase`: shows what would go, asks, withdraws what hangs on it, and erases, all in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import Desk, opened, speaker, via
from bot.cli.errors import NOT_FOUND, REFUSED, USAGE, WRONG, Silent, Stop
from bot.cli.output import as_json, clean, confirmed, say

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.types import Person
    from bot.engine.erasing import Erasure
    from bot.store.erase import ErasureReport


def erase(
    ctx: typer.Context,
    *,
    who: Annotated[str, typer.Argument(metavar="PERSON-OR-AUTHOR", help="Their id, handle or name, exactly.")],
    account: Annotated[str | None, typer.Option("--account", metavar="ID", help="Only on this network.")] = None,
    team: Annotated[bool, typer.Option("--team", help="A member of the team is meant.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Who orders it: a lead.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Erase what is kept of somebody."""
    from bot.engine.erasing import Erasure
    from bot.engine.parts import utc_now
    from bot.engine.wake import wake
    from bot.locale import text

    with opened(ctx.obj) as desk:
        lead = _lead(desk, person)
        locale = desk.locale(lead)
        now = utc_now()
        with desk.database.read() as conn:
            colleague = _is_colleague(desk, conn, who, account, team=team)
            target = Erasure(who=who, account=account, team=colleague)
            planned = _planned(desk, conn, target, now, lead)
        if not planned.total and not planned.matches and not target.team:
            words = text(locale, "There is no author {id}.", id=clean(who))
            raise Stop(words, NOT_FOUND, outcome="not_found", what="author", id=who)
        if not json:
            _show(planned, locale)
        if dry_run:
            _report(planned, json=json, dry_run=True)
            return
        if not yes and not _confirmed(locale, json=json):
            say(text(locale, "Nothing was erased."))
            raise Silent(WRONG)
        report = _act(desk, target, utc_now(), lead)
        desk.database.tidy()
        wake(desk.settings.data)
        _report(report, json=json, dry_run=False)
        if not json:
            _tell_what_is_left(desk, locale, team=colleague)


def _lead(desk: Desk, named: str | None) -> Person:
    """Who orders it, by the team as the database knows it. Raises Stop unless that is a lead."""
    from bot.core.messages import Refused
    from bot.core.types import Role
    from bot.locale import explain
    from bot.store.people import team

    spoken = speaker(desk, named)
    with desk.database.read() as conn:
        known = next((one for one in team(conn) if one.id == spoken.id), None)
    if known is not None and known.role.covers(Role.LEAD):
        return known
    reason = "not_lead" if known else "unknown_person"
    refused = Refused(reason=reason, remedy="ask_lead")
    raise Stop(explain(desk.locale(known), refused), REFUSED, outcome="refused", reason=reason, remedy="ask_lead")


def _planned(desk: Desk, conn: Connection, target: Erasure, now: datetime, lead: Person) -> ErasureReport:
    """What would go. Raises Stop when several people are meant."""
    from bot.locale import text
    from bot.store.authors import AmbiguousAuthor

    try:
        return target.plan(conn, now)
    except AmbiguousAuthor as error:
        locale = desk.locale(lead)
        lines = [
            text(locale, "Several people are called that. Name the account, or use the network's own id:"),
            *(
                clean(f"- {match.account}: {match.native_id or '-'} ({', '.join(match.names)})")
                for match in error.matches
            ),
        ]
        raise Stop("\n".join(lines), USAGE, outcome="usage", reason="ambiguous") from error


def _is_colleague(desk: Desk, conn: Connection, who: str, account: str | None, *, team: bool) -> bool:
    """Whether a member of the team is meant. Raises Stop when it may be either, or when `--team` names nobody."""
    from bot.locale import text
    from bot.store.authors import AmbiguousAuthor, find_authors
    from bot.store.people import everybody

    known = who.removeprefix("@") in everybody(conn)
    if team and not known:
        words = text(desk.locale(), "There is nobody called {id}.", id=clean(who))
        raise Stop(words, NOT_FOUND, outcome="not_found", what="person", id=who)
    if not known or team or account is not None:
        return team
    try:
        outside = bool(find_authors(conn, account=None, who=who).matches)
    except AmbiguousAuthor:
        outside = True
    if outside:
        words = text(
            desk.locale(),
            "{who} is a colleague and the name of an author, too. Say `--team` for the colleague, "
            "`--account ID` for the author.",
            who=clean(who),
        )
        raise Stop(words, USAGE, outcome="usage", reason="ambiguous")
    return True


def _act(desk: Desk, target: Erasure, now: datetime, lead: Person) -> ErasureReport:
    """Erase. Raises Stop when a reply is out of our hands just now."""
    from bot.engine.erasing import OnItsWay
    from bot.locale import text
    from bot.store.work import Work
    from bot.wiring import build_parts, finish

    parts = build_parts(desk.settings, desk.database, chats=False)
    try:
        with desk.database.begin() as conn:
            return target.act(Work(conn, now), parts, actor=lead.id, via=via())
    except OnItsWay as error:
        words = text(
            desk.locale(lead),
            "The reply {id} is on its way, or of unknown fate. Wait until it has arrived, or settle it first; "
            "nothing was erased.",
            id=error.reply,
        )
        no = {"reason": "being_published", "remedy": "use_settle", "ticket": error.reply}
        raise Stop(words, REFUSED, outcome="refused", **no) from error
    finally:
        finish(parts)


def _show(planned: ErasureReport, locale: str) -> None:
    from bot.locale import text

    for match in planned.matches:
        names = clean(", ".join(match.names)) or "-"
        say(f"{match.account}: {names} ({clean(match.native_id or '-')})")
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(planned.contents.items())) or "0"
    say(
        text(
            locale, "Texts: {counted}. Tickets: {tickets}.", counted=counted, tickets=", ".join(planned.tickets) or "-"
        )
    )
    if planned.open_replies:
        say(text(locale, "Replies that will be withdrawn: {replies}.", replies=", ".join(planned.open_replies)))


def _tell_what_is_left(desk: Desk, locale: str, *, team: bool) -> None:
    """Where else the words may still stand, and what to do about it."""
    from bot.locale import text
    from bot.places import backup_folder

    say(text(locale, "Erased, here. What is left to do:"))
    if team:
        say(text(locale, "- The settings: take the person out of `[[people]]`, or the next start brings them back."))
    else:
        say(text(locale, "- The networks were not touched: what stands there only its author or the network removes."))
    say(text(locale, "- Team chats: cards are brought up to date; what people quoted there has to be removed there."))
    say(
        text(
            locale,
            "- Backups and exports made before today still hold it: delete them, or erase again after restoring one. "
            "Backups of the bot: {folder}",
            folder=backup_folder(desk.settings),
        )
    )
    if desk.settings.postgres is not None:
        say(
            text(
                locale,
                "- The database server: free space in its files, its write-ahead log and its own backups hold it until "
                "they are used again; `VACUUM FULL` in a quiet hour rewrites the files.",
            )
        )


def _confirmed(locale: str, *, json: bool) -> bool:
    from bot.locale import text

    if json:
        raise Stop(text(locale, "With `--json` nobody is asked: add `--yes` or `--dry-run`."), USAGE, outcome="usage")
    return confirmed(text(locale, "Erase this for good? It cannot be brought back."))


def _report(report: ErasureReport, *, json: bool, dry_run: bool) -> None:
    if json:
        body: dict[str, Any] = {
            "contents": report.contents,
            "tickets": list(report.tickets),
            "withdrawn": list(report.open_replies),
        }
        as_json({"outcome": "done", "dry_run": dry_run, **body})
