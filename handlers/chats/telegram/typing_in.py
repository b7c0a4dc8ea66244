"""What people type: commands in the group or alone with the bot, and answers to what it asked. One grammar."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable

from telegram import Message, MessageEntity, ReactionTypeEmoji

from bot.core import messages as m
from bot.core import queries as q
from bot.core.commands import bare, intended, parse, role_for
from bot.core.errors import AdapterError
from bot.core.shown import Shown
from bot.core.types import Person
from bot.locale import explain, text
from bot.locale.answering import answer
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.deciding import decide, somebody, stranger
from handlers.chats.telegram.house import House, Spot
from handlers.chats.telegram.offers import ASKS
from handlers.chats.telegram.pressing import Presses
from handlers.postings import ROOT
from handlers.verdict import Verdict

_HERE = re.compile(r"(?:^|\s)--(?:here|aqui|aquí)(?=\s|$)")
_DONE = "👌"


class Typing:
    """Hears what people type. Everything is committed when `hear` returns; it raises NotListening."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._presses = Presses(house)

    async def hear(self, message: Message) -> None:
        """A message in a group, or to the bot alone; what is neither command nor answer is the team's own talk."""
        house, user = self._house, message.from_user
        if user is None or user.is_bot or message.sender_chat is not None or not message.text:
            if message.sender_chat is not None and self._line_of(message):
                await self._nobody(message)
            return
        topic = (message.message_thread_id or 0) if message.is_topic_message else 0
        spot = Spot(user=user, chat=message.chat.id, topic=topic, message=message.message_id)
        once, second = f"typed:{spot.chat}:{spot.message}", int(message.date.timestamp())
        answered = message.reply_to_message
        asked = await house.memory.asked(spot.chat, answered.message_id) if answered is not None else None
        line = self._line_of(message)
        if asked is not None and not line:
            await self._presses.answered(asked, message.text, spot, once)
        elif line:
            await self._line(spot, self._names(line, message), await self._about_what(message, spot), second, once)

    def _line_of(self, message: Message) -> str:
        """What was said to us: a command (with our name or none), or a message that begins with `@us`."""
        said, me = message.text or "", self._house.me
        name = (me.username or "") if me is not None else ""
        if said.startswith("/"):
            _, at, whom = said.split(maxsplit=1)[0].partition("@")
            return "" if at and whom.casefold() != name.casefold() else said
        first, _, rest = said.partition(" ")
        return rest.strip() if name and first.casefold() == f"@{name}".casefold() else ""

    async def _about_what(self, message: Message, spot: Spot) -> Shown | None:
        """What stood where it was typed, and when it was: the message that it answers, else the topic's card."""
        memory, answered, second = self._house.memory, message.reply_to_message, int(message.date.timestamp())
        place = await memory.place(spot.chat, answered.message_id) if answered is not None else None
        if place is not None:
            return place.at(second)
        ticket = await memory.topic(spot.chat, spot.topic) if spot.topic else None
        if ticket is None:
            asked = await memory.asked(spot.chat, answered.message_id) if answered is not None else None
            return asked.shown if asked is not None else None
        return await memory.shown(ticket, ROOT, second) or Shown(ticket=ticket)

    async def _line(self, spot: Spot, raw: str, thread: Shown | None, second: int, once: str) -> None:
        house = self._house
        member = await somebody(house, spot)
        if member.person is None:
            await self._strange(spot, raw)
            return
        person, team = member.person, await house.engine.read.people()
        here = _HERE.search(raw) is not None and not spot.private
        line = _HERE.sub(" ", raw) if here else raw
        if line.split(maxsplit=1)[0].partition("@")[0] == "/start":
            line = "/help"
        meant = parse(line, by=person.id, via=house.config.id, ticket=thread.ticket if thread else None)
        if isinstance(meant, q.Misunderstood):
            if not await self._asks(line, thread, person, spot):
                house.later(house.answer(spot, explain(person.locale, meant)))
        elif isinstance(meant, q.Query):
            await self._asked(meant, person, spot, here=here)
        else:
            wish = await self._about(meant, thread, team, second)
            verdict = await decide(house, spot, lambda _: wish, once)
            self._say(spot, verdict, here=here)

    def _say(self, spot: Spot, verdict: Verdict, *, here: bool) -> None:
        """A sign under the line where it is done and there is nothing more to say; a message costs one of twenty."""
        house, outcome = self._house, verdict.outcome
        if verdict.repeated or not house.first_time(verdict.once):
            return
        if here and verdict.done:
            house.later(house.threads.send(spot.chat, spot.topic, spot.message, k.sentences(verdict.text)[0]))
        elif isinstance(outcome, m.Done) and not outcome.findings and not spot.private:
            house.later(self._sign(spot, verdict))
        else:
            house.later(house.answer(spot, verdict.text))

    async def _sign(self, spot: Spot, verdict: Verdict) -> None:
        with contextlib.suppress(AdapterError):
            await self._house.wire.call(
                "set_message_reaction", chat_id=spot.chat, message_id=spot.message, reaction=[ReactionTypeEmoji(_DONE)]
            )
            return
        await self._house.answer(spot, verdict.text)

    async def _asked(self, query: q.Query, person: Person, spot: Spot, *, here: bool) -> None:
        house = self._house
        if not person.role.covers(role_for(query)):
            house.later(house.answer(spot, stranger(house).text))
            return
        found = await answer(query, person, house.engine.read, house.clock(), house.tz)
        pages = k.pages([page for line in found.whole.splitlines() for page in k.spoken(line)])
        if here:
            house.later(house.threads.send(spot.chat, spot.topic, spot.message, pages[0]))
        else:
            house.later(house.tell(spot.user.id, pages, spot))

    async def _asks(self, line: str, thread: Shown | None, person: Person, spot: Spot) -> bool:
        """Ask for what a line lacks (`/edit K7Q2`, or `/edit` below a draft); whether that is settled so."""
        verb, ticket = bare(line) or bare(f"{line} {thread.ticket if thread else ''}") or ("", "")
        card = await self._house.engine.read.card(ticket) if verb in ASKS else None
        if card is None:
            return False
        self._house.later(self._presses.ask(verb, card, person, spot))
        return True

    async def _about(self, wish: m.Command, thread: Shown | None, team: list[Person], second: int) -> m.Command:
        """A yes means what this chat showed of the ticket then, wherever it is typed."""
        shown, memory = thread, self._house.memory
        if isinstance(wish, m.Approve | m.Refuse):
            if shown is None or shown.ticket != wish.ticket:
                shown = await memory.shown(wish.ticket, ROOT, second)
            if shown is not None and wish.revision not in (None, shown.revision):
                shown = await memory.shown(wish.ticket, ROOT)  # whoever names a draft has seen it
        return intended(wish, shown, team)

    async def _strange(self, spot: Spot, raw: str) -> None:
        """Strangers are answered in the team's groups and alone: there with the number that the settings want."""
        house = self._house
        if spot.private and raw.split(maxsplit=1)[0] == "/start":
            said = text(
                house.members.locale, "Your number here is {n}: a lead puts it into your identities.", n=spot.user.id
            )
            house.later(house.answer(spot, said))
        elif spot.private or await house.memory.is_room(spot.chat):
            house.later(house.answer(spot, stranger(house).text))

    async def _nobody(self, message: Message) -> None:
        """An administrator who hides, or a channel: nobody can tell who that is."""
        if not await self._house.memory.is_room(message.chat.id):
            return
        topic = (message.message_thread_id or 0) if message.is_topic_message else 0
        said = text(self._house.members.locale, "Nobody knows who writes anonymously: nothing is done.")
        if self._house.first_time(f"nobody:{message.chat.id}:{message.message_id}"):
            send = self._house.threads.send(message.chat.id, topic, message.message_id, k.words(said))
            self._house.later(send)

    def _names(self, line: str, message: Message) -> str:
        """Mentions of people without a public name (`text_mention`) become the team's names for them."""
        names: dict[str, str] = {}
        for entity, words in message.parse_entities([MessageEntity.TEXT_MENTION]).items():
            name = self._house.threads.by_user.get(str(entity.user.id)) if entity.user is not None else None
            names |= {words: f"@{name}"} if name else {}
        for words, name in names.items():
            line = line.replace(words, name, 1)
        return line


def by_user(team: Iterable[Person], chat: str) -> dict[str, str]:
    """The team's ids by their numbers in Telegram."""
    return {native: person.id for person in team for where, native in person.identities if where == chat}
