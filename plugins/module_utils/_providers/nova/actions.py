# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of Nova instance actions; verdict.py uses it.

Sources: nova/compute/{api,manager,instance_actions}.py, nova/conductor/manager.py.
Private to this collection.
"""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Tuple


class Action(NamedTuple):
    """An instance action.

    ends: events that end it, in any release. becomes: server statuses that only its success causes, if any.
    tracked: Nova keeps C(task_state) set until the work is finished. makes_image: its result is an image that names the
    server. goes_on: the work continues after the event has ended. ends_when_deleted: its event ends with Success
    although the server was deleted meanwhile. harmless: it changes neither status nor guest, so the server still shows
    the result of an earlier action.
    """

    ends: Tuple[str, ...]
    becomes: Tuple[str, ...] = ()
    tracked: bool = True
    makes_image: bool = False
    goes_on: bool = False
    ends_when_deleted: bool = False
    harmless: bool = False


def _action(ends: str, becomes: str = "", **more: bool) -> Action:
    return Action(tuple(ends.split()), tuple(becomes.split()), **more)


# One row per action. To add one: its last event, the statuses that it causes, and its other properties.
ACTIONS: Dict[str, Action] = {
    "create": _action(
        "compute__do_build_and_run_instance compute_build_and_run_instance compute_run_instance", "ACTIVE"
    ),
    "delete": _action(  # not tracked: in VERIFY_RESIZE it confirms the resize first, which clears the task
        "compute_terminate_instance compute_soft_delete_instance", "SOFT_DELETED", tracked=False
    ),
    "restore": _action("compute_restore_instance", "ACTIVE"),
    "start": _action("compute_start_instance compute_power_update", "ACTIVE"),
    "stop": _action("compute_stop_instance compute_power_update", "SHUTOFF"),
    "reboot": _action("compute_reboot_instance"),
    "rebuild": _action("compute_rebuild_instance", ends_when_deleted=True),
    "evacuate": _action("compute_rebuild_instance", ends_when_deleted=True),
    "resize": _action("compute_finish_resize compute_finish_snapshot_based_resize_at_dest", "VERIFY_RESIZE"),
    "migrate": _action("compute_finish_resize compute_finish_snapshot_based_resize_at_dest", "VERIFY_RESIZE"),
    "confirmResize": _action(
        "compute_confirm_resize conductor_confirm_snapshot_based_resize", "ACTIVE SHUTOFF", tracked=False
    ),
    "revertResize": _action("compute_finish_revert_resize conductor_revert_snapshot_based_resize", "ACTIVE SHUTOFF"),
    "pause": _action("compute_pause_instance", "PAUSED"),
    "unpause": _action("compute_unpause_instance", "ACTIVE"),
    "suspend": _action("compute_suspend_instance", "SUSPENDED"),
    "resume": _action("compute_resume_instance", "ACTIVE"),
    "rescue": _action("compute_rescue_instance", "RESCUE"),
    "unrescue": _action("compute_unrescue_instance", "ACTIVE"),
    "shelve": _action("compute_shelve_instance compute_shelve_offload_instance", "SHELVED SHELVED_OFFLOADED"),
    "shelveOffload": _action("compute_shelve_offload_instance", "SHELVED_OFFLOADED"),
    "unshelve": _action("compute_unshelve_instance compute_start_instance", "ACTIVE"),
    "live-migration": _action("compute_post_live_migration_at_destination", tracked=False),
    "live_migration_cancel": _action("compute_live_migration_abort", tracked=False, harmless=True),
    "live_migration_force_complete": _action("compute_live_migration_force_complete", tracked=False, harmless=True),
    "changePassword": _action("compute_set_admin_password"),
    "createImage": _action(
        "compute_snapshot_instance api_snapshot_instance", makes_image=True, goes_on=True, ends_when_deleted=True
    ),
    "createBackup": _action("compute_backup_instance", makes_image=True, ends_when_deleted=True),
    "lock": _action("api_lock", tracked=False, harmless=True),
    "unlock": _action("api_unlock", tracked=False, harmless=True),
    "attach_volume": _action("compute_attach_volume api_attach_volume", tracked=False, harmless=True),
    "detach_volume": _action("compute_detach_volume api_detach_volume", tracked=False, harmless=True),
    "swap_volume": _action("compute_swap_volume", tracked=False, harmless=True),
    "extend_volume": _action("compute_extend_volume", tracked=False, harmless=True),
    "attach_interface": _action("compute_attach_interface", tracked=False, harmless=True),
    "detach_interface": _action("compute_detach_interface", tracked=False, harmless=True),
    "attach_share": _action("compute_allow_share", tracked=False, harmless=True),
    "detach_share": _action("compute_deny_share", tracked=False, harmless=True),
    "trigger_crash_dump": _action("compute_trigger_crash_dump", tracked=False, harmless=True),
}
UNKNOWN = Action((), tracked=False)
NEVER_AN_EVENT = frozenset(("resetState", "refresh_volume_attachment"))  # the API finishes them before it answers
# Actions that can create an image with the server's ID (nova/compute/utils.py create_image); a cross-cell resize does.
LEAVE_IMAGES = frozenset(("createImage", "createBackup", "shelve", "resize", "migrate"))
FAILURE_EVENTS = frozenset(("compute_rollback_live_migration_at_destination",))  # their Success is the action's failure
CONFIRMED_BY = frozenset(("confirmResize", "revertResize"))  # Nova accepts them only after a successful resize
AT_ANY_TIME = frozenset(("delete", "evacuate", "resetState"))  # Nova accepts all others only while the server is idle
# Nova accepts these only after the guest was built; for names that are not in the table, this is unknown.
NEED_A_GUEST = frozenset(ACTIONS) - {"create", "delete", "lock", "unlock", "rebuild", "evacuate"}
# Seconds. Nova clears task_state first, and then ends the event by a call to the conductor, which may take
# rpc_response_timeout (60 s by default; nova/objects/instance_action.py event_finish). No later step of a tracked
# action takes longer: notifications are casts. createBackup deletes old images in between
# (nova/compute/manager.py _rotate_backups), so for actions that make images, the image decides.
REST = 60.0
# Seconds. If an image is missing after this time, its owner may have deleted it.
IMAGE_KEPT = 600.0
# Statuses that imply a task_state, for clouds that hide task_state.
WORKING = frozenset("BUILD REBOOT HARD_REBOOT REBUILD RESIZE REVERT_RESIZE MIGRATING PASSWORD".split())
AT_REST = frozenset(
    "ACTIVE SHUTOFF PAUSED SUSPENDED RESCUE VERIFY_RESIZE SHELVED SHELVED_OFFLOADED SOFT_DELETED".split()
)


def in_change_feed(name: Optional[str]) -> bool:
    """Return whether the list of changed servers shows the end of an action (nova/objects/instance.py save).

    Observed on Nova 34: attaching, detaching, extending and crash dumps do not change the server's row.
    """
    row = ACTIONS.get(name or "")
    return row is not None and not row.harmless


def known(name: str) -> Action:
    """Return the row of an action; UNKNOWN if it is not in the table."""
    return ACTIONS.get(name, UNKNOWN)
