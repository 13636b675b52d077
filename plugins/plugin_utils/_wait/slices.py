# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait in slices: the module runs again and again, and its state goes from one run to the next.

Time, sleep and the running of a slice are passed in. Private to this collection.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions, keeps_shut
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import PollState
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import FEW

FIRST = 5.0  # seconds of the first slice: the screen soon shows life, and most short waits need no other
LONGEST = 60.0  # seconds of all others, unless a change ends one
MANY = 100  # operations of which the first is not likely to be finished so soon that a short slice would do
_RETRY = 10.0  # seconds until a host is tried again that could not be reached

Result = Dict[str, Any]


class SlicedWait:
    """The wait of one task.

    run_slice: runs the module with this C(_slice) and returns its result. show: gets after each slice but the last
    what was seen, the seconds so far, and the last error. count: how many operations there are, as far as that is
    known before.
    """

    def __init__(
        self,
        run_slice: Callable[[Dict[str, Any]], Result],
        show: Callable[[List[Operation], float, Optional[str]], None],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        count: int = 0,
    ) -> None:
        self._run_slice = run_slice
        self._show = show
        self._first = LONGEST if count > MANY else FIRST
        self._clock = clock
        self._sleep = sleep
        self._started = clock()
        self._end = self._started  # until when a lost connection is waited out
        self._base: Result = {}
        self._state: Optional[PollState] = None  # what the last slice has handed over, and the same as plain data
        self._plain: Dict[str, Any] = {}
        self._options, self._raw = WaitOptions(), False

    def run(self) -> Result:
        """Wait to the end. Raises AnsibleConnectionFailure if the host cannot be reached at first."""
        while True:
            result = self._next_slice()
            if result is not None:
                part = result.pop("_slice", None)
                if not part:
                    return self._ended(result, finished=part is not None)
                self._take_in(part, result)
            elif self._clock() < self._end:
                self._sleep(min(_RETRY, self._end - self._clock()))
            elif self._state:
                return self._host_stayed_away(self._state)

    @property
    def _elapsed(self) -> float:
        return round(self._clock() - self._started, 3)

    def _next_slice(self) -> Optional[Result]:
        """Run a slice; None if the connection to the host was lost after it once stood."""
        part: Dict[str, Any] = {"state": None, "elapsed": self._elapsed, "seconds": self._first, "early": self._first}
        if self._state:
            few = sum(each.open for each in self._state.operations) <= FEW
            part.update(state=self._plain, seconds=LONGEST)
            part["early"] = FIRST if few else LONGEST
        try:
            return self._run_slice(part)
        except AnsibleConnectionFailure as exc:
            if not self._state:
                raise
            self._state.tolerated_errors += 1
            self._state.last_error = f"The connection to the host was lost: {exc}"
            self._plain = self._state.to_dict(self._raw)
            return None

    def _take_in(self, part: Dict[str, Any], result: Result) -> None:
        self._base = self._base or result
        self._plain, self._state = part["state"], PollState.from_dict(part["state"])
        self._options, self._raw = WaitOptions(**part["options"]), part["raw"]
        deadlines = [each.deadline or 0.0 for each in self._state.operations if each.open]
        self._end = self._started + max(deadlines, default=0.0)
        self._show([each.operation for each in self._state.operations], self._elapsed, self._state.last_error)

    def _ended(self, result: Result, finished: bool) -> Result:
        """Return what the last slice has said; where it could not go on, with all that was known before."""
        if finished:
            return dict(result, elapsed=self._elapsed)  # the module does not count its own start
        known: Result = {}
        if self._state:
            known = self._state.outcome().as_result(WaitOptions(), raw=False)
            known.pop("failure", None)
        return dict(result, **known)

    def _host_stayed_away(self, state: PollState) -> Result:
        """Return the result as the module would have given it."""
        state.elapsed = self._elapsed
        result = dict(self._base, **state.outcome().as_result(self._options, self._raw))
        failure = result.get("failure")
        if failure and keeps_shut(failure, self._options.on_failure):
            result.update(failed=True, msg=failure["message"])
        return result
