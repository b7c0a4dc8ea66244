"""Which update goes where. One counts as heard when everything about it is committed."""

from __future__ import annotations

from telegram import Message, Update

from bot import logs
from handlers.chats.telegram.house import House
from handlers.chats.telegram.pressing import Presses
from handlers.chats.telegram.reacting import Reactions
from handlers.chats.telegram.typing_in import Typing
from handlers.hearing import NotListening

log = logs.get(__name__)
UPDATES = ("message", "callback_query", "message_reaction")
"""What we ask for; reactions are left out unless they are asked for by name."""


class Ears:
    """Hears one bot's updates, one after the other."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._presses, self._reactions, self._typing = Presses(house), Reactions(house), Typing(house)

    async def hear(self, update: Update) -> None:
        """Carry it to the core. Raises NotListening, and what the intake raises: then it has to come again.

        One that trips over a mistake of ours is logged and left: nothing after it may be held up for ever.
        """
        house = self._house
        if house.known is None:
            raise NotListening
        if not house.first_time(f"update:{update.update_id}"):
            return
        try:
            if update.callback_query is not None:
                await self._presses.button(update.callback_query)
            elif update.message_reaction is not None:
                await self._reactions.hear(update.message_reaction)
            elif update.message is not None:
                await self._message(update.message)
        except (ValueError, TypeError, KeyError, AttributeError):
            log.exception("telegram.failed", chat=house.config.id)
        except BaseException:
            house.forget(f"update:{update.update_id}")
            raise

    async def _message(self, message: Message) -> None:
        house = self._house
        if message.migrate_to_chat_id is not None:
            await house.moved(message.chat.id, message.migrate_to_chat_id)
        else:
            await self._typing.hear(message)
