"""What the page for developers says: how events come in, how replies go out, and examples that can be run."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handlers.networks.webhook.config import Config
from handlers.networks.webhook.door import LARGEST
from handlers.networks.webhook.payloads import MOST
from handlers.networks.webhook.signing import WINDOW

Language = Literal["en", "es"]
EXAMPLES = Path(__file__).parent / "examples"
ADDRESS, VARIABLE = "http://127.0.0.1:8600/hooks/shop", "PORTAVOZ_SECRET_SHOP"
"""What stands in the examples in place of an account's own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A program that can be run as it stands; `name` is its file's."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: sentences, then rows of a word and its meaning, then examples."""

    heading: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Documentation:
    """Everything that the page says, in one language."""

    heading: str
    lead: str
    skip: str
    language: str
    parts: tuple[Part, ...]


@functools.cache
def _source(name: str) -> str:
    return (EXAMPLES / name).read_text("utf-8").strip()


def example(name: str, address: str, variable: str) -> Example:
    """One of the programs, with an account's own address and the name of its secret."""
    return Example(name.replace(".", "-"), _source(name).replace(ADDRESS, address).replace(VARIABLE, variable))


def documentation(language: Language, config: Config, address: str, variable: str) -> Documentation:
    """The page's words, with the addresses and limits of this account."""
    words = _ES if language == "es" else _EN
    told = {
        "address": address,
        "schema": f"{address}/schema.json",
        "variable": variable,
        "window": str(WINDOW // 60),
        "most": str(MOST),
        "largest": str(LARGEST // 1_000_000),
        "rate": str(config.rate_per_minute),
        "limit": words["no_limit"] if config.max_length is None else str(config.max_length),
    }
    examples = {
        "in": ("send.sh", "send.py"),
        "out": ("receive.py",),
    }
    parts = tuple(
        Part(
            heading=heading.format_map(told),
            lines=tuple(line.format_map(told) for line in lines),
            rows=tuple((word, meaning.format_map(told)) for word, meaning in rows),
            examples=tuple(example(file, address, variable) for file in examples.get(key, ())),
        )
        for key, heading, lines, rows in (_PARTS_ES if language == "es" else _PARTS_EN)
    )
    return Documentation(words["heading"], words["lead"], words["skip"], words["language"], parts)


_EN = {
    "heading": "Connect a platform",
    "lead": (
        "Two signed requests connect any platform: it tells us what people write, and takes the replies that the team"
        " approved. Both follow Standard Webhooks (standardwebhooks.com), for which there are libraries in most languages."
    ),
    "skip": "Skip to the documentation",
    "language": "Language",
    "no_limit": "as long as you like",
}
_ES = {
    "heading": "Conecta una plataforma",
    "lead": (
        "Dos peticiones firmadas bastan para conectar cualquier plataforma: nos cuenta lo que la gente escribe y recibe"
        " las respuestas que el equipo ha aprobado. Ambas siguen Standard Webhooks (standardwebhooks.com), que tiene"
        " bibliotecas en casi todos los lenguajes."
    ),
    "skip": "Ir a la documentación",
    "language": "Idioma",
    "no_limit": "lo que quieras",
}

_Parts = tuple[tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]], ...]

_PARTS_EN: _Parts = (
    (
        "secret",
        "The secret",
        (
            "Both sides share one secret, whsec_ and 24 to 64 bytes in base64. Portavoz has it in the environment variable"
            " {variable}.",
            "To exchange it: give Portavoz the new one, a space, and the old one. Both are accepted then, and everything"
            " that goes out is signed with both. Change yours, then take the old one away.",
        ),
        (),
    ),
    (
        "in",
        "POST {address}",
        (
            "One event, or several under “events”: the oldest first, at most {most} events and {largest} MB. The types are"
            " below; every field stands in the JSON schema at {schema}. Fields that it does not have are refused.",
            "202 with the number accepted comes when everything is stored for good. After any other answer send it"
            " again later, with the same webhook-id, signed anew. A repeat changes nothing.",
        ),
        (
            ("item.created", "somebody wrote something: id, text, author, created_at; thread, parent, url, …"),
            ("item.updated", "the author edited it: the whole item, with edited_at"),
            ("item.removed", "it is gone: id, reason"),
            ("reply.confirmed", "a reply that you answered with 202 is live: id, url"),
            ("reply.refused", "a reply that you answered with 202 was turned down: id, reason, manual_url"),
            ("ours", "true in an item that the brand’s own account wrote; it never becomes a ticket"),
            ("private", "as visibility: only some can read it, and the reply will be private too"),
        ),
    ),
    (
        "answers",
        "Errors",
        ("They are JSON: “error” is a code that stays the same, “detail” says which field is wrong, and how.",),
        (
            ("400", "bad_payload, or bad_timestamp: the clocks are more than {window} minutes apart"),
            ("401", "bad_signature: another secret, or the body was changed after it was signed"),
            ("409", "id_reused: this webhook-id came before with another body"),
            ("413", "too large"),
            ("429", "more than {rate} requests a minute: wait for the seconds in Retry-After"),
            ("503", "nobody listens, or nothing can be stored now: nothing was taken; send it again"),
        ),
    ),
    (
        "out",
        "Your reply_url and item_url",
        (
            "What the team approves is sent to reply_url as reply.approved: key, item, thread, text, visibility, attempt."
            " Post the text exactly as it is. webhook-id is the key: when it comes again, post nothing and answer as"
            " before. Text: {limit}.",
            "item_url is asked with ?id= before a reply goes out, so that nobody answers what was edited or taken back."
            " It answers the item, with “below”: what stands under it, and your own replies with ours and key."
            " In place of a body the query is signed. Without item_url, tell us edits and removals at once.",
        ),
        (
            ("200, 201", "posted: id, and url where everybody can read it"),
            ("202", "somebody looks at it first: id; send reply.confirmed or reply.refused later"),
            ("409", "this key is known: with its id it counts as posted"),
            ("401, 403", "our signature is not accepted: the account stops and the team is told"),
            ("429", "later: Retry-After in seconds"),
            ("4xx", "refused, with “error” for people, who then post it by hand"),
            ("5xx", "or no answer: we send the same key again"),
            ("404, 410", "from item_url: the item is gone"),
        ),
    ),
)

_PARTS_ES: _Parts = (
    (
        "secret",
        "El secreto",
        (
            "Las dos partes comparten un secreto: whsec_ y de 24 a 64 bytes en base64. Portavoz lo lee de la variable de"
            " entorno {variable}.",
            "Para cambiarlo, dale a Portavoz el nuevo, un espacio y el antiguo. Desde entonces acepta los dos y firma con"
            " los dos todo lo que envía. Cambia el tuyo y después quita el antiguo.",
        ),
        (),
    ),
    (
        "in",
        "POST {address}",
        (
            "Un evento, o varios en «events»: primero el más antiguo, como mucho {most} eventos y {largest} MB. Abajo están"
            " los tipos; todos los campos, en el esquema JSON de {schema}. Los campos que no figuran ahí se rechazan.",
            "Con 202 y el número de eventos aceptados, todo está guardado de forma definitiva. Con cualquier otra respuesta,"
            " vuelve a enviarlo más tarde, con el mismo webhook-id y firmado de nuevo. Repetirlo no cambia nada.",
        ),
        (
            ("item.created", "alguien ha escrito algo: id, text, author, created_at; thread, parent, url, …"),
            ("item.updated", "quien lo escribió lo ha editado: el elemento entero, con edited_at"),
            ("item.removed", "ya no está: id, reason"),
            ("reply.confirmed", "una respuesta que contestaste con 202 ya está publicada: id, url"),
            ("reply.refused", "una respuesta que contestaste con 202 ha sido rechazada: id, reason, manual_url"),
            ("ours", "true si lo escribió la propia cuenta de la marca; nunca se convierte en un ticket"),
            ("private", "como visibility: solo lo leen algunas personas, y la respuesta también será privada"),
        ),
    ),
    (
        "answers",
        "Errores",
        ("Son JSON: «error» es un código que no cambia; «detail» dice qué campo está mal y por qué.",),
        (
            ("400", "bad_payload, o bad_timestamp: los relojes difieren en más de {window} minutos"),
            ("401", "bad_signature: otro secreto, o el cuerpo cambió después de firmarlo"),
            ("409", "id_reused: este webhook-id ya vino con otro cuerpo"),
            ("413", "demasiado grande"),
            ("429", "más de {rate} peticiones por minuto: espera los segundos de Retry-After"),
            ("503", "nadie escucha, o ahora no se puede guardar: no se ha tomado nada; envíalo otra vez"),
        ),
    ),
    (
        "out",
        "Tu reply_url y tu item_url",
        (
            "Lo que el equipo aprueba se envía a reply_url como reply.approved: key, item, thread, text, visibility,"
            " attempt. Publica el texto tal cual. El webhook-id es la key: si vuelve a llegar, no publiques nada y"
            " contesta como antes. Texto: {limit}.",
            "A item_url se le pregunta con ?id= antes de que salga una respuesta, para no contestar a lo que se editó o se"
            " retiró. Contesta con el elemento y con «below»: lo que hay debajo, tus propias respuestas incluidas, con ours"
            " y key. En lugar de un cuerpo se firma la consulta. Sin item_url, avísanos enseguida de ediciones y retiradas.",
        ),
        (
            ("200, 201", "publicada: id, y la url donde la puede leer cualquiera"),
            ("202", "antes la revisa alguien: id; más tarde envía reply.confirmed o reply.refused"),
            ("409", "esta key ya se conoce: si lleva su id, cuenta como publicada"),
            ("401, 403", "nuestra firma no se acepta: la cuenta se detiene y se avisa al equipo"),
            ("429", "más tarde: Retry-After, en segundos"),
            ("4xx", "rechazada, con «error» para las personas, que la publicarán a mano"),
            ("5xx", "o ninguna respuesta: volvemos a enviar la misma key"),
            ("404, 410", "de item_url: el elemento ya no está"),
        ),
    ),
)
