"""Marks of an attempt to steer a model or to hide something: shown to people, never acted upon."""

from __future__ import annotations

import re

from bot.core.plaintext import fold, invisible
from bot.triage.disguise import disguised

_PATTERNS = {
    "instructions": re.compile(
        r"(?:ignor(?:e|es|a|ad|en|ar|ing)|disregard|forget|override|bypass|skip|olvid(?:a|e|ad|en|ate)|omite|"
        r"descart(?:a|e)|saltate|desobedece|do not follow|don't follow|stop following|no sigas|no hagas caso)"
        r"(?:\W{1,3}\w{1,15}){0,4}?\W{1,3}"
        r"(?:instructions?|prompts?|directives|guardrails|instruccion(?:es)?|indicaciones|directrices|"
        r"(?:your|previous|prior|above|these|tus|vuestras|anteriores) (?:\w{1,12} )?"
        r"(?:rules|guidelines|reglas|normas|ordenes)|"
        r"(?:reglas|normas|ordenes) (?:anteriores|previas|de arriba)|(?:rules|guidelines) above)"
    ),
    "role": re.compile(
        r"(?:you are now|from now on you|act as (?:an? )?(?:ai|assistant|system|developer|dan)|"
        r"pretend (?:to be|you are)|ahora eres|a partir de ahora (?:eres|actua|responde)|actua como (?:si|un|una|el)|"
        r"haz como si fueras|developer mode|modo desarrollador|jailbreak|debug mode|modo (?:de )?depuracion|"
        r"maintenance mode|modo (?:de )?mantenimiento|god mode|sudo|opposite day|dia de los contrarios|"
        r"imagine (?:that )?you(?:'re| are)|imagina que eres|role ?play|juego de rol|let's play a game|juguemos a|"
        r"stay in character|no te salgas del (?:papel|personaje)|do anything now|unrestricted|sin (?:filtros|censura)|"
        r"your (?:new|real|true) (?:task|role|job|goal|purpose|instructions|rules|name)|"
        r"tu (?:nueva|verdadera) (?:tarea|mision|funcion|identidad)|tus? nuev[oa]s? (?:rol|papel|reglas|instrucciones))"
        r"(?!\w)"
    ),
    "authority": re.compile(
        r"(?:this is (?:a |the )?(?:message|note|order|test|notice) (?:from|by|of) (?:the |your )?"
        r"(?:system|developers?|admins?|administrators?|creators?|operators?|openai|vendor)|"
        r"(?:system|developer|admin|administrator|operator|sistema|desarrollador|administrador)"
        r" (?:message|note|notice|override|update|alert|prompt|mensaje|nota|aviso)|"
        r"(?:mensaje|nota|aviso|orden) (?:del? |de los |de la )(?:sistema|desarrollador(?:es)?|administrador(?:a|es)?|"
        r"equipo tecnico|proveedor)|"
        r"soy (?:tu|el|la) (?:desarrollador|desarrolladora|administrador|administradora|creador|creadora|programador)|"
        r"i am your (?:developer|creator|administrator|admin|programmer|operator)|"
        r"(?:new|updated|nueva|nuevas) (?:policy|rules|instructions|politica|reglas|instrucciones)\s?:|"
        r"(?:end|fin) (?:of|del?) (?:the )?(?:user |foreign |customer )?(?:comment|message|input|data|text|comentario|"
        r"mensaje|texto|los datos)|begin (?:new )?(?:instructions|system)|"
        r"(?:inicio|comienzo) de (?:las )?instrucciones)"
        r"(?!\w)"
    ),
    "task": re.compile(
        r"(?:(?:translate|summari[sz]e|paraphrase|rephrase|decode|decrypt|unscramble|execute|evaluate|spell|"
        r"traduce|traducid|traduzca|traduzcan|traduceme|resume|parafrasea|descifra|decodifica|ejecuta|evalua|deletrea)"
        r" (?:this|that|the (?:following|text|above|next|quoted|code)|it|everything|esto|eso|lo (?:siguiente|anterior)|"
        r"el (?:siguiente )?(?:texto|codigo|mensaje)|la (?:siguiente )?frase|todo)|"
        r"(?:repeat|repite|repetid|repitan) (?:after me|this|the (?:following|text|words?|above)|conmigo|esto|"
        r"lo (?:siguiente|anterior)|el texto|la frase|palabra por palabra)|"
        r"(?:complete|finish|continue|completa|termina|continua) (?:the|this|la|esta) "
        r"(?:sentence|phrase|story|frase|historia)|"
        r"(?:write|compose|generate|escribe|escribeme|redacta|genera)(?: me)? (?:an?|the|un|una|el|la) "
        r"(?:short |funny )?"
        r"(?:poem|song|story|joke|essay|code|script|program|rap|haiku|press release|apology letter|"
        r"poema|cancion|cuento|chiste|ensayo|codigo|programa|comunicado|carta de disculpa))(?!\w)"
    ),
    "reply_order": re.compile(
        r"(?:(?:your|the) (?:official |public |next )?(?:reply|answer|response) "
        r"(?:must|should|has to|needs to|shall|will be)|"
        r"(?:tu|vuestra|su|la) (?:respuesta|contestacion) (?:oficial |publica )?(?:debe|tiene que|debera|sera|ha de)|"
        r"(?:start|begin|end|finish|open|close) (?:your|the) (?:reply|answer|response|message) (?:with|by)|"
        r"(?:empieza|comienza|termina|acaba|encabeza) (?:tu|la|su) (?:respuesta|contestacion|mensaje)|"
        r"(?:in|within|into|to) your (?:reply|answer|response),? (?:include|mention|add|write|say|state|promise|put)|"
        r"(?:include|mention|add|put|insert|copy|paste|incluye|menciona|anade|agrega|inserta|copia|pega|pon)"
        r"(?:\W{1,3}[\w@]{1,20}){0,8}?\W{1,3}(?:(?:in|into|to) (?:your|the) (?:reply|answer|response)|"
        r"en (?:tu|la|su|vuestra) (?:respuesta|contestacion))|"
        r"(?:post|publish|share|publica|comparte|difunde) (?:this|the following|esto|lo siguiente|este|el siguiente) "
        r"(?:link|url|text|message|announcement|enlace|texto|mensaje|comunicado)|"
        r"(?:tag|mention|ping|etiqueta|menciona|arroba) (?:a )?(?:@|everyone|all|todos|todo el mundo)|"
        r"(?:respond|reply|answer|say|output|print|responde|contesta|di|imprime)"
        r"(?: only| just| solo| unicamente| exactly| exactamente)?:|"
        r"(?:copy and paste|copia y pega) (?:this|esto))"
    ),
    "later_order": re.compile(
        r"(?:(?:in|on|with) my next (?:message|comment|reply)|when i (?:say|write|type) |"
        r"en mi (?:proximo|siguiente) (?:mensaje|comentario)|cuando (?:diga|escriba|ponga) |"
        r"(?:part|parte) \d{1,2} ?(?:of|de|/) ?\d{1,2}|remember (?:this|the) (?:code|word|rule|secret)|"
        r"recuerda (?:esta|este|la|el) (?:clave|codigo|palabra|regla|secreto)|"
        r"(?:let|sea|define) [a-z] ?= ?[\"'])"
    ),
    "fake_answer": re.compile(
        r"(?:[\"'](?:reply|drafts?|needs_human|facts_used|language|role|content|severity|kind|response|tool_calls?)[\"']"
        r"\s{0,3}:|needs_human|facts_used|function_call|tool_call)"
    ),
    "markup": re.compile(
        r"(?:!?\[[^\[\]\n]{0,80}\]\(|(?:javascript|data|vbscript):|<(?:script|img|iframe|svg|object|embed|form|style|"
        r"meta|link|a|base|input|template)(?=[\s/>])|<!--|on(?:error|load|click)\s?=|\{\{|\{%|\$\{|<%|"
        r"<!(?:channel|here|everyone|subteam))"
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
        r"<\|?/?(?:system|assistant|user|im_start|im_end|inst|sys|tool|instructions?|prompt|comment|human|data|document|"
        r"message|context|customer|input|untrusted|text|query|end|eot|endoftext|begin_of_text)[^<>]{0,40}>|"
        r"<<\s?(?:comment|conversation|fact|saved|wish|draft|earlier)|(?:comment|conversation|data)\s?>>|"
        r"-{3,}\s?(?:end|begin|fin|inicio|system|sistema)|={3,}\s?(?:end|begin|fin|inicio|system|sistema)|"
        r"\[/?(?:inst|system|sys|assistant)\]|<<sys>>|(?:^|\n)\s{0,5}#{0,4}\s?(?:system|assistant|sistema|asistente)\s?:"
    ),
}
# Nothing matches a pattern without one of its words: to look for these costs a tenth, and most comments have none.
_NEEDED = {
    "instructions": (
        *("instruc", "prompt", "directives", "indicaciones", "directrices", "guardrails"),
        *("rules", "guidelines", "reglas", "normas", "ordenes"),
    ),
    "role": (
        *("you are now", "now on you", "act as", "pretend", "ahora eres", "de ahora", "actua como", "haz como"),
        *(
            "imagine",
            "imagina que",
            "developer mode",
            "modo d",
            "modo m",
            "jailbreak",
            "debug mode",
            "maintenance mode",
        ),
        *("god mode", "sudo", "opposite day", "contrarios", "role play", "roleplay", "juego de rol", "play a game"),
        *("juguemos a", "in character", "no te salgas", "anything now", "unrestricted", "sin filtros", "sin censura"),
        *("your new", "your real", "your true", "tu nuev", "tu verdadera", "tus nuev"),
    ),
    "authority": (
        *(
            "this is a ",
            "this is the ",
            "this is not",
            "this is me",
            "this is or",
            "this is te",
            "system ",
            "developer ",
        ),
        *("admin ", "administrator ", "operator ", "sistema", "desarrollador", "del admin", "la admin", "los admin"),
        *("equipo tecnico", "proveedor", "soy tu", "soy el", "soy la", "i am your", "policy", "rules", "instruc"),
        *("politica", "reglas", "end of", "fin de", "end de", "fin of"),
    ),
    "task": (
        *("translate ", "summari", "paraphrase ", "rephrase ", "decode ", "decrypt ", "unscramble ", "execute "),
        *("evaluate ", "spell ", "traduce", "traducid", "traduzca", "resume ", "parafrasea", "descifra", "decodifica"),
        *("ejecuta", "evalua ", "deletrea", "repeat ", "repite ", "repetid ", "repitan ", "complete ", "finish "),
        *("continue ", "completa ", "termina ", "continua ", "write ", "compose ", "generate ", "escrib", "redacta "),
        "genera ",
    ),
    "reply_order": (
        *("reply ", "answer ", "response ", "respuesta", "contestacion", "message with", "message by", " mensaje"),
        *(
            "your reply",
            "your answer",
            "your response",
            "the reply",
            "the answer",
            "the response",
            "post th",
            "publish th",
        ),
        *(
            "share th",
            "publica e",
            "publica lo",
            "comparte e",
            "comparte lo",
            "difunde e",
            "difunde lo",
            "tag ",
            "mention ",
        ),
        *("ping ", "etiqueta ", "menciona ", "arroba ", "copy and", "copia y", "respond:", "reply:", "answer:", "say:"),
        *("output:", "print:", "responde:", "contesta:", "di:", "imprime:", "only:", "just:", "solo:", "unicamente:"),
        *("exactly:", "exactamente:"),
    ),
    "later_order": (
        *("my next ", "when i say", "when i write", "when i type", "en mi proximo", "en mi siguiente", "cuando diga "),
        *("cuando escriba ", "cuando ponga ", "part ", "parte ", "remember th", "recuerda e", "recuerda l", "let "),
        *("sea ", "define "),
    ),
    "fake_answer": ('":', '" :', "':", "' :", "needs_human", "facts_used", "function_call", "tool_call"),
    "markup": ("](", "script:", "data:", "<", "onerror", "onload", "onclick", "{{", "{%", "${"),
    "prompt": ("prompt", "instruc"),
    "order_to_bot": (
        *(
            "as an ai",
            "como ia",
            "como una i",
            "como intel",
            "bot",
            "gpt",
            "llm",
            " ai",
            ",ai",
            ":ai",
            " ia",
            ",ia",
            ":ia",
        ),
        *("reply ", "respond ", "answer ", "say ", "responde ", "contesta ", "di ", "escribe "),
    ),
    "fake_tag": ("<", "[", "system", "assistant", "sistema", "asistente", ">>", "---", "==="),
}
# What is looked for in disguise: orders, not forms.
_IN_DISGUISE = ("instructions", "role", "prompt", "order_to_bot", "authority", "task", "reply_order", "fake_tag")
# Where the spaces between the words got lost on the way.
_TOGETHER = re.compile(
    r"(?:ignor[ae]d?|disregard|forget|override|olvida[d]?)(?:all|any|previous|prior|the|your|todas|las|los|tus|sus){0,6}"
    r"(?:instruc|prompt|rules|reglas|normas)"
)


def suspicious(text: str) -> tuple[str, ...]:
    """Flags such as "instructions:ignore all previous instructions" and "hidden:U+202E"; empty for ordinary text."""
    folded = fold(text)
    flags = [
        f"{name}:{_short(hit[0])}"
        for name, pattern in _PATTERNS.items()
        if _may_match(name, folded) and (hit := pattern.search(folded))
    ]
    for way, words in disguised(text, folded):
        patterns = (*(_PATTERNS[name] for name in _IN_DISGUISE), _TOGETHER)
        found = next((hit for pattern in patterns if (hit := pattern.search(words))), None)
        if found is not None and found[0] not in folded:
            flags.append(f"{way}:{_short(found[0])}")
    hidden = list(dict.fromkeys(f"U+{ord(char):04X}" for char in invisible(text)))
    if hidden:
        flags.append("hidden:" + ",".join(hidden[:6]))
    return tuple(flags)


def _may_match(name: str, folded: str) -> bool:
    """False only where the pattern of this name finds nothing for sure."""
    return any(map(folded.__contains__, _NEEDED[name]))


def _short(passage: str) -> str:
    return " ".join(passage.split())[:80]
