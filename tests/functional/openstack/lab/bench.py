# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools of the scenarios: bring servers into a state, switch computes, restore everything."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.client import IMAGE, Answer, Client, control

COMPUTES = ("cmp1", "cmp2")
SPARE_COMPUTE = "cmp3"
IMAGE_SHOWN = "id name status created_at updated_at instance_uuid image_type owner visibility".split()
# The fields of a server that a verdict reads, as Nova writes them; vm_state and power_state are for people.
SHOWN = (
    "id status updated fault OS-SRV-USG:launched_at OS-EXT-STS:task_state OS-EXT-STS:vm_state OS-EXT-STS:power_state"
).split()
Metadata = dict[str, str]
Step = tuple[dict[str, Any], str]
# While this file does not exist, what `held` blocks does not continue: no machine is too slow for such a scenario.
GO_ON = Path(tempfile.gettempdir()) / f"cloudgate-lab-{os.getpid()}-go-on"


def held(method: str) -> Metadata:
    """Block one method of the compute service until GO_ON exists."""
    return {f"lab_{method}": f"file={GO_ON}"}


class Bench:
    """The lab as the scenarios see it: a member, an administrator and the control port."""

    def __init__(self) -> None:
        self.demo = Client("demo", "demo")
        self.admin = Client("admin", "admin")

    def server(self, server: str) -> dict[str, Any]:
        """Describe a server as the administrator sees it."""
        answer = self.admin.get(f"/servers/{server}")
        if answer.status != 200:
            return {"status": None, "task_state": None, "vm_state": None, "host": None, "http": answer.status}
        found = answer.body["server"]
        return {
            "status": found["status"],  # all that is shown while the cell does not answer
            "task_state": found.get("OS-EXT-STS:task_state"),
            "vm_state": found.get("OS-EXT-STS:vm_state"),
            "host": found.get("OS-EXT-SRV-ATTR:host"),
            "power_state": found["OS-EXT-STS:power_state"],
            "shown": {key: found[key] for key in SHOWN if key in found},
        }

    def images(self, server: str) -> list[dict[str, Any]]:
        """List the images of a server as the administrator sees them, by what tells them apart."""
        return [{name: image.get(name) for name in IMAGE_SHOWN} for image in self.admin.images(server)]

    def wait(self, server: str, status: str, seconds: float = 40) -> None:
        """Return when the server has this status and no task."""
        self.wait_until(
            lambda: (now := self.server(server))["status"] == status and now["task_state"] is None,
            f"server {server} is not {status}",
            seconds,
        )

    def wait_until(self, true: Callable[[], bool], complaint: str, seconds: float = 10) -> None:
        """Return when the condition holds."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError(complaint)
            time.sleep(0.1)

    def create(self, metadata: Metadata | None = None, flavor: str = "1", host: str | None = None) -> Answer:
        """Ask for a server; on a given host as administrator."""
        body = {"name": "srv", "flavorRef": flavor, "imageRef": IMAGE, "networks": "none", "metadata": metadata or {}}
        if host:
            return self.admin.post("/servers", {"server": {**body, "host": host}})
        return self.demo.post("/servers", {"server": body})

    def boot(self, metadata: Metadata | None = None, host: str | None = None) -> str:
        """Return an active server; its metadata is set when it is there."""
        server = expect(self.create(host=host), 202).body["server"]["id"]
        self.wait(server, "ACTIVE")
        if metadata:
            self.set_metadata(server, metadata)
        return server

    def set_metadata(self, server: str, metadata: Metadata) -> None:
        """Add metadata to a server."""
        expect(self.admin.post(f"/servers/{server}/metadata", {"metadata": metadata}), 200)

    def act(self, server: str, body: dict[str, Any], user: Client | None = None) -> Answer:
        """Request a server action, as the member by default."""
        return (user or self.demo).post(f"/servers/{server}/action", body)

    def step(self, server: str, *steps: Step) -> None:
        """Bring a server through one state after the other."""
        for body, status in steps:
            expect(self.act(server, body, self.admin), 200, 202)
            self.wait(server, status)

    def resized(self, metadata: Metadata | None = None) -> str:
        """Return a server in VERIFY_RESIZE."""
        server = self.boot(metadata)
        self.step(server, ({"resize": {"flavorRef": "2"}}, "VERIFY_RESIZE"))
        return server

    def attach_volume(self, server: str, volume: str) -> Answer:
        """Ask for a volume to be attached."""
        return self.demo.post(f"/servers/{server}/os-volume_attachments", {"volumeAttachment": {"volumeId": volume}})

    def wait_for_events(self, server: str, request_id: str | None) -> None:
        """Return when the first event of an action has finished."""
        path = f"/servers/{server}/os-instance-actions/{request_id}"

        def finished() -> bool:
            events = self.admin.get(path).body.get("instanceAction", {}).get("events") or []
            return bool(events) and events[-1]["finish_time"] is not None

        self.wait_until(finished, f"action {request_id} has no finished event", 40)

    def use_driver(self, name: str = "LabDriver") -> None:
        """Swap the virt driver of both computes."""
        for host in COMPUTES:
            control(f"/driver/{host}", {"driver": f"lab.{name}"})

    def service(self, host: str, **changes: Any) -> None:
        """Enable, disable or force down a compute service."""
        services = self.admin.get("/os-services?binary=nova-compute").body["services"]
        service = next(entry["id"] for entry in services if entry["host"] == host)
        expect(self.admin.call("PUT", f"/os-services/{service}", changes), 200)

    def disable_other_computes(self, server: str) -> None:
        """Leave the server nowhere to go."""
        here = self.server(server)["host"]
        for host in COMPUTES:
            if host != here:
                self.service(host, status="disabled")

    def add_spare_compute(self) -> None:
        """Bring a third compute into play."""
        if SPARE_COMPUTE not in control("/"):
            control(f"/compute/{SPARE_COMPUTE}", {"driver": "lab.LabDriver"})
        self.service(SPARE_COMPUTE, status="enabled")

    def set_option(self, key: str, value: Any, group: str | None = None) -> None:
        """Override an option of nova.conf."""
        control("/conf", {"key": key, "value": value, "group": group})

    def set_cell_down(self, down: bool) -> None:
        """Let the database of cell1 answer no query, or answer again."""
        control("/cell", {"down": down})

    def run_periodic(self, task: str) -> None:
        """Run a periodic task of every compute once; the lab has none that run by themselves."""
        for host in COMPUTES:
            control(f"/periodic/{host}", {"task": task})

    def drain(self) -> None:
        """Have the API refuse all but this bench, until Nova is started again."""
        control("/drain", {"on": True})

    def set_bus_delay(self, seconds: float) -> None:
        """Let RPC casts arrive late."""
        control("/bus", {"delay": seconds})

    def clean_up(self, restart: bool = False, evacuated: bool = False) -> None:
        """Delete every server and undo what a scenario switched."""
        self.set_cell_down(False)
        self.set_bus_delay(0)
        self.use_driver()
        control("/env", {"LAB_DISABLE": "1", "LAB_SPAWN": None})
        for key, value in (
            ("shelved_offload_time", 0),
            ("reclaim_instance_interval", 0),
            ("rpc_response_timeout", 30),
            ("resize_confirm_window", 0),
        ):
            self.set_option(key, value)
        self.set_option("instances", -1, "quota")
        if evacuated:
            control("/stop/cmp1")
        if restart or evacuated:
            control("/start/cmp1")
        for host in control("/"):
            self.service(host, status="disabled" if host == SPARE_COMPUTE else "enabled", forced_down=False)
        self.delete_servers()
        control("/env", {"LAB_DISABLE": None})
        GO_ON.unlink(missing_ok=True)

    def delete_servers(self) -> None:
        """Delete every server of every project."""
        many = len(self.admin.get("/servers?all_tenants=1").body["servers"])
        asked: dict[str, float] = {}

        def none_left() -> bool:
            servers = [each["id"] for each in self.admin.get("/servers?all_tenants=1").body["servers"]]
            for server in servers:
                if time.monotonic() - asked.get(server, 0.0) < many / 4:
                    continue  # each further request delays the deletions that go on
                self.act(server, {"unlock": None}, self.admin)
                self.admin.delete(f"/servers/{server}")  # Nova refuses it during an action, so repeat it
                asked[server] = time.monotonic()
            return not servers

        self.wait_until(none_left, "servers are left over", 40 + 3 * many)


def expect(answer: Answer, *statuses: int) -> Answer:
    """Return the answer if its status is one of these."""
    if answer.status not in statuses:
        raise RuntimeError(f"{answer.request.method} {answer.request.path_url}: {answer.status} {answer.body}")
    return answer
