"""What has become of asking the model is said on every surface, in the reader's language, and only while it matters."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from bot.cli import checking, shapes, tables
from bot.core.briefs import Made
from bot.core.drafting import Because
from bot.core.types import Kind, ReplyState, Severity
from bot.core.views import Assist, Card, Opinion
from bot.locale import helped, made_by, opinion
from bot.settings import SettingsError, load
from bot.wiring import model_of
from handlers.chats.slack.card import View, thread
from tests.contract.chat_world import START, World
from tests.contract.desk_side import DeskSide

ASKED = Assist(state="asked")
MISSED = Assist(state="missed", because="timeout", seconds=20)
TRUTH = "The model did not answer in 20 s. This draft is the built-in one."
THOUGHT = Opinion(kind=Kind.QUESTION, severity=Severity.HIGH)


def card(assist: Assist | None, *, thought: Opinion | None = None) -> Card:
    world = World()
    return replace(world.card_now(world.comment("The soup was cold")), assist=assist, opinion=thought)


def in_state(shown: Card, state: ReplyState) -> Card:
    replies = tuple(replace(reply, state=state) for reply in shown.replies)
    return replace(shown, line=replace(shown.line, reply_state=state), replies=replies)


def test_it_is_said_only_while_people_can_still_decide() -> None:
    for assist in (ASKED, MISSED, Assist(state="dropped")):
        assert helped("en", card(assist))
        for state in (ReplyState.APPROVED, ReplyState.PUBLISHED, ReplyState.PUBLISHING):
            assert helped("en", in_state(card(assist), state)) == ""
    assert helped("en", card(None)) == ""


def test_the_built_in_draft_is_called_so_only_where_it_stands_there() -> None:
    shown = card(MISSED)
    assert helped("en", shown) == TRUTH
    assert helped("es", shown) == "El modelo no respondió en 20 s. Este borrador es el propio de Portavoz."
    changes: tuple[dict[str, Any], ...] = ({"author": "ana"}, {"source": "model:fake-1"})
    for change in changes:
        reply = shown.replies[-1]
        kept = replace(reply, revisions=(*reply.revisions[:-1], replace(reply.revisions[-1], **change)))
        said = helped("en", replace(shown, replies=(kept,)))
        assert said == "The model did not answer in 20 s. The draft stays as it was."
    assert helped("en", replace(shown, replies=(), line=replace(shown.line, reply_state=None))).endswith("or none.")


def test_every_reason_has_a_sentence_of_its_own_in_every_language() -> None:
    for locale in ("en", "es"):
        said = {helped(locale, card(Assist(state="missed", because=one, seconds=3))) for one in Because}
        # `overtaken` is told as `dropped`.
        assert len(said) == len(Because) - 1


def test_a_draft_made_in_the_models_place_is_not_called_the_models() -> None:
    revision = card(None).replies[-1].revisions[-1]
    made = Made(model="fake-1", tokens_in=3)
    assert "fake-1" in made_by("en", replace(revision, source="model:fake-1", made=replace(made, note="needs_human")))
    assert made_by("en", replace(revision, made=replace(made, note="timeout"))) == ""


def test_the_command_line_says_it_and_scripts_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    tables.card(card(MISSED, thought=THOUGHT), "en", START, UTC)
    said = " ".join(capsys.readouterr().out.split())
    assert TRUTH in said
    assert "The model takes it for: Question, severity High." in said
    whole = shapes.whole(card(MISSED, thought=THOUGHT), {}, "en", [])
    assert whole["model"] == {"state": "missed", "because": "timeout", "seconds": 20}
    assert whole["opinion"] == {"kind": "question", "severity": "high"}


def test_slack_says_it_beside_the_draft_or_on_the_card_where_there_is_none() -> None:
    view = View(locale="en")
    root, *others = thread(card(MISSED, thought=THOUGHT), view)
    assert opinion("en", card(None, thought=THOUGHT)) in str(root.blocks)
    assert TRUTH in str([posting.blocks for posting in others])
    bare = replace(card(ASKED), replies=())
    [root, *_] = thread(replace(bare, line=replace(bare.line, reply_state=None)), view)
    assert "A draft is being written." in str(root.blocks)


async def test_the_desk_says_it_above_the_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = DeskSide()
    await desk.start()
    ticket = desk.world.comment("The soup was cold")
    whole = replace(desk.world.card_now(ticket), assist=MISSED, opinion=THOUGHT)

    async def shown(_: str) -> Card:
        return whole

    monkeypatch.setattr(desk.world, "card", shown)
    text = (await desk.page("luis", f"/desk/t/{ticket}")).text
    await desk.stop()
    assert TRUTH in text
    assert "The model takes it for: Question" in text


def test_check_tells_a_missing_model_from_a_missing_key_and_an_unknown_type(tmp_path: Path) -> None:
    def settings(**environ: str) -> Any:
        return load(data=tmp_path, environ={f"PORTAVOZ_DRAFTER_{name}": value for name, value in environ.items()})

    class Parts:
        model = None

    for chosen, code in (({}, "model_none"), ({"TYPE": "openai", "MODEL": "m"}, "model_no_key")):
        assert checking._model(settings(**chosen), Parts()).code == code  # type: ignore[arg-type]
    for wrong in ({"TYPE": "gpt", "MODEL": "m"}, {"TYPE": "offline", "MODEL": "m"}):
        with pytest.raises(SettingsError):
            model_of(settings(**wrong))
    for wrong in ({"TYPE": "openai"}, {"BASE_URL": "ftp://x"}, {"TIMEOUT": "-1"}, {"TOKENS_PER_DAY": "many"}):
        with pytest.raises(SettingsError):
            settings(**wrong)
    assert settings(TOKENS_PER_DAY="3000", MONEY_PER_DAY="2.5").drafter.money_per_day == 2.5
