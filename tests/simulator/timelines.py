# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline of an operation: its state at each moment after its request. Pure data and pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).resolve().parent.parent / "recordings"
CONTROLLER = "ctl"
MAKE_IMAGES = ("createImage", "createBackup")


def playable() -> list[Path]:
    """Return the recordings of one action of a Nova that works: no outage, no later actions, no deleted rows."""
    return sorted(path for path in RECORDINGS.glob("*/*.json") if '"last_server"' in path.read_text(encoding="utf-8"))


View = Mapping[str, Any]  # the changed fields of a server; {"deleted": True} when it is gone


@dataclass(frozen=True)
class Event:
    """One event of an instance action; times are seconds after the request."""

    name: str
    start: float
    finish: float | None
    result: str | None
    host: str
    details: str | None = None
    traceback: str | None = None


@dataclass(frozen=True)
class ActionState:
    message: str | None
    updated: float
    events: tuple[Event, ...] = ()  # newest first


@dataclass(frozen=True)
class Fault:
    code: int
    message: str
    at: float


@dataclass(frozen=True)
class Timeline:
    """Frames in time order; before the first action frame the action is not found."""

    action: str
    actions: tuple[tuple[float, ActionState], ...]
    views: tuple[tuple[float, View], ...]
    fault: Fault | None = None
    started: float = 0.0
    image: tuple[tuple[float, str | None], ...] = ()  # its status, of an action that makes one; None when it is gone

    @property
    def end(self) -> float:
        """Return the moment of the last change."""
        return max(self.actions[-1][0], self.views[-1][0])

    def action_at(self, elapsed: float) -> ActionState | None:
        current = None
        for moment, state in self.actions:
            if moment <= elapsed:
                current = state
        return current

    def view_at(self, elapsed: float) -> dict[str, Any]:
        view: dict[str, Any] = {}
        for moment, changes in self.views:
            if moment <= elapsed:
                view.update(changes)
        return view

    def image_at(self, elapsed: float) -> str | None:
        """Return the status of the image; None if there is none."""
        status = None
        for moment, shown in self.image:
            if moment <= elapsed:
                status = shown
        return status

    def scaled(self, factor: float) -> Timeline:
        """Return the same story, slower or faster."""

        def scale_event(event: Event) -> Event:
            finish = None if event.finish is None else event.finish * factor
            return replace(event, start=event.start * factor, finish=finish)

        def scale_state(state: ActionState) -> ActionState:
            events = tuple(scale_event(event) for event in state.events)
            return replace(state, updated=state.updated * factor, events=events)

        return replace(
            self,
            actions=tuple((moment * factor, scale_state(state)) for moment, state in self.actions),
            views=tuple((moment * factor, view) for moment, view in self.views),
            fault=self.fault and replace(self.fault, at=self.fault.at * factor),
            started=self.started * factor,
            image=tuple((moment * factor, status) for moment, status in self.image),
        )


def story(
    action: str,
    events: list[Event],
    views: list[tuple[float, View]],
    fault: Fault | None = None,
    visible_at: float = 0.0,
    started: float = 0.0,
) -> Timeline:
    """Turn finished events into the visible states at each of their starts and finishes."""
    moments = {event.start for event in events} | {event.finish for event in events if event.finish is not None}
    frames = [(visible_at, ActionState(None, started))]
    frames += [(moment, _state(events, moment)) for moment in sorted(moments)]
    return Timeline(action, tuple(frames), tuple(views), fault, started)


def _state(events: list[Event], moment: float) -> ActionState:
    shown = []
    for event in events:
        if event.start > moment:
            continue
        running = event.finish is None or event.finish > moment
        shown.append(Event(event.name, event.start, None, None, event.host) if running else event)
    shown.sort(key=lambda event: event.start, reverse=True)
    failed = any(event.result == "Error" for event in shown)
    return ActionState("Error" if failed else None, moment, tuple(shown))


class UnknownRecording(LookupError):
    """No recording of that name."""


def find_recording(name: str, root: Path = RECORDINGS) -> Path:
    """Return a recording: NAME is searched on the normal bus first; "slow_bus/NAME" is exact."""
    known = {path.relative_to(root).with_suffix("").as_posix(): path for path in root.glob("*/*.json")}
    for candidate in (name, f"normal/{name}", f"slow_bus/{name}"):
        if candidate in known:
            return known[candidate]
    raise UnknownRecording(f"there is no recording {name!r}")


def load_recording(name: str, server_id: str, request_id: str, root: Path = RECORDINGS) -> Timeline:
    """Return a recording of a real Nova, with the ids of the simulated server and request."""
    text = find_recording(name, root).read_text(encoding="utf-8")
    ids = json.loads(text)
    text = text.replace(ids["server_id"], server_id)
    text = text.replace(ids["response"]["x-compute-request-id"], request_id)
    recording = json.loads(text)
    begin = recording["request_wall_clock"]
    seen = [entry["instanceAction"] for entry in recording["trace"] if entry["instanceAction"]]
    actions = [
        (entry["t"], _recorded_state(entry["instanceAction"], begin))
        for entry in recording["trace"]
        if entry["instanceAction"]
    ]
    views = [(entry["t_server"], _recorded_view(entry["server"])) for entry in recording["trace"]]
    if recording["trace"][0]["instanceAction"]:  # the polls began late; the first view held from the start
        actions[0] = (0.0, actions[0][1])
    views[0] = (0.0, views[0][1])
    fault = recording["fault"]
    if fault is not None:
        shown = "message" in fault
        fault = Fault(fault["code"], fault["message"], recording["truth"]["over_at"]) if shown else None
    started = _offset(seen[0]["start_time"], begin)
    image = _recorded_image(recording, seen[0]["action"], ids["response"]["body"])
    return Timeline(seen[0]["action"], tuple(actions), tuple(views), fault, started, image)


def _recorded_state(body: dict[str, Any], begin: float) -> ActionState:
    events = tuple(
        Event(
            event["event"],
            _offset(event["start_time"], begin),
            None if event["finish_time"] is None else _offset(event["finish_time"], begin),
            event["result"],
            event["host"],
            event["details"],
            event["traceback"],
        )
        for event in body["events"]
    )
    return ActionState(body["message"], _offset(body["updated_at"], begin), events)


def _recorded_image(recording: dict[str, Any], action: str, answer: Any) -> tuple[tuple[float, str | None], ...]:
    """Return the status of the image service; if none was recorded, the one that it would have shown."""
    if action not in MAKE_IMAGES:
        return ()
    truth = recording["truth"]
    if "images" not in recording["trace"][0]:
        return ((0.0, "queued"), (truth["over_at"], "active" if truth["outcome"] == "succeeded" else None))
    made = answer["image_id"]
    seen = [
        (entry["t_images"], {image["id"]: image["status"] for image in entry["images"]}) for entry in recording["trace"]
    ]
    return tuple((moment if number else 0.0, shown.get(made)) for number, (moment, shown) in enumerate(seen))


def _recorded_view(server: dict[str, Any]) -> View:
    if "http" in server:
        return {"deleted": True}
    return server


def _offset(text: str, begin: float) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp() - begin
