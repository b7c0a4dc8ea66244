"""The page for developers and the schema say what the code does."""

import html
import json
import re
import tomllib
from collections.abc import Awaitable, Callable
from typing import Any

from handlers.networks.webhook import docs, payloads
from tests.contract.webhook_side import SECRET, WebhookSide

Open = Callable[..., Awaitable[WebhookSide]]


async def test_the_page_speaks_both_languages_and_loads_nothing_from_elsewhere(platform: Open) -> None:
    side = await platform(name="Café <Alba>")
    english = await side.client.get("/hooks/shop/docs", headers={"Accept-Language": "fr, en-GB;q=0.8"})
    spanish = await side.client.get("/hooks/shop/docs?lang=es")
    odd = await side.client.get("/hooks/shop/docs?lang=xx", headers={"Accept-Language": "es-MX"})
    assert ('lang="en"' in english.text, 'lang="es"' in spanish.text) == (True, True)
    assert spanish.text == odd.text != english.text
    assert (await side.client.get("/docs?lang=es")).text == spanish.text
    for page in (english, spanish):
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "Café &lt;Alba&gt;" in page.text
        assert "http://portavoz.test/hooks/shop" in page.text
        assert SECRET not in page.text
        assert "{" not in re.sub(r"<pre.*?</pre>", "", page.text, flags=re.DOTALL)
        assert "<script" not in page.text
        assert not re.search(r'style="|src="http|href="http', page.text)
        assert html.unescape(page.text).count("PORTAVOZ_SECRET_SHOP") >= 3
    for file in re.findall(r'href="(/hooks/shop/static/[^"]+)"', english.text):
        assert (await side.client.get(file)).status_code == 200, file


def test_both_languages_have_the_same_chapters_and_rows() -> None:
    def shape(language: str) -> list[Any]:
        words = tomllib.loads((docs.HERE / "words" / f"{language}.toml").read_text("utf-8"))
        return [(one["key"], len(one["lines"]), [row[0] for row in one["rows"]]) for one in words["parts"]]

    assert shape("en") == shape("es")
    assert {key for key, _, _ in shape("en")} >= set(docs.PROGRAMS)


async def test_the_schema_names_every_event_and_field(platform: Open) -> None:
    side = await platform()
    answer = await side.client.get("/hooks/shop/schema.json")
    made = answer.json()
    assert made["$id"] == "http://portavoz.test/hooks/shop/schema.json"
    referred = set(re.findall(r'"#/\$defs/(\w+)"', answer.text))
    assert referred <= set(made["$defs"])
    types = {one["properties"]["type"]["const"] for one in made["$defs"].values() if "type" in one["properties"]}
    assert types == {
        *("item.created", "item.updated", "item.removed", "reply.confirmed", "reply.refused"),
        "reply.approved",
    }
    item = made["$defs"]["WebhookItem"]
    assert set(item["properties"]) == set(payloads.WebhookItem.model_fields)
    assert item["additionalProperties"] is False
    assert item["required"] == ["id", "text", "created_at"]
    assert len(json.dumps(made)) < 100_000
