"""The words of the command grammar: verbs, kinds, severities, switches and units, in English and Spanish.

`VERBS` is the single source: the parser, the help, the slash commands and the command line are made from it.
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from typing import TypeVar

from bot.core.types import AuthorFlag, Kind, Role, Severity

LONGEST_WORD = 40  # longer "words" are no words of this grammar; nothing below looks at more
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A verb of the grammar.

    `shape` shows the arguments (`[ ]` optional, `|` alternatives); `role` is the least role that may use it;
    `summary` is one line of English for the help, and a msgid of the catalogue, as `shape` is.
    `on_ticket` says that the first argument is a ticket id, `free_text` that what follows it is a person's words.
    """

    name: str
    spanish: tuple[str, ...]
    shape: str
    role: Role
    summary: str
    also: tuple[str, ...] = ()
    on_ticket: bool = False
    free_text: bool = False


def _query(name: str, spanish: str, shape: str, summary: str, also: str = "") -> Verb:
    return Verb(
        name=name,
        spanish=tuple(spanish.split()),
        also=tuple(also.split()),
        shape=shape,
        role=Role.VIEWER,
        summary=summary,
        on_ticket=shape == "ID",
    )


def _wish(
    name: str, spanish: str, shape: str, role: Role, summary: str, *, also: str = "", free_text: bool = False
) -> Verb:
    return Verb(
        name=name,
        spanish=tuple(spanish.split()),
        also=tuple(also.split()),
        shape=shape,
        role=role,
        summary=summary,
        on_ticket=shape.startswith("ID"),
        free_text=free_text,
    )


# Pausing needs no more than an agent, because stopping must be easy; going on again is a lead's decision.
VERBS: tuple[Verb, ...] = (
    _query("inbox", "bandeja entrada", "[mine|all]", "What waits for an answer."),
    _query("next", "siguiente proximo", "", "The ticket that should be answered first."),
    _query("show", "ver mostrar muestra", "ID", "All there is to know about a ticket.", "view"),
    _query(
        "search",
        "buscar busca",
        "[network:|account:|kind:|state:|severity:|author:|before:|after:] [words]",
        "Find tickets by words and filters, the newest first.",
        "find",
    ),
    _wish(
        "approve",
        "aprobar aprueba apruebo",
        "ID [rN]",
        Role.APPROVER,
        "Say yes to the newest draft (with rN: only if N is the newest).",
    ),
    _wish(
        "refuse",
        "rechazar rechaza rechazo",
        "ID [reason]",
        Role.APPROVER,
        "Say no to the draft; the ticket stays open.",
        also="reject",
        free_text=True,
    ),
    _wish(
        "reply",
        "responder responde contestar contesta",
        "ID text",
        Role.AGENT,
        "Propose a reply in your own words, or a follow-up.",
        also="answer",
        free_text=True,
    ),
    _wish("edit", "editar edita", "ID text", Role.AGENT, "Replace the draft with your text.", free_text=True),
    _wish(
        "redraft",
        "reescribir reescribe otra",
        "ID [x3] [hint]|rN",
        Role.AGENT,
        "Ask for another draft (x3: for three), or bring revision N back.",
        also="rewrite",
        free_text=True,
    ),
    _wish("undo", "deshacer deshaz", "ID", Role.APPROVER, "Take an approval back before the reply has gone out."),
    _wish(
        "settle",
        "resolver resuelve",
        "ID posted|absent [URL]",
        Role.APPROVER,
        "Say whether a reply of unknown fate stands on the network.",
    ),
    _wish("claim", "tomar toma tomo reclamar", "ID", Role.AGENT, "Say that you are on it.", also="take"),
    _wish("assign", "asignar asigna", "ID [@who]", Role.AGENT, "Give a ticket to somebody, or to yourself."),
    _wish(
        "ask",
        "preguntar pregunta",
        "ID @who question",
        Role.AGENT,
        "Ask a colleague, inside the team.",
        free_text=True,
    ),
    _wish("wait", "esperar espera", "ID", Role.AGENT, "Wait for the customer or a colleague."),
    _wish(
        "close",
        "cerrar cierra",
        "ID [reason]|noise [account]",
        Role.AGENT,
        "No further reply needed (noise: to all that is folded away).",
        free_text=True,
    ),
    _wish("reopen", "reabrir reabre", "ID", Role.AGENT, "Open a ticket again."),
    _wish("snooze", "posponer pospon aplazar", "ID 2h", Role.AGENT, "Put a ticket away for a while."),
    _wish("escalate", "escalar escala", "ID [@who]", Role.AGENT, "Ask somebody with more say."),
    _wish("kind", "tipo", "ID kind", Role.AGENT, "Correct what kind of comment it is.", also="type"),
    _wish("severity", "gravedad", "ID severity", Role.AGENT, "Correct how much is at stake."),
    _wish(
        "note",
        "nota anotar",
        "ID text",
        Role.AGENT,
        "Leave a remark that never leaves the team.",
        free_text=True,
    ),
    _query("author", "autor autora", "ID", "Who wrote a ticket, with their other tickets.", "who"),
    _wish("flag", "marcar marca", "ID vip|advocate|press|none", Role.AGENT, "Say what to know about who wrote it."),
    _wish(
        "about",
        "sobre acerca",
        "ID text",
        Role.AGENT,
        "Leave a remark about who wrote it, inside the team.",
        free_text=True,
    ),
    _wish("mute", "silenciar silencia", "words|@author", Role.APPROVER, "Fold away what only disturbs."),
    _wish("unmute", "oir oye", "words|@author", Role.APPROVER, "Stop folding it away."),
    _wish("pause", "pausar pausa", "[reason]", Role.AGENT, "Stop everything that would go out.", also="stop"),
    _wish("resume", "reanudar reanuda", "", Role.LEAD, "Let replies go out again."),
    _wish(
        "crisis",
        "crisis",
        "on|off [topic]",
        Role.APPROVER,
        "Two people for every reply (turning it off takes a lead).",
    ),
    _wish("sample", "ejemplo", "play|now|hide", Role.AGENT, "Play a sample day, or put it away."),
    _query("stats", "cifras", "[drafts] [7d]", "Figures of the last days; what became of drafts."),
    _query("digest", "resumen", "[day]", "What happened on a day.", "summary"),
    _query("health", "salud", "", "Whether every part works.", "status"),
    _query("failures", "fallos fallo errores", "[E17|ID]", "What was given up, or is of unknown fate.", "letters"),
    _wish(
        "retry",
        "reintentar reintenta",
        "[E17|ID|all]",
        Role.AGENT,
        "Try again what was given up, and look again for replies of unknown fate.",
    ),
    _wish("done", "hecho", "E17 [link]", Role.APPROVER, "Somebody took care of it: do not try it again."),
    _query("mutes", "silenciados", "", "What is folded away, and how to lift it."),
    _query("noise", "ruido", "[account]", "What is folded away as noise, and where it lies."),
    _query("press", "prensa", "[7d]", "What the press wrote in the last days."),
    _query("help", "ayuda", "[command]", "How to say it."),
)

KINDS: dict[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "queja": Kind.COMPLAINT,
    "reclamacion": Kind.COMPLAINT,
    "pregunta": Kind.QUESTION,
    "consulta": Kind.QUESTION,
    "sugerencia": Kind.SUGGESTION,
    "elogio": Kind.PRAISE,
    "felicitacion": Kind.PRAISE,
    "comentario": Kind.COMMENT,
    "basura": Kind.SPAM,
    "ruido": Kind.NOISE,
}

SEVERITIES: dict[str, Severity] = {
    **{severity.value: severity for severity in Severity},
    "baja": Severity.LOW,
    "bajo": Severity.LOW,
    "medium": Severity.NORMAL,
    "media": Severity.NORMAL,
    "alta": Severity.HIGH,
    "alto": Severity.HIGH,
    "critica": Severity.CRITICAL,
    "critico": Severity.CRITICAL,
}

FLAGS: dict[str, AuthorFlag | None] = {
    **{flag.value: flag for flag in AuthorFlag},
    **dict.fromkeys(("embajador", "embajadora", "fan", "defensor", "defensora"), AuthorFlag.ADVOCATE),
    **dict.fromkeys(("prensa", "periodista"), AuthorFlag.PRESS),
    **dict.fromkeys(("none", "off", "ninguna", "ninguno", "nada"), None),
}

SWITCH: dict[str, bool] = {
    **dict.fromkeys(("on", "si", "encender", "activar", "abrir"), True),
    **dict.fromkeys(("off", "no", "apagar", "desactivar", "cerrar"), False),
}

SAMPLE: dict[str, str] = {
    **dict.fromkeys(("play", "start", "jugar", "reproducir", "empezar"), "play"),
    **dict.fromkeys(("now", "once", "ya", "ahora"), "now"),
    **dict.fromkeys(("hide", "archive", "ocultar", "archivar", "guardar"), "hide"),
}

FATES: dict[str, bool] = {
    **dict.fromkeys(("posted", "published", "publicado", "publicada"), True),
    **dict.fromkeys(("absent", "missing", "ausente", "falta"), False),
}

MINUTES: dict[str, int] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuto", "minutos"), 1),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "hora", "horas"), 60),
    **dict.fromkeys(("d", "day", "days", "dia", "dias"), 24 * 60),
    **dict.fromkeys(("w", "week", "weeks", "semana", "semanas"), 7 * 24 * 60),
}

NOISE = frozenset({"noise", "ruido"})
TOMORROW = frozenset({"tomorrow", "manana"})
DRAFTS = frozenset({"drafts", "draft", "borradores", "borrador"})
TODAY = frozenset({"today", "hoy"})
YESTERDAY = frozenset({"yesterday", "ayer"})
MINE = frozenset({"mine", "mia", "mias", "mio", "mios"})
ALL = frozenset({"all", "todo", "todos", "todas"})


def fold(word: str) -> str:
    """Case and accents away: `Mañana` -> `manana`. Too long a word becomes the empty one."""
    if len(word) > LONGEST_WORD:
        return ""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}
BY_WORD: dict[str, Verb] = {fold(word): verb for verb in VERBS for word in (verb.name, *verb.also, *verb.spanish)}


def lookup(table: dict[str, T], word: str) -> T | None:
    """What the word stands for, accents and case ignored."""
    return table.get(fold(word))


def nearest(word: str, words: dict[str, T]) -> str | None:
    """The word that was probably meant, or None when nothing is near."""
    folded = fold(word)
    close = difflib.get_close_matches(folded, words, n=1, cutoff=0.7) if folded else []
    return close[0] if close else None


def usage(verb: str) -> str:
    """How a verb is used: `approve ID [rN]`. Raises KeyError for what is no verb's name."""
    return f"{verb} {BY_NAME[verb].shape}".rstrip()
