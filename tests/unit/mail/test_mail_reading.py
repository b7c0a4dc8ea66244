"""Mails as people and programs write them, and as nobody should."""

import time
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.types import Author, Item, Visibility
from handlers.networks.mail.headers import address, words
from handlers.networks.mail.reading import LIMIT, LONGEST, Raw, event

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
US = "hola@tienda.example"
FIRST = "From: Vera <Vera@People.example>\nTo: hola@tienda.example\nMessage-ID: <1@people.example>\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n"


def told(mail: str | bytes, *, sent: bool = False, size: int = 0) -> ItemArrived | ItemRemoved | None:
    body = mail if isinstance(mail, bytes) else mail.replace("\n", "\r\n").encode()
    return event(Raw(body, size or len(body), AT), account="mail", address_here=US, sent=sent)


def read(mail: str | bytes, *, sent: bool = False, size: int = 0) -> Item:
    found = told(mail, sent=sent, size=size)
    assert isinstance(found, ItemArrived)
    return found.item


def test_a_mail_is_a_private_item_of_the_address_that_it_says_it_is_from() -> None:
    item = read(f"{FIRST}Subject: =?utf-8?q?Taza_rota_=E2=98=95?=\n{PLAIN}\nLlegó rota.\n")
    assert (item.native_id, item.thread_key, item.parent) == ("1@people.example", "1@people.example", None)
    assert item.author == Author(id="vera@people.example", name="Vera", handle="vera@people.example")
    assert item.text == "Taza rota ☕\n\nLlegó rota."
    assert (item.visibility, item.ours, item.created_at) == (Visibility.PRIVATE, False, AT)


def test_an_answer_belongs_to_what_its_conversation_began_with() -> None:
    item = read(f"{FIRST}References: <a@x>\n <b@x>\nIn-Reply-To: <c@x>\nSubject: RE: Taza\n{PLAIN}\nSí.\n")
    assert (item.thread_key, item.parent, item.text) == ("a@x", "c@x", "Sí.")
    bare = read(f"{FIRST}In-Reply-To: <c@x> from you\nSubject: otra cosa\n{PLAIN}\nSí.\n")
    assert (bare.thread_key, bare.parent) == ("c@x", "c@x")


def test_an_answer_shows_what_is_new_and_says_what_is_folded_away() -> None:
    item = read(
        f"{FIRST}In-Reply-To: <c@x>\nSubject: Re: Taza\n{PLAIN}\nSigue rota.\n\n-- \nVera\n\n"
        "El lun, 2 nov 2026 a las 10:00, Tienda (<h@t.example>) escribió:\n> Hola\n> Adiós\n"
    )
    assert item.text == "Sigue rota.\n\n[> 3, -- 2]"


def test_a_forwarded_mail_is_shown_whole() -> None:
    text = "Mirad:\n\n---------- Forwarded message ---------\nFrom: Ana <a@x>\nSubject: x\n\nEstá roto"
    for subject in ("Fwd: x", "RV: x", "FW: x"):
        assert text in read(f"{FIRST}Subject: {subject}\n{PLAIN}\n{text}\n").text


def test_a_mail_without_a_usable_id_has_one_made_of_itself_and_every_copy_the_same() -> None:
    for line in (
        "",
        "Message-ID: <>\n",
        "Message-ID: nonsense\n",
        'Message-ID: <a"b@x>\n',
        f"Message-ID: <{'x' * 900}>\n",
    ):
        mail = f"From: v@p.example\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n{line}\nHola\n"
        item = read(mail)
        assert item.native_id.startswith("sha256:")
        assert item == read(mail)
        assert item.native_id != read(f"{mail}.").native_id


def test_an_answer_goes_where_the_mail_asks_for_it_and_that_is_seen() -> None:
    item = read(f"{FIRST}Reply-To: Otra <otra@people.example>\n\nHola\n")
    assert (item.author.id, item.author.handle) == ("vera@people.example", "otra@people.example")
    assert item.text == "Hola\n\n[→ otra@people.example]"


def test_a_form_that_writes_in_our_name_speaks_for_whoever_it_names() -> None:
    item = read(f"From: {US}\nReply-To: Ana <ana@people.example>\nSubject: Contacto\n\nHola\n")
    assert (item.author.id, item.author.name, item.ours) == ("ana@people.example", "Ana", False)


def test_only_what_lies_among_the_sent_mail_is_ours() -> None:
    own = f"From: Tienda <{US}>\nTo: v@p.example\nMessage-ID: <9@t>\nIn-Reply-To: <1@people.example>\n\nHola\n"
    assert told(own) is None
    item = read(own, sent=True)
    assert (item.ours, item.parent, item.author.handle) == (True, "1@people.example", None)


def test_what_programs_write_is_no_comment() -> None:
    for line in (
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; x=y", "Precedence: bulk", "Precedence: LIST",
        "X-Autoreply: yes", "X-Autorespond: x", "List-Id: <news.example>", "Return-Path: < >",
        'Content-Type: multipart/report; boundary="b"',
    ):  # fmt: skip
        assert told(f"{FIRST}{line}\n\nEstoy de vacaciones\n") is None, line
    assert told("From: MAILER-DAEMON@people.example\n\nno\n") is None
    for line in ("Auto-Submitted: no", "Precedence: normal", "Return-Path: <vera@people.example>"):
        assert told(f"{FIRST}{line}\n\nHola\n") is not None, line


def bounce(action: str, native: str, *, whole: bool) -> str:
    returned = f"From: {US}\nMessage-ID: <{native}>\nSubject: Re:\n"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@x\nReturn-Path: <>\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; v@p\n"
        f"Action: {action}\nStatus: 5.1.1\n\n--b\nContent-Type: {kind}\n\n{returned}\n{'Hola' * whole}\n--b--\n"
    )


def test_a_reply_that_came_back_is_told_and_nothing_else_is() -> None:
    for whole in (True, False):
        gone = told(bounce("failed", "portavoz.abc@tienda.example", whole=whole))
        assert isinstance(gone, ItemRemoved)
        assert gone.native_id == "portavoz.abc@tienda.example"
        assert told(bounce("delayed", "portavoz.abc@tienda.example", whole=whole)) is None
        assert told(bounce("failed", "1@people.example", whole=whole)) is None


def test_html_is_read_where_there_is_nothing_plainer() -> None:
    html = "<p>La <b>sopa</b> estaba fría.</p><script>alert(1)</script><p><a href='https://x.example'>banco</a></p>"
    item = read(f"{FIRST}Content-Type: text/html; charset=utf-8\n\n{html}\n")
    assert "La sopa estaba fría." in item.text
    assert "banco (https://x.example)" in item.text
    both = (
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n{}\n{}\n"
        "--b\nContent-Type: text/html\n\n<p>fea</p>\n--b--\n"
    )
    assert read(f"{FIRST}{both.format(PLAIN, 'bonita')}").text == "bonita"
    assert read(f"{FIRST}{both.format(PLAIN, ' ')}").text == "fea"


def test_files_are_named_and_counted_and_stay_closed() -> None:
    item = read(
        f"{FIRST}Content-Type: multipart/mixed; boundary=b\n\n--b\n{PLAIN}\nAdjunto.\n"
        "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''fact%C3%BAra.pdf\n"
        f"Content-Transfer-Encoding: base64\n\n{'QUJD' * 1000}\n"
        '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/passwd\n"\n\nsecreto\n'
        "--b\nContent-Type: message/rfc822\n\nFrom: x@y\n\notro correo\n--b--\n"
    )
    assert item.text.startswith("Adjunto.\n\n[+ factúra.pdf, 3 kB]\n[+ ")
    assert item.more_attachments == 3
    assert "secreto" not in item.text
    assert "otro correo" not in item.text


def test_encodings_are_what_they_say_or_what_they_look_like() -> None:
    cases = {
        ("iso-8859-1", "La sopa está fría"): "La sopa está fría".encode("latin-1"),
        ("windows-1252", "«Hoy» 5 €"): "«Hoy» 5 €".encode("cp1252"),
        ("gb2312", "你好"): "你好".encode("gb2312"),
        ("no-such-charset", "mañana"): "mañana".encode(),
        ("rot13", "mañana"): "mañana".encode(),
        ("unicode_escape", "\\u0041"): b"\\u0041",
        ("us-ascii", "mañana"): "mañana".encode(),
    }
    for (charset, wanted), body in cases.items():
        mail = f"{FIRST}Content-Type: text/plain; charset={charset}\n\n".encode() + body
        assert read(mail).text == wanted, charset
    bare = read(FIRST.encode() + b"\nEl ni\xf1o\n")
    assert bare.text == "El niño"
    assert words("=?utf-8?b?bm90IGJhc2U2NA=?= =?x?y?z?=") != ""
    assert address("=?utf-8?q?Vera=0D=0ABcc=3A_x?= <V@P.example>") == ("Vera Bcc: x", "v@p.example")
    assert address('"a" <b@c.example>, d@e.example')[1] == "b@c.example"
    assert address("nobody") == ("nobody", "")
    assert address("(" * 3000)[1] == ""


def test_what_is_long_is_cut_and_says_so() -> None:
    item = read(f"{FIRST}{PLAIN}\n{'palabra ' * 20_000}", size=LIMIT + 1)
    assert len(item.text) < LONGEST + 20
    assert item.text.endswith("…\n\n[+ …]")


def test_nested_and_broken_mails_are_read_as_far_as_they_can_be() -> None:
    deep = FIRST + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000)) + "\nHola"
    assert read(deep).native_id == "1@people.example"
    many = FIRST + "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\nContent-Type: image/png\n\nx\n" * 3_000
    assert read(many).text.count("\n") < 30
    assert read(b"").author == Author(id=None, name="?")


PIECES = st.sampled_from(
    b"""From: |a@b.example|Subject: |=?utf-8?q?|=?=|--b|--b--|<|>|(|"|Content-Type: |utf-8|utf-7|On x wrote:|> |
Reply-To: |Re: |multipart/mixed; boundary=b|multipart/alternative; boundary=b|multipart/report; boundary=b|
text/html; charset=|message/rfc822|message/delivery-status|References: |Message-ID: <x@y>|Content-Type|\xff\xfe|
Content-Transfer-Encoding: base64|Content-Disposition: attachment; filename*0*=|\x00|\r\n|\n\n""".split(b"|")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=6), max_size=40), st.booleans())
def test_no_mail_whatsoever_is_too_much(pieces: list[bytes], sent: bool) -> None:
    found = told(b"".join(pieces), sent=sent)
    if isinstance(found, ItemArrived):
        seen = found.item.text + found.item.author.name + found.item.native_id
        assert not any(char < " " and char not in "\n\t" for char in seen)
        assert "\n" not in found.item.author.name


def test_hostile_mails_are_read_in_no_time() -> None:
    head = f"{FIRST}In-Reply-To: <2@x>\n"
    mails = [
        f"{head}Content-Type: text/plain{';' * 900_000}\n\nx",
        f"{head}Content-Type: text/plain; {'a*0*=b; ' * 100_000}\n\nx",
        f"{head}Content-Type: text/plain; format=flowed\n\n" + "a \n" * 200_000,
        f"""From: {'"(<,' * 200_000}\n\nx""",
        head + "Content-Type: message/rfc822\n\n" * 20_000,
    ]
    began = time.process_time()
    for mail in mails:
        read(mail[:LIMIT])
    assert time.process_time() - began < 3
