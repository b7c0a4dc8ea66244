"""The commenter's own point: a short passage of the comment that may be quoted back to them in public.

It is always their words, never a rewording; and never insults, personal data, links, mentions, markup or orders to a
machine. When in doubt there is no point, and the reply does without.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.core.personal_data import find_personal_data
from bot.core.plaintext import fold, visible, wordset
from bot.core.remembering import remembered
from bot.core.types import Kind
from bot.triage.reading import read
from bot.triage.rules import rules_for
from bot.triage.text import bare_with_breaks, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.triage.rules import Found, Rules

MOST_CHARACTERS = 70
_MOST_WORDS = 11
_FEWEST_WORDS = 2
_FEW_WORDS = 3
_EDGES = " ,'\u2019-\u00a1\u00bf"
_MOST_SENTENCES = 24
_MOST_CLAUSES = 8
# Of two that are worth the same, the earlier one.
_LATER = 0.1
# Beyond these, more words make a passage no better.
_MOST_RELEVANT = 3
_MOST_CONTENT = 4
_DIGIT = re.compile(r"\d")
_NO_LETTER = re.compile(r"[\W\d_]")
_BEYOND_LATIN = re.compile("[\u0250-\U0010ffff]")
_SENTENCE = re.compile(
    r"[^.!?;:\n\u2026\u00a1\u00bf()\"\u00ab\u00bb\u201c\u201d\u201e\[\]{}<>|*_~`\\=+^#@/\u2014\u2013]+\??"
)
_CONJUNCTIONS = "y|e|pero|porque|aunque|sino|así que|cuando|mientras|and|but|because|although|so|while|when"
_CLAUSE = re.compile(rf",\s*|\s+(?=(?:{_CONJUNCTIONS})\s)", re.IGNORECASE)
_LEADING = wordset(
    """
    y e o u pero que porque pues bueno hola buenas buenos oye oigan che aunque sino asi entonces ademas encima and but
    or so because well hi hello hey also plus then although btw ok okay por favor please dear estimados estimado jaja
    jajaja lol dias tardes noches morning team equipo when while cuando mientras genial great bravo perfecto estupendo
    fantastico awesome wonderful vaya enhorabuena felicidades congratulations
    """
)
_TRAILING = wordset(
    """
    y e o u a ante con contra de del desde en entre hacia hasta para por según segun sin sobre tras el la los las un
    una unos unas mi mis tu tus su sus que muy mas no me te se lo le les nos os es son esta estan ha han he hemos al
    como si cuando pero and or but the a an of to in on at for with from by my your our their his her its is are was
    were be been have has had i we you they it that this not very so as if than then who which what because vuestro
    vuestra este esta ese esa
    """
)
# What looks like a conjunction once its accent is gone.
_ACCENTED = wordset("qué cuándo cómo")
# Words that begin sentences and are no names: they may be written small inside a quotation.
_STARTERS = wordset(
    """
    el la los las un una unos unas mi mis tu tus su sus vuestro vuestra vuestros vuestras este esta estos estas ese
    esa eso esto me te se le les nos os lo llevo llevamos no ni ya hay es son fue está estoy estamos están tengo
    tenemos he hemos han ha me siempre nunca muy todo toda todos todas qué que cómo como cuándo dónde cuánto por para
    con sin en a de desde hace cada nadie pedí pedimos compré fui deberíais deberían estaría sería podríais podrían
    tenéis tienen tenés the a an my your our this that these those it it's there we we've you you're they not no never
    nobody still just very so such what when where how why who is are was were do does did can could would should will
    have has had been please great good best love loved really always every all some most after since for with without
    from at on in yesterday today app sugiero propongo quería quisiera falta ojalá ayer hoy solo sigo seguimos echo me
    nos vuestra aplicación pero ningún ninguna otra otro hola buenas compramos comimos cenamos estuvimos estuve
    """
)
# What each kind's point is about.
_WANTED = {
    Kind.COMPLAINT: ("complaint", "high", "negative"),
    Kind.QUESTION: ("question", "interrogative"),
    Kind.SUGGESTION: ("suggestion",),
    Kind.PRAISE: ("positive",),
    Kind.COMMENT: ("positive", "complaint"),
}
# That nobody answers is a second trouble: what it was about in the first place says more.
_AFTERTHOUGHT = "high:repeated"
_GOOD = "positive"
# What is not repeated to anybody; nor is trouble, where somebody praises.
_UNFIT = ("rude", "sarcasm")
_UNFIT_PRAISE = (*_UNFIT, "critical", "high")
_QUOTES = {"es": ("\u00ab", "\u00bb"), "en": ("\u201c", "\u201d")}


class _Piece(NamedTuple):
    """Part of a comment; an `entire` sentence is not quoted in part."""

    text: str
    asks: bool
    entire: bool


class _Passage(NamedTuple):
    text: str
    asks: bool
    cut: bool


def quoted(point: str, language: str) -> str:
    """The point in the quotation marks of the language."""
    before, behind = _QUOTES.get(language, ("\u201c", "\u201d"))
    return f"{before}{point}{behind}"


def pick_point(comment: str, kind: Kind, language: str) -> str | None:
    """The passage that says best what a comment of this kind is about, or None.

    At most 70 characters and 11 words; a longer one is cut after a whole word and ends with "…". None for a language
    without rules.
    """
    reading, rules = read(comment), rules_for(language)
    if rules is None or any(not flag.startswith("hidden:") for flag in reading.suspicious):
        return None
    opening = "\u00bf" if language == "es" else ""
    wanted = [item.shown[item.start].lower() for item in reading.found(language) if _is_wanted(item, kind)]
    best, point = (0.0, 0), None
    # The most promising first: of the others there is nothing to look at once one is better than they can be.
    for most, place, piece in sorted(_promising(reading.head, kind, wanted), reverse=True):
        if (most, place) <= best:
            break
        passage = _passage(piece.text, opening if piece.asks else None)
        if passage is None or (piece.entire and passage.cut):
            continue
        score = _score(passage, kind, rules) + _LATER * place
        if (score, place) > best and score > 0:
            best, point = (score, place), passage.text
    return point


def _promising(head: str, kind: Kind, wanted: Sequence[str]) -> Iterator[tuple[float, int, _Piece]]:
    """The pieces that may be the point, with the score that they may come to and their place, counted backwards."""
    for place, piece in enumerate(_pieces(head, kind)):
        most = _at_most(piece, kind, wanted) - _LATER * place
        if most > 0:
            yield most, -place, piece


def _pieces(head: str, kind: Kind) -> Iterator[_Piece]:
    """The sentences, and the clauses of those that have several or ask."""
    plain = bare_with_breaks(visible(head))
    for hit in islice(_SENTENCE.finditer(plain), _MOST_SENTENCES):
        sentence = hit[0].strip(" ,\t?\u00bf\u00a1'-")
        asks = kind is Kind.QUESTION and hit[0].endswith("?")
        clauses = _CLAUSE.split(sentence)[:_MOST_CLAUSES]
        if asks or len(clauses) > 1:
            yield _Piece(sentence, asks=asks, entire=True)
        for clause in clauses:
            yield _Piece(clause, asks=False, entire=False)


def _at_most(piece: _Piece, kind: Kind, wanted: Sequence[str]) -> float:
    """What a piece's score may come to, for a hundredth of the work.

    `wanted` are the first words of what the comment is about.
    """
    relevant = sum(map(piece.text.lower().__contains__, wanted))
    return _worth(kind, relevant, _MOST_CONTENT, asks=piece.asks)


def _passage(raw: str, opening: str | None) -> _Passage | None:
    """A piece made presentable: no greeting before it, nothing dangling behind it, not shouted, not too long.

    `opening` is the sign that opens a question, None when the piece is none.
    """
    words = raw.split()
    while words and _plain(words[0]) in _LEADING and words[0].strip(_EDGES).lower() not in _ACCENTED:
        words = words[1:]
    kept = words[:_MOST_WORDS]
    while len(" ".join(kept)) > MOST_CHARACTERS - len("\u00bf\u2026?"):
        kept = kept[:-1]
    cut = len(kept) < len(words)
    while kept and (cut or opening is None) and _dangles(kept[-1], cut=cut):
        kept = kept[:-1]
        cut = True
    text = _calm(" ".join(kept).strip(_EDGES))
    if len(kept) < _FEWEST_WORDS or not text:
        return None
    if cut:
        return _Passage(text + "\u2026", asks=False, cut=True)
    return _Passage(text if opening is None else f"{opening}{text}?", asks=opening is not None, cut=False)


def _dangles(word: str, *, cut: bool) -> bool:
    """Whether a passage cannot end with this word; with a number only where the sentence ends with it."""
    plain = _plain(word)
    return plain in _TRAILING or (cut and plain.isdigit())


def _plain(word: str) -> str:
    """The word folded, without the signs around it."""
    return _plain_common(word) if word.isalpha() else fold(word).strip(_EDGES)


@remembered(256)
def _plain_common(word: str) -> str:
    """Remembered for the commonest words: letters only, and few, so that no text stays behind."""
    return fold(word).strip(_EDGES)


def _calm(text: str) -> str:
    """Nobody is quoted shouting; a sentence inside a sentence begins small unless it begins with a name."""
    if text.isupper() and len(text) > 3:
        return text.lower()
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first.lower() in _STARTERS else text


def _score(passage: _Passage, kind: Kind, rules: Rules) -> float:
    """How well the passage says what the comment is about; zero or less is not fit to be quoted."""
    if not _is_fit(passage.text):
        return 0.0
    words = tokens(passage.text)
    found = [item for item in rules.apply(words) if not item.negated or not item.label.startswith(_GOOD)]
    unfit = _UNFIT_PRAISE if kind is Kind.PRAISE else _UNFIT
    if any(item.label.startswith(unfit) for item in found):
        return 0.0
    if _only_judges(found, words.folded):
        return 0.0
    relevant = {item.start for item in found if _is_wanted(item, kind)}
    content = sum(len(word) > 3 for word in words.folded)
    less = passage.cut + any(item.label == _AFTERTHOUGHT for item in found)
    return _worth(kind, len(relevant), content, asks=passage.asks) - less


def _is_wanted(item: Found, kind: Kind) -> bool:
    return item.label.startswith(_WANTED.get(kind, ()))


def _worth(kind: Kind, relevant: int, content: int, *, asks: bool) -> float:
    """What so many relevant findings and words of some length are worth."""
    if not relevant and (content < 2 or kind in {Kind.COMPLAINT, Kind.PRAISE}) and not asks:
        return 0.0
    return 2.0 * min(relevant, _MOST_RELEVANT) + 0.5 * min(content, _MOST_CONTENT) + 2.0 * asks


def _only_judges(found: Sequence[Found], words: Sequence[str]) -> bool:
    """Whether a passage gives a mood and nothing to answer: "muy decepcionada", "terrible service"."""
    moods = {item.start for item in found if item.label.startswith("negative") and item.end == item.start + 1}
    return len(words) <= _FEW_WORDS and bool(moods)


def _is_fit(text: str) -> bool:
    """Whether a passage may stand in public in our reply, apart from its words."""
    letters = len(text) - len(_NO_LETTER.findall(text))
    if letters < 6 or letters < 0.7 * len(text.replace(" ", "")):
        return False
    # Passages are visible text and cut at every "@", so that without a digit they hold no personal data.
    digits = len(_DIGIT.findall(text))
    if digits > 4 or (digits and find_personal_data(text)):
        return False
    if max(map(len, text.split())) > 24:
        return False
    return text.isascii() or not any(map(str.isalpha, _BEYOND_LATIN.findall(text)))
