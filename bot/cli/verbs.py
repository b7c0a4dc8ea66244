"""The grammar's verbs as commands of the command line: made from `VERBS`, understood by the grammar's own builders."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.errors import USAGE, Stop
from bot.cli.speaking import Command
from bot.core.commands import MAX_TEXT
from bot.core.phrases import BUILDERS, Said, too_long
from bot.core.queries import Answer, Misunderstood
from bot.core.words import VERBS, Verb, usage

# This module keeps its annotations as they are: typer reads them, and those of a closure cannot be looked up by name.

LARGEST_INPUT = 4 * MAX_TEXT  # bytes; UTF-8 needs four for a character at most
_ASKED = frozenset({"next", "show", "author", "digest", "health", "failures", "mutes", "noise", "help"})


def add(app: typer.Typer, say: Callable[[str], str]) -> None:
    """Every verb of the grammar, in its order, with its help as `say` translates it."""
    for verb in VERBS:
        app.command(verb.name, help=say(verb.summary), cls=_Command)(_command(verb, Kinds(verb, say)))


class _Command(Command):
    """A command whose help tells its words as the grammar does; typer would add brackets and dots of its own."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        words = [param.metavar for param in self.get_params(ctx) if param.param_type_name == "argument"]
        return [*super().collect_usage_pieces(ctx)[:1], *filter(None, words)]


class Kinds:
    """The kinds of parameters, in the language of the help."""

    def __init__(self, verb: Verb, say: Callable[[str], str]) -> None:
        def option(kind: Any, name: str, help: str, **more: Any) -> Any:
            return Annotated[kind, typer.Option(name, help=help, **more)]

        self.words = Annotated[
            list[str] | None,
            typer.Argument(metavar=say(verb.shape) if verb.shape else "", show_default=False, hidden=True),
        ]
        self.person = option(str | None, "--as", say("Who speaks (PORTAVOZ_AS)."), metavar="PERSON")
        self.revision = option(int | None, "--revision", say("Only if N is the newest revision."), metavar="N")
        self.json = option(bool, "--json", say("Print JSON."))
        self.file = option(Path | None, "--file", say("Take the text from a file; - is the input."), metavar="FILE")
        self.limit = option(int | None, "--limit", say("At most that many."), metavar="N", min=1)
        self.mine = option(bool, "--mine", say("Only one's own."))
        self.after = option(str | None, "--after", say("Go on after that page (`next`)."), metavar="PAGE")
        self.since = option(str | None, "--since", say("How far back, like 7d."), metavar="SPAN")
        self.all = option(bool, "--all", say("Closed and snoozed ones too."))
        self.csv = option(str | None, "--csv", say("Print a table of the reports as CSV."), metavar="TABLE")


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


def meant(
    ctx: typer.Context, verb: Verb, words: list[str], *, by: str = "", via: str = "", named: str | None = None
) -> Any:
    """The command or query; `named` is what `--as` said. Raises Stop when it is neither."""
    from bot.cli.context import voice
    from bot.locale import explain, text

    if any("\ud800" <= char <= "\udfff" for word in words for char in word):
        said = text(voice(ctx.obj, named), "The text is not UTF-8.")
        raise Stop(said, USAGE, outcome="usage", reason="not_utf8")
    answer = understand(verb, words, by=by, via=via)
    if isinstance(answer, Misunderstood):
        raise Stop(explain(voice(ctx.obj, named), answer), USAGE, outcome="usage", reason=answer.reason)
    return answer


def text_from(
    ctx: typer.Context, verb: Verb, words: list[str], file: Path | None, *, named: str | None = None
) -> list[str]:
    """The words, with the text from `--file`, or from the standard input where it stands for it as `-`."""
    before = 2 if verb.name == "ask" else 1  # the ticket, and for `ask` the person
    if file is None and not (len(words) == before + 1 and words[-1] == "-"):
        return words
    from bot.cli.context import voice
    from bot.locale import text

    if file is not None and len(words) > before:
        locale = voice(ctx.obj, named)
        raise Stop(text(locale, "Give the text either in words or by `--file`, not both."), USAGE, outcome="usage")
    try:
        if file is None or str(file) == "-":
            data = sys.stdin.buffer.read(LARGEST_INPUT + 1)
        else:
            with file.open("rb") as stream:
                data = stream.read(LARGEST_INPUT + 1)
        # Of too long a text the last character may be cut in two; that it is too long is what will be said.
        return [*words[:before], data.decode("utf-8-sig", "ignore" if len(data) > LARGEST_INPUT else "strict")]
    except UnicodeDecodeError as error:
        said = text(voice(ctx.obj, named), "The text is not UTF-8.")
        raise Stop(said, USAGE, outcome="usage", reason="not_utf8") from error
    except OSError as error:
        words_ = text(voice(ctx.obj, named), "{file} cannot be read: {reason}.", file=file, reason=error.strerror)
        raise Stop(words_, USAGE, outcome="usage") from error


def _command(verb: Verb, kinds: Kinds) -> Callable[..., None]:
    """The function that typer calls: each sort of verb has the options that make sense for it."""
    if verb.name == "inbox":
        made = _inbox(verb, kinds)
    elif verb.name == "search":
        made = _search(verb, kinds)
    elif verb.name == "stats":
        made = _stats(verb, kinds)
    elif verb.name == "press":
        made = _press(verb, kinds)
    elif verb.name in _ASKED:
        made = _asked(verb, kinds)
    elif verb.on_ticket and verb.free_text:
        made = _worded(verb, kinds)
    elif verb.on_ticket:
        made = _on_ticket(verb, kinds)
    else:
        made = _on_everything(verb, kinds)
    made.__name__ = verb.name
    made.__doc__ = verb.summary
    return made


# The annotations below are values that typer reads; a type checker cannot.


def _worded(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        person: k.person = None,  # type: ignore[name-defined]
        revision: k.revision = None,  # type: ignore[name-defined]
        file: k.file = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        said = text_from(ctx, verb, words or [], file, named=person)
        _wish(ctx, verb, said, person=person, revision=revision, json=json)

    return command


def _on_ticket(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        person: k.person = None,  # type: ignore[name-defined]
        revision: k.revision = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        _wish(ctx, verb, words or [], person=person, revision=revision, json=json)

    return command


def _on_everything(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        person: k.person = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        _wish(ctx, verb, words or [], person=person, revision=None, json=json)

    return command


def _inbox(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        mine: k.mine = False,  # type: ignore[name-defined]
        every: k.all = False,  # type: ignore[name-defined]
        limit: k.limit = None,  # type: ignore[name-defined]
        person: k.person = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        from bot.cli.asking import answer

        query = meant(ctx, verb, words or [])
        query = replace(query, mine=query.mine or mine, all=query.all or every)
        answer(ctx.obj, query, named=person, limit=limit, json=json)

    return command


def _search(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        limit: k.limit = None,  # type: ignore[name-defined]
        after: k.after = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        from bot.cli.asking import answer

        given = words or []
        line = given if len(given) == 1 else [quoted(word) for word in given]
        answer(ctx.obj, meant(ctx, verb, line), named=None, limit=limit, json=json, after=after)

    return command


def quoted(word: str) -> str:
    """One argument of a search as the grammar wants it: where it has none, a shell took the quotation marks away."""
    if '"' in word or not any(char.isspace() for char in word):
        return word
    name, colon, value = word.partition(":")
    return f'{name}:"{value}"' if colon and not any(char.isspace() for char in name) else f'"{word}"'


def _press(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        since: k.since = None,  # type: ignore[name-defined]
        limit: k.limit = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        from bot.cli.asking import answer

        said = [*(words or []), *([since] if since else [])]
        answer(ctx.obj, meant(ctx, verb, said), named=None, limit=limit, json=json)

    return command


def _stats(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        csv: k.csv = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        from bot.cli.asking import answer
        from bot.cli.reporting import as_csv

        query = meant(ctx, verb, words or [])
        if csv is not None:
            as_csv(ctx.obj, query, csv)
        else:
            answer(ctx.obj, query, named=None, limit=None, json=json)

    return command


def _asked(verb: Verb, k: Kinds) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        *,
        words: k.words = None,  # type: ignore[name-defined]
        json: k.json = False,  # type: ignore[name-defined]
    ) -> None:
        from bot.cli.asking import answer

        answer(ctx.obj, meant(ctx, verb, words or []), named=None, limit=None, json=json)

    return command


def _wish(
    ctx: typer.Context, verb: Verb, words: list[str], *, person: str | None, revision: int | None, json: bool
) -> None:
    from bot.cli.wishing import wish

    def build(by: str, via: str) -> Any:
        command = meant(ctx, verb, words, by=by, via=via, named=person)
        if revision is not None and hasattr(command, "revision"):
            command = replace(command, revision=revision)
        return command

    wish(ctx.obj, build, named=person, revision=revision, json=json)
