"""The slack-bolt app: which event, press, command and form goes where. Slack is answered after the commit."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot import logs
from handlers.chats.slack import home
from handlers.chats.slack.house import House
from handlers.chats.slack.manifest import EVENTS
from handlers.chats.slack.pressing import SHORTCUTS, Presses
from handlers.chats.slack.reacting import Reactions
from handlers.chats.slack.typing_in import Typing
from handlers.chats.slack.wire import QUIET
from handlers.hearing import NotListening

log = logs.get(__name__)


def application(house: House, signing_secret: str) -> AsyncApp:
    """The app. With `process_before_response` a request is answered after its listener is through, not before."""

    async def authorize(**_: Any) -> AuthorizeResult:
        if not house.me:
            raise NotListening
        return AuthorizeResult(
            enterprise_id=None,
            team_id=house.me.get("team_id"),
            bot_user_id=house.me.get("user_id"),
            bot_id=house.me.get("bot_id"),
            bot_token=house.wire.client.token,
        )

    app = AsyncApp(
        client=house.wire.client,
        authorize=authorize,
        signing_secret=signing_secret,
        process_before_response=True,
        request_verification_enabled=house.config.mode == "http",
        logger=QUIET,
        name="portavoz",
    )
    _events(app, house)
    _presses(app, house)
    _rest(app, house)
    return app


def _events(app: AsyncApp, house: House) -> None:
    reactions, typing = Reactions(house), Typing(house)

    async def react(event: dict[str, Any], body: dict[str, Any]) -> None:
        await reactions.hear({"event_ts": body.get("event_time"), **event})

    async def mention(event: dict[str, Any]) -> None:
        await typing.mention(event)

    async def opened(event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            house.engine  # noqa: B018 -- before Slack is answered: it delivers again when nobody listens
            house.later(home.publish(house, str(event.get("user") or "")))

    async def gone(event: dict[str, Any]) -> None:
        house.end(str(event.get("type")))

    async def changed(event: dict[str, Any]) -> None:
        user = event.get("user")
        house.members.changed(str(user.get("id")) if isinstance(user, dict) else str(user or ""))

    heard = {
        "reaction_added": react,
        "reaction_removed": react,
        "app_mention": mention,
        "app_home_opened": opened,
        "app_uninstalled": gone,
        "tokens_revoked": gone,
        "user_change": changed,
        "subteam_members_changed": changed,
    }
    for name in sorted(EVENTS, key=list(heard).index):  # the library asks one after another; reactions come first
        app.event(name)(heard[name])


def _presses(app: AsyncApp, house: House) -> None:
    presses = Presses(house)

    async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
        action = str((body.get("actions") or [{}])[0].get("action_id") or "")
        if action.startswith("portavoz:home:"):
            await home.switch(house, body)
        else:
            await presses.button(body)
        await ack()

    async def shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await presses.shortcut(body)
        await ack()

    async def form(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await presses.submit(body)
        await (ack(**answer) if answer is not None else ack())

    app.action(re.compile("^portavoz:"))(press)
    for callback in SHORTCUTS:
        app.message_shortcut(callback)(shortcut)
    app.view("portavoz:form")(form)


def _rest(app: AsyncApp, house: House) -> None:
    typing = Typing(house)

    async def slash(ack: AsyncAck, body: dict[str, Any]) -> None:
        reply = await typing.slash(body)
        if reply.text:
            await ack(**reply.message(), response_type="in_channel" if reply.here else "ephemeral")
        else:
            await ack()

    async def failed(error: Exception) -> BoltResponse:
        """Not acknowledged, so that Slack delivers it again."""
        if isinstance(error, NotListening):
            return BoltResponse(status=503, body="starting")
        log.error("slack.failed", chat=house.config.id, error=type(error).__name__, exc_info=error)
        return BoltResponse(status=500, body="")

    app.command(house.config.command)(slash)
    app.error(failed)
