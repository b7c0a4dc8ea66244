"""A comment made ready for the rules: capped, folded, cut into tokens. Linear time whatever comes in."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.core.plaintext import fold, visible
from bot.core.remembering import remembered

# What is looked at. Nobody's mood or need hides behind the four-thousandth character.
MOST_CHARACTERS = 4_000
MOST_TOKENS = 700
BREAKS = frozenset(".,?!")
_LONGEST_UNSTRETCHED = 2
# What emoticons end with, and no break does.
_SMILES = frozenset(")dDpP3")
_FROWNS = frozenset("(/")
# Signs of punctuation stand before it, pictures behind.
_LAST_SIGN = 0x2100

_PICTURES = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_TLDS = "com|net|org|es|me|ly|tv|io|be|gl|info"
_URL = re.compile(rf"(?:https?://|www\.)\S+|(?<![\w.@-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_TLDS})(?:/\S*)?(?!\w)")
# What the pattern above cannot do without, as a search that jumps from dot to dot.
_DOT_TLD = re.compile(rf"\.(?:{_TLDS})(?!\w)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_HANDLE = re.compile(r"(?<!\w)[@\uff20][\w.]{1,60}")
_HASHTAG = re.compile(r"(?<!\w)[#\uff03]\w{1,100}")
_TOKEN = re.compile(
    r"[^\W_]+(?:['\u2019][^\W\d_]+)*|[:;=]-?[)dDpP3]|<3|[:;=]'?-?[(/]|[.\u2026;:\n!?\u00a1\u00bf,]+"
    f"|[{_PICTURES}]"
)
_PICTURE = re.compile(f"[{_PICTURES}\ufe0f\u200d]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
# The folded forms of the commonest words. Single words of letters only, and few: no text and no number stays behind.
_REMEMBERED = 512
_LONGEST_REMEMBERED = 24


def capped(text: str) -> str:
    """The beginning of a text, as much as is looked at."""
    return text[:MOST_CHARACTERS]


def bare(text: str) -> str:
    """The visible text without links, e-mail addresses, mentions and the signs of hashtags."""
    plain = visible(text)
    if "@" in plain:
        plain = _EMAIL.sub(" ", plain)
    if _may_link(plain):
        plain = _URL.sub(" ", plain)
    return _HANDLE.sub(" ", plain) if "@" in plain or "\uff20" in plain else plain


def bare_with_breaks(plain: str) -> str:
    """A visible text with a line break for each link, address, mention, hashtag and picture: nothing is stitched."""
    calls, tags = "@" in plain or "\uff20" in plain, "#" in plain or "\uff03" in plain
    # In this order, and each pattern only where the sign stands that it cannot do without.
    for needed, pattern in (
        (calls, _EMAIL),
        (_may_link(plain), _URL),
        (calls, _HANDLE),
        (tags, _HASHTAG),
        (not plain.isascii(), _PICTURE),
    ):
        plain = pattern.sub("\n", plain) if needed else plain
    return plain


def _may_link(plain: str) -> bool:
    """False only where there is no link for sure; far cheaper than to look for one."""
    return "://" in plain or "www." in plain or _DOT_TLD.search(plain) is not None


def without_tags(text: str) -> str:
    """The text without hashtags."""
    return _HASHTAG.sub(" ", text) if "#" in text else text


def letters(text: str) -> list[str]:
    """The runs of letters in a text."""
    return _LETTERS.findall(text)


class Tokens(NamedTuple):
    """Two parallel lists: the tokens folded, for comparing, and as they were written, for showing."""

    folded: list[str]
    shown: list[str]


def tokens(text: str) -> Tokens:
    """Words, "." "," "?" "!" for the breaks between them, ":)" and ":(" for the emoticons, emoji one by one.

    Letters repeated three times or more are said once in the folded form: "holaaaa" is "hola".
    """
    shown: list[str] = _TOKEN.findall(text)
    folded = [_common_word(raw) if raw.isalpha() and len(raw) <= _LONGEST_REMEMBERED else _token(raw) for raw in shown]
    if "" in folded:
        # A letter that is nothing but a mark.
        shown = [raw for raw, token in zip(shown, folded, strict=True) if token]
        folded = [token for token in folded if token]
    return Tokens(folded[:MOST_TOKENS], shown[:MOST_TOKENS])


def _token(raw: str) -> str:
    """What a raw token counts as; a break is named by its strongest sign."""
    if raw[0].isalnum():
        return _word(raw)
    if ord(raw[0]) > _LAST_SIGN:
        return raw
    if raw[-1] in _SMILES or raw[-1] in _FROWNS:
        return ":)" if raw[-1] in _SMILES else ":("
    if "?" in raw:
        return "?"
    if "!" in raw:
        return "!"
    return "," if set(raw) == {","} else "."


def _word(raw: str) -> str:
    word = fold(raw)
    return _STRETCHED.sub(r"\1", word) if len(word) > _LONGEST_UNSTRETCHED else word


_common_word = remembered(_REMEMBERED)(_word)
