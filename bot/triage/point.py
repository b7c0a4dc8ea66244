"""The commenter's own point: a short passage of the comment that may be quoted back to them in public.

It is always their words, never a rewording; and never insults, personal data, links, mentions, markup or orders to a
machine. When in doubt there is no point, and the reply does without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.core.personal_data import find_personal_data
from bot.core.plaintext import fold, squeeze, visible, wordset
from bot.core.types import Kind
from bot.triage import words_en, words_es
from bot.triage.lexicon import Lexicon
from bot.triage.rules import rules_for
from bot.triage.suspicious import suspicious
from bot.triage.text import bare_with_breaks, capped, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.triage.rules import Found, Rules

MOST_CHARACTERS = 70
_MOST_WORDS = 11
_FEWEST_WORDS = 2
_FEW_WORDS = 3
_EDGES = " ,'\u2019-\u00a1\u00bf"
_MOST_SENTENCES = 24
_SENTENCE = re.compile(r"[^.!?;:\n\u2026()\"\u00ab\u00bb\u201c\u201d\u201e\[\]{}<>|*_~`\\=+^#@/\u2014\u2013]+\??")
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
_ALARMS = ("critical", "high")
_QUOTES = {"es": ("\u00ab", "\u00bb"), "en": ("\u201c", "\u201d")}


@dataclass(frozen=True, slots=True)
class _Passage:
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
    head = capped(comment)
    rules = rules_for(language)
    if rules is None or any(not flag.startswith("hidden:") for flag in suspicious(head)):
        return None
    best: tuple[float, str] | None = None
    seen: set[_Passage] = set()
    for index, passage in enumerate(_passages(head, kind, "\u00bf" if language == "es" else "")):
        # A sentence of one clause comes twice, and the second time it is worth less.
        if passage in seen:
            continue
        seen.add(passage)
        score = _score(passage, kind, rules) - 0.1 * index
        if score > 0 and (best is None or score > best[0]):
            best = (score, passage.text)
    return best[1] if best else None


def _passages(head: str, kind: Kind, opening: str) -> Iterator[_Passage]:
    """Sentences that are short enough, and the clauses of all; `opening` is the language's opening question mark."""
    plain = bare_with_breaks(visible(head))
    for number, hit in enumerate(_SENTENCE.finditer(plain)):
        if number >= _MOST_SENTENCES:
            return
        sentence = hit[0].strip(" ,\t?\u00bf\u00a1'-")
        asks = kind is Kind.QUESTION and hit[0].endswith("?")
        whole = _passage(sentence, opening if asks else None)
        if whole and not whole.cut:
            yield whole
        for clause in _CLAUSE.split(sentence)[:8]:
            part = _passage(clause, None)
            if part:
                yield part


def _passage(raw: str, opening: str | None) -> _Passage | None:
    """A passage made presentable: no greeting before it, nothing dangling behind it, not shouted, not too long.

    `opening` is the sign that opens a question, None when the passage is none.
    """
    words = squeeze(raw).split(" ")
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


@lru_cache(maxsize=256)
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
    if _rude().find(words.folded):
        return 0.0
    found = [item for item in rules.apply(words) if not item.negated or not item.label.startswith(_GOOD)]
    if any(item.label == "sarcasm" or (kind is Kind.PRAISE and item.label.startswith(_ALARMS)) for item in found):
        return 0.0
    if _only_judges(found, words.folded):
        return 0.0
    relevant = {item.start for item in found if item.label.startswith(_WANTED.get(kind, ()))}
    content = sum(len(word) > 3 for word in words.folded)
    if not relevant and (content < 2 or kind in {Kind.COMPLAINT, Kind.PRAISE}) and not passage.asks:
        return 0.0
    less = 1.0 * passage.cut + any(item.label == _AFTERTHOUGHT for item in found)
    return 2.0 * min(len(relevant), 3) + 0.5 * min(content, 4) + 2.0 * passage.asks - less


def _only_judges(found: Sequence[Found], words: Sequence[str]) -> bool:
    """Whether a passage gives a mood and nothing to answer: "muy decepcionada", "terrible service"."""
    moods = {item.start for item in found if item.label.startswith("negative") and item.end == item.start + 1}
    return len(words) <= _FEW_WORDS and bool(moods)


def _is_fit(text: str) -> bool:
    """Whether a passage may stand in public in our reply, apart from its words."""
    letters = sum(map(str.isalpha, text))
    if letters < 6 or letters < 0.7 * len(text.replace(" ", "")):
        return False
    # Passages are visible text and cut at every "@", so that without a digit they hold no personal data.
    digits = sum(map(str.isdigit, text))
    if digits > 4 or (digits and find_personal_data(text)):
        return False
    if max(map(len, text.split())) > 24:
        return False
    return text.isascii() or not any(ord(char) > 0x24F and char.isalpha() for char in text)


@cache
def _rude() -> Lexicon:
    return Lexicon({"es": words_es.RUDE, "en": words_en.RUDE})
