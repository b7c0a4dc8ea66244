"""What only a machine leaves in a text: "as an AI", blanks not filled in, its instructions, quotes around, markup."""

from __future__ import annotations

import re

from bot.core.guard_phrases import Phrases

_SPEAKS = r"""
modelo de lenguaje | inteligencia artificial | soy una ia | como ia | como una ia | soy un bot |
  asistente virtual :: (?:como|soy|siendo) (?:solo |tan solo )?(?:una? )?(?:modelo de lenguaje|
  inteligencia artificial|ia|bot|asistente virtual|asistente de ia)
as a | as an | i'm | i am | language model :: (?:as|i'm|i am|being) (?:just |only |merely )?(?:an? )?(?:large )?(?:ai|
  artificial intelligence|language model|llm|chatbot|virtual assistant|ai assistant)(?: language model)?
system prompt | prompt del sistema | instrucciones | instructions :: system prompt|prompt del sistema|(?:mis|tus|
  segun las) instrucciones(?: del sistema| indican| dicen| recibidas)|(?:my|these|the system) instructions
politica editorial | editorial policy :: (?:segun|conforme a) la politica editorial|(?:per|according to|
  under) the editorial policy
aqui | here | draft | borrador | esta es | this is :: (?:aqui (?:tienes|tiene|va|esta)|te dejo|esta es|este es|here's|
  here is|below is|this is) (?:un|una|mi|tu|su|an?|my|your)(?: \w+){0,2} (?:respuesta|borrador|propuesta|reply|
  response|draft)(?: \w+){0,3}(?=:|\s*\n| en tono| con tono| in a)
respuesta | borrador | reply | response | draft | answer :: ^[\s#*]*(?:respuesta|borrador|respuesta propuesta|
  suggested reply|reply|response|draft|answer) ?(?::|$)
sure | certainly | of course | claro | por supuesto | desde luego :: ^(?:sure|certainly|of course|absolutely|claro|
  por supuesto|desde luego)[,!.]* (?:here|i can|aqui|te dejo|puedo)
redactado | escrito | generado | preparado | written | drafted | generated | prepared :: (?:he|i have|
  i've) (?:redactado|escrito|generado|preparado|written|drafted|generated|prepared)(?: \w+){0,4} (?:mensaje|respuesta|
  texto|borrador|message|reply|response|text|draft)
nota | note :: ^(?:nota|note) ?: ?(?:he|i|i've|the (?:reply|draft|response)|la respuesta|el borrador)
caracteres | palabras | characters | words :: \(\d+ (?:caracteres|palabras|characters|words)\)
lorem ipsum | xxxx :: lorem ipsum|x{4,}
name | nombre | insert | inserta | cliente | customer :: (?:insert|inserta|inserte|insertar) (?:the |your |el |su |
  tu )?(?:customer |client )?(?:name|nombre)(?: here| aqui)?
"""
_SPEECH = Phrases(_SPEAKS, negatable=False)
_BLANK = re.compile(
    r"\[[^\W\d_][^\]\[\n]{1,40}\](?!\()|\{\{?\s?[^\W\d_][\w .-]{1,40}\s?\}?\}|_{4,}"
    r"|(?<![\w/@#])[A-Z\u00d1]{3,}_[A-Z\u00d1_]{2,}(?!\w)|<(?:name|nombre|cliente|customer|insert|brand|marca|point|comment|comentario|data|reply)\b[^>\n]{0,40}>"
)
_LEAK = re.compile(r"<\|[^>\n]{1,30}\|?>|</?(?:comment|comentario|untrusted|data|system|instructions?)\b[^>\n]{0,40}>")
_MARKUP = re.compile(
    r"\*\*[^*\n]{1,200}\*\*|(?<!\w)__[^_\n]{1,200}__(?!\w)|^#{1,6} .{0,60}|```|\[[^\]\[\n]{1,80}\]\(.{0,60}"
    r"|\A[-*\u2022] |^ {0,3}[-*] .{1,200}\n(?: {0,3}[-*] )",
    re.MULTILINE,
)
_PAIRS = {'"': '"', "\u201c": "\u201d", "\u00ab": "\u00bb", "\u2018": "\u2019", "'": "'", "\u201e": "\u201c"}
_FEWEST = 12


def slip(visible: str, folded: str) -> str:
    """What shows in a text that a machine wrote it and nobody read it; empty when nothing does."""
    if found := _SPEECH.find(folded):
        return found
    if any(sign in visible for sign in "[{<_") and (blank := _BLANK.search(visible)):
        return blank[0]
    if "<" in folded and (leak := _LEAK.search(folded)):
        return leak[0]
    if any(sign in visible for sign in "*_#`[-") and (markup := _MARKUP.search(visible)):
        return markup[0]
    return _wrapped(visible.strip())


def _wrapped(text: str) -> str:
    """The text's beginning when quotation marks stand around the whole of it."""
    closing = _PAIRS.get(text[:1])
    if closing is None or len(text) < _FEWEST or text[-1] != closing or closing in text[1:-1]:
        return ""
    return text
