# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of a real Nova, replayed to the provider, and three rules that decide when an action has finished.

A recording holds the action and the server at each change; C(truth) is the outcome of the action and when it
finished. tests/recordings/README.md describes how they were made.
"""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    MissingError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.provider import NovaProvider
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

Recording = Dict[str, Any]
Action = Dict[str, Any]
Change = Callable[[Action], Action]

FOLDER = Path(__file__).resolve().parents[1] / "recordings"
RECORDINGS: Dict[str, Recording] = {
    f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*/*.json")
}
REQUEST = 0.05  # seconds that one request takes
AFTER_A_KILL = 60.0  # seconds: nothing changes any more, and the verdict may read the server only twice a minute
BLUR = 0.15  # seconds between two polls of the recorder: the moments of changes are not more exact


class Said(NamedTuple):
    """The decision of a rule on an action, and its moment (None if the rule never decided)."""

    moment: Optional[float]
    state: Optional[str]
    reason: str


Rule = Callable[[Recording, Change, float, float], Said]


class Recorded:
    """Answers as the recorded Nova did at C(moment), which each request moves on."""

    endpoint = "http://nova/v2.1"

    def __init__(self, recording: Recording, change: Change) -> None:
        self.recording = recording
        self.trace = recording["trace"]
        self.change = change
        self.moment = 0.0
        self.images = "images" in self.trace[0]  # otherwise there was no image service
        self.login = SimpleNamespace(endpoint=self._endpoint, project_id=self._project())
        self.began = recording.get("request_wall_clock", 0.0)

    def now(self) -> datetime:
        """Take the place of ApiClient.now."""
        return datetime.fromtimestamp(self.began + self.moment, timezone.utc)

    def get(self, path: Tuple[str, ...], query: Any = (), headers: Any = None) -> Dict[str, Any]:
        """Take the place of ApiClient.get."""
        self.moment += REQUEST
        if path == ("images",):
            return {"images": self._at("t_images")["images"]}
        if path == ("servers", "detail"):
            return {"servers": self._seen("t_server").get("deleted") or []}
        if len(path) == 2:
            return {"server": self.server()}
        seen = self._seen("t")
        if path[-1] == "os-instance-actions":
            rows = seen["actions"] if "actions" in seen else [self.trace[-1]["instanceAction"]]
            if rows is None:
                raise MissingError("HTTP 404: Instance could not be found")
            return {"instanceActions": rows}
        if seen["http"] != 200:
            raise MissingError("HTTP 404: Action not found")
        return {"instanceAction": self.change(copy.deepcopy(seen["instanceAction"]))}

    def at(self, _endpoint: str) -> Recorded:
        """Take the place of ApiClient.at."""
        return self

    def _endpoint(self, types: Tuple[str, ...]) -> Optional[str]:
        return "http://glance/v2" if self.images and "image" in types else None

    def _project(self) -> Optional[str]:
        shown = [each["instanceAction"] for each in self.trace if each["instanceAction"]]
        return shown[0]["project_id"] if shown else None

    def server(self) -> Dict[str, Any]:
        """Return the server as it is now. Raises MissingError, and TransportError while Nova is down."""
        server = self._seen("t_server")["server"]
        if server["status"] is None:
            raise MissingError("HTTP 404: Instance could not be found")
        if "shown" in server:
            if server["status"] == "UNKNOWN" and self.change is oldest_version:
                raise TransportError("HTTP 500")  # only from 2.69 on is a server shown whose cell is down
            return server["shown"]
        fault = self.recording["fault"] if server["status"] == "ERROR" else None
        return {"status": server["status"], "OS-EXT-STS:task_state": server["task_state"], "fault": fault}

    def _seen(self, clock: str) -> Dict[str, Any]:
        """Return what was seen now. Raises TransportError where no answer came, or a 5xx."""
        seen = self._at(clock)
        if clock == "t" and self.change is cell_fails_between and seen["server"]["status"] == "UNKNOWN":
            answered = [each for each in self.trace if each["t"] <= self.moment and each["http"] == 200]
            seen = (answered or [seen])[-1]
        if (clock == "t" and (seen["http"] == 0 or seen["http"] >= 500)) or seen["server"].get("http") == 0:
            raise TransportError(f"HTTP {seen['http']}")
        return seen

    def _at(self, clock: str) -> Dict[str, Any]:
        return ([each for each in self.trace if each[clock] <= self.moment] or self.trace[:1])[-1]


def as_recorded(action: Action) -> Action:
    """Return what an administrator sees from 2.84 on."""
    return action


def whole_seconds(action: Action) -> Action:
    """Return the times as MariaDB keeps them."""
    for event in action["events"]:
        for name in ("start_time", "finish_time"):
            event[name] = event[name] and event[name][:19] + ".000000"
    return action


def without_reasons(action: Action) -> Action:
    """Return what a member sees."""
    for event in action["events"]:
        for name in ("details", "traceback", "host"):
            event.pop(name, None)
    return action


def oldest_version(action: Action) -> Action:
    """Return what an administrator sees with microversion 2.1."""
    action.pop("updated_at", None)
    for event in action["events"]:
        for name in ("details", "host", "hostId"):
            event.pop(name, None)
    return action


def cell_fails_between(action: Action) -> Action:
    """Return what a client sees whose polls read the action just before the cell fails, and the server after it."""
    return action


def without_events(action: Action) -> Action:
    """Return what a member sees below 2.51."""
    del action["events"]
    return action


def is_long(recording: Recording) -> bool:
    """Return whether Nova was killed, or left a task behind: then a verdict waits for a minute without changes."""
    return any(each["http"] == 0 for each in recording["trace"]) or bool(recording["trace"][-1]["server"]["task_state"])


def steadily(recording: Recording) -> float:
    """Return the seconds between two polls that replay a recording from its start to its end."""
    return 1.0 if is_long(recording) else 0.1


def begins(recording: Recording) -> List[float]:
    """Return the moments at which a client may begin to poll: at each change, and an hour after the last."""
    return [max(each["t"], each["t_server"]) for each in recording["trace"]] + [recording["t_end"] + 3600]


def _poll(recording: Recording, change: Change, start: float, period: float, judge: Callable[[Recorded], Said]) -> Said:
    end = max(start, recording["t_end"]) + 2 * period + (AFTER_A_KILL if is_long(recording) else 0.0)
    return poll_until(end, Recorded(recording, change), start, period, judge)


def poll_until(end: float, client: Any, start: float, period: float, judge: Callable[[Any], Said]) -> Said:
    """Return the first decision of a rule that polls a recorded service, else what it said last.

    client: the service, whose C(moment) in seconds this sets. end, start: moments. period: seconds between two polls.
    """
    said = Said(None, None, "never polled")
    while start < end:
        client.moment = start
        try:
            said = judge(client)
        except GateError as exc:
            said = Said(None, None, exc.message)
        if said.state in State.TERMINAL:
            return said._replace(moment=client.moment)
        start += period
    return said


def ours(recording: Recording, change: Change = as_recorded, start: float = 0.0, period: float = 0.1) -> Said:
    """Return the verdict of this collection."""
    shown = (each["instanceAction"]["request_id"] for each in recording["trace"] if each["instanceAction"])
    request_id = next(shown, None) or recording["response"]["x-compute-request-id"]
    reference = Reference(request_id, recording["server_id"], action=recording.get("named"))
    made: Dict[int, NovaProvider] = {}

    def judge(client: Recorded) -> Said:
        provider = made.setdefault(id(client), NovaProvider(client, PROVIDERS["openstack"], {}))
        operation = provider.read(reference)
        return Said(None, operation.state, operation.reason) if operation else Said(None, None, "none was found")

    return _poll(recording, change, start, period, judge)


def all_events_success(
    recording: Recording, change: Change = as_recorded, start: float = 0.0, period: float = 0.1
) -> Said:
    """Return the verdict of the naive rule: finished when no event is open, and successful when all are Success."""

    def judge(client: Recorded) -> Said:
        action = client.get(("servers", "s", "os-instance-actions", "r"))["instanceAction"]
        results = [event["result"] for event in action["events"]]
        if not results or None in results:
            return Said(None, State.RUNNING, "an event is open")
        good = all(result == "Success" for result in results)
        return Said(None, State.SUCCEEDED if good else State.FAILED, "all events are finished")

    return _poll(recording, change, start, period, judge)


# The status that openstack.cloud's server_action and server wait for.
STATUS = {
    "create": "ACTIVE",
    "reboot": "ACTIVE",
    "rebuild": "ACTIVE",
    "start": "ACTIVE",
    "stop": "SHUTOFF",
    "pause": "PAUSED",
    "unpause": "ACTIVE",
    "suspend": "SUSPENDED",
    "resume": "ACTIVE",
    "lock": "ACTIVE",
    "unlock": "ACTIVE",
    "shelve": "SHELVED SHELVED_OFFLOADED",
    "shelveOffload": "SHELVED_OFFLOADED",
    "unshelve": "ACTIVE",
    "resize": "VERIFY_RESIZE",
    "migrate": "VERIFY_RESIZE",
    "confirmResize": "ACTIVE",
    "revertResize": "ACTIVE",
    "rescue": "RESCUE",
    "unrescue": "ACTIVE",
    "restore": "ACTIVE",
}


def server_status(recording: Recording, change: Change = as_recorded, start: float = 0.0, period: float = 0.1) -> Said:
    """Return the verdict of most playbooks: the server has the status of a finished action, by default ACTIVE."""
    names = [each["instanceAction"]["action"] for each in recording["trace"] if each["instanceAction"]]
    wanted = STATUS.get(names[-1] if names else "", "ACTIVE").split()

    def judge(client: Recorded) -> Said:
        client.moment += REQUEST
        try:
            status = client.server()["status"]
        except MissingError:
            status = "gone"
        if status == "ERROR":
            return Said(None, State.FAILED, "ERROR")
        good = status in wanted or (status in ("gone", "SOFT_DELETED") and names and names[-1] == "delete")
        return Said(None, State.SUCCEEDED if good else State.RUNNING, status)

    return _poll(recording, change, start, period, judge)


def fault_of(recording: Recording, said: Said) -> Optional[str]:
    """Return what is wrong with a decision: C(early), C(wrong) or C(never); None if it is true and in time."""
    truth = recording["truth"]
    if truth["outcome"] not in State.TERMINAL:  # a compute that is down: the action is unfinished, and so it stays
        return None if said.moment is None else "early"
    shown = truth.get("shown_by") != "nothing"
    if said.moment is None:
        return "never" if shown else None
    seen_over_at_once = truth["over_at"] <= recording["trace"][0]["t"]  # then its end is not known
    if said.moment < truth["over_at"] - BLUR and not seen_over_at_once:
        return "early"
    return "wrong" if shown and said.state != truth["outcome"] else None
