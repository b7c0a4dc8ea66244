"""What the library of the command line says itself, in English and for the catalogues."""

from __future__ import annotations

from functools import cache

from bot.locale.troubles import Pattern, patterns, recognised

FRAME = (
    "Usage: ",
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "Options:",
    "Commands:",
    "Arguments:",
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
)
"""Of every help."""
MISTAKES = (
    "No such option: {option}",
    "No such option: {option} (Possible options: {known})",
    "Missing argument '{name}'.",
    "Missing option '{name}'.",
    "Missing command.",
    "Got unexpected extra argument(s) ({words})",
    "Option '{name}' requires an argument.",
    "Option '{name}' does not take a value.",
    "Invalid value for {name}: {reason}",
    "Value '{value}' is not a valid {kind}.",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be greater than or equal to {least}",
)
"""About what was typed."""


def mistake_typed(locale: str, said: str) -> str:
    """One of the sentences about what was typed in the locale's language; anything else as it is."""
    return recognised(locale, said, _patterns())


@cache
def _patterns() -> tuple[Pattern, ...]:
    return patterns(MISTAKES)
