"""Buttons under our messages, and the questions that some of them ask: words, or a choice among buttons."""

from __future__ import annotations

import contextlib
import html
from datetime import timedelta
from io import BytesIO

from telegram import CallbackQuery, ForceReply, InputFile, Message

from bot.core import messages as m
from bot.core.errors import AdapterError
from bot.core.shown import Shown, plain_wish, shown_by, unpack
from bot.core.types import Kind, Person, Severity
from bot.core.views import Card
from bot.core.words import BY_NAME
from bot.locale import text
from bot.locale.authoring import author_lines, author_name
from bot.locale.showing import BUTTONS
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.card import choices, unfolded
from handlers.chats.telegram.deciding import decide, explain_alone, somebody, stranger
from handlers.chats.telegram.house import House, Spot
from handlers.chats.telegram.memory import Question
from handlers.chats.telegram.offers import ASKS, CHOICES
from handlers.chats.telegram.threads import keyboard
from handlers.chats.telegram.wordings import conversation


class Presses:
    """Hears what people press. Each method returns when everything is committed; they raise NotListening."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def button(self, query: CallbackQuery) -> None:
        """A button under one of our messages."""
        verb, _, packed = (query.data or "").partition("|")
        shown, message = unpack(packed), query.message
        if shown is None or message is None:
            return
        topic = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", None) else None
        spot = Spot(
            user=query.from_user, chat=message.chat.id, topic=topic or 0, message=message.message_id, query=query
        )
        self._house.later(self._house.threads.superseded(spot.chat, spot.message, shown.ticket))
        await self._wished(verb, shown, spot)

    async def _wished(self, verb: str, shown: Shown, spot: Spot) -> None:
        house = self._house
        name, _, number = verb.partition("=")
        if name in ASKS or name in ("more", "read", "author") or (name in CHOICES and not number):
            await self._open(name, shown, spot)
        elif name in BY_NAME:

            def wish(person: Person) -> m.Command:
                return _wish(name, number, shown, person, house)

            once = f"press:{spot.query.id}" if spot.query is not None else ""
            explain_alone(house, spot, await decide(house, spot, wish, once))

    async def _open(self, verb: str, shown: Shown, spot: Spot) -> None:
        """What shows or asks something first; only for the team."""
        house = self._house
        person = (await somebody(house, spot)).person
        card = await house.engine.read.card(shown.ticket)
        if person is None or card is None:
            explain_alone(house, spot, stranger(house))
        elif verb in ASKS:
            house.later(self.ask(verb, card, person, spot))
        elif verb == "read":
            house.later(self._read(card, person, spot))
        elif verb == "author":
            house.later(self._author(card, person, spot))
        else:
            house.later(self._unfold(verb, shown, card, spot))

    # --- questions ----------------------------------------------------------------------------------------------

    async def ask(self, verb: str, card: Card, person: Person, spot: Spot) -> None:
        """Ask for a verb's words: the answer to this message is the text. Alone where we may, else in the group."""
        house, locale = self._house, person.locale
        shown = shown_by(card)  # an edit is about the text in the question
        what = f"{BUTTONS[verb].emoji} {text(locale, BUTTONS[verb].label)} · {card.line.id}"
        how = text(locale, "Answer this message with the text.")
        latest = card.reply.latest if verb == "edit" and card.reply is not None else None
        limit = card.max_length if verb in ("edit", "reply") else None
        lines = [k.words(what), k.words(how)]
        lines += [k.words(text(locale, "At most {n} characters on this network.", n=limit))] if limit else []
        if latest is not None and len(latest.text) < k.MESSAGE - 600:
            lines.append(k.block(latest.text))
        asked = ForceReply(selective=True, input_field_placeholder=k.short(what, 64))
        sent = await self._asked(spot, "\n".join(lines), asked)
        if sent is not None:
            await house.memory.ask(sent.chat.id, sent.message_id, Question(spot.user.id, verb, shown))
        if spot.query is not None:
            where = text(locale, "I have asked you for it in our own chat.") if sent and sent.chat.id > 0 else None
            with contextlib.suppress(AdapterError):
                await house.wire.call("answer_callback_query", callback_query_id=spot.query.id, text=where)

    async def _asked(self, spot: Spot, page: str, asked: ForceReply) -> Message | None:
        house = self._house
        with contextlib.suppress(AdapterError):
            return await house.tell(spot.user.id, [page], reply_markup=asked)
        called = k.call(str(spot.user.id), spot.user.full_name[:60] or "?")
        return await house.threads.send(spot.chat, spot.topic, spot.message, f"{called}: {page}", reply_markup=asked)

    async def answered(self, question: Question, said: str, spot: Spot, once: str) -> None:
        """Somebody answered such a message; only whoever was asked is meant."""
        if spot.user.id != question.user or not said.strip():
            return

        def wish(person: Person) -> m.Command:
            head = {"by": person.id, "via": self._house.config.id, "ticket": question.shown.ticket}
            if question.verb == "edit":
                return m.Edit(**head, text=said.strip(), revision=question.shown.revision)
            return (m.Write if question.verb == "reply" else m.AddNote)(**head, text=said.strip())

        verdict = await decide(self._house, spot, wish, once)
        # What the checks found, or why nothing happened: there is no button that could say it.
        if self._house.first_time(once):
            self._house.later(self._house.answer(spot, verdict.text))

    # --- what is shown ------------------------------------------------------------------------------------------

    async def _unfold(self, verb: str, shown: Shown, card: Card, spot: Spot) -> None:
        """Other buttons in the place of those that stand there, until the card is edited next."""
        house, memory = self._house, self._house.memory
        place = await memory.place(spot.chat, spot.message)
        thread = await (memory.thread(place.room, shown.ticket) if place else memory.thread_of(shown.ticket))
        view = house.threads.view(thread.locale if thread is not None else house.members.locale)
        rows = unfolded(card, view) if verb == "more" else choices(verb, shown, view)
        await house.wire.call(
            "edit_message_reply_markup", chat_id=spot.chat, message_id=spot.message, reply_markup=keyboard(rows)
        )
        if spot.query is not None:
            with contextlib.suppress(AdapterError):
                await house.wire.call("answer_callback_query", callback_query_id=spot.query.id)
        if place is not None:
            await house.threads.touched(place.room, shown.ticket, spot.message)

    async def _read(self, card: Card, person: Person, spot: Spot) -> None:
        """All that was said, to one person alone: as a file where it is more than a message."""
        house = self._house
        whole = conversation(card, house.threads.view(person.locale))
        await house.answer(spot, text(person.locale, "I have sent it to you in our own chat."))
        page = k.block(whole)
        if k.measure(page) <= k.MESSAGE:
            await house.tell(spot.user.id, [page], spot)
            return
        file = InputFile(BytesIO(whole.encode("utf-8", "replace")), filename=f"{card.line.id}.txt")
        await house.wire.call("send_document", chat_id=spot.user.id, document=file)

    async def _author(self, card: Card, person: Person, spot: Spot) -> None:
        """Who wrote it, to one person alone."""
        house = self._house
        view = await house.engine.read.author(ticket=card.line.id)
        if view is None:
            await house.answer(spot, text(person.locale, "Nothing found."))
            return
        lines = author_lines(person.locale, view, house.clock(), names=house.threads.names)
        made = [k.bold(author_name(person.locale, view)), *(k.words(k.short(line, 1000)) for line in lines)]
        await house.answer(spot, text(person.locale, "I have sent it to you in our own chat."))
        await house.tell(spot.user.id, k.pages(made), spot)


def _wish(verb: str, number: str, shown: Shown, person: Person, house: House) -> m.Command:
    head = {"by": person.id, "via": house.config.id, "ticket": shown.ticket}
    options = CHOICES.get(verb, ())
    if options:
        value = options[int(number) if number.isdigit() and int(number) < len(options) else 0]
        if verb == "kind":
            return m.SetKind(**head, kind=Kind(value))
        if verb == "severity":
            return m.SetSeverity(**head, severity=Severity(value))
        return m.Settle(**head, posted=value == "posted")
    span = timedelta(hours=house.config.snooze_hours)
    made = plain_wish(verb, shown, by=person.id, via=house.config.id, snooze=span)
    if made is None:
        raise ValueError(f"no wish for {html.escape(verb)[:40]!r}")
    return made
