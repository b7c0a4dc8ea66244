"""What people type: the slash command anywhere, `@portavoz ...` in a ticket's thread. One grammar, two languages."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.core import messages as m
from bot.core import queries as q
from bot.core.commands import bare, intended, parse, role_for
from bot.core.filled import FORMS
from bot.core.shown import Shown
from bot.core.types import Person
from bot.locale import explain
from bot.locale.answering import answer
from handlers.chats.slack import blocks as b
from handlers.chats.slack.deciding import Spot, decide, somebody, stranger
from handlers.chats.slack.house import House
from handlers.chats.slack.pressing import Presses

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_HERE = re.compile(r"(?:^|\s)--(?:here|aqui|aquí)(?=\s|$)")
_LINES = 40


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, and whether the whole room may read it."""

    text: str
    here: bool = False

    def message(self) -> dict[str, Any]:
        """As Slack takes it."""
        return {"text": b.fallback(self.text), "blocks": b.words(self.text)[:_LINES]}


class Typing:
    """Hears what people type. Each method returns when everything is committed; they raise NotListening."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._presses = Presses(house)

    async def slash(self, body: dict[str, Any]) -> Reply:
        """`/portavoz approve K7Q2`: in no thread, so that it needs the ID."""
        trigger = str(body.get("trigger_id") or "")
        once = f"slash:{trigger}" if trigger else ""
        spot = Spot(user=str(body.get("user_id") or ""), channel=str(body.get("channel_id") or ""))
        raw = str(body.get("text") or "")
        return await self._line(spot.user, raw, None, once, functools.partial(self._ask, spot, trigger))

    async def mention(self, event: dict[str, Any]) -> None:
        """`@portavoz approve` in a ticket's thread."""
        house = self._house
        channel, user = str(event.get("channel") or ""), str(event.get("user") or "")
        ts = str(event.get("ts") or "")
        if not user or event.get("bot_id"):
            return
        head = str(event.get("thread_ts") or "")
        place = await house.memory.place(channel, head) if head else None
        line = str(event.get("text") or "").replace(f"<@{house.me.get('user_id', '')}>", " ", 1)
        once = f"typed:{channel}:{ts}:{user}"
        # Slack delivers again for minutes: what was typed is about what stood there when it was.
        shown = place.at(float(ts or 0)) if place is not None else None
        reply = await self._line(user, line, shown, once)
        spot = Spot(user=user, channel=channel, thread=head or None)
        if reply.here:
            key = f"here:{channel}:{ts}"
            house.later(house.threads.say_once(channel, head or ts, key, reply.message()))
        elif reply.text and house.first_time(once):
            house.later(house.tell(spot.user, spot.channel, spot.thread, reply.text))

    async def _ask(self, spot: Spot, trigger: str, line: str, person: Person) -> bool:
        """Open the form for a verb that was typed without what it wants (`edit K7Q2`); whether that is settled so."""
        verb, ticket = bare(line) or ("", "")
        if verb not in FORMS or not trigger:
            return False
        card = await self._house.engine.read.card(ticket)
        if card is None:
            return False
        # A trigger opens one form: what is delivered again has its form already.
        again = not self._house.first_time(f"form:{trigger}")
        return again or await self._presses.ask_for(verb, card, person, spot, trigger)

    async def _line(
        self,
        user: str,
        raw: str,
        thread: Shown | None,
        once: str,
        ask: Callable[[str, Person], Awaitable[bool]] | None = None,
    ) -> Reply:
        """`ask` may ask in another way for what the line lacks."""
        house = self._house
        member = await somebody(house, user)
        if member.person is None:
            return Reply("" if member.bot else stranger(house, member).text)
        person, team = member.person, await house.engine.read.people()
        line = plain_line(raw, team, house.config.id)
        here = _HERE.search(line) is not None
        line = _HERE.sub(" ", line) if here else line
        meant = parse(line, by=person.id, via=house.config.id, ticket=thread.ticket if thread else None)
        if isinstance(meant, q.Misunderstood):
            asked = ask is not None and await ask(line, person)
            return Reply("" if asked else explain(person.locale, meant))
        if isinstance(meant, q.Query):
            if not person.role.covers(role_for(meant)):
                return Reply(stranger(house, member).text)
            found = await answer(meant, person, house.engine.read, house.clock(), house.tz)
            return Reply(found.whole, here=here)
        wish = await self._about(meant, thread, team)
        verdict = await decide(house, user, lambda _: wish, once)
        return Reply("" if verdict.repeated else verdict.text, here=here and verdict.done)

    async def _about(self, wish: m.Command, thread: Shown | None, team: list[Person]) -> m.Command:
        """A yes means what this chat shows of the ticket, wherever it is typed."""
        shown = thread
        if isinstance(wish, m.Approve | m.Refuse):
            # Whoever names a draft has seen it, whatever the moment says: clocks differ.
            named = shown is not None and wish.revision not in (None, shown.revision)
            if shown is None or shown.ticket != wish.ticket or named:
                shown = await self._house.memory.shown(wish.ticket)
        return intended(wish, shown, team)


def plain_line(raw: str, team: Iterable[Person], chat: str) -> str:
    """What was typed, without what Slack made of it: mentions are names, links words, entities characters again."""
    by_user = {native: person.id for person in team for where, native in person.identities if where == chat}

    def typed(match: re.Match[str]) -> str:
        mark, what, words = match.group(1), match.group(2), match.group(3) or ""
        if mark == "@":
            return f"@{by_user.get(what, words or what)}"
        if mark == "#":
            return f"#{words or what}"
        if mark == "!":
            return words or f"@{what.partition('^')[0]}"
        if not words or what.removeprefix("mailto:") == words:
            return words or what
        return words if what.endswith(f"://{words}") else f"{words} ({what})"

    text = _MARKUP.sub(typed, raw)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
