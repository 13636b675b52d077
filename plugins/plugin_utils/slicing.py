# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the slices of a wait together to one result. Time, sleep and the running of a slice are passed in.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.cloudgate.operations.plugins.module_utils.gate import Outcome, WaitOptions, keeps_shut
from ansible_collections.cloudgate.operations.plugins.module_utils.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils.slices import handed_on

FIRST = 5.0  # seconds of the first slice: the screen soon shows life, and most short waits need no other
LONGEST = 60.0
MANY = 100  # operations of which the first is not likely to be over so soon that a short slice would do
_FEW = 10  # operations whose changes are worth ending a slice before its time
_RETRY = 10.0  # seconds until a host is tried again that could not be reached

Result = Dict[str, Any]


class SlicedWait:
    """The wait of one task.

    run_slice: runs the module with this C(_slice) and returns its result. show: is told after each slice but the last
    what was seen and the seconds so far. length: seconds of a slice. count: how many operations there are, as far as
    that is known before.
    """

    def __init__(
        self,
        run_slice: Callable[[Dict[str, Any]], Result],
        show: Callable[[List[Operation], float], None],
        length: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        count: int = 0,
    ) -> None:
        self._run_slice = run_slice
        self._show = show
        self._length = min(max(length, FIRST), LONGEST)
        self._first = LONGEST if count > MANY else FIRST
        self._clock = clock
        self._sleep = sleep
        self._started = clock()
        self._end = self._started  # until when a lost connection is waited out
        self._options, self._raw = WaitOptions(), False
        self._states: List[Dict[str, Any]] = []
        self._backoff: List[Dict[str, Any]] = []  # of each group
        self._recent = 0  # requests that the last slice sent at its end
        self._outcome = Outcome([])

    def run(self) -> Result:
        """Wait to the end. Raises AnsibleConnectionFailure if the host cannot be reached at first."""
        base: Result = {}
        while True:
            result = self._next_slice()
            if result is None and self._clock() < self._end:
                self._sleep(min(_RETRY, self._end - self._clock()))
                continue
            if result is None:
                return self._finished(base)
            part = result.pop("_slice", None)
            if part is None:  # it could not begin, or it broke
                return self._broken(result) if base else result
            base = base or result
            self._take_in(part)
            if part["over"]:
                return self._finished(base)
            self._show(self._outcome.operations, part["elapsed"])

    def _next_slice(self) -> Optional[Result]:
        """Run a slice; None if the connection to the host was lost after it once stood."""
        elapsed = round(self._clock() - self._started, 3)
        part: Dict[str, Any] = {"elapsed": elapsed, "seconds": self._first, "early": self._first}
        if self._states:
            few = sum(not state["over"] for state in self._states) <= _FEW
            since = elapsed - self._outcome.elapsed
            known = zip(self._states, self._outcome.operations)
            part["items"] = [dict(handed_on(*each, since), was=number) for number, each in enumerate(known)]
            part["backoff"] = [dict(each, until=max(0.0, each["until"] - since)) for each in self._backoff]
            part.update(recent=self._recent, seconds=self._length if few else LONGEST, early=FIRST if few else LONGEST)
        try:
            return self._run_slice(part)
        except AnsibleConnectionFailure as exc:
            if not self._states:
                raise
            self._outcome.tolerated_errors += 1
            self._outcome.last_error = f"The connection to the host was lost: {exc}"
            return None

    def _take_in(self, part: Dict[str, Any]) -> None:
        whole, self._states = self._outcome, part["items"]
        known = whole.operations
        whole.operations = [
            Operation.from_dict(state["operation"]) if state["operation"] else known[state["was"]]
            for state in self._states
        ]
        open_ones = [state["deadline"] for state in self._states if not state["over"]]
        self._end = self._started + part["elapsed"] + max(open_ones, default=0.0)
        self._options, self._raw = WaitOptions(**part["options"]), part["raw"]
        self._recent, self._backoff = part.get("recent", 0), part["backoff"]
        whole.elapsed = part["elapsed"]
        whole.error = part["error"]
        whole.last_error = part["last_error"] or whole.last_error
        for sentence in part["warnings"]:
            whole.warn(sentence)
        for name in ("polls", "requests", "tolerated_errors", "reauthentications"):
            setattr(whole, name, getattr(whole, name) + part[name])

    def _broken(self, result: Result) -> Result:
        """What a slice has said that could not go on, with all that was known before."""
        known = self._outcome.as_result(WaitOptions(), raw=False)
        known.pop("failure", None)
        return dict(result, **known)

    def _finished(self, base: Result) -> Result:
        """The result as the module alone would have given it."""
        self._outcome.elapsed = round(self._clock() - self._started, 3)  # a slice does not count its own start
        result = dict(base, **self._outcome.as_result(self._options, self._raw))
        failure = result.get("failure")
        if failure and keeps_shut(failure, self._options.on_failure):
            result.update(failed=True, msg=failure["message"])
        return result
