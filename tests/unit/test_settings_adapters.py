"""A mistake in an adapter's own settings is told with the account, the setting, the problem and what to do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.adapters import adapter_config, adapter_module
from bot.settings import SettingsError
from bot.settings.entries import NetworkEntry
from bot.wiring import routes_of

README = "The README's chapter on “{}” shows how it is written."
CASES: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"type": "mastodn"}, ["[[networks]] x: type: there is no adapter called “mastodn”. Did you mean 'mastodon'?"]),
    (
        {"type": "mastodon", "base_ulr": "https://m.example"},
        [
            f"[[networks]] x: base_url: is missing. {README.format('mastodon')}",
            "[[networks]] x: base_ulr: is not a setting. Did you mean 'base_url'?",
        ],
    ),
    ({"type": "wall", "expire": 1}, ["[[networks]] x: expire: is not a setting. Did you mean 'expires'?"]),
    (
        {"type": "feed", "url": "https://f.example", "first_hours": "a day"},
        [f"[[networks]] x: first_hours: is not a number. {README.format('feed')}"],
    ),
    (
        {"type": "wordpress", "base_url": "http://blog.example"},
        [
            "[[networks]] x: base_url: must begin with https://, else the password could be read on its way. "
            + README.format("wordpress")
        ],
    ),
    (
        {"type": "bluesky", "handle": "cafe alba"},
        [f"[[networks]] x: handle: is not of the right form. {README.format('bluesky')}"],
    ),
    (
        {"type": "webhook"},
        [
            "[[networks]] x: set reply_url, or else url: the page where people post replies by hand. "
            + README.format("webhook")
        ],
    ),
)


def test_each_mistake_is_one_sentence_that_says_what_to_do() -> None:
    for fields, wanted in CASES:
        entry = NetworkEntry(id="x", **fields)
        with pytest.raises(SettingsError) as caught:
            adapter_config(adapter_module("networks", entry), "networks", entry)
        assert sorted(map(str, caught.value.problems)) == sorted(wanted)


def test_a_handle_may_be_written_as_people_write_it() -> None:
    entry = NetworkEntry(id="x", type="bluesky", handle=" @cafealba.bsky.social")  # type: ignore[call-arg]
    assert adapter_config(adapter_module("networks", entry), "networks", entry).handle == "cafealba.bsky.social"


def test_two_networks_at_one_address_are_told_apart_by_a_person() -> None:
    def at(*paths: str) -> Any:
        return SimpleNamespace(routes=lambda: [SimpleNamespace(path=path) for path in paths])

    parts = SimpleNamespace(networks={"one": at("/docs", "/wall"), "two": at("/docs", "/wall/b", "/sample")}, chats={})
    assert len(routes_of(cast("Any", parts))) == 5
    parts.networks["three"] = at("/sample")
    with pytest.raises(SettingsError, match=r"three: path: /sample is the address of “two” already\. Give each"):
        routes_of(cast("Any", parts))
