"""What the wall's page says, in English and Spanish.

The wall stands outside, like any other network: its words are its own and not those of the team's catalogues.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from starlette.requests import Request

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "The wall",
        "heading": "Tell us what you think",
        "lead": "A complaint, a question, an idea, a kind word: people read it, and people answer.",
        "promise": "We remove nothing. Only you can take your own words back.",
        "name": "Your name",
        "text": "Your comment",
        "limit": "Up to {limit} characters. Everybody can read it, so leave out phone numbers and addresses.",
        "send": "Post it",
        "said": "What people say",
        "nothing": "Nobody has written anything yet.",
        "be_first": "Yours would be the first comment.",
        "reply": "Reply",
        "reply_label": "Your reply",
        "send_reply": "Post reply",
        "edit": "Edit",
        "save": "Save changes",
        "withdraw": "Take it back",
        "withdraw_sure": "The words go for good; that there was a comment stays visible.",
        "withdraw_yes": "Yes, take it back",
        "taken_back": "The author took this comment back.",
        "edited": "edited",
        "brand": "Official reply",
        "mine": "you",
        "older": "Older comments",
        "newest": "Newest comments",
        "all": "All comments",
        "permalink": "Link to this comment",
        "language": "Language",
        "skip": "Skip to the comments",
        "just_now": "just now",
        "missing_title": "There is nothing here",
        "missing": "This comment does not exist, or the link is incomplete.",
        "empty_text": "Write something first: the comment is empty.",
        "text_too_long": "That is {length} characters; {limit} is the most.",
        "empty_author": "Tell us what to call you.",
        "author_too_long": "The name has {length} characters; {limit} is the most.",
        "too_many": "That was a lot in a short time. Try again in {seconds} seconds.",
        "elsewhere": "This form came from another site. Write your comment here instead.",
        "removed": "The comment that you answer was taken back by its author.",
        "not_yours": "Only its author can change a comment.",
        "unreadable": "Your browser sent something that cannot be read. Try again.",
        "too_large": "That is far too much for one comment.",
        "key_reused": "This form was sent before. Your first comment is on the wall.",
        "no_room": "Nothing can be stored just now. Your words are still here: try again in {seconds} seconds.",
        "trap": "Leave this empty",
        "filled_trap": "A hidden field was filled in, as programs do. Your words are still here: send them again.",
        "sample_label": "Sample",
        "sample": "A sample: everything on this page is invented, to try things on.",
        "feed": "Follow (Atom)",
        "docs": "For developers",
    },
    "es": {
        "title": "El muro",
        "heading": "Cuéntanos qué piensas",
        "lead": "Una queja, una pregunta, una idea, unas palabras amables: lo leen personas y responden personas.",
        "promise": "No borramos nada. Solo tú puedes retirar tus palabras.",
        "name": "Tu nombre",
        "text": "Tu comentario",
        "limit": "Hasta {limit} caracteres. Lo puede leer cualquiera: no pongas teléfonos ni direcciones.",
        "send": "Publicar",
        "said": "Lo que se dice",
        "nothing": "Todavía no ha escrito nadie.",
        "be_first": "El primer comentario puede ser el tuyo.",
        "reply": "Responder",
        "reply_label": "Tu respuesta",
        "send_reply": "Publicar respuesta",
        "edit": "Editar",
        "save": "Guardar cambios",
        "withdraw": "Retirar",
        "withdraw_sure": "El texto desaparece para siempre; se seguirá viendo que hubo un comentario.",
        "withdraw_yes": "Sí, retirarlo",
        "taken_back": "Quien lo escribió ha retirado este comentario.",
        "edited": "editado",
        "brand": "Respuesta oficial",
        "mine": "tú",
        "older": "Comentarios anteriores",
        "newest": "Comentarios más recientes",
        "all": "Todos los comentarios",
        "permalink": "Enlace a este comentario",
        "language": "Idioma",
        "skip": "Ir a los comentarios",
        "just_now": "ahora mismo",
        "missing_title": "Aquí no hay nada",
        "missing": "Este comentario no existe o el enlace está incompleto.",
        "empty_text": "Primero escribe algo: el comentario está vacío.",
        "text_too_long": "Son {length} caracteres; caben {limit}.",
        "empty_author": "Dinos cómo te llamas.",
        "author_too_long": "El nombre tiene {length} caracteres; caben {limit}.",
        "too_many": "Son muchos mensajes en poco tiempo. Prueba de nuevo dentro de {seconds} segundos.",
        "elsewhere": "Este formulario venía de otro sitio. Escribe aquí tu comentario.",
        "removed": "Quien escribió el comentario al que respondes lo ha retirado.",
        "not_yours": "Solo quien lo escribió puede cambiar un comentario.",
        "unreadable": "Tu navegador ha enviado algo que no se puede leer. Inténtalo de nuevo.",
        "too_large": "Es demasiado para un solo comentario.",
        "key_reused": "Este formulario ya se había enviado. Tu primer comentario está en el muro.",
        "no_room": "Ahora no se puede guardar nada. Tu texto sigue aquí: prueba de nuevo dentro de {seconds} segundos.",
        "trap": "Deja esto vacío",
        "filled_trap": "Se rellenó un campo oculto, como hacen los programas. Tu texto sigue aquí: envíalo otra vez.",
        "sample_label": "Ejemplo",
        "sample": "Página de ejemplo: todo lo que hay aquí es inventado, para hacer pruebas.",
        "feed": "Seguir (Atom)",
        "docs": "Para desarrolladores",
    },
}

_PREFERENCE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")


def chosen(request: Request) -> Language | None:
    """The language that `?lang=` asks for, if it is one of ours."""
    asked = request.query_params.get("lang")
    return next((language for language in LANGUAGES if language == asked), None)


def preferred(accept_language: str) -> Language:
    """The reader's favourite among ours, English when he has none (RFC 9110, 12.5.4)."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept_language.split(",")[:20]:
        if (match := _PREFERENCE.fullmatch(part)) is None:
            continue
        weight = float(match[2] or 1)
        for language in LANGUAGES:
            if language == match[1].lower() and weight > best[0]:
                best = (weight, language)
    return best[1]


def say(language: Language, code: str, **params: object) -> str:
    """A sentence with its numbers written the way the language writes them."""
    written = {
        name: format_decimal(value, locale=language) if isinstance(value, int) else value
        for name, value in params.items()
    }
    return WORDS[language][code].format(**written)


def ago(language: Language, at: datetime, now: datetime) -> str:
    """When that was, as people say it: `5 minutes ago` on the same day, else the date."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return WORDS[language]["just_now"]
    if passed < timedelta(days=1):
        return format_timedelta(-passed, granularity="minute", add_direction=True, locale=language)
    return format_date(at, "long", locale=language)


def exactly(language: Language, at: datetime) -> str:
    """The moment in full, in UTC because nothing tells where the reader is."""
    return format_datetime(at.astimezone(UTC), "long", tzinfo=UTC, locale=language)
