"""One edge over HTTP: what comes back whole, and what every failure is told as."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.providers import FAILURES, Answer, Asked, Providers, json_answer, text_answer
from tools.errors import SourceDownError
from tools.sources.http import Fetcher

KEY = "0123456789abcdef/ghij+klmnop"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def service(asked: Asked) -> Answer:
    match asked.path:
        case "csv":
            return text_answer("﻿date,value\n2026-11-20,1.5\n")
        case "latin":
            return Answer(body="giá,ở".encode("utf-16"), kind="text/csv")
        case "nan":
            return Answer(body=b'{"value": NaN}')
        case "huge":
            return Answer(body=b'{"value": 1e999}')
        case "bytes":
            return Answer(body=b"PK\x03\x04" + bytes(range(256)), kind="application/zip")
        case "moved":
            return Answer(status=301, headers=(("Location", "/good/values"),))
        case "loop":
            return Answer(status=302, headers=(("Location", "/good/loop"),))
        case "echo":
            return text_answer(f"bad key {asked.query.get('api_key')}", "text/plain", 400)
        case "drip":
            return Answer(body=b'{"value": 1}', drip_seconds=0.05)
        case _:
            body = asked.json() if asked.body else None
            return json_answer({"query": asked.query, "body": body, "value": 1.5})


@pytest.fixture
def server() -> Iterator[Providers]:
    with Providers({"good": service}) as providers:
        yield providers


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def fetcher(server: Providers, pauses: list[float]) -> Iterator[Callable[..., Fetcher]]:
    made: list[Fetcher] = []

    def make(**options: Any) -> Fetcher:
        settings: dict[str, Any] = {
            "timeout_seconds": 5.0,
            "sleep": pauses.append,
            "now": lambda: NOW,
        } | options
        made.append(Fetcher("Somebody", server.url("good"), **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


Make = Callable[..., Fetcher]


class TestAnswers:
    def test_json_comes_back_as_values(self, fetcher: Make) -> None:
        answer = fetcher().json("values", {"symbol": "XLK", "n": 2})
        assert answer == {"query": {"symbol": "XLK", "n": "2"}, "body": None, "value": 1.5}

    def test_a_body_makes_the_request_a_post(self, fetcher: Make, server: Providers) -> None:
        answer = fetcher().json("values", body={"symbols": ["FPT"]})
        assert isinstance(answer, dict)
        assert answer["body"] == {"symbols": ["FPT"]}
        assert server.asked[-1].method == "POST"

    def test_text_comes_back_without_its_byte_order_mark(self, fetcher: Make) -> None:
        assert fetcher().text("csv") == "date,value\n2026-11-20,1.5\n"

    def test_bytes_come_back_as_they_are(self, fetcher: Make) -> None:
        assert fetcher().bytes("bytes") == b"PK\x03\x04" + bytes(range(256))

    def test_secrets_go_out_with_every_request(self, fetcher: Make, server: Providers) -> None:
        fetcher(secrets={"api_key": KEY}).json("values")
        assert server.asked[-1].query == {"api_key": KEY}

    def test_headers_go_out_with_every_request(self, fetcher: Make, server: Providers) -> None:
        fetcher(headers={"x-api-key": KEY}).json("values")
        assert server.asked[-1].headers["x-api-key"] == KEY

    def test_a_redirect_within_the_host_is_followed(self, fetcher: Make) -> None:
        assert fetcher().json("moved") == {"query": {}, "body": None, "value": 1.5}


class TestFailures:
    @pytest.mark.parametrize(
        "failure", sorted(set(FAILURES) - {"empty_object", "empty_list", "null"})
    )
    def test_every_failure_is_said_with_the_provider_and_nothing_else(
        self, fetcher: Make, server: Providers, failure: str
    ) -> None:
        server.fail(failure, under="good")
        with pytest.raises(SourceDownError, match=r"^Somebody gave no usable answer: ") as caught:
            fetcher(secrets={"api_key": KEY}, timeout_seconds=0.2).json("values")
        assert type(caught.value) is SourceDownError
        assert "127.0.0.1" not in str(caught.value)

    @pytest.mark.parametrize(
        ("failure", "told"),
        [
            ("empty", "an empty answer where JSON was wanted"),
            ("page", "a web page where JSON was wanted"),
            ("not_json", "bytes that are not UTF-8 where JSON was wanted"),
            ("short", "an answer that is not JSON"),
            ("cut", "an answer that was cut off"),
            ("hang", "no answer within 0.2 seconds"),
            ("unauthorised", r"the key or the access is refused \(status 401\)"),
            ("forbidden", r"the key or the access is refused \(status 403\)"),
            ("too_many", r"too many requests \(status 429\)"),
            ("too_many_later", r"too many requests \(status 429, try again in 86400 seconds\)"),
            ("broken", r"a failure of its own \(status 500\)"),
            ("elsewhere", "a redirect to another host, '198.51.100.7'"),
        ],
    )
    def test_a_failure_is_told_as_what_it_is(
        self, fetcher: Make, server: Providers, failure: str, told: str
    ) -> None:
        server.fail(failure, under="good")
        with pytest.raises(SourceDownError, match=told):
            fetcher(timeout_seconds=0.2).json("values")

    @pytest.mark.parametrize("failure", ["hang", "too_many", "broken", "cut"])
    def test_what_may_pass_by_itself_is_tried_again(
        self, fetcher: Make, server: Providers, failure: str, pauses: list[float]
    ) -> None:
        server.fail(failure, under="good", times=2)
        answer = fetcher(timeout_seconds=0.5).json("values")
        assert isinstance(answer, dict)
        assert answer["value"] == 1.5
        assert len(pauses) == 2

    @pytest.mark.parametrize(
        "failure", ["unauthorised", "forbidden", "page", "empty", "short", "elsewhere"]
    )
    def test_what_was_refused_is_not_asked_twice(
        self, fetcher: Make, server: Providers, failure: str
    ) -> None:
        server.fail(failure, under="good")
        with pytest.raises(SourceDownError):
            fetcher().json("values")
        assert len(server.asked) == 1

    def test_attempts_are_bounded(self, fetcher: Make, server: Providers) -> None:
        server.fail("broken", under="good")
        with pytest.raises(SourceDownError):
            fetcher(attempts=4).json("values")
        assert len(server.asked) == 4

    @pytest.mark.parametrize("said", ["7", "Fri, 20 Nov 2026 12:00:07 GMT"])
    def test_a_short_retry_after_is_waited_for(
        self, fetcher: Make, server: Providers, pauses: list[float], said: str
    ) -> None:
        later = Answer(status=429, headers=(("Retry-After", said),))
        server.fail(lambda _: later, under="good", times=1)
        fetcher().json("values")
        assert pauses == [7.0]

    def test_a_long_retry_after_is_handed_on_at_once(
        self, fetcher: Make, server: Providers, pauses: list[float]
    ) -> None:
        server.fail("too_many_later", under="good")
        with pytest.raises(SourceDownError) as caught:
            fetcher().json("values")
        assert caught.value.retry_after == 86400
        assert (pauses, len(server.asked)) == ([], 1)

    @pytest.mark.parametrize("said", ["soon", "inf", "nan", "-5"])
    def test_a_retry_after_that_says_nothing_usable_is_no_wait(
        self, fetcher: Make, server: Providers, pauses: list[float], said: str
    ) -> None:
        later = Answer(status=503, headers=(("Retry-After", said),))
        server.fail(lambda _: later, under="good", times=1)
        fetcher().json("values")
        assert all(0 <= pause < 10 for pause in pauses)

    def test_a_server_that_is_not_there_is_no_connection(self) -> None:
        with Providers({}) as gone:
            address = gone.url("good")
        with pytest.raises(SourceDownError, match=r"Somebody .* no connection"):
            Fetcher("Somebody", address).json("values")

    def test_a_body_that_drips_is_cut_after_the_time_out(self, fetcher: Make) -> None:
        with pytest.raises(SourceDownError, match=r"no whole answer within 0\.1 seconds"):
            fetcher(timeout_seconds=0.1, attempts=1).json("drip")

    def test_a_body_that_is_too_large_is_refused(self, fetcher: Make) -> None:
        with pytest.raises(SourceDownError, match="more than 10 bytes"):
            fetcher(max_bytes=10).json("values")

    @pytest.mark.parametrize("path", ["nan", "huge"])
    def test_a_number_that_is_none_is_refused(self, fetcher: Make, path: str) -> None:
        with pytest.raises(SourceDownError, match="not JSON"):
            fetcher().json(path)

    def test_text_in_another_encoding_is_refused(self, fetcher: Make) -> None:
        with pytest.raises(SourceDownError, match="not UTF-8 where text was wanted"):
            fetcher().text("latin")

    def test_a_page_is_neither_text_nor_a_file(self, fetcher: Make, server: Providers) -> None:
        server.fail("page", under="good")
        with pytest.raises(SourceDownError, match="a web page where text was wanted"):
            fetcher().text("csv")
        with pytest.raises(SourceDownError, match="a web page where a file was wanted"):
            fetcher().bytes("bytes")

    def test_redirects_are_bounded(self, fetcher: Make, server: Providers) -> None:
        with pytest.raises(SourceDownError, match="more than 3 redirects"):
            fetcher().json("loop")
        assert len(server.asked) == 4


class TestSecrets:
    def test_a_key_that_comes_back_is_hidden(self, fetcher: Make) -> None:
        with pytest.raises(SourceDownError, match=r"status 400: 'bad key \*\*\*'"):
            fetcher(secrets={"api_key": KEY}).json("echo")

    @pytest.mark.parametrize("failure", [*sorted(FAILURES), "echo"])
    def test_no_failure_shows_a_key(self, fetcher: Make, server: Providers, failure: str) -> None:
        if failure != "echo":
            server.fail(failure, under="good")
        one = fetcher(secrets={"api_key": KEY}, headers={"x": KEY}, timeout_seconds=0.2, attempts=1)
        shown = repr(one)
        try:
            one.text("echo" if failure == "echo" else "values")
        except SourceDownError:
            shown += traceback.format_exc(chain=True)
        assert KEY not in shown
        assert KEY.replace("/", "%2F").replace("+", "%2B") not in shown
