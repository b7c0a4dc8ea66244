"""Commands that speak the reader's language where the library would speak English, and know what was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.errors import USAGE, Stop
from bot.core import words as w

if TYPE_CHECKING:
    from collections.abc import Iterable

UsageError: Any = typer.BadParameter.__base__
"""What the library raises for a line that it cannot understand; it has no public name for it."""


class _Spoken:
    """The frame of the help, in the program's language; the rest is translated where the verbs are put together."""

    def get_help(self, ctx: Any) -> str:
        lines = super().get_help(ctx).split("\n")  # type: ignore[misc]
        return "\n".join(_framed(ctx, line) for line in lines)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = (_framed(ctx, piece) for piece in self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=_framed(ctx, "Usage: "))

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if getattr(param, "help", None):
                param.help = _framed(ctx, param.help)
        return params


class Command(_Spoken, TyperCommand):
    """A verb."""


class Group(_Spoken, TyperGroup):
    """Verbs. `also` are other words for them."""

    locale: str = "en"
    also: Iterable[str] = ()

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        word = args[0]
        if not word.startswith("-") and self.get_command(ctx, word) is None:
            known = dict.fromkeys([*self.list_commands(ctx), *self.also])
            ctx.fail(_unknown(_locale(ctx), word[: w.LONGEST_WORD], w.nearest(word, known)))
        return super().resolve_command(ctx, args)


class App(typer.Typer):
    """Commands that speak like this."""

    def command(self, name: str | None = None, **more: Any) -> Any:
        """As typer's."""
        return super().command(name, **{"cls": Command} | more)


def group(locale: str, also: Iterable[str]) -> type[Group]:
    """The program's own group, in a language."""
    return type("Program", (Group,), {"locale": locale, "also": tuple(also)})


def misused(error: Any, locale: str) -> Stop:
    """What was typed wrongly, how it is used, and where more is said."""
    from bot.locale import text
    from bot.locale.usage import mistake_typed

    said = mistake_typed(locale, error.format_message())
    if error.ctx is None:
        return Stop(said, USAGE, outcome="usage")
    if type(error).__name__ == "NoArgsIsHelpError":
        return Stop(error.format_message(), USAGE, outcome="usage")
    hint = text(locale, "`{command}` tells more.", command=f"{error.ctx.command_path} -h")
    return Stop(f"{error.ctx.get_usage()}\n\n{said}\n{hint}", USAGE, outcome="usage", problem=said)


def _unknown(locale: str, word: str, meant: str | None) -> str:
    from bot.locale import text

    said = text(locale, "There is no command `{word}`.", word=word)
    return said if meant is None else f"{said} {text(locale, 'Did you mean `{suggestion}`?', suggestion=meant)}"


def _locale(ctx: Any) -> str:
    return str(getattr(ctx.find_root().command, "locale", "en"))


def _framed(ctx: Any, words: str) -> str:
    """A part of the frame in the program's language; anything else, like English help, as it is."""
    locale = _locale(ctx)
    if locale == "en":
        return words  # without the catalogues, so that `--help` answers at once
    from bot.locale import text
    from bot.locale.usage import FRAME

    return text(locale, words) if words in FRAME else words
