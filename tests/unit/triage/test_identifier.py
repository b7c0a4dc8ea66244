"""The cut-down language model: the same judgement as the library's own, and little memory while it is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.triage.identifier import Identifier

ROOT = Path(__file__).parents[3]
EVERYTHING = """
from bot.triage import RuleClassifier
import bot.serve, bot.wiring, bot.web, bot.store.migrate, uvicorn, openai, resvg_py, phonenumbers, alembic.command
import handlers.chats.desk.adapter, handlers.chats.slack.adapter, handlers.chats.slack.ears
import handlers.chats.slack.socket_mode, handlers.chats.discord.adapter, handlers.chats.telegram.adapter
import importlib, pkgutil, handlers.networks
for one in pkgutil.iter_modules(handlers.networks.__path__):
    importlib.import_module(f"handlers.networks.{one.name}" + (".adapter" if one.ispkg else ""))
assert RuleClassifier(languages=("es", "en")).assess("Hola, ¿qué tal?").language == "es"
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""
TEXTS = ("hola qué tal", "the parcel came broken", "merci beaucoup", "danke schön und bis bald", "obrigado pelo pão")


@pytest.mark.slow
def test_it_judges_like_the_library() -> None:
    """What the adapter reckons by itself, against the library's own model, read by the library."""
    languages = ("es", "en", "fr", "pt", "de")
    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(languages)
    ours = Identifier(languages)
    for text in TEXTS:
        wanted = {label: float(share) for label, share in whole.rank(text)}
        found = ours.likelihoods(text.split())
        assert max(found, key=lambda one: found[one]) == max(wanted, key=lambda one: wanted[one])
        assert np.allclose([found[one] for one in wanted], list(wanted.values()), atol=1e-3), text
    with pytest.raises(ValueError, match="does not know xx"):
        Identifier(("xx",))


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads proc(5)")
def test_everything_loaded_at_once_takes_less_than_250_mb_even_at_its_peak() -> None:
    told = subprocess.run(
        [sys.executable, "-c", EVERYTHING],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=120,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert int(told.stdout) / 1024 < 250
