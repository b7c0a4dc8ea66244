"""The log: one line for one happening, whatever is in it."""

from __future__ import annotations

import io
import json
import logging
import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

ANY = st.text(st.characters())


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    """Other tests keep the logging they had."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def configured(format: str = "json", level: str = "info", secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level=level, format=format, stream=stream, secrets=secrets)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_its_action_first_then_who_and_what() -> None:
    stream = configured()
    logs.get("engine.outbox").info("reply.published", ticket="K7Q2", attempt=2)
    (line,) = lines(stream)
    assert next(iter(line)) == "action"
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "action": "reply.published",
        "ticket": "K7Q2",
        "attempt": 2,
        "level": "info",
        "logger": "engine.outbox",
    }


def test_an_action_may_be_given_by_name_with_a_message() -> None:
    stream = configured()
    logs.get("x").warning("it went wrong", action="publish")
    assert lines(stream)[0]["action"] == "publish"
    assert lines(stream)[0]["message"] == "it went wrong"


def test_what_is_bound_to_the_context_stands_in_every_line() -> None:
    stream = configured()
    with structlog.contextvars.bound_contextvars(ticket="K7Q2"):
        logs.get("x").info("a")
    logs.get("x").info("b")
    assert [line.get("ticket") for line in lines(stream)] == ["K7Q2", None]


def test_a_terminal_gets_text_and_a_file_gets_json() -> None:
    terminal = Terminal()
    logs.configure(format="auto", stream=terminal)
    logs.get("x").info("reply.published", ticket="K7Q2", why="so it is", nothing="")
    assert terminal.getvalue()[8:] == " info    reply.published  ticket=K7Q2 why='so it is' nothing=''\n"
    file = configured("auto")
    logs.get("x").info("reply.published")
    assert lines(file)[0]["action"] == "reply.published"


def test_lines_below_the_level_are_left_out() -> None:
    stream = configured(level="warning")
    logs.get("x").info("a")
    logs.get("x").error("b")
    assert [line["action"] for line in lines(stream)] == ["b"]


def test_libraries_and_warnings_come_the_same_way() -> None:
    stream = configured()
    logging.getLogger("some.library").info("hello %s", "you\n2026 forged")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old ways", stacklevel=1)
    first, second = lines(stream)
    assert (first["action"], first["message"], first["logger"]) == (
        "library",
        "hello you\\n2026 forged",
        "some.library",
    )
    assert "old ways" in second["message"]


def test_the_server_logs_through_us_and_not_every_request() -> None:
    logging.getLogger("uvicorn").addHandler(logging.StreamHandler(io.StringIO()))
    logging.getLogger("uvicorn").propagate = False
    stream = configured()
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("uvicorn.error").warning("slow")
    logging.getLogger("uvicorn.access").info("GET /in/one-time-token")
    logging.getLogger("httpx").info("GET https://api.example/bot123/getMe")
    assert [line["message"] for line in lines(stream)] == ["slow"]


def test_configuring_again_does_not_double_lines() -> None:
    configured()
    stream = configured()
    logs.get("x").info("a")
    assert len(lines(stream)) == 1


@pytest.mark.parametrize("format", ["json", "text"])
def test_secrets_are_hidden_wherever_they_stand(format: str) -> None:
    stream = configured(format, secrets=("hush-hush", "hush/2"))
    log = logs.get("x")
    log.info("a", url="https://x.example/?k=hush-hush", nested={"deep": ["hush/2"], "hush-hush": 1})
    log.info("b", bot_token="abc", headers={"Authorization": "Bearer abcdef"})
    log.info("c hush-hush", shape="xoxb-123456789-abcdef", url="https://u:pw123@host/")
    logging.getLogger("lib").warning("failed with Bearer abcdef123")
    log.error("d", exc_info=ValueError("token=hush-hush"))
    shown = stream.getvalue()
    for secret in ("hush-hush", "hush/2", "abc", "abcdef", "xoxb", "pw123"):
        assert secret not in shown.replace("ValueError", ""), secret
    assert shown.count("***") >= 9


def test_a_secret_is_not_shown_by_writing_its_invisible_characters_out() -> None:
    stream = configured(secrets=("ab\u202ecd",))
    logs.get("x").info("a", value="ab\u202ecd", cut="abcd-" + "xoxb-12345678\u200b9abc")
    assert "ab\\\\u202ecd" not in stream.getvalue()
    assert "12345678" not in stream.getvalue()


def test_texts_of_people_are_not_logged_only_their_length() -> None:
    stream = configured()
    logs.get("x").info("item.arrived", text="My phone is 600 123 123", draft="Hola", note=None)
    (line,) = lines(stream)
    assert "600" not in stream.getvalue()
    assert (line["text_length"], line["draft_length"], line["note"]) == (23, 4, None)


@pytest.mark.parametrize("format", ["json", "text"])
def test_a_traceback_cannot_forge_a_line(format: str) -> None:
    stream = configured(format)
    forged = ValueError("bad\n21:33:05 info    reply.approved  ticket=K7Q2\x1b[2J")
    logs.get("x").error("it.failed", exc_info=forged)
    shown = stream.getvalue()
    assert "\x1b" not in shown
    if format == "json":
        assert len(shown.splitlines()) == 1
    else:
        first, *rest = shown.splitlines()
        assert "it.failed" in first
        assert all(line.startswith("  | ") for line in rest)


def test_a_traceback_shows_no_values_of_variables() -> None:
    stream = configured()

    def fail(customer: str) -> None:
        raise RuntimeError(len(customer))

    try:
        fail("Eva " + "600 " * 2)
    except RuntimeError:
        logs.get("x").exception("it.failed")
    assert "RuntimeError" in stream.getvalue()
    assert "600 600" not in stream.getvalue()


def test_a_secret_at_the_cut_is_hidden_whole() -> None:
    stream = configured(secrets=("hush-hush",))
    logs.get("x").info("a", long="x" * (logs.LONGEST - 4) + "hush-hush")
    assert "hush" not in stream.getvalue()


def test_long_and_deep_values_are_cut() -> None:
    stream = configured()
    deep: Any = "end"
    for _ in range(50):
        deep = [deep]
    logs.get("x").info("a", long="x" * 1_000_000, deep=deep, many=list(range(1000)), odd={1: b"\x00"})
    (line,) = lines(stream)
    assert line["long"].endswith("... (+998000)")
    assert line["deep"] == [[[["..."]]]]
    assert len(line["many"]) == 50
    assert line["odd"] == {"1": "b'\\x00'"}


@given(ANY)
def test_nothing_invisible_survives(text: str) -> None:
    shown = logs.neutralise(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]
    assert logs.neutralise(shown) == shown
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_what_can_be_seen_stays(text: str) -> None:
    assert logs.neutralise(text) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\r\nb", "a\\r\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("\ud800", "\\ud800"),
        ("🧑\u200d🍳", "🧑\\u200d🍳"),
    ],
)
def test_what_cannot_be_seen_is_written_out(raw: str, shown: str) -> None:
    assert logs.neutralise(raw) == shown


@given(ANY, ANY, st.sampled_from(["json", "text"]))
def test_any_happening_is_one_line(action: str, value: str, format: str) -> None:
    stream = configured(format)
    logs.get("x").info(action, value=value)
    logs.get("x").info("action", **{"key" + value: {value: [value]}})
    assert len(stream.getvalue().splitlines()) == 2
    stream.getvalue().encode("utf-8")
