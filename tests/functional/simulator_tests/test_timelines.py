# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts and recordings: pure functions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from simulator.scripts import SCRIPTS, Ending, perform
from simulator.timelines import UnknownRecording, load_recording, playable

BEFORE = {"status": "ACTIVE", "task_state": None, "vm_state": "active", "power_state": 1, "host": "cmp1"}
HOSTS = ("cmp1", "cmp2")
ALL_RECORDINGS = playable()


@pytest.mark.parametrize("kind", SCRIPTS)
@pytest.mark.parametrize("fail", [False, True])
def test_every_script_finishes_after_its_duration(kind: str, fail: bool) -> None:
    script = SCRIPTS[kind]
    timeline = perform(script, 10.0, BEFORE, fail, HOSTS, "the-server")
    at_the_end = timeline.action_at(10.0)
    assert at_the_end is not None
    assert at_the_end == timeline.action_at(1e9)
    assert all(event.finish is not None for event in at_the_end.events)
    shows_error = fail and script.ending in (Ending.ERROR, Ending.RESTORED)
    assert at_the_end.message == ("Error" if shows_error else None)
    assert timeline.view_at(10.0).get("task_state") is None


def test_a_resize_has_gaps_in_which_every_event_is_a_success() -> None:
    timeline = perform(SCRIPTS["resize"], 10.0, BEFORE, False, HOSTS, "the-server")
    in_the_gap = timeline.action_at(6.5)
    assert in_the_gap is not None
    assert {event.result for event in in_the_gap.events} == {"Success"}
    assert timeline.view_at(6.5)["task_state"] == "resize_migrated"
    assert timeline.view_at(10.0) == {
        "status": "VERIFY_RESIZE",
        "task_state": None,
        "vm_state": "resized",
        "power_state": 1,
        "host": "cmp2",
    }


def test_events_are_newest_first() -> None:
    timeline = perform(SCRIPTS["resize"], 10.0, BEFORE, False, HOSTS, "the-server")
    state = timeline.action_at(10.0)
    assert state is not None
    assert [event.name for event in state.events] == [
        "compute_finish_resize",
        "compute_resize_instance",
        "compute_prep_resize",
        "cold_migrate",
        "conductor_migrate_server",
    ]


@pytest.mark.parametrize("path", ALL_RECORDINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recording_is_played_as_it_was_recorded(path: Path) -> None:
    recording = json.loads(path.read_text(encoding="utf-8"))
    timeline = load_recording(f"{path.parent.name}/{path.stem}", "new-server", "req-new")
    for entry in recording["trace"]:
        state = timeline.action_at(entry["t"])
        seen = entry["instanceAction"]
        assert (state is None) == (seen is None)
        if state is not None:
            assert state.message == seen["message"]
            assert [(event.name, event.result) for event in state.events] == [
                (event["event"], event["result"]) for event in seen["events"]
            ]
        shown = timeline.view_at(entry["t_server"])
        if "http" in entry["server"]:
            assert shown["deleted"]
        else:
            assert shown == entry["server"]
    assert timeline.end <= recording["t_end"]


def test_a_recording_takes_the_new_ids() -> None:
    timeline = load_recording("create_fail_abort", "new-server", "req-new")
    assert timeline.fault is not None
    assert timeline.fault.message == "Build of instance new-server aborted: FakeBuildAbortDriver"


def test_a_scaled_timeline_keeps_its_story() -> None:
    timeline = load_recording("resize", "new-server", "req-new")
    slower = timeline.scaled(10.0)
    assert slower.end == pytest.approx(timeline.end * 10)
    for moment, state in timeline.actions:
        later = slower.action_at(moment * 10 + 1e-6)
        assert later is not None
        assert [event.name for event in later.events] == [event.name for event in state.events]


def test_an_unknown_recording_is_named() -> None:
    with pytest.raises(UnknownRecording, match="no_such"):
        load_recording("no_such", "new-server", "req-new")
