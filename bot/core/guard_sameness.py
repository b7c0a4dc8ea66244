"""Mass-made replies: the same words again, the same but for the name, or nothing of what the comment is about."""

from __future__ import annotations

import re

from bot.core.plaintext import fold, fold_visible, visible, words, wordset
from bot.core.remembering import remembered

_SIGNATURE = re.compile(r"\s\^\w{1,40}\s*$")
MENTION = re.compile(r"(?<![\w.@/])@[\w.-]{0,63}\w|<[@!][^>\s]{1,64}>")
# What may be a name that is called: "Hola, Ana.", "Gracias, Ana:", "Ana, sentimos".
_NAME = r"[A-Z\u00c0-\u00de][\w'-]{1,30}"
_CALLED = re.compile(rf"(?<![\w'-]){_NAME}(?: {_NAME})?(?=[,.!:;])")
_BEFORE_NAME = (", ", "Hola ", "Hi ", "Hello ", "Hey ", "Buenas ", "d\u00edas ", "morning ", "tardes ", "afternoon ")
_GREETED = re.compile(r"^(?:hola|hi|hello|hey|buenas|buenos dias|buenas tardes|good morning|good afternoon) ")
_WORD = re.compile(r"[^\W_]{3,}")
_STEM = 5
# So few words that there is nothing to name.
_FEWEST = 3
_MOST = 4_000
_READ = 20_000
_NOTHING = wordset(
    """
    que los las del una unos unas con por para como mas muy pero sus este esta esto estos estas ese esa eso esos
    esas son fue han has hay sin sobre entre hasta desde cuando donde porque quien cual todo toda todos todas nada
    algo otra otro otros otras tambien solo aqui alli ahora hoy ayer manana siempre nunca nos les mis tus sus
    nuestro nuestra vuestro vuestra estoy esta estan estamos estar ser soy eres somos tengo tiene tienen tenemos
    tener hace hacer hacemos hacen puede pueden poder quiero quiere quieren queremos decir dice dicen digo gracias
    hola buenas buenos dias tardes favor mensaje mensajes privado privada escribe escribir escribenos escribanos
    escribinos escrito equipo ayuda ayudar siento sentimos lamentamos disculpa disculpas molestias opinion
    comentario comentarios contacto contactar atencion cliente clientes departamento momento persona personas bien
    mal vez veces cosa cosas caso gusto saludo saludos interes disposicion experiencia vosotros ustedes usted ellos
    ellas cuenta cuentas contar cuentanos vemos ver miramos mirar tomamos nota idea ideas alguien nadie mucho mucha
    muchos muchas tan tanto cada mismo misma parte algun alguna
    the and for you your our are was were has have had not but with this that these those from they them their his
    her its who what when where which why how can could would should will just very too also all any some one out
    about into than then there here now today yesterday tomorrow always never been being does did doing get got make
    made thank thanks hello please message messages private privately write writing wrote team help sorry
    inconvenience opinion comment comments contact contacting customer customers service department moment person
    people well bad time times thing things case regards interest disposal experience know tell look looking note
    noted idea ideas someone nobody much many each same because only still more most every other another hear want
    like need really let you're we're it's i'm don't we'll we've
    """
)


@remembered(512)
def same_key(text: str) -> str:
    """What two replies have in common when they differ only in case, accents, punctuation, mentions or signature."""
    return key_of(fold(text[:_READ])[:_READ])


def key_of(folded: str) -> str:
    """The same for a text that is folded already."""
    if "^" in folded:
        folded = _SIGNATURE.sub("", folded)
    if "@" in folded or "<!" in folded:
        folded = MENTION.sub(" ", folded)
    return " ".join(words(folded.replace("'", "")))


@remembered(512)
def nameless_key(text: str) -> str:
    """Like `same_key`, without whom the reply calls by name and without a greeting before it."""
    return _GREETED.sub("", key_of(fold_visible(_CALLED.sub(_uncalled, visible(text[:_READ])[:_READ]))))


def _uncalled(found: re.Match[str]) -> str:
    """Nothing for a name that is called; the word itself where it only ends a sentence."""
    before = found.string[max(0, found.start() - 12) : found.start()]
    return " " if not before.strip(" \u00a1!\u00bf\n") or before.endswith(_BEFORE_NAME) else found[0]


def names_nothing(reply: str, comment: str) -> bool:
    """Whether a reply shares not one word of weight with a comment that has several. Both are folded texts.

    Words count by their first five letters, so that "esperando" names "espera"; figures count too.
    """
    theirs = weight(comment[:_MOST])
    return len(theirs) >= _FEWEST and theirs.isdisjoint(weight(reply))


@remembered(8)
def weight(folded: str) -> frozenset[str]:
    """The beginnings of the words of a folded text that say what it is about."""
    return frozenset(word[:_STEM] for word in _WORD.findall(folded) if word not in _NOTHING)
