"""What a model writes about the themes is shown only with numbers that it was given, and leads nowhere."""

import pytest

from bot.core.phrasing import LONGEST, fit

THEMES = [(12, "soup, cold", "The soup was cold on 3 of our visits, we paid 1.200 pesos"), (4, "queue", "An hour!")]


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("Twelve comments are about cold soup.", "en", True),
        ("Doce comentarios hablan de la sopa fría; 4, de la cola.", "es", True),
        ("Somebody paid 1,200 for 3 visits.", "en", True),
        ("Alguien pagó 1.200 por 3 visitas, ya ten cuidado una vez más.", "es", True),
        ("It happened once more, par for the course.", "en", True),
        ("13 comments are about cold soup.", "en", False),
        ("Sixteen percent: 16 %", "en", False),
        ("Cincuenta personas se quejan.", "es", False),
        ("Once comentarios.", "es", False),
        ("Half of them complain.", "en", False),
        ("1.5 times as many.", "en", False),
        ("See https://soup.example for more", "en", False),
        ("Write to soup.example now", "en", False),
        ("Cold \u202esoup", "en", False),
        ("", "en", False),
        ("soup " * LONGEST, "en", False),
    ],
)
def test_what_may_be_shown(text: str, language: str, shown: bool) -> None:
    assert bool(fit(text, language, THEMES)) == shown
