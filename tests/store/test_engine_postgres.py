"""What only a server can suffer: told in words, with a remedy, without a password; and nothing is half done."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import ProgrammingError

from bot.store import engine_postgres
from bot.store import tables as t
from bot.store.engine import Conflict, Database
from bot.store.engine_postgres import PostgresDatabase
from bot.store.errors import DatabaseUnreachable, DiskFull
from tests.support.postgres import Server, running_server
from tests.support.record import NOW, Record

COUNTER = t.counters.c


@pytest.fixture
def db(postgres: Server) -> Iterator[PostgresDatabase]:
    """A migrated database on the server."""
    with closing(PostgresDatabase(postgres.fresh())) as made:
        yield made


def hasty(postgres: Server, *options: str) -> PostgresDatabase:
    """The same with other time limits."""
    words = quote(" ".join(f"-c {option}" for option in options), safe="")
    return PostgresDatabase(f"{postgres.fresh()}?options={words}")


def raising(code: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = 'invented'; END $$"


def count_up(db: Database, name: str) -> None:
    with db.begin() as conn:
        conn.execute(t.counters.insert().values(name=name, next=1))


def names(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.execute(select(COUNTER.name).order_by(COUNTER.name)).scalars())


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:secret-word/@127.0.0.1/x",
        "postgresql://u:secret-word@more@127.0.0.1/x",
        "postgresql://u:secret#word@127.0.0.1/x",
        "postgresql://u:secret-word@127.0.0.1",
        "postgresql://u:secret-word@127.0.0.1/x/y",
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="cannot be understood") as caught:
        Database.open(url)
    assert "percent-encoded" in caught.value.remedy
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_usual_spellings_are_understood_and_shown_without_user_and_password(scheme: str) -> None:
    with closing(Database.open(f"{scheme}://u:secret-word@db.example:5433/bot?sslmode=require")) as db:
        assert db.where == "postgresql://db.example:5433/bot"
        assert db.shared


def test_a_server_that_is_not_there_is_told_with_a_remedy_and_no_password(free_port: int) -> None:
    db = Database.open(f"postgresql://u:secret-word@127.0.0.1:{free_port}/x")
    with pytest.raises(DatabaseUnreachable, match=r"cannot be reached \(.*refused") as caught, db.read():
        pass
    db.close()
    assert caught.value.remedy
    assert "secret-word" not in str(caught.value)


def test_somebody_else_on_that_port_is_told_as_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            listener.accept()[0].close()

        answer = threading.Thread(target=hang_up)
        answer.start()
        db = Database.open(f"postgresql://u:secret-word@127.0.0.1:{listener.getsockname()[1]}/x")
        with pytest.raises(DatabaseUnreachable, match="cannot be reached"), db.begin():
            pass
        db.close()
        answer.join()


@pytest.mark.servers
@pytest.mark.parametrize(
    ("user", "name", "said"), [("tester", "nowhere", "no such database"), ("eve", "postgres", "let this user in")]
)
def test_what_the_server_refuses_is_told(postgres: Server, user: str, name: str, said: str) -> None:
    url = f"postgresql://{user}:secret-word@127.0.0.1:{postgres.port}/{name}"
    with closing(Database.open(url)) as db, pytest.raises(DatabaseUnreachable, match=said) as caught, db.read():
        pass
    assert caught.value.remedy
    assert "secret-word" not in str(caught.value)


def told(db: PostgresDatabase) -> DatabaseUnreachable:
    """What people are told who cannot read."""
    with closing(db), pytest.raises(DatabaseUnreachable) as caught, db.read():
        pass
    assert caught.value.remedy
    assert "secret-word" not in f"{caught.value} {caught.value.remedy}"
    return caught.value


@pytest.mark.servers
def test_a_wrong_password_is_told_and_not_repeated() -> None:
    with running_server() as server:
        server.sql("CREATE ROLE careful LOGIN PASSWORD 'another-word'", "CREATE DATABASE locked OWNER careful")
        server.reload("host all careful 127.0.0.1/32 scram-sha-256")
        address = f"127.0.0.1:{server.port}/locked"
        assert "let this user in" in until_told(lambda: PostgresDatabase(f"postgresql://careful:secret-word@{address}"))
        with closing(PostgresDatabase(f"postgresql://careful:another-word@{address}")) as db, db.read() as conn:
            assert conn.execute(text("SELECT current_user")).scalar_one() == "careful"


def until_told(opened: Callable[[], PostgresDatabase]) -> str:
    """The server reads its rules anew some moments after it was told to."""
    end = time.monotonic() + 10
    while True:
        try:
            return str(told(opened()))
        except pytest.fail.Exception:
            assert time.monotonic() < end


@pytest.mark.servers
def test_a_server_that_takes_no_more_connections_is_told(postgres: Server) -> None:
    url = postgres.fresh()
    name = url.rpartition("/")[2]
    postgres.sql("CREATE ROLE narrow LOGIN CONNECTION LIMIT 1", f"GRANT CONNECT ON DATABASE {name} TO narrow")
    narrow = url.replace("tester:", "narrow:")
    with closing(PostgresDatabase(narrow)) as first, first.read():
        assert "no connection left" in str(told(PostgresDatabase(narrow)))


@pytest.mark.servers
def test_a_server_that_is_too_old_is_told(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_postgres, "OLDEST", 99)
    caught = told(PostgresDatabase(postgres.empty()))
    assert "which is too old" in str(caught)
    assert "99 or newer" in caught.remedy


def test_a_server_that_is_just_starting_is_told() -> None:
    refusal = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            peer = listener.accept()[0]
            peer.recv(1024)
            peer.sendall(b"N")  # no TLS here
            peer.recv(1024)
            peer.sendall(b"E" + (len(refusal) + 4).to_bytes(4, "big") + refusal)
            peer.close()

        answer = threading.Thread(target=refuse)
        answer.start()
        port = listener.getsockname()[1]
        caught = told(PostgresDatabase(f"postgresql://u:secret-word@127.0.0.1:{port}/x?gssencmode=disable"))
        assert "is starting or stopping" in str(caught)
        answer.join()


@pytest.mark.servers
@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("40001", Conflict, "40001"),
        ("40P01", Conflict, "40P01"),
        ("53100", DiskFull, "no space left"),
        ("53300", DatabaseUnreachable, "no connection left"),
        ("25006", DatabaseUnreachable, "only can be read"),
        ("42501", DatabaseUnreachable, "does not allow"),
        ("58030", DatabaseUnreachable, "trouble with its disk"),
        ("XX001", DatabaseUnreachable, "damaged"),
    ],
)
def test_the_servers_troubles_come_in_our_words_and_nothing_is_kept(
    db: PostgresDatabase, code: str, kind: type[Exception], said: str
) -> None:
    def change_and_fail() -> None:
        with db.begin() as conn:
            conn.execute(t.counters.insert().values(name="n", next=1))
            conn.exec_driver_sql(raising(code))

    with pytest.raises(kind, match=said):
        change_and_fail()
    assert names(db) == []


@pytest.mark.servers
def test_errors_repeat_no_texts(db: PostgresDatabase) -> None:
    row = {"owner": "x", "key": "k", "value": "a private word"}
    with pytest.raises(Exception, match="keep_pkey") as caught, db.begin() as conn:
        conn.execute(t.keep.insert(), [row, row])
    assert "a private word" not in str(caught.value)


def cut(db: PostgresDatabase, conn: Connection) -> None:
    """Let the server throw this connection out."""
    pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with db.read() as other:
        other.execute(text(f"SELECT pg_terminate_backend({pid})"))


def cut_and_go_on(db: PostgresDatabase, conn: Connection) -> None:
    cut(db, conn)
    conn.execute(t.counters.insert().values(name="first", next=1))


@pytest.mark.servers
def test_a_lost_connection_is_told_and_the_next_one_works(db: PostgresDatabase) -> None:
    def change_and_lose() -> None:
        with db.begin() as conn:
            conn.execute(t.counters.insert().values(name="lost", next=1))
            cut(db, conn)
            conn.execute(t.counters.insert().values(name="later", next=1))

    with pytest.raises(DatabaseUnreachable, match="connection was lost") as caught:
        change_and_lose()
    assert "nothing committed is lost" in caught.value.remedy
    count_up(db, "kept")
    assert names(db) == ["kept"]


@pytest.mark.servers
def test_a_statement_that_failed_and_that_somebody_caught_is_not_taken_for_committed(db: PostgresDatabase) -> None:
    def swallow() -> None:
        with db.begin() as conn:
            conn.execute(t.counters.insert().values(name="first", next=1))
            with pytest.raises(ProgrammingError):
                conn.exec_driver_sql("SELECT nothing FROM nowhere")

    with pytest.raises(DatabaseUnreachable):
        swallow()
    assert names(db) == []


@pytest.mark.servers
def test_a_connection_lost_in_a_savepoint_that_somebody_caught_is_not_taken_for_committed(db: PostgresDatabase) -> None:
    def one_after_the_other() -> None:
        with db.begin() as conn:
            with pytest.raises(DatabaseUnreachable), conn.begin_nested():
                cut_and_go_on(db, conn)
            with conn.begin_nested():
                conn.execute(t.counters.insert().values(name="second", next=1))

    with pytest.raises(DatabaseUnreachable, match="connection was lost"):
        one_after_the_other()
    assert names(db) == []


@pytest.mark.servers
def test_a_server_that_was_away_is_used_again(db: PostgresDatabase, postgres: Server) -> None:
    count_up(db, "before")
    postgres.stop()
    with pytest.raises(DatabaseUnreachable, match=r"cannot be reached|connection was lost"):
        count_up(db, "meanwhile")
    postgres.start()
    count_up(db, "after")
    assert names(db) == ["after", "before"]


@pytest.mark.servers
def test_another_writer_that_takes_too_long_is_told(postgres: Server) -> None:
    with closing(hasty(postgres, "lock_timeout=200ms")) as db:
        other = PostgresDatabase(f"{db._writer.url.render_as_string(hide_password=False)}")
        with other.begin(), pytest.raises(DatabaseUnreachable, match="kept busy by another writer"), db.begin():
            pass
        count_up(db, "n")
        other.close()


@pytest.mark.servers
def test_a_writer_that_hangs_is_thrown_out_and_the_others_go_on(postgres: Server) -> None:
    with closing(hasty(postgres, "idle_in_transaction_session_timeout=300ms")) as hanging:
        other = PostgresDatabase(hanging._writer.url.render_as_string(hide_password=False))

        def hang() -> None:
            with hanging.begin() as conn:
                conn.execute(t.counters.insert().values(name="hung", next=1))
                count_up(other, "other")  # waits until the server has lost its patience
                conn.execute(t.counters.insert().values(name="late", next=1))

        with pytest.raises(DatabaseUnreachable, match="connection was lost"):
            hang()
        assert names(other) == ["other"]
        other.close()


@pytest.mark.servers
def test_what_takes_too_long_is_broken_off(postgres: Server) -> None:
    db = hasty(postgres, "statement_timeout=100ms")
    with pytest.raises(DatabaseUnreachable, match="took too long"), db.begin() as conn:
        conn.execute(text("SELECT pg_sleep(5)"))
    db.close()


@pytest.mark.servers
def test_a_transaction_that_is_rolled_back_leaves_no_gap_in_the_log(db: PostgresDatabase) -> None:
    def log_and_fail() -> None:
        with db.begin() as conn:
            Record(conn).log("Paused")
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            log_and_fail()
        with db.begin() as conn:
            conn.execute(t.events.insert(), [{"at": NOW, "type": "Paused", "data": {}} for _ in range(3)])
    with db.read() as conn:
        assert list(conn.execute(select(t.events.c.seq).order_by(t.events.c.seq)).scalars()) == list(range(1, 10))


@pytest.mark.servers
@pytest.mark.parametrize("name", t.NO_DELETE)
def test_no_table_that_keeps_its_rows_is_emptied_at_once(db: PostgresDatabase, name: str) -> None:
    with pytest.raises(Exception, match=f"portavoz: rows of {name} are never deleted"), db.begin() as conn:
        conn.exec_driver_sql(f"TRUNCATE {name} CASCADE")


@pytest.mark.servers
def test_erased_words_are_cleared_out_of_the_tables_file(db: PostgresDatabase, postgres: Server) -> None:
    with db.begin() as conn:
        Record(conn).text("note", "molar in the lower left")
    with db.begin() as conn:
        conn.execute(t.contents.update().values(text="", author=None, url=None, extra={}, salt=None, erased_at=NOW))
    with db.read() as conn:
        file = postgres.folder / "data" / conn.execute(text("SELECT pg_relation_filepath('contents')")).scalar_one()
    db.tidy()
    postgres.sql("CHECKPOINT")
    assert b"molar" not in file.read_bytes()
