# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx_setup, with the real modules of awx.awx, which check their arguments, against AWX's API."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from awx.conftest import EVERY_LOGIN, EXTENSION, SECRETS, SETTINGS, Run, good, set_up
from awx.controller import Controller

# AWX treats a file with such a line as a playbook.
PLAYBOOK_LINE = re.compile(r"^\s*?-?\s*?(?:hosts|(ansible\.builtin\.)?import_playbook):\s*?.*?$", re.MULTILINE)


def loaded(name: str) -> dict[str, Any]:
    """Return a data file, with the text that only Ansible needs parsed, too."""
    text = (EXTENSION / name).read_text(encoding="utf-8").replace("!unsafe ", "")
    return dict(yaml.safe_load(text))


def test_all_is_made(controller: Controller, first_runs: list[Run]) -> None:
    output = "".join(good(run) for run in first_runs)
    names = {
        kind: sorted(each.get("name") or each["identifier"] for each in items)
        for kind, items in controller.things.items()
    }
    types = [each["name"] for each in loaded("credential_types.yml")["awx_credential_types"]]
    assert names == {
        "organizations": ["Default"],
        "credential_types": sorted([*types, "OpenStack"]),
        "credentials": ["otc", "production"],
        "execution_environments": ["cloudgate"],
        "inventories": ["cloudgate"],
        "projects": ["cloudgate"],
        "project_updates": ["cloudgate"],
        "job_templates": [
            "cloudgate gate otc",
            "cloudgate gate production",
            "cloudgate go on",
            "cloudgate start",
            "cloudgate stay shut",
        ],
        "workflow_job_templates": ["cloudgate start, gate, go on"],
        "workflow_job_template_nodes": ["gate_1", "gate_2", "gate_3", "go_on", "start", "stay_shut"],
    }
    assert [login_of(controller, f"cloudgate {each}") for each in ("start", "go on", "stay shut")] == [
        ["production"],
        ["production"],
        [],
    ]
    inputs = {
        **SETTINGS["awx_clouds"][0]["inputs"],
        "application_credential_secret": SECRETS["CLOUD_SECRET"],
    }
    assert controller.named("credentials", "production")["inputs"] == inputs
    assert controller.named("projects", "cloudgate")["scm_url"] == SETTINGS["awx_project_url"]
    assert [secret for secret in SECRETS.values() if secret in output] == []


def login_of(controller: Controller, template: str) -> list[str]:
    """Return the names of the credentials of a template."""
    return [each["name"] for each in controller.linked(controller.named("job_templates", template), "credentials")]


def test_the_starting_template_can_have_its_own_login(every_login: Controller) -> None:
    """A gate needs only the permission to read."""
    node = every_login.named("workflow_job_template_nodes", "gate_1")

    assert [login_of(every_login, f"cloudgate {each}") for each in ("start", "go on")] == [["ecl"]] * 2
    assert every_login.numbered(node["unified_job_template"])["name"] == "cloudgate gate application_credential"


@pytest.mark.parametrize("name", ["production", "otc"])
def test_a_gate_has_the_credential_of_its_cloud_and_offers_its_providers(
    controller: Controller, first_runs: list[Run], name: str
) -> None:
    good(first_runs[-1])
    (cloud,) = [each for each in SETTINGS["awx_clouds"] if each["name"] == name]
    template = controller.named("job_templates", f"cloudgate gate {name}")
    survey = controller.survey(template)
    providers = cloud.get("providers") or loaded("credential_types.yml")["awx_logins"][cloud["login"]]["providers"]

    assert login_of(controller, template["name"]) == [name]
    assert survey
    assert (survey["spec"][0]["choices"], survey["spec"][0]["default"]) == (providers, providers[0])


def test_the_guide_followed_again_changes_nothing(
    controller: Controller, first_runs: list[Run], guide_runs: Callable[[], list[Run]]
) -> None:
    assert len(first_runs) == 2
    before = controller.changes

    again = guide_runs()

    assert [good(run).count("changed=0") for run in again] == [1, 1]
    assert controller.changes == before > 0


def test_no_verbosity_and_no_failure_shows_a_secret(fresh: Controller) -> None:
    """A result shows the item of its loop, so the item must not contain the inputs of the cloud."""
    clouds = [dict(each) for each in SETTINGS["awx_clouds"]]
    clouds[1]["inputs"] = {**clouds[1]["inputs"], "no such field": "x"}

    run = set_up(fresh, {**SETTINGS, "awx_clouds": clouds}, "-vvv")

    assert run.returncode == 2
    assert "no such field is not allowed" in run.stdout
    assert [secret for secret in SECRETS.values() if secret in run.stdout + run.stderr] == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "Give awx_project_url, the URL of a git repository with the files of extensions/awx/project"),
        ({"awx_clouds": [{"name": "a", "login": "ldap"}]}, "openstack, application_credential, access_key, ecl"),
        ({"awx_clouds": [{"login": "ecl"}]}, "each with a name of its own"),
        ({"awx_workflow_cloud": "nowhere"}, "awx_workflow_cloud and awx_start_cloud name clouds of the list"),
        ({"awx_credential": "production", "awx_clouds": []}, "The list replaces awx_credential of 1.0.0"),
        ({"awx_organization": "Elsewhere"}, "AWX has no organization Elsewhere"),
        ({"awx_clouds": [{"name": "a", "login": "openstack"}]}, "no credential of the type of its login for a."),
    ],
)
def test_a_missing_variable_is_one_sentence(
    controller: Controller, first_runs: list[Run], settings: dict[str, Any], said: str
) -> None:
    good(first_runs[-1])

    run = set_up(controller, {**SETTINGS, **settings} if settings else {}, "--tags", "organization")

    assert run.returncode == 2
    assert said in run.stdout.replace("\n", " ")
    assert "Traceback" not in run.stdout + run.stderr


def test_a_credential_that_is_there_is_used(fresh: Controller) -> None:
    """A user can set up the templates without knowing the secret of the credential."""
    kind = fresh.named("credential_types", "OpenStack")
    owner = fresh.named("organizations", "Default")["id"]
    inputs = EVERY_LOGIN["openstack"]
    given = {"name": "of the team", "credential_type": kind["id"], "organization": owner, "inputs": inputs}
    there = fresh.add("credentials", given)
    clouds = [{"name": "production", "login": "openstack", "credential": "of the team"}]

    good(set_up(fresh, {**SETTINGS, "awx_clouds": clouds}))

    assert fresh.linked(fresh.named("job_templates", "cloudgate gate production"), "credentials") == [there]
    assert fresh.things["credentials"] == [there]


def test_each_playbook_of_a_template_is_in_the_project_and_awx_finds_it() -> None:
    data = loaded("templates.yml")
    templates = [*data["awx_job_templates"], data["awx_gate_template"]]

    for template in templates:
        text = (EXTENSION / "project" / template["playbook"]).read_text(encoding="utf-8")
        assert PLAYBOOK_LINE.search(text), template["playbook"]
    assert len(templates) == 4


def test_each_node_has_a_template_and_each_link_a_node_that_is_there_before() -> None:
    data = loaded("templates.yml")
    templates = [each["name"] for each in (*data["awx_job_templates"], data["awx_gate_template"])]
    there: list[str] = []

    for node in data["awx_workflow_nodes"]:
        assert node["job_template"] in templates
        assert set(node.get("success", []) + node.get("failure", [])) <= set(there)
        there.append(node["identifier"])
    assert there[-1] == "start"


def test_the_surveys_offer_every_provider_that_a_credential_can_log_in_to() -> None:
    logins = loaded("credential_types.yml")["awx_logins"].values()

    assert {each for login in logins for each in login["providers"]} == set(PROVIDERS) - {"custom"}


def test_every_login_has_a_type() -> None:
    data = loaded("credential_types.yml")
    types = [each["name"] for each in data["awx_credential_types"]]

    assert [each["type"] for each in data["awx_logins"].values()] == ["OpenStack", *types]


def test_every_type_of_credentials_masks_what_is_secret() -> None:
    types = loaded("credential_types.yml")["awx_credential_types"]
    secrets = {field["id"] for each in types for field in each["inputs"]["fields"] if field.get("secret")}

    assert secrets == {"application_credential_secret", "secret_key", "security_token", "api_secret_key", "password"}
    assert len(types) == 4
    assert all(json.dumps(each["inputs"]).count('"secret"') >= 1 for each in types)


# AWX refuses to change the inputs of a type in use: a change needs a new number in the type's name.
INPUTS = {
    "OpenStack application credential, cloudgate 2": "fe2f868ce8786fbd",
    "Huawei Cloud or Open Telekom Cloud access key, cloudgate 2": "59f219280d24fed6",
    "NTT Enterprise Cloud (ECL), cloudgate 2": "966787d20d35cb8f",
    "Fujitsu K5, cloudgate 2": "6622dbd66d5b3941",
}


def test_the_inputs_of_a_name_never_change() -> None:
    types = loaded("credential_types.yml")["awx_credential_types"]

    assert {
        each["name"]: hashlib.sha256(json.dumps(each["inputs"], sort_keys=True).encode()).hexdigest()[:16]
        for each in types
    } == INPUTS
