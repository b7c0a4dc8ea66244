"""Reactions: an emoji under a message of ours is a decision, taken away again it is taken back.

Telegram tells an administrator what somebody's reactions to a message were and are; who reacts in the name of a group
or channel is not told, so that such a reaction decides nothing. Its second says which state of the message was meant.
"""

from __future__ import annotations

from datetime import timedelta

from telegram import MessageReactionUpdated, ReactionType

from bot.core import messages as m
from bot.core.reactions import ABOUT_WORDS, plain_name, verb_for
from bot.core.shown import Shown, approved_by, plain_wish
from bot.core.types import Person
from bot.locale import text
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.deciding import decide, explain_alone, somebody
from handlers.chats.telegram.house import House, Spot
from handlers.chats.telegram.memory import Place
from handlers.chats.telegram.offers import REACTIONS
from handlers.chats.telegram.pressing import Presses
from handlers.postings import WORDING


class Reactions:
    """Hears reactions to our messages. Everything is committed when `hear` returns; it raises NotListening."""

    def __init__(self, house: House) -> None:
        self._house = house
        own = {plain_name(emoji): verb for emoji, verb in house.config.reactions.items()}
        self._signs = {**{plain_name(emoji): verb for emoji, verb in REACTIONS.items()}, **own}

    async def hear(self, event: MessageReactionUpdated) -> None:
        """What somebody added and took away."""
        chat, message = event.chat.id, event.message_id
        place = await self._house.memory.place(chat, message)
        if place is None:
            await self._house.threads.settled(chat, message)
            place = await self._house.memory.place(chat, message)
        if place is None:
            return
        before, after = _emoji(event.old_reaction), _emoji(event.new_reaction)
        if event.user is None:
            if self._verbs(after - before) and self._house.first_time(f"nobody:{chat}:{message}"):
                self._house.later(self._nobody(chat, message))
            return
        spot = Spot(user=event.user, chat=chat, message=message)
        second = int(event.date.timestamp())
        shown = place.at(second)
        for verb in self._verbs(before - after):
            await self._taken_back(verb, place, shown, spot, f"reaction:{chat}:{message}:{second}:-{verb}")
        for verb in self._verbs(after - before):
            await self._made(verb, place, shown, spot, f"reaction:{chat}:{message}:{second}:+{verb}")

    def _verbs(self, emoji: set[str]) -> list[str]:
        found = {self._signs.get(plain_name(one), verb_for(one, {})) for one in emoji}
        return sorted(verb for verb in found if verb)

    async def _made(self, verb: str, place: Place, shown: Shown, spot: Spot, once: str) -> None:
        house, once = self._house, f"{once}:{spot.user.id}"
        member = await somebody(house, spot)
        if member.bot:
            return
        person = member.person
        late = verb == "approve" and shown.older
        if person is not None and verb in ABOUT_WORDS and place.kind != WORDING and not late:
            said = text(person.locale, "This counts under the newest draft only.")
            house.later(house.answer(spot, said))
            return
        if person is not None and verb == "edit":
            card = await house.engine.read.card(shown.ticket)
            if card is not None:
                house.later(Presses(house).ask("edit", card, person, spot))
            return
        span = timedelta(hours=house.config.snooze_hours)

        def wish(person: Person) -> m.Command:
            made = plain_wish(verb, shown, by=person.id, via=house.config.id, snooze=span)
            if made is None:
                raise ValueError(f"no wish for {verb}")
            return made

        explain_alone(house, spot, await decide(house, spot, wish, once))

    async def _taken_back(self, verb: str, place: Place, shown: Shown, spot: Spot, once: str) -> None:
        """Taking 👌 away withdraws an approval that was one; other emoji say nothing by going."""
        house = self._house
        member = await somebody(house, spot)
        if verb != "approve" or member.person is None or place.kind != WORDING:
            return
        card = await house.engine.read.card(shown.ticket)
        if card is None or not approved_by(card, shown, member.person.id):
            return

        def wish(person: Person) -> m.Command:
            return m.Undo(by=person.id, via=house.config.id, ticket=shown.ticket)

        explain_alone(house, spot, await decide(house, spot, wish, f"{once}:{spot.user.id}"))

    async def _nobody(self, chat: int, message: int) -> None:
        """Once for each message: whoever reacts anonymously cannot be written to."""
        said = text(self._house.members.locale, "An anonymous reaction decides nothing: nobody knows whose it is.")
        await self._house.threads.send(chat, 0, message, k.words(said))


def _emoji(reactions: tuple[ReactionType, ...]) -> set[str]:
    """The characters; the team's own pictures have none and mean nothing."""
    return {emoji for one in reactions if (emoji := getattr(one, "emoji", None))}
