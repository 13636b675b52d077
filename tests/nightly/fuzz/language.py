# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of the parts of a definition that no simulated cloud needs: states in headers, links, pages and batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from fuzz.choices import Choices
from fuzz.hostile import TEXTS

ENDPOINT = "http://api.example.test/v2.1"
STATES = {"pending": ["waiting"], "running": ["busy"], "succeeded": ["done"], "failed": ["bad"]}
ROW = {"id": "id", "state": "status", "states": STATES, "error_message": "error", "items": "rows"}
_STATUSES = (200, 201, 202, 204, 303, 400, 401, 404, 410, 429, 500, 503)
_LINKS = (f"{ENDPOINT}/jobs/1", f"{ENDPOINT}/jobs/2", "1", "/v2.1/jobs/3", "../jobs/2", f"{ENDPOINT}/", "done", "busy",
          "DONE", "done, bad", "http://api.example.test/other/1")  # fmt: skip


class Reply(NamedTuple):
    """An answer. headers: of these scenes, which name a state or a URL."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


def spoiled_replies(replies: Mapping[str, Reply], choices: Choices) -> dict[str, Reply]:
    """Return the answers, one of which has another status or another header."""
    found = dict(replies)
    path = choices.pick(list(found))
    if choices.below(2):
        found[path] = found[path]._replace(status=choices.pick(_STATUSES))
    elif found[path].headers:
        value = choices.pick((*_LINKS, *TEXTS)).encode("latin-1", "replace").decode("latin-1")
        found[path] = found[path]._replace(headers=dict.fromkeys(found[path].headers, value))
    return found


Language = tuple[str, str, list[Reference], dict[str, Any], dict[str, Reply]]


def _scene(ask: str, references: list[Reference], definition: dict[str, Any], answers: dict[str, Reply]) -> Language:
    return ENDPOINT, ask, references, definition, answers


_HEADER = {"show": "/jobs/{operation_id}", "id": "id", "state": "header:X-State", "states": STATES}
_MOVED = {"moved_to": "header:Location", "states": {"running": [202], "succeeded": [200, 204, 404], "failed": [410]}}
_QUEUE = {
    "show": "/queue/{operation_id}",
    "id": "self",
    "state": "status",
    "states": {"pending": ["waiting"], "succeeded": ["left", "done"], "failed": ["bad"]},
    "follow": {
        "link": "link",
        "definition": {"state": "status", "states": {**STATES, "succeeded": ["done", "HTTP 404"]}},
    },
}
_PAGES = {**ROW, "show": "/rows/{operation_id}", "list": "/rows?r={resource_id}", "resource_id": "r",
          "started_at": "began", "next": "next"}  # fmt: skip
_BATCH = {**ROW, "show": "/rows/{operation_id}", "batch": "/rows?id={operation_ids}"}


def _row(name: str, status: str) -> dict[str, Any]:
    return {"id": name, "status": status, "error": None, "r": "s1", "began": f"2026-11-21T12:00:0{name}Z"}


_FIRST, _SECOND = Reference("1"), Reference("2")
_ROWS = [_row("1", "done"), _row("2", "busy"), _row("3", "bad")]
LANGUAGE: dict[str, list[Language]] = {
    "header": [
        _scene("polls", [_FIRST], _HEADER, {"jobs/1": Reply({"id": "1"}, 200, {"X-State": word})})
        for word in ("done", "busy", "bad")
    ],
    "moved": [
        _scene("polls", [Reference(f"{ENDPOINT}/jobs/1")], _MOVED, {
            "jobs/1": Reply({}, 202, {"Location": f"{ENDPOINT}/jobs/2?t=a%2Fb"}),
            "jobs/2": Reply({}, 202, {"Location": "3"}), "jobs/3": last,
        })
        for last in (Reply({}, 200), Reply({}, 410), Reply({}, 202))
    ],
    "follow": [
        _scene("polls", [_FIRST], _QUEUE, {
            "queue/1": Reply({"self": f"{ENDPOINT}/queue/1", "status": status, "link": link}),
            "jobs/1": Reply({"status": word}),
        })
        for status, link, word in (
            ("left", f"{ENDPOINT}/jobs/1", "done"), ("waiting", None, "done"), ("left", "../jobs/1", "busy"),
            ("left", "/v2.1/jobs/1", "bad"),
        )
    ],
    "pages": [
        _scene("list", [Reference(resource_id="s1")], _PAGES, {
            "rows": Reply({"rows": _ROWS[:2], "next": "more/2"}), "more/2": Reply({"rows": _ROWS[2:], "next": None}),
        }),
        _scene("list", [Reference(resource_id="s1")], {**_PAGES, "next": "header:Link"}, {
            "rows": Reply({"rows": _ROWS[:2]}, 200, {"Link": f'<{ENDPOINT}/more/2>; rel="next"'}),
            "more/2": Reply({"rows": _ROWS[2:]}, 200, {"Link": ""}),
        }),
    ],
    "batch": [
        _scene("batch", [_FIRST, _SECOND, Reference("9")], _BATCH, {
            "rows": Reply({"rows": _ROWS}), "rows/1": Reply(_ROWS[0]), "rows/2": Reply(_ROWS[1]),
        }),
    ],
}  # fmt: skip
