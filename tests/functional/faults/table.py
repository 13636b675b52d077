# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults and their expected results. Data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from faults.expected import A_POLL, Each, Expected, ends, times_out, tolerates, unnoticed
from faults.injections import (
    Fault,
    another,
    answers,
    both,
    certificate,
    endless_framing,
    expired,
    next_slice,
    no_names,
    no_way_in,
    once,
    proxy,
    proxy_login,
    redirects,
    refused,
    revoked,
    revoked_again_and_again,
    throttles_until,
    too_large,
    wall_clock,
)
from faults.scene import ANSWER_TIME, LIMIT, SHORT
from faults.subjects import ACCESS_KEY, BEARER, KEYSTONE
from simulated.helpers import EXPECTED, LOGIN_PATH

ONE_LOOK, MINUTES, FOR_EVER = 30.0, 300.0, float("inf")  # seconds that a fault lasts
HTML = "<html><head><title>Sign in</title></head></html>"
DAY = "86400"
NO_ANSWER = "no answer within api_timeout"
FAILED = "the connection failed"
TOO_LARGE = "answered with more than 10 MiB"


@dataclass(frozen=True)
class Row:
    """A fault. pause: seconds without requests after the first answer with it. secure: over TLS.

    answer_time: real seconds in which an answer has to be complete.
    """

    name: str
    fault: Fault
    expected: Each
    lasts: float = ONE_LOOK
    pause: float = 0.0
    secure: bool = False
    answer_time: float = ANSWER_TIME


def everybody(expected: Expected, **others: Expected | None) -> Each:
    """Expect the same for each login. others: by the name of the provider."""
    return Each(dict.fromkeys((KEYSTONE, ACCESS_KEY, BEARER), expected), others)


def tokens(expected: Expected, **others: Expected) -> Each:
    """Expect this for Keystone logins only; the others have no tokens."""
    return Each({KEYSTONE: expected}, others)


def reconnects(expected: Expected) -> Each:
    """Expect a fault that begins and ends with a new connection: the token is requested again."""
    again = dataclasses.replace(expected, logins=2)
    return Each({KEYSTONE: again, ACCESS_KEY: expected, BEARER: expected})


def renewed_or(keystone: Expected, otherwise: Expected) -> Each:
    """Expect one result for logins that can renew their token, and another for the rest."""
    return Each({KEYSTONE: keystone, ACCESS_KEY: otherwise, BEARER: otherwise})


def signed(says: str) -> Each:
    """Expect that signatures fail, as they contain the time, and tokens work."""
    return Each({KEYSTONE: unnoticed(), ACCESS_KEY: ends("auth", says), BEARER: unnoticed()})


def keystone(**rule: object) -> Fault:
    """Expect that the token is refused, and Keystone answers the renewal in this way."""
    return both(revoked, answers(LOGIN_PATH, **rule))


REFUSED = {"error": {"code": 401, "message": "Wrong password.", "title": "Unauthorized"}}
LOCKED = {"error": {"code": 403, "message": "Locked.", "title": "Forbidden"}}
NO_TOKEN = {"error": {"code": 401, "message": "No token for this.", "title": "Unauthorized"}}

PAGE = everybody(tolerates("an HTML page instead of JSON"))
# In Google's style, an operation without done is running, as their JSON omits false. Only the end needs an id.
NO_OPERATION = Each({**everybody(ends("protocol", "unexpected structure")).logins, BEARER: unnoticed()})
# Elsewhere the id of the operation is enough, or the API does not show the resource.
NOVA = ("openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute")
# Heat and Glance show lists, and without the right row the operation is missing for a moment.
ON_OPERATIONS = everybody(
    ends("protocol", "wrong operation"),
    openstack_stack=unnoticed(),
    openstack_image=unnoticed(),
    **dict.fromkeys(EXPECTED),
)
ON_SERVERS = everybody(ends("protocol", "wrong server"), **{name: None for name in PROVIDERS if name not in NOVA})

TABLE: dict[str, tuple[Row, ...]] = {
    "The way to the API": (
        Row("connection refused; the endpoint restarts", refused, everybody(tolerates(FAILED))),
        Row("connection refused for minutes", refused, everybody(tolerates(FAILED)), MINUTES),
        Row("connection refused without end", refused, everybody(times_out(FAILED)), FOR_EVER),
        Row("connection reset before the answer", answers(action="abort"), everybody(tolerates(FAILED))),
        Row("connection reset for minutes", answers(action="abort"), everybody(tolerates(FAILED)), MINUTES),
        Row("connection closed without an answer", answers(action="reset"), everybody(tolerates(FAILED))),
        Row("connection reset within the body", answers(action="abort_body"), everybody(tolerates(FAILED))),
        Row("kept connection closed while idle", once(action="idle"), everybody(unnoticed())),
        Row("kept connection reset at its next use", once(action="stale"), everybody(tolerates(FAILED))),
        Row("name of the host not found", no_names, everybody(tolerates("Temporary failure in name resolution"))),
        Row(
            "name of the host not found for minutes",
            no_names,
            everybody(tolerates("Temporary failure in name resolution")),
            MINUTES,
        ),
        Row("timeout of the connection", no_way_in, everybody(tolerates(NO_ANSWER)), answer_time=SHORT),
        Row("timeout of the answer", answers(action="silence"), everybody(tolerates(NO_ANSWER)), answer_time=SHORT),
        Row(
            "headers sent slowly, byte by byte",
            answers(action="drip"),
            everybody(tolerates(NO_ANSWER)),
            answer_time=SHORT,
        ),
        Row(
            "a body sent slowly, byte by byte",
            answers(action="drip_body"),
            everybody(tolerates("timed out")),
            answer_time=SHORT,
        ),
        Row(
            "a proxy that is down",
            proxy("http://{closed}"),
            reconnects(tolerates("through the proxy in HTTP_PROXY failed")),
        ),
        Row(
            "a proxy URL that cannot be used",
            proxy("http://user:secret@127.0.0.1:99999"),
            everybody(ends("input", "The proxy URL in HTTP_PROXY cannot be used")),
        ),
        Row(
            "a proxy that refuses its login",
            proxy_login,
            reconnects(ends("input", "The proxy in HTTP_PROXY refuses its login")),
        ),
    ),
    "Invalid answers": (
        Row("JSON cut off, and the connection too", answers(action="cut_body"), everybody(tolerates(FAILED))),
        Row("JSON cut off, with a matching length", answers(action="half"), everybody(tolerates("instead of JSON"))),
        Row("an HTML page with 200", answers(status=200, body=HTML, headers={"Content-Type": "text/html"}), PAGE),
        Row(
            "an HTML page declared as JSON",
            answers(status=200, body=HTML, headers={"Content-Type": "application/json"}),
            PAGE,
        ),
        Row("an empty body", answers(status=200), everybody(tolerates("an empty body instead of JSON"))),
        Row("valid JSON declared as HTML", answers(headers={"Content-Type": "text/html"}), everybody(unnoticed())),
        Row("JSON without an operation", answers(status=200, body={}), NO_OPERATION),
        Row("an operation that was not requested", another("operation_id"), ON_OPERATIONS),
        Row("an instance action of another server", another("resource_id"), ON_SERVERS),
        Row("gzip that unpacks to 100 MiB", too_large("bomb"), everybody(ends("protocol", TOO_LARGE))),
        Row(
            "the same, compressed twice", too_large("nested_bomb"), everybody(tolerates("encoding that cannot be read"))
        ),
        Row("a body of 100 MiB", too_large("huge"), everybody(ends("protocol", TOO_LARGE))),
        Row("a body without end", too_large("endless"), everybody(ends("protocol", TOO_LARGE))),
        Row("a chunk size without end", too_large("endless_chunk_size"), everybody(tolerates(FAILED))),
        Row(
            "a chunk of a negative size",
            answers(action="negative_chunk"),
            everybody(tolerates("answered with HTTP that cannot be read")),
        ),
        Row("trailers without end", endless_framing("endless_trailers"), everybody(ends("protocol", "with more than"))),
        Row(
            "interim responses without end",
            endless_framing("endless_continue"),
            everybody(ends("protocol", "with more than")),
        ),
        Row(
            "a redirect to the same host", redirects("127.0.0.1"), everybody(ends("protocol", "redirects to 127.0.0.1"))
        ),
        Row(
            "a redirect to another host", redirects("localhost"), everybody(ends("protocol", "redirects to localhost"))
        ),
    ),
    "Throttling and server errors": (
        Row("429", answers(status=429), everybody(tolerates("answered 429"))),
        Row("429 for minutes", answers(status=429), everybody(tolerates("answered 429")), MINUTES),
        Row(
            "429, Retry-After 70 seconds",
            answers(status=429, headers={"Retry-After": "70"}),
            everybody(tolerates("answered 429")),
            pause=70,
        ),
        Row("429, Retry-After a date", throttles_until(70), everybody(tolerates("answered 429")), pause=60),
        Row(
            "429, invalid Retry-After",
            answers(status=429, headers={"Retry-After": "soon"}),
            everybody(tolerates("answered 429")),
        ),
        Row(
            "429, Retry-After a day",
            answers(status=429, headers={"Retry-After": DAY}),
            everybody(times_out("answered 429")),
            FOR_EVER,
            pause=LIMIT,
        ),
        *(
            Row(f"{status}", answers(status=status), everybody(tolerates(f"answered {status}")))
            for status in (500, 502, 503, 504)
        ),
        *(
            Row(f"{status} for minutes", answers(status=status), everybody(tolerates(f"answered {status}")), MINUTES)
            for status in (500, 502, 503, 504)
        ),
        Row(
            "503, Retry-After 70 seconds",
            answers(status=503, headers={"Retry-After": "70"}),
            everybody(tolerates("answered 503")),
            pause=70,
        ),
        Row("503 without end", answers(status=503), everybody(times_out("answered 503")), FOR_EVER),
    ),
    "Logins": (
        Row("401: the token has expired", expired, tokens(unnoticed(logins=2))),
        Row("401: the token was revoked", revoked, tokens(unnoticed(logins=2))),
        Row(
            "401: the token is revoked before each poll", revoked_again_and_again, tokens(unnoticed(logins=3)), MINUTES
        ),
        Row(
            "401 once",
            once(status=401, body=NO_TOKEN),
            renewed_or(unnoticed(logins=2), ends("auth", "No token for this.")),
        ),
        Row(
            "401 without end",
            answers(status=401, body=NO_TOKEN),
            everybody(ends("auth", "No token for this.", logins=2)),
            FOR_EVER,
        ),
        Row(
            "401, and Keystone refuses the login",
            keystone(status=401, body=REFUSED),
            tokens(ends("auth", "Wrong password.", logins=2)),
        ),
        Row(
            "401, and Keystone answers 403",
            keystone(status=403, body=LOCKED),
            tokens(ends("forbidden", "Locked.", logins=2)),
        ),
        Row("403", answers(status=403), everybody(ends("forbidden", "answered 403"))),
        Row(
            "401, and Keystone is down for minutes",
            keystone(action="abort"),
            tokens(tolerates(FAILED, A_POLL)),
            MINUTES,
        ),
        Row(
            "401, and Keystone answers 503",
            keystone(status=503),
            tokens(tolerates("The login failed", A_POLL)),
            MINUTES,
        ),
        Row(
            "401, and Keystone throttles",
            keystone(status=429, headers={"Retry-After": "70"}),
            tokens(tolerates("The login failed", logins=3)),
            pause=70,
        ),
        Row(
            "401, and Keystone is silent",
            keystone(action="silence"),
            tokens(tolerates(NO_ANSWER, A_POLL)),
            answer_time=SHORT,
        ),
        Row(
            "401, and Keystone answers byte by byte",
            keystone(action="drip"),
            tokens(tolerates(NO_ANSWER, A_POLL)),
            answer_time=SHORT,
        ),
        Row(
            "401, and Keystone answers with HTML",
            keystone(status=200, body=HTML),
            tokens(tolerates("Keystone's answer has no token", logins=3)),
        ),
        Row(
            "Keystone is down at the next slice",
            both(next_slice, answers(LOGIN_PATH, action="abort")),
            tokens(tolerates(FAILED, A_POLL)),
            MINUTES,
        ),
        Row(
            "the catalog has lost the service at the next slice",
            both(next_slice, answers(LOGIN_PATH, replace={'"type":"': '"type":"no-'})),
            tokens(
                ends("protocol", "The service catalog has no service", logins=2),
                huaweicloud_modelarts=unnoticed(logins=2),
                huaweicloud_job=times_out("ecs.cn-north-4.myhuaweicloud.com", logins=2),
                otc_job=times_out("ecs.eu-de.otc.t-systems.com", logins=2),
            ),
        ),
    ),
    "Clocks and certificates": (
        Row(
            "this clock is set 20 minutes ahead",
            wall_clock(minutes=20),
            signed("20 minutes ahead of the API's"),
            FOR_EVER,
        ),
        Row("this clock is set 20 minutes back", wall_clock(minutes=-20), signed("minutes behind the API's"), FOR_EVER),
        Row("this clock is set a day ahead", wall_clock(days=1), signed("1440 minutes ahead of the API's"), FOR_EVER),
        *(
            Row(f"TLS: {described}", certificate(which), everybody(ends("transport", "cannot be trusted")), secure=True)
            for described, which in (
                ("the certificate has expired", "expired"),
                ("the certificate is another host's", "wrong host"),
                ("the authority is unknown", "unknown authority"),
            )
        ),
    ),
}
ROWS = tuple(row for rows in TABLE.values() for row in rows)
assert len({row.name for row in ROWS}) == len(ROWS), "each name once"
