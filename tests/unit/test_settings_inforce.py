"""Settings as people may read them."""

from pathlib import Path

from bot.settings import load
from bot.settings.inforce import options


def test_every_setting_is_shown_as_one_would_write_it(tmp_path: Path) -> None:
    settings = load(data=tmp_path, environ={"PORTAVOZ_QUORUM_CRITICAL": "1", "PORTAVOZ_BRAND_OWN_DOMAINS": "a.example"})
    shown = {one.name: one.value for one in options(settings)}
    assert shown["quorum.critical"] == "1"
    assert shown["brand.own_domains"] == '["a.example"]'
    assert shown["timezone"] == '"UTC"'
    assert shown["demo"] == "true"
    assert shown["base_url"] == ""


def test_no_password_is_among_them(tmp_path: Path) -> None:
    environ = {
        "PORTAVOZ_DATABASE_URL": "postgresql://bot:hunter2@db.example/portavoz",
        "PORTAVOZ_SECRET_DESK": "hunter2",
    }
    assert "hunter2" not in repr(options(load(data=tmp_path, environ=environ)))
