# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress from a running module to the screen: one side writes a file and the other reads it."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import stat
import threading
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.progress_channel import (
    ProgressChannel,
    shown,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import FEW, Progress
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress_follower import (
    ProgressReader,
    followed,
)
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import World

SECRET = "Planted-5d1e77"
LIMIT = 10.0  # seconds


def operation(number: int, state: str = State.RUNNING, step: str = "", **more: Any) -> Operation:
    steps = [Step(step, State.RUNNING, error=SECRET)] if step else []
    return Operation("openstack", f"req-{number}", "s1", state, **{"reason": "why", "steps": steps, **more})


def waited(count: int) -> PollState:
    return PollState([GroupState.of("openstack", [Reference(f"req-{n}", "s1") for n in range(1, count + 1)])])


class Ends:
    """Both ends of a channel. lines: what the screen shows."""

    def __init__(self, folder: Path, count: int = 1, interval: float = 30) -> None:
        self.path = folder / "channel"
        self.path.touch()
        self.state = waited(count)
        self.channel = ProgressChannel(
            str(self.path), self.state, lambda value: json.loads(json.dumps(value).replace(SECRET, "*"))
        )
        self._reader = ProgressReader(io.FileIO(self.path), Progress("web1", interval))

    def change(self, number: int, state: str = State.RUNNING, step: str = "", **more: Any) -> None:
        changed = self.state.operations[number - 1]
        changed.operation = operation(number, state, step, **more)
        self.channel.report([changed])

    def lines(self, elapsed: float) -> List[str]:
        return self._reader.lines(elapsed)


@pytest.fixture
def ends(tmp_path: Path) -> Ends:
    return Ends(tmp_path, 2)


def test_each_change_is_shown_once_in_the_words_of_progress(ends: Ends) -> None:
    assert ends.lines(0.5) == []
    ends.change(1, step="compute_prep_resize")
    assert ends.lines(1.0) == ["WAITING: [web1]: req-1 of s1 is running: compute_prep_resize (1.0 s, 0 of 2 finished)"]
    assert ends.lines(1.5) == []
    ends.change(1, step="compute_finish_resize")
    ends.change(2, State.SUCCEEDED)
    assert ends.lines(2.0) == [
        "WAITING: [web1]: req-1 of s1 is running: compute_finish_resize (2.0 s, 1 of 2 finished)",
        "WAITING: [web1]: req-2 of s1 succeeded (2.0 s, 1 of 2 finished)",
    ]


def test_without_a_change_a_line_comes_after_the_interval(ends: Ends) -> None:
    ends.change(1)
    assert len(ends.lines(1.0)) == 1
    assert ends.lines(30.9) == []
    assert ends.lines(31.0) == ["WAITING: [web1]: req-1 of s1 is running (31 s, 0 of 2 finished)"]


def test_nothing_is_shown_before_the_module_has_begun(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with io.FileIO(tmp_path / "file") as file:
        assert ProgressReader(file, Progress("web1", 1)).lines(1000.0) == []


def test_a_line_is_read_once_it_is_whole_and_one_that_was_cut_is_skipped(ends: Ends) -> None:
    line = json.dumps({"count": 2, "operations": [(0, shown(operation(1)))], "error": None}).encode()
    with open(ends.path, "ab", buffering=0) as file:
        file.write(line[:20])
        assert ends.lines(1.0) == []
        file.write(line[20:] + b"\n")
        assert len(ends.lines(1.5)) == 1
        file.write(line[:20])  # a full disk
    ends.change(2)
    assert ends.lines(2.0) == []
    ends.change(2, State.FAILED)
    assert len(ends.lines(2.5)) == 1


def test_a_line_contains_only_shown_fields_and_no_secret(ends: Ends) -> None:
    ends.change(1, step=f"step of {SECRET}", error={"code": "1", "message": "why"}, raw={"a": 1}, user_id="u1")
    text = ends.path.read_text(encoding="utf-8")
    assert SECRET not in text
    (pair,) = json.loads(text.splitlines()[-1])["operations"]
    fields: Dict[str, Any] = pair[1]
    shown = "provider operation_id resource_id type state reason missing percent steps"
    assert set(fields) == set(shown.split())
    assert fields["steps"] == [{"name": "step of *", "state": "running"}]


@pytest.mark.parametrize(("count", "quiet"), [(FEW, False), (FEW + 1, True)])
def test_many_changes_do_not_flood_the_screen(tmp_path: Path, count: int, quiet: bool) -> None:
    ends = Ends(tmp_path, count)
    for number in range(1, count + 1):
        ends.change(number)
    assert len(ends.lines(1.0)) == 5
    ends.change(1, step="compute_prep_resize")
    assert bool(ends.lines(1.5)) is not quiet
    assert ends.lines(30.9) == []
    assert len(ends.lines(31.5)) == 1


@pytest.mark.parametrize("interval", [0.0, 1.0])
def test_lines_without_a_change_are_a_second_apart(tmp_path: Path, interval: float) -> None:
    ends = Ends(tmp_path, 1, interval)
    assert [len(ends.lines(elapsed)) for elapsed in (0.5, 1.0, 1.5, 2.0)] == [0, 1, 0, 1]


def test_a_channel_that_cannot_be_written_to_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (None, str(tmp_path / "none"), str(tmp_path)):
        ProgressChannel(path, waited(1), lambda value: value)
    assert not list(tmp_path.iterdir())  # none was made
    ends = Ends(tmp_path)

    def full(*_written: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        ends.change(1)
    ends.change(1)
    assert len(ends.path.read_text(encoding="utf-8").splitlines()) == 1  # the first error is the end of it


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    (tmp_path / "link").symlink_to(target)
    ProgressChannel(str(tmp_path / "link"), waited(1), lambda value: value)
    assert target.read_bytes() == b""


def until(condition: Any) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def read_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every wait for an event take 10 ms at most, and so the pause between two reads of the file."""
    wait = threading.Event.wait
    monkeypatch.setattr(
        threading.Event, "wait", lambda event, timeout=None: wait(event, timeout if timeout is None else 0.01)
    )


def test_the_file_is_private_and_gone_once_both_ends_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_often(monkeypatch)
    seen: List[str] = []
    with followed(str(tmp_path), Progress("web1", 30), seen.extend) as path:
        assert path is not None
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        state = waited(1)
        channel, (changed,) = ProgressChannel(path, state, lambda value: value), state.operations
        until(lambda: not list(tmp_path.iterdir()))
        changed.operation = operation(1)
        channel.report([changed])
        until(lambda: len(seen) == 1)
    changed.operation = operation(1, State.SUCCEEDED)
    channel.report([changed])
    time.sleep(0.1)
    assert len(seen) == 1


def test_the_file_is_gone_after_an_interruption(tmp_path: Path) -> None:
    following = followed(str(tmp_path), Progress("web1", 30), lambda _lines: None)
    following.__enter__()
    assert list(tmp_path.iterdir())
    following.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not list(tmp_path.iterdir())


def test_without_a_folder_the_wait_continues(tmp_path: Path) -> None:
    with followed(str(tmp_path / "none"), Progress("web1", 30), lambda _lines: None) as path:
        assert path is None


def test_a_screen_that_is_gone_ends_only_the_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_often(monkeypatch)
    shown: List[List[str]] = []

    def broken(lines: List[str]) -> None:
        shown.append(lines)
        raise BrokenPipeError

    with followed(str(tmp_path), Progress("web1", 30), broken) as path:
        state = waited(1)
        channel, (changed,) = ProgressChannel(path, state, lambda value: value), state.operations
        for name in (State.PENDING, State.RUNNING):
            changed.operation = operation(1, name)
            channel.report([changed])
            until(lambda: shown)
    assert len(shown) == 1


@pytest.mark.parametrize(
    "line",
    [
        '{"count": 1, "operations": [[0, {}]]}',
        '{"count": 1, "operations": []}',
        '{"count": 1, "operations": [[0, {"steps": 1}]]}',
        '{"count": 1, "operations": [["0", null]]}',
        "{}",
        "7",
        "[" * 100_000,
    ],
)
def test_a_line_of_an_odd_shape_ends_only_the_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    read_often(monkeypatch)
    uncaught: List[Any] = []
    monkeypatch.setattr(threading, "excepthook", uncaught.append)
    with followed(str(tmp_path), Progress("web1", 30), lambda _lines: None) as path:
        Path(str(path)).write_text(line + "\n", encoding="ascii")
        time.sleep(0.1)
    assert uncaught == []
    assert not list(tmp_path.iterdir())


def test_the_engine_reports_changes_but_not_the_one_that_ends_the_wait() -> None:
    world = World({"a": (20, State.SUCCEEDED), "b": (130, State.SUCCEEDED)})
    reported: List[Operation] = []
    world.report = lambda changed: reported.extend([each.operation for each in changed])
    world.wait()
    assert [(each.operation_id, each.state) for each in reported] == [
        ("a", State.RUNNING),
        ("b", State.RUNNING),
        ("a", State.SUCCEEDED),
    ]


def test_an_error_is_reported_as_long_as_nothing_ever_answered() -> None:
    world = World({"a": (50, State.SUCCEEDED)})
    world.cloud.faults = [(0, 10, TransportError("refused")), (20, 30, TransportError("refused"))]
    reports: List[int] = []
    world.report = lambda changed: reports.append(len(changed))
    outcome, _failure = world.wait()
    assert outcome.tolerated_errors > reports.count(0) > 0
    assert reports == [0] * reports.count(0) + [1]


def test_an_error_before_the_first_answer_is_shown(ends: Ends) -> None:
    for each in ends.state.operations:
        each.operation = dataclasses.replace(each.operation, reason=NO_ANSWER)
    ends.state.last_error = "GET https://nova.test: refused"
    ends.channel.report([])
    ends.channel.report(ends.state.operations)
    (line,) = ends.lines(40.0)
    assert "no answer yet: GET https://nova.test: refused (40 s, " in line


def test_a_reservation_that_turns_into_its_servers_is_reported_again(ends: Ends) -> None:
    ends.change(1)
    assert len(ends.lines(1.0)) == 1
    ends.state.groups[0].operations[:1] = waited(3).operations
    ends.change(3)
    assert ends.lines(2.0) == ["WAITING: [web1]: req-3 of s1 is running (2.0 s, 0 of 4 finished)"]
