# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules of openstack.cloud start actions on a real Nova: without a request ID, on servers with older actions."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Play

IMAGE = "155d900f-4e14-4e4c-a73d-069cbf4541e6"
FAILS = "fail=InternalError"
OLDER: dict[str, list[dict[str, Any]]] = {
    "gate-reboot": [{"reboot": {"type": "SOFT"}}],
    "gate-stop": [{"os-stop": None}, {"os-start": None}],
    "gate-rebuild": [{"rebuild": {"imageRef": IMAGE}}],
    "gate-resize": [{"resize": {"flavorRef": "2"}}, {"revertResize": None}],
    "gate-image": [{"createImage": {"name": "older"}}],
    "gate-delete": [],
}
STEP = {
    "gate-reboot": "lab_reboot",
    "gate-stop": "lab_power_off",
    "gate-rebuild": "lab_destroy",
    "gate-resize": "lab_finish_migration",
    "gate-image": "lab_snapshot",
    "gate-delete": "lab_destroy",
}
TYPES = {"reboot", "stop", "rebuild", "resize", "createImage", "delete"}


def servers(outcome: str) -> list[dict[str, Any]]:
    return [{"name": name, "older": OLDER[name], "metadata": {STEP[name]: outcome}} for name in OLDER]


def new_operations(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the operations that the gate waited for; none existed before."""
    before, by_results, gate = results
    known = {each for mark in before["marks"] for each in mark["known"]}
    assert len(before["marks"]) == len(OLDER)
    assert len(known) > 2 * len(OLDER) - 2, "each server has a past"
    assert not known & {each["operation_id"] for each in gate["operations"]}
    ids = {each["type"]: each["operation_id"] for each in gate["operations"]}
    del ids["delete"]  # whose result names no server
    assert {each["type"]: each["operation_id"] for each in by_results["operations"] if each["type"] != "create"} == ids
    return list(gate["operations"])


def created(results: list[dict[str, Any]]) -> str:
    """Return the state of the creation, which needs no mark."""
    (operation,) = [each for each in results[1]["operations"] if each["type"] == "create"]
    return str(operation["state"])


@pytest.mark.usefixtures("slow_bus")
def test_the_gate_opens_when_all_that_is_new_has_succeeded(play: Play) -> None:
    run = play("openstack_cloud.yml", servers=servers("sleep=1"), new_flavor="1")
    assert run.code == 0, run.output
    found = new_operations(run.results)
    assert {each["type"]: each["state"] for each in found} == dict.fromkeys(TYPES, "succeeded")
    assert created(run.results) == "succeeded"
    assert run.results[-1]["polls"] > len(found)


@pytest.mark.usefixtures("slow_bus")
def test_older_ones_that_succeeded_do_not_open_the_gate(play: Play) -> None:
    run = play("openstack_cloud.yml", servers=servers(FAILS), new_flavor="3")
    run.failed()
    states = {each["type"]: each["state"] for each in new_operations(run.results)}
    assert states.pop("reboot") == "succeeded", "Nova hides a reboot that failed and left the guest running"
    assert states == dict.fromkeys(TYPES - {"reboot"}, "failed")
    assert created(run.results) == "failed"
