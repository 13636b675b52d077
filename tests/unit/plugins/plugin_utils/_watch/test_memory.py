# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file of the event source."""

from __future__ import annotations

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Callable

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.masking import Masking
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import (
    GroupState,
    PollState,
    ResourceState,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.memory import Memory, Reported
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import NOON


def filled(path: Path) -> Memory:
    memory = Memory(str(path))
    memory.open()
    memory.reported = {"openstack s r": Reported("running", 1, NOON)}
    memory.given = {"the given": "openstack s r"}
    group = GroupState.of("openstack", [Reference("r", "s")])
    group.resources = [ResourceState("s", since=NOON, cursor=NOON + timedelta(seconds=1.5))]
    memory.state = PollState([group], elapsed=7.5)
    memory.save()
    return memory


def test_a_saved_state_is_read(tmp_path: Path) -> None:
    memory = filled(tmp_path / "state")
    memory.close()
    again = Memory(memory.path)
    again.open()
    assert vars(again.state) == vars(memory.state)
    assert (again.reported, again.given) == (memory.reported, memory.given)


VERSION_1 = {
    "version": 1,
    "told": {
        "openstack s r": {
            "provider": "openstack",
            "operation_id": "r",
            "resource_id": "s",
            "state": "running",
            "changes": 2,
            "at": "2026-11-21T12:00:00Z",
            "operation": Operation("openstack", "r", "s", "running", "it runs", type="delete").as_dict(),
        },
        "ecl_vna - old": {
            "provider": "ecl_vna",
            "operation_id": "old",
            "resource_id": None,
            "state": "failed",
            "changes": 1,
            "at": "2026-11-21T12:00:00Z",
            "operation": None,
        },
    },
    "given": {"openstack Reference('r')": "openstack s r"},
    "listed": {"openstack s": {"since": "2026-11-21T12:00:00Z", "asked": "2026-11-21T12:00:01.500000Z"}},
}


def test_a_file_of_release_1_0_0_is_read(tmp_path: Path) -> None:
    """No event is repeated, and nothing watched is lost."""
    path = tmp_path / "state"
    path.write_text(json.dumps(VERSION_1), encoding="utf-8")
    memory = Memory(str(path))
    memory.open()
    memory.close()
    again = Memory(str(path))
    again.open()
    assert again.reported == {
        "openstack s r": Reported("running", 2, NOON),
        "ecl_vna - old": Reported("failed", 1, NOON),
    }
    (openstack, ecl) = again.state.groups
    assert openstack.resources == [ResourceState("s", since=NOON, cursor=NOON + timedelta(seconds=1.5))]
    (running,) = openstack.operations
    assert (running.reference, running.given) == (Reference("r", "s"), "openstack Reference('r')")
    assert (running.operation.type, running.answered) == ("delete", True)
    assert ecl.operations == []


def test_a_reported_event_is_saved_without_the_state(tmp_path: Path) -> None:
    """A state of a thousand operations takes a tenth of a second to write, too long for each of a thousand events."""
    memory = filled(tmp_path / "state")
    memory.state = PollState([])
    memory.reported["openstack s r"] = Reported("succeeded", 2, NOON)
    memory.save(with_state=False)
    memory.close()
    again = Memory(memory.path)
    again.open()
    assert again.reported == memory.reported
    assert [each.reference for each in again.state.operations] == [Reference("r", "s")]


@pytest.mark.parametrize("secret", ["openstack", "7.5", "0000", "running", "r", "2026-11-21T12:00:00Z"])
def test_no_secret_is_taken_for_a_name_a_time_or_a_number(tmp_path: Path, secret: str) -> None:
    """Otherwise a restart would lose what it has watched, or could not read it."""
    masking = Masking([secret])
    memory = Memory(str(tmp_path / "state"), masking.clean)
    memory.open()
    group = GroupState.of("openstack", [Reference("r", "s")])
    group.operations[0].operation = Operation("openstack", "r", "s", "running", f"so it says: {secret}.")
    group.operations[0].next_poll, group.operations[0].answered = 20000.5, True
    group.resources = [ResourceState("s", since=NOON, cursor=NOON)]
    memory.state = PollState([group], elapsed=7.5)
    memory.save()
    memory.close()
    again = Memory(memory.path)
    again.open()
    (state,) = again.state.operations
    assert (again.state.elapsed, again.state.groups[0].provider) == (7.5, "openstack")
    assert again.state.groups[0].resources == group.resources
    assert (state.reference, state.next_poll, state.operation.state) == (Reference("r", "s"), 20000.5, "running")
    assert state.operation.reason == masking.clean(f"so it says: {secret}.")


def test_the_file_contains_no_secret(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path / "state"), lambda plain: json.loads(json.dumps(plain).replace("secret", "***")))
    memory.open()
    memory.state = PollState([GroupState.of("openstack", [Reference("r", "s")])], last_error="No answer for secret.")
    memory.save()
    assert "No answer for ***." in (tmp_path / "state").read_text(encoding="utf-8")


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text('{"version": 1, "told": {}, "given": {}, "listed": {}}', encoding="utf-8")
    path.chmod(0o644)
    filled(path)
    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["state", "state.lock"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"version": 3}',
        '{"version": 2, "given": {}, "reported": {}}',
        '{"version": 2, "given": {}, "reported": {}, "state": {"groups": [{}]}}',
        '{"version": 2, "given": {}, "reported": {}, "state": {"groups": [], "unknown": 1}}',
        '{"version": 1, "told": []}',
        "\x00",
        '{"version": 1, "told": {"a": {}}, "given": {}, "listed": {}}',
        '{"version": 1, "told": {}, "given": {}, "listed": {"a": {"since": "noon"}}}',
    ],
)
def test_a_file_of_something_else_is_refused_and_kept(content: str, tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="is not a valid state file"):
        Memory(str(path)).open()
    assert path.read_text(encoding="utf-8") == content


def test_two_sources_cannot_share_it(tmp_path: Path) -> None:
    first = filled(tmp_path / "state")
    second = Memory(first.path)
    with pytest.raises(InputError, match=r"is in use by another source\. Give each source its own"):
        second.open()
    first.close()
    second.close()
    third = Memory(first.path)
    third.open()
    assert third.reported == first.reported


def test_an_unusable_path_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"state_file .*/nowhere/state cannot be written: No such file or directory\."):
        Memory(str(tmp_path / "nowhere" / "state")).open()


def test_an_interrupted_write_keeps_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = filled(tmp_path / "state")
    before = (tmp_path / "state").read_text(encoding="utf-8")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    memory.given = {}
    with pytest.raises(InputError, match=r"cannot be written: No space left on device\."):
        memory.save()
    assert (tmp_path / "state").read_text(encoding="utf-8") == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["state", "state.lock"]


def test_unchanged_content_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = filled(tmp_path / "state")
    replaced: list[str] = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda *paths: replaced.append(paths[1]) or replace(*paths))
    memory.save()
    assert replaced == []
    memory.given = {}
    memory.save()
    assert replaced == [memory.path]


def test_without_a_file_nothing_is_kept() -> None:
    memory = Memory()
    memory.open()
    memory.save()
    memory.close()
    assert memory.reported == {}


@pytest.mark.parametrize("name", ["state", "state.lock"])
@pytest.mark.parametrize("exists", [True, False], ids=["to a file", "to nothing"])
def test_a_planted_link_is_refused_and_its_target_kept(tmp_path: Path, name: str, exists: bool) -> None:
    victim, shared = tmp_path / "victim", tmp_path / "shared"
    shared.mkdir()
    if exists:
        victim.write_text("precious", encoding="utf-8")
    (shared / name).symlink_to(victim)
    with pytest.raises(InputError) as caught:
        Memory(str(shared / "state")).open()
    assert str(caught.value) == f"{shared / name} is a symbolic link, which state_file does not follow. Remove it."
    assert victim.exists() == exists
    assert not exists or victim.read_text(encoding="utf-8") == "precious"


def test_a_link_that_is_planted_later_is_replaced_and_its_target_kept(tmp_path: Path) -> None:
    memory, victim = filled(tmp_path / "state"), tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    (tmp_path / "state").unlink()
    (tmp_path / "state").symlink_to(victim)
    memory.given = {}
    memory.save()
    assert not (tmp_path / "state").is_symlink()
    assert victim.read_text(encoding="utf-8") == "precious"


def test_a_planted_hard_link_is_not_written_to(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    (tmp_path / "state.lock").hardlink_to(victim)
    filled(tmp_path / "state")
    assert victim.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["state", "state.lock"])
@pytest.mark.parametrize("plant", [os.mkfifo, os.mkdir])
def test_a_planted_pipe_or_folder_is_refused_at_once(tmp_path: Path, name: str, plant: Callable[[Path], None]) -> None:
    plant(tmp_path / name)
    with pytest.raises(InputError, match=r"is not a regular file\. Give another state_file\.|Is a directory"):
        Memory(str(tmp_path / "state")).open()
