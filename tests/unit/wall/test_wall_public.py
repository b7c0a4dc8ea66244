"""What makes the wall a page to put before the public: its words, frames, a trap for programs, documentation."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape
from pathlib import Path

import pytest
from pydantic import ValidationError

from handlers.networks.wall import Config, create
from handlers.networks.wall.docs import documentation
from tests.unit.wall.wall_app import BASE, running


async def test_a_team_puts_its_own_words_on_it(tmp_path: Path) -> None:
    async with running(tmp_path, brand="Alameda", heading="¿Qué tal <todo>?", welcome="Os leemos.") as app:
        page = (await app.page()).text
    assert "<h1>¿Qué tal &lt;todo&gt;?</h1>" in page
    assert "Os leemos." in page


def test_the_brand_of_the_settings_stands_on_it_unless_it_has_one(tmp_path: Path) -> None:
    assert create(Config(id="a"), data=tmp_path, base_url=BASE, brand="Alameda")._config.name == "Alameda"
    assert create(Config(id="b", brand="B"), data=tmp_path, base_url=BASE, brand="Alameda")._config.name == "B"
    assert create(Config(id="c"), data=tmp_path, base_url=BASE)._config.name == "Portavoz"


async def test_no_site_may_frame_it_unless_it_was_named(tmp_path: Path) -> None:
    async with running(tmp_path / "closed") as app:
        assert "frame-ancestors 'none'" in (await app.page()).headers["content-security-policy"]
    async with running(tmp_path / "open", embed_on=("https://www.example.org",)) as app:
        policy = (await app.page()).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.example.org")


@pytest.mark.parametrize("site", ["https://a.example; script-src *", "*", "javascript:x", "https://a.example/path"])
def test_only_an_origin_can_be_named(site: str) -> None:
    with pytest.raises(ValidationError):
        Config(embed_on=(site,))


@pytest.mark.parametrize("path", ["/desk", "/metrics", "/", "wall", "/a/b", "/A"])
def test_it_takes_nobodys_place(path: str) -> None:
    with pytest.raises(ValidationError):
        Config(path=path)


def test_its_file_is_not_the_bots_own() -> None:
    with pytest.raises(ValidationError, match="own database"):
        Config(id="portavoz")


async def test_a_program_that_fills_in_everything_is_stopped_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        answer = await app.form("/wall", author="Vera", text="Hola, soy yo", website="http://spam.example")
        assert answer.status_code == 400
        assert "Hola, soy yo" in answer.text
        assert "hidden field" in answer.text
        assert await app.listed() == []
        assert (await app.form("/wall", author="Vera", text="Hola, soy yo", website="")).status_code == 303


async def test_the_trap_is_out_of_the_way_of_people(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        page = (await app.page()).text
    trap = re.search(r'<div class="trap" aria-hidden="true">.*?</div>', page)
    assert trap
    assert 'tabindex="-1"' in trap[0]
    assert 'autocomplete="off"' in trap[0]


async def test_it_can_stand_elsewhere_with_everything_that_belongs_to_it(tmp_path: Path) -> None:
    async with running(tmp_path, path="/opinion") as app:
        answer = await app.form("/opinion", author="Vera", text="Hola")
        assert answer.headers["location"].startswith("/opinion#c-")
        assert "Path=/opinion" in answer.headers["set-cookie"]
        page = (await app.page("/opinion")).text
        assert "/wall" not in page.replace("/static/wall.css", "")
        for link in set(re.findall(r'(?:href|action)="([^"]+)"', page)):
            if not link.startswith("#") and "/edit" not in link:
                assert (await app.page(unescape(link).split("#")[0])).status_code == 200, link
        assert (await app.client.get("/opinion/comments")).json()["comments"][0]["text"] == "Hola"
        assert (await app.page()).status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_documentation_is_there_in_both_languages(tmp_path: Path, language: str) -> None:
    async with running(tmp_path) as app:
        page = await app.page(f"/docs?lang={language}")
        assert page.status_code == 200
        assert (await app.page(f"/wall/docs?lang={language}")).status_code == 200
    assert {"en": "For developers", "es": "Para desarrolladores"}[language] in page.text
    assert "/wall/comments" in page.text


async def test_its_examples_do_what_they_say(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        number, token = "", ""
        for endpoint in documentation("en", app.network._config, BASE).endpoints:
            command = shlex.split(endpoint.example.replace("TOKEN", token).replace("/ID", f"/{number}"))
            headers = dict(command[n + 1].split(": ") for n, word in enumerate(command) if word == "-H")
            body = next((command[n + 1] for n, word in enumerate(command) if word == "-d"), None)
            answer = await app.client.request(endpoint.method, command[-1], headers=headers, content=body)
            assert str(answer.status_code) == endpoint.answer.split()[0], endpoint
            if answer.status_code == 201:
                number, token = answer.json()["id"], answer.json()["edit_token"]
            promised = set(re.findall(r'"(\w+)":', endpoint.answer))
            assert promised <= set(re.findall(r'"(\w+)":', answer.text)), endpoint
        left = json.loads((await app.client.get(f"/wall/comments/{number}")).text)
        assert left["removed"] is True
