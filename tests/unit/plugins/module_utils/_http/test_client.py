# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client without a network: error bodies of all clouds, what is read of an answer, errors of the libraries."""

from __future__ import annotations

import json
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, Dict, List, Optional, Tuple

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._http import client as client_module
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import (
    ApiClient,
    error_from,
    fault_of,
    parse_retry_after,
    translated,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model import errors
from hypothesis import given
from hypothesis import strategies as st
from keystoneauth1 import exceptions
from requests.structures import CaseInsensitiveDict

URL = "https://api.example.com/v2.1/servers/s1?token=hidden"
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
HTML = "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def fault(status: int, body: Any, **headers: str) -> errors.GateError:
    text = body if isinstance(body, str) else json.dumps(body)
    named = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    return error_from(status, named, text, URL)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"itemNotFound": {"message": "Action req-1 not found", "code": 404}}, ("Action req-1 not found", "404")),
        (
            {"error_msg": "The token must be updated", "error_code": "APIGW.0307"},
            ("The token must be updated", "APIGW.0307"),
        ),
        ({"error": {"code": "Ecs.0114", "message": "Instance not found"}}, ("Instance not found", "Ecs.0114")),
        ({"error": {"code": 401, "message": "Log in.", "title": "Unauthorized"}}, ("Log in.", "401")),
        ({"error_code": "ModelArts.6404", "error_msg": "No such server"}, ("No such server", "ModelArts.6404")),
        ({"cause": "Internal Server Error"}, ("Internal Server Error", None)),
        ({"message": "Not allowed"}, ("Not allowed", None)),
        ({"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "x"}}}, ("Invalid ApiKey", None)),
        ({"errorMessage": "No role"}, ("No role", None)),
        ({"code": "Common.0001", "message": "bad"}, ("bad", "Common.0001")),
        ({"errors": [{"detail": "broken", "code": "E1"}]}, ("broken", "E1")),
        ({"message": "  two\n lines "}, ("two lines", None)),
        ({"message": "", "cause": "why"}, ("why", None)),
        ({"message": "x" * 600}, ("x" * 500 + "...", None)),
        ({}, (None, None)),
        ([], (None, None)),
        ("text", (None, None)),
        (None, (None, None)),
        ({"message": {"not": "text"}}, (None, None)),
    ],
)
def test_every_clouds_error_body_is_read(body: Any, expected: Tuple[Optional[str], Optional[str]]) -> None:
    assert fault_of(body) == expected


@pytest.mark.parametrize(
    ("status", "body", "kind", "transient"),
    [
        (400, {"badRequest": {"message": "Marker not found", "code": 400}}, "protocol", False),
        (400, {"error_code": "ModelArts.6404", "error_msg": "No such server"}, "protocol", False),
        (401, {"error_code": "APIGW.0301", "error_msg": "signature expired"}, "auth", False),
        (401, {"error": {"code": 401, "message": "Log in."}}, "auth", False),
        (401, "", "auth", False),
        (403, {"forbidden": {"message": "Policy doesn't allow it", "code": 403}}, "forbidden", False),
        (404, {"itemNotFound": {"message": "Action req-1 not found", "code": 404}}, "missing", False),
        (404, {"cause": "Not Found"}, "missing", False),
        (404, {"error_code": "APIGW.0101", "error_msg": "The API does not exist"}, "protocol", False),
        (404, {"error_code": "APIG.0101", "error_msg": "The API does not exist"}, "protocol", False),
        (404, HTML, "protocol", False),
        (406, {"computeFault": {"message": "Version 2.84 is not supported", "code": 406}}, "protocol", False),
        (408, "", "transport", True),
        (409, {"conflictingRequest": {"message": "locked", "code": 409}}, "protocol", False),
        (413, "", "protocol", False),
        (429, {"overLimit": {"message": "slow down", "code": 429}}, "throttled", True),
        (429, {"error_code": "APIGW.0308", "error_msg": "throttled"}, "throttled", True),
        (403, {"error_code": "APIG.0308", "error_msg": "throttled"}, "throttled", True),
        (500, {"cause": "Internal Server Error"}, "transport", True),
        (502, HTML, "transport", True),
        (503, "", "transport", True),
        (504, "gateway time-out", "transport", True),
        (202, "", "protocol", False),
        (302, "", "protocol", False),
    ],
)
def test_the_status_and_the_code_say_what_went_wrong(status: int, body: Any, kind: str, transient: bool) -> None:
    error = fault(status, body)
    assert (error.kind, error.transient, error.status) == (kind, transient, status)
    assert "hidden" not in error.message
    assert "\n" not in error.message


def test_an_error_is_one_sentence_with_the_apis_own_words_code_and_request_id() -> None:
    error = fault(403, {"error_code": "APIGW.0302", "error_msg": "no\nrights", "request_id": "77aa"})
    assert error.message == "GET https://api.example.com/v2.1/servers/s1 answered 403 APIGW.0302: no rights."
    assert error.as_dict() == {
        "kind": "forbidden",
        "message": error.message,
        "code": "APIGW.0302",
        "request_id": "77aa",
    }


@pytest.mark.parametrize(("body", "said"), [(HTML, "with an HTML page."), ("", "without saying why.")])
def test_an_error_without_words_says_so(body: str, said: str) -> None:
    assert fault(503, body).message.endswith(f"answered 503, {said}")


@pytest.mark.parametrize(
    "name", ["X-Compute-Request-Id", "x_openstack_request_id", "X-Request-Id", "x_compute_request_id"]
)
def test_the_request_id_is_found_in_any_header(name: str) -> None:
    assert fault(500, {"request_id": "body"}, **{name: "req-9"}).request_id == "req-9"


def test_a_request_id_of_another_type_is_left_out() -> None:
    assert fault(500, {"request_id": ["x"]}).request_id is None


def test_a_406_can_be_told_apart_and_a_redirect_names_the_other_host_only() -> None:
    assert isinstance(fault(406, ""), errors.UnsupportedVersionError)
    message = fault(307, "", Location="https://evil.example.net/x?token=hidden").message
    assert "evil.example.net" in message
    assert "hidden" not in message
    assert "elsewhere" in fault(301, "").message


@given(st.integers(100, 599), st.one_of(JSON.map(json.dumps), st.text()), st.text())
def test_error_from_never_raises(status: int, text: str, header: str) -> None:
    headers = dict.fromkeys(("x-request-id", "Retry-After", "Location"), header)
    error = error_from(status, headers, text, URL)
    assert error.status == status
    assert isinstance(error.code, str)
    assert error.retry_after is None or error.retry_after >= 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("9" * 400, 999999999.0),
        ("Sat, 21 Nov 2026 12:01:30 GMT", 90.0),
        ("Sat, 21 Nov 2026 14:01:30 +0200", 90.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sat, 21 Nov 2026 12:01:30 -0000", 90.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Sat, 99 Nov 2026 12:00:00 GMT", None),
        ("Sat, 21 Nov 2026 12:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: Optional[str], expected: Optional[float]) -> None:
    assert parse_retry_after(value, NOW) == expected


@given(st.one_of(st.text(), st.from_regex(r"(Mon, )?\d{1,2} (Jan|Nov) \d{1,4} \d\d:\d\d:\d\d ([+-]\d+|GMT)")))
def test_retry_after_never_raises_and_is_never_negative(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


class Answer:
    """As much of a requests.Response as the client reads."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.content, self.status_code, self.url = body, status, URL
        self.headers = CaseInsensitiveDict({"X-Compute-Request-Id": "req-1"})


class FakeLogin:
    """Answers what it was given, and keeps what was asked. signer: whether it signs requests with AK/SK."""

    def __init__(self, answer: Any, signer: bool = False) -> None:
        self.answer = answer
        self.signer = signer
        self.sent: List[Tuple[str, Dict[str, str]]] = []

    def send(self, url: str, headers: Dict[str, str]) -> Any:
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
        (b'{"cut": ', "something else instead of JSON"),
        (b'{"a": NaN}', "something else instead of JSON"),
        (b'{"a": -Infinity}', "something else instead of JSON"),
        (b"\xff\xfe", "something else instead of JSON"),
        (b"[" * 200000, "something else instead of JSON"),
    ],
)
def test_a_200_that_is_not_json_may_be_good_the_next_time(body: bytes, said: str) -> None:
    with pytest.raises(errors.GarbledError, match=said) as caught:
        get(Answer(body))
    assert (caught.value.transient, caught.value.request_id, caught.value.status) == (True, "req-1", 200)


@pytest.mark.parametrize(("body", "name"), [(b"[]", "list"), (b"null", "NoneType"), (b'"text"', "str"), (b"1", "int")])
def test_json_that_is_no_object_is_refused(body: bytes, name: str) -> None:
    with pytest.raises(errors.ProtocolError, match=f"JSON {name} instead of an object") as caught:
        get(Answer(body))
    assert not caught.value.transient


def test_a_number_too_large_for_json_does_not_become_infinity() -> None:
    """Ansible would write Infinity, which no JSON parser has to take."""
    with pytest.raises(errors.ProtocolError):
        get(Answer(b'{"a": 1e999}'))


@pytest.mark.parametrize(
    ("signer", "minutes", "said"),
    [
        (True, 16, "The clock of this machine is 16 minutes behind the API's"),
        (True, -90, "The clock of this machine is 90 minutes ahead of the API's"),
        (True, 9, None),
        (True, -9, None),
        (False, 16, None),
    ],
)
def test_a_clock_that_is_off_is_told_with_a_refused_signature(signer: bool, minutes: int, said: Optional[str]) -> None:
    answer = Answer(b'{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information"}', 401)
    # The header has whole seconds: half a minute keeps the count of minutes the same.
    moment = datetime.now(timezone.utc) + timedelta(minutes=minutes, seconds=30 if minutes > 0 else -30)
    answer.headers["Date"] = format_datetime(moment, usegmt=True)
    client = ApiClient(FakeLogin(answer, signer), "https://api.example.com/v1")  # type: ignore[arg-type]
    with pytest.raises(errors.AuthError) as caught:
        client.get(("operations",))
    assert "Incorrect IAM authentication information." in str(caught.value)
    assert ("The clock of this machine" in str(caught.value)) == (said is not None)
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


def test_a_refused_login_says_what_keystone_said() -> None:
    response = requests.Response()
    response.status_code, response.url = 401, "https://keystone.example.com/v3/auth/tokens"
    response._content = b'{"error": {"code": 401, "message": "Wrong password.", "title": "Unauthorized"}}'
    with pytest.raises(errors.AuthError) as caught, translated(URL):
        raise exceptions.from_response(response, "POST", response.url)
    assert caught.value.message.startswith("The login failed: ")
    assert caught.value.message.endswith("answered 401: Wrong password.")
    assert "GET" not in caught.value.message, "a login is a POST"


def test_the_innermost_cause_is_told() -> None:
    outer = exceptions.SSLError("outer")
    outer.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    with pytest.raises(errors.TlsError, match="self-signed certificate") as caught, translated(URL):
        raise outer
    assert not caught.value.transient


def ahead_of_ours(client: ApiClient) -> float:
    """Seconds by which the API's clock is ahead of ours."""
    return (client.now() - datetime.now(timezone.utc)).total_seconds()


def test_the_apis_clock_is_told_by_its_answers() -> None:
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


def test_an_error_tells_the_apis_clock_too() -> None:
    login = FakeLogin(Answer(b"{}", 503))
    client = ApiClient(login, "https://api.example.com/v1")  # type: ignore[arg-type]
    login.answer.headers["Date"] = format_datetime(datetime.now(timezone.utc) - timedelta(hours=1), usegmt=True)
    with pytest.raises(errors.TransportError):
        client.get(("operations",))
    assert ahead_of_ours(client) == pytest.approx(-3600, abs=2)


def test_each_request_waits_for_its_turn_and_is_counted_also_under_threads() -> None:
    paced: List[None] = []
    client = ApiClient(FakeLogin(Answer(b"{}")), "https://a.example.com", lambda: paced.append(None))  # type: ignore[arg-type]
    with ThreadPoolExecutor(20) as pool:
        for each in [pool.submit(client.get, ("operations",)) for _request in range(1000)]:
            each.result(timeout=30)
    assert (client.requests, len(paced)) == (1000, 1000)


def test_a_request_that_failed_was_sent_all_the_same() -> None:
    client = ApiClient(FakeLogin(exceptions.ConnectFailure("refused")), "https://a.example.com")  # type: ignore[arg-type]
    with pytest.raises(errors.TransportError):
        client.get(("operations",))
    assert client.requests == 1


def test_the_apis_clock_goes_on_though_ours_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer(b"{}")
    answer.headers["Date"] = format_datetime(NOW, usegmt=True)
    client = ApiClient(FakeLogin(answer), "https://api.example.com/v1")  # type: ignore[arg-type]
    client.get(("operations",))

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(hours=2)

    monkeypatch.setattr(client_module, "datetime", Jumped)
    assert (client.now() - NOW).total_seconds() == pytest.approx(0, abs=2)


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -0100", "Fri, 31 Dec 9999 23:59:59 GMT", "x" * 1000])
def test_a_date_that_cannot_be_calculated_with_tells_nothing(date: str) -> None:
    login = FakeLogin(Answer(b"{}"))
    login.answer.headers["Date"] = date
    client = ApiClient(login, "https://api.example.com/v1")  # type: ignore[arg-type]
    client.get(("operations",))
    assert ahead_of_ours(client) == pytest.approx(0, abs=1)


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_not_sent(part: str) -> None:
    login = FakeLogin(Answer(b"{}"))
    with pytest.raises(errors.ProtocolError, match="cannot stand in a URL"):
        ApiClient(login, "https://api.example.com/v1").get(("servers", part))  # type: ignore[arg-type]
    assert login.sent == []


def test_a_redirect_to_no_url_is_told() -> None:
    assert "redirects to elsewhere" in fault(302, "", Location="http://[x").message


def test_a_retry_after_date_is_read_by_the_clock_of_who_sent_it() -> None:
    at = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    assert fault(503, "", Retry_After=at, Date=format_datetime(NOW, usegmt=True)).retry_after == 90
