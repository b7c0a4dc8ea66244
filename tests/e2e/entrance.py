"""`portavoz WORDS...` in the tests' own process: the same entrance without the second that Python takes to start."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from bot.cli.app import start
from tests.e2e.process import Portavoz


@dataclass
class Answer:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@contextmanager
def undisturbed() -> Iterator[None]:
    """The log of this process as it was."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:], root.level = before
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()


def here(*words: str, stdin: bytes | str = "", **environ: str) -> Answer:
    """`portavoz WORDS...` in this process: the same entrance without the second that Python takes to start."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    given = io.TextIOWrapper(io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", given)
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        with undisturbed(), pytest.raises(SystemExit) as ended:
            start(words)
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Answer(ended.value.code if isinstance(ended.value.code, int) else 0, *texts)


def say(bot: Portavoz, *words: str, stdin: bytes | str = "") -> Answer:
    """The same in the folder of the running bot."""
    return here("--data", str(bot.data), *words, stdin=stdin, **bot.environ)


def ask(bot: Portavoz, *words: str) -> Any:
    """The same with `--json`, which has to succeed; what it printed."""
    answer = say(bot, *words, "--json")
    assert answer.returncode == 0, answer
    return json.loads(answer.stdout)
