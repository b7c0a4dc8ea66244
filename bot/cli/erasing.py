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
    from bot.engine.parts import utc_now
    from bot.engine.wake import wake
    from bot.locale import text

    with opened(ctx.obj) as desk:
        lead = _lead(desk, person)
        locale = desk.locale(lead)
        now = utc_now()
        with desk.database.read() as conn:
            target = _Target(desk, who, account, lead, team=_is_colleague(desk, conn, who, account, team=team))
            planned = target.erase(conn, now, dry_run=True)
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
        report = _act(desk, target, utc_now())
        desk.database.tidy()
        wake(desk.settings.data)
        _report(report, json=json, dry_run=False)
        if not json:
            say(text(locale, "Erased. What stands on the networks themselves was not touched."))


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


class _Target:
    """Who is to be erased: a member of the team, or somebody outside."""

    def __init__(self, desk: Desk, who: str, account: str | None, lead: Person, *, team: bool) -> None:
        self.team = team
        self.lead = lead
        self.account = account
        self._desk = desk
        self._who = who

    def erase(self, conn: Connection, now: datetime, *, dry_run: bool) -> ErasureReport:
        """See `bot.store.erase`. Raises Stop when several people are meant."""
        from bot.locale import text
        from bot.store.authors import AmbiguousAuthor
        from bot.store.erase import erase_author, erase_person

        if self.team:
            colleague = self._who.removeprefix("@")
            return erase_person(conn, colleague, now=now, actor=self.lead.id, dry_run=dry_run)
        try:
            return erase_author(conn, account=self.account, who=self._who, now=now, actor=self.lead.id, dry_run=dry_run)
        except AmbiguousAuthor as error:
            locale = self._desk.locale(self.lead)
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


def _act(desk: Desk, target: _Target, now: datetime) -> ErasureReport:
    """Withdraw first: a reply whose words are gone must not go out."""
    from bot.engine.orders import plan
    from bot.store.work import Work
    from bot.wiring import build_parts, finish

    parts = build_parts(desk.settings, desk.database, chats=False)
    try:
        with desk.database.begin() as conn:
            planned = target.erase(conn, now, dry_run=True)
            work = Work(conn, now)
            for reply in planned.open_replies:
                _withdraw(work, reply, desk, target.lead)
            plan(work, parts)
            work.flush()
            return target.erase(conn, now, dry_run=False)
    finally:
        finish(parts)


def _withdraw(work: Any, reply: str, desk: Desk, lead: Person) -> None:
    """Raises Stop when the reply is out of our hands just now: its fate must be known first."""
    from bot.core import reply as replies
    from bot.core.approval import Verdict
    from bot.core.case import Change, void_decision
    from bot.core.messages import Fact, ShowCard
    from bot.locale import text

    case = work.case_of_reply(reply)
    if case is None or case.open_reply is None:
        words = text(
            desk.locale(lead),
            "The reply {id} is on its way, or of unknown fate. Wait until it has arrived, or settle it first; "
            "nothing was erased.",
            id=reply,
        )
        raise Stop(words, REFUSED, outcome="refused", reason="being_published", remedy="use_settle", ticket=reply)
    change = Change(case=case)
    if case.has_yes:
        change = change.with_decision(void_decision(case, work.now, by=lead.id, verdict=Verdict.VOID, via=via()))
    change = change.with_reply(replies.withdraw(case.open_reply, "erased"))
    change = change.log(Fact.REPLY_WITHDRAWN, actor=lead.id, reply=reply, because="erased", via=via())
    work.save(change.order(ShowCard(ticket=case.ticket.id)))


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
