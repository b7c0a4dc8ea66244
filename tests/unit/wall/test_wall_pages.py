"""The wall's page: works without scripts, speaks two languages, shows nothing as anything but text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from handlers.networks.wall.words import LANGUAGES, WORDS, ago, preferred
from tests.contract.hostile import HOSTILE
from tests.unit.wall.wall_app import COOKIE, App, running


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, brand="Café Alameda") as app:
        yield app


class Tags(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_a_visitor_writes_and_is_led_to_his_comment(app: App) -> None:
    answer = await app.form("/wall", author="Vera", text="Hola\r\n¿qué tal?")
    (comment,) = await app.listed()
    assert (comment["author"], comment["text"]) == ("Vera", "Hola\n¿qué tal?")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/wall#c-{comment['id']}"
    assert f'id="c-{comment["id"]}"' in (await app.page()).text


async def test_the_visitor_gets_a_cookie_that_scripts_and_other_sites_cannot_use(app: App) -> None:
    assert "set-cookie" not in (await app.page()).headers
    cookie = (await app.form("/wall", author="Vera", text="Hola")).headers["set-cookie"]
    assert re.match(r"wall_visitor=[\w-]{43};", cookie)
    assert {"HttpOnly", "SameSite=lax", "Path=/wall"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_the_cookie_is_for_secure_connections_only_where_the_wall_has_one(tmp_path: Path) -> None:
    async with running(tmp_path, base_url="https://wall.example") as app:
        assert "Secure" in (await app.form("/wall", author="V", text="x")).headers["set-cookie"]


async def test_the_cookie_makes_two_comments_one_persons(app: App) -> None:
    for _ in range(2):
        await app.form("/wall", cookie=COOKIE, author="Vera", text="Hola")
    await app.form("/wall", author="Vera", text="Hola")
    visitors = [comment.visitor for comment in await app.wall.comments(None, 10)]
    assert visitors[0] == visitors[1] != visitors[2]
    assert COOKIE not in str(visitors)


async def test_sending_the_same_form_twice_is_one_comment(app: App) -> None:
    key = key_of((await app.page(cookie=COOKIE)).text)
    first = await app.form("/wall", cookie=COOKIE, author="Vera", text="Hola", key=key)
    again = await app.form("/wall", cookie=COOKIE, author="Vera", text="Hola", key=key)
    assert first.headers["location"] == again.headers["location"]
    assert len(await app.listed()) == 1
    other = await app.form("/wall", cookie=COOKIE, author="Vera", text="Adiós", key=key)
    assert other.status_code == 409
    assert WORDS["en"]["key_reused"] in other.text


async def test_a_newcomer_who_clicks_twice_is_one_person_with_one_comment(app: App) -> None:
    key = key_of((await app.page()).text)
    answers = [await app.form("/wall", author="Vera", text="Hola", key=key) for _ in range(2)]
    first, again = (answer.headers["set-cookie"].partition(";")[0] for answer in answers)
    assert first == again
    assert key not in first
    assert len(await app.listed()) == 1
    assert "/edit" in (await app.page(cookie=first.partition("=")[2])).text


async def test_every_form_on_a_page_has_a_name_of_its_own(app: App) -> None:
    for n in range(3):
        await app.form("/wall", author="Vera", text=f"n {n}")
    keys = re.findall(r'name="key" value="([^"]+)"', (await app.page()).text)
    assert len(set(keys)) == len(keys) == 4


async def test_replies_of_the_brand_stand_below_what_they_answer(app: App) -> None:
    await app.form("/wall", author="Vera", text="first")
    await app.form("/wall", author="Luis", text="second")
    first = (await app.listed())[0]["id"]
    await app.wall.reply_by_hand(first, "the answer to the first")
    page = (await app.page()).text
    assert page.index("second") < page.index("first") < page.index("the answer to the first")
    assert "Official reply" in page


async def test_a_visitor_answers_in_a_thread(app: App) -> None:
    await app.form("/wall", author="Vera", text="first")
    root = (await app.listed())[0]["id"]
    answer = await app.form("/wall", author="Luis", text="me too", parent=root)
    below = (await app.listed())[1]
    assert below["parent"] == root
    assert answer.headers["location"] == f"/wall/c/{below['id']}#c-{below['id']}"
    assert "first" in (await app.page(f"/wall/c/{below['id']}")).text


async def test_a_link_leads_to_a_comment_and_to_a_reply_and_marks_it(app: App) -> None:
    await app.form("/wall", author="Vera", text="first")
    root = (await app.listed())[0]["id"]
    reply = await app.wall.reply_by_hand(root, "an answer")
    for native in (root, reply.id):
        tags = Tags((await app.page(f"/wall/c/{native}")).text).tags
        marked = [attributes["id"] for _, attributes in tags if "marked" in (attributes.get("class") or "").split()]
        assert marked == [f"c-{native}"]


async def test_only_its_author_sees_the_forms_to_change_a_comment(app: App) -> None:
    await app.form("/wall", cookie=COOKIE, author="Vera", text="Hola")
    assert "/edit" in (await app.page(cookie=COOKIE)).text
    assert "/edit" not in (await app.page()).text
    assert "/edit" not in (await app.page(cookie="B" * 43)).text


async def test_its_author_edits_and_takes_back_on_the_page(app: App) -> None:
    await app.form("/wall", cookie=COOKIE, author="Vera", text="Hola")
    native = (await app.listed())[0]["id"]
    assert (await app.form(f"/wall/c/{native}/edit", cookie="B" * 43, text="x")).status_code == 403
    edited = await app.form(f"/wall/c/{native}/edit", cookie=COOKIE, text="Hola a todos")
    assert edited.status_code == 303
    assert "edited" in (await app.page(Accept_Language="en")).text
    assert (await app.form(f"/wall/c/{native}/withdraw", cookie="B" * 43)).status_code == 403
    assert (await app.form(f"/wall/c/{native}/withdraw", cookie=COOKIE)).status_code == 303
    page = (await app.page(Accept_Language="es")).text
    assert WORDS["es"]["taken_back"] in page
    assert "Hola a todos" not in page


@pytest.mark.parametrize(
    ("fields", "code", "params"),
    [
        ({"author": "Vera", "text": " \n"}, "empty_text", {}),
        ({"author": "", "text": "keep me"}, "empty_author", {}),
        ({"author": "Vera", "text": "keep me" * 1_000}, "text_too_long", {"length": "7,000", "limit": "5,000"}),
    ],
)
async def test_a_form_that_cannot_be_accepted_comes_back_with_what_was_typed(
    app: App, fields: dict[str, str], code: str, params: dict[str, str]
) -> None:
    answer = await app.form("/wall", **fields)
    assert answer.status_code == 400
    assert WORDS["en"][code].format(**params) in answer.text
    assert fields["text"].strip() in answer.text
    assert fields["author"] in answer.text


async def test_an_error_in_a_thread_is_shown_in_the_thread(app: App) -> None:
    await app.form("/wall", author="Vera", text="first")
    root = (await app.listed())[0]["id"]
    answer = await app.form("/wall", author="", text="keep me", parent=root)
    assert answer.status_code == 400
    assert WORDS["en"]["empty_author"] in answer.text
    assert "keep me" in answer.text
    assert "first" in answer.text
    assert (await app.form("/wall", author="V", text="x", parent="nope")).status_code == 404


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
async def test_a_form_on_another_site_cannot_write(app: App, headers: dict[str, str]) -> None:
    answer = await app.client.post("/wall", data={"author": "V", "text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert await app.listed() == []


async def test_a_form_that_is_no_form_is_refused_in_words(app: App) -> None:
    for body, status in ((b"author=%ff", 400), (b"x" * 70_000, 413), (b"a=1&" * 30, 400)):
        answer = await app.client.post(
            "/wall", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == status
        assert 'role="alert"' in answer.text
    assert (await app.client.post("/wall", json={"author": "V"})).status_code == 415


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_words_are_only_ever_text(app: App, name: str) -> None:
    empty = Tags((await app.page("/wall/c/nope")).text)
    made = await app.post({"author": f"x{HOSTILE[name]}"[:60], "text": f'x"{HOSTILE[name]}'})
    answer = await app.page(f"/wall/c/{made.json()['id']}")
    seen = Tags(answer.text)
    assert not {tag for tag, _ in seen.tags} & {"script", "img", "iframe", "object", "style"}
    assert not [1 for _, attributes in seen.tags for attribute in attributes if attribute.startswith(("on", "style"))]
    assert {tag for tag, _ in empty.tags} <= {tag for tag, _ in seen.tags} | {"h1"}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", answer.text)


async def test_names_and_words_cannot_turn_the_direction_of_what_is_around_them(app: App) -> None:
    await app.post({"author": "evil \u202e eman", "text": "\u202e text"})
    page = (await app.page()).text
    assert "<bdi>evil \u202e eman</bdi>" in page
    assert re.search(r'<div class="text" dir="auto">\u202e text</div>', page)


async def test_nothing_but_the_walls_own_style_may_run_on_the_page(app: App) -> None:
    for path in ("/wall", "/wall/c/nope"):
        answer = await app.page(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        for tag, attributes in Tags(answer.text).tags:
            assert tag != "script"
            assert "style" not in attributes
    assert (await app.page("/wall/static/wall.css")).headers["content-type"].startswith("text/css")
    assert (await app.page("/wall/static/mark.svg")).status_code == 200
    assert (await app.page("/wall/static/../adapter.py")).status_code == 404
    assert (await app.page("/wall/static/%2e%2e/adapter.py")).status_code == 404


async def test_every_field_has_a_label(app: App) -> None:
    await app.form("/wall", cookie=COOKIE, author="Vera", text="Hola")
    tags = Tags((await app.page(cookie=COOKIE)).text).tags
    labels = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    fields = [attributes for tag, attributes in tags if tag in {"input", "textarea"}]
    wanted = {attributes.get("id") for attributes in fields if attributes.get("type") != "hidden"}
    assert wanted == labels
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


async def test_the_page_speaks_the_readers_language_and_keeps_a_choice(app: App) -> None:
    assert WORDS["es"]["heading"] in (await app.page(Accept_Language="es-MX,en;q=0.5")).text
    assert WORDS["en"]["heading"] in (await app.page(Accept_Language="de,fr")).text
    page = (await app.page("/wall?lang=es", Accept_Language="en")).text
    assert '<html lang="es">' in page
    assert 'action="/wall?lang=es"' in page
    answer = await app.client.post("/wall?lang=es", data={"author": "V", "text": "x"})
    assert answer.headers["location"].startswith("/wall?lang=es#c-")


async def test_older_threads_stand_on_further_pages(app: App) -> None:
    for n in range(45):
        await app.wall.add(author="V", text=f"number {n:02d}")
    path, seen = "/wall", list[str]()
    for _ in range(3):
        page = (await app.page(path)).text
        seen += re.findall(r"number (\d\d)</div>", page)
        older = re.search(r'href="(/wall\?before=[^"]+)"', page)
        path = older[1] if older else ""
    assert seen == [f"{n:02d}" for n in reversed(range(45))]
    assert not path
    assert (await app.page("/wall?before=nope")).status_code == 404


def test_both_languages_say_everything_with_the_same_blanks() -> None:
    blanks = {
        language: {code: sorted(re.findall(r"\{(\w+)\}", text)) for code, text in WORDS[language].items()}
        for language in LANGUAGES
    }
    assert blanks["en"] == blanks["es"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("ES-ar", "es"),
        ("en;q=0.3, es;q=0.8", "es"),
        ("es;q=0", "en"),
        ("de, es;q=0.1", "es"),
        ("es;q=9", "en"),
        (",;q=,\x00", "en"),
    ],
)
def test_the_favourite_language_is_chosen(header: str, language: str) -> None:
    assert preferred(header) == language


def test_times_are_told_as_people_tell_them() -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert ago("en", now - timedelta(seconds=20), now) == "just now"
    assert ago("es", now - timedelta(minutes=5), now) == "hace 5 minutos"
    assert ago("en", now - timedelta(hours=3), now) == "3 hours ago"
    assert ago("es", now - timedelta(days=3), now) == "7 de marzo de 2026"
    assert ago("en", now + timedelta(hours=1), now) == "just now"
