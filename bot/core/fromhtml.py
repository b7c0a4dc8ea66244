"""HTML from outside as the text that people read; what it hides is told, what it could do is not done."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

HTML_LIMIT = 200_000
"""Characters of HTML that are looked at; what is longer is cut there and ends with an ellipsis."""
LINKS = 200
"""Links whose target is compared with what they show."""
# Marks that no text has any more once it is clean: a line end that counts, and where preformatted text is.
_KEPT, _PRE, _PRE_END = "\x00", "\x01", "\x02"
_APART = re.compile(r"<(?:/?(p|div|blockquote|pre|ul|ol|h[1-6]|table)|/?(?:li|tr)|br)\b", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")
_FOLDED = re.compile(r"[ \t]*\n[ \t\n]*")
_GAPS = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """The text without control characters and halves of pairs; what stood there shows as a replacement character."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """The same, in one line."""
    return " ".join(clean(text).split())


def plain(html: str) -> str:
    """What people read of a piece of HTML. Links that show something else than their target tell it."""
    # Before parsing, since changing a tree of hostile depth takes hostile time.
    soup = BeautifulSoup(f"<div>{_APART.sub(_marked, clean(html[:HTML_LIMIT]))}</div>", "html.parser")
    for image in soup.find_all("img", alt=True, limit=LINKS):
        image.replace_with(str(image["alt"]))
    for link in soup.find_all("a", href=True, limit=LINKS):
        inside = {"mention", "hashtag"} & set(link.get_attribute_list("class"))
        if not inside and _misleads(link.get_text(), str(link["href"])):
            link.append(f" ({link['href']})")
    text = _GAPS.sub("\n\n", clean(_folded(soup.get_text()).replace(_KEPT, "\n")))
    return text.strip() + ("\N{HORIZONTAL ELLIPSIS}" if len(html) > HTML_LIMIT else "")


def _marked(tag: re.Match[str]) -> str:
    """What begins or ends a line, with the marks that say so."""
    name = tag.group().lower()
    pre = {"<pre": _PRE, "</pre": _PRE_END}.get(name, "")
    return (_KEPT * 2 if tag.group(1) else _KEPT) + pre + tag.group()


def _folded(text: str) -> str:
    """Line ends of the source are spaces, but for those in preformatted text."""
    parts = re.split(f"({_PRE}|{_PRE_END})", text)
    inside, made = False, []
    for part in parts:
        if part in {_PRE, _PRE_END}:
            inside = part == _PRE
        else:
            made.append(part if inside else _FOLDED.sub(" ", part))
    return re.sub(f"{_KEPT} (?={_KEPT})", _KEPT, "".join(made))


def _misleads(shown: str, target: str) -> bool:
    """Whether a link to somewhere outside shows anything but its target."""
    if not re.match(r"https?://", target, re.IGNORECASE):
        return False
    bare = [re.sub(r"(?i)^https?://", "", url.strip()).rstrip("/") for url in (shown, target)]
    return bare[0] != bare[1]
