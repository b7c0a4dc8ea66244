"""Buttons, menus, message shortcuts and forms: what people press in Slack."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from bot.core import messages as m
from bot.core.errors import AdapterError
from bot.core.filled import FORMS, Incomplete, wish_of
from bot.core.messages import Done
from bot.core.shown import Shown, plain_wish, unpack
from bot.core.types import Person
from bot.core.views import Card
from bot.core.words import BY_NAME
from bot.locale import describe, text
from bot.locale.authoring import author_lines, author_name
from handlers.chats.slack import blocks as b
from handlers.chats.slack.card import View, conversation
from handlers.chats.slack.deciding import Spot, decide, explain_alone, hint, somebody, stranger
from handlers.chats.slack.forms import Purpose, filled, first_field, form, purpose_of, reading
from handlers.chats.slack.house import House
from handlers.postings import WORDING
from handlers.verdict import Verdict

SHORTCUTS = {"portavoz_approve": "approve", "portavoz_edit": "edit", "portavoz_close": "close"}
"""What can be chosen in the menu of a message, by callback id."""
_MODAL = 95
_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})


class Presses:
    """Hears what people press. Each method returns when everything is committed; they raise NotListening."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def button(self, body: dict[str, Any]) -> None:
        """A button or a menu under one of our messages, or in a form."""
        action = (body.get("actions") or [{}])[0]
        verb, packed = _verb_of(action)
        shown = unpack(packed)
        container = body.get("container") or {}
        channel, ts = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
        user = str((body.get("user") or {}).get("id") or "")
        place = await self._house.memory.place(channel, ts) if ts else None
        thread = place.thread if place is not None else container.get("thread_ts")
        spot = Spot(user=user, channel=channel, thread=str(thread) if thread else None)
        if shown is None or not user:
            return
        once = f"press:{channel}:{ts}:{user}:{verb}:{packed}:{action.get('action_ts') or ''}"
        await self._wished(verb, shown, spot, str(body.get("trigger_id") or ""), once)

    async def shortcut(self, body: dict[str, Any]) -> None:
        """A message shortcut: on one of our messages, or on any in a ticket's thread."""
        verb = SHORTCUTS.get(str(body.get("callback_id")))
        message = body.get("message") or {}
        channel = str((body.get("channel") or {}).get("id") or "")
        user = str((body.get("user") or {}).get("id") or "")
        own = await self._house.memory.place(channel, str(message.get("ts") or ""))
        head = await self._house.memory.place(channel, str(message.get("thread_ts") or message.get("ts") or ""))
        place = own or head
        spot = Spot(user=user, channel=channel, thread=place.thread if place is not None else None)
        if verb is None or not user:
            return
        if place is None:
            member = await somebody(self._house, user)
            locale = member.person.locale if member.person else self._house.members.locale
            said = text(locale, "This message belongs to no ticket.")
            self._house.later(self._house.tell(user, channel, None, said))
            return
        # On a wording it is about that wording; elsewhere in the thread about the newest that is shown there.
        shown = own.shown if own is not None and own.kind == WORDING else (head or place).shown
        if own is not None and own.kind != WORDING and own.shown.revision is not None and own.shown.seen is None:
            shown = own.shown
        once = f"shortcut:{channel}:{message.get('ts')}:{user}:{verb}:{body.get('action_ts') or body.get('trigger_id')}"
        await self._wished(verb, shown, spot, str(body.get("trigger_id") or ""), once)

    async def _wished(self, verb: str, shown: Shown, spot: Spot, trigger: str, once: str) -> None:
        house = self._house
        if verb == "read":
            await self._read(shown, spot, trigger)
        elif verb == "author":
            await self._author(shown, spot, trigger)
        elif verb in FORMS:
            await self._ask(verb, shown, spot, trigger)
        elif verb in BY_NAME:
            span = timedelta(hours=house.config.snooze_hours)

            def wish(person: Person) -> m.Command:
                made = plain_wish(verb, shown, by=person.id, via=house.config.id, snooze=span)
                if made is None:
                    raise ValueError(f"no wish for {verb[:40]!r}")
                return made

            await explain_alone(house, spot, await decide(house, spot.user, wish, once))

    # --- forms --------------------------------------------------------------------------------------------------

    async def _ask(self, verb: str, shown: Shown, spot: Spot, trigger: str) -> None:
        """Open the form, while Slack still lets us (three seconds)."""
        house = self._house
        member = await somebody(house, spot.user)
        if member.person is None:
            await explain_alone(house, spot, stranger(house, member))
            return
        card = await house.engine.read.card(shown.ticket)
        if card is None:
            return
        await self._open(trigger, await self._form(verb, shown, spot, card, member.person), spot, member.person)

    async def _form(self, verb: str, shown: Shown, spot: Spot, card: Card, person: Person) -> b.Block:
        purpose = Purpose(verb=verb, shown=shown, channel=spot.channel, thread=spot.thread or "")
        return form(card, purpose, person, await self._house.engine.read.people())

    async def ask_for(self, verb: str, card: Card, person: Person, spot: Spot, trigger: str) -> bool:
        """Open the form of a verb that was typed without what it wants; False where Slack does not let us."""
        view = await self._form(verb, Shown(ticket=card.line.id), spot, card, person)
        try:
            await self._house.wire.call("views.open", trigger_id=trigger, view=view)
        except AdapterError:
            return False
        return True

    async def _read(self, shown: Shown, spot: Spot, trigger: str) -> None:
        house = self._house
        member = await somebody(house, spot.user)
        card = await house.engine.read.card(shown.ticket)
        if card is None or member.person is None:
            return
        locale = member.person.locale
        content = conversation(card, View(locale=locale, names=house.threads.names), _MODAL)
        view = reading(shown.ticket, text(locale, "Close"), content)
        await self._open(trigger, view, spot, member.person)

    async def _author(self, shown: Shown, spot: Spot, trigger: str) -> None:
        """Who wrote it, as a page of its own."""
        house = self._house
        member = await somebody(house, spot.user)
        view = await house.engine.read.author(ticket=shown.ticket)
        if view is None or member.person is None:
            return
        locale, names = member.person.locale, house.threads.names
        lines = author_lines(locale, view, house.clock(), names=names)
        content = [b.header(author_name(locale, view)), *(b.section(line) for line in lines)]
        await self._open(trigger, reading(shown.ticket, text(locale, "Close"), content), spot, member.person)

    async def _open(self, trigger: str, view: b.Block, spot: Spot, person: Person) -> None:
        try:
            await self._house.wire.call("views.open", trigger_id=trigger, view=view)
        except AdapterError as error:
            late = str(error).partition(":")[0] in _LATE
            if not spot.channel:
                raise
            slow = text(person.locale, "That took too long for Slack. Press it again.")
            said = slow if late else text(person.locale, "Slack did not open the form. Try again.")
            await hint(self._house, spot, said)

    async def submit(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """A form was sent: what Slack is to do with it now; None closes it."""
        house = self._house
        view = body.get("view") or {}
        user = str((body.get("user") or {}).get("id") or "")
        purpose = purpose_of(str(view.get("private_metadata") or ""))
        values = (view.get("state") or {}).get("values") or {}
        if purpose is None or not user:
            return None
        once = f"form:{view.get('id')}:{view.get('hash') or ''}:{_digest(values)}"

        def wish(person: Person) -> m.Command:
            return wish_of(filled(purpose, values), by=person.id, via=house.config.id)

        try:
            verdict = await decide(house, user, wish, once)
        except Incomplete as problem:
            member = await somebody(house, user)
            locale = member.person.locale if member.person else house.members.locale
            return {"response_action": "errors", "errors": {str(problem): text(locale, "Something is missing here.")}}
        return await self._answered(purpose, view, user, verdict)

    async def _answered(
        self, purpose: Purpose, view: dict[str, Any], user: str, verdict: Verdict
    ) -> dict[str, Any] | None:
        if not isinstance(verdict.outcome, Done):
            # The form stays as it is, with everything that was written in it.
            return {"response_action": "errors", "errors": {first_field(view): b.short(verdict.text, 1900)}}
        if not verdict.outcome.findings or purpose.verb not in ("edit", "reply"):
            return None
        house = self._house
        member = await somebody(house, user)
        card = await house.engine.read.card(purpose.shown.ticket)
        if card is None or member.person is None:
            return None
        above = b.context([f"✅ {verdict.text.splitlines()[0]}", *_found(member.person, verdict.outcome)])
        again = Purpose(verb="edit", shown=purpose.shown, channel=purpose.channel, thread=purpose.thread)
        people = await house.engine.read.people()
        return {"response_action": "update", "view": form(card, again, member.person, people, above)}


def _found(person: Person, outcome: Done) -> list[str]:
    return [f"{'⛔' if f.level == 'block' else '⚠️'} {describe(person.locale, f)}" for f in outcome.findings]


def _verb_of(action: dict[str, Any]) -> tuple[str, str]:
    """The verb of a button, or of what was chosen in a menu, and what was shown."""
    verb = str(action.get("action_id") or "").removeprefix("portavoz:")
    if verb == "more":
        chosen = str((action.get("selected_option") or {}).get("value") or "")
        verb, _, packed = chosen.partition("|")
        return verb, packed
    return verb, str(action.get("value") or "")


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:24]
