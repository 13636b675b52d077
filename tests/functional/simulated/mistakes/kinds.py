# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The building blocks of a user's mistake: a scene, and one builder for each place where it can be made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulated.helpers import add, task
from simulator import Simulator

WAIT, INFO, ROLE, FILTER, RULEBOOK = "wait_for_operation", "operation_info", "role", "references", "event source"
ID = "req-0a1b2c3d-1111-4222-8333-444455556666"
SERVER = "fee86478-a120-488f-8359-97d200564b90"
PASSWORD = "hush-5d1e"
ACTION = {"operation_id": ID, "resource_id": SERVER}
OTHER = {"request_id": ID, "server_id": SERVER}
_DEFINITION = {"show": "/operations/{operation_id}", "state": "status", "states": {"succeeded": ["done"]}}
URI = {"url": "https://nova.example.com/v2.1/servers/s1/action", "changed": False, "json": {}}


@dataclass(frozen=True)
class Scene:
    """The setting of a mistake: the simulated clouds, and a folder for clouds.yaml."""

    sim: Simulator
    folder: Path

    @property
    def login(self) -> dict[str, Any]:
        return task(self.sim, "openstack")

    def auth(self, **options: Any) -> dict[str, Any]:
        return {**self.login, "auth": {**self.login["auth"], **options}}

    def at(self, old: str, new: str, **options: Any) -> dict[str, Any]:
        """Return the login at another auth_url."""
        return self.auth(auth_url=self.login["auth"]["auth_url"].replace(old, new), **options)

    @property
    def nova(self) -> str:
        return f"{self.sim.url}/openstack/compute/v2.1"

    def cloud(self, text: str | None = None, **settings: Any) -> dict[str, Any]:
        """Return a task with cloud: production, and a clouds.yaml with this text or these settings of the cloud."""
        one = {"auth": self.login["auth"], "region_name": "RegionOne", **settings}
        content = text if text is not None else json.dumps({"clouds": {"production": one}})
        (self.folder / "clouds.yaml").write_text(content, encoding="utf-8")
        return {"cloud": "production"}


@dataclass(frozen=True)
class Mistake:
    """A mistake. given: the options, variables or value. says: the sentence, with … for names and numbers.

    option: what the user has to change. remedy: what to do. Both are parts of the sentence. place: where, such as
    C(operation 2 of 2), with which the sentence begins.
    """

    name: str
    by: str
    given: Callable[[Scene], Any]
    says: str
    option: str
    remedy: str
    place: str = ""


def wait_mistake(name: str, given: dict[str, Any], says: str, option: str, remedy: str, place: str = "") -> Mistake:
    """Return a mistake in the options of a wait whose login is valid."""

    def whole(scene: Scene) -> dict[str, Any]:
        options = {"provider": "openstack", **scene.login, **given}
        return {option: value for option, value in options.items() if value is not None}

    return Mistake(name, WAIT, whole, says, option, remedy, place)


def info_mistake(name: str, login: Callable[[Scene], dict[str, Any]], says: str, option: str, remedy: str) -> Mistake:
    """Return a mistake in the connection options."""

    def given(scene: Scene) -> dict[str, Any]:
        known = add(scene.sim, "openstack")
        action = {"operation_id": known.operation_id, "resource_id": known.resource_id}
        return {"provider": "openstack", **action, **login(scene)}

    return Mistake(name, INFO, given, says, option, remedy)


def role_mistake(name: str, given: dict[str, Any], says: str, option: str, remedy: str, place: str = "") -> Mistake:
    return Mistake(
        name,
        ROLE,
        lambda scene: {"connection": scene.login, "provider": "openstack", **given},
        says,
        option,
        remedy,
        place,
    )


def filter_mistake(name: str, value: Any, says: str, option: str, remedy: str, place: str = "") -> Mistake:
    return Mistake(name, FILTER, lambda _scene: value, says, option, remedy, place)


def custom_mistake(name: str, says: str, option: str, remedy: str, definition: Any = None, **more: Any) -> Mistake:
    def given(scene: Scene) -> dict[str, Any]:
        own = {**_DEFINITION, **(definition or {})}
        options = {"endpoint": scene.nova, "definition": own, "auth_type": "none", **more}
        return {"provider": "custom", "operation_id": "7", **{k: v for k, v in options.items() if v is not None}}

    return Mistake(name, INFO, given, says, option, remedy)


def rulebook_mistake(name: str, given: dict[str, Any], says: str, option: str, remedy: str, place: str = "") -> Mistake:
    return Mistake(
        name, RULEBOOK, lambda scene: {"provider": "openstack", **scene.login, **given}, says, option, remedy, place
    )
