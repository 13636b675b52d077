# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait in slices: each run of the module continues with the state of the last one.

Clock, sleep and the module run are injected. Private to this collection.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions, keeps_shut
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import PollState
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import FEW

FIRST = 5.0  # seconds of the first slice, so that the first line comes soon
LONGEST = 60.0  # seconds of each later slice, unless a change ends it
MANY = 100  # above this number of operations, the first slice is a long one
_RETRY = 10.0  # seconds until an unreachable host is tried again

Result = Dict[str, Any]


class SlicedWait:
    """The wait of one task.

    run_slice: runs the module with this C(_slice) and returns its result. show: called after each slice except the
    last with operations, elapsed seconds and the last error. count: number of operations, as far as it is known.
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
        self._lag = 0.0  # seconds that the first slice takes to start; the wait begins then
        self._end = self._started  # until when a lost connection is retried
        self._base: Result = {}
        self._state: Optional[PollState] = None  # from the last slice; _plain is the same as plain data
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
                return self._host_unreachable(self._state)

    @property
    def _elapsed(self) -> float:
        return round(self._clock() - self._started, 3)

    def _next_slice(self) -> Optional[Result]:
        """Run a slice. Return None if the connection to the host was lost after a first slice."""
        waited = max(0.0, self._elapsed - self._lag)
        part: Dict[str, Any] = {"state": None, "elapsed": waited, "seconds": self._first, "early": self._first}
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
        first, self._base = self._state is None, self._base or result
        self._plain, self._state = part["state"], PollState.from_dict(part["state"])
        if first:
            self._lag = self._clock() - self._started - self._state.elapsed
        self._options, self._raw = WaitOptions(**part["options"]), part["raw"]
        deadlines = [each.deadline or 0.0 for each in self._state.operations if each.open]
        self._end = self._started + self._lag + max(deadlines, default=0.0)
        self._show([each.operation for each in self._state.operations], self._elapsed, self._state.last_error)

    def _ended(self, result: Result, finished: bool) -> Result:
        """Return the result of the last slice. If the slice failed, add the operations from the slice before."""
        if finished:
            return dict(result, elapsed=self._elapsed)  # the module does not count its startup time
        known: Result = {}
        if self._state:
            known = self._state.outcome().as_result(WaitOptions(), raw=False)
            known.pop("failure", None)
        return dict(result, **known)

    def _host_unreachable(self, state: PollState) -> Result:
        """Return the result that the module would have returned."""
        state.elapsed = self._elapsed
        result = dict(self._base, **state.outcome().as_result(self._options, self._raw))
        failure = result.get("failure")
        if failure and keeps_shut(failure, self._options.on_failure):
            result.update(failed=True, msg=failure["message"])
        return result
