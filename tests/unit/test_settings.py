"""Settings: layers, defaults, and what the core is given."""

from __future__ import annotations

import sys
from datetime import UTC
from pathlib import Path

import pytest

from bot.core.routing import Route
from bot.core.types import Kind, Person, Role, Room, Severity
from bot.settings import Settings, SettingsError, load, settings_table

FULL = """
locale = "es"
timezone = "Europe/Madrid"
undo_seconds = 20
base_url = "https://bot.example.com/portavoz/"
trusted_proxies = ["10.0.0.0/8"]

[brand]
name = "Panadería Sol"
own_domains = ["www.Sol.example"]
formality = "usted"

[sla]
complaint = 30

[[people]]
id = "eva"
name = "Eva"
role = "approver"
locale = "en"
signature = "^Eva"
[people.identities]
team = "U123"

[[people]]
id = "rui"
name = "Rui"

[[networks]]
id = "shop"
type = "mastodon"
base_url = "https://social.example"
poll = {seconds = 30}

[[chats]]
id = "team"
type = "slack"

[[chats]]
id = "page"
type = "desk"

[[rooms]]
id = "care"
chat = "team"
native_id = "C42"
locale = "en"

[[routes]]
room = "care"
account = "shop"
kind = "complaint"
min_severity = "high"
"""


def read(tmp_path: Path, toml: str = "", **environ: str) -> Settings:
    if toml:
        (tmp_path / "portavoz.toml").write_text(toml, encoding="utf-8")
    return load(data=tmp_path, environ=environ)


def test_a_route_keeps_every_condition_that_is_written(tmp_path: Path) -> None:
    written = {
        "room": "desk",
        "network": "wall",
        "account": "wall",
        "kind": "complaint",
        "min_severity": "high",
        "language": "es",
        "flag": "press",
    }
    lines = "\n".join(f'{name} = "{value}"' for name, value in written.items())
    settings = read(tmp_path, f'[[networks]]\nid = "wall"\ntype = "wall"\n[[routes]]\n{lines}\nalso = ["desk"]\n')
    (route,) = settings.as_routes()
    assert {name: str(getattr(route, name)) for name in written} == written
    assert route.also == ("desk",)


def test_with_nothing_configured_there_is_a_wall_a_desk_and_a_demo_team(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert [(n.id, n.type, n.fields) for n in settings.networks] == [
        ("wall", "wall", {}),
        ("sample", "wall", {"path": "/sample", "sample": True}),
    ]
    assert settings.as_rooms() == (Room(id="desk", chat="desk", locale="en"),)
    assert [(p.id, p.role, p.locale) for p in settings.as_people()] == [
        ("ana", Role.LEAD, "es"),
        ("luis", Role.APPROVER, "en"),
    ]
    assert settings.demo
    assert settings.undo_seconds == 2
    assert settings.database == tmp_path / "portavoz.db"
    assert settings.public_url == "http://127.0.0.1:8600"
    assert settings.config_file is None
    assert settings.tz is UTC


def test_everything_in_the_file_arrives(tmp_path: Path) -> None:
    settings = read(tmp_path, FULL)
    assert settings.as_people() == (
        Person(
            id="eva",
            name="Eva",
            role=Role.APPROVER,
            locale="en",
            signature="^Eva",
            identities=frozenset({("team", "U123")}),
        ),
        Person(id="rui", name="Rui", role=Role.AGENT, locale="es"),
    )
    assert settings.as_rooms() == (
        Room(id="care", chat="team", native_id="C42", locale="en"),
        Room(id="page", chat="page", locale="es"),
    )
    assert settings.as_routes() == (
        Route(room="care", account="shop", kind=Kind.COMPLAINT, min_severity=Severity.HIGH),
    )
    assert settings.networks[0].fields == {"base_url": "https://social.example", "poll": {"seconds": 30}}
    assert settings.brand.own_domains == ("sol.example",)
    assert (settings.sla.complaint, settings.sla.question) == (30, 240)
    assert settings.public_url == "https://bot.example.com/portavoz"
    assert str(settings.tz) == "Europe/Madrid"
    assert not settings.demo
    assert settings.config_file == tmp_path / "portavoz.toml"


def test_with_something_configured_the_undo_window_is_ten_seconds(tmp_path: Path) -> None:
    toml = '[[people]]\nid = "eva"\nname = "Eva"\nrole = "lead"\n'
    settings = read(tmp_path, toml)
    assert settings.undo_seconds == 10
    assert [network.id for network in settings.networks] == ["wall", "sample"]
    assert not settings.demo


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "portavoz.toml").write_text('port = 1\nhost = "a.example"\nlocale = "es"\n')
    environ = {"PORTAVOZ_PORT": "3", "PORT": "2", "PORTAVOZ_HOST": "b.example"}
    assert load(data=tmp_path, environ={}).port == 1
    assert load(data=tmp_path, environ={"PORT": "2"}).port == 2
    assert load(data=tmp_path, environ=environ).port == 3
    settings = load(data=tmp_path, host="c.example", port=0, environ=environ)
    assert (settings.host, settings.port, settings.locale) == ("c.example", 0, "es")


def test_every_scalar_can_come_from_the_environment(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        PORTAVOZ_BRAND_NAME="Sol",
        PORTAVOZ_BRAND_OWN_DOMAINS="sol.example, sol.test",
        PORTAVOZ_BRAND_SIGNATURE="yes",
        PORTAVOZ_QUORUM_CRISIS="1",
        PORTAVOZ_SLA_OTHER=" 60 ",
        PORTAVOZ_LANGUAGES="es,pt",
        PORTAVOZ_UNDO_SECONDS="0",
        PORTAVOZ_LOCALE="",
    )
    assert settings.brand.name == "Sol"
    assert settings.brand.own_domains == ("sol.example", "sol.test")
    assert settings.brand.signature is True
    assert settings.quorum.crisis == 1
    assert settings.sla.other == 60
    assert settings.languages == ("es", "pt")
    assert settings.undo_seconds == 0
    assert settings.locale == "en"


def test_a_group_in_the_file_keeps_what_the_environment_does_not_name(tmp_path: Path) -> None:
    settings = read(tmp_path, "[sla]\ncomplaint = 5\nquestion = 6\n", PORTAVOZ_SLA_QUESTION="7")
    assert (settings.sla.complaint, settings.sla.question) == (5, 7)


def test_folder_and_file_are_found_through_the_environment_too(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("port = 5\n")
    environ = {"PORTAVOZ_DATA": str(tmp_path / "state"), "PORTAVOZ_CONFIG": str(file)}
    settings = load(environ=environ)
    assert (settings.data, settings.config_file, settings.port) == (tmp_path / "state", file, 5)
    assert load(config=file, data=tmp_path, environ={}).port == 5


def test_a_dotenv_next_to_the_file_adds_what_the_environment_lacks(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORTAVOZ_PORT=5\nPORTAVOZ_HOST='d.example'\nPORTAVOZ_SECRET_TEAM=$x#1\n")
    settings = load(data=tmp_path, environ={"PORTAVOZ_PORT": "6"})
    assert (settings.port, settings.host, settings.secret("team")) == (6, "d.example", "$x#1")


def test_secrets_come_by_id_and_are_never_shown(tmp_path: Path) -> None:
    settings = read(tmp_path, PORTAVOZ_SECRET_TEAM_SLACK="hush/1", PORTAVOZ_SECRET_TEAM_SLACK_APP="hush-2")
    assert settings.secret("team-slack") == "hush/1"
    assert settings.secret("team-slack", "app") == "hush-2"
    assert settings.secret("other") is None
    assert set(settings.secrets.values()) == {"hush/1", "hush%2F1", "hush-2"}
    for shown in (repr(settings), str(settings), repr(settings.secrets), str(settings.model_dump())):
        assert "hush" not in shown


@pytest.mark.parametrize(
    ("url", "file"),
    [("sqlite:////var/lib/p.db", "/var/lib/p.db"), ("sqlite+aiosqlite:///state/p.db", "state/p.db")],
)
def test_the_database_may_be_another_sqlite_file(tmp_path: Path, url: str, file: str) -> None:
    assert read(tmp_path, DATABASE_URL=url).database == Path(file)


def test_what_is_built_for_the_network_is_shown_as_an_address_for_people(tmp_path: Path) -> None:
    assert load(data=tmp_path, host="0.0.0.0", port=1, environ={}).public_url == "http://127.0.0.1:1"
    assert load(data=tmp_path, host="::1", port=1, environ={}).public_url == "http://[::1]:1"


def test_variables_of_others_are_left_alone(tmp_path: Path) -> None:
    assert read(tmp_path, PORTAVOZ_SERVICE_HOST="10.0.0.1", PORTAVOZ_TEST_HOOK="x", PATH="/bin").port == 8600


def test_a_demo_team_speaks_on_a_real_network_only_when_told_to(tmp_path: Path) -> None:
    toml = '[[networks]]\nid = "shop"\ntype = "mastodon"\n'
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, toml)
    assert [problem.name for problem in caught.value.problems] == ["people"]
    assert read(tmp_path, f"demo = true\n{toml}").demo
    with pytest.raises(SettingsError):
        load(data=tmp_path / "empty", environ={"PORTAVOZ_DEMO": "false"})


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        read(tmp_path).port = 1  # type: ignore[misc]


def test_the_table_has_a_row_for_every_setting() -> None:
    table = settings_table()
    for name in Settings.model_fields:
        if name not in ("config_file", "secrets"):
            assert f"{name}" in table
    assert '| `brand.formality` | `"tu"` |' in table
    assert "| `undo_seconds` | `10` |" in table
    assert "| `[[people]] id` | required |" in table
    assert all(row.count("|") == 5 for row in table.splitlines())
    meanings = [row.split("|")[3].strip() for row in table.splitlines()]
    assert all(meanings)


def test_nothing_of_the_environment_is_read_at_import() -> None:
    assert "bot.settings.loading" in sys.modules
    source = Path(sys.modules["bot.settings.loading"].__file__ or "").parent
    assert not [path.name for path in source.glob("*.py") if "os.environ" in path.read_text(encoding="utf-8")]
