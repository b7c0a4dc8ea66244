"""Comments that say nothing to anybody: emoji alone, or nothing but calls to friends. No language is needed for that.

Whatever might say something is no noise: letters and digits in any disguise (keycaps, squared letters, flags side by
side, characters that show nothing), doubts, alarms and anger. So a person reads one comment too many, never one too
few. Emoji sequences are those of Unicode Technical Standard #51.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.triage.sentiment import BAD

EMOJI, TAGS = "emoji", "tags"
RULES = (EMOJI, TAGS)
"""Nothing but emoji; nothing but mentions of other people, perhaps with emoji."""
LONGEST = 2_000
"""Characters beyond which nobody is so happy: what is longer is looked at by people."""

# Pictures. Left out: letters and signs in boxes or circles, question and exclamation marks, arrows that are signs.
_PICTURE = (
    "\u231a\u231b\u23e9-\u23f3\u23f8-\u23fa\u25b6\u25c0\u2600-\u26ff\u2700-\u2752\u2758-\u2775\u2794-\u27bf"
    "\u2b50\u2b55\U0001f300-\U0001f51e\U0001f525-\U0001f5ff\U0001f600-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f7e0-\U0001f7eb\U0001f90c-\U0001f9ff\U0001fa70-\U0001faff"
)
_TONES = "\U0001f3fb-\U0001f3ff"
_LETTERS = "\U0001f1e6-\U0001f1ff"
_ONE = f"(?![{_TONES}])[{_PICTURE}](?:[\ufe0e\ufe0f]|[{_TONES}]\ufe0f?)?"
# The flags of England, Scotland and Wales: the only ones that are spelled in tags, in which anything can be hidden.
_NATIONS = "|".join("".join(chr(0xE0000 + ord(sign)) for sign in name) for name in ("gbeng", "gbsct", "gbwls"))
_SEQUENCE = f"\U0001f3f4(?:{_NATIONS})\U000e007f|{_ONE}(?:\u200d{_ONE}){{0,8}}|[{_LETTERS}]{{2}}"
# Spaces that are seen as such, and what only adds weight.
_BETWEEN = " \t\n\r\u00a0\u3000!.,\u2026"
_HANDLE = r"@[^\W_]\w{0,39}(?:[.-]\w{1,39}){0,6}(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?)?"
# There is one way at most to match a text, so that little is tried twice. Possessive repeats would say so, but Python
# 3.11.2 misses matches with them, and for the package `regex` the joiners of emoji are letters.
_PICTURES = re.compile(f"(?:[{_BETWEEN}]|{_SEQUENCE})+")
_CALLS = re.compile(rf"(?:[{_BETWEEN}]|{_SEQUENCE}|(?<![\w.@-]){_HANDLE}(?![\w@]))+")
_CALL = re.compile(_HANDLE)
_FLAG = re.compile(f"[{_LETTERS}]{{2}}")
_ANY = re.compile(f"{_SEQUENCE}")
_REGIONS = frozenset(
    (
        "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
        "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES "
        "ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE "
        "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC "
        "MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE "
        "PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
        "SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS "
        "XK YE YT ZA ZM ZW"
    ).split()
)
# Beside what triage takes for a bad mood: doubt and scorn, alarm, violence, illness, vermin.
_UNQUIET = BAD | frozenset(
    "🤔🤨🧐🙃😐😶😬😧😦😥😪🥱🫤🫥🥺🤥🤡👹👺💀☠☡💢🙅🤷👊⚠☢☣🚨🛑⛔🚫❌🚷📛🔞✖🔪🗡⚔🔫💣🧨🪓⛓🏴⚰🪦"
    "🩸💉💊🏥🚑🚒🚓🚔👮🦠🤒🤕🤧🥴🥵🥶😵🤯"
    "🐍🐀🐁🪳🪰🪱🐛🪲🦟🐷🐽🐖🗑🚮🚽🥀🧻🩻🚩"
)


def noise_in(text: str, rules: Collection[str], own: Collection[str] = ()) -> str | None:
    """Which of the rules takes a comment for noise: `emoji` or `tags`; None for one that people should see.

    Args:
        text: as it came.
        rules: those that are in force.
        own: what the account is called. A comment that mentions it speaks to us.
    """
    if len(text) > LONGEST:
        return None
    if EMOJI in rules and _PICTURES.fullmatch(text):
        return EMOJI if _harmless(text) else None
    if TAGS in rules and "@" in text and _CALLS.fullmatch(text) and _harmless(_CALL.sub("", text), bare=True):
        return TAGS if not _ours(_CALL.findall(text), own) else None
    return None


def called(text: str) -> str:
    """The mentions in a text spelled out as words: `@they_robbed_me` may be nobody's name."""
    return " ".join(re.sub(r"[@_.\-]+", " ", call) for call in _CALL.findall(text))


def _harmless(text: str, *, bare: bool = False) -> bool:
    """Whether pictures are there (unless it may be `bare`), none of them unquiet, and no flags that could spell."""
    if not bare and _ANY.search(text) is None:
        return False
    if not _UNQUIET.isdisjoint(text):
        return _only_nations(text)
    flags = set(_FLAG.findall(text))
    # Where flags have no picture they are shown as their letters: two of them side by side are a word.
    return len(flags) <= 1 and all(_region(flag) in _REGIONS for flag in flags)


def _only_nations(text: str) -> bool:
    """Whether all that is unquiet are the black flags that three nations' flags begin with."""
    plain = re.sub(f"\U0001f3f4(?:{_NATIONS})\U000e007f", "", text)
    return plain != text and _UNQUIET.isdisjoint(plain) and _FLAG.search(plain) is None


def _region(flag: str) -> str:
    return "".join(chr(ord(sign) - 0x1F1E6 + ord("A")) for sign in flag)


def _ours(calls: Iterable[str], own: Collection[str]) -> bool:
    """Whether one of the mentions is of us, with or without its server."""
    names = {name.casefold().strip().lstrip("@") for name in own}
    names |= {name.partition("@")[0] for name in names}
    said = [call.casefold().lstrip("@") for call in calls]
    return any(call in names or call.partition("@")[0] in names for call in said)
