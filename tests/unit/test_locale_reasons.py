"""No code of ours is shown as it stands: not on a card of any chat, not in the terminal, in no language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.cli import tables
from bot.core import folding
from bot.core.messages import Announce
from bot.core.types import Finding, Light, TicketStatus
from bot.core.views import Card
from bot.engine.ghostwriter import UNWELL
from bot.locale import available, closed_because, describe, explain, light, reason, reason_in_full
from bot.locale import failures as f
from bot.locale import sentences as s
from bot.locale.answering import _card
from bot.triage.noise import RULES
from handlers.chats.desk.view import problem
from handlers.chats.discord import drafts as discord
from handlers.chats.discord.view import View as DiscordView
from handlers.chats.slack import card as slack
from handlers.chats.slack.wire import DEAD, LATER, UNSURE
from handlers.chats.telegram import wordings as telegram
from handlers.chats.telegram.card import View as TelegramView
from tests.contract.chat_world import World
from tests.support.calls import PACKAGE, argument, calls, literals
from tests.unit.test_locale_letters import ordered

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GIVING = (
    ("replace", "problem", 99),
    ("withdraw", "problem", 1),
    ("unapprove", "problem", 1),
    ("uncertain", "problem", 1),
    ("not_sent", "problem", 1),
    ("fall_back", "because", 2),
    ("_fall", "because", 2),
    ("Trouble", "reason", 0),
    ("Permanent", "reason", 0),
    ("_bury", "problem", 1),
    ("Unknown", "detail", 9),
    ("bury", "problem", 3),
    ("Gone", "reason", 9),
)
"""What takes a reason: the call, the argument's name and its place."""


def _constants() -> dict[str, str]:
    """Names that stand for a code, like `replies.ANSWER_LOST`."""
    found: dict[str, str] = {}
    for folder in ("core", "engine"):
        for file in (PACKAGE / folder).glob("*.py"):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                    found |= {one.id: str(node.value.value) for one in node.targets if isinstance(one, ast.Name)}
    return found


def _given(node: ast.expr | None, known: dict[str, str]) -> Iterator[str]:
    """The codes that an argument can be, and those of its parts."""
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.expr):
            yield from literals(part)
        name = part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "")
        if name in known:
            yield known[name]


def _fallen() -> Iterator[str]:
    """Why an approval does not hold any more, as the core answers it."""
    for node in ast.walk(ast.parse((PACKAGE / "core" / "publishing.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == "approval_problem":
            for part in ast.walk(node):
                if isinstance(part, ast.Return):
                    yield from literals(part.value)


def given() -> set[str]:
    """Every code of the core and the engine that can become a reason."""
    known = _constants()
    found = set(_fallen()) | {because.value for because in UNWELL}
    for _, called, node in calls("core", "engine"):
        for name, argument_, place in GIVING:
            if called == name:
                found |= set(_given(argument(node, argument_, place), known))
    return {code for code in found if code}


CODES = sorted(given())


def test_the_codes_are_found_in_the_program() -> None:
    assert set(CODES) >= {"superseded", "refused", "closed", "not_posted", "answer_lost", "look_first", "expired"}
    assert set(CODES) >= {"erased", "restored", "changed", "no_such_room", "digest_lost", "timeout", "key_refused"}
    assert set(CODES) <= set(f.PROBLEMS) | set(s.BECAUSE)


@pytest.mark.parametrize("code", sorted({*CODES, *f.PROBLEMS, *s.BECAUSE, *DEAD, *UNSURE, *LATER}))
def test_every_code_is_words_in_every_language(code: str) -> None:
    said = {locale: reason(locale, code) for locale in available()}
    assert len(set(said.values())) == len(said), "not translated"
    for words in said.values():
        assert " " in words
        assert "_" not in words
        assert code not in (words, words.lower())


def test_what_is_behind_a_code_stays_and_foreign_words_are_left_alone() -> None:
    assert reason("es", "missing_scope: chat:write") == "a la aplicación le falta un permiso: chat:write"
    assert reason("es", "KeyError") == "un error inesperado, KeyError; el registro dice más"
    assert reason("en", "TimeoutError") == reason("en", "ReadTimeout") == "no answer came in time"
    assert reason("es", "No space left for x.db") == "No queda espacio para x.db"
    assert reason("es", "Try later: missing_scope") == "Try later: missing_scope"
    assert reason_in_full("en", "refused") == "The team refused this draft."
    assert reason_in_full("en", "spam, they say") == "spam, they say"


def test_a_language_has_its_name() -> None:
    wrong = Finding(rule="wrong_language", level="block", words="en")
    assert describe("es", wrong).startswith("Está en inglés, no en el idioma de quien escribió el comentario.")
    assert describe("en-GB", wrong).startswith("It is in English, not in the commenter's language.")
    assert describe("en", replace(wrong, words="xx")).startswith("It is in xx, not")


# --- cards ----------------------------------------------------------------------------------------------------------


def slack_card(card: Card, locale: str) -> str:
    shown = slack.thread(card, slack.View(locale=locale))
    return "\n".join(json.dumps(list(one.blocks), ensure_ascii=False) for one in shown)


def telegram_card(card: Card, locale: str) -> str:
    return "\n".join(one.html for one in telegram.thread(card, TelegramView(locale=locale)))


def discord_card(card: Card, locale: str) -> str:
    shown = discord.thread(card, DiscordView(locale=locale))
    return "\n".join(json.dumps(list(one.embeds), ensure_ascii=False) for one in shown)


def desk_card(card: Card, locale: str) -> str:
    said = [f"⚠️ {problem(locale, reply.problem)}" for reply in card.replies if reply.problem]
    return "\n".join([*said, *([f"📁 {closed_because(locale, card.close_reason)}"] if card.close_reason else [])])


def typed_card(card: Card, locale: str) -> str:
    return _card(locale, card, NOW).whole


SHOWING: dict[str, Callable[[Card, str], str]] = {
    "slack": slack_card,
    "telegram": telegram_card,
    "discord": discord_card,
    "desk": desk_card,
    "typed": typed_card,
}


def card_with(code: str) -> Card:
    world = World()
    card = world.card_now(world.comment())
    assert card.reply is not None
    return replace(card, replies=(replace(card.reply, problem=code),))


@pytest.mark.parametrize("locale", available())
@pytest.mark.parametrize("chat", SHOWING)
def test_a_card_says_why_in_words_in_every_chat(chat: str, locale: str) -> None:
    for code in CODES:
        shown = SHOWING[chat](card_with(code), locale)
        words = reason(locale, code)
        assert words[1:] in shown.replace("&#x27;", "'").replace("\\'", "'"), code
        assert f"⚠️ {code}" not in shown, code


@pytest.mark.parametrize("locale", available())
@pytest.mark.parametrize("chat", SHOWING)
def test_a_card_says_in_words_why_a_comment_was_folded_away(chat: str, locale: str) -> None:
    for code in (folding.MUTED, *RULES):
        world = World()
        card = world.card_now(world.comment())
        shut = replace(card, line=replace(card.line, status=TicketStatus.CLOSED), close_reason=code)
        shown = SHOWING[chat](shut, locale)
        assert closed_because(locale, code) in shown, code
        assert re.search(rf"📁 {code}(?! words)", shown) is None
        assert closed_because(locale, "solved by phone") == "solved by phone"


def test_the_terminal_says_why_in_words_too(capsys: pytest.CaptureFixture[str]) -> None:
    for code in CODES:
        tables.card(card_with(code), "es", NOW, UTC)
        shown = " ".join(capsys.readouterr().out.split())
        assert reason("es", code) in shown, code
    card = card_with("closed")
    shut = replace(card, line=replace(card.line, status=TicketStatus.CLOSED), close_reason="tags")
    tables.card(shut, "es", NOW, UTC)
    assert "Cerrado porque: solo menciones a otras personas" in capsys.readouterr().out


# --- what is announced, what shows a light --------------------------------------------------------------------------


@pytest.mark.parametrize("type_", sorted(ordered()))
def test_what_was_given_up_is_named_in_words(type_: str) -> None:
    params: dict[str, Any] = {"what": f"{type_} K7Q2", "reason": "no_such_room"}
    said = {locale: explain(locale, Announce(code="dead_letter", params=params)) for locale in available()}
    assert len(set(said.values())) == len(said)
    for words in said.values():
        assert f": {type_}," not in words
        assert ", K7Q2 (" in words
    bare = Announce(code="dead_letter", params={"what": f"{type_} ", "reason": "digest_lost"})
    assert f"{explain('en', bare)}".startswith("This could not be done, and is not tried again by itself: ")


@pytest.mark.parametrize("because", sorted(one.value for one in UNWELL))
def test_an_account_that_fails_says_why_in_words(because: str) -> None:
    about: dict[str, Any] = {"part": "drafter", "account": "drafter", "reason": because}
    for locale in available():
        assert because not in explain(locale, Announce(code="account_failed", params=about))
        for code in ("account_failing", "account_auth", "account_unreachable"):
            assert because not in light(locale, Light(code=code, state="red", params=about)).detail
