"""Mistakes in the configuration: each is named with what is wrong and what to do; no secret is ever repeated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Problem, Settings, SettingsError, load
from bot.settings.secrets import is_secret_name, looks_secret, redact

PERSON = '[[people]]\nid = "eva"\nname = "Eva"\nrole = "lead"\n'
TELEGRAM = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX"


def problems(tmp_path: Path, toml: str = "", **environ: str) -> tuple[Problem, ...]:
    (tmp_path / "portavoz.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(data=tmp_path, environ=environ)
    return caught.value.problems


@pytest.mark.parametrize(
    ("toml", "name", "says"),
    [
        ("prot = 1", "prot", "is not a setting. Did you mean 'port'?"),
        ("xyzzy = 1", "xyzzy", "is not a setting. Take it out. Known here: host, port,"),
        ('data = "x"', "data", "cannot be set in the file. Give it by --data"),
        ("secrets = 1", "secrets", "cannot be set in the file"),
        ('port = "8600"', "port", "is not a whole number. It is: Port to listen on"),
        ("port = true", "port", "is not a whole number"),
        ("port = 70000", "port", "less than or equal to 65535"),
        ("undo_seconds = -1", "undo_seconds", "greater than or equal to 0"),
        ('demo = "maybe"', "demo", "is neither true nor false"),
        ('locale = "fr"', "locale", "should be 'en' or 'es'"),
        ('timezone = "Madrid"', "timezone", "is not a time zone like Europe/Madrid"),
        ('languages = "es"', "languages", "is not a list"),
        ("languages = []", "languages", "has too few entries: at least 1"),
        ('languages = ["es", "spanish"]', "languages.1", "is not of the right form"),
        ('base_url = "ftp://x"', "base_url", "is not an address like https://"),
        ('trusted_proxies = ["nobody"]', "trusted_proxies.0", "does not appear to be an IPv4 or IPv6 network"),
        ('prompts = "/does/not/exist"', "prompts", "is not a folder"),
        ('host = "a\\u202eb"', "host", "characters that cannot be seen"),
        ("brand = 1", "brand", "is not a table"),
        ('[brand]\nnam = "x"', "brand.nam", "is not a setting. Did you mean 'name'?"),
        ('[brand]\nformality = "thou"', "brand.formality", "should be 'tu', 'usted' or 'vos'"),
        ('[brand]\nown_domains = ["https://a.example/x"]', "brand.own_domains.0", "is not a domain"),
        ("[sla]\nquestion = 0", "sla.question", "greater than or equal to 1"),
        ("[quorum]\ncrisis = 3", "quorum.crisis", "less than or equal to 2"),
        ('people = "ana"', "people", "is not a list"),
        ('people = ["ana"]', "[[people]] no. 1", "is not a table"),
        ('[[people]]\nid = "eva"', "[[people]] eva: name", "is missing. It is: The name that colleagues see."),
        ('[[people]]\nname = "Eva"', "[[people]] no. 1: id", "is missing"),
        ('[[people]]\nid = "Eva B"\nname = "Eva"', "[[people]] no. 1: id", "small letters, digits"),
        ('[[people]]\nid = "eva\\n"\nname = "Eva"', "[[people]] no. 1: id", "small letters, digits"),
        (PERSON.replace("lead", "boss"), "[[people]] eva: role", "should be 'viewer', 'agent', 'approver' or 'lead'"),
        (PERSON + "rol = 1", "[[people]] eva: rol", "is not a setting. Did you mean 'role'?"),
        (PERSON + PERSON, "[[people]] eva", "the id is used 2 times"),
        (PERSON + '[people.identities]\nslak = "U1"', "[[people]] eva: identities", "there is no chat 'slak'"),
        (PERSON + "[people.identities]\ndesk = 1", "[[people]] eva: identities.desk", "is not a text"),
        (
            PERSON
            + '[people.identities]\ndesk = "U1"\n'
            + PERSON.replace("eva", "rui")
            + '[people.identities]\ndesk = "U1"',
            "[[people]] identities",
            "2 people claim the same identity on desk",
        ),
        ('[[networks]]\nid = "a"', "[[networks]] a: type", "is missing"),
        (
            PERSON + '[[networks]]\nid = "a-b"\ntype = "x"\n[[networks]]\nid = "a_b"\ntype = "x"',
            "PORTAVOZ_SECRET_A_B",
            "two networks or chats would share this secret",
        ),
        (PERSON + '[[chats]]\nid = "team"\ntype = "slack"', "[[chats]] team", "has no room"),
        ('[[rooms]]\nid = "r"\nchat = "dask"', "[[rooms]] r: chat", "there is no chat 'dask'. Did you mean 'desk'?"),
        ('[[rooms]]\nid = "r"\nchat = "q"', "[[rooms]] r: chat", "there is no chat 'q'. There is: desk."),
        (
            '[[routes]]\nroom = "desk"\nalso = ["dusk"]',
            "[[routes]] no. 1: also",
            "there is no room 'dusk'. Did you mean 'desk'?",
        ),
        ('[[routes]]\nroom = "dusk"', "[[routes]] no. 1: room", "there is no room 'dusk'. Did you mean 'desk'?"),
        ('[[routes]]\nroom = "desk"\naccount = "shop"', "[[routes]] no. 1: account", "there is no network 'shop'"),
        ('[[routes]]\nroom = "desk"\nnetwork = "x"', "[[routes]] no. 1: network", "there is no type of network 'x'"),
        ('[[routes]]\nroom = "desk"\nkind = "rant"', "[[routes]] no. 1: kind", "should be 'complaint'"),
        ("demo = false", "people", "nobody is configured who could approve a reply"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_remedy(tmp_path: Path, toml: str, name: str, says: str) -> None:
    found = problems(tmp_path, toml)
    assert [problem.name for problem in found] == [name]
    assert says in str(found[0])
    assert found[0].remedy


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PORTAVOZ_PORT", "tcp://10.0.0.1:80", "is not a whole number"),
        ("PORTAVOZ_PORT", "²", "is not a whole number"),
        ("PORT", "http", "is not a whole number"),
        ("PORTAVOZ_UNDO_SECONDS", "99999999999999999999", "is not a whole number"),
        ("PORTAVOZ_DEMO", "perhaps", "is neither true nor false"),
        ("PORTAVOZ_SLA_QUESTION", "0", "greater than or equal to 1"),
        ("PORTAVOZ_LOG_LEVEL", "loud", "should be 'debug'"),
        ("PORTAVOZ_PROT", "1", "is not a setting. Did you mean 'PORTAVOZ_PORT'?"),
        ("DATABASE_URL", "postgres://u:hush@h", "is neither an SQLite file nor the address of a PostgreSQL"),
        ("PORTAVOZ_DATABASE_URL", "postgresql+asyncpg://u:hush@h/db", "is neither an SQLite file"),
        ("DATABASE_URL", "sqlite:///:memory:", "is neither an SQLite file"),
        ("DYNO", "web.1", "throws its disk away"),
    ],
)
def test_a_mistake_in_the_environment_is_named_by_its_variable(
    tmp_path: Path, variable: str, value: str, says: str
) -> None:
    found = problems(tmp_path, **{variable: value})
    assert [problem.name for problem in found] == ["PORTAVOZ_DATA" if variable == "DYNO" else variable]
    assert says in str(found[0])
    assert "hush" not in str(found[0])


def test_a_mistake_on_the_command_line_is_named_by_its_option(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^--port: should be less than or equal to 65535"):
        load(data=tmp_path, port=99999, environ={})


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "prot = 1\nlocale = 5\n" + PERSON + PERSON, PORTAVOZ_PORT="x")
    assert {problem.name for problem in found} == {"prot", "locale", "[[people]] eva", "PORTAVOZ_PORT"}
    with pytest.raises(SettingsError) as caught:
        load(data=tmp_path, environ={})
    assert str(caught.value).count("\n") == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"port = ", "is not valid TOML (at "),
        (b'a = "\xff"', "is not UTF-8"),
        (b"a = " + b"[" * 5000, "is not valid TOML"),
        (b"#" * 1_000_001, "is larger than a megabyte"),
    ],
)
def test_a_broken_file_is_one_problem(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "portavoz.toml").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(data=tmp_path, environ={})
    (problem,) = caught.value.problems
    assert says in str(problem)


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(config=tmp_path / "none.toml", data=tmp_path, environ={})
    with pytest.raises(SettingsError, match="cannot be read"):
        load(config=tmp_path, data=tmp_path, environ={})


def test_a_dotenv_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(data=tmp_path, environ={})


def test_a_disk_that_is_thrown_away_is_refused_unless_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(data=tmp_path, environ={"DYNO": "web.1", "PORTAVOZ_ALLOW_EPHEMERAL": "1"}).demo
    monkeypatch.setattr(os.path, "ismount", lambda path: False)
    with pytest.raises(SettingsError, match="FLY_APP_NAME"):
        load(data=tmp_path, environ={"FLY_APP_NAME": "x"})
    monkeypatch.setattr(os.path, "ismount", lambda path: path == tmp_path.parent)
    assert load(data=tmp_path, environ={"FLY_APP_NAME": "x"}).demo
    with pytest.raises(SettingsError, match="DYNO"):
        load(data=tmp_path, environ={"DYNO": "web.1"})


# --- secrets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "name", "variable"),
    [
        ('[[networks]]\nid = "my-tg"\ntype = "telegram"\nbot_token = "hush"', "networks[1].bot_token", "MY_TG"),
        ('[[networks]]\nid = "x"\ntype = "y"\n[networks.auth]\npassword = "hush"', "networks[1].auth.password", "_X"),
        (f'[[networks]]\nid = "x"\ntype = "y"\nplace = "{TELEGRAM}"', "networks[1].place", "X"),
        ('[[networks]]\nid = "x"\ntype = "y"\nbase_url = "https://u:hush@a.example"', "networks[1].base_url", "X"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, toml: str, name: str, variable: str) -> None:
    (found,) = problems(tmp_path, PERSON + toml)
    assert found.name == name
    assert "a secret stands in the configuration file" in found.problem
    assert variable in found.remedy
    assert "hush" not in str(found)
    assert TELEGRAM not in str(found)


def complaints(raw: dict[str, Any], **environ: str) -> tuple[Problem, ...]:
    """What is said about a file with this content."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.settings.loading.read_file", lambda path, must_exist: (raw, []))
        try:
            load(data=Path("/nonexistent-portavoz"), environ=environ)
        except SettingsError as error:
            return error.problems
    return ()


@given(
    st.text(st.characters(categories=["L", "N"]), min_size=8, max_size=30),
    st.sampled_from(["id", "type", "xtoken", "port", "kind", "token", "room"]),
    st.sampled_from(["", "brand", "people", "networks", "rooms", "routes"]),
)
def test_no_message_ever_repeats_a_known_secret(secret: str, key: str, table: str) -> None:
    row = {key: secret}
    raw: dict[str, Any] = row if not table else {table: row if table == "brand" else [row]}
    assert not [str(p) for p in complaints(raw, PORTAVOZ_SECRET_X=secret) if secret in str(p)]


JSONISH: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*Settings.model_fields, "x"]), JSONISH, max_size=6))
def test_any_shape_of_file_gives_settings_or_problems(raw: dict[str, Any]) -> None:
    assert all(p.name and p.problem and p.remedy for p in complaints(raw))


@pytest.mark.parametrize("name", ["token", "bot_token", "api-key", "password", "client_secret", "Authorization"])
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["max_tokens", "tokens", "public_key", "keywords", "key", "secretary"])
def test_other_names_are_none(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdef123456",
        "authorization='Basic abcdef123456'",
        '{"access_token": "abcdef123456"}',
        "GET /x?token=abcdef123456&y=1",
        "https://user:abcdef123456@host/x",
        "https://api.telegram.org/bot123456789:abcdef123456abcdef123456abcdef123456/getMe",
        "xoxb-abcdef123456-1",
        "xapp-1-abcdef123456",
        "sk-proj-abcdef123456abcdef123456",
        "whsec_abcdef123456/abcdef+123456abcdef123456=",
        "ghp_abcdef123456abcdef123456",
        "eyJhbGciOiJIUzI1.abcdef123456.abcdef123456",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    assert "abcdef123456" not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize("text", ["https://a.example/x?y=1", "K7Q2 approved by ana", "at 12:30:45", "max_tokens=5"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert redact(text) == text
    assert not looks_secret(text)


def test_known_secrets_are_hidden_wherever_they_stand() -> None:
    assert redact("abcd abcdef x", ["abcd", "abcdef", "x"]) == "*** *** x"
