"""Signatures after Standard Webhooks (https://www.standardwebhooks.com): who sent this, and is it whole?"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as the specification has them."""
MOST = 2
"""Secrets at once: the new one and, while it is being exchanged, the old one."""
WINDOW = 300
"""Seconds that the clocks may differ by. The library allows the same."""
LONGEST_ID = 200
MAKE = 'make one with: echo "whsec_$(openssl rand -base64 32)"'


class NoSecret(Exception):
    """The secret is missing or malformed; the message says which, and how to make one. It never repeats it."""


class NotSigned(Exception):
    """A header is missing or malformed, or no signature fits."""


class OtherClock(Exception):
    """The message is from too long ago, or from the future."""


class Keys:
    """The secrets of an account. The first one is the newest; each of them verifies, and signs."""

    def __init__(self, given: str | None, variable: str) -> None:
        """Raises NoSecret; `variable` names where the secret is to be put."""
        words = (given or "").split()
        if not words:
            raise NoSecret(f"{variable} is not set; {MAKE}")
        if len(words) > MOST:
            raise NoSecret(f"{variable} has more than {MOST} secrets: the new one, a space, the old one")
        for word in words:
            if problem := _problem(word):
                raise NoSecret(f"{variable} {problem}; {MAKE}")
        self._webhooks = [Webhook(word) for word in words]

    def verify(self, data: bytes, headers: Mapping[str, str], now: datetime) -> str:
        """The `webhook-id` of what is signed by one of the secrets. Raises OtherClock or NotSigned."""
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        name, stamp, signature = given = [headers.get(one, "") for one in names]
        if missing := [one for one, value in zip(names, given, strict=True) if not value]:
            raise NotSigned(f"The header {missing[0]} is missing.")
        if len(name) > LONGEST_ID or not (name.isascii() and name.isprintable()):
            raise NotSigned(f"The webhook-id may have {LONGEST_ID} printable ASCII characters.")
        _in_time(stamp, now)
        told = dict(zip(names, (name, stamp, _well_formed(signature)), strict=True))
        if not any(_fits(webhook, data, told) for webhook in self._webhooks):
            raise NotSigned("No signature fits: is the secret the same on both sides, and the body sent as signed?")
        return name

    def headers(self, id: str, data: str, now: datetime) -> dict[str, str]:
        """The headers that go with something of ours: signed with every secret, so that they can be exchanged."""
        signatures = " ".join(webhook.sign(id, now.astimezone(UTC), data) for webhook in self._webhooks)
        return {
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signatures,
        }


def new_id() -> str:
    """An id for a request that nothing else names."""
    return f"msg_{secrets.token_hex(12)}"


def _problem(secret: str) -> str | None:
    if not secret.startswith(PREFIX):
        return f"does not begin with {PREFIX}"
    bare = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return "is not base64 behind its prefix"
    return None if SHORTEST <= len(key) <= LONGEST else f"has not {SHORTEST} to {LONGEST} bytes"


def _in_time(stamp: str, now: datetime) -> None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise NotSigned("The webhook-timestamp must be whole seconds since 1970.")
    late = int(now.timestamp()) - int(stamp)
    if abs(late) > WINDOW:
        which = "behind" if late > 0 else "ahead of"
        ours = now.astimezone(UTC).isoformat(timespec="seconds")
        raise OtherClock(
            f"The webhook-timestamp is {abs(late)} s {which} our clock ({ours}); {WINDOW} s are allowed. "
            "Sign each attempt anew, and set the clock that is wrong."
        )


def _well_formed(signature: str) -> str:
    """The signatures that the library can read: it fails on others."""
    return " ".join(one for one in signature.split()[:20] if one.startswith("v1,") and one.count(",") == 1)


def _fits(webhook: Webhook, data: bytes, headers: dict[str, str]) -> bool:
    try:
        webhook.verify(data, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # the body may be no UTF-8, a signature no base64
        return False
    return True
