"""Lights in words, and that nothing is lacking in them."""

from __future__ import annotations

from bot.core.types import Light
from bot.locale import LightText, available, light
from bot.locale.catalogue import places
from bot.locale.lights import LIGHTS


def worded(shown: Light, locale: str = "en") -> LightText:
    """The light's words; fails when its code has none, or when a value that they want was not given."""
    wanted = frozenset[str]().union(*map(places, LIGHTS[shown.code]))
    assert wanted <= set(shown.params), shown
    said = {one: light(one, shown) for one in available()}
    assert all(words.name and words.state for words in said.values()), shown
    return said[locale]
