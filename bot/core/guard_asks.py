"""Does a reply ask for personal data, and how bad would that be? Spanish and English.

A demand is a word that asks, and behind it, in the same sentence, the name of a datum of the commenter's. "Escríbenos
por correo" and "our address" name a channel of ours and pass; "nunca compartas tu contraseña" is denied and passes;
"envíanos por privado tu número de pedido" sends the datum where it belongs and passes too, unless it is a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.plaintext import wordset

_SENTENCE = re.compile(r"[^.!?;\n\u2026]+[.!?;\n\u2026]*")
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|,|\?")
_MOST = 20_000
_REACH = 12

_ES_ASK = re.compile(
    r"(?:envi|mand|pas|dej|facilit|indic|indiqu|confirm|compart|proporcion|anot|public|publiqu|adjunt|remit|aport|escrib|"
    r"respond|contest|coment)(?:a|e|i|ad|ed|id|en|an|as|es|ais|eis|ar|er|ir)(?:nos|me)?(?:lo|la|los|las)?"
    r"|(?:di|diga|digan|decid|deci|da|de|dad|den|pon|ponga|poned|decir|dar)(?:nos|me)"
    r"|necesit(?:o|amos|aremos|are|ariamos|aria)|requerimos|solicitamos|pedimos|pedirte|pedirle|cual|cuales|das|dais|dices"
)
_EN_ASK = wordset(
    """
    send give tell share sharing provide leave drop post reply respond comment confirm what what's whats need require
    get have text message dm include enter type write submit supply verify quote know
    """
)
# English verbs that ask only in such company, at most three words before.
_COMPANY = {
    "need": frozenset({"we", "we'll", "i", "i'll", "we'd"}),
    "require": frozenset({"we", "we'll", "i"}),
    "have": frozenset({"can", "could", "may", "might"}),
    "get": frozenset({"can", "could", "may", "might"}),
    "know": frozenset({"let"}),
}
_MINE = wordset("tu tus su sus vuestro vuestra vuestros vuestras your ur")
_ANY = wordset("un una el la los las an the a")
_OURS = wordset("nuestro nuestra nuestros nuestras our ours")
_CHANNEL = wordset("por al en desde via sobre para a to in on at from by through about using")
_ENUMERATION = wordset("y e o , and or")
_SUBORDINATE = wordset("que si cuando donde that if whether when where which how why")
_DENIAL = wordset("no nunca jamas ni sin evita evitar evite evitad never not don't dont avoid without nor won't")
# A comma begins a new clause; "no dudes en…" denies nothing.
_NOT_DENIAL = wordset("dudes dude dudeis duden dudar hesitate ,")
_PRIVATE = re.compile(
    r"(?<!\w)(?:privad[oa]|privately|private|mp|md|dms?|pm|inbox|mensajes? directos?|direct messages?|e-?mail us|"
    r"por (?:correo|e-?mail)|by e-?mail|via e-?mail|formulario|form)(?!\w)"
)


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(","))


_SECRETS = _phrases(
    """
    contrasena, contrasenas, clave, claves, password, passwords, passcode, codigo de seguridad,
    codigo de verificacion, pin, cvv, cvv2, cvc, otp, security code, verification code, one time code, tarjeta,
    tarjetas, card, credit card, debit card, bank card, payment card, card number, card details
    """
)
_DATA = _phrases(
    """
    correo, correo electronico, email, mail, e mail, telefono, movil, celular, whatsapp, numero, direccion,
    domicilio, codigo postal, dni, nie, nif, cedula, curp, rut, pasaporte, iban, cuenta bancaria, numero de cuenta,
    numero de pedido, numero de telefono, pedido y, numero de cliente, numero de reserva, fecha de nacimiento,
    datos, datos personales, datos de contacto, datos bancarios, localizador, codigo de reserva, documento,
    apellidos, nombre completo, email address, phone, phone number, telephone, mobile, mobile number, cell,
    cell number, number, address, home address, delivery address, shipping address, postcode, post code, zip,
    zip code, passport, passport number, id, id number, id card, social security number, ssn, date of birth, dob,
    bank account, bank details, account number, sort code, order number, order id, booking reference,
    booking number, booking code, reservation number, customer number, personal details, personal data,
    contact details, full name, surname, details
    """
)
_LONGEST = 4
# Only where one of these stands is there anything to look at.
_FIRST_WORDS = frozenset(phrase[0] for phrase in _SECRETS | _DATA)
# A card that opens nothing.
_HARMLESS_CARD = wordset(
    """
    embarque fidelidad fidelizacion regalo socio socia cliente puntos gift boarding loyalty library membership
    """
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked for: the passage, whether it is a secret, whether a private channel is named for it."""

    words: str
    secret: bool
    private_channel: bool


def demands(folded: str) -> tuple[Demand, ...]:
    """All demands for personal data in a folded reply, in order."""
    head = folded[:_MOST]
    # No token reaches beyond its sentence, so that those of the whole text are those of its sentences.
    if _FIRST_WORDS.isdisjoint(_TOKEN.findall(head)):
        return ()
    return tuple(demand for sentence in _SENTENCE.findall(head) for demand in _demands_of(sentence))


def _demands_of(sentence: str) -> list[Demand]:
    """The demands in one sentence, in order."""
    found: list[Demand] = []
    tokens = _TOKEN.findall(sentence)
    if _FIRST_WORDS.isdisjoint(tokens):
        return found
    place = 0
    while place < len(tokens):
        size, secret = _datum_at(tokens, place)
        asked = _asked_from(tokens, place, size) if size else None
        if asked is not None:
            words = " ".join(tokens[asked : place + size])
            found.append(Demand(words, secret, _PRIVATE.search(sentence) is not None))
        place += max(size, 1)
    return found


def _datum_at(tokens: list[str], place: int) -> tuple[int, bool]:
    """The length of the datum's name that begins here (0: none), and whether it is a secret."""
    if tokens[place] not in _FIRST_WORDS:
        return 0, False
    for size in range(min(_LONGEST, len(tokens) - place), 0, -1):
        phrase = tuple(tokens[place : place + size])
        if phrase in _SECRETS:
            around = set(tokens[max(0, place - 1) : place + size + 3])
            return size, not around & _HARMLESS_CARD
        if phrase in _DATA:
            return size, False
    return 0, False


def _asked_from(tokens: list[str], place: int, size: int) -> int | None:
    """Where the demand for the datum at `place` begins; None when nobody asks for it."""
    owner = _owner(tokens, place)
    if owner is None:
        return None
    if tokens[-1] == "?" and len(tokens) <= size + 3 and tokens[owner] in _MINE and owner <= 1:
        return 0
    for back in range(owner - 1, max(-1, owner - 1 - _REACH), -1):
        token = tokens[back]
        if token in _SUBORDINATE:
            return None
        if _asks(tokens, back):
            return None if _is_denied(tokens, back) else back
    return None


def _owner(tokens: list[str], place: int) -> int | None:
    """Where the determiner of the datum stands, or the datum itself in an enumeration; None when it is not theirs."""
    for back in range(place - 1, max(-1, place - 4), -1):
        token = tokens[back]
        if token in _OURS:
            return None
        if token in _MINE or token in _ANY:
            return None if back and tokens[back - 1] in _CHANNEL else back
        if token in _CHANNEL:
            return None
        if token in _ENUMERATION or _asks(tokens, back):
            followed = tokens[place + 1 : place + 2]
            return place if back == place - 1 and not (followed and followed[0] in _MINE) else None
    return None


def _asks(tokens: list[str], place: int) -> bool:
    token = tokens[place]
    if token in _EN_ASK:
        company = _COMPANY.get(token)
        return company is None or bool(company & set(tokens[max(0, place - 3) : place]))
    return _ES_ASK.fullmatch(token) is not None


def _is_denied(tokens: list[str], asked: int) -> bool:
    """Whether "no", "never" or "avoid" stands before the asking word, in the same clause."""
    for back in range(asked - 1, max(-1, asked - 8), -1):
        token = tokens[back]
        if token in _NOT_DENIAL:
            return False
        if token in _DENIAL or token.endswith("n't"):
            return True
    return False
