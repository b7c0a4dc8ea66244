"""Making JSON, or the fields of a form, of what somebody sends; or saying why not."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from handlers.bounded import Unread, read_body
from handlers.networks.wall.rules import BODY_LIMIT

DRAINED = 32 * 1024 * 1024  # read and dropped, so that the sender gets to see the refusal
PATIENCE_SECONDS = 20.0


class BadRequest(Exception):
    """The request cannot be understood. `status` is HTTP's, `code` stable, `detail` a sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


async def read_json(request: Request) -> dict[str, Any]:
    """The JSON object in the body. Raises BadRequest."""
    _expect(request, "application/json")
    text = await _read_text(request)
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise BadRequest(400, "bad_json", "The JSON is nested too deeply.") from error
    except json.JSONDecodeError as error:
        detail = f"The body is not JSON: {error.msg} (character {error.pos})."
        raise BadRequest(400, "bad_json", detail) from error
    except ValueError as error:
        raise BadRequest(400, "bad_json", "The JSON contains a number with too many digits.") from error
    if not isinstance(value, dict):
        raise BadRequest(400, "bad_json", "The body must be a JSON object.")
    return value


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; of several with one name the last. Raises BadRequest."""
    _expect(request, "application/x-www-form-urlencoded")
    text = await _read_text(request)
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError as error:
        raise BadRequest(400, "bad_form", "The form cannot be read.") from error


def string(fields: dict[str, Any], name: str) -> str:
    """A field that must be there and be text. Raises BadRequest."""
    if name not in fields:
        raise BadRequest(400, "missing_field", f"The field {name!r} is missing.")
    value = fields[name]
    if not isinstance(value, str):
        raise BadRequest(400, "wrong_type", f"The field {name!r} must be a string.")
    return value


def optional_string(fields: dict[str, Any], name: str) -> str | None:
    """A field that may be missing or null, and else must be text. Raises BadRequest."""
    return None if fields.get(name) is None else string(fields, name)


def _expect(request: Request, wanted: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise BadRequest(415, "wrong_content_type", f"Send the body as {wanted}.")


async def _read_text(request: Request) -> str:
    body = await _read_bytes(request)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"The body is not UTF-8: byte {error.start} cannot be read."
        raise BadRequest(400, "bad_encoding", detail) from error


async def _read_bytes(request: Request) -> bytes:
    told = f"The body is larger than {BODY_LIMIT} bytes."
    try:
        return await read_body(request, largest=BODY_LIMIT, drained=DRAINED, seconds=PATIENCE_SECONDS, too_large=told)
    except Unread as error:
        raise BadRequest(error.status, error.code, error.detail) from error
