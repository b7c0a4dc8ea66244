"""The lights of `health` and `check` in words; and that there is none without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.app import SPANISH
from bot.core.commands import Misunderstood, parse
from bot.core.messages import Announce
from bot.core.types import Light
from bot.locale import LightText, available, explain, light, text
from bot.locale.catalogue import places
from bot.locale.lights import LIGHTS
from tests.support.calls import argument, calls, literals
from tests.support.lights import worded

WALL = {"part": "network", "account": "wall"}
FOLDERS = (
    "core",
    "engine",
    "store",
    "cli",
    "../handlers/chats/discord",
    "../handlers/chats/slack",
    "../handlers/chats/telegram",
    "../handlers/models/openai",
)


@pytest.mark.parametrize(
    ("shown", "english", "spanish"),
    [
        (
            Light(code="account_auth", state="red", params={**WALL, "reason": "HTTP 401"}),
            LightText(
                "Network wall",
                "It does not let us in: HTTP 401",
                "Renew the token or its rights, put it into the account's secret (PORTAVOZ_SECRET_ and its id), "
                "then start again.",
                "not working",
            ),
            LightText(
                "Red wall",
                "No nos deja entrar: HTTP 401",
                "Renueva el token o sus permisos, ponlo en el secreto de la cuenta (PORTAVOZ_SECRET_ y su id) y "
                "vuelve a arrancar.",
                "no funciona",
            ),
        ),
        (
            Light(code="paused", state="warn", params={"reason": ""}),
            LightText(
                "Pause",
                "Approved replies are held back: no reason given",
                "A lead lets them go out again with `resume`.",
                "needs a look",
            ),
            LightText(
                "Pausa",
                "Las respuestas aprobadas no salen: sin motivo",
                "Un responsable las deja salir de nuevo con `reanudar`.",
                "conviene mirarlo",
            ),
        ),
        (
            Light(code="orders_on_time", state="ok", params={"late": 45}),
            LightText("Pending work", "Delay: 45 seconds", "", "working"),
            LightText("Trabajo pendiente", "Retraso: 45 segundos", "", "funciona"),
        ),
        (
            Light(code="disk_ok", state="ok", params={"free": 78.5}),
            LightText("Disk", "78.5 GiB free", "", "working"),
            LightText("Disco", "78,5 GiB libres", "", "funciona"),
        ),
    ],
)
def test_a_light_is_said_in_the_reader_s_language(shown: Light, english: LightText, spanish: LightText) -> None:
    assert worded(shown) == english
    assert worded(shown, "es") == spanish


@pytest.mark.parametrize(("part", "name"), [("network", "Red x"), ("chat", "Chat x"), ("room", "Sala x")])
def test_every_part_has_a_name_for_people(part: str, name: str) -> None:
    shown = Light(code="account_ok", state="ok", params={"part": part, "account": "x", "name": ""})
    assert worded(shown, "es").name == name


def test_what_a_part_says_about_itself_is_put_in_as_it_is() -> None:
    shown = Light(code="account_failing", state="warn", params={**WALL, "reason": "{part} `resume`"})
    assert light("es", shown).detail == "Ahora no funciona: {part} `resume`"


ANY = st.text(max_size=20)
PARAMS = st.dictionaries(
    st.sampled_from(["part", "account", "reason", "late", "free", "count"]) | ANY,
    ANY | st.none() | st.integers(0, 10**9) | st.floats(allow_nan=False, allow_infinity=False),
    max_size=4,
)


@given(
    st.sampled_from(["en", "es", "xx"]),
    st.builds(Light, code=st.sampled_from(list(LIGHTS)) | ANY, state=st.sampled_from(["ok", "red"]), params=PARAMS),
)
def test_wording_a_light_never_fails(locale: str, shown: Light) -> None:
    said = light(locale, shown)
    assert said.state
    if shown.code not in LIGHTS:
        assert (said.name, said.detail, said.remedy) == (shown.code, "", "")


def test_every_light_has_a_sentence_and_every_sentence_a_light() -> None:
    found = set[str]()
    for file, called, node in calls(*FOLDERS):
        if called == "Light":
            codes = literals(argument(node, "code", 9))
            assert codes, f"{file}:{node.lineno} makes a light whose code cannot be read here"
            found.update(codes)
    assert found == set(LIGHTS)


def test_a_light_that_is_not_green_says_what_to_do() -> None:
    green = {code for code, (_, _, remedy) in LIGHTS.items() if not remedy}
    for file, called, node in calls(*FOLDERS):
        if called == "Light" and set(literals(argument(node, "code", 9))) & green:
            assert literals(argument(node, "state", 9)) == ["ok"], f"{file}:{node.lineno}"


def test_what_is_to_be_typed_is_understood_in_every_language() -> None:
    own = set(SPANISH) | set(SPANISH.values()) | {"slack manifest", "discord invite", "telegram setup", "prompts diff"}
    for locale in available():
        for _, _, remedy in LIGHTS.values():
            for typed in text(locale, remedy, **dict.fromkeys(places(remedy), "X")).split("`")[1::2]:
                program, _, rest = typed.partition(" ")
                if program == "portavoz":
                    assert rest.removeprefix("--data DIR ") in own, typed
                else:
                    assert not isinstance(parse(typed, by="ana", via="desk"), Misunderstood), typed


@pytest.mark.parametrize(
    ("params", "english", "spanish"),
    [
        (
            {"reason": "HTTP 503", "dead_token": False},
            "The account wall does not work: HTTP 503",
            "La cuenta wall no funciona: HTTP 503",
        ),
        (
            {"reason": "", "dead_token": False},
            "The account wall does not work: no reason given",
            "La cuenta wall no funciona: sin motivo",
        ),
        (
            {"reason": "HTTP 401", "dead_token": True},
            (
                "The account wall does not let us in any more (HTTP 401). Approved replies wait. "
                "Renew the token or its rights, then start again."
            ),
            (
                "La cuenta wall ya no nos deja entrar (HTTP 401). Las respuestas aprobadas esperan. "
                "Renueva el token o sus permisos y vuelve a arrancar."
            ),
        ),
    ],
)
def test_the_rooms_are_told_what_an_account_lacks(params: dict[str, object], english: str, spanish: str) -> None:
    said = Announce(code="account_failed", params={"account": "wall", **params})
    assert explain("en", said) == english
    assert explain("es", said) == spanish


def test_the_rooms_are_told_of_a_recovery() -> None:
    said = Announce(code="account_recovered", params={"account": "wall", "reason": "", "dead_token": False})
    assert explain("en", said) == "The account wall works again."
    assert explain("es", said) == "La cuenta wall vuelve a funcionar."
