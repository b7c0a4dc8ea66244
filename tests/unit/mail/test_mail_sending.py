"""What goes out: to whom, under which headers, and what became of it when servers misbehave."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.types import Item, Posted, Rejected
from handlers.networks.mail import Config, MailNetwork, create
from tests.contract.mail_side import MailSide
from tests.contract.mastodon_side import Drawer
from tests.contract.network_side import answer, listening
from tests.unit.mail.conftest import Open

AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
VERA = "From: Vera <vera@people.example>\r\nMessage-ID: <1@people.example>\r\n"


async def arrived(side: MailSide, mail: str) -> Item:
    """A mail in the inbox, as it is reported."""
    await side.server.put("INBOX", mail.encode(), AT)
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    return intake.items[0]


def taken(side: MailSide) -> EmailMessage:
    """The one mail that went out."""
    [one] = side.server.delivery.mails
    return email.message_from_bytes(one, policy=email.policy.default)


async def test_an_answer_stands_in_its_conversation(side: MailSide) -> None:
    item = await arrived(
        side,
        f"{VERA}Subject: RE: Re: =?utf-8?q?Taza_rota_=E2=98=95?=\r\nReferences: <a@x> <b@x>\r\n\r\nSigue rota.\r\n",
    )
    assert isinstance(await side.network.publish(answer(item, "Lo sentimos.")), Posted)
    mail = taken(side)
    assert mail["From"].addresses[0].display_name == "La Tienda"
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Taza rota ☕", "<1@people.example>")
    assert mail["References"] == "<a@x> <b@x> <1@people.example>"
    assert mail["Auto-Submitted"] is None
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)


async def test_nothing_that_somebody_wrote_becomes_a_header(side: MailSide) -> None:
    item = await arrived(
        side,
        f"{VERA}Subject: =?utf-8?q?x=0D=0ABcc=3A_spy=40evil.example=0D=0A=0D=0Abody?=\r\n"
        "References: <a@x>\r\n <b\x0bBcc:spy@x>\r\n\r\nHola\r\n",
    )
    assert isinstance(await side.network.publish(answer(item, "Bcc: spy@evil.example\n\n.\n\nFrom here on\n.")), Posted)
    mail = taken(side)
    assert mail["Bcc"] is None
    assert mail.get_content().replace("\r\n", "\n") == "Bcc: spy@evil.example\n\n.\n\nFrom here on\n.\n"
    assert side.server.delivery.taken[0].rcpt_tos == ["vera@people.example"]
    hostile = replace(item, author=replace(item.author, handle="a@b.example>\r\nRCPT TO:<spy@evil.example"))
    assert isinstance(await side.network.publish(answer(hostile, "Hola", "other")), Rejected)
    assert len(side.server.delivery.taken) == 1


async def test_the_answer_goes_where_the_mail_asked_for_it_and_a_filed_mail_is_answered_too(side: MailSide) -> None:
    item = await arrived(side, f"{VERA}Reply-To: pedidos@people.example\r\nSubject: Taza\r\n\r\nHola\r\n")
    gone = replace(item, native_id="2@people.example", thread_key="2@people.example")
    assert isinstance(await side.network.publish(answer(gone, "Hola")), Posted)
    assert taken(side)["To"] == "pedidos@people.example"
    assert (taken(side)["Subject"], taken(side)["References"]) == ("Re: Taza", "<2@people.example>")


async def test_an_endless_conversation_fits_into_a_header(side: MailSide) -> None:
    above = " ".join(f"<{n}.{'x' * 60}@people.example>" for n in range(60))
    item = await arrived(side, f"{VERA}References: {above[:3900]}\r\nSubject: {'Largo ' * 60}\r\n\r\nHola\r\n")
    assert isinstance(await side.network.publish(answer(item, "Hola")), Posted)
    lines = side.server.delivery.mails[0].split(b"\r\n")
    assert max(map(len, lines)) < 998
    references = taken(side)["References"].split()
    assert references[0].startswith("<0.")
    assert references[-1] == "<1@people.example>"


async def test_a_refusal_is_told_with_its_reason_and_a_passing_one_may_be_tried_again(side: MailSide) -> None:
    item = await arrived(side, f"{VERA}\r\nHola\r\n")
    for command in ("MAIL", "RCPT", "DATA"):
        side.server.delivery.refuse[command] = "451 4.7.1 greylisted"
        with pytest.raises(Transient, match="greylisted"):
            await side.network.publish(answer(item, "Hola"))
        side.server.delivery.refuse[command] = "550 5.7.1 no thanks"
        refused = await side.network.publish(answer(item, "Hola"))
        assert isinstance(refused, Rejected)
        assert "550 5.7.1 no thanks" in refused.reason
    assert side.server.delivery.taken == []
    assert await side.network.find(answer(item, "Hola")) is None
    assert isinstance(await side.network.publish(answer(item, "Hola")), Posted)


async def test_a_connection_lost_before_the_mail_is_nothing_sent(side: MailSide) -> None:
    item = await arrived(side, f"{VERA}\r\nHola\r\n")
    for command in ("MAIL", "RCPT"):
        side.server.delivery.vanish = {command}
        with pytest.raises(Transient):
            await side.network.publish(answer(item, "Hola"))
    assert isinstance(await side.network.publish(answer(item, "Hola")), Posted)
    assert len(side.server.delivery.taken) == 1


async def test_a_connection_lost_after_the_mail_is_unknown_and_nobody_gets_it_twice(side: MailSide) -> None:
    item = await arrived(side, f"{VERA}\r\nHola\r\n")
    side.server.delivery.vanish = {"DATA"}
    with pytest.raises(OutcomeUnknown):
        await side.network.publish(answer(item, "Hola"))
    assert await side.network.find(answer(item, "Hola")) is None
    await side.restart()
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            await side.network.publish(answer(item, "Hola"))
    assert len(side.server.delivery.taken) == 1


async def test_a_copy_among_the_sent_mail_settles_a_lost_answer(side: MailSide) -> None:
    item = await arrived(side, f"{VERA}\r\nHola\r\n")
    posted = await side.network.publish(answer(item, "Hola"))
    await side.restart()
    assert await side.network.publish(answer(item, "Hola")) == posted
    assert len(side.server.delivery.taken) == 1
    assert len(await side.server.flags("Sent")) == 1


async def test_without_a_folder_for_it_nothing_can_be_looked_for_and_a_person_is_asked(open_side: Open) -> None:
    side = await open_side(sent=None)
    assert side.network.capabilities().idempotency == "none"
    item = await arrived(side, f"{VERA}\r\nHola\r\n")
    assert isinstance(await side.network.publish(answer(item, "Hola")), Posted)
    assert await side.network.find(answer(item, "Hola")) is None
    assert "No folder `sent`" in (await side.network.check()).warnings[0]


async def test_a_dead_password_a_missing_folder_and_a_silent_server_are_told_apart(open_side: Open) -> None:
    side = await open_side()
    settings = side.network._config
    item = await arrived(side, f"{VERA}\r\nHola\r\n")

    def other(secret: str | None, **changed: object) -> MailNetwork:
        config = Config.model_validate({**settings.model_dump(), **changed})
        return create(config, data=Path(), base_url="", secret=secret, keep=Drawer())

    for secret in ("wrong", None):
        with pytest.raises(AuthExpired) as kept_out:
            await other(secret).check()
        assert "b'" not in kept_out.value.reason
        with pytest.raises(AuthExpired):
            await other(secret).publish(answer(item, "Hola"))
    side.server.delivery.refuse["AUTH"] = "535 5.7.8 no"
    with pytest.raises(AuthExpired, match="535"):
        await side.network.check()
    side.server.delivery.refuse["AUTH"] = "454 4.7.0 later"
    with pytest.raises(Transient):
        await side.network.check()
    side.server.delivery.refuse.clear()
    with pytest.raises(Permanent, match="Archivo"):
        await other("a password", folders=("Archivo",)).check()
    with pytest.raises(Transient):
        await other("a password", port=1).check()
    assert side.server.delivery.taken == []
    account = await side.network.check()
    assert (account.name, account.native_id, account.warnings) == ("La Tienda", "hola@tienda.example", ())


def test_settings_that_would_give_the_password_away_or_loop_are_refused() -> None:
    good = {"host": "mail.tienda.example", "address": "Hola@Tienda.example"}
    assert Config.model_validate(good).address == "hola@tienda.example"
    wrong: tuple[dict[str, object], ...] = (
        {"security": "plain"}, {"smtp_security": "plain"}, {"smtp_host": "localhost", "security": "plain"},
        {"address": "nobody"}, {"address": "a@b.example\r\nBcc: x@y"}, {"name": "a\nb"}, {"sent": "INBOX"},
        {"folders": ["INBOX", "INBOX"]}, {"folders": []}, {"port": 0}, {"host": "a\r\nb"},
    )  # fmt: skip
    for bad in wrong:
        with pytest.raises(ValidationError):
            Config.model_validate({**good, **bad})
    Config.model_validate({**good, "host": "127.0.0.1", "security": "plain"})
