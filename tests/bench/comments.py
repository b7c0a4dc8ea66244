"""Invented comments in Spanish and English for benchmarks and crash tests: varied, and the same for each seed."""

from __future__ import annotations

import random
from typing import NamedTuple


class Said(NamedTuple):
    """Who said what, in which language."""

    author: str
    text: str
    language: str


_NAMES = (
    "Marta", "Íñigo", "Lucía P.", "Xoán", "Begoña", "Quique", "Noelia R.", "Andreu", "Paco el de la esquina", "Ainhoa",
    "Harriet", "Dmitri", "Olwen", "Jamal", "Priya K.", "Tom from the corner", "Siobhán", "Ezra", "Mina", "Gus",
)  # fmt: skip

_ES = {
    "thing": ("la cafetera", "el bono de transporte", "la mochila azul", "mi reserva", "el abono mensual",
              "la mesa plegable", "el pedido de flores", "la revisión del coche", "el curso de cerámica"),
    "when": ("desde el martes", "hace tres semanas", "ayer por la tarde", "el lunes a primera hora",
             "dos días antes de lo previsto", "después de la segunda llamada"),
    "where": ("en la tienda del puerto", "por correo", "en la app", "en la oficina de Gijón", "en el mostrador"),
    "detail": ("y la tapa venía rota", "y nadie sabe dónde está", "y el color no era el que elegí",
               "y en la factura pone otra dirección", "y la cremallera no cierra", "y me atendió Rosa"),
}  # fmt: skip
_ES_SHAPES = (
    "Compré {thing} {when} {where} {detail}. Estoy muy decepcionado, así no se trata a un cliente.",
    "¿Alguien me puede decir cuándo llega {thing}? Lo pregunté {when} {where}.",
    "Quería dar las gracias: recogí {thing} {when} {where} {detail}, y el trato fue estupendo.",
    "Sería buena idea que {thing} se pudiera cambiar {where}. Lo intenté {when} y no hay manera.",
    "Llevo esperando {thing} {when} {detail}. Es una vergüenza que nadie conteste {where}.",
    "¿Cómo puedo devolver {thing}? Me lo dieron {where} {when}.",
)
_EN = {
    "thing": ("the kettle", "my parking permit", "the green rucksack", "our booking", "the yearly pass",
              "the folding desk", "the birthday flowers", "the bike service", "the pottery course"),
    "when": ("since Tuesday", "three weeks ago", "yesterday afternoon", "first thing on Monday",
             "two days before it was due", "after the second phone call"),
    "where": ("at the harbour shop", "by post", "in the app", "at your Leeds office", "at the counter"),
    "detail": ("and the lid was cracked", "and nobody knows where it is", "and it was not the colour I chose",
               "and the invoice has someone else's address", "and the zip will not close", "and Rose looked after us"),
}  # fmt: skip
_EN_SHAPES = (
    "I bought {thing} {when} {where} {detail}. Really disappointed, this is no way to treat a customer.",
    "Can anybody tell me when {thing} will arrive? I asked {when} {where}.",
    "Just wanted to say thank you: we picked up {thing} {when} {where} {detail}, and the staff were lovely.",
    "It would be a good idea to let people change {thing} {where}. I tried {when} and there is no way.",
    "Still waiting for {thing} {when} {detail}. It is a disgrace that nobody answers {where}.",
    "How do I return {thing}? I was given it {where} {when}.",
)


def comment(dice: random.Random) -> Said:
    """One comment; its number at the end keeps any two apart."""
    words, shapes = dice.choice(((_ES, _ES_SHAPES), (_EN, _EN_SHAPES)))
    filled = {slot: dice.choice(choices) for slot, choices in words.items()}
    text = dice.choice(shapes).format(**filled)
    number = dice.randrange(10**9)
    language, mark = ("es", "ref.") if words is _ES else ("en", "order")
    return Said(dice.choice(_NAMES), f"{text} ({mark} {number:09})", language)


def comments(seed: int, count: int) -> list[Said]:
    """So many comments."""
    dice = random.Random(seed)
    return [comment(dice) for _ in range(count)]
