# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query of the list of actions: allowed keys, filters, paging (from microversion 2.58)."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from flask import request

from .accounts import Cloud
from .errors import nova_error
from .microversions import Microversion
from .nova_views import nova_time
from .state import Action, Store

KEYS = {"limit": 58, "marker": 58, "changes-since": 58, "changes-before": 66}


def check_query(version: Microversion) -> None:
    for key, value in request.args.items(multi=True):
        if key not in KEYS or not version.at_least(KEYS[key]):
            raise nova_error(400, f"Additional properties are not allowed ('{key}' was unexpected)")
        if key == "limit" and not re.fullmatch(r"\d+", value):
            raise _invalid(key, value, "does not match '^[0-9]*$'")
        if key.startswith("changes-") and parse_time(value) is None:
            raise _invalid(key, value, "is not a 'date-time'")
    since, before = _bounds()
    if since is not None and before is not None and before < since:
        raise nova_error(400, "The value of changes-since must be less than or equal to changes-before.")


def page(store: Store, cloud: Cloud, actions: list[Action]) -> tuple[list[Action], str | None]:
    """Return the wanted actions and the marker of the next page, which Nova gives whenever a page is full."""
    limit = min(int(request.args.get("limit", store.page_size)), store.page_size)
    found = [action for action in actions if _in_bounds(store, cloud, action)]
    marker = request.args.get("marker")
    if marker is not None:
        position = next((index for index, action in enumerate(actions) if action.request_id == marker), None)
        if position is None:
            raise nova_error(400, "Marker None could not be found.")
        found = [action for action in actions[position + 1 :] if action in found]
    shown = found[:limit]
    return shown, shown[-1].request_id if limit and len(shown) == limit else None


def parse_time(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def _bounds() -> tuple[float | None, float | None]:
    since, before = (request.args.get(key, "") for key in ("changes-since", "changes-before"))
    return parse_time(since), parse_time(before)


def _in_bounds(store: Store, cloud: Cloud, action: Action) -> bool:
    since, before = _bounds()
    state = action.timeline.action_at(store.elapsed(action.begun))
    if state is None:
        return False
    updated = parse_time(nova_time(cloud, store.moment(action.begun, state.updated))) or 0.0
    return (since is None or updated >= since) and (before is None or updated <= before)


def _invalid(key: str, value: str, reason: str) -> Exception:
    return nova_error(400, f"Invalid input for query parameters {key}. Value: {value}. '{value}' {reason}")
