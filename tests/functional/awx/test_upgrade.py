# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An upgrade from the templates of 1.0.0, which its own playbook has set up, by the steps of the guide."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from awx.conftest import OLD, SETTINGS, good, run_playbook, set_up
from awx.controller import TOKEN, Controller
from awx.kinds import Item
from awx.test_launch import launch
from awx.test_setup import loaded

# The awx.yml of 1.0.0's guide.
OLD_SETTINGS = {
    **{name: value for name, value in SETTINGS.items() if name != "awx_clouds"},
    "awx_execution_environment_image": "registry.example.com/you/cloudgate-ee:latest",
    "awx_credential": "production",
    "awx_credential_type": "OpenStack application credential",
    "awx_credential_inputs": SETTINGS["awx_clouds"][0]["inputs"],
}


@pytest.fixture
def old(fresh: Controller) -> Controller:
    """Return an AWX as 1.0.0 sets it up."""
    playbook = str(OLD / "playbooks" / "awx_setup.yml")
    good(run_playbook(fresh, TOKEN, [playbook, "-e", json.dumps(OLD_SETTINGS)]))
    return fresh


def ask(controller: Controller, method: str, item: Item, body: dict[str, Any] | None = None) -> int:
    """Send a request for a thing as the superuser, and return the status of its answer."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return requests.request(method, controller.url + item["url"], headers=headers, json=body, timeout=30).status_code


def test_an_upgrade_by_the_steps_of_the_guide(old: Controller) -> None:
    gate = old.named("job_templates", "cloudgate gate")
    kind = old.named("credential_types", "OpenStack application credential")
    credential = old.named("credentials", "production")
    own = old.add("job_templates", {**gate, "name": "of the team"})
    old.link(own, "credentials", credential)
    types = [dict(each) for each in old.things["credential_types"]]
    refused = launch(old, "job_templates", "cloudgate gate", {"extra_vars": {"gate_resource_id": "x"}})
    assert (refused.status_code, gate["ask_variables_on_launch"]) == (400, True)
    # Why the types have new names.
    inputs = loaded("credential_types.yml")["awx_credential_types"][0]["inputs"]
    assert ask(old, "PATCH", kind, {"inputs": inputs}) == 403

    administrator = old.administrator("Default")
    good(set_up(old, SETTINGS, "--tags", "superuser"))
    good(set_up(old, SETTINGS, "--tags", "organization", token=administrator))

    # The same template, and so its roles and schedules, has its new name, its new credential and no prompts.
    assert old.named("job_templates", "cloudgate gate production") is gate
    assert [each["name"] for each in old.things["job_templates"] if each["name"] == "cloudgate gate"] == []
    assert [gate[f"ask_{name}_on_launch"] for name in ("variables", "credential")] == [False, False]
    (new,) = old.linked(gate, "credentials")
    assert (new["name"], new["credential_type"] != kind["id"]) == ("production", True)
    assert launch(old, "job_templates", gate["name"], {"extra_vars": {"gate_resource_id": "x"}}).status_code == 201
    assert launch(old, "workflow_job_templates", "cloudgate start, gate, go on").json()["node_prompts_rejected"] == []
    assert old.named("execution_environments", "cloudgate")["image"] == SETTINGS["awx_execution_environment_image"]
    # Objects in use are unchanged.
    assert [each for each in old.things["credential_types"] if each in types] == types
    assert old.linked(own, "credentials") == [credential]

    changes = old.changes
    again = [
        set_up(old, SETTINGS, "--tags", "superuser"),
        set_up(old, SETTINGS, "--tags", "organization", token=administrator),
    ]
    assert ["changed=0" in good(run) for run in again] == [True, True]
    assert old.changes == changes

    # Step 5: the old type can go when the old credential has gone.
    assert ask(old, "DELETE", kind) == 403
    assert (ask(old, "DELETE", credential), ask(old, "DELETE", kind)) == (204, 204)

    # Step 6: another organization does not see the image that 1.0.0 gave to one.
    other = {**SETTINGS, "awx_organization": "Second"}
    token = old.administrator("Second")
    hidden = set_up(old, other, "--tags", "organization", token=token)
    assert "AWX lacks cloudgate, or the user of the token may not see it." in hidden.stdout
    assert ask(old, "PATCH", old.named("execution_environments", "cloudgate"), {"organization": None}) == 200
    good(set_up(old, other, "--tags", "organization", token=token))
