"""Tickets, figures and lights for people: tables and paragraphs that fit a terminal of 80 columns."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from bot.cli.output import brief, clean, console, table
from bot.core.types import Kind, ReplyState, Severity, TicketStatus
from bot.core.words import BY_NAME
from bot.locale import (
    ago,
    attachment,
    clock,
    closed_because,
    describe,
    facts_used,
    helped,
    how,
    in_short,
    label,
    light,
    made_by,
    more_attachments,
    noted,
    ntext,
    opinion,
    reason,
    text,
)
from bot.locale.authoring import author_lines, author_name, flagged
from bot.locale.clocks import clock_words
from bot.locale.outcomes import origin
from bot.locale.showing import VERDICTS
from bot.locale.warning import tricks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from bot.core.authors import AuthorView
    from bot.core.figures import DraftOutcome, Figures
    from bot.core.search import Hit
    from bot.core.types import Light
    from bot.core.views import Card, ConversationEntry, ReplyView, RevisionView, TicketLine

_GRAVE = {Severity.LOW: "dim", Severity.NORMAL: "", Severity.HIGH: "yellow", Severity.CRITICAL: "bold red"}
_LIGHTS = {"ok": "green", "warn": "yellow", "red": "bold red"}
_TABLE_TEXT = 120  # characters of a comment that a table can use, however wide it is


def inbox(lines: Sequence[TicketLine], locale: str, now: datetime) -> None:
    """The queue."""
    titles = [
        text(locale, "ID"),
        text(locale, "Due"),
        text(locale, "Kind"),
        text(locale, "Draft"),
        text(locale, "Who"),
        text(locale, "Text"),
    ]
    rows = [
        (
            Text(line.id, style="bold"),
            Text(ago(locale, line.due_at, now) if line.due_at else "-", style=_late(line, now)),
            Text(label(locale, line.kind), style=_GRAVE[line.severity]),
            label(locale, line.reply_state) if line.reply_state else "-",
            brief(line.author, 16),
            brief(in_short(locale, line), _TABLE_TEXT),
        )
        for line in lines
    ]
    out = console()
    out.print(table(titles, rows, wide=5))
    out.print(Text(ntext(locale, "{n} ticket", "{n} tickets", len(lines)), style="dim"))


def found(hits: Sequence[Hit], locale: str, now: datetime) -> None:
    """What a search found, the found words bold; as many lines as the snippets need."""
    titles = [text(locale, "ID"), text(locale, "When"), text(locale, "Who"), text(locale, "Text")]
    places = {"reply": text(locale, "reply:"), "note": text(locale, "note:")}
    rows = []
    for hit in hits:
        body = Text(f"{places[hit.where]} " if hit.where in places else "")
        for piece in hit.snippet:
            body.append(clean(piece.text), style="bold" if piece.marked else "")
        when = Text(ago(locale, hit.at, now), style="dim")
        rows.append((Text(hit.line.id, style="bold"), when, brief(hit.line.author, 16), body))
    made = table(titles, rows, wide=3)
    made.columns[3].no_wrap = False
    console().print(made)


def _late(line: TicketLine, now: datetime) -> str:
    return "red" if line.due_at and line.due_at < now and line.reply_state != "published" else ""


def card(found: Card, locale: str, now: datetime, tz: tzinfo) -> None:
    """One ticket with everything that people want to know."""
    out, line = console(), found.line
    facts = [label(locale, line.kind), label(locale, line.severity), label(locale, line.status), line.language or "?"]
    facts += [said for said in (flagged(locale, line.flag), clock_words(locale, line, now)) if said]
    if line.assignee:
        facts.append(f"@{clean(line.assignee)}")
    out.print(Text.assemble((line.id, "bold"), "  ", " · ".join(facts)), soft_wrap=True)
    out.print(Text(f"{line.account}  {clean(line.url or '')}".rstrip(), style="dim"), soft_wrap=True)
    if found.close_reason and line.status is TicketStatus.CLOSED:
        why = clean(closed_because(locale, found.close_reason))
        out.print(Text(f"{text(locale, 'Closed because:')} {why}"), soft_wrap=True)
    for entry in found.conversation:
        marks = [text(locale, "edited")] if entry.edited else []
        marks += [text(locale, "removed there")] if entry.gone else []
        marks += [text(locale, "held by the network's moderators")] if entry.held else []
        who = brief(entry.who, 120) or text(locale, "nobody")
        _paragraph(out, f"{who}, {clock(locale, entry.at, tz)}", marks, entry.text, "cyan" if entry.ours else "bold")
        _attached(out, entry, locale)
    for reply in found.replies:
        _reply(out, reply, locale, tz)
    for note in found.notes:
        heading = text(locale, "Note by {who}, {when}", who=clean(note.person), when=clock(locale, note.at, tz))
        _paragraph(out, heading, [], note.text, "yellow")
    for said in (opinion(locale, found), helped(locale, found)):
        if said:
            out.print(Text(said, style="yellow"))
    if found.suspicious:
        out.print(Text(text(locale, "Looks odd: {what}", what=clean(" · ".join(tricks(locale, found))))))
    out.print()
    verbs = ", ".join(how(locale, verb).partition(" ")[0] if verb in BY_NAME else verb for verb in found.controls)
    out.print(Text(text(locale, "Now possible: {verbs}", verbs=verbs), style="dim"))


def author(view: AuthorView, locale: str, now: datetime, names: Mapping[str, str]) -> None:
    """Who wrote a ticket, in short."""
    out = console()
    out.print(Text(clean(author_name(locale, view)), style="bold"), soft_wrap=True)
    for line in author_lines(locale, view, now, names=names):
        out.print(Text(clean(line.replace("`", ""))), soft_wrap=True)


def _attached(out: Console, entry: ConversationEntry, locale: str) -> None:
    for one in entry.attachments:
        out.print(Text(f"  {clean(attachment(locale, one))}"), soft_wrap=True)
        out.print(Text(f"     {clean(one.url)}", style="dim"), soft_wrap=True)
    if entry.more_attachments:
        out.print(Text(f"  {more_attachments(locale, entry.more_attachments)}"))


def _reply(out: Console, reply: ReplyView, locale: str, tz: tzinfo) -> None:
    newest = reply.latest
    heading = text(locale, "Reply {id}: {state}", id=reply.id, state=label(locale, reply.state))
    marks = [_origin(newest, locale)] if newest else []
    marks += [clean(link) for link in (reply.url, reply.manual_url) if link]
    _paragraph(out, heading, marks, newest.text if newest else "", "green")
    for check in newest.checks if newest else ():
        sign = "✗" if check.level == "block" else "!"
        out.print(Padding(Text(clean(f"{sign} {describe(locale, check)}"), style="yellow"), (0, 0, 0, 4)))
    for said in (noted(locale, newest), facts_used(locale, newest), made_by(locale, newest)) if newest else ():
        if said:
            out.print(Padding(Text(clean(said), style="dim"), (0, 0, 0, 4)))
    for one in reply.decisions:
        when = clock(locale, one.at, tz)
        counts = "✓" if one.counts else "-"
        said = text(locale, VERDICTS[one.verdict].label) if one.verdict in VERDICTS else one.verdict
        out.print(Padding(Text(clean(f"{counts} {one.person} {said} r{one.revision}, {when}")), (0, 0, 0, 4)))
    if reply.state is ReplyState.PROPOSED and reply.quorum > 1:
        wanted = "{n} of {quorum} approvals; one must be by somebody who did not write the text."
        said = text(locale, wanted, n=reply.approvals, quorum=reply.quorum)
        out.print(Padding(Text(said, style="dim"), (0, 0, 0, 4)))
    if reply.problem:
        out.print(Padding(Text(clean(reason(locale, reply.problem)), style="red"), (0, 0, 0, 4)))


def _origin(revision: RevisionView, locale: str) -> str:
    return text(locale, "revision {n} by {who}", n=revision.number, who=clean(revision.author or "Portavoz"))


def _paragraph(out: Console, heading: str, marks: Iterable[str], body: str, style: str) -> None:
    out.print()
    out.print(Text.assemble((heading, style), *(f"  {mark}" for mark in marks)), soft_wrap=True)
    if body:
        out.print(Padding(Text(clean(body)), (0, 0, 0, 2)))


def stats(found: Figures, locale: str, days: int) -> None:
    """The figures of the last days."""
    out, drafts = console(), found.drafts
    out.print(Text(ntext(locale, "The last day", "The last {n} days", days), style="bold"))
    rows = [
        (text(locale, "Arrived"), found.arrived.total),
        (text(locale, "Answered"), found.answered.total),
        (text(locale, "Tickets closed"), found.closed.total),
        (text(locale, "Minutes to the first answer, half of them within"), _minutes(found.median_minutes)),
        (text(locale, "Minutes to the first answer, nine of ten within"), _minutes(found.p90_minutes)),
        (text(locale, "Sent as drafted"), drafts.as_drafted),
        (text(locale, "Sent after an edit"), drafts.edited),
        (text(locale, "Written without a draft"), drafts.own),
        (text(locale, "Drafts not sent"), drafts.discarded),
        (text(locale, "Still without an answer"), found.waiting),
        (text(locale, "Of these overdue"), found.overdue),
    ]
    out.print(table(["", ""], [(name, str(value)) for name, value in rows]))
    _by(out, found, locale)


def outcomes(found: Sequence[DraftOutcome], locale: str) -> None:
    """What became of drafts, by where they came from."""
    if not found:
        console().print(Text(text(locale, "No draft was decided about.")))
        return
    titles = [
        text(locale, "Draft"),
        text(locale, "Sent"),
        text(locale, "Edited"),
        text(locale, "Changed"),
        text(locale, "Replaced"),
        text(locale, "Not sent"),
    ]
    paid = any(one.tokens or one.cost for one in found)
    titles += [text(locale, "Tokens"), text(locale, "Cost")] if paid else []
    made = table(titles, [_outcome(one, paid=paid) for one in found], wide=0)
    made.columns[0].no_wrap, made.columns[0].overflow = False, "fold"
    console().print(made)


def _outcome(one: DraftOutcome, *, paid: bool) -> list[str]:
    change = "-" if one.median_change is None else f"{one.median_change:.0%}"
    counts = [str(one.sent), str(one.edited), change, str(one.replaced), str(one.discarded)]
    return [clean(origin(one)), *counts, *([str(one.tokens), f"{one.cost:.4f}"] if paid else [])]


def _by(out: Console, found: Figures, locale: str) -> None:
    """What came and went, by kind and by network."""
    columns = (found.arrived, found.answered, found.closed)
    titles = [text(locale, "Arrived"), text(locale, "Answered"), text(locale, "Tickets closed")]
    kinds = [kind for kind in Kind if any(kind.value in tally.by_kind for tally in columns)]
    if kinds:
        rows = [[label(locale, kind), *_counts([t.by_kind for t in columns], kind.value)] for kind in kinds]
        out.print(table([text(locale, "Kind"), *titles], rows))
    accounts = sorted({account for tally in columns for account in tally.by_account})
    if accounts:
        rows = [[account, *_counts([t.by_account for t in columns], account)] for account in accounts]
        out.print(table([text(locale, "Network"), *titles], rows))


def _counts(tallies: Sequence[Mapping[str, int]], name: str) -> list[str]:
    return [str(tally.get(name, 0)) for tally in tallies]


def _minutes(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def lights(found: Sequence[Light], locale: str) -> None:
    """One line for each part, and below it what to do."""
    rows = []
    for one in found:
        said = light(locale, one)
        body = Text(clean(said.detail)).append(clean(f"\n{said.remedy}" if said.remedy else ""), style="dim")
        rows.append((Text(said.state, style=_LIGHTS[one.state]), clean(said.name), body))
    titles = ["", text(locale, "Part"), text(locale, "Detail")]
    console().print(table(titles, rows))


def help_(lines: Sequence[tuple[str, str]]) -> None:
    """How to say it."""
    console().print(table(["", ""], [(Text(how, style="bold"), summary) for how, summary in lines]))
