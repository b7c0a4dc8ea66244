"""The verbs put together, and what becomes of whatever a verb raises."""

import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import __version__
from bot.cli import (
    backfilling,
    backing,
    calling,
    chats,
    checking,
    erasing,
    evaluating,
    initial,
    prompting,
    records,
    replay,
    running,
    speaking,
    verbs,
)
from bot.cli.context import Options, tongue, voice, worded
from bot.cli.errors import INTERRUPTED, NO_DATABASE, USAGE, WRONG, Silent, Stop
from bot.cli.output import as_json, complain, prepare
from bot.core import words as w

# No postponed annotations here: typer reads them, and it could not look up what stands in a closure.

ANYWHERE = ("--data", "--config", "--lang")
"""Options of the program itself, which may stand after the verb as well."""

SPANISH = {
    "arrancar": "run",
    "comprobar": "check",
    "migrar": "migrate",
    "enlace": "link",
    "reproducir": "replay",
    "recuperar": "backfill",
    "llamadas": "calls",
    "exportar": "export",
    "evaluar": "eval",
    "auditar": "audit",
    "auditoria": "audit",
    "copia": "backup",
    "restaurar": "restore",
    "borrar": "erase",
    "olvidar": "erase",
    "iniciar": "init",
    "textos": "prompts",
}


def start(args: Sequence[str] | None = None) -> None:
    """Run what was typed; ends the process with the exit code that the help tells."""
    prepare()
    given = arranged(sys.argv[1:] if args is None else args)
    options = _options(given)
    try:
        code = build(_asked_for(options.lang))(given, prog_name="portavoz", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except speaking.UsageError as error:
        _end(given, speaking.misused(error, tongue(options.lang)))
    except typer.Abort:
        say = _translator(tongue(options.lang))
        _end(given, Stop(say("Broken off."), WRONG, outcome="broken_off"))
    except Stop as stop:
        _end(given, stop)
    except Silent as silent:
        sys.exit(silent.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 -- the outermost place: people get an id instead of a traceback
        _end(given, explained(error, options))


def _asked_for(lang: str | None) -> str:
    """The language to speak. Raises Stop for one that there is not."""
    if lang and lang[:2].lower() != tongue(lang):
        from bot.locale import text
        from bot.locale.catalogue import available

        known = ", ".join(available())
        words = text(tongue(None), "There is no language `{word}` here. There are: {known}.", word=lang, known=known)
        raise Stop(words, USAGE, outcome="usage", reason="unknown_language")
    return tongue(lang)


def arranged(args: Sequence[str]) -> list[str]:
    """The program's own options first, then the verb by its English name, then the rest as it came.

    What follows `--` is never looked at: `portavoz note K7Q2 -- --data is missing`.
    """
    front: list[str] = []
    rest: list[str] = []
    words = iter(args)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in ANYWHERE:
            front += [word, *(value for value in (next(words, None),) if value is not None)]
        elif word.partition("=")[0] in ANYWHERE:
            front.append(word)
        else:
            rest.append(word)
    if rest and not rest[0].startswith("-"):
        verb = w.lookup(w.BY_WORD, rest[0])
        rest[0] = verb.name if verb else SPANISH.get(w.fold(rest[0]), rest[0])
    return [*front, *rest]


def build(locale: str) -> typer.Typer:
    """All verbs, with their help in a language."""
    say = _translator(locale)
    app = speaking.App(
        name="portavoz",
        cls=speaking.group(locale, [*w.BY_WORD, *SPANISH]),
        help=say("Comments become tickets, people approve replies, and exactly those are posted."),
        epilog=say(
            "Exit codes: 0 done (or will be done when the bot runs), 1 something is wrong, 2 usage, 3 refused, "
            "4 not found, 5 database unreachable. `--data`, `--config` and `--lang` may stand after the verb too."
        ),
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )

    @app.callback()
    def _program(
        ctx: typer.Context,
        *,
        data: Annotated[
            Path | None, typer.Option("--data", metavar="DIR", help=say("Folder for all state (PORTAVOZ_DATA)."))
        ] = None,
        config: Annotated[
            Path | None, typer.Option("--config", metavar="FILE", help=say("Configuration (PORTAVOZ_CONFIG)."))
        ] = None,
        lang: Annotated[
            str | None, typer.Option("--lang", metavar="es|en", help=say("Language of what is said here."))
        ] = None,
        version: Annotated[  # noqa: ARG001 -- its callback does the work
            bool, typer.Option("--version", is_eager=True, callback=_version, help=say("Which release this is."))
        ] = False,
    ) -> None:
        ctx.obj = Options(data=data, config=config, lang=lang)

    app.command("run", help=say("Start the bot (`--host H`, `--port N`, `--data DIR`)."))(running.run)
    verbs.add(app, say)
    app.command("check", help=say("Settings, database, networks, texts, clock and disk: does all of it work?"))(
        checking.check
    )
    app.command(
        "migrate",
        help=say(
            "Bring the database to this release's schema, after a backup; or move everything into another one "
            "(`--from sqlite:FILE --to postgresql://...`)."
        ),
    )(running.migrate)
    app.command("link", help=say("A new one-time link to the desk."))(running.link)
    app.command("replay", help=say("Feed recorded comments in, from JSON lines or CSV."))(replay.replay)
    app.command("backfill", help=say("Take in what an account's network has from before (`--since 7d`)."))(
        backfilling.backfill
    )
    app.command("calls", help=say("What the model was told about a ticket, and what it said."))(calling.calls)
    app.command("export", help=say("The whole record as JSON lines."))(records.export)
    app.command("backup", help=say("Copy the database while everything runs, and check the copy."))(backing.backup)
    app.command("restore", help=say("Put a backup back, with the bot stopped; what was there is kept aside."))(
        backing.restore
    )
    app.command("erase", help=say("Erase what is kept of a person, as the law lets them ask."))(erasing.erase)
    app.command("init", help=say("Ask a few questions and write portavoz.toml and .env."))(initial.init)
    slack = _group(app, "slack", say("What Slack needs to know about the bot."))
    slack.command("manifest", help=say("Print the manifest to make the app from, at api.slack.com/apps."))(
        chats.slack_manifest
    )
    discord = _group(app, "discord", say("What Discord needs to know about the bot."))
    discord.command("invite", help=say("Print the steps and the link that let the bot in to a Discord server."))(
        chats.discord_invite
    )
    telegram = _group(app, "telegram", say("What Telegram needs to know about the bot."))
    telegram.command("setup", help=say("Print what to tell BotFather, and how to let the bot into a group."))(
        chats.telegram_setup
    )
    texts = _group(app, "prompts", say("What drafters are told: prompts, voice, facts, saved replies."))
    texts.command("list", help=say("The texts in force: whose they are, and what has expired."))(prompting.list_)
    texts.command("show", help=say("One text."))(prompting.show)
    texts.command("diff", help=say("How yours differ from ours, and whether ours changed since."))(prompting.diff)
    texts.command("try", help=say("What a text becomes with a comment, and what the model answers."))(prompting.try_)
    measured = _group(app, "eval", say("How well the rules do, on labelled cases."))
    measured.command("guard", help=say("How much the checks of replies catch, and how often they are wrong."))(
        evaluating.guard
    )
    audit = _group(app, "audit", say("The record and its seals."))
    audit.command("verify", help=say("Check that nothing in the record was changed or cut off."))(records.verify)
    return app


def explained(error: Exception, options: Options) -> Stop:
    """What went wrong, for people: an exit code and a sentence that says what to do."""
    from bot.locale.troubles import trouble
    from bot.settings import SettingsError
    from bot.store.errors import DatabaseUnreachable, NotReady

    if isinstance(error, SettingsError):
        locale = voice(options)  # an adapter's settings may be wrong where the language could be read
        say = _translator(locale)
        found = [worded(problem, locale) for problem in error.problems]
        lines = [say("The settings cannot be used:"), *(f"- {problem}" for problem in found)]
        return Stop("\n".join(lines), WRONG, outcome="settings", problems=[asdict(problem) for problem in found])
    locale = tongue(options.lang)
    if isinstance(error.__cause__, DatabaseUnreachable):
        error = error.__cause__  # told in an adapter's words
    if isinstance(error, DatabaseUnreachable | NotReady):
        problem, remedy = trouble(locale, error.problem), trouble(locale, error.remedy)
        return Stop(f"{problem.rstrip('.')}. {remedy}", NO_DATABASE, outcome="unreachable", remedy=remedy)
    number = secrets.token_hex(4)
    _log(error, number)
    say = _translator(locale)
    words = say("Something went wrong that should not have; the log line above has the id {id}. Please report it.")
    return Stop(words.replace("{id}", number), WRONG, outcome="failed", id=number)


def _log(error: Exception, number: str) -> None:
    """One line with the traceback. The settings may be what failed, so the log is set up without them."""
    import structlog

    from bot import logs
    from bot.settings import Secrets

    if not structlog.is_configured():
        logs.configure(level="error", secrets=Secrets(os.environ).values())
    logs.get(__name__).error("cli.failed", id=number, exc_info=error)


def _end(args: Sequence[str], stop: Stop) -> None:
    options = args[: args.index("--")] if "--" in args else args
    with suppress(BrokenPipeError):
        if "--json" in options:
            as_json(stop.body)
        complain(stop.message)
    sys.exit(stop.code)


def _translator(locale: str) -> Any:
    """English needs no catalogue, so that `--help` answers at once."""
    if locale == "en":
        return str
    from bot.locale import text

    return lambda msgid: text(locale, msgid, id="{id}")


def _options(args: Sequence[str]) -> Options:
    """What was said before the verb, for what has to be said when nothing else could be read."""
    data, config = (Path(value) if value else None for value in (_value(args, "--data"), _value(args, "--config")))
    return Options(data=data, config=config, lang=_value(args, "--lang"))


def _value(args: Sequence[str], option: str) -> str | None:
    for word, after in zip(args, [*args[1:], ""], strict=False):  # of no words there is none after
        if word == option:
            return after
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


def _group(app: typer.Typer, name: str, help: str) -> typer.Typer:
    """Commands under a name of their own, like `portavoz slack manifest`."""
    made = speaking.App(cls=speaking.Group, no_args_is_help=True, rich_markup_mode=None)
    made.callback()(_nothing)
    app.add_typer(made, name=name, help=help)
    return made


def _nothing() -> None:
    """A group has no behaviour of its own."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"portavoz {__version__}")
        raise typer.Exit
