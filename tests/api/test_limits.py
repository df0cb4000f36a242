"""How often one source may ask: a shop behind one address passes, a guesser does not, headers change nothing."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from backend.core import limits
from tests import factories

UNKNOWN = "010487000000001221ABCDEFGHJKLMN"
SHOP, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def process(make_app: Callable[..., Flask], sqlite_url: str) -> Callable[..., Flask]:
    """One more process of an installation with limits. They stand in their own file beside the database, so one engine
    will do."""

    def start(**changes: object) -> Flask:
        app = make_app(sqlite_url, **changes)
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
        return app

    return start


@pytest.fixture
def limited(process: Callable[..., Flask]) -> Iterator[Flask]:
    with (app := process()).app_context():
        yield app


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The clock of the counters, standing still, so that no window ends in the middle of a test."""
    held = {"now": time.time()}
    monkeypatch.setattr(limits.time, "time", lambda: held["now"])
    return held


def ask(app: Flask, code: str = "", address: str = SHOP, **headers: str) -> int:
    return answer(app, code, address, **headers).status_code


def answer(app: Flask, code: str = "", address: str = SHOP, **headers: str) -> object:
    return app.test_client().post(
        "/api/v1/verify",
        json={"code": code},
        environ_base={"REMOTE_ADDR": address},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def fill(app: Flask, name: str, times: int, who: str = SHOP) -> None:
    """Asked so often before."""
    for _ in range(times):
        app.extensions["limiter"].hit(limits.LIMITS[name], name, who)


def test_the_contract_of_the_limits() -> None:
    """DESIGN 8: 600 checks a minute, 60 unknown or forged in ten."""
    table = {name: (item.amount, item.get_expiry()) for name, item in limits.LIMITS.items()}
    assert table["verify"] == (600, 60)
    assert table["verify_unknown"] == (60, 600)


def test_a_shop_checks_600_times_a_minute(limited: Flask, still: dict[str, float]) -> None:
    client = limited.test_client()
    asked = [
        client.post("/api/v1/verify", json={"code": ""}, environ_base={"REMOTE_ADDR": SHOP}).status_code
        for _ in range(602)
    ]
    assert asked == [200] * 600 + [429] * 2
    refused = answer(limited)
    assert refused.json["error"]["code"] == "request.too_many"
    assert refused.json["error"]["params"] == {"retry_after": int(refused.headers["Retry-After"])}
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert ask(limited, address=OTHER) == 200
    still["now"] += int(refused.headers["Retry-After"])
    assert ask(limited) == 200


@pytest.mark.parametrize("kind", ["unregistered", "forged"])
def test_a_guesser_gets_60_answers(limited: Flask, kind: str) -> None:
    owner = factories.organisation()
    good = factories.texts(factories.emitted(owner, factories.card(owner), 1))[0]
    bad = UNKNOWN if kind == "unregistered" else good.split("\x1d92")[0] + "\x1d92" + "A" * 86 + "=="
    asked = [answer(limited, bad) for _ in range(60)]
    assert {one.json["outcome"] for one in asked} == {kind}
    refused = answer(limited, bad)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 600
    assert ask(limited, good) == 429, "else the answer itself would tell what exists"
    assert ask(limited, bad, OTHER) == 200


def test_honest_answers_do_not_count_as_guesses(limited: Flask) -> None:
    owner = factories.organisation()
    good = factories.texts(factories.emitted(owner, factories.card(owner), 1))[0]
    fill(limited, "verify_unknown", 59)
    for code in (good, "", "4870000000012", "RU-430302-AAA7064491"):
        assert [ask(limited, code) for _ in range(3)] == [200] * 3
    assert [ask(limited, UNKNOWN), ask(limited, UNKNOWN)] == [200, 429]


FORWARDED = {
    "X_Forwarded_For": "198.51.100.{}",
    "X_Real_IP": "198.51.100.{}",
    "Forwarded": "for=198.51.100.{}",
    "X_Client_IP": "198.51.100.{}",
    "True_Client_IP": "198.51.100.{}",
    "CF_Connecting_IP": "198.51.100.{}",
}


def test_headers_do_not_change_who_is_asking(limited: Flask) -> None:
    fill(limited, "verify", 600)
    for name, value in FORWARDED.items():
        for number in (1, 2):
            assert ask(limited, **{name: value.format(number)}) == 429, name


def test_nor_does_the_way_the_address_is_written(limited: Flask) -> None:
    fill(limited, "verify", 600)
    client = limited.test_client()
    for path in ("/api/v1/verify", "/api/v1/verify?x=1"):
        asked = client.post(path, json={"code": ""}, environ_base={"REMOTE_ADDR": SHOP})
        assert asked.status_code == 429
    for path in ("//api/v1/verify", "/API/v1/verify", "/api/v1/verify/", "/api/v1//verify", "/api/v1/verify."):
        asked = client.post(path, json={"code": ""}, environ_base={"REMOTE_ADDR": SHOP})
        assert asked.status_code in (308, 404, 405), path


def test_behind_proxies_of_ours_the_last_address_that_they_saw_counts(process: Callable[..., Flask]) -> None:
    with (app := process(trusted_proxies=1)).app_context():
        fill(app, "verify", 600, SHOP)
        assert ask(app, address="10.0.0.1", X_Forwarded_For=SHOP) == 429
        assert ask(app, address="10.0.0.1", X_Forwarded_For=f"198.51.100.9, {SHOP}") == 429
        assert ask(app, address="10.0.0.1", X_Forwarded_For=f"{SHOP}, {OTHER}") == 200
        for strange in ("unknown", f"{OTHER}:4711", "x" * 5000):
            assert ask(app, address="10.0.0.1", X_Forwarded_For=strange) == 200, strange


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("2001:db8:1:2::1", 429),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", 429),
        ("2001:db8:1:3::1", 200),
        ("2001:0DB8:0001:0002::5", 429),
    ],
)
def test_of_ipv6_the_customer_counts(limited: Flask, address: str, status: int) -> None:
    fill(limited, "verify", 600, "2001:db8:1:2::/64")
    assert ask(limited, address=address) == status


def test_ipv4_written_as_ipv6_is_one_customer_each(limited: Flask) -> None:
    fill(limited, "verify", 600, SHOP)
    assert ask(limited, address=f"::ffff:{SHOP}") == 429
    assert ask(limited, address=f"::ffff:{OTHER}") == 200
    assert ask(limited, address="fe80::1%eth0") == 200


def test_two_processes_share_what_they_count_and_a_restart_forgives_nothing(
    process: Callable[..., Flask],
) -> None:
    first, second = process(), process()
    with first.app_context():
        fill(first, "verify_unknown", 30)
    with second.app_context():
        fill(second, "verify_unknown", 29)
        assert [ask(second, UNKNOWN), ask(second, UNKNOWN)] == [200, 429]
    with first.app_context():
        assert ask(first, UNKNOWN) == 429
    with (third := process()).app_context():
        assert ask(third, UNKNOWN) == 429


def test_a_member_changes_things_600_times_a_minute(limited: Flask) -> None:
    client: FlaskClient = limited.test_client()
    person = factories.sign_in(client, factories.organisation())
    fill(limited, "change", 600, person)
    body = {"emission_id": "none", "count": 1}
    assert client.post("/api/v1/labels", json=body, headers=factories.key()).status_code == 429
    factories.sign_in(client, factories.organisation())
    assert client.post("/api/v1/labels", json=body, headers=factories.key()).status_code == 404


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("decode", "POST", "/api/v1/decode"),
        ("lookup", "GET", "/api/v1/trust-list"),
        ("lookup", "GET", "/api/v1/withdrawn/TAAA/00"),
        ("lookup", "GET", "/01/04870000000012/21/A"),
        ("login", "POST", "/api/v1/auth/login"),
        ("login", "POST", "/api/v1/auth/challenge"),
    ],
)
def test_every_public_route_that_costs_something_is_limited(limited: Flask, name: str, method: str, path: str) -> None:
    fill(limited, name, limits.LIMITS[name].amount)
    client = limited.test_client()
    assert client.open(path, method=method, json={}, environ_base={"REMOTE_ADDR": SHOP}).status_code == 429
    assert client.open(path, method=method, json={}, environ_base={"REMOTE_ADDR": OTHER}).status_code != 429


def test_an_answer_says_what_is_left(limited: Flask, still: dict[str, float]) -> None:
    """By the short way and by the long one, and of the limit that is nearest to its end."""
    for left, headers in ((599, {}), (598, {"Cookie": "x=y"})):
        said = answer(limited, **headers).headers
        assert (said["RateLimit-Limit"], said["RateLimit-Remaining"]) == ("600", str(left))
        assert said["RateLimit-Reset"] == "60"
    still["now"] += 20
    assert answer(limited).headers["RateLimit-Reset"] == "40"
    fill(limited, "verify_unknown", 58)
    said = answer(limited, UNKNOWN).headers
    assert (said["RateLimit-Limit"], said["RateLimit-Remaining"]) == ("60", "1")


def test_a_refusal_says_that_nothing_is_left(limited: Flask) -> None:
    fill(limited, "verify", 600)
    said = answer(limited).headers
    assert (said["RateLimit-Limit"], said["RateLimit-Remaining"]) == ("600", "0")
    assert said["RateLimit-Reset"] == said["Retry-After"]
    fill(limited, "verify_unknown", 60, OTHER)
    said = answer(limited, address=OTHER).headers
    assert (said["RateLimit-Limit"], said["RateLimit-Remaining"]) == ("60", "0")


def test_where_nothing_is_counted_nothing_is_said(limited: Flask) -> None:
    assert "RateLimit-Limit" not in limited.test_client().get("/health").headers


def test_counters_elsewhere_are_asked(limited: Flask) -> None:
    """As with Redis, which does not say what is left when it counts."""
    limited.extensions["limiter"] = FixedWindowRateLimiter(storage_from_string("memory://"))
    said = answer(limited).headers
    assert (said["RateLimit-Limit"], said["RateLimit-Remaining"]) == ("600", "599")
