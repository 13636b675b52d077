# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signs of a success in the answers of OpenStack's other services and of the described language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from fuzz.scenes import Scene

Bodies = Mapping[str, Any]
_IDLE = ("available", "in-use")
_NOTHING = (None, "")


def _dicts(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in an answer."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _word(top: Any, name: str) -> str:
    value = top.get(name) if isinstance(top, dict) else None
    return "" if isinstance(value, (dict, list)) or value is None else str(value).lower()


def _inner(bodies: Bodies, path: str, *way: str) -> Any:
    found = bodies.get(path)
    for name in way:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _volume(scene: Scene, bodies: Bodies, _found: Operation) -> bool:
    name, _sign, wanted = str(scene.references[0].expect).partition("=")
    volume = _inner(bodies, f"volumes/{scene.references[0].resource_id}", "volume")
    if _word(volume, "status") not in _IDLE or name == "deleted":
        return False
    shown = str(volume.get(name))
    return shown == wanted or (name == "size" and shown.isdecimal() and int(shown) >= int(wanted))


def _node(scene: Scene, bodies: Bodies, _found: Operation) -> bool:
    wanted = scene.references[0].expect
    node = bodies.get(f"nodes/{scene.references[0].resource_id}") or {}
    field = "power_state" if str(wanted).startswith("power") else "provision_state"
    names = (f"target_{field}", "reservation")
    return node.get(field) == wanted and all(name in node and node[name] in _NOTHING for name in names)


def _balancer(scene: Scene, bodies: Bodies, _found: Operation) -> bool:
    wanted = str(scene.references[0].expect).partition("=")[2]
    path = f"lbaas/loadbalancers/{scene.references[0].resource_id}/status"
    whole = _inner(bodies, path, "statuses", "loadbalancer")
    named = [each for each in _dicts(whole) if str(each.get("id")) == wanted] if wanted else [whole]
    below = [_word(each, "provisioning_status") for one in named[:1] for each in _dicts(one) if _word(each, "id")]
    is_bad = any(each == "error" or each.startswith("pending_") for each in below)
    shown = [_word(each, "provisioning_status") for each in (whole, *named[:1])]
    return shown in (["active"], ["active", "active"]) and not (is_bad and len(list(named)) == 1)


def _image(scene: Scene, bodies: Bodies, _found: Operation) -> bool:
    path = f"images/{scene.references[0].resource_id}"
    image, expect = bodies.get(path), scene.references[0].expect if scene.ask == "show" else None
    if expect:
        lock = ("os_glance_import_task", "os_glance_importing_to_stores")
        return _word(image, "status") == "active" and not any(_word(image, name) for name in lock)
    rows = _inner(bodies, f"{path}/tasks", "tasks") or []
    asked = scene.references[0].operation_id
    own = [row for row in rows if asked in (None, row.get("id")) and _word(row, "status") == "success"]
    return any(_word(image, "os_glance_import_task") != _word(row, "id") for row in own)


def _stack(_scene: Scene, bodies: Bodies, found: Operation) -> bool:
    wanted = f"{found.type}_complete".lower()
    words = [
        _word(each, name) for each in _dicts(list(bodies.values())) for name in ("resource_status", "stack_status")
    ]
    return wanted in words


def _header(scene: Scene, _bodies: Bodies, _asked: str) -> bool:
    return scene.replies["jobs/1"].headers["X-State"].strip().lower() == "done"


def _moved(scene: Scene, _bodies: Bodies, asked: str) -> bool:
    if asked in scene.replies and scene.replies[asked].status in (200, 204):
        return True
    return asked != "jobs/1" and scene.replies["jobs/1"].status == 202  # gone, after it was there


def _followed(_scene: Scene, bodies: Bodies, asked: str) -> bool:
    return not asked.startswith("queue/") and _word(bodies.get(asked), "status") == "done"


def _rows(scene: Scene, bodies: Bodies, found: Operation) -> bool:
    rows = [each for each in _dicts(list(bodies.values())) if each.get("id") not in (None, "")]
    if scene.ask == "batch":
        asked = str(found.operation_id).lower()
        rows = [each for each in rows if isinstance(each["id"], list) or _word(each, "id") == asked]
    return any(_word(each, "status") == "done" and not each.get("error") for each in rows)


SERVICES: dict[str, Callable[[Scene, Bodies, Operation], bool]] = {
    "openstack_volume": _volume,
    "openstack_baremetal": _node,
    "openstack_loadbalancer": _balancer,
    "openstack_image": _image,
    "openstack_stack": _stack,
}
_POLLED = {"header:X-State": _header, "": _moved, "status": _followed}


def shows_success(scene: Scene, bodies: Bodies, found: Operation, asked: str) -> bool:
    """Return whether the answers of such a scene contain the success. asked: the path of the last request."""
    if scene.provider in SERVICES:
        return SERVICES[scene.provider](scene, bodies, found)
    if scene.ask == "polls":
        return _POLLED[scene.options["definition"].get("state", "")](scene, bodies, asked)
    return _rows(scene, bodies, found)
