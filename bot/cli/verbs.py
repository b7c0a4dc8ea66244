"""The grammar's verbs as commands of the command line: made from `VERBS`, understood by the grammar's own builders."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.errors import USAGE, Stop
from bot.core.commands import MAX_TEXT
from bot.core.phrases import BUILDERS, Said, too_long
from bot.core.queries import Answer, Misunderstood, Query
from bot.core.words import VERBS, Verb, usage

# This module keeps its annotations as they are: typer reads them, and those of a closure cannot be looked up by name.

LARGEST_INPUT = 4 * MAX_TEXT  # bytes; UTF-8 needs four for a character at most

Person = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Who decides (PORTAVOZ_AS).")]
Revision = Annotated[int | None, typer.Option("--revision", metavar="N", min=1, help="Only if N is the newest.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FromFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Take the text from a file; - is stdin.")]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most that many.")]


def add(app: typer.Typer, say: Callable[[str], str]) -> None:
    """Every verb of the grammar, in its order."""
    for verb in VERBS:
        app.command(verb.name, help=say(verb.summary))(_command(verb, _words(say(verb.shape))))


def understand(verb: Verb, words: list[str], *, by: str, via: str) -> Answer:
    """What the words after a verb mean.

    They need no quotes, and are never taken apart where the grammar wants a text: several words are joined by spaces.
    An id that no ticket can have counts as one that no ticket has.
    """
    head, rest = (words[:1], words[1:]) if verb.on_ticket else ([], words)
    ticket = head[0].strip().removeprefix("#").rstrip(":,").upper() if head else ""
    if verb.on_ticket and not ticket:
        return Misunderstood(reason="ticket_missing", params={"usage": usage(verb.name)})
    joined = " ".join(rest).strip()
    if len(joined) > MAX_TEXT:
        return too_long(joined, MAX_TEXT)
    return BUILDERS[verb.name](Said(by=by, via=via, verb=verb, ticket=ticket, rest=joined))


def meant(ctx: typer.Context, verb: Verb, words: list[str], *, by: str = "", via: str = "") -> Any:
    """The command or query. Raises Stop when it is neither."""
    from bot.cli.context import tongue
    from bot.locale import explain

    locale = tongue(ctx.obj.lang)
    if any("\ud800" <= char <= "\udfff" for word in words for char in word):
        raise Stop(_said(locale, "The text is not UTF-8."), USAGE, outcome="usage", reason="not_utf8")
    answer = understand(verb, words, by=by, via=via)
    if isinstance(answer, Misunderstood):
        raise Stop(explain(locale, answer), USAGE, outcome="usage", reason=answer.reason)
    return answer


def text_from(ctx: typer.Context, verb: Verb, words: list[str], file: Path | None) -> list[str]:
    """The words, with the text from `--file`, or from the standard input where it stands for it as `-`."""
    before = 2 if verb.name == "ask" else 1  # the ticket, and for `ask` the person
    if file is None and not (len(words) == before + 1 and words[-1] == "-"):
        return words
    from bot.cli.context import tongue

    locale = tongue(ctx.obj.lang)
    if file is not None and len(words) > before:
        raise Stop(_said(locale, "Give the text either in words or by `--file`, not both."), USAGE, outcome="usage")
    try:
        if file is None or str(file) == "-":
            data = sys.stdin.buffer.read(LARGEST_INPUT + 1)
        else:
            with file.open("rb") as stream:
                data = stream.read(LARGEST_INPUT + 1)
        return [*words[:before], data.decode("utf-8-sig")]
    except UnicodeDecodeError as error:
        raise Stop(_said(locale, "The text is not UTF-8."), USAGE, outcome="usage", reason="not_utf8") from error
    except OSError as error:
        words_ = _said(locale, "{file} cannot be read: {reason}.", file=file, reason=error.strerror)
        raise Stop(words_, USAGE, outcome="usage") from error


def _said(locale: str, msgid: str, **params: object) -> str:
    from bot.locale import text

    return text(locale, msgid, **params)


def _words(shape: str) -> Any:
    """The positional arguments; `shape` is shown in the usage line."""
    return Annotated[list[str] | None, typer.Argument(metavar=shape or "", show_default=False)]


def _command(verb: Verb, words_type: Any) -> Callable[..., None]:
    """The function that typer calls: each kind of verb has the options that make sense for it."""
    made: Callable[..., None]
    if verb.name == "inbox":
        made = _inbox(verb, words_type)
    elif verb.name in _ASKED:
        made = _asked(verb, words_type)
    elif verb.on_ticket and verb.free_text:
        made = _worded(verb, words_type)
    elif verb.on_ticket:
        made = _on_ticket(verb, words_type)
    else:
        made = _on_everything(verb, words_type)
    made.__name__ = verb.name
    made.__doc__ = verb.summary
    return made


_ASKED = frozenset({"next", "show", "search", "stats", "digest", "health", "help"})


def _wish(ctx: typer.Context, verb: Verb, words: list[str], person: str | None, revision: int | None, json: bool) -> None:
    from bot.cli.wishing import wish

    def build(by: str, via: str) -> Any:
        command = meant(ctx, verb, words, by=by, via=via)
        if revision is not None and hasattr(command, "revision"):
            command = replace(command, revision=revision)
        return command

    wish(ctx.obj, build, named=person, revision=revision, json=json)


def _worded(verb: Verb, words_type: Any) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        words: words_type = None,
        person: Person = None,
        revision: Revision = None,
        file: FromFile = None,
        json: AsJson = False,
    ) -> None:
        _wish(ctx, verb, text_from(ctx, verb, words or [], file), person, revision, json)

    return command


def _on_ticket(verb: Verb, words_type: Any) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        words: words_type = None,
        person: Person = None,
        revision: Revision = None,
        json: AsJson = False,
    ) -> None:
        _wish(ctx, verb, words or [], person, revision, json)

    return command


def _on_everything(verb: Verb, words_type: Any) -> Callable[..., None]:
    def command(
        ctx: typer.Context, words: words_type = None, person: Person = None, json: AsJson = False
    ) -> None:
        _wish(ctx, verb, words or [], person, None, json)

    return command


def _inbox(verb: Verb, words_type: Any) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        words: words_type = None,
        mine: Annotated[bool, typer.Option("--mine", help="Only one's own.")] = False,
        every: Annotated[bool, typer.Option("--all", help="Closed and snoozed ones too.")] = False,
        limit: Limit = None,
        person: Person = None,
        json: AsJson = False,
    ) -> None:
        from bot.cli.asking import answer

        query = meant(ctx, verb, words or [])
        query = replace(query, mine=query.mine or mine, all=query.all or every)
        answer(ctx.obj, query, named=person, limit=limit, json=json)

    return command


def _asked(verb: Verb, words_type: Any) -> Callable[..., None]:
    def command(ctx: typer.Context, words: words_type = None, json: AsJson = False) -> None:
        from bot.cli.asking import answer

        query: Query = meant(ctx, verb, words or [])
        answer(ctx.obj, query, named=None, limit=None, json=json)

    return command
