# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meaning of status values: words, patterns, HTTP statuses, and a value that is absent. Pure.

Private to this collection.
"""

from __future__ import annotations

import functools
import re
from typing import FrozenSet, Mapping, Optional, Sequence, Tuple

from ..._model.errors import InputError
from ..._model.operation import State

# Status value in lower case: (state, advice for people). A value may be a pattern with "*", or ABSENT.
Words = Mapping[str, Tuple[str, str]]

ABSENT = ""
_HTTP = "http "
_STATUS = re.compile(r"http ([1-9]\d{2})", re.ASCII)
_BARE_STATUS = re.compile(r"[1-5]\d{2}", re.ASCII)
_UNANSWERED = (401, 403, 407, 408, 429)  # the API did not read the operation
_UNKNOWN = (State.UNKNOWN, "")


def words(**states: Mapping[str, str]) -> Words:
    """Return the status values, given by state with advice for each: C(running={"PROCESSING": ""})."""
    return {word.lower(): (state, advice) for state, each in states.items() for word, advice in each.items()}


def meaning(states: Words, word: Optional[str]) -> Tuple[str, str]:
    """Return state and advice for a status value.

    A value itself wins over a pattern, and a pattern with more letters over another. If two patterns of different
    states are equally good, the state is unknown.
    """
    sought = (word or ABSENT).lower()
    if sought in states:
        return states[sought]
    fitting = {name: found for name, found in states.items() if "*" in name and sought and _fits(name, sought)}
    most = max(map(_letters, fitting), default=0)
    best = {found for name, found in fitting.items() if _letters(name) == most}
    return best.pop() if len({state for state, _advice in best}) == 1 else _UNKNOWN


def together(states: Sequence[str]) -> str:
    """Return the state of an operation whose parts have these states: it is finished when all parts are."""
    for state in (State.RUNNING, State.PENDING, State.UNKNOWN, State.FAILED):
        if state in states:
            return state
    return State.SUCCEEDED if states else State.UNKNOWN


def http_word(status: int) -> str:
    """Return the status value for an HTTP status, as C(HTTP 204)."""
    return f"HTTP {status}"


def statuses_in(states: Words) -> FrozenSet[int]:
    """Return the HTTP statuses that have a meaning of their own."""
    return frozenset(int(found[1]) for found in map(_STATUS.fullmatch, states) if found)


def normal_word(word: str, bare_status: bool = False) -> str:
    """Return a status value of a definition in lower case. Raises InputError for an HTTP status that is not a state.

    bare_status: whether a number is an HTTP status, because nothing else in the answer is read.
    """
    found = re.sub(r"\*+", "*", word.lower())
    if bare_status and _BARE_STATUS.fullmatch(found):
        found = _HTTP + found
    status = _STATUS.fullmatch(found)
    if found.startswith(_HTTP) and not (status and _can_be_state(int(status[1]))):
        raise InputError(
            f"definition.states: {word} cannot be a status value. Write HTTP and a status such as 202, 204, 303, 404 "
            "or 410; 401, 403, 407, 408, 429 and 5xx say nothing about the operation."
        )
    return found


def _can_be_state(status: int) -> bool:
    return 200 <= status < 300 or status == 303 or (400 <= status < 500 and status not in _UNANSWERED)


def _letters(pattern: str) -> int:
    return len(pattern.replace("*", ""))


def _fits(pattern: str, word: str) -> bool:
    return _compiled(pattern).fullmatch(word) is not None


@functools.lru_cache(maxsize=1000)
def _compiled(pattern: str) -> "re.Pattern[str]":
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)
