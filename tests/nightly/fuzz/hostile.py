# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid values of an API, as JSON texts, and ways to spoil a good answer."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from fuzz.choices import Choices

Place = tuple[Any, Any]  # a list or an object, and the index or key in it

TEXTS = (
    "", " ", "None", "null", "true", "0", "-1", "NaN", "1e999", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b31m",
    "\x00",
    "a\r\nX-Auth-Token: b", "\u202egnp.exe", "\u2066\u200b\ufeff", "\ud800", "\udfff\ud800", "\U0001f600",
    "{{ 7*191 }}",
    "{% raw %}", "{#", "<script>alert(1)</script>", "'; DROP TABLE", "%s%n", ".", "..", "../../../etc/passwd",
    "%2e%2e",
    "a/b?c=d#e", "http://elsewhere.invalid/v1", "http://[x", "//elsewhere.invalid", "$(id)", "@file",
)  # fmt: skip
TIMES = (
    "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59.999999999Z",
    "2026-02-30T12:00:00", "2026-11-21T12:00:60Z", "2026-11-21T12:00:00", "1969-12-31T23:59:59Z", "2026-11-21",
    "2026-11-21T12:00:00+99:99",
)  # fmt: skip
# The words of all APIs, and similar ones.
WORDS = (
    "SUCCESS", "success", "Success", "Succeeded", "COMPLETE", "Complete", "Completed", "FAIL", "failed", "Failed",
    "ERROR",
    "Error", "error", "STUCK", "RUNNING", "running", "PROCESSING", "INIT", "PENDING_PAYMENT", "ACTIVE", "SHUTOFF",
    "DELETED",
    "VERIFY_RESIZE", "SUCCESS ", " SUCCESS", "SUCCESS\x00", "SUCCESSFUL", "SUCCES", "\uff33UCCESS", "\u017fuccess",
    "COMPLETED", "PARTIALLY_SUCCESS", "unknown", "succeeded", "STOPPED", "BUILD", "reboot", "delete", "create",
    "resetState",
    "compute_reboot_instance", "compute_terminate_instance", "available", "in-use", "deleted", "active",
    "PENDING_UPDATE", "UPDATE_COMPLETE", "UPDATE_IN_PROGRESS", "done", "left",
)  # fmt: skip
KEYS = (
    "status", "state", "error", "error_code", "fail_reason", "events", "id", "job_id", "operation", "entities",
    "sub_jobs",
    "message", "code", "links", "done", "metadata", "request_id", "instance_uuid", "operation_status", "",
)  # fmt: skip
TOKENS = (
    *(json.dumps(text) for text in (*TEXTS, *TIMES)),
    *"null true false 0 1 -1 1.5 -0.0 1e308 -1e308 NaN Infinity -Infinity 1e999 -1e999 1e-400 [] {} [[]] [{}]".split(),
    *(f"1{'0' * count}" for count in (11, 12, 15, 18, 299, 400, 5000)),
    '{"":""}', '{"message":"x","code":7}', '["SUCCESS"]', '{"status":"SUCCESS"}', '[null]', "253402300800",
    "-62135596801",
)  # fmt: skip
HUGE = (
    json.dumps("x" * 100_000),
    json.dumps("\x1b" * 20_000),
    json.dumps("2026-11-21T12:00:00" + " " * 50_000 + "x"),
    *("[" * depth + "]" * depth for depth in (60, 70, 500, 900, 100_000)),
    '{"a":' * 900 + "1" + "}" * 900,
    f"[{','.join(['1'] * 10_000)}]",
    f"{{{','.join(f'{chr(34)}k{number}{chr(34)}:{number}' for number in range(10_000))}}}",
    "9" * 100_000,
)
LARGEST = 2_000_000  # bytes, about, that something is repeated to
MANY = 5000  # places of a tree that is large enough
_DAMAGE = (b"\xff\xfe", b"\xed\xa0\x80", b"\x00", b"\x1b[2J", b",", b"}", b'"', b"\\ud800", b"NaN", b"<html>")


def spoiled(text: str, choices: Choices) -> bytes:
    """Return a valid answer, as JSON text, with a part of it changed."""
    tree = json.loads(text)
    tokens: list[tuple[str, str]] = []
    for _edit in range(1 + choices.below(4)):
        places = list(itertools.islice(_places(tree), MANY))
        if len(places) == MANY:  # each edit can make it many times as large
            break
        if places:
            choices.pick(_EDITS)(choices.pick(places), places, choices, tokens)
    body = json.dumps(tree)
    for mark, token in tokens:
        body = body.replace(mark, token, 1)
    return damaged(body.encode("utf-8", "replace"), choices) if choices.once_in(16) else body.encode()


def damaged(body: bytes, choices: Choices) -> bytes:
    """Return a body that is cut, or that contains foreign bytes."""
    at = choices.below(len(body) + 1)
    ways = (body[:at], body[:at] + choices.pick(_DAMAGE) + body[at:], b"\xef\xbb\xbf" + body, body + body[:at],
            body.decode("utf-8", "replace").encode("utf-16"), body[:at] + body[at + 1 :])  # fmt: skip
    return choices.pick(ways)


def _places(tree: Any) -> Iterator[Place]:
    """Yield every value within a tree, by its container."""
    waiting = [tree]
    while waiting:
        parent = waiting.pop()
        keys = list(parent) if isinstance(parent, dict) else range(len(parent))
        for key in keys:
            yield parent, key
            if isinstance(parent[key], (dict, list)):
                waiting.append(parent[key])


def hostile_token(choices: Choices) -> str:
    """Return the JSON text of a value."""
    if choices.once_in(128):
        return choices.pick(HUGE)
    return choices.pick(TOKENS) if choices.below(3) else json.dumps(choices.pick(WORDS))


def _marked(token: str, tokens: list[tuple[str, str]]) -> str:
    """Return the placeholder of a text that no JSON writer would write."""
    mark = f"@{len(tokens)}@"
    tokens.append((f'"{mark}"', token))
    return mark


def _replace(place: Place, _all: Any, choices: Choices, tokens: list[tuple[str, str]]) -> None:
    place[0][place[1]] = _marked(hostile_token(choices), tokens)


def _reword(place: Place, _all: Any, choices: Choices, _tokens: Any) -> None:
    place[0][place[1]] = choices.pick(WORDS)


def _remove(place: Place, _all: Any, _choices: Choices, _tokens: Any) -> None:
    del place[0][place[1]]


def _say_twice(place: Place, _all: Any, choices: Choices, tokens: list[tuple[str, str]]) -> None:
    parent, key = place
    if isinstance(parent, dict):
        value = hostile_token(choices) if choices.below(2) else json.dumps(choices.pick(WORDS))
        parent[_marked(json.dumps(key), tokens)] = _marked(value, tokens)


def _rename(place: Place, _all: Any, choices: Choices, _tokens: Any) -> None:
    parent, key = place
    if isinstance(parent, dict):
        parent[choices.pick((*KEYS, key.upper(), key + " "))] = parent.pop(key)


def _wrap(place: Place, _all: Any, choices: Choices, _tokens: Any) -> None:
    value = place[0][place[1]]
    place[0][place[1]] = choices.pick(([value], {"value": value}, {str(place[1]): value}, [[value]], json.dumps(value)))


def _swap(place: Place, places: list[Place], choices: Choices, _tokens: Any) -> None:
    parent, key = choices.pick(places)
    place[0][place[1]] = json.loads(json.dumps(parent[key]))


def _repeat(place: Place, places: list[Place], choices: Choices, _tokens: Any) -> None:
    value, count = place[0][place[1]], choices.pick((0, 2, 3, 30))
    count = 10_000 if choices.once_in(256) else count
    count = count if len(places) < 300 else 2  # the text before the repetition
    count = min(count, 2 + LARGEST // len(json.dumps(value)))
    place[0][place[1]] = value * count if isinstance(value, (list, str)) else [value] * count


def _add(place: Place, _all: Any, choices: Choices, tokens: list[tuple[str, str]]) -> None:
    value = _marked(hostile_token(choices), tokens)
    if isinstance(place[0], dict):
        place[0][choices.pick(KEYS)] = value
    else:
        place[0].insert(place[1], value)


def _retype(place: Place, _all: Any, choices: Choices, _tokens: Any) -> None:
    value = place[0][place[1]]
    if isinstance(value, str):
        ways = (
            value.upper(),
            value.lower(),
            value + " ",
            value[:-1],
            value[::-1],
            value + "\x00",
            [value],
            {value: value},
        )
    else:
        ways = (str(value), [value], not value, None)  # type: ignore[assignment]
    place[0][place[1]] = choices.pick(ways)


_EDITS = (
    _replace,
    _replace,
    _replace,
    _reword,
    _reword,
    _remove,
    _say_twice,
    _rename,
    _wrap,
    _swap,
    _repeat,
    _add,
    _retype,
)
