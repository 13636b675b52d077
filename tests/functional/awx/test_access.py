# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""awx_setup under AWX's access rules: each user sets up only permitted objects, and organizations stay separate."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from awx.conftest import SETTINGS, Run, good, set_up
from awx.controller import TOKEN, Controller

OWN = ("credentials", "inventories", "projects", "job_templates", "workflow_job_templates")


def test_an_administrator_of_the_organization_cannot_make_types(fresh: Controller) -> None:
    run = set_up(fresh, SETTINGS, token=fresh.administrator("Default"))

    assert run.returncode == 2
    assert "You don't have permission to POST to /api/v2/credential_types/ (HTTP 403)." in run.stdout
    assert [each["name"] for each in fresh.things["credential_types"]] == ["OpenStack"]


def test_without_the_part_of_the_superuser_one_sentence_says_so(fresh: Controller) -> None:
    run = set_up(fresh, SETTINGS, "--tags", "organization", token=fresh.administrator("Default"))

    assert run.returncode == 2
    assert (
        "AWX lacks Huawei Cloud or Open Telekom Cloud access key, cloudgate 2; OpenStack application credential"
        in run.stdout
    )
    assert "cloudgate, or the user of the token may not see it. Let a superuser run awx_setup" in run.stdout
    assert fresh.changes == 0


def test_the_part_of_the_superuser_needs_no_cloud(fresh: Controller) -> None:
    settings = {name: value for name, value in SETTINGS.items() if name.startswith("awx_execution")}

    good(set_up(fresh, settings, "--tags", "superuser"))

    assert [fresh.things[kind] for kind in OWN] == [[]] * 5
    assert fresh.named("execution_environments", "cloudgate").get("organization") is None


def test_a_second_organization_has_the_same_names(controller: Controller, first_runs: list[Run]) -> None:
    good(first_runs[-1])
    token = controller.administrator("Second")
    settings: dict[str, Any] = {**SETTINGS, "awx_organization": "Second"}
    before = {kind: [dict(each) for each in controller.things[kind]] for kind in OWN}
    try:
        good(set_up(controller, settings, "--tags", "organization", token=token))
        changes = controller.changes
        again = set_up(controller, settings)  # the superuser sees both organizations

        assert "changed=0" in good(again)
        assert controller.changes == changes
        owner = controller.named("organizations", "Second")["id"]
        template = controller.named("job_templates", "cloudgate gate production", "Second")
        project, inventory = (controller.numbered(template[name]) for name in ("project", "inventory"))
        (credential,) = controller.linked(template, "credentials")
        assert [each["organization"] for each in (project, inventory, credential)] == [owner] * 3
        (workflow,) = [each for each in controller.things["workflow_job_templates"] if each["organization"] == owner]
        nodes = controller.nodes(workflow)
        assert {controller.numbered(node["unified_job_template"])["organization"] for node in nodes} == {owner}
        for kind in OWN:
            assert [each for each in controller.things[kind] if each["organization"] != owner] == before[kind]
    finally:
        remove_organization(controller, "Second")


def remove_organization(controller: Controller, name: str) -> None:
    """Forget what belongs to an organization, for the tests that come after."""
    owner = controller.named("organizations", name)["id"]
    gone = [
        each["id"]
        for kind, items in controller.things.items()
        for each in items
        if each["id"] == owner or controller.owner(kind, each).get("organization") == owner
    ]
    for items in controller.things.values():
        items[:] = [each for each in items if each["id"] not in gone]


def test_a_user_sees_nothing_of_another_organization(controller: Controller, first_runs: list[Run]) -> None:
    """The tests above can fail."""
    good(first_runs[-1])
    headers = {"Authorization": f"Bearer {controller.administrator('Third')}"}
    try:
        counts = [
            requests.get(f"{controller.url}/api/v2/{kind}/", headers=headers, timeout=30).json()["count"]
            for kind in (*OWN, "execution_environments", "credential_types")
        ]
    finally:
        remove_organization(controller, "Third")

    assert counts == [0] * 5 + [1, 5]


@pytest.mark.parametrize(
    ("kind", "name", "given", "status"),
    [
        ("credential_types", "OpenStack application credential, cloudgate 2", {"inputs": {"fields": []}}, 403),
        ("credential_types", "OpenStack", {"name": "x"}, 403),
        ("credentials", "production", {"credential_type": 0}, 400),
        ("execution_environments", "cloudgate", {"organization": 1}, 400),
        ("job_templates", "cloudgate start", {"playbook": "nowhere.yml"}, 400),
        ("job_templates", "cloudgate start", {"name": "cloudgate go on"}, 400),
    ],
)
def test_awx_refuses_even_the_superuser(
    controller: Controller, first_runs: list[Run], kind: str, name: str, given: dict[str, Any], status: int
) -> None:
    good(first_runs[-1])
    item = controller.named(kind, name)
    before = dict(item)

    answer = requests.patch(
        controller.url + item["url"], json=given, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
    )

    assert (answer.status_code, item) == (status, before), answer.text
