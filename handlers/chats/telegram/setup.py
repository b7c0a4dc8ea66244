"""What Telegram is told about the bot: the commands in both languages, and the lines that BotFather wants."""

from __future__ import annotations

from bot.core.words import VERBS, fold
from bot.locale import text
from handlers.chats.telegram.config import Config

LANGUAGES = ("en", "es")
_LONGEST = 256


def commands(locale: str) -> list[tuple[str, str]]:
    """Every verb as a command of a language: its name (a-z, 0-9, _) and a line about it; 100 at most."""
    made = []
    for verb in VERBS:
        name = verb.spanish[0] if locale == "es" and verb.spanish else verb.name
        made.append((fold(name), text(locale, verb.summary)[:_LONGEST]))
    return made


def invitation(config: Config, *, secret: str | None, application: str, locale: str) -> str:  # noqa: ARG001
    """What a person does in Telegram to make the bot, line by line."""

    def say(sentence: str, **values: object) -> str:
        return text(locale, sentence, **values)

    variable = f"PORTAVOZ_SECRET_{config.id.upper().replace('-', '_')}"
    lines = [
        say("In Telegram, write to @BotFather:"),
        "  /newbot",
        say(
            "  (a name, then a user name that ends in “bot”; put the token into the environment as {name})",
            name=variable,
        ),
        "  /setprivacy → Enable",
        "  /setjoingroups → Enable",
        say("Then make a group for the team; with topics switched on, each ticket gets a topic of its own."),
        say(
            "Add the bot and make it an administrator, so that it sees reactions; with topics it needs “Manage topics”."
        ),
        say("Everybody on the team opens a chat with the bot and presses Start: it says their number for [[people]]."),
    ]
    if config.mode == "webhook":
        lines.append(say("Telegram will call {path} under base_url, which has to be https.", path=path(config)))
        lines.append(say("Put a word of your own into the environment as {name}.", name=f"{variable}_WEBHOOK"))
    return "\n".join(lines) + "\n"


def path(config: Config) -> str:
    """Where updates come to in webhook mode."""
    return f"/telegram/{config.id}"
