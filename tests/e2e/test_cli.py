"""The command line against the real process: what scripts rely on, exit codes included."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.shapes import INBOX_FIELDS
from tests.e2e.entrance import ask, here, say
from tests.e2e.process import ROOT, Portavoz, environment, until

COMPLAINT = "Mi pedido lleva tres semanas sin llegar y nadie me contesta. ¡Qué vergüenza!"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portavoz]:
    portavoz = Portavoz(tmp_path_factory.mktemp("cli") / "data")
    portavoz.start()
    yield portavoz
    portavoz.close()


def run(*words: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """`portavoz WORDS...` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=environment(environ),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def comment(bot: Portavoz, text: str, author: str = "Rosa") -> tuple[str, dict[str, Any]]:
    """A comment on the wall; its id there and its ticket."""
    number = bot.post(author, text).raise_for_status().json()["id"]

    def ticket() -> dict[str, Any] | None:
        lines = ask(bot, "inbox", "--all")
        return next((line for line in lines if line["url"] and line["url"].endswith(number)), None)

    return number, until(ticket, what="the ticket")


def test_a_comment_goes_all_the_way_and_the_edited_text_stands_there_once(bot: Portavoz) -> None:
    number, line = comment(bot, COMPLAINT)
    assert tuple(line) == INBOX_FIELDS
    assert (line["network"], line["account"], line["author"], line["text"]) == ("wall", "wall", "Rosa", COMPLAINT)
    assert (line["kind"], line["language"], line["status"], line["reply_state"]) == (
        "complaint", "es", "open", "proposed",
    )  # fmt: skip
    assert line["revision"] == 1
    assert line["draft"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line["due_at"])
    id_, words = line["id"], "Hola, Rosa. Sentimos mucho el retraso: hoy mismo miramos tu pedido."
    edited = bot.ask("edit", id_, words, "--as", "ana", "--revision", "1")
    assert (edited["outcome"], edited["ticket"], edited["bot_running"]) == ("done", id_, True)
    assert edited["params"]["revision"] == 2
    bot.ask("aprobar", id_.lower(), "--as", "ana", "--revision", "2")
    assert until(lambda: bot.replies(number), what="the reply") == [words]
    shown = until(lambda: (card := ask(bot, "show", id_))["reply_state"] == "published" and card, what="the proof")
    assert [entry["text"] for entry in shown["conversation"]] == [COMPLAINT, words]
    (reply,) = shown["replies"]
    assert [revision["text"] for revision in reply["revisions"]] == [line["draft"], words]
    (decision,) = reply["decisions"]
    assert (decision["person"], decision["verdict"], decision["via"]) == ("ana", "approve", "cli")
    assert decision["os_user"]
    assert shown["decisions"] == [{"reply": reply["id"], **decision}]
    assert reply["url"]
    assert reply["url"] in {publication["url"] for publication in shown["publications"]}
    assert {"ItemArrived", "ReplyApproved", "ReplyPublished"} <= {event["type"] for event in shown["events"]}
    assert bot.replies(number) == [words]


def test_noise_lies_in_one_ticket_is_closed_at_once_and_can_be_taken_out(bot: Portavoz) -> None:
    words = ["❤️❤️", "@ana @luis 😂"]
    for text in words:
        bot.post("Nora", text).raise_for_status()

    def lying() -> dict[str, Any] | None:
        rolls: list[dict[str, Any]] = ask(bot, "noise")
        return next((roll for roll in rolls if len(roll["newest"]) == len(words)), None)

    roll = until(lying, what="the roll")
    assert [one["text"] for one in roll["newest"]] == words
    assert (roll["account"], roll["folded"]) == ("wall", 2)
    assert not {one["ticket"] for one in roll["newest"]} & {line["id"] for line in ask(bot, "inbox")}
    assert say(bot, "cerrar", "ruido", "wall", "--as", "ana").returncode == 0
    assert ask(bot, "noise") == []
    assert say(bot, "close", "noise", "--as", "ana").returncode == 3
    first = roll["newest"][0]["ticket"]
    assert say(bot, "reopen", first, "--as", "ana").returncode == 0
    assert first in {line["id"] for line in ask(bot, "inbox")}
    assert ask(bot, "press", "--since", "7d") == []


def test_a_refusal_says_why_and_what_to_do_and_changes_nothing(bot: Portavoz) -> None:
    _, line = comment(bot, "¿A qué hora abrís los sábados, por favor?")
    answer = say(bot, "approve", line["id"], "--as", "luis", "--revision", "7", "--json")
    assert answer.returncode == 3
    said = json.loads(answer.stdout)
    assert (said["outcome"], said["reason"], said["remedy"]) == ("refused", "not_newest_revision", "look_at_newest")
    assert said["findings"] == []
    assert said["message"] in answer.stderr
    assert say(bot, "redraft", line["id"], "--as", "ana", "--revision", "7").returncode == 3
    assert say(bot, "resume", "--as", "luis").returncode == 3
    assert say(bot, "claim", line["id"], "--as", "eve").returncode == 3
    blocked = say(bot, "edit", line["id"], "Borraremos tu comentario si insistes.", "--as", "ana", "--json")
    assert blocked.returncode == 0
    assert json.loads(blocked.stdout)["findings"][0]["rule"] == "threatens_deletion"
    denied = say(bot, "approve", line["id"], "--as", "ana", "--json")
    assert denied.returncode == 3
    assert json.loads(denied.stdout)["findings"][0]["message"]
    assert ask(bot, "show", line["id"])["reply_state"] == "proposed"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["approve", "ZZZZ", "--as", "ana"], 4),
        (["show", "nobody-has-this"], 4),
        (["retry", "ZZZZ", "--as", "ana"], 4),
        (["retry", "E999", "--as", "ana"], 4),
        (["failures", "E999"], 4),
        (["failures", "what"], 2),
        (["done", "K7Q2", "--as", "ana"], 2),
        (["done", "E999", "--as", "ana"], 4),
        (["done", "E999", "--as", "eve"], 3),
        (["erase", "Nadie", "--as", "ana", "--yes"], 4),
        (["approve", "--as", "ana"], 2),
        (["approve", "ZZZZ"], 2),
        (["aprove", "ZZZZ"], 2),
        (["edit", "ZZZZ", "--as", "ana"], 2),
        (["edit", "ZZZZ", "x", "--file", "y", "--as", "ana"], 2),
        (["edit", "ZZZZ", "--file", "/nowhere/at/all", "--as", "ana"], 2),
        (["approve", "ZZZZ", "--revision", "x", "--as", "ana"], 2),
        (["snooze", "ZZZZ", "never", "--as", "ana"], 2),
        (["inbox", "--nonsense"], 2),
        (["replay", "/nowhere/at/all"], 1),
        (["replay", "-", "--speed", "fast"], 2),
        (["erase", "Rosa", "--as", "luis", "--yes"], 3),
        (["inbox", "--config", "/nowhere/at/all.toml"], 1),
    ],
)
def test_exit_codes_tell_what_was_wrong(bot: Portavoz, words: list[str], code: int) -> None:
    answer = say(bot, *words)
    assert answer.returncode == code, answer
    assert answer.stdout == ""
    assert answer.stderr.strip()
    assert "Traceback" not in answer.stderr


def test_bytes_that_are_no_text_are_a_usage_error(bot: Portavoz) -> None:
    command: list[str | bytes] = [sys.executable, "-m", "bot", "--data", str(bot.data), "note", "ZZZZ", b"\xff\xfe"]
    answer = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False, timeout=60)
    assert answer.returncode == 2
    assert b"UTF-8" in answer.stderr


def test_a_database_that_cannot_be_used_is_code_5_and_nothing_is_made(tmp_path: Path) -> None:
    for words in (["inbox"], ["approve", "ZZZZ", "--as", "ana"], ["export"], ["audit", "verify"], ["link"]):
        answer = here(*words, "--data", str(tmp_path / "none"))
        assert answer.returncode == 5, answer
        assert "portavoz run" in answer.stderr
    assert not (tmp_path / "none").exists()
    (tmp_path / "portavoz.db").write_bytes(b"this is no database at all" * 100)
    answer = here("--data", str(tmp_path), "inbox", "--json")
    assert answer.returncode == 5
    assert json.loads(answer.stdout)["outcome"] == "unreachable"
    assert "Traceback" not in answer.stderr


def test_without_the_bot_wishes_are_kept_and_it_is_said_so(tmp_path: Path) -> None:
    assert here("--data", str(tmp_path), "migrate").returncode == 0
    done = here("--data", str(tmp_path), "pause", "just", "in", "case", "--json", PORTAVOZ_AS="ana")
    assert done.returncode == 0, done
    assert json.loads(done.stdout)["bot_running"] is False
    assert json.loads(here("--data", str(tmp_path), "health", "--json").stdout)[0] == {
        "code": "bot_stopped",
        "state": "red",
        "name": "Bot",
        "detail": "It is not running.",
        "remedy": "Start it with `portavoz run`.",
    }
    assert here("--data", str(tmp_path), "health").returncode == 1
    again = here("--data", str(tmp_path), "resume", "--as", "ana", "--lang", "es")
    assert "El bot no está en marcha" in again.stdout


def test_text_may_come_from_a_file_or_the_standard_input(bot: Portavoz, tmp_path: Path) -> None:
    _, line = comment(bot, "El pan estaba duro, no me gustó nada.")
    text = tmp_path / "text"
    text.write_bytes("\ufeffPrimera línea\n\n--segunda".encode())
    ask(bot, "note", line["id"], "--as", "ana", "--file", str(text))
    answer = say(bot, "ask", line["id"], "@luis", "-", "--as", "ana", stdin="¿Lo sabes tú?\n")
    assert answer.returncode == 0, answer
    assert say(bot, "note", line["id"], "--as", "ana", "--", "-20%", "--json").returncode == 0
    shown = ask(bot, "show", line["id"])
    notes = [(note["kind"], note["text"]) for note in shown["notes"]]
    assert notes == [
        ("note", "Primera línea\n\n--segunda"),
        ("question", "¿Lo sabes tú?"),
        ("note", "-20% --json"),
    ]
    assert shown["status"] == "waiting"


def test_a_search_has_filters_pages_and_marks_what_it_found(bot: Portavoz) -> None:
    for number in range(3):
        comment(bot, f"¿Cuándo llega el palisandro número {number}?", author="Íñigo Sáez")
    first = ask(bot, "buscar", "palisándro", 'autor:"inigo saez"', "tipo:pregunta", "--limit", "2")
    assert len(first["hits"]) == 2
    assert [p["text"] for p in first["hits"][0]["snippet"] if p["marked"]] == ["palisandro"]
    assert {"id", "where", "at", "snippet", "author"} <= set(first["hits"][0])
    second = ask(bot, "search", "palisandro", "--limit", "2", "--after", first["next"])
    assert (len(second["hits"]), second["next"]) == (1, None)
    # A shell takes the quotation marks away; where several arguments stand, one with a space is put back into them.
    assert ask(bot, "search", "author:íñigo sáez", "palisandro número 1")["hits"]
    assert not ask(bot, "search", "palisandro", "nada palisandro")["hits"]
    refused = say(bot, "search", "kind:nonsense")
    assert (refused.returncode, refused.stderr.startswith("A kind is one of")) == (2, True)
    assert say(bot, "search", "palisandro", "--after", "zz").returncode == 2
    shown = say(bot, "search", "palisandro", "--limit", "1").stdout
    assert "--after" in shown


def test_foreign_text_plays_no_tricks_on_the_terminal(bot: Portavoz) -> None:
    _, line = comment(bot, "Rojo\x1b[31m \u202eal revés\u202c [bold]texto[/bold] :smile:", author="Ev\u200bil")
    for words in (["inbox"], ["show", line["id"]], ["search", "Rojo"]):
        shown = say(bot, *words).stdout
        assert shown
        assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202a-\u202e]", shown)
    assert "[bold]texto[/bold] :smile:" in say(bot, "show", line["id"]).stdout
    assert say(bot, "inbox", "--json").stdout.isascii()


def test_tables_fit_eighty_columns_and_have_no_colours_in_a_pipe(bot: Portavoz) -> None:
    comment(bot, "Una queja muy larga. " * 40, author="Un nombre larguísimo de verdad")
    for words in (
        ["inbox", "--all"],
        ["stats"],
        ["health"],
        ["check"],
        ["failures"],
        ["mutes"],
        ["help"],
        ["ayuda", "aprobar"],
    ):
        answer = here("--data", str(bot.data), *words, COLUMNS="80")
        assert answer.returncode == 0, answer
        assert max(map(len, answer.stdout.splitlines())) <= 80
        assert "\x1b" not in answer.stdout


def test_a_table_of_the_reports_comes_as_csv(bot: Portavoz) -> None:
    comment(bot, "Una queja más.")
    answer = say(bot, "stats", "7d", "--csv", "networks")
    assert answer.returncode == 0, answer
    heading, *rows = answer.stdout.removeprefix("\ufeff").splitlines()
    assert heading.startswith("Network,Arrived,Negative,")
    assert [row.partition(",")[0] for row in rows] == ["wall"]
    refused = say(bot, "stats", "--csv", "secrets")
    assert (refused.returncode, "volume, answers, kinds" in refused.stderr) == (2, True)


def test_replay_takes_what_can_be_read_and_tells_the_rest(bot: Portavoz, tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    lines = [
        {"author": "Luz", "text": "Gracias por el envío tan rápido", "id": "a1"},
        {"author": "Luz", "text": "Gracias por el envío tan rápido", "id": "a1"},
        {"author": "Eva", "text": "A mí me llegó roto", "parent": "a1", "id": "a2"},
        {"author": "Eva", "text": "¿Y a vosotros?", "parent": "unknown"},
        {"author": "Eva", "text": "De otra red", "network": "myspace"},
        {"author": "", "text": "Nadie"},
    ]
    file.write_text("\r\n".join([json.dumps(line) for line in lines] + ["{nonsense"]), encoding="utf-8-sig")
    before = len(bot.comments())
    trial = ask(bot, "replay", str(file), "--dry-run")
    assert (trial["taken"], trial["again"], trial["dry_run"]) == (4, 1, True)
    assert sum(trial["kind"].values()) == 4
    assert len(bot.comments()) == before
    taken = ask(bot, "replay", str(file))
    assert (taken["taken"], taken["again"]) == (2, 1)
    assert [skipped["line"] for skipped in taken["skipped"]] == [4, 5, 6, 7]
    new = bot.comments()[before:]
    assert [(one["author"], one["text"]) for one in new] == [(lines[n]["author"], lines[n]["text"]) for n in (0, 2)]
    assert new[1]["parent"] == new[0]["id"]
    until(lambda: [one for one in ask(bot, "inbox") if one["text"] == lines[2]["text"]], what="the ticket")
    repeated = ask(bot, "replay", str(file))
    assert (repeated["taken"], repeated["again"]) == (0, 3)
    assert len(bot.comments()) == before + 2
    nothing = say(bot, "replay", "-", stdin="who,what\na,b\n")
    assert nothing.returncode == 1
    assert "author, text" in nothing.stderr


def test_replay_keeps_the_pace_that_is_asked_for(bot: Portavoz) -> None:
    stdin = "author,text,created_at\n" + "".join(f"Paz,Vuelta {n},2026-11-20T10:00:{n:02}Z\n" for n in range(3))
    answer = say(bot, "replay", "-", "--speed", "20x", "--json", stdin=stdin)
    assert json.loads(answer.stdout)["taken"] == 3, answer


def test_the_record_is_copied_proved_exported_and_erased(bot: Portavoz, tmp_path: Path) -> None:
    _, line = comment(bot, "Soy Marta Secreta y vivo en la calle Falsa, 123.", author="Marta Secreta")
    copy = tmp_path / "copy"
    made = ask(bot, "backup", str(copy))
    assert (made["path"], made["files"][:2]) == (str(copy), ["portavoz.db", "wall.db"])
    assert copy.stat().st_mode & 0o777 == 0o700
    assert say(bot, "backup", str(copy)).returncode == 1
    report = ask(bot, "audit", "verify")
    assert report["sound"] is True
    assert say(bot, "audit", "verify", "--expect", "0" * 64).returncode == 1
    out = tmp_path / "all.jsonl"
    assert say(bot, "export", "--out", str(out)).returncode == 0
    assert say(bot, "export", "--out", str(out)).returncode == 1
    exported = [json.loads(row) for row in out.read_text().splitlines()]
    assert exported[0]["what"] == "head"
    assert any(row["what"] == "ticket" and row["id"] == line["id"] for row in exported)
    planned = ask(bot, "erase", "Marta Secreta", "--as", "ana", "--dry-run")
    assert planned["tickets"] == [line["id"]]
    asked = say(bot, "erase", "Marta Secreta", "--as", "ana", stdin="n\n")
    assert asked.returncode == 1
    assert ask(bot, "show", line["id"])["author"] == "Marta Secreta"
    erased = say(bot, "erase", "Marta Secreta", "--as", "ana", stdin="sí\n")
    assert erased.returncode == 0, erased
    shown = ask(bot, "show", line["id"])
    assert (shown["author"], shown["text"], shown["reply_state"]) == ("", "", "withdrawn")
    assert "Marta" not in say(bot, "export").stdout
    assert ask(bot, "audit", "verify")["sound"] is True


def test_a_new_link_leads_to_the_desk_of_the_running_bot(bot: Portavoz) -> None:
    link = ask(bot, "link", "luis")
    assert link["person"] == "luis"
    assert link["url"].startswith(f"{bot.url}/desk/in/")
    assert bot.http.get(link["url"]).status_code == 200
    assert say(bot, "link", "eve").returncode == 4


@pytest.mark.slow
def test_a_second_bot_is_told_what_stands_in_its_way(bot: Portavoz, tmp_path: Path) -> None:
    same_folder = run("run", "--data", str(bot.data), "--port", "0")
    assert same_folder.returncode == 1
    assert str(bot.data) in same_folder.stderr
    same_port = run("run", "--data", str(tmp_path), "--port", str(bot.port))
    assert same_port.returncode == 1
    assert f"127.0.0.1:{bot.port}" in same_port.stderr
    assert "--port" in same_port.stderr
    wrong = run("run", "--data", str(tmp_path), PORTAVOZ_UNDO_SECONDS="soon", PORT="99999")
    assert wrong.returncode == 1
    assert "PORTAVOZ_UNDO_SECONDS" in wrong.stderr
    assert "PORT" in wrong.stderr
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "portavoz.db").write_bytes(b"no database" * 1000)
    broken = run("run", "--data", str(foreign), "--port", "0")
    assert broken.returncode == 5
    for answer in (same_folder, same_port, wrong, broken):
        assert "Traceback" not in answer.stderr
        assert answer.stdout == ""


def test_init_writes_what_loads_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answers = ["es", 'La "Panadería"', "pan.example, www.pan.example", "Europe/Madrid", "", "nine", "0", "María José"]
    answers += ["", "Luis", "maria", "luis", "boss", "approver", ""]
    done = here("init", "--data", str(home), stdin="\n".join(answers) + "\n")
    assert done.returncode == 0, done
    assert {path.name for path in home.iterdir()} == {"portavoz.toml", ".env"}
    for path in home.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    written = (home / "portavoz.toml").read_text(encoding="utf-8")
    assert "# El idioma del equipo" in written
    checked = here("check", "--data", str(home), "--json")
    lights = {light["code"]: light["state"] for light in json.loads(checked.stdout)}
    assert lights["settings_ok"] == "ok"
    assert here("migrate", "--data", str(home)).returncode == 0
    healthy = here("check", "--data", str(home), "--json")
    assert healthy.returncode == 0, healthy
    kept = here("init", "--data", str(home), "--yes")
    assert kept.returncode == 0
    assert (home / "portavoz.toml").read_text(encoding="utf-8") == written
    nobody = here("init", "--data", str(tmp_path / "other"), stdin="es\n")
    assert nobody.returncode == 1
    assert not (tmp_path / "other").exists()


def test_help_is_quick_to_load_and_imports_no_chat_nor_model() -> None:
    code = (
        "import sys; from bot.cli.app import build; build('en'); import bot.wiring, bot.cli.asking, bot.cli.wishing;"
        "print(*sorted(set(sys.modules) & {'slack_bolt', 'slack_sdk', 'discord', 'telegram', 'openai', 'py3langid',"
        " 'alembic', 'uvicorn', 'numpy', 'aiohttp'}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert answer.stdout.strip() == ""
    heavy = "{'sqlalchemy', 'rich', 'pydantic', 'babel'}"
    light = f"import sys, bot.cli.app as a; a.build('en'); print(*{heavy} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", light],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert answer.stdout.strip() == ""


def test_it_speaks_the_language_that_is_asked_for() -> None:
    assert "Lo que espera respuesta." in here("--help", "--lang", "es").stdout
    assert "Lo que espera respuesta." in here("--help", LC_ALL="es_ES.UTF-8").stdout
    assert "What waits for an answer." in here("--help").stdout
    assert here("--version").stdout.startswith("portavoz ")


def test_a_closed_pipe_is_no_drama(bot: Portavoz) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bot", "--data", str(bot.data), "export"]
    with os.fdopen(write, "wb") as out:
        answer = subprocess.run(
            command, cwd=ROOT, env=environment(), stdout=out, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert b"Traceback" not in answer.stderr


def test_an_interrupted_replay_keeps_what_it_took_and_says_so(bot: Portavoz) -> None:
    command = [sys.executable, "-m", "bot", "--data", str(bot.data), "replay", "-", "--speed", "2", "--json"]
    before = len(bot.comments())
    lines = "".join(json.dumps({"author": "Sol", "text": f"Número {n}", "id": f"sol{n}"}) + "\n" for n in range(1000))
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(lines.encode())
        process.stdin.close()
        process.stdin = None
        until(lambda: len(bot.comments()) > before, what="the first comment")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    said = json.loads(out)
    assert said["outcome"] == "interrupted"
    assert said["taken"] == len(bot.comments()) - before
    assert b"Traceback" not in err
