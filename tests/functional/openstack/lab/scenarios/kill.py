# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova is killed with SIGKILL in the middle of an action and started again.

Each method that a scenario holds up waits for the file GO_ON, which is made between the kill and the start: so the
action cannot end before the kill, and what Nova begins anew at its start ends at once.
"""

from __future__ import annotations

from typing import Any

from lab.bench import held
from lab.scenario import Prepare, Scenario, action
from lab.scenarios.attach import BACKUP, IMAGE, attach_volume
from lab.scenarios.create import create
from lab.scenarios.delete import delete
from lab.scenarios.live_migrate import LIVE
from lab.scenarios.power import REBUILD, SOFT, START, STOP, stopped
from lab.scenarios.resize import CONFIRM, MIGRATE, RESIZE, REVERT, after_resize
from lab.scenarios.shelve import SHELVE


def acting(body: dict[str, Any], method: str, **options: Any) -> Prepare:
    """Ask for an action that is held up in one method."""
    return action(body, held(method), **options)


def killed(name: str, killed_in: str, outcome: str, prepare: Prepare, shown_by: str = "api") -> Scenario:
    """Describe an action that is killed in this task or in this open event."""
    what = f"Nova is killed in {killed_in} and started again"
    return Scenario(f"kill_{name}", what, prepare, killed_in=killed_in, outcome=outcome, shown_by=shown_by)


# The outcome was observed, and agrees with nova/compute/manager.py _init_instance. "running": Nova never clears the
# server's task, and such a server looks like one whose action takes long.
SCENARIOS = (
    killed("create", "spawning", "failed", create(held("spawn"))),
    killed("rebuild", "rebuild_spawning", "failed", acting(REBUILD, "spawn")),
    killed("resize_prep", "compute_prep_resize", "failed", acting(RESIZE, "_prep_resize")),
    killed("resize_source", "resize_migrating", "failed", acting(RESIZE, "migrate_disk_and_power_off")),
    killed("resize_target", "resize_finish", "running", acting(RESIZE, "finish_migration")),
    killed("migrate", "resize_migrating", "failed", acting(MIGRATE, "migrate_disk_and_power_off", as_admin=True)),
    killed("migrate_target", "resize_finish", "running", acting(MIGRATE, "finish_migration", as_admin=True)),
    killed(
        "confirm_resize",
        "compute_confirm_resize",
        "failed",
        after_resize(CONFIRM, held("confirm_migration")),
        shown_by="nothing",
    ),
    killed("revert_resize", "resize_reverting", "running", after_resize(REVERT, held("finish_revert_migration"))),
    killed("live_migrate", "migrating", "failed", acting(LIVE, "live_migration", as_admin=True)),
    killed("live_migrate_pre", "migrating", "failed", acting(LIVE, "pre_live_migration", as_admin=True)),
    killed("stop", "powering-off", "succeeded", acting(STOP, "power_off")),
    killed("start", "powering-on", "succeeded", acting(START, "power_on", before=stopped)),
    killed("reboot", "reboot_started", "failed", acting(SOFT, "reboot"), shown_by="events"),
    killed("pause", "pausing", "failed", acting({"pause": None}, "pause")),
    killed("suspend", "suspending", "running", acting({"suspend": None}, "suspend")),
    killed("rescue", "rescuing", "running", acting({"rescue": {}}, "rescue")),
    killed("shelve", "shelving", "running", acting(SHELVE, "snapshot")),
    killed("shelve_offload", "shelving_offloading", "running", acting(SHELVE, "destroy")),
    killed("create_image", "image_snapshot", "failed", acting(IMAGE, "snapshot"), shown_by="nothing"),
    killed("create_backup", "image_backup", "running", acting(BACKUP, "snapshot")),
    killed("delete", "deleting", "succeeded", delete(held("destroy"))),
    killed("attach_volume", "compute_attach_volume", "failed", attach_volume(held("attach_volume")), "nothing"),
)
