"""`init`: asks a few questions and writes portavoz.toml and .env, with a word about each line."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Options, tongue, worded
from bot.cli.errors import WRONG, Silent, Stop
from bot.cli.output import complain, confirmed, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

ROLES = ("lead", "approver", "agent", "viewer")


@dataclass(slots=True)
class Answers:
    """What was answered. `team` are (id, name, role)."""

    locale: str = "en"
    brand: str = "Portavoz"
    domains: list[str] = field(default_factory=list)
    timezone: str = "UTC"
    host: str = "127.0.0.1"
    port: int = 8600
    team: list[tuple[str, str, str]] = field(default_factory=lambda: [("ana", "Ana", "lead")])


def init(
    ctx: typer.Context, yes: Annotated[bool, typer.Option("--yes", help="Take the defaults, ask nothing.")] = False
) -> None:
    """Ask, write, and see that it loads."""
    from bot.locale import text

    options: Options = ctx.obj
    folder = _folder(options)
    file = options.config or folder / "portavoz.toml"
    spoken = tongue(options.lang)
    answers = Answers(locale=spoken) if yes else _ask(spoken)
    t = partial(text, answers.locale)
    files = {file: toml(answers), file.parent / ".env": dotenv(answers)}
    for path, words in files.items():
        if not _may_write(path, answers.locale, yes=yes):
            complain(t("{file} was left as it is.", file=path))
            continue
        _write(path, words, answers.locale)
        say(t("Written: {file}", file=path))
    _warn(_prove(folder, file, answers.locale), answers.locale)
    say(t("Next: `portavoz --data {folder} check`, then `portavoz --data {folder} run`.", folder=folder))


def _folder(options: Options) -> Path:
    return options.data or Path(os.environ.get("PORTAVOZ_DATA") or "data")


# --- the questions ----------------------------------------------------------------------------------------------


def _ask(spoken: str) -> Answers:
    from bot.locale import text

    locale = _valid(text(spoken, "The team's language (es, en)"), spoken, {"es", "en"}.__contains__, spoken)
    t = partial(text, locale)
    answers = Answers(locale=locale)
    answers.brand = _valid(t("The brand that replies speak for"), answers.brand, _is_name, locale)
    domains = _valid(t("Domains that replies may link to, with commas (empty: none)"), "", _are_domains, locale)
    answers.domains = [word.strip().lower() for word in domains.split(",") if word.strip()]
    answers.timezone = _valid(t("The team's time zone, like Europe/Madrid"), "UTC", _is_zone, locale)
    answers.host = _valid(t("Address to listen on; 0.0.0.0 lets others in"), "127.0.0.1", _is_name, locale)
    answers.port = int(_valid(t("Port to listen on"), "8600", _is_port, locale))
    answers.team = _team(locale)
    return answers


def _team(locale: str) -> list[tuple[str, str, str]]:
    """At least one person, the first of them a lead."""
    from bot.locale import text

    t = partial(text, locale)
    team: list[tuple[str, str, str]] = []
    while True:
        first = not team
        question = t("Your name") if first else t("Another colleague's name (empty: nobody else)")
        name = _valid(question, "Ana" if first else "", _is_name if first else _is_name_or_empty, locale)
        if not name:
            return team
        taken = {person for person, _, _ in team}
        id_ = _valid(t("A short name for commands"), _short(name, taken), _is_free(taken), locale)
        role = "lead"
        if not first:
            role = _valid(t("Role: lead, approver, agent or viewer"), "agent", ROLES.__contains__, locale)
        team.append((id_, name, role))


def _valid(question: str, default: str, fits: Callable[[str], bool], locale: str) -> str:
    """Ask until the answer fits. Raises Stop when nobody answers any more."""
    from bot.locale import text

    while True:
        try:
            answer = str(typer.prompt(question, default=default, show_default=bool(default))).strip()
        except typer.Abort:
            raise Stop(text(locale, "No more answers came; nothing was written."), WRONG) from None
        if fits(answer):
            return answer
        complain(text(locale, "That does not fit. Try again."))


def _is_name(word: str) -> bool:
    return 0 < len(word) <= 80 and word.isprintable()


def _is_name_or_empty(word: str) -> bool:
    return not word or _is_name(word)


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdigit() and int(word) <= 65535


def _is_zone(word: str) -> bool:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(word)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return word == "UTC"
    return True


def _are_domains(word: str) -> bool:
    return all(re.fullmatch(r"[^\s/:@.]+(\.[^\s/:@.]+)+", part.strip()) for part in word.split(",") if part.strip())


def _is_free(taken: set[str]) -> Callable[[str], bool]:
    return lambda word: re.fullmatch(r"[a-z0-9_-]{1,32}", word) is not None and word not in taken


def _short(name: str, taken: set[str]) -> str:
    """`María José` -> `maria`, or with a number where that is taken."""
    from bot.core.words import fold

    base = re.sub(r"[^a-z0-9_-]", "", fold(name.split(None, 1)[0][:30])) or "person"
    return next(word for word in (base, *(f"{base}{n}" for n in range(2, 1000))) if word not in taken)


# --- the files --------------------------------------------------------------------------------------------------


def toml(answers: Answers) -> str:
    """The configuration file."""
    from bot.locale import text

    t = partial(text, answers.locale)
    lines = [
        f"# {t('Portavoz: everything that is not secret. Secrets stand in .env beside this file.')}",
        "",
        f"# {t('The language of the team; each person may have another.')}",
        f"locale = {_quoted(answers.locale)}",
        f"# {t('Working days and digests are counted in this time zone.')}",
        f"timezone = {_quoted(answers.timezone)}",
        f"# {t('Where desk and wall are served. 127.0.0.1 is this computer alone.')}",
        f"host = {_quoted(answers.host)}",
        f"port = {answers.port}",
        f"# {t('Seconds between an approval and the publication, in which `undo` takes it back.')}",
        "undo_seconds = 10",
        "",
        f"# {t('Who speaks, and where replies may link to.')}",
        "[brand]",
        f"name = {_quoted(answers.brand)}",
        f"own_domains = {json.dumps(answers.domains, ensure_ascii=False)}",
        "",
        f"# {t('The team. A lead may do everything, an approver approves, an agent writes, a viewer reads.')}",
    ]
    for id_, name, role in answers.team:
        lines += ["[[people]]", f"id = {_quoted(id_)}", f"name = {_quoted(name)}", f"role = {_quoted(role)}", ""]
    lines += [
        f"# {t('Where comments come from. The wall is a page of your own to try things on.')}",
        "[[networks]]",
        'id = "wall"',
        'type = "wall"',
        f"brand = {_quoted(answers.brand)}",
        "",
        f"# {t('Where the team works. The desk is a web page.')}",
        "[[chats]]",
        'id = "desk"',
        'type = "desk"',
    ]
    return "\n".join(lines) + "\n"


def dotenv(answers: Answers) -> str:
    """The secrets' file: what will stand there, once there are any."""
    from bot.locale import text

    t = partial(text, answers.locale)
    lines = [
        f"# {t('Secrets, one a line. Each network and chat in portavoz.toml has an id; its secret is')}",
        f"# {t('PORTAVOZ_SECRET_ and that id in capitals. Only you may read this file: keep it so.')}",
        "#PORTAVOZ_SECRET_MASTO=",
    ]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """A TOML basic string: JSON's escapes are among its own."""
    return json.dumps(value, ensure_ascii=False)


def _may_write(path: Path, locale: str, *, yes: bool) -> bool:
    """Nothing is overwritten unasked; with `--yes` nobody is there to be asked."""
    from bot.locale import text

    if not os.path.lexists(path):
        return True
    if yes:
        return False
    return confirmed(text(locale, "{file} is there already. Overwrite it?", file=path))


def _write(path: Path, words: str, locale: str) -> None:
    """A private file that appears whole; what stood there before goes only then."""
    from bot.locale import text

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(words)
        part.replace(path)
    except OSError as error:
        words_ = text(locale, "{file} cannot be written: {reason}.", file=path, reason=error.strerror)
        raise Stop(words_, WRONG) from error


def _prove(folder: Path, file: Path, locale: str) -> Settings:
    """Load what was written, or what was left. Raises Silent when that cannot be used."""
    from bot.locale import text
    from bot.settings import SettingsError, load

    try:
        return load(config=file, data=folder, environ=os.environ)
    except SettingsError as error:
        complain(text(locale, "The settings cannot be used:"))
        for problem in error.problems:
            complain(f"- {worded(problem, locale)}")
        raise Silent(WRONG) from error


def _warn(settings: Settings, locale: str) -> None:
    """What loads, and would still stand in the way one day."""
    from bot.core.manning import approvers_light
    from bot.locale import light

    quorum = settings.quorum
    few = approvers_light(settings.as_people(), critical=quorum.critical, crisis=quorum.crisis)
    if few is not None:
        said = light(locale, few)
        complain(f"{said.name}: {said.detail} {said.remedy}")
