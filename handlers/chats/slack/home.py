"""App Home: what waits for me, what waits for anybody, how the parts do, today's figures, the switch for pausing."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from bot.core import messages as m
from bot.core.shown import Shown
from bot.core.types import Person, Role
from bot.core.views import TicketLine
from bot.locale import light, text
from bot.locale.answering import figures_lines, ticket_line
from bot.locale.showing import LIGHTS
from handlers.chats.slack import blocks as b
from handlers.chats.slack.deciding import decide, somebody, stranger
from handlers.chats.slack.house import House
from handlers.verdict import Verdict

_MINE, _WAITING = 8, 15


async def publish(house: House, user: str, notice: str = "") -> None:
    """Show somebody their home. Raises what `Wire.call` raises, and NotListening."""
    member = await somebody(house, user)
    if member.bot:
        return
    if member.person is None:
        view = {"type": "home", "blocks": b.words(stranger(house, member).text)}
    else:
        view = {"type": "home", "blocks": (await _blocks(house, member.person, notice))[:100]}
    await house.wire.call("views.publish", user_id=user, view=view)


async def switch(house: House, body: dict[str, Any]) -> None:
    """A button of the home. Everything is committed when this returns."""
    action = (body.get("actions") or [{}])[0]
    verb = str(action.get("action_id") or "").removeprefix("portavoz:home:")
    user = str((body.get("user") or {}).get("id") or "")
    verdict: Verdict | None = None
    if verb in ("pause", "resume"):
        make = m.Pause if verb == "pause" else m.Resume
        once = f"home:{user}:{verb}:{action.get('action_ts') or ''}"
        verdict = await decide(house, user, lambda person: make(by=person.id, via=house.config.id), once)
    house.later(publish(house, user, verdict.text if verdict is not None else ""))


async def _blocks(house: House, person: Person, notice: str) -> list[b.Block]:
    read, now, locale = house.engine.read, house.clock(), person.locale
    mine = await read.inbox(assignee=person.id, limit=_MINE)
    waiting = await read.inbox(limit=_WAITING)
    midnight = datetime.combine(now.astimezone(house.tz).date(), time(), house.tz)
    figures = await read.figures(since=midnight, until=now)
    on = await read.switches()
    made = b.words(notice) if notice else []
    made += _switch(on, person)
    made += [b.header(text(locale, "Mine")), *_listed(mine, person, now)]
    made += [b.header(text(locale, "What waits")), *_listed(waiting, person, now)]
    made += [b.header(text(locale, "Today")), *b.context(figures_lines(locale, figures))]
    health = [(LIGHTS[one.state], light(locale, one)) for one in await read.health()]
    said = [f"{sign} {words.name}: {words.state}" for sign, words in health]
    return [*made, b.header(text(locale, "Health")), *b.context(said[:50])]


def _switch(on: dict[str, str], person: Person) -> list[b.Block]:
    locale = person.locale
    buttons = [b.button(f"🔄 {text(locale, 'Refresh')}", "portavoz:home:refresh", "refresh")]
    if "paused" in on:
        state = f"⏸️ {text(locale, 'Everything outgoing is paused.')}"
        if person.role.covers(Role.LEAD):
            buttons.append(b.button(f"▶️ {text(locale, 'Go on')}", "portavoz:home:resume", "resume", style="primary"))
    else:
        state = f"▶️ {text(locale, 'Approved replies go out.')}"
        if person.role.covers(Role.AGENT):
            buttons.append(b.button(f"⏸️ {text(locale, 'Pause')}", "portavoz:home:pause", "pause", style="danger"))
    crisis = [f"🚨 {text(locale, 'Crisis rules are on.')}"] if "crisis" in on else []
    return [*b.context([state, *crisis]), *b.actions(buttons)]


def _listed(lines: list[TicketLine], person: Person, now: datetime) -> list[b.Block]:
    if not lines:
        return b.context([text(person.locale, "Nothing waits for an answer.")])
    show = text(person.locale, "Show")
    return [
        {
            "type": "section",
            "text": b.plain(ticket_line(person.locale, line, now), 300),
            "accessory": b.button(show, "portavoz:read", Shown(ticket=line.id).pack()),
        }
        for line in lines
    ]
