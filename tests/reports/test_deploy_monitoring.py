"""The dashboard and the alert rules ask for what a bot really exposes, and say in words what to do."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped]

from bot.core.errors import Transient
from bot.core.messages import Claim
from bot.engine.accounts import Accounts
from bot.reports.instruments import STAGES
from tests.e2e.process import ROOT, Portavoz, until
from tests.reports.conftest import Values, Watched
from tests.support.ports import free_port
from tests.support.promql import Named, grouped, named, tokens

DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
OUTSIDE = {"job", "instance"}
"""Labels that Prometheus adds."""
VARIABLES = {"$__rate_interval": "5m", "$stage": "receive", "$job": "portavoz"}


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEPLOY / "grafana" / "portavoz.json").read_text("utf-8"))
    return found


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def targets() -> Iterator[tuple[str, str]]:
    """(title, query) of everything that the dashboard asks for, its variables filled in."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            query = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            yield panel["title"], query


def queries() -> list[tuple[str, str]]:
    return [*targets(), *((rule["alert"], rule["expr"]) for rule in rules())]


async def exposed(watched: Watched) -> Values:
    """What is exposed once everything has happened: an answer, a refusal, a failure."""
    ticket = await watched.answer()
    await watched.world.wish(Claim(by="vera", via="desk", ticket=ticket))
    await Accounts(watched.world.engine).failed("network:wall", "gone")
    watched.world.chat.trouble.append(Transient("busy", retry_after=1))
    await watched.world.arrive(watched.network.write("b", who="b"))
    await watched.world.round(watched.worker)
    return await watched.scrape()


def wrong(asked: Named, seen: Values) -> str | None:
    """What is wrong with a metric and its matchers, if anything."""
    if asked.metric == "up":
        return None
    series = [dict(labels) for name, labels in seen if name == asked.metric]
    if not series:
        return f"there is no {asked.metric}"
    for label, operator, value in asked.matchers:
        if label in OUTSIDE:
            continue
        there = {one.get(label) for one in series}
        wanted = value.split("|") if operator in ("=~", "!~") else [value]
        if missing := [one for one in wanted if one not in there]:
            return f"{asked.metric} has no {label} {missing}, but {there}"
    return None


@pytest.mark.parametrize("watched", ["sqlite"], indirect=True)
async def test_every_query_names_metrics_labels_and_values_that_are_exposed(watched: Watched) -> None:
    seen = await exposed(watched)
    problems = [
        f"{title}: {problem}"
        for title, query in queries()
        for asked in named(query)
        if (problem := wrong(asked, seen)) is not None
    ]
    assert problems == []


@pytest.mark.parametrize("watched", ["sqlite"], indirect=True)
async def test_every_query_groups_by_labels_that_its_metrics_have(watched: Watched) -> None:
    seen = await exposed(watched)
    for title, query in queries():
        metrics = {asked.metric for asked in named(query)}
        labels = {label for name, some in seen if name in metrics for label, _ in some} | OUTSIDE
        assert grouped(query) <= labels, title


@pytest.mark.parametrize("watched", ["sqlite"], indirect=True)
async def test_everything_that_is_exposed_is_looked_at_somewhere(watched: Watched) -> None:
    """A metric that nobody looks at is not worth its place; `facts` is for questions that nobody foresaw."""
    seen = {re.sub("_(bucket|sum|count)$", "", name) for name, _ in await exposed(watched)}
    asked = {re.sub("_(bucket|sum|count)$", "", one.metric) for _, query in queries() for one in named(query)}
    ours = {name for name in seen if name.startswith("portavoz_")}
    assert ours - asked == {"portavoz_facts_total", "portavoz_backups"}


def test_every_query_asks_for_something() -> None:
    assert len(queries()) > 60
    assert [title for title, query in queries() if not named(query)] == []


@pytest.mark.parametrize(
    ("query", "metrics", "labels"),
    [
        ('sum by (le) (rate(a_bucket{x="1",y=~"b|c"}[5m]))', [("a_bucket", 2)], {"le"}),
        ("time() - max(a) > 10 and on () (max(b) == 1)", [("a", 0), ("b", 0)], set()),
        ("max(a) without (x) / ignoring (y) group_left (z) c offset 5m", [("a", 0), ("c", 0)], {"x", "y", "z"}),
        ('a{x=") by (q)"}', [("a", 1)], set()),
    ],
)
def test_the_tokenizer_tells_metrics_from_labels_and_functions(
    query: str, metrics: list[tuple[str, int]], labels: set[str]
) -> None:
    assert [(one.metric, len(one.matchers)) for one in named(query)] == metrics
    assert grouped(query) == labels


def test_the_tokenizer_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="no token"):
        tokens("a ; b")


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "description", "runbook"}, rule["alert"]
        assert all(len(words) > 20 for words in rule["annotations"].values()), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names) > 15


def test_panels_do_not_overlap_and_every_one_has_a_title_a_unit_and_the_data_source() -> None:
    taken: set[tuple[int, int]] = set()
    ids = []
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
        ids.append(panel["id"])
        assert panel["title"]
        if panel["type"] != "row":
            assert panel["datasource"]["uid"] == "${datasource}"
            assert panel["fieldConfig"]["defaults"]["unit"]
            assert panel["targets"]
    assert len(set(ids)) == len(ids)


def test_the_dashboard_offers_every_stage() -> None:
    (stage,) = (one for one in dashboard()["templating"]["list"] if one["name"] == "stage")
    assert tuple(stage["query"].split(",")) == STAGES


# --- with Prometheus itself -----------------------------------------------------------------------------------------


def program(name: str) -> str:
    """`prometheus` or `promtool`: what prepare.sh fetched, or the one on the path."""
    fetched = ROOT / ".venv" / "prometheus" / "usr" / "bin" / name
    found = str(fetched) if fetched.exists() else shutil.which(name)
    assert found, f"there is no {name} here; `make test-servers` fetches it"
    return found


def promtool(*words: str) -> str:
    done = subprocess.run(
        [program("promtool"), *words],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.servers
def test_promtool_finds_nothing_wrong_with_rules_and_configuration() -> None:
    assert "SUCCESS" in promtool("check", "rules", str(RULES))
    assert "SUCCESS" in promtool("check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))


@pytest.mark.servers
def test_the_alerts_come_when_they_should_and_not_before() -> None:
    assert "SUCCESS" in promtool("test", "rules", "alerts.test.yml")


@pytest.mark.servers
def test_promtool_can_read_every_query_of_the_dashboard(tmp_path: Path) -> None:
    file = tmp_path / "queries.yml"
    made = [{"record": f"query:{n}", "expr": query} for n, (_, query) in enumerate(targets())]
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": made}]}))
    promtool("check", "rules", str(file))


@pytest.mark.servers
def test_a_real_prometheus_scrapes_the_running_bot_and_raises_an_alert(tmp_path: Path) -> None:
    bot = Portavoz(tmp_path / "data", environ={"PORTAVOZ_SECRET_METRICS": "a-word-that-nobody-guesses"})
    server: subprocess.Popen[bytes] | None = None
    port = free_port()
    try:
        bot.start()
        bot.post("Marta", "Compré una cafetera el martes y llegó con la tapa rota.")
        assert bot.http.get("/metrics").status_code == 401
        server = subprocess.Popen(
            [
                program("prometheus"),
                f"--config.file={_configuration(tmp_path, bot.port)}",
                f"--storage.tsdb.path={tmp_path / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}/api/v1"
        until(lambda: _value(bot, url, "sum(portavoz_tickets)") == 1, what="the ticket's count")
        assert _value(bot, url, 'portavoz_comments_total{account="wall"}') == 1
        assert _value(bot, url, "portavoz_store_up") == 1
        assert bot.cli("pause", "--as", "ana").returncode == 0
        until(lambda: "PortavozPausedForLong" in _alerts(bot, url), what="the alert")
        assert _alerts(bot, url)["PortavozPausedForLong"] == "pending"
        bot.stop()
        until(lambda: _alerts(bot, url).get("PortavozDownAtOnce") == "firing", what="the other alert")
    finally:
        bot.close()
        if server is not None:
            server.terminate()
            server.wait(20)


def _configuration(folder: Path, port: int) -> Path:
    """Ours, faster, with the word, and with one rule that does not wait."""
    made = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    made["global"] = {"scrape_interval": "300ms", "evaluation_interval": "300ms", "scrape_timeout": "250ms"}
    made["rule_files"] = [str(RULES), str(folder / "quick.yml")]
    (job,) = made["scrape_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{port}"]}]
    job["authorization"] = {"credentials": "a-word-that-nobody-guesses"}
    (down,) = (rule for rule in rules() if rule["alert"] == "PortavozDown")
    quick = {**down, "alert": "PortavozDownAtOnce", "for": "0s"}
    (folder / "quick.yml").write_text(yaml.safe_dump({"groups": [{"name": "quick", "rules": [quick]}]}))
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(made))
    return file


def _value(bot: Portavoz, url: str, query: str) -> float | None:
    try:
        found = bot.http.get(f"{url}/query", params={"query": query}).json()["data"]["result"]
    except (httpx.TransportError, ValueError):  # it is still starting
        return None
    return float(found[0]["value"][1]) if found else None


def _alerts(bot: Portavoz, url: str) -> dict[str, str]:
    found = bot.http.get(f"{url}/alerts").json()["data"]["alerts"]
    return {one["labels"]["alertname"]: one["state"] for one in found}
