# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error bodies of all clouds: their typed errors and messages."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, Optional, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.error_body import error_from, fault_of
from ansible_collections.cloudgate.operations.plugins.module_utils._model import errors
from hypothesis import given
from hypothesis import strategies as st
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
        ({"error_message": '{"faultcode": "Client", "faultstring": "No node."}'}, ("No node.", None)),  # of Ironic
        ({"error_message": '{"faultcode": '}, (None, None)),
        ({"error_message": '{"a": ' * 9999}, (None, None)),
        ({"error": {"code": 401, "message": "Log in.", "title": "Unauthorized"}}, ("Log in.", "401")),
        ({"error_code": "ModelArts.6404", "error_msg": "No such server"}, ("No such server", "ModelArts.6404")),
        ({"cause": "Internal Server Error"}, ("Internal Server Error", None)),
        ({"message": "Not allowed"}, ("Not allowed", None)),
        ({"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "x"}}}, ("Invalid ApiKey", None)),
        ({"errorMessage": "No role"}, ("No role", None)),
        ({"errCode": "RDS.0011", "externalMessage": "Locked"}, ("Locked", "RDS.0011")),
        ({"errorCode": "DCS.4002", "errorMsg": "Busy"}, ("Busy", "DCS.4002")),
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


@pytest.mark.parametrize(("body", "said"), [(HTML, "with an HTML page."), ("", "without a message.")])
def test_an_error_without_words_says_so(body: str, said: str) -> None:
    assert fault(503, body).message.endswith(f"answered 503, {said}")


@pytest.mark.parametrize(
    "name", ["X-Compute-Request-Id", "x_openstack_request_id", "X-Request-Id", "x_compute_request_id"]
)
def test_the_request_id_is_found_in_any_header(name: str) -> None:
    assert fault(500, {"request_id": "body"}, **{name: "req-9"}).request_id == "req-9"


def test_a_request_id_of_another_type_is_left_out() -> None:
    assert fault(500, {"request_id": ["x"]}).request_id is None


def test_a_406_has_its_own_error_and_a_redirect_names_the_other_host_only() -> None:
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


def test_a_redirect_to_an_invalid_url_is_reported() -> None:
    assert "redirects to elsewhere" in fault(302, "", Location="http://[x").message


def test_a_retry_after_date_is_read_by_the_clock_of_who_sent_it() -> None:
    at = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    assert fault(503, "", Retry_After=at, Date=format_datetime(NOW, usegmt=True)).retry_after == 90
