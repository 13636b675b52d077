# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What C(wait_for_operation) does: from its options to a wait, as one run or in slices.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import select
import signal
import threading
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._model.errors import InputError, TransportError, located
from .._model.operation import Operation
from .._model.reference import Reference
from .._polling.emptiness import Listed, check_listed
from .._polling.engine import Engine, Limits
from .._polling.outcome import Outcome, WaitOptions, check_seconds
from .._polling.rate_limiter import RateLimiter
from .._polling.state import GroupState, PollState
from .._polling.threads import start_daemon
from .argspec import WAIT_SPEC
from .base import GateModule, references_to
from .connection import Connection
from .progress_channel import ProgressChannel

_REQUESTS = 3  # that a look takes, as a rule
_STDOUT = 1
_SLICE = "_slice"  # what the action plugin adds to the options when it runs the module in slices
_SLICE_NUMBERS = ("elapsed", "seconds", "early")
_PROGRESS = "_progress"  # what it adds for one run: the path of a progress channel, or null if nothing is shown
Plans = List[Tuple[Connection, List[Reference]]]


class WaitModule(GateModule):
    """The module that waits. In check mode it looks once."""

    _INTERNAL = (*GateModule._INTERNAL, _SLICE, _PROGRESS)

    def __init__(self) -> None:
        super().__init__(
            WAIT_SPEC,
            required=False,
            required_one_of=[("operations", "operation_id", "groups")],
            mutually_exclusive=[
                ("operations", "operation_id", "groups"),
                ("operations", "resource_id"),
                ("groups", "resource_id"),
                ("groups", "provider"),
            ],
        )

    def wait(self) -> Dict[str, Any]:
        """Wait for all that the task names. Raises GateError for what is found before the first look."""
        options = WaitOptions.of(self.params)
        check_seconds("progress_interval", self.params["progress_interval"])
        if self.check_mode:
            options = dataclasses.replace(options, timeout=0, delay=0)
        if not self._listed(self._plans()):
            return Outcome([]).as_result(dataclasses.replace(options, empty="pass"), self.params["raw"])
        part, path = self._part(), self._progress_path()
        state = PollState.from_dict(part["state"]) if part.get("state") else PollState([])
        rate_limit = RateLimiter(options.max_requests_per_second, recent=state.recent)
        plans = self._connected(rate_limit)
        if not state.groups:
            state.groups = [GroupState.of(connection.info.name, named) for connection, named in plans]
        connections = [connection for connection, _named in plans]
        for connection, group in zip(connections, state.groups):
            connection.import_states(group)
        limits = Limits()
        if part or _PROGRESS in self.internal:
            _end_with_reader()
        if part:
            state.elapsed, limits = part["elapsed"], Limits(part["seconds"], part["early"])
        channel = ProgressChannel(path, state, self.masked)
        engine = Engine(options, *time_limits(self.params), report=channel.report)
        engine.run(state, [each.io for each in connections], limits)
        state.recent = rate_limit.recent
        state.requests += sum(each.requests for each in connections)
        state.reauthentications += sum(each.reauthentications for each in connections)
        return self._handed_over(state, options) if part else self._outcome_of(state, options)

    def _outcome_of(self, state: PollState, options: WaitOptions) -> Dict[str, Any]:
        return state.outcome().as_result(options, self.params["raw"], self.check_mode)

    def _handed_over(self, state: PollState, options: WaitOptions) -> Dict[str, Any]:
        """What a slice gives to the action plugin: the result if the wait is over, else all that the next one needs."""
        if state.finished:
            return dict(self._outcome_of(state, options), **{_SLICE: {}})
        raw = self.params["raw"]
        return {_SLICE: {"state": state.to_dict(raw), "options": dataclasses.asdict(options), "raw": raw}}

    def _part(self) -> Mapping[str, Any]:
        """Return what the action plugin says about this slice; nothing if the wait is whole. Raises InputError."""
        part = self.internal.get(_SLICE)
        if part is None:
            return {}
        numbers = [part.get(name) for name in _SLICE_NUMBERS] if isinstance(part, dict) else [None]
        # In check mode the action plugin runs the module as a whole: an author wrote this.
        if self.check_mode or not all(isinstance(each, (int, float)) for each in numbers):
            raise InputError("_slice is no option of this module: remove it.")
        return part

    def _progress_path(self) -> Optional[str]:
        """Return where the action plugin reads the progress; None if it does not. Raises InputError."""
        path = self.internal.get(_PROGRESS)
        if path is not None and (self.check_mode or not isinstance(path, str)):
            raise InputError("_progress is no option of this module: remove it.")
        return path

    def result(self, operations: List[Operation]) -> Dict[str, Any]:
        """The keys that every result has, when nothing was waited for."""
        return Outcome(operations).as_result(WaitOptions(), self.params["raw"])

    def _connected(self, rate_limit: RateLimiter) -> Plans:
        """Log in for all that is waited for; nothing is sent yet."""
        plans, places = [], []
        for number, (given, named) in enumerate(self._plans(), start=1):
            place = f"group {number}" if self.params["groups"] else ""
            if named:
                with located(place):
                    connection = self.connection(given, rate_limit)
                    plans.append((connection, references_to(connection.info, named)))
                    places.append(place)
        for (connection, _named), place in zip(plans, places):
            with located(place):
                connection.log_in()
        return plans

    def _listed(self, plans: List[Tuple[Mapping[str, Any], List[Mapping[str, Any]]]]) -> int:
        """Return how many operations there are. Raises InputError where a list is empty and must not be."""
        empty, groups = self.params["empty"], self.params["groups"]
        lists = [Listed("operations", len(named), empty) for _given, named in plans]
        if groups is not None:
            lists = [
                Listed(f"group {number}: operations", len(named), given["empty"] or empty)
                for number, (given, named) in enumerate(plans, start=1)
            ] or [Listed("groups", 0, empty)]
        check_listed(lists, self.check_mode)
        return sum(each.length for each in lists)

    def _plans(self) -> List[Tuple[Mapping[str, Any], List[Mapping[str, Any]]]]:
        """The connection options and the operations of each group."""
        if self.params["groups"] is not None:
            return [(each, each["operations"]) for each in self.params["groups"]]
        if not any(self.params[name] for name in ("operation_id", "resource_id")) and self.params["operations"] is None:
            raise InputError("Nothing to wait for: operations, groups and operation_id have no value.")
        if not self.params["provider"]:
            raise InputError("provider is missing: it says which API knows the operations.")
        named = self.params["operations"]
        return [(self.params, [self.single()] if named is None else named)]


def time_limits(given: Mapping[str, Any]) -> Tuple[float, float]:
    """Return the seconds after which a poll counts as lost, and those that one request may take, of all groups."""
    api_timeout = max(each.get("api_timeout") or 30 for each in given["groups"] or [given])
    return _REQUESTS * api_timeout, api_timeout


def _end_with_reader() -> None:
    """End this process when nobody is left who could read its result. Its parent tells nothing: it is a shell."""
    main = threading.main_thread().ident
    reader = select.poll()
    reader.register(_STDOUT, 0)  # no event: what is left is that the other end was closed

    def watch() -> None:
        reader.poll()
        signal.pthread_kill(main or 0, signal.SIGTERM)

    def end(_signal: int, _frame: Any) -> None:
        raise SystemExit(1)  # on its way up, Ansible's wrapper removes what it unpacked

    signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(TransportError):  # without a thread the module merely runs until its own limit
        start_daemon(watch)
