# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virt drivers of the lab: nova.virt.fake's, with delays and failures on demand.

They are asked for in the *server's own metadata*, so that a test needs nothing but the Compute API.
The key is "lab_<driver method>":

    lab_spawn            = "sleep=3"
    lab_reboot           = "sleep=1.5,fail=InternalError"
    lab_finish_migration = "fail=VirtualInterfaceCreateException"
    lab_spawn            = "fail=ComputeResourcesUnavailable,times=1"   (a reschedule)
    lab_spawn            = "fail=ComputeResourcesUnavailable,host=cmp1"
    lab_reboot           = "file=/tmp/go-on"                            (continues when there is such a file)
    lab_reboot           = "reads=2"                                    (continues when users read its action twice)

`fail` is a class of nova.exception, `times` = only the first N calls for that server in this process, `host` = only on
that compute. The same texts in the environment, LAB_<METHOD>, are the defaults of all servers.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import os
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from nova import context, exception, objects
from nova.compute import task_states
from nova.compute.manager import ComputeManager
from nova.image import glance
from nova.virt import fake

DRIVER_METHODS = (
    "spawn",
    "reboot",
    "power_on",
    "power_off",
    "pause",
    "unpause",
    "suspend",
    "resume",
    "rescue",
    "unrescue",
    "migrate_disk_and_power_off",
    "finish_migration",
    "finish_revert_migration",
    "confirm_migration",
    "set_admin_password",
    "attach_volume",
    "detach_volume",
    "swap_volume",
    "attach_interface",
    "detach_interface",
    "live_migration",
    "pre_live_migration",
    "check_can_live_migrate_destination",
    "trigger_crash_dump",
    "extend_volume",
)
MANAGER_METHODS = (
    "_prep_resize",
    "_resize_instance",
    "_finish_resize_helper",
    "_do_rebuild_instance",
    "_confirm_resize",
    "_post_live_migration",
)

reads: collections.Counter[str] = collections.Counter()  # of the actions of a server, by users
_calls: collections.Counter[tuple[str, str]] = collections.Counter()
_lock = threading.Lock()


def _instance_of(arguments: list[Any]) -> Any:
    return next((value for value in arguments if hasattr(value, "uuid") and hasattr(value, "vm_state")), None)


def _wish(instance: Any, method: str) -> dict[str, str]:
    text = os.environ.get(f"LAB_{method.upper()}", "")
    if instance is not None:
        with contextlib.suppress(exception.NovaException):  # not loaded, and the server is gone
            text = (instance.metadata or {}).get(f"lab_{method}", text)
    return dict(part.split("=", 1) for part in text.replace(" ", "").split(",") if "=" in part)


def behave(driver: Any, method: str, arguments: list[Any]) -> None:
    """Do what the server's metadata asks for before this method: sleep, wait, then fail."""
    instance = _instance_of(arguments)
    wish = {} if os.environ.get("LAB_DISABLE") else _wish(instance, method)
    if not wish or wish.get("host", driver._host) != driver._host:
        return
    server = getattr(instance, "uuid", "")
    with _lock:
        _calls[server, method] += 1
        count = _calls[server, method]
    if count > int(wish.get("times", count)):
        return
    time.sleep(float(wish.get("sleep", 0)))
    last = reads[server] + int(wish.get("reads", 0))
    while reads[server] < last or not os.path.exists(wish.get("file", "/")):
        if os.environ.get("LAB_DISABLE"):
            break
        time.sleep(0.05)
    if "fail" in wish:
        reason = "lab asked for it"
        raise getattr(exception, wish["fail"])(instance_uuid=server, instance_id=server, reason=reason, err=reason)


class Disk:
    """A disk of one KiB to be uploaded; in the middle it does what the server asks for as lab_upload."""

    def __init__(self, driver: LabDriver, instance: Any) -> None:
        self._driver, self._instance = driver, instance
        self._parts = [b"", b"disk" * 256]

    def read(self, _size: int = -1) -> bytes:
        """Return the next part."""
        if len(self._parts) == 1:
            behave(self._driver, "upload", [self._instance])
        return self._parts.pop() if self._parts else b""


class LabDriver(fake.FakeDriver):
    """nova.virt.fake's driver; it also precedes the other classes there."""

    def snapshot(self, context: Any, instance: Any, image_id: str, update_task_state: Callable[..., None]) -> None:
        """Upload a disk, as the libvirt driver does; nova.virt.fake uploads nothing."""
        behave(self, "snapshot", [instance])
        if instance.uuid not in self.instances:
            raise exception.InstanceNotRunning(instance_id=instance.uuid)
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        update_task_state(task_state=task_states.IMAGE_UPLOADING, expected_state=task_states.IMAGE_PENDING_UPLOAD)
        metadata = {"disk_format": "raw", "container_format": "bare", "properties": {"image_location": "snapshot"}}
        glance.API().update(context, image_id, metadata, Disk(self, instance), purge_props=False)

    def init_host(self, host: str) -> None:
        """Find the guests of an earlier process if LAB_KEEP_GUESTS is set, as a hypervisor keeps them.

        Else they are gone, as after a power cut.
        """
        super().init_host(host)
        if not os.environ.get("LAB_KEEP_GUESTS"):
            return
        for instance in objects.InstanceList.get_by_host(context.get_admin_context(), host):
            if instance.power_state:
                self.instances[instance.uuid] = fake.FakeInstance(instance.name, instance.power_state, instance.uuid)

    def get_available_resource(self, nodename: str) -> dict[str, Any]:
        """Name the node by a fixed id; nova.virt.fake takes a random one for each process."""
        resource = super().get_available_resource(nodename)
        if resource:
            resource["uuid"] = _node_uuid(nodename)
        return resource

    def get_nodenames_by_uuid(self, refresh: bool = False) -> dict[str, str]:
        """Name the nodes by the same ids."""
        return {_node_uuid(name): name for name in self.get_available_nodes()}

    def post_live_migration(
        self, context: Any, instance: Any, block_device_info: Any, migrate_data: Any = None
    ) -> None:
        """Forget the guest that has left, as nova.virt.fake's FakeLiveMigrateDriver does."""
        if instance.uuid in self.instances:
            self.destroy(context, instance, network_info=None)

    def destroy(self, context: Any, instance: Any, network_info: Any, *args: Any, **kwargs: Any) -> None:
        """Destroy the guest and its ports; nova.virt.fake keeps the ports, so that a later attach would fail."""
        behave(self, "destroy", [instance])
        for interface in network_info or ():
            self._interfaces.pop(interface["id"], None)
        super().destroy(context, instance, network_info, *args, **kwargs)


def _node_uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def _driver_method(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        behave(self, name, [*args, *kwargs.values()])
        return getattr(super(LabDriver, self), name)(*args, **kwargs)

    return method


for _name in DRIVER_METHODS:
    setattr(LabDriver, _name, _driver_method(_name))


@functools.cache
def __getattr__(name: str) -> type:
    """Make LabFakeRescheduleDriver of nova.virt.fake.FakeRescheduleDriver, and so on."""
    base = getattr(fake, name[len("Lab") :], None)
    if not name.startswith("Lab") or base is None:
        raise AttributeError(name)
    return type(name, (LabDriver, base), {})


def hook_manager() -> None:
    """Let the same metadata delay or fail methods of the compute manager."""

    def wrap(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def inner(self: Any, *args: Any, **kwargs: Any) -> Any:
            behave(self.driver, name, [*args, *kwargs.values()])
            return original(self, *args, **kwargs)

        return inner

    for name in MANAGER_METHODS:
        setattr(ComputeManager, name, wrap(name, getattr(ComputeManager, name)))
