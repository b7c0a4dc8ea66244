"""`prompts`: which texts are in force, how the team's differ from ours, and what they become with a real comment."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import settings_of
from bot.cli.errors import NOT_FOUND, USAGE, WRONG, Stop
from bot.cli.output import as_json, clean, complain, console, say, table

if TYPE_CHECKING:
    from datetime import date

    from bot.settings import Settings
    from prompts import Prompt
    from prompts.knowledge import Entry
    from prompts.texts import Texts

SHORT = 12
"""Characters of a hash that people are shown."""
_MOVED = "{name}: ours changed since yours was made from it (then {base}, now {ours})."
_UNSAID = "{name}: it does not say what it was made from; `# base: {ours}` as its first line would."
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="As `prompts list` shows it: model/draft")]


def list_(ctx: typer.Context, json: AsJson = False) -> None:
    """The texts in force: whose they are, their hashes, and what has expired."""
    settings, texts = _opened(ctx)
    today = _today(settings)
    if json:
        files = [_file(prompt) for prompt in texts.prompts.all]
        as_json({"prompts": files, "knowledge": [_known(entry, today) for entry in texts.knowledge.entries]})
        return
    _print(texts, _locale(ctx, settings), today)


def show(ctx: typer.Context, name: Name) -> None:
    """One text; of ours, with the line that tells later from which one a team's was made."""
    settings, texts = _opened(ctx)
    found = _found(texts, name)
    if found is not None:
        base = f"# base: {found.hash}\n" if not found.overlaid else f"# base: {found.base}\n" if found.base else ""
        say(clean(base + found.text).rstrip("\n"))
        return
    entry = next((e for e in texts.knowledge.entries if name.removesuffix(".md") in (e.id, e.path[:-3])), None)
    if entry is None:
        raise _unknown(ctx, settings, name)
    say(clean(entry.text))


def diff(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One text; else all that differ.")] = None,
) -> None:
    """How the team's texts differ from ours, and whether ours changed since they were made."""
    from bot.locale import text

    settings, texts = _opened(ctx)
    locale = _locale(ctx, settings)
    chosen = [_found(texts, name)] if name else [prompt for prompt in texts.prompts.all if prompt.overlaid]
    if name and chosen == [None]:
        raise _unknown(ctx, settings, name)
    for prompt in filter(None, chosen):
        for line in differences(texts, prompt):
            say(clean(line))
        if prompt.moved:
            complain(text(locale, _MOVED, name=prompt.name, base=prompt.base[:SHORT], ours=prompt.ours[:SHORT]))
        elif prompt.ours and prompt.overlaid and not prompt.base:
            complain(text(locale, _UNSAID, name=prompt.name, ours=prompt.ours))
    if not any(prompt is not None and prompt.overlaid for prompt in chosen):
        complain(text(locale, "Everything is as we wrote it."))


def try_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A text in force, or a file that is to be one.")],
    comment: Annotated[str | None, typer.Option("--comment", metavar="TEXT", help="A comment to reply to.")] = None,
    ticket: Annotated[str | None, typer.Option("--ticket", metavar="ID", help="The comment of a ticket.")] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="xx", help="Language of the reply.")] = None,
) -> None:
    """What a text becomes with a comment; with a model configured, what that answers."""
    from bot.cli.trying import attempt

    settings, texts = _opened(ctx)
    prompt = _from_file(Path(file)) if Path(file).is_file() else _found(texts, file)
    if prompt is None:
        raise _unknown(ctx, settings, file)
    attempt(ctx.obj, settings, texts, prompt, comment=comment, ticket=ticket, language=language)


def differences(texts: Texts, prompt: Prompt) -> list[str]:
    """Ours against the team's, as a unified diff; nothing where there is only one."""
    own = texts.prompts.own(prompt.name)
    if own is None or not prompt.overlaid:
        return []
    sides = own.text.splitlines(), prompt.text.splitlines()
    return list(unified_diff(*sides, f"ours/{prompt.path}", f"yours/{prompt.path}", lineterm=""))


def _opened(ctx: typer.Context) -> tuple[Settings, Texts]:
    """Raises SettingsError where a text cannot be used."""
    from bot.wiring import texts_of

    settings = settings_of(ctx.obj)
    return settings, texts_of(settings)


def _today(settings: Settings) -> date:
    from bot.engine.parts import utc_now

    return utc_now().astimezone(settings.tz).date()


def _locale(ctx: typer.Context, settings: Settings) -> str:
    lang: str | None = ctx.obj.lang
    return lang or settings.locale


def _found(texts: Texts, name: str) -> Prompt | None:
    """By name, path, or the name of a template alone."""
    for one in (name, f"model/{name}"):
        try:
            return texts.prompts.prompt(one)
        except KeyError:
            continue
    return None


def _from_file(path: Path) -> Prompt:
    """A file anywhere, as if it stood in the team's folder. Raises Stop where it cannot be read."""
    from prompts import PromptError, load

    try:
        return load(path)
    except (PromptError, OSError) as error:
        raise Stop(clean(str(error)), WRONG) from error


def _unknown(ctx: typer.Context, settings: Settings, name: str) -> Stop:
    from bot.locale import text

    words = text(
        _locale(ctx, settings), "There is no text called {name}; `portavoz prompts list` shows all.", name=name
    )
    return Stop(clean(words), NOT_FOUND if "/" in name else USAGE, outcome="not_found", what="prompt", id=name)


def _file(prompt: Prompt) -> dict[str, Any]:
    return {
        "name": prompt.name,
        "hash": prompt.hash,
        "yours": prompt.overlaid,
        "base": prompt.base or None,
        "base_changed": prompt.moved,
    }


def _known(entry: Entry, today: date) -> dict[str, Any]:
    return {
        "sort": entry.sort,
        "id": entry.id,
        "title": entry.title,
        "language": entry.language or None,
        "networks": sorted(entry.networks),
        "tags": list(entry.tags),
        "source": entry.source,
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "expired": not entry.holds(today),
    }


def _print(texts: Texts, locale: str, today: date) -> None:
    from bot.locale import text

    out = console()
    states = {True: text(locale, "ours changed beneath it"), False: ""}
    rows = [
        (
            prompt.name,
            text(locale, "yours") if prompt.overlaid else text(locale, "ours"),
            prompt.hash[:SHORT],
            states[prompt.moved],
        )
        for prompt in texts.prompts.all
    ]
    out.print(table([text(locale, "Text"), "", text(locale, "Hash"), ""], rows))
    known = [
        (
            clean(entry.id),
            entry.language or "*",
            clean(", ".join(sorted(entry.networks)) or "*"),
            clean(entry.source or "-"),
            _until(entry, locale, today),
        )
        for entry in texts.knowledge.entries
    ]
    titles = [text(locale, "Known"), text(locale, "Language"), text(locale, "Network"), text(locale, "Source")]
    out.print(table([*titles, text(locale, "Valid until")], known))


def _until(entry: Entry, locale: str, today: date) -> str:
    from bot.locale import text

    if entry.valid_until is None:
        return "-"
    day = entry.valid_until.isoformat()
    return day if entry.holds(today) else text(locale, "{day}, expired: not used", day=day)
