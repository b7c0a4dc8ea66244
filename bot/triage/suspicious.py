"""Marks of an attempt to steer a model or to hide something: shown to people, never acted upon."""

from __future__ import annotations

import re

from bot.core.plaintext import fold, invisible

_PATTERNS = {
    "instructions": re.compile(
        r"(?:ignor(?:e|es|a|ad|en|ar|ing)|disregard|forget|override|olvid(?:a|e|ad|en|ate)|omite|descart(?:a|e)|"
        r"no hagas caso)(?:\W{1,3}\w{1,15}){0,4}?\W{1,3}"
        r"(?:instructions?|prompts?|directives|instruccion(?:es)?|indicaciones|directrices|"
        r"(?:your|previous|prior|above|these|tus|vuestras|anteriores) (?:\w{1,12} )?"
        r"(?:rules|guidelines|reglas|normas|ordenes)|"
        r"(?:reglas|normas|ordenes) (?:anteriores|previas))"
    ),
    "role": re.compile(
        r"(?:you are now|from now on you|act as (?:an? )?(?:ai|assistant|system|developer|dan)|"
        r"pretend (?:to be|you are)|ahora eres|a partir de ahora (?:eres|actua|responde)|actua como (?:si|un|una|el)|"
        r"haz como si fueras|developer mode|modo desarrollador|jailbreak)(?!\w)"
    ),
    "prompt": re.compile(
        r"(?:system|initial|hidden) prompt|prompt (?:del sistema|inicial)|instrucciones (?:del sistema|ocultas)|"
        r"(?:reveal|repeat|print|show|muestra|revela|repite|imprime)\w{0,4} (?:\w{1,12} ){0,3}(?:prompt|instruc\w{1,8})"
    ),
    "order_to_bot": re.compile(
        r"(?:as an ai|como (?:una )?(?:ia|inteligencia artificial)|"
        r"(?:dear|attention|hey|hola|atencion)[ ,:]{1,2}(?:ai|bot|chatbot|gpt|llm|ia)|"
        r"(?:reply|respond|answer|say|responde|contesta|di|escribe)(?: only| solo| unicamente| exactly| exactamente)? "
        r"(?:with|con|the (?:words?|following)|lo siguiente|the text|el texto))(?!\w)"
    ),
    "fake_tag": re.compile(
        r"<\|?/?(?:system|assistant|user|im_start|im_end|inst|sys|tool|instructions?|prompt|comment|human)[^<>]{0,40}>|"
        r"\[/?(?:inst|system|sys|assistant)\]|<<sys>>|(?:^|\n)\s{0,5}#{0,4}\s?(?:system|assistant|sistema|asistente)\s?:"
    ),
}
# Nothing matches a pattern without one of its words: to look for these costs a tenth, and most comments have none.
_NEEDED = {
    "instructions": (
        *("instruc", "prompt", "directives", "indicaciones", "directrices"),
        *("rules", "guidelines", "reglas", "normas", "ordenes"),
    ),
    "role": (
        *("you are", "now on you", "act as", "pretend", "ahora", "actua como", "haz como"),
        *("developer mode", "modo desarrollador", "jailbreak"),
    ),
    "prompt": ("prompt", "instruc"),
    "order_to_bot": (
        *("as an ai", "como ia", "como una ia", "como inteligencia", "como una inteligencia"),
        *("dear", "attention", "hey", "hola", "atencion"),
        *("reply", "respond", "answer", "say", "contesta", "di ", "escribe"),
    ),
    "fake_tag": ("<", "[", "system", "assistant", "sistema", "asistente"),
}


def suspicious(text: str) -> tuple[str, ...]:
    """Flags such as "instructions:ignore all previous instructions" and "hidden:U+202E"; empty for ordinary text."""
    folded = fold(text)
    flags = [
        f"{name}:{_short(hit[0])}"
        for name, pattern in _PATTERNS.items()
        if _may_match(name, folded) and (hit := pattern.search(folded))
    ]
    hidden = list(dict.fromkeys(f"U+{ord(char):04X}" for char in invisible(text)))
    if hidden:
        flags.append("hidden:" + ",".join(hidden[:6]))
    return tuple(flags)


def _may_match(name: str, folded: str) -> bool:
    """False only where the pattern of this name finds nothing for sure."""
    return any(map(folded.__contains__, _NEEDED[name]))


def _short(passage: str) -> str:
    return " ".join(passage.split())[:80]
