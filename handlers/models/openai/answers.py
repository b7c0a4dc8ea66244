"""What a model answers: the schema that is asked for, and a reading that forgives form but not content.

Endpoints differ: some hold to a schema (https://platform.openai.com/docs/guides/structured-outputs), some only to
JSON, some to nothing. Whatever comes is read as text, looked through for one object, and checked by pydantic.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, field_validator

from bot.core.drafting import MOST
from bot.core.types import Kind, Severity

LONGEST = 20_000
"""Characters of one wording; no network takes a longer reply."""
_TRIES = 20
"""Opening braces at which an object is looked for."""


class Unreadable(Exception):
    """There is no answer in it."""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)][:20] if isinstance(value, list) else []


def _yes(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() in {"true", "yes"})


Lenient = Annotated[str, BeforeValidator(_text)]


class Wording(BaseModel):
    """One wording of a reply. `point` and `why` are read by nobody: they make the model think of them."""

    reply: str = Field(max_length=LONGEST)
    language: Lenient = ""
    point: Lenient = ""
    facts_used: Annotated[list[str], BeforeValidator(_texts)] = []
    needs_human: Annotated[bool, BeforeValidator(_yes)] = False
    why: Lenient = ""

    @field_validator("reply")
    @classmethod
    def _stripped(cls, value: str) -> str:
        return value.strip()


class Answer(BaseModel):
    """The whole answer. An opinion that is none of the words is no opinion."""

    drafts: list[Wording] = Field(min_length=1)
    kind: Kind | None = None
    severity: Severity | None = None

    @field_validator("kind", "severity", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        return value if isinstance(value, str) and value in {*Kind, *Severity} else None

    @field_validator("drafts", mode="before")
    @classmethod
    def _few(cls, value: object) -> object:
        return value[:MOST] if isinstance(value, list) else value


def schema(alternatives: int, *, opinions: bool) -> dict[str, Any]:
    """The `response_format` that holds an endpoint to the schema, in the subset that all of them take."""
    properties = {
        "reply": {"type": "string"},
        "language": {"type": "string"},
        "point": {"type": "string"},
        "facts_used": {"type": "array", "items": {"type": "string"}},
        "needs_human": {"type": "boolean"},
        "why": {"type": "string"},
    }
    wording = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    drafts = {"type": "array", "items": wording, "description": f"exactly {alternatives}"}
    whole: dict[str, Any] = {"drafts": drafts}
    if opinions:
        whole["kind"] = {"type": "string", "enum": [kind.value for kind in Kind]}
        whole["severity"] = {"type": "string", "enum": [severity.value for severity in Severity]}
    return _form("drafts", whole)


def _form(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    shape = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": shape}}


SUMMARY = _form("summary", {"summary": {"type": "string"}})
"""The `response_format` of a summary."""


def read(text: str) -> Answer:
    """The answer in a model's text, which may be wrapped in words, thoughts or a code block. Raises Unreadable."""
    for found in _objects(text):
        answer = _checked(found)
        if answer is not None:
            return answer
    raise Unreadable("no object as it was asked for")


def read_summary(text: str) -> str:
    """The summary in a model's text. Raises Unreadable."""
    for found in _objects(text):
        if isinstance(found, dict) and isinstance(found.get("summary"), str):
            return str(found["summary"])[:LONGEST]
    raise Unreadable("no object as it was asked for")


def _objects(text: str) -> Iterator[object]:
    """What can be read as JSON from each of the first opening braces on."""
    decoder = json.JSONDecoder()
    at = -1
    for _ in range(_TRIES):
        at = text.find("{", at + 1)
        if at < 0:
            return
        try:
            found, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        yield found


def _checked(found: object) -> Answer | None:
    """The object as an answer; one that is a single wording counts as a list of one."""
    if not isinstance(found, dict):
        return None
    whole = found if "drafts" in found else {**found, "drafts": [found]}
    try:
        return Answer.model_validate(whole)
    except ValidationError:
        return None
