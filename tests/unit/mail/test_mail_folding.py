"""What is new in a mail, whatever program quoted the rest."""

import time

from handlers.networks.mail.folding import Folded, flowed, fold

GMAIL_ES = "El lun, 2 nov 2026 a las 10:00, Tienda (<hola@tienda.example>) escribió:"
OUTLOOK_ES = (
    "De: Tienda <h@t.example>\nEnviado: lunes, 2 de noviembre de 2026 10:00\nPara: Vera\nAsunto: Re: taza\n\n"
    "Hola Vera,\n¿está rota?"
)
OUTLOOK_EN = "From: Shop <h@s.example>\nSent: Monday, November 2, 2026 10:00 AM\nTo: Vera\nSubject: RE: cup\n\nHi"
APPLE_ES = "> El 2 nov 2026, a las 10:00, Tienda <h@t.example> escribió:\n> \n> Hola"
LONG = "Get outlook for the weekend, please, since the weather matters to all of us who walk here a lot\nVera"
GMAIL_EN = "On Mon, Nov 2, 2026 at 10:00 AM Shop <hello@shop.example> wrote:"
ANSWERS: dict[str, tuple[str, Folded]] = {
    "gmail, es": (f"Sigue rota.\n\n{GMAIL_ES}\n\n> ¿Está rota?\n> Un saludo\n", Folded("Sigue rota.", 3)),
    "gmail, en": (f"Still broken.\n\n{GMAIL_EN}\n\n> Is it broken?\n", Folded("Still broken.", 2)),
    "gmail, wrapped": (
        f"Vale.\n\n{GMAIL_ES.replace(' escribió', chr(10) + 'escribió')}\n\n> Hola\n",
        Folded("Vale.", 3),
    ),
    "gmail, html without marks": (f"Gracias\n\n{GMAIL_ES}\n\nHola Vera\nUn saludo", Folded("Gracias", 3)),
    "apple, es": (f"Sigue rota.\n\nEnviado desde mi iPhone\n\n{APPLE_ES}", Folded("Sigue rota.", 3, 1)),
    "apple, en": (f"Still.\n\nSent from my iPhone\n\n> {GMAIL_EN}\n> \n> Hi Vera", Folded("Still.", 3, 1)),
    "outlook, es": (f"Sigue rota.\n\n{'_' * 32}\n{OUTLOOK_ES}", Folded("Sigue rota.", 7)),
    "outlook, en": (f"Still broken.\n\n{OUTLOOK_EN}", Folded("Still broken.", 5)),
    "outlook of old": (f"Sí.\n\n-----Mensaje original-----\n{OUTLOOK_ES}", Folded("Sí.", 7)),
    "between the lines": (
        f"{GMAIL_ES}\n> ¿Qué pedido?\nEl 123.\n> ¿Y cuándo llegó?\nAyer.\n",
        Folded("El 123.\nAyer.", 3),
    ),
    "below the quotation": ("> ¿Qué pedido?\n> Un saludo\n\nEl 123, gracias.", Folded("El 123, gracias.", 2)),
    "signed": ("Hola,\nfalta la tapa.\n\n-- \nVera\n+34 600 000 000", Folded("Hola,\nfalta la tapa.", 0, 3)),
    "a list is no signature": ("Faltan:\n- una taza\n- un plato", Folded("Faltan:\n- una taza\n- un plato")),
    "a sentence is none": (LONG, Folded(LONG)),
    "nothing new": ("> ¿Está rota?\n> Un saludo", Folded("> ¿Está rota?\n> Un saludo")),
    "empty": (" \n ", Folded("")),
}


def test_what_is_new_is_shown_and_the_rest_is_counted_whatever_program_wrote_it() -> None:
    for name, (text, wanted) in ANSWERS.items():
        assert fold(text, answer=True) == wanted, name


def test_what_looks_like_a_quotation_in_a_first_mail_is_what_somebody_tells() -> None:
    text = "Hola,\nFecha: 12 de mayo\nPara: 4 personas\nNombre: Ana\n> con terraza\nGracias"
    assert fold(text, answer=False) == Folded(text)


def test_broken_paragraphs_are_put_together_again() -> None:
    assert flowed("La sopa estaba \nfría y tarde.\n> antes \n> y \n-- \nVera") == (
        "La sopa estaba fría y tarde.\n> antes \n> y \n-- \nVera"
    )
    assert flowed("東 \n京", delsp=True) == "東京"
    assert flowed(" >no quotation") == ">no quotation"


def test_hostile_texts_are_folded_in_no_time() -> None:
    some = (
        "On ",
        "From: x\n",
        "> a\n",
        "2026/01/01 <@ ",
        "El escribió ",
        "_",
        "Am schrieb ",
        "a:\n",
        "-- \n",
        "\n",
        " ",
    )
    texts = [one * 20_000 + "x" for one in some]
    began = time.process_time()
    for text in texts:
        fold(text, answer=True)
    assert time.process_time() - began < 3
