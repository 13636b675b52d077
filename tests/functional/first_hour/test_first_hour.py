# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new user with an empty machine, a clouds.yaml and README alone has a gate in under five minutes."""

from __future__ import annotations

import itertools
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from first_hour.new_user import GUIDE, README, Done, NewUser, blocks, play
from simulated.playbook_runs import shown_secrets, started
from simulator import Simulator, nova
from simulator.plan import Plan

MINUTE, FIVE_MINUTES = 60.0, 300.0
NEXT = '"msg": "The next step comes here."'
INVENTORY = "localhost ansible_python_interpreter=/usr/bin/false\n"  # which has none of the libraries
PRIVATE = re.compile(r"\b_(slice|progress|environment|gate)\b")
MODULES = ("wait_for_operation", "operation_info", "instance_action_info", "operation_report")


class Clock:
    """A clock on which no time passes before the second poll of a reboot: the first poll sees it running."""

    def __init__(self) -> None:
        self._now = time.time()
        self.requests: list[dict[str, Any]] = []

    def __call__(self) -> float:
        after = itertools.dropwhile(lambda each: each["method"] == "GET" or not is_action(each), self.requests)
        polls = [each for each in after if "/os-instance-actions/req-" in each["path"]]
        return self._now + (MINUTE if len(polls) > 1 else 0)


def is_action(request: dict[str, Any]) -> bool:
    return bool(request["path"].endswith("/action"))


@pytest.fixture
def sim() -> Iterator[Simulator]:
    clock = Clock()
    with Simulator(clock=clock) as simulator:
        clock.requests = simulator.requests
        yield simulator


@pytest.fixture(scope="session")
def user(tmp_path_factory: pytest.TempPathFactory) -> tuple[NewUser, float]:
    """Return a user who has installed everything, and the seconds that this took."""
    begun = time.monotonic()
    user = NewUser(tmp_path_factory.mktemp("home"))
    done = user.installs(os.environ["FIRST_HOUR_PACKAGES"].split())
    assert done.returncode == 0, done.stdout + done.stderr
    return user, time.monotonic() - begun


@pytest.fixture
def him(user: tuple[NewUser, float], sim: Simulator) -> Iterator[NewUser]:
    """The user, with a clouds.yaml at the place that README names."""
    file = user[0].home / ".config" / "openstack" / "clouds.yaml"
    user[0].writes_clouds_yaml(sim, file)
    yield user[0]
    file.unlink(missing_ok=True)


def assert_gate_opened(done: Done, sim: Simulator) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert NEXT in done.stdout
    assert re.search(r"^WAITING: \[localhost\]: reboot req-", done.stderr, re.MULTILINE)
    assert [is_action(request) for request in started(sim)] == [True]


def test_a_gate_in_five_minutes(user: tuple[NewUser, float], him: NewUser, sim: Simulator) -> None:
    begun = time.monotonic()
    done = him.runs(sim)
    seconds = user[1] + time.monotonic() - begun
    Path(os.environ["FIRST_HOUR_SECONDS"]).write_text(f"{seconds:.0f}", encoding="utf-8")

    assert_gate_opened(done, sim)
    assert seconds < FIVE_MINUTES


def test_a_reboot_that_fails_ends_the_play_with_the_sentence_of_readme(
    him: NewUser, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nova, "parse_plan", lambda _text: Plan(fail="error"))
    (sentence,) = [text for text in blocks(README, "text") if text.startswith("1 of 1")]

    done = him.runs(sim)

    assert done.returncode == 2 and NEXT not in done.stdout
    known = sentence.strip().rpartition(": ")[0]  # the last part is the cloud's own
    assert re.search(re.sub(r"[0-9a-f]+…", "[0-9a-f-]+", known), done.stdout)


def test_no_secret_is_shown(him: NewUser, sim: Simulator) -> None:
    done = him.runs(sim, "-vvv")

    assert_gate_opened(done, sim)
    assert shown_secrets(sim, done.stdout + done.stderr) == []


def test_check_mode_starts_nothing_also_where_localhost_is_in_the_inventory(him: NewUser, sim: Simulator) -> None:
    (him.home / "inventory.ini").write_text(INVENTORY, encoding="utf-8")

    done = him.runs(sim, "--check", "-i", "inventory.ini")

    assert done.returncode == 0, done.stdout + done.stderr
    assert NEXT in done.stdout
    assert started(sim) == []


@pytest.mark.parametrize("place", ["playbooks/clouds.yaml", "elsewhere/clouds.yaml"])
def test_clouds_yaml_in_other_places(user: tuple[NewUser, float], sim: Simulator, place: str) -> None:
    him = user[0]
    (him.home / "inventory.ini").write_text(INVENTORY, encoding="utf-8")
    him.writes_clouds_yaml(sim, him.home / place)
    named = {} if place.startswith("playbooks") else {"OS_CLIENT_CONFIG_FILE": str(him.home / place)}

    done = him.runs(sim, "-i", "inventory.ini", playbook="playbooks/reboot.yml", **named)
    (him.home / place).unlink()

    assert_gate_opened(done, sim)


def test_a_clouds_yaml_that_is_not_found_names_the_searched_places(user: tuple[NewUser, float], sim: Simulator) -> None:
    him = user[0]
    him.writes_clouds_yaml(sim, him.home / "clouds.yaml")

    done = him.runs(sim, playbook="playbooks/reboot.yml")
    (him.home / "clouds.yaml").unlink()

    assert done.returncode == 2
    assert f"The module searches {him.home}/playbooks, {him.home}/.config/openstack, " in done.stdout
    assert sim.requests == []


def test_the_demonstration_says_at_once_what_it_needs(user: tuple[NewUser, float]) -> None:
    done = user[0].types("ansible-playbook cloudgate.operations.demo")

    assert done.returncode == 2
    assert "Clone https://github.com/cloudgate/operations and run make demo there." in done.stdout
    assert done.stdout.count("TASK [") == 1


def test_the_reference_is_installed_and_shows_no_private_option(user: tuple[NewUser, float]) -> None:
    done = user[0].types("\n".join(f"ansible-doc -t module cloudgate.operations.{name}" for name in MODULES))

    assert done.returncode == 0, done.stderr
    assert PRIVATE.search(done.stdout) is None
    assert done.stdout.count("OPTIONS") >= len(MODULES)


def test_the_guide_has_the_same_play() -> None:
    assert play(GUIDE) == play(README)
