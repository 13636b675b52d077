# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module C(wait_for_operation): one run, or a slice of a wait.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import select
import signal
import threading
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._auth.masking import scalars
from .._model.errors import InputError, TransportError, located
from .._model.operation import Operation
from .._model.reference import Reference
from .._polling.emptiness import Listed, check_listed
from .._polling.engine import Engine, Limits
from .._polling.outcome import Outcome, WaitOptions, check_seconds
from .._polling.plan import GroupIO
from .._polling.rate_limiter import RateLimiter
from .._polling.state import GroupState, PollState
from .._polling.threads import start_daemon
from .argspec import OPERATION_SPEC, WAIT_SPEC
from .base import GateModule, references_to
from .connection import Connection
from .marks import marks_from, named_after
from .progress_channel import ProgressChannel

_REQUESTS = 3  # usual number of requests per poll
_STDOUT = 1
_OF_ONE = ("latest", "action", "since", "verify")  # task options for a single operation, besides IDs
_SLICE = "_slice"  # argument of the action plugin for a slice
_SLICE_NUMBERS = ("elapsed", "seconds", "early")
_PROGRESS = "_progress"  # argument of the action plugin for one run: path of a progress channel, or null
Plans = List[Tuple[Connection, List[Reference]]]


class WaitModule(GateModule):
    """The module that waits. In check mode it polls once."""

    _INTERNAL = (*GateModule._INTERNAL, _SLICE, _PROGRESS)

    def __init__(self) -> None:
        super().__init__(
            WAIT_SPEC,
            required=False,
            required_one_of=[("operations", "operation_id", "groups", "after", "latest")],
            mutually_exclusive=[
                ("operations", "operation_id", "groups", "after"),
                ("after", "resource_id"),
                ("after", "server"),
                ("operations", "resource_id"),
                ("operations", "server"),
                ("groups", "resource_id"),
                ("groups", "server"),
                ("groups", "provider"),
            ],
        )

    def wait(self) -> Dict[str, Any]:
        """Wait for all operations of the task. Raises GateError for errors before the first poll."""
        if self.params["on_failure"] == "warn":  # an alias
            self.params["on_failure"] = "report"
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
        self._poll(state, [each.io for each in connections], options, ProgressChannel(path, state, self.masked))
        state.recent = rate_limit.recent
        state.requests += sum(each.requests for each in connections)
        state.reauthentications += sum(each.reauthentications for each in connections)
        return self._handed_over(state, options) if part else self._outcome_of(state, options)

    def _poll(self, state: PollState, ios: List[GroupIO], options: WaitOptions, channel: ProgressChannel) -> None:
        """Poll until the wait or the slice ends. If the state of a slice cannot be handed over, the wait must end."""
        part = self._part()
        limits = [Limits(part["seconds"], part["early"], part["elapsed"]), Limits()] if part else [Limits()]
        if part or _PROGRESS in self.internal:
            _end_with_reader()
        for each in limits:
            Engine(options, *time_limits(self.params), report=channel.report).run(state, ios, each)
            if state.finished or self._can_be_handed_over(state):
                break

    def _outcome_of(self, state: PollState, options: WaitOptions) -> Dict[str, Any]:
        return state.outcome().as_result(options, self.params["raw"], self.check_mode)

    def _handed_over(self, state: PollState, options: WaitOptions) -> Dict[str, Any]:
        """Return the result if the wait has ended, else the state for the next slice."""
        if state.finished:
            return dict(self._outcome_of(state, options), **{_SLICE: {}})
        raw = self.params["raw"]
        return {_SLICE: {"state": state.to_dict(raw), "options": dataclasses.asdict(options), "raw": raw}}

    def _can_be_handed_over(self, state: PollState) -> bool:
        """Return whether no name in the state contains a secret. Masked, it would be the name of something else."""
        names = scalars(
            [
                [
                    (vars(each.reference), each.operation.operation_id, each.operation.state)
                    for each in state.operations
                ],
                [each.resource_id for group in state.groups for each in group.resources],
            ]
        )
        return bool(self.masked(names) == names)

    def _part(self) -> Mapping[str, Any]:
        """Return the action plugin's argument for this slice; {} for a wait in one run. Raises InputError."""
        part = self.internal.get(_SLICE)
        if part is None:
            return {}
        numbers = [part.get(name) for name in _SLICE_NUMBERS] if isinstance(part, dict) else [None]
        # The action plugin never sets such a value, so the task did.
        if self.check_mode or not all(isinstance(each, (int, float)) for each in numbers):
            raise InputError(f"{_SLICE} is not an option of this module: remove it.")
        return part

    def _progress_path(self) -> Optional[str]:
        """Return the path of the progress channel; None if the action plugin reads none. Raises InputError."""
        path = self.internal.get(_PROGRESS)
        if path is not None and (self.check_mode or not isinstance(path, str)):
            raise InputError(f"{_PROGRESS} is not an option of this module: remove it.")
        return path

    def result(self, operations: List[Operation]) -> Dict[str, Any]:
        """Return the keys of every result, for a task that did not wait."""
        return Outcome(operations).as_result(WaitOptions(), self.params["raw"])

    def _connected(self, rate_limit: RateLimiter) -> Plans:
        """Make the login of each group, without sending a request."""
        plans, places = [], []
        for number, (given, named) in enumerate(self._plans(), start=1):
            place = f"group {number}" if self.params["groups"] else ""
            if named:
                with located(place):
                    connection = self.connection(given, rate_limit, place)
                    plans.append((connection, references_to(connection.info, named)))
                    places.append(place)
        for (connection, _named), place in zip(plans, places):
            with located(place):
                connection.log_in()
        return plans

    def _listed(self, plans: List[Tuple[Mapping[str, Any], List[Mapping[str, Any]]]]) -> int:
        """Return the number of operations. Raises InputError for an empty list that is not allowed."""
        empty, groups = self.params["empty"], self.params["groups"]
        what = "operations" if self.params["after"] is None else "after"
        lists = [Listed(what, len(named), empty) for _given, named in plans]
        if groups is not None:
            lists = [
                Listed(f"group {number}: operations", len(named), given["empty"] or empty)
                for number, (given, named) in enumerate(plans, start=1)
            ] or [Listed("groups", 0, empty)]
        check_listed(lists, self.check_mode)
        return sum(each.length for each in lists)

    def _plans(self) -> List[Tuple[Mapping[str, Any], List[Mapping[str, Any]]]]:
        """Return the connection options and the operations of each group."""
        self._check_way()
        if self.params["groups"] is not None:
            return [(each, each["operations"]) for each in self.params["groups"]]
        given = [self.params["operations"], self.params["after"]]
        if given == [None, None] and not any(self.params[name] for name in OPERATION_SPEC):
            raise InputError("Nothing to wait for: operations, groups and operation_id have no value.")
        if not self.params["provider"]:
            raise InputError("provider is required, for example openstack.")
        return [(self.params, self._named())]

    def single(self) -> Dict[str, Any]:
        """Return the task's options for a single operation."""
        return {name: self.params[name] for name in (*OPERATION_SPEC, *_OF_ONE)}

    def _check_way(self) -> None:
        """Refuse options for a single operation together with several operations. Raises InputError."""
        way = next((name for name in ("groups", "operations", "after") if self.params[name] is not None), None)
        taken = ("action", "verify") if way == "after" else ()
        for name in _OF_ONE if way else ():
            if self.params[name] and name not in taken:
                raise InputError(f"{way} and {name} exclude each other: give one of them.")

    def _named(self) -> List[Mapping[str, Any]]:
        """Return the operations of a task without groups. Raises InputError."""
        if self.params["after"] is not None:
            marks = marks_from(self.params["after"], self.params["provider"])
            return [named_after(each, self.params["action"], self.params["verify"]) for each in marks]
        named: Optional[List[Mapping[str, Any]]] = self.params["operations"]
        return [self.single()] if named is None else named


def time_limits(given: Mapping[str, Any]) -> Tuple[float, float]:
    """Return the seconds after which a poll counts as lost, and the longest timeout of a request, of all groups."""
    api_timeout = max(each.get("api_timeout") or 30 for each in given["groups"] or [given])
    return _REQUESTS * api_timeout, api_timeout


def _end_with_reader() -> None:
    """End this process when nobody can read its result. Its parent cannot be used as a sign: it is a shell."""
    main = threading.main_thread().ident
    reader = select.poll()
    reader.register(_STDOUT, 0)  # without events, poll() reports only that the other end was closed

    def watch() -> None:
        reader.poll()
        signal.pthread_kill(main or 0, signal.SIGTERM)

    def end(_signal: int, _frame: Any) -> None:
        raise SystemExit(1)  # an exception, so that Ansible's wrapper removes its unpacked files

    signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(TransportError):  # without a thread, the module runs until its own timeout
        start_daemon(watch)
