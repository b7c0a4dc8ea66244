"""The page for developers: the JSON interface, the feed, and how the wall is shown on another site."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.networks.wall.config import Config
from handlers.networks.wall.rules import AUTHOR_LIMIT, BODY_LIMIT, TEXT_LIMIT
from handlers.networks.wall.words import Language


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One request: what it is for, an example that can be pasted into a shell, and the answer."""

    method: str
    path: str
    what: str
    example: str
    answer: str


@dataclass(frozen=True, slots=True)
class Documentation:
    """Everything that the page says, in one language."""

    heading: str
    lead: str
    endpoints: tuple[Endpoint, ...]
    answer: str
    errors_heading: str
    errors_lead: str
    errors: tuple[tuple[str, str], ...]
    limits_heading: str
    limits: tuple[str, ...]
    embed_heading: str
    embed: tuple[str, ...]
    frame: str
    settings: str


def documentation(language: Language, config: Config, base: str) -> Documentation:
    """The page's words, with the addresses and limits of this wall."""
    address = base + config.path
    es = language == "es"

    def either(english: str, spanish: str) -> str:
        return spanish if es else english

    return Documentation(
        heading=either("For developers", "Para desarrolladores"),
        lead=either(
            "Everything that the page can do, programs can do with JSON. There is no key: whoever may read the wall"
            " may write on it.",
            "Todo lo que hace la página lo puede hacer un programa con JSON. No hay claves: quien puede leer el muro"
            " puede escribir en él.",
        ),
        endpoints=_endpoints(language, config.path, address),
        answer=either("Answer", "Respuesta"),
        errors_heading=either("Errors", "Errores"),
        errors_lead=either(
            "Every error is JSON with a code that stays the same and a sentence for people:"
            ' {"error": "empty_text", "detail": "…"}.',
            "Todo error es JSON con un código que no cambia y una frase para personas:"
            ' {"error": "empty_text", "detail": "…"}.',
        ),
        errors=_errors(language),
        limits_heading=either("Limits", "Límites"),
        limits=_limits(language, config),
        embed_heading=either("On your own site", "En tu propia web"),
        embed=_embed(language, config),
        frame=f'<iframe src="{address}" title="{config.name}" width="100%" height="800" style="border:0"></iframe>',
        settings='[[networks]]\nid = "wall"\ntype = "wall"\nembed_on = ["https://www.example.org"]',
    )


def _endpoints(language: Language, path: str, address: str) -> tuple[Endpoint, ...]:
    words = _WHAT[language]
    json = "-H 'Content-Type: application/json'"
    url = f"{address}/comments"
    comment = '{"id": "k3v8…", "author": "Marta", "text": "…", "parent": null, "created_at": "…", "replies": []}'
    return (
        Endpoint(
            "POST",
            f"{path}/comments",
            words[0],
            f"""curl {json} -d '{{"author": "Marta", "text": "¿Abren el domingo?"}}' {url}""",
            '201 {"id": "k3v8…", "url": "…/c/k3v8…", "edit_token": "…"}',
        ),
        Endpoint(
            "GET",
            f"{path}/comments?limit=&after=",
            words[1],
            f"curl '{url}?limit=20'",
            f'200 {{"comments": [{comment}, …], "next": "k3v8…"}}',
        ),
        Endpoint("GET", f"{path}/comments/{{id}}", words[2], f"curl {url}/ID", f"200 {comment}"),
        Endpoint(
            "PATCH",
            f"{path}/comments/{{id}}",
            words[3],
            f"""curl -X PATCH {json} -H "Edit-Token: TOKEN" -d '{{"text": "…"}}' {url}/ID""",
            f"200 {comment}",
        ),
        Endpoint(
            "POST",
            f"{path}/comments/{{id}}/withdraw",
            words[4],
            f'curl -X POST -H "Edit-Token: TOKEN" {url}/ID/withdraw',
            '200 {…, "text": "", "removed": true}',
        ),
        Endpoint("GET", f"{path}/feed.atom", words[5], f"curl {address}/feed.atom", "200 application/atom+xml"),
    )


_WHAT: dict[Language, tuple[str, ...]] = {
    "en": (
        (
            "Write a comment; with “parent” (the id of a comment or reply) an answer in its thread. An Idempotency-Key"
            " header makes a repeat the same comment. Keep the edit_token: it is shown once."
        ),
        (
            "The comments, oldest first, with the brand’s replies. “next” is the next page’s “after”; it is null on the"
            " last one."
        ),
        "One comment with its replies.",
        "Change your own comment: the token proves that it is yours.",
        "Take your own comment back. The words go; that there was a comment stays visible.",
        "The newest threads as an Atom feed, with ETag for polite readers.",
    ),
    "es": (
        (
            "Escribe un comentario; con «parent» (el id de un comentario o respuesta), una respuesta en su hilo. Con la"
            " cabecera Idempotency-Key, repetir el envío da el mismo comentario. Guarda el edit_token: sale una vez."
        ),
        (
            "Los comentarios, primero los más antiguos, con las respuestas de la marca. «next» es el «after» de la"
            " página siguiente; en la última es null."
        ),
        "Un comentario con sus respuestas.",
        "Cambia un comentario propio: el token demuestra que es tuyo.",
        "Retira un comentario propio. El texto desaparece; se seguirá viendo que hubo un comentario.",
        "Los hilos más recientes como canal Atom, con ETag para lectores considerados.",
    ),
}


def _errors(language: Language) -> tuple[tuple[str, str], ...]:
    es = language == "es"
    return (
        (
            "400",
            "JSON o campos incorrectos, texto vacío o demasiado largo"
            if es
            else "wrong JSON or fields, an empty or too long text",
        ),
        ("403", "el comentario no es tuyo" if es else "the comment is not yours"),
        ("404", "no existe" if es else "there is no such comment"),
        (
            "409",
            "la Idempotency-Key ya se usó con otro texto"
            if es
            else "the Idempotency-Key came before with another text",
        ),
        ("410", "su autor lo retiró" if es else "its author took it back"),
        ("413", "cuerpo demasiado grande" if es else "too large a body"),
        (
            "429",
            "demasiado seguido: espera los segundos de Retry-After"
            if es
            else "too often: wait for the seconds in Retry-After",
        ),
        (
            "503",
            "no se puede guardar ahora: repite con la misma Idempotency-Key"
            if es
            else "cannot be stored now: repeat with the same Idempotency-Key",
        ),
    )


def _limits(language: Language, config: Config) -> tuple[str, ...]:
    if language == "es":
        return (
            f"Texto: {TEXT_LIMIT} caracteres. Nombre: {AUTHOR_LIMIT}. Cuerpo: {BODY_LIMIT // 1024} KiB.",
            f"{config.rate_per_minute} mensajes por minuto y dirección; desde el propio servidor, sin límite.",
        )
    return (
        f"Text: {TEXT_LIMIT} characters. Name: {AUTHOR_LIMIT}. Body: {BODY_LIMIT // 1024} KiB.",
        f"{config.rate_per_minute} messages a minute and address; from the server itself without limit.",
    )


def _embed(language: Language, config: Config) -> tuple[str, ...]:
    sites = ", ".join(config.embed_on)
    if language == "es":
        now = f"Ahora pueden mostrarlo: {sites}." if sites else "Ahora no lo puede mostrar ninguna otra web."
        return (
            "Enlaza la página, o muéstrala en un marco. Un marco solo se ve en las webs que nombra la configuración.",
            now,
            (
                "Dentro de un marco, los navegadores no guardan la cookie del visitante: puede escribir; para editar"
                " después tiene que abrir la página misma."
            ),
        )
    now = f"These may show it now: {sites}." if sites else "No other site may show it now."
    return (
        "Link to the page, or show it in a frame. A frame is shown only on the sites that the settings name.",
        now,
        (
            "Inside a frame browsers do not keep the visitor’s cookie: people can write; to edit later they open the"
            " page itself."
        ),
    )
