"""Links in plain text and whose they are, disguised ones included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.plaintext import visible, wordset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Top-level domains that make a bare "name.tld" a link; behind a scheme or "www." every host counts.
_TLDS = wordset(
    """
    agency ai am app ar at au barcelona be bet biz blog bo br ca casino cat cc ch cl click cloud club cn co com cr cu
    cz de dev digital dk do ec edu email es eu eus example fi finance fm fr gal games gg gl gov gr group gt help hn
    host hu ie in info int io is it jp kr la link live loan london ly madrid me media mobi mx name net news ni nl no
    nz one online org pa page party pe pl pr pro pt py review ro ru se sh shop site so space st store stream support
    sv team tech test to today top tr trade tv ua uk us uy ve vip website wiki win work world ws xyz za zone
    """
)
_DOT = r"(?:\.|\u3002|\uff61|\s?[\[({]\s?(?:\.|dot|punto)\s?[\])}]\s?|\s(?:dot|punto)\s)"
_WITH_SCHEME = re.compile(
    r"(?:(?<![a-z0-9])[a-z][a-z0-9+.-]{1,14}:[/\\]{1,4}|(?<![\w@])www\.)[^\s<>\"'«»“”|]{1,2000}", re.IGNORECASE
)
_DANGEROUS = re.compile(r"(?<!\w)(?:javascript|vbscript|data):[^\s]{1,200}", re.IGNORECASE)
_END = rf"(?:{'|'.join(sorted(_TLDS))}|xn--[a-z0-9-]{{1,59}})(?![\w@-]|\.[\w-])"
_BARE = re.compile(
    rf"(?<![\w@./\\-])[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,20}}{_DOT}{_END}",
    re.IGNORECASE,
)
# What the patterns cannot do without, as searches that jump from sign to sign: most texts have no link.
# Case is ignored behind the dot only: for a pattern without case the search would stop at every character.
_COLON = re.compile(r":\S")
_DOT_END = re.compile(rf"\.(?=\w)(?i:{_END})")
_BRACKETED_DOT = re.compile(r"[\[({]\s?\.")
_OTHER_DOTS = ("\u3002", "\uff61", "dot", "punto")
_AUTHORITY_END = re.compile(r"[/\\?#]")
_DOTS = re.compile(_DOT, re.IGNORECASE)
# "Punto" is a noun behind a word like these, and no spelled-out dot.
_A_POINT = re.compile(
    r"(?:cada|este|ese|aquel|un|el|del|al|su|tu|mi|nuestro|vuestro|cualquier|algun|alg\u00fan|ningun|ning\u00fan|otro|"
    r"mismo|buen|primer|tercer|\u00faltimo|qu\u00e9|hasta qu\u00e9) punto ",
    re.IGNORECASE,
)
_MASS_OF_NUMBERS = re.compile(r"[\d.]+")


def ascii_host(host: str) -> str:
    """A host name in lower-case ASCII (IDNA); what cannot be encoded is returned as it is."""
    plain = visible(host).strip().strip(".").lower()
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def find_hosts(text: str) -> tuple[tuple[str, str], ...]:
    """All links in a text as (passage, ASCII host), in order of kind: with scheme, dangerous schemes, bare.

    E-mail addresses are no links. "example dot com", "example[.]com" and "hxxp://…" are.
    """
    plain = visible(text)
    if not _may_have_links(plain):
        return ()
    return _hosts(plain)


def _may_have_links(plain: str) -> bool:
    """False only where `_hosts` finds nothing for sure."""
    if ":" in plain and _COLON.search(plain):
        return True
    if "." in plain and (_DOT_END.search(plain) or _BRACKETED_DOT.search(plain)):
        return True
    lower = plain.lower()
    return "www." in lower or any(map(lower.__contains__, _OTHER_DOTS))


def _hosts(plain: str) -> tuple[tuple[str, str], ...]:
    """What `find_hosts` finds in a visible text."""
    written_out = [(hit[0], _host_of(hit[0])) for hit in _WITH_SCHEME.finditer(plain)]
    dangerous = [(hit[0], "") for hit in _DANGEROUS.finditer(plain)]
    rest = _WITH_SCHEME.sub(" ", plain)
    bare = [hit[0] for hit in _BARE.finditer(rest) if not _is_sentence_end(hit[0])]
    return (*written_out, *dangerous, *((passage, ascii_host(_DOTS.sub(".", passage))) for passage in bare))


def foreign_among(found: Sequence[tuple[str, str]], own_domains: Iterable[str]) -> tuple[str, ...]:
    """Of what `find_hosts` found, the passages that lead elsewhere than to one of our domains or below it."""
    if not found:
        return ()
    ours = [ascii_host(domain).removeprefix("www.") for domain in own_domains]
    return tuple(passage for passage, host in found if not _belongs(host, ours))


def is_ours(host: str, own_domains: Iterable[str]) -> bool:
    """Whether a host is one of our domains or below one."""
    return _belongs(ascii_host(host), [ascii_host(domain).removeprefix("www.") for domain in own_domains])


def _belongs(host: str, ours: list[str]) -> bool:
    return any(host == own or host.endswith("." + own) for own in ours)


def _host_of(link: str) -> str:
    """The host that a browser would really go to: behind user info, before port and path."""
    rest = re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*:[/\\]+", "", link)
    authority = _AUTHORITY_END.split(rest, maxsplit=1)[0].rstrip(".,;:!?)]}…")
    host = authority.rpartition("@")[2]
    return ascii_host(re.sub(r":\d*$", "", host))


def _is_sentence_end(passage: str) -> bool:
    """Whether words were read as a host: "lo siento.La tienda", a number, "cada punto de vista"."""
    if _MASS_OF_NUMBERS.fullmatch(passage) or _A_POINT.match(passage):
        return True
    before, _, last = passage.rpartition(".")
    return bool(before) and last[:1].isupper() and not last.isupper()
