# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default run of each Nova action: events, gaps and states, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from .timelines import CONTROLLER, MAKE_IMAGES, Event, Fault, Timeline, View, story

CREATE_UNREADABLE = 0.5  # seconds until the conductor has written the action of a new server
SERVER_LEADS = 0.98  # the server reaches its last state a little before the last event ends


class Ending(Enum):
    """The effects of a failure (read in Nova and in its recordings)."""

    ERROR = "the server is in ERROR and has a fault"
    RESTORED = "the server is as it was before"
    SWALLOWED = "the event says Success, only the server shows ERROR"
    HIDDEN = "the event says Success and the server is as before: nothing shows it"


@dataclass(frozen=True)
class Step:
    """One event between two fractions of the duration."""

    event: str
    start: float
    finish: float
    host: str = "source"


@dataclass(frozen=True)
class Script:
    action: str
    steps: tuple[Step, ...]
    running: tuple[tuple[float, View], ...]
    final: View
    ending: Ending = Ending.RESTORED
    allowed: frozenset[str] | None = None  # vm_states; None: every one
    fails_at: str = ""  # an event's name; the last step if empty


def view(
    status: str | None, task: str | None, vm_state: str | None = None, power: int | None = None, **more: Any
) -> View:
    fields = {"status": status, "task_state": task, "vm_state": vm_state, "power_state": power}
    return {key: value for key, value in fields.items() if key == "task_state" or value is not None} | more


def single(
    action: str, event: str, running: View, final: View, ending: Ending = Ending.RESTORED, allowed: str = ""
) -> Script:
    """Return an action of one event on the server's own host."""
    states = frozenset(allowed.split()) if allowed else None
    return Script(action, (Step(event, 0.1, 1.0),), ((0.0, running),), final, ending, states)


ACTIVE = view("ACTIVE", None, "active", 1)
MIGRATION_STEPS = (
    Step("conductor_migrate_server", 0.03, 0.22, CONTROLLER),
    Step("cold_migrate", 0.04, 0.2, CONTROLLER),
    Step("compute_prep_resize", 0.27, 0.4, "destination"),
    Step("compute_resize_instance", 0.45, 0.63),
    Step("compute_finish_resize", 0.7, 1.0, "destination"),
)
MIGRATION_VIEWS = (
    (0.0, view("RESIZE", "resize_prep")),
    (0.44, view("RESIZE", "resize_migrating")),
    (0.62, view("RESIZE", "resize_migrated", host="destination")),
    (0.7, view("RESIZE", "resize_finish")),
)
RESIZED = view("VERIFY_RESIZE", None, "resized", 1)
MOVABLE = frozenset({"active", "stopped"})

SCRIPTS: dict[str, Script] = {
    "create": Script(
        "create",
        (Step("compute__do_build_and_run_instance", 0.6, 1.0, "destination"),),
        (
            (0.0, view("BUILD", "scheduling", "building", 0, host=None)),
            (0.6, view("BUILD", None, host="destination")),
            (0.7, view("BUILD", "networking")),
            (0.8, view("BUILD", "spawning")),
        ),
        ACTIVE,
        Ending.SWALLOWED,
    ),
    "delete": Script(
        "delete",
        (Step("compute_terminate_instance", 0.1, 1.0),),
        ((0.0, view(None, "deleting")),),
        view(None, None, deleted=True),
        Ending.ERROR,
    ),
    "reboot": single(
        "reboot",
        "compute_reboot_instance",
        view("REBOOT", "rebooting"),
        ACTIVE,
        Ending.ERROR,
        "active stopped paused suspended error",
    ),
    "os-start": single("start", "compute_start_instance", view(None, "powering-on"), ACTIVE, allowed="stopped"),
    "os-stop": single(
        "stop",
        "compute_stop_instance",
        view(None, "powering-off"),
        view("SHUTOFF", None, "stopped", 4),
        allowed="active error",
    ),
    "pause": single(
        "pause", "compute_pause_instance", view(None, "pausing"), view("PAUSED", None, "paused", 3), allowed="active"
    ),
    "unpause": single("unpause", "compute_unpause_instance", view(None, "unpausing"), ACTIVE, allowed="paused"),
    "suspend": single(
        "suspend",
        "compute_suspend_instance",
        view(None, "suspending"),
        view("SUSPENDED", None, "suspended", 4),
        allowed="active",
    ),
    "resume": single("resume", "compute_resume_instance", view(None, "resuming"), ACTIVE, allowed="suspended"),
    "rescue": single(
        "rescue",
        "compute_rescue_instance",
        view(None, "rescuing"),
        view("RESCUE", None, "rescued", 1),
        Ending.ERROR,
        "active stopped error",
    ),
    "unrescue": single(
        "unrescue", "compute_unrescue_instance", view(None, "unrescuing"), ACTIVE, Ending.ERROR, "rescued"
    ),
    "lock": Script("lock", (Step("api_lock", 0.0, 0.01, CONTROLLER),), (), view(None, None)),
    "unlock": Script("unlock", (Step("api_unlock", 0.0, 0.01, CONTROLLER),), (), view(None, None)),
    "createImage": Script(
        "createImage",
        (Step("compute_snapshot_instance", 0.1, 0.2),),
        (
            (0.0, view(None, "image_snapshot_pending")),
            (0.3, view(None, "image_pending_upload")),
            (0.6, view(None, "image_uploading")),
        ),
        view(None, None),
        Ending.HIDDEN,
        frozenset({"active", "stopped", "paused", "suspended"}),
    ),
    "rebuild": Script(
        "rebuild",
        (Step("rebuild_server", 0.05, 0.2, CONTROLLER), Step("compute_rebuild_instance", 0.3, 1.0)),
        (
            (0.0, view("REBUILD", "rebuilding")),
            (0.4, view(None, "rebuild_block_device_mapping")),
            (0.6, view(None, "rebuild_spawning")),
        ),
        ACTIVE,
        Ending.ERROR,
        frozenset({"active", "stopped", "error"}),
    ),
    "resize": Script("resize", MIGRATION_STEPS, MIGRATION_VIEWS, RESIZED, Ending.ERROR, MOVABLE),
    "migrate": Script("migrate", MIGRATION_STEPS, MIGRATION_VIEWS, RESIZED, Ending.ERROR, MOVABLE),
    "confirmResize": single(
        "confirmResize", "compute_confirm_resize", view("VERIFY_RESIZE", None), ACTIVE, Ending.ERROR, "resized"
    ),
    "revertResize": Script(
        "revertResize",
        (Step("compute_revert_resize", 0.1, 0.4), Step("compute_finish_revert_resize", 0.5, 1.0, "destination")),
        ((0.0, view("REVERT_RESIZE", "resize_reverting")), (0.5, view(None, "resize_reverting", host="destination"))),
        ACTIVE,
        Ending.ERROR,
        frozenset({"resized"}),
    ),
    "os-migrateLive": Script(
        "live-migration",
        (
            Step("conductor_live_migrate_instance", 0.05, 0.35, CONTROLLER),
            Step("compute_check_can_live_migrate_destination", 0.15, 0.32, "destination"),
            Step("compute_check_can_live_migrate_source", 0.2, 0.25),
            Step("compute_live_migration", 0.36, 0.38),
            Step("compute_pre_live_migration", 0.4, 0.45, "destination"),
            Step("compute_post_live_migration_at_destination", 0.85, 1.0, "destination"),
        ),
        ((0.0, view("MIGRATING", "migrating")),),
        view("ACTIVE", None, "active", 1, host="destination"),
        Ending.RESTORED,
        frozenset({"active", "paused"}),
        fails_at="compute_pre_live_migration",
    ),
    "shelve": Script(
        "shelve",
        (Step("compute_shelve_instance", 0.1, 1.0),),
        (
            (0.0, view(None, "shelving")),
            (0.3, view(None, "shelving_image_uploading")),
            (0.6, view("SHELVED", "shelving_offloading", "shelved", 4)),
        ),
        view("SHELVED_OFFLOADED", None, "shelved_offloaded", 4, host=None),
        allowed=frozenset({"active", "stopped", "paused", "suspended"}),
    ),
    "unshelve": Script(
        "unshelve",
        (
            Step("get_image_info", 0.05, 0.1, CONTROLLER),
            Step("schedule_instances", 0.1, 0.3, CONTROLLER),
            Step("compute_unshelve_instance", 0.4, 1.0, "destination"),
        ),
        ((0.0, view(None, "unshelving")), (0.5, view(None, "spawning", host="destination"))),
        ACTIVE,
        allowed=frozenset({"shelved", "shelved_offloaded"}),
    ),
}
FROM_SHELVED = single("unshelve", "compute_start_instance", view(None, "unshelving"), ACTIVE)
HARD_REBOOT = single(
    "reboot",
    "compute_reboot_instance",
    view("HARD_REBOOT", "rebooting_hard"),
    ACTIVE,
    Ending.ERROR,
    "active stopped paused suspended error",
)
FAULTS = {"create": "Build of instance {server_id} aborted: simulated failure"}
TRACEBACK = (
    '  File "/usr/lib/python3/dist-packages/nova/compute/utils.py", line 1483, in decorated_function\n'
    "    return function(self, context, *args, **kwargs)\n"
    "    raise exception.NovaException(\n"
)


def choose_script(kind: str, body: Any, before: Mapping[str, Any]) -> Script:
    """Return the script of a request, which depends on its options and on the server's state."""
    if kind == "unshelve" and before.get("vm_state") == "shelved":
        return FROM_SHELVED
    if kind == "reboot" and isinstance(body, dict) and body.get("type") == "HARD":
        return HARD_REBOOT
    return SCRIPTS[kind]


def perform(
    script: Script, duration: float, before: Mapping[str, Any], fail: bool, hosts: tuple[str, str], server_id: str
) -> Timeline:
    """Return the script in seconds, on real hosts, with its failure if there is one."""
    source, destination = hosts
    names = {"source": source, "destination": destination, CONTROLLER: CONTROLLER}

    def placed(fields: View) -> View:
        return {**fields, "host": names.get(fields["host"], fields["host"])} if fields.get("host") else fields

    details = FAULTS.get(script.action, f"simulated failure of {script.action}").format(server_id=server_id)
    failing = next((step for step in script.steps if step.event == script.fails_at), script.steps[-1])
    scale = duration / (failing.finish if fail else 1.0)  # a failure, too, ends after `duration`
    end = duration * SERVER_LEADS
    views = [(fraction * scale, placed(fields)) for fraction, fields in script.running if fraction * scale <= end]
    views.append((end, placed(_last_view(script, fail, before))))
    events = _events(script, failing if fail else None, scale, names, details)
    fault = Fault(500, details, duration) if fail and script.ending in (Ending.ERROR, Ending.SWALLOWED) else None
    unreadable = min(CREATE_UNREADABLE, duration / 2) if script.action == "create" else 0.0
    made = story(script.action, events, views, fault, unreadable, unreadable)
    if script.action not in MAKE_IMAGES:
        return made
    image = ((0.0, "queued"), (end / 2, "saving"), (end, None if fail else "active"))
    return replace(made, image=image)


def _events(script: Script, failing: Step | None, scale: float, hosts: dict[str, str], details: str) -> list[Event]:
    shows_error = script.ending in (Ending.ERROR, Ending.RESTORED)
    events = []
    for step in script.steps:
        times = (step.start * scale, step.finish * scale)
        if step is not failing:
            events.append(Event(step.event, *times, "Success", hosts[step.host]))
            continue
        error = ("Error", hosts[step.host], details, TRACEBACK)
        events.append(Event(step.event, *times, *(error if shows_error else ("Success", hosts[step.host]))))
        break
    return events


def _last_view(script: Script, fail: bool, before: Mapping[str, Any]) -> View:
    if not fail:
        return script.final
    if script.ending in (Ending.ERROR, Ending.SWALLOWED):
        return view("ERROR", None, "error")
    return {**before, "task_state": None}
