# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client without a network: its requests, the parts of an answer that it reads, and the API's clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, Dict, List, Optional, Tuple

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._http import dates
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import (
    ApiClient,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model import errors
from keystoneauth1 import exceptions
from requests.structures import CaseInsensitiveDict

URL = "https://api.example.com/v2.1/servers/s1?token=hidden"
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
HTML = "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>"


class Answer:
    """The part of a requests.Response that the client reads."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.content, self.status_code, self.url = body, status, URL
        self.headers = CaseInsensitiveDict({"X-Compute-Request-Id": "req-1"})


class FakeLogin:
    """Returns the given answers and records the requests. signer: whether it signs requests with AK/SK."""

    def __init__(self, answer: Any, signer: bool = False) -> None:
        self.answer = answer
        self.signer = signer
        self.sent: List[Tuple[str, Dict[str, str]]] = []

    def send(self, url: str, headers: Dict[str, str], body: Any = None) -> Any:
        self.sent.append((url, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def get(answer: Any) -> Dict[str, Any]:
    return ApiClient(FakeLogin(answer), "https://api.example.com/v1").get(("operations",))  # type: ignore[arg-type]


def test_a_get_quotes_its_path_and_query_and_is_counted() -> None:
    login = FakeLogin(Answer(b'{"a": 1}'))
    client = ApiClient(login, "https://api.example.com/v1//")  # type: ignore[arg-type]
    assert client.get(("a/b", "c?d#e"), (("q", "x y&z"), ("q", "2")), {"X-Version": "1"}) == {"a": 1}
    assert client.requests == 1
    ((url, headers),) = login.sent
    assert url == "https://api.example.com/v1/a%2Fb/c%3Fd%23e?q=x%20y%26z&q=2"
    assert headers == {"Accept": "application/json", "X-Version": "1"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (HTML.encode(), "an HTML page instead of JSON"),
        (b"\n <html>", "an HTML page instead of JSON"),
        (b"", "an empty body instead of JSON"),
        (b'{"cut": ', "other content instead of JSON"),
        (b'{"a": NaN}', "other content instead of JSON"),
        (b'{"a": -Infinity}', "other content instead of JSON"),
        (b"\xff\xfe", "other content instead of JSON"),
        (b"[" * 200000, "other content instead of JSON"),
    ],
)
def test_a_200_that_is_not_json_may_be_good_the_next_time(body: bytes, said: str) -> None:
    with pytest.raises(errors.GarbledError, match=said) as caught:
        get(Answer(body))
    assert (caught.value.transient, caught.value.request_id, caught.value.status) == (True, "req-1", 200)


@pytest.mark.parametrize(
    ("body", "name"), [(b"[]", "a list"), (b"null", "nothing"), (b'"text"', "text"), (b"1", "a number")]
)
def test_json_that_is_no_object_is_refused(body: bytes, name: str) -> None:
    with pytest.raises(errors.ProtocolError, match=f"answered with {name} in JSON instead of an object") as caught:
        get(Answer(body))
    assert not caught.value.transient


def test_a_number_too_large_for_json_does_not_become_infinity() -> None:
    """Ansible would write Infinity, which no JSON parser has to take."""
    with pytest.raises(errors.ProtocolError):
        get(Answer(b'{"a": 1e999}'))


@pytest.mark.parametrize(
    ("signer", "minutes", "said"),
    [
        (True, 16, "This machine's clock is 16 minutes behind the API's"),
        (True, -90, "This machine's clock is 90 minutes ahead of the API's"),
        (True, 9, None),
        (True, -9, None),
        (False, 16, None),
    ],
)
def test_a_wrong_clock_is_reported_with_a_refused_signature(signer: bool, minutes: int, said: Optional[str]) -> None:
    answer = Answer(b'{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information"}', 401)
    # The header has whole seconds: half a minute keeps the count of minutes the same.
    moment = datetime.now(timezone.utc) + timedelta(minutes=minutes, seconds=30 if minutes > 0 else -30)
    answer.headers["Date"] = format_datetime(moment, usegmt=True)
    client = ApiClient(FakeLogin(answer, signer), "https://api.example.com/v1")  # type: ignore[arg-type]
    with pytest.raises(errors.AuthError) as caught:
        client.get(("operations",))
    assert "Incorrect IAM authentication information." in str(caught.value)
    assert ("This machine's clock" in str(caught.value)) == (said is not None)
    assert (said or "") in caught.value.as_dict()["message"]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (exceptions.SSLError("certificate verify failed"), errors.TlsError),
        (exceptions.ConnectTimeout("slow"), errors.TransportError),
        (exceptions.ConnectFailure("refused"), errors.TransportError),
        (exceptions.UnknownConnectionError("odd", ValueError("x")), errors.TransportError),
        (requests.exceptions.ChunkedEncodingError("cut"), errors.TransportError),
        (requests.exceptions.ContentDecodingError("bad gzip"), errors.TransportError),
        (requests.exceptions.ReadTimeout("slow"), errors.TransportError),
        (exceptions.EndpointNotFound(), errors.ProtocolError),
        (exceptions.EmptyCatalog("none"), errors.ProtocolError),
        (exceptions.MissingRequiredOptions([]), errors.AuthError),
        (exceptions.InvalidResponse(None), errors.GarbledError),
    ],
)
def test_the_libraries_errors_become_ours(raised: Exception, expected: type) -> None:
    with pytest.raises(errors.GateError) as caught:
        get(raised)
    assert caught.type is expected
    assert "\n" not in caught.value.message


def ahead_of_ours(client: ApiClient) -> float:
    """Return the seconds by which the API's clock is ahead of ours."""
    return (client.now() - datetime.now(timezone.utc)).total_seconds()


def test_the_apis_clock_is_read_from_its_answers() -> None:
    login = FakeLogin(Answer(b"{}"))
    client = ApiClient(login, "https://api.example.com/v1")  # type: ignore[arg-type]
    assert ahead_of_ours(client) == pytest.approx(0, abs=1)
    for seconds in (3600, -86400):
        moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
        login.answer.headers["Date"] = format_datetime(moment, usegmt=True)
        client.get(("operations",))
        assert ahead_of_ours(client) == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sat, 99 Nov 2026 12:00:00 GMT"])
def test_an_answer_without_a_date_leaves_the_apis_clock_as_it_was(date: Optional[str]) -> None:
    login = FakeLogin(Answer(b"{}"))
    client = ApiClient(login, "https://api.example.com/v1")  # type: ignore[arg-type]
    moment = datetime.now(timezone.utc) + timedelta(hours=2)
    login.answer.headers["Date"] = format_datetime(moment, usegmt=True)
    client.get(("operations",))
    del login.answer.headers["Date"]
    if date is not None:
        login.answer.headers["Date"] = date
    client.get(("operations",))
    assert ahead_of_ours(client) == pytest.approx(7200, abs=2)


def test_an_error_shows_the_apis_clock_too() -> None:
    login = FakeLogin(Answer(b"{}", 503))
    client = ApiClient(login, "https://api.example.com/v1")  # type: ignore[arg-type]
    login.answer.headers["Date"] = format_datetime(datetime.now(timezone.utc) - timedelta(hours=1), usegmt=True)
    with pytest.raises(errors.TransportError):
        client.get(("operations",))
    assert ahead_of_ours(client) == pytest.approx(-3600, abs=2)


def test_each_request_is_limited_and_counted_also_with_threads() -> None:
    paced: List[None] = []
    client = ApiClient(FakeLogin(Answer(b"{}")), "https://a.example.com", lambda: paced.append(None))  # type: ignore[arg-type]
    with ThreadPoolExecutor(20) as pool:
        for each in [pool.submit(client.get, ("operations",)) for _request in range(1000)]:
            each.result(timeout=30)
    assert (client.requests, len(paced)) == (1000, 1000)


def test_a_failed_request_counts_as_sent() -> None:
    client = ApiClient(FakeLogin(exceptions.ConnectFailure("refused")), "https://a.example.com")  # type: ignore[arg-type]
    with pytest.raises(errors.TransportError):
        client.get(("operations",))
    assert client.requests == 1


def test_the_apis_clock_continues_when_ours_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer(b"{}")
    answer.headers["Date"] = format_datetime(NOW, usegmt=True)
    client = ApiClient(FakeLogin(answer), "https://api.example.com/v1")  # type: ignore[arg-type]
    client.get(("operations",))

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(hours=2)

    monkeypatch.setattr(dates, "datetime", Jumped)
    assert (client.now() - NOW).total_seconds() == pytest.approx(0, abs=2)


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -0100", "Fri, 31 Dec 9999 23:59:59 GMT", "x" * 1000])
def test_a_date_outside_the_range_is_ignored(date: str) -> None:
    login = FakeLogin(Answer(b"{}"))
    login.answer.headers["Date"] = date
    client = ApiClient(login, "https://api.example.com/v1")  # type: ignore[arg-type]
    client.get(("operations",))
    assert ahead_of_ours(client) == pytest.approx(0, abs=1)


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_not_sent(part: str) -> None:
    login = FakeLogin(Answer(b"{}"))
    with pytest.raises(errors.ProtocolError, match="is not allowed in a URL"):
        ApiClient(login, "https://api.example.com/v1").get(("servers", part))  # type: ignore[arg-type]
    assert login.sent == []
