"""What adapters say of themselves is recognised, whatever is filled in, and said in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import handlers.networks
from bot.core.messages import Announce
from bot.core.types import Light
from bot.locale import explain, light, reason
from bot.locale.remarks import remark

FOLDER = Path(handlers.networks.__file__).parent
ADAPTERS = ("bluesky", "discord", "feed", "mail", "mastodon", "telegram", "wall", "webhook", "wordpress")
CHATS = ("discord", "slack", "telegram")
SAYING = {"AuthExpired", "Transient", "Permanent", "OutcomeUnknown", "Rejected", "NoSecret", "ReplyRefused"}
"""Whose first argument, or `reason`, is a sentence for people."""


def _templates(node: ast.expr, known: dict[str, str]) -> Iterator[str]:
    """The sentences that an argument can be; `7` stands for what is filled in."""
    if isinstance(node, ast.IfExp):
        yield from (*_templates(node.body, known), *_templates(node.orelse, known))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in known:
        yield known[node.id]
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


def _said() -> Iterator[tuple[str, str]]:
    networks = (file for adapter in ADAPTERS for file in (FOLDER / adapter).rglob("*.py"))
    chats = (file for adapter in CHATS for file in (FOLDER.parent / "chats" / adapter).rglob("*.py"))
    for file in sorted((*networks, *chats, *FOLDER.parent.glob("*.py"))):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        }  # fmt: skip
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            warns = name == "append" and isinstance(node.func, ast.Attribute) and "warn" in ast.unparse(node.func.value)
            named = [one.value for one in node.keywords if one.arg == "reason"]
            for argument in [*named, *node.args[:1]] if name in SAYING or warns else []:
                yield from ((file.name, said) for said in _templates(argument, known))


def test_every_sentence_of_an_adapter_has_its_spanish() -> None:
    found = {said for _, said in _said() if " " in said}
    assert len(found) > 50
    # A secret's own problem is filled in.
    found = {said.replace("7 7; 7", "7 is not base64 behind its prefix; make one with: 7") for said in found}
    found = {said.replace("; 7", "; make one with: 7") if "make one" not in said else said for said in found}
    found = {"The platform answered 7." if said == "The platform answered 77." else said for said in found}
    assert {said for said in found if remark("es", said) == said} == set()
    assert {said for said in found if remark("en", said) != said} == set()


def test_what_it_passes_on_is_said_likewise_and_a_networks_own_words_stay() -> None:
    said = "The folder “Sent” cannot be opened. The mail server said: select failed: {locale}"
    assert remark("es", said) == (
        "La carpeta «Sent» no se puede abrir. El servidor de correo dijo: select failed: {locale}"
    )
    for foreign in ("Value not allowed", "", "{reason}", "x" * 5000):
        assert remark("es", foreign) == foreign


def test_people_read_it_wherever_a_reason_is_told() -> None:
    assert reason("es", "A feed can only be read.") == "Un feed solo se puede leer."
    params = {"part": "network", "account": "masto", "reason": "PORTAVOZ_SECRET_MASTO is not set"}
    told = light("es", Light(code="account_auth", state="red", params=params)).detail
    assert told == "No nos deja entrar: no se ha puesto PORTAVOZ_SECRET_MASTO"
    announced = Announce(code="account_failed", params={"account": "masto", "reason": "The stream ended."})
    assert "El flujo en directo terminó." in explain("es", announced)
