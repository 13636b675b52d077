# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source as ansible-rulebook runs it: queue, cancellation, feedback and secrets. In real time."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Dict, List
from urllib.parse import quote

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ForbiddenError, TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch import source as event_source
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.memory import Memory
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import Watched
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import SourceError
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Clock
from ansible_collections.cloudgate.operations.tests.unit.watching import SERVER, ListingCloud

SOURCE = Path(event_source.__file__).parents[3] / "extensions" / "eda" / "plugins" / "event_source" / "operations.py"
SECRET = "Hunter-22-is-secret"
ARGUMENTS: Dict[str, Any] = {
    "provider": "openstack",
    "operations": [{"operation_id": "op-1", "resource_id": SERVER}],
    "auth": {"password": SECRET},
}


class RealClock(Clock):
    """A clock that runs in real time."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    @property
    def now(self) -> float:  # type: ignore[override]
        return time.monotonic()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> ListingCloud:
    """A cloud with an operation that has failed."""
    made = ListingCloud(RealClock(), {"op-1": (-1.0, State.FAILED)})
    monkeypatch.setattr(
        event_source,
        "plans",
        lambda given, _environ, _mask: [
            Watched(
                made,
                [Reference(each["operation_id"], SERVER) for each in given["operations"] or []],  # type: ignore[arg-type]
                list(given["resources"] or []),
            )
        ],
    )
    return made


def started(arguments: Dict[str, Any], queue: Any) -> "asyncio.Task[None]":
    return asyncio.ensure_future(event_source.run(queue, {**ARGUMENTS, **arguments}))


async def first_event(queue: "asyncio.Queue[Any]") -> Dict[str, Any]:
    return dict(await asyncio.wait_for(queue.get(), 30))


def reported(path: Path) -> List[str]:
    return [each["state"] for each in json.loads(path.read_text(encoding="utf-8"))["reported"].values()]


def test_an_event(cloud: ListingCloud) -> None:
    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = started({"end_when_finished": True}, queue)
        event = await first_event(queue)
        assert event["operation"]["operation_id"] == "op-1"
        assert event["operation"]["state"] == "failed"
        assert event["operation"]["duration"] is None
        assert "raw" not in event["operation"]
        assert event["previous_state"] is None
        assert list(event["meta"]) == ["uuid"]
        await asyncio.wait_for(task, 30)

    asyncio.run(play())


def test_a_change_is_noted_when_it_has_left_the_queue(cloud: ListingCloud, tmp_path: Path) -> None:
    path = tmp_path / "state"

    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = started({"state_file": str(path), "end_when_finished": True}, queue)
        while queue.empty():
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert reported(path) == []
        await queue.get()
        await asyncio.wait_for(task, 30)
        assert reported(path) == ["failed"]

    asyncio.run(play())


def test_with_feedback_a_change_is_noted_when_the_rules_have_it(cloud: ListingCloud, tmp_path: Path) -> None:
    path = tmp_path / "state"

    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        feedback: asyncio.Queue[Any] = asyncio.Queue(1)
        arguments = {"state_file": str(path), "feedback": True, "eda_feedback_queue": feedback}
        task = started({**arguments, "end_when_finished": True}, queue)
        event = await first_event(queue)
        await asyncio.sleep(0.3)
        assert reported(path) == []
        await feedback.put(event)
        await asyncio.wait_for(task, 30)
        assert reported(path) == ["failed"]

    asyncio.run(play())


def test_it_ends_when_it_is_cancelled_and_asks_no_more(cloud: ListingCloud, tmp_path: Path) -> None:
    cloud.ends["op-1"] = (1e6, State.FAILED)
    path = tmp_path / "state"

    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = started({"poll_min": 0.05, "poll_max": 0.05, "state_file": str(path)}, queue)
        await first_event(queue)
        await asyncio.sleep(0.3)
        begun = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - begun < 1
        Memory(str(path)).open()  # its lock is free
        await asyncio.sleep(1)
        asked = len(cloud.asked)
        await asyncio.sleep(0.5)
        assert len(cloud.asked) == asked

    asyncio.run(play())


def test_a_slow_cloud_does_not_block_the_event_loop(cloud: ListingCloud) -> None:
    answer = threading.Event()
    poll = cloud.poll
    cloud.poll = lambda references: answer.wait(30) and poll(references)  # type: ignore[method-assign]

    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = started({}, queue)
        longest = last = 0.0
        for _beat in range(20):
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            last = time.monotonic() - begun
            longest = max(longest, last)
        assert queue.empty()
        assert longest < 5, "the poll takes 30 seconds"
        answer.set()
        assert (await first_event(queue))["operation"]["state"] == "failed"
        task.cancel()

    asyncio.run(play())


def let_slip(cloud: ListingCloud, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the cloud say this of each operation."""
    show = cloud.show

    def leaking(name: str) -> Any:
        operation = show(name)
        operation.reason = f"refused {text}"
        return operation

    monkeypatch.setattr(cloud, "show", leaking)


def test_secrets_are_in_no_event_and_no_line(
    cloud: ListingCloud, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No encoding of a secret appears."""
    caplog.set_level(logging.DEBUG)
    let_slip(cloud, SECRET, monkeypatch)
    cloud.faults = [(-1, 0.5, TransportError(f"No answer for {SECRET}."))]

    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = started({"end_when_finished": True, "poll_min": 0.1, "poll_max": 0.2}, queue)
        event = await first_event(queue)
        assert SECRET not in str(event)
        assert event["operation"]["reason"].startswith("refused ***")
        await asyncio.wait_for(task, 30)

    asyncio.run(play())
    assert any("The watch continues after an error: No answer for ***" in line for line in caplog.messages)
    assert SECRET not in caplog.text


def test_its_last_sentence_has_no_secret(cloud: ListingCloud) -> None:
    cloud.faults = [(-1, 1e9, ForbiddenError(f"GET answered 403: {SECRET} may not."))]
    with pytest.raises(SourceError) as caught:
        asyncio.run(event_source.run(asyncio.Queue(), ARGUMENTS))
    assert str(caught.value) == "GET answered 403: ******** may not."


WRITTEN = {
    "as it is": SECRET,
    "JSON": json.dumps({"password": SECRET + '"é'}),
    "a URL": f"https://h/?token={quote(SECRET + '/é', safe='')}",
    "Base64 of a login": base64.b64encode(f"alice:{SECRET}".encode()).decode(),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_each_encoding_is_hidden_in_events_and_lines(
    cloud: ListingCloud, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """The event source masks as the modules do."""
    caplog.set_level(logging.DEBUG)
    let_slip(cloud, WRITTEN[written], monkeypatch)
    secret = {"JSON": SECRET + '"é', "a URL": SECRET + "/é"}.get(written, SECRET)
    arguments = {"end_when_finished": True, "auth": {"username": "alice", "password": secret}}

    async def play() -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue(1)
        task = started(arguments, queue)
        event = await first_event(queue)
        assert SECRET not in str(event) and WRITTEN[written] not in str(event)
        assert "***" in event["operation"]["reason"]
        await asyncio.wait_for(task, 30)

    asyncio.run(play())
    assert SECRET not in caplog.text and WRITTEN[written] not in caplog.text


@pytest.mark.parametrize(
    "slip",
    [
        {"password": SECRET},
        {"auht": {"pasword": SECRET}},
        {"auth": {"nested": [{"deep": SECRET}]}},
        {"auth": SECRET},
        {"auth": [[SECRET]]},
        {"auth": {f"password:{SECRET}": None}},
        {"auth_type": SECRET},
        {"provider": SECRET},
        {"poll_min": SECRET},
        {"state_file": {"password": SECRET}},
        {"groups": SECRET, "operations": None},
        {"groups": [{"password": SECRET}], "operations": None, "provider": None, "auth": None},
        {"groups": [{"provider": SECRET}], "operations": None, "provider": None, "auth": None},
        {"operations": [{"operation_id": "a", "tokn": SECRET}]},
        {"operations": [SECRET]},
        {"definition": {"headers": SECRET}},
        {"endpoint": f"https://me:{SECRET}@h/v2.1"},
        {"_slice": {"password": SECRET}},
        {"resources": {"password": SECRET}},
    ],
)
def test_a_secret_in_a_wrong_argument_is_not_shown(
    slip: Dict[str, Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OS_AUTH_URL", "http://127.0.0.1:1/v3")
    arguments = {name: value for name, value in {**ARGUMENTS, **slip}.items() if value is not None}
    with pytest.raises(SourceError) as caught:
        asyncio.run(event_source.run(asyncio.Queue(), arguments))
    assert SECRET not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb)) + caplog.text
    assert "\n" not in str(caught.value)


def test_a_defect_ends_with_a_sentence_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(event_source, "plans", broken)
    with pytest.raises(SourceError) as caught:
        asyncio.run(event_source.run(asyncio.Queue(), ARGUMENTS))
    assert str(caught.value) == "This is a defect of the collection: KeyError: '********'"
    assert SECRET not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))


def test_arguments_are_checked_first() -> None:
    with pytest.raises(SourceError, match=r"unknown arguments: intervall\. Known are "):
        asyncio.run(event_source.run(asyncio.Queue(), {**ARGUMENTS, "intervall": 2}))


RUN = """
import asyncio, runpy, sys
for name in sys.argv[2:]:
    __import__(name)
try:
    asyncio.run(runpy.run_path(sys.argv[1])["main"](None, {"provider": "openstack"}))
except Exception as exc:
    print(exc)
"""


@pytest.mark.parametrize("imported", [(), ("ansible_collections",)])
def test_the_file_finds_its_collection(imported: "tuple[str, ...]", tmp_path: Path) -> None:
    """ansible-rulebook runs it by its name; where other collections are on Python's path, too."""
    (tmp_path / "ansible_collections" / "other").mkdir(parents=True)
    path = str(tmp_path) if imported else ""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(SOURCE), *imported],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
    )
    assert done.stdout == "one of the following is required: operations, resources, groups.\n", done.stderr


def test_a_copy_that_is_no_collection_says_so(tmp_path: Path) -> None:
    copy = tmp_path / "a" / "b" / "c" / "d" / "e" / "f" / "g" / "operations.py"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(SOURCE.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(copy)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
        timeout=60,
    )
    assert done.stdout.startswith("The collection cloudgate.operations cannot be imported (No module named"), done


def test_without_a_free_thread_the_source_tries_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: List[str] = []
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        attempts.append(thread.name)
        if len(attempts) < 3:
            raise RuntimeError("can't start new thread")
        real(thread)

    pauses: List[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", pause)
    monkeypatch.setattr(threading.Thread, "start", start)
    assert asyncio.run(event_source.in_thread(lambda: 42)) == 42
    assert len(attempts) == 3
    assert len(pauses) == 2 and min(pauses) > 0
    assert caplog.text.count("cannot start another thread") == 2
