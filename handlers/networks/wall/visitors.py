"""Who a visitor is: a random cookie for people, an edit token for programs. There are no accounts."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from handlers.networks.wall.service import hashed

COOKIE = "wall_visitor"
EDIT_TOKEN = "edit-token"  # noqa: S105 - the header's name
YEAR_SECONDS = 365 * 24 * 3600

_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes; nothing shorter is believed


def visitor_of(request: Request) -> str | None:
    """The cookie's value, when it looks like one of ours."""
    value = request.cookies.get(COOKIE, "")
    return value if _WELL_FORMED.fullmatch(value) else None


def new_form() -> str:
    """A random name for a form, by which a form that was sent twice is recognised."""
    return secrets.token_urlsafe(32)


def new_visitor(form: str | None) -> str:
    """A cookie for somebody who writes for the first time.

    It follows from his form's name, which nobody else knows: whoever clicks twice before the first answer came is
    still one person with one comment.
    """
    if form is None:
        return secrets.token_urlsafe(32)
    return base64.urlsafe_b64encode(hashlib.sha256(f"visitor:{form}".encode()).digest()).decode().rstrip("=")


def form_of(fields: dict[str, str]) -> str | None:
    """The form's name, when it looks like one of ours."""
    name = fields.get("key", "")
    return name if _WELL_FORMED.fullmatch(name) else None


def owner_of(request: Request) -> frozenset[str]:
    """Hashes of everything by which the caller may show that a comment is his."""
    shown = (visitor_of(request), request.headers.get(EDIT_TOKEN))
    return frozenset(hashed(token) for token in shown if token)


def remember(response: Response, visitor: str, *, path: str, secure: bool) -> None:
    """Give the visitor his cookie; scripts cannot read it and other sites cannot use it."""
    response.set_cookie(COOKIE, visitor, max_age=YEAR_SECONDS, path=path, secure=secure, httponly=True, samesite="lax")


def from_elsewhere(request: Request, base_url: str) -> bool:
    """Whether another site's page sent this form."""
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("origin")
    own = {f"http://{request.headers.get('host')}", f"https://{request.headers.get('host')}", base_url}
    return origin is not None and origin not in own
