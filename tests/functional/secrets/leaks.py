# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deliberate leaks, one for each place. They prove that the search finds leaks."""

from __future__ import annotations

import json
import sys
from typing import Any

from misplaced import SOURCE, Plant
from planted import Secret
from runs import EVENTS, LEFT, PLACES, PROCESSES, REPORT, REQUESTS, SOURCE_LOG, STRANGER, TEMPORARY, Run

_MARK = "4d1c90e7ab35f286"
_SCRIPT = r"""
import base64, json, logging, os, subprocess, sys, syslog, tempfile, time, urllib.request
given = json.load(sys.stdin)
folder, secrets = os.environ["TMPDIR"], given["secrets"]
with open(os.path.join(folder, "left"), "w") as file:
    file.write(secrets["left"])
logging.getLogger("keystoneauth").debug("REQ: X-Auth-Token: %s", secrets["logs"])
syslog.syslog(syslog.LOG_INFO, "Invoked with " + secrets["syslog"])
with tempfile.NamedTemporaryFile("w") as file:
    file.write(base64.b64encode(b"user:" + secrets["temporary"].encode()).decode())
    file.flush()
    subprocess.run([sys.executable, "-c", "import time; time.sleep(1)", "--token", secrets["process"]], check=True)
for url, name in ((given["cloud"], "cloud"), (given["stranger"], "stranger")):
    request = urllib.request.Request(url, headers={"X-Auth-Token": secrets[name]})
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError:
        pass
"""
# The place in which each must be found, whatever other places show it as well.
_NAMES = {
    "logs": "logs of libraries at DEBUG",
    "syslog": "syslog",
    "left": LEFT,
    "temporary": TEMPORARY,
    "process": PROCESSES,
    "cloud": REQUESTS,
    "stranger": STRANGER,
}
_OF_SOURCE = (EVENTS, SOURCE_LOG)


def leaks() -> dict[str, Secret]:
    """Return a secret for each place; those without a name of their own are shown by a task."""
    names = {place: name for name, place in _NAMES.items()}
    return {
        place: Secret(f"leak on purpose: {place}", f"Leak-{names.get(place, number)}-{_MARK}")
        for number, place in enumerate(PLACES)
    }


def plant_leaks(plants: list[Plant]) -> dict[Plant, Secret]:
    """Return a secret for each plant, which a task shows in the same place of the same options."""
    return {plant: Secret(f"leak on purpose: {plant.kind}: {plant.name}", plant.text("Leak-plant")) for plant in plants}


def leaking_arguments(plants: list[Plant]) -> list[dict[str, Any]]:
    """For the event source: arguments that are shown as they are."""
    of_places = [leaks()[place].text for place in _OF_SOURCE]
    shown = [plant.make(secret.text) for plant, secret in plant_leaks(plants).items() if plant.kind == SOURCE]
    return [{"leak on purpose": each} for each in [*of_places, *shown]]


def write_leaks(run: Run, cloud: str, stranger: str, plants: list[Plant]) -> None:
    """Write the playbook and the inventory that leak them all."""
    planted = leaks()
    others = (*_NAMES.values(), *_OF_SOURCE)
    shown = " ".join(secret.text for place, secret in planted.items() if place not in others)
    # As text: Ansible shows no name that begins with "_ansible".
    options = [
        json.dumps(plant.make(secret.text)) for plant, secret in plant_leaks(plants).items() if plant.kind != SOURCE
    ]
    given = {
        "cloud": cloud,
        "stranger": stranger,
        "secrets": {name: planted[place].text for name, place in _NAMES.items()},
    }
    (run.inputs / "leak.py").write_text(_SCRIPT, encoding="utf-8")
    (run.inputs / "leak.json").write_text(json.dumps(given), encoding="utf-8")
    tasks: list[dict[str, Any]] = [
        {"name": "Show", "ansible.builtin.debug": {"msg": shown}, "register": "registered_0"},
        {"name": "Show options", "ansible.builtin.debug": {"msg": options}},
        {"name": "Remember", "ansible.builtin.set_fact": {"kept": shown, "cacheable": True}},
        {
            "name": "Write",
            "ansible.builtin.copy": {
                "content": "{{ registered_0 | to_json }}",
                "dest": str(run.output / "registered.json"),
                "mode": "0600",
            },
        },
        {
            "name": "Report",
            "cloudgate.operations.operation_report": {
                "operations": [{"provider": "openstack", "operation_id": "1", "state": "failed", "reason": shown}],
                "path": str(run.output / REPORT),
            },
        },
        {
            "name": "Leak",
            "ansible.builtin.shell": {"cmd": f"{sys.executable} {run.inputs}/leak.py < {run.inputs}/leak.json"},
        },
    ]
    plays = [{"name": "Leak", "hosts": "all", "gather_facts": False, "tasks": tasks}]
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    (run.inputs / "play.yml").write_text(json.dumps(plays), encoding="utf-8")
    (run.inputs / "inventory.yml").write_text(json.dumps({"all": {"hosts": {"leaking": host}}}), encoding="utf-8")
