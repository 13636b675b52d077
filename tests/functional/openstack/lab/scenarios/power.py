# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reboot, stop, start, pause, suspend, rebuild, rescue, lock and the like."""

from __future__ import annotations

from lab.bench import Bench
from lab.client import IMAGE, OTHER_IMAGE, control
from lab.scenario import Prepared, Scenario, action, after

SOFT = {"reboot": {"type": "SOFT"}}
HARD = {"reboot": {"type": "HARD"}}
STOP = {"os-stop": None}
START = {"os-start": None}
REBUILD = {"rebuild": {"imageRef": IMAGE}}
PASSWORD = {"changePassword": {"adminPass": "x"}}
stopped = after((STOP, "SHUTOFF"))
paused = after(({"pause": None}, "PAUSED"))
suspended = after(({"suspend": None}, "SUSPENDED"))
rescued = after(({"rescue": {}}, "RESCUE"))


def locked(bench: Bench, server: str) -> None:
    """Lock the server."""
    bench.act(server, {"lock": None})


def fails(method: str) -> dict[str, str]:
    """Let a driver method fail."""
    return {f"lab_{method}": "fail=InternalError"}


def reboot_dead_compute(bench: Bench) -> Prepared:
    """Reboot while no compute service runs."""
    server = bench.boot(host="cmp1")
    control("/stop/cmp1")
    return Prepared(server, lambda: bench.act(server, SOFT))


SCENARIOS = (
    Scenario("reboot_soft", "soft reboot", action(SOFT)),
    Scenario("reboot_hard", "hard reboot", action(HARD)),
    Scenario("reboot_slow", "soft reboot, 2 s", action(SOFT, {"lab_reboot": "sleep=2"})),
    Scenario("reboot_fail", "soft reboot fails in the driver", action(SOFT, fails("reboot"))),
    Scenario("reboot_hard_fail", "hard reboot fails in the driver", action(HARD, fails("reboot"))),
    Scenario(
        "reboot_dead_compute",
        "reboot while the compute service is stopped (message stays in the queue)",
        reboot_dead_compute,
        quiet=6,
        limit=8,
        restart=True,
    ),
    Scenario("stop", "stop", action(STOP)),
    Scenario("stop_slow", "stop, 2 s", action(STOP, {"lab_power_off": "sleep=2"})),
    Scenario("stop_fail", "stop fails", action(STOP, fails("power_off"))),
    Scenario("start", "start", action(START, before=stopped)),
    Scenario("start_fail", "start fails", action(START, fails("power_on"), before=stopped)),
    Scenario("pause", "pause", action({"pause": None})),
    Scenario("pause_fail", "pause fails", action({"pause": None}, fails("pause"))),
    Scenario("unpause", "unpause", action({"unpause": None}, before=paused)),
    Scenario("suspend", "suspend", action({"suspend": None})),
    Scenario("suspend_fail", "suspend fails", action({"suspend": None}, fails("suspend"))),
    Scenario("resume", "resume", action({"resume": None}, before=suspended)),
    Scenario("resume_fail", "resume fails", action({"resume": None}, fails("resume"), before=suspended)),
    Scenario("rebuild", "rebuild, same image", action(REBUILD)),
    Scenario(
        "rebuild_new_image",
        "rebuild with another image (is scheduled)",
        action({"rebuild": {"imageRef": OTHER_IMAGE}}),
    ),
    Scenario("rebuild_slow", "rebuild, spawn 2 s", action(REBUILD, {"lab_spawn": "sleep=2"})),
    Scenario("rebuild_fail", "rebuild, spawn fails", action(REBUILD, fails("spawn"))),
    Scenario("rebuild_metadata_fail", "rebuild fails on the destroy step", action(REBUILD, fails("destroy"))),
    Scenario("lock", "lock", action({"lock": None})),
    Scenario("unlock", "unlock", action({"unlock": None}, before=locked)),
    Scenario("rescue", "rescue", action({"rescue": {}})),
    Scenario("rescue_fail", "rescue fails", action({"rescue": {}}, fails("rescue"))),
    Scenario("unrescue", "unrescue", action({"unrescue": None}, before=rescued)),
    Scenario("unrescue_fail", "unrescue fails", action({"unrescue": None}, fails("unrescue"), before=rescued)),
    Scenario("reset_state", "os-resetState", action({"os-resetState": {"state": "error"}}, as_admin=True)),
    Scenario("change_password", "changePassword", action(PASSWORD)),
    Scenario("change_password_fail", "changePassword fails", action(PASSWORD, fails("set_admin_password"))),
    Scenario(
        "change_password_unsupported",
        "changePassword not supported by the guest",
        action(PASSWORD, {"lab_set_admin_password": "fail=SetAdminPasswdNotSupported"}),
    ),
    Scenario("trigger_crash_dump", "trigger_crash_dump", action({"trigger_crash_dump": None})),
)
