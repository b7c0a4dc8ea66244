import pytest

from handlers.chats.desk.security import Attempts, host_allowed, origin_allowed, peer_trusted

BASE = "https://desk.example"


@pytest.mark.parametrize("host", ["desk.example", "desk.example:443", "localhost:8080", "127.0.0.1", "[::1]:9000"])
def test_the_configured_host_and_loopback_names_are_let_in(host: str) -> None:
    assert host_allowed(host, BASE)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "desk.example.evil.example",
        "desk.example:8443",
        "",
        "a@desk.example",
        "127.0.0.1.evil.example",
        "desk.example/x",
        "[::1",
        "localhost:99999999",
    ],
)
def test_other_hosts_are_not(host: str) -> None:
    assert not host_allowed(host, BASE)


def test_a_port_that_is_configured_is_asked_for() -> None:
    assert host_allowed("desk.example:8443", "https://desk.example:8443")
    assert not host_allowed("desk.example:9999", "https://desk.example:8443")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": BASE, "host": "desk.example"},
        {"origin": BASE, "sec-fetch-site": "same-origin", "host": "desk.example"},
        {"origin": "null", "sec-fetch-site": "same-origin", "host": "desk.example"},
        {"sec-fetch-site": "same-origin", "host": "desk.example"},
        {"origin": "http://localhost:9000", "host": "localhost:9000"},
    ],
)
def test_forms_of_our_own_pages_pass(headers: dict[str, str]) -> None:
    assert origin_allowed(headers, BASE)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "desk.example"},
        {"origin": "null", "host": "desk.example"},
        {"origin": "https://evil.example", "host": "desk.example"},
        {"origin": "http://desk.example", "host": "desk.example"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin", "host": "desk.example"},
        {"origin": BASE, "sec-fetch-site": "cross-site", "host": "desk.example"},
        {"origin": BASE, "sec-fetch-site": "same-site", "host": "desk.example"},
        {"origin": BASE, "sec-fetch-site": "none", "host": "desk.example"},
        {"origin": "http://localhost:3000", "host": "localhost:9000"},
    ],
)
def test_forms_from_elsewhere_do_not(headers: dict[str, str]) -> None:
    assert not origin_allowed(headers, BASE)


def test_only_listed_peers_are_trusted() -> None:
    assert peer_trusted("10.1.2.3", ["10.0.0.0/8"])
    assert peer_trusted("::1", ["192.0.2.1", "::1"])
    assert not peer_trusted("192.0.2.2", ["10.0.0.0/8", "192.0.2.1"])
    assert not peer_trusted(None, ["10.0.0.0/8"])
    assert not peer_trusted("not an address", ["10.0.0.0/8"])
    assert not peer_trusted("10.0.0.1", [])


class TestAttempts:
    def make(self, **more: int) -> tuple[list[float], Attempts]:
        now = [0.0]
        return now, Attempts(lambda: now[0], allowed=3, window=60, **more)

    def test_a_pause_follows_too_many_failures_and_ends(self) -> None:
        now, attempts = self.make()
        for at in (0, 1, 2):
            now[0] = at
            assert attempts.wait("a") == 0
            attempts.failed("a")
        assert attempts.wait("a") == 58
        now[0] = 60.1
        assert attempts.wait("a") == 0

    def test_others_do_not_wait_for_it(self) -> None:
        _, attempts = self.make()
        for _ in range(3):
            attempts.failed("a")
        assert attempts.wait("b") == 0

    def test_it_remembers_no_more_addresses_than_it_was_told(self) -> None:
        _, attempts = self.make(remembered=2)
        for address in ("a", "a", "a", "b", "c"):
            attempts.failed(address)
        assert attempts.wait("a") == 0
