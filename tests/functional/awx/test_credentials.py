# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the templates "cloudgate gate …", each with a credential of another type, end to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from awx.conftest import EXTENSION
from awx.controller import Controller
from awx.jobs import Awx, Job
from awx.kinds import Item
from simulated.playbook_runs import COLLECTION
from simulator import Simulator

Account = dict[str, Any]


@dataclass(frozen=True)
class Login:
    """A credential for a simulated cloud. operation: the kind of what is waited for; latest: without its id."""

    name: str
    cloud: str
    provider: str
    operation: str
    inputs: Callable[[Simulator, Account], dict[str, Any]]
    endpoint: str = ""
    latest: bool = False


def application_credential(sim: Simulator, account: Account) -> dict[str, Any]:
    """With TLS, and a certificate authority that only the credential has."""
    names = ("application_credential_id", "application_credential_secret")
    return {
        **{name: account[name] for name in names},
        "auth_url": account["auth_url"].replace(sim.url, sim.tls_url),
        "ca_cert": Path(sim.ca_cert).read_text(encoding="utf-8"),
    }


def access_key(_sim: Simulator, account: Account) -> dict[str, Any]:
    """Without a project: the region's name identifies it."""
    return {name: account[name] for name in ("access_key", "secret_key", "region_name", "iam_endpoint")}


def temporary_access_key(sim: Simulator, account: Account) -> dict[str, Any]:
    """With the endpoint: no simulated cloud is at a host that is documented for its provider."""
    return {
        **account["temporary"],
        "region_name": account["region_name"],
        "project_id": account["project_id"],
        "trusted_hosts": urlsplit(sim.url).netloc,
    }


def api_key(_sim: Simulator, account: Account) -> dict[str, Any]:
    return {
        "auth_url": account["auth_url"],
        "api_key": account["username"],
        "api_secret_key": account["password"],
        "tenant_id": account["project_id"],
        "region_name": account["region_name"],
    }


def contract(_sim: Simulator, account: Account) -> dict[str, Any]:
    return {
        "auth_url": account["auth_url"],
        "username": account["username"],
        "password": account["password"],
        "contract": account["user_domain_name"],
        "project_id": account["project_id"],
        "region_name": account["region_name"],
    }


def built_in(_sim: Simulator, account: Account) -> dict[str, Any]:
    """The domain is that of the user, as in AWX's own form."""
    return {
        "host": account["auth_url"],
        "username": account["username"],
        "password": account["password"],
        "project": account["project_name"],
        "domain": account["user_domain_name"],
        "verify_ssl": True,
    }


LOGINS = {
    "openstack": Login("openstack", "openstack", "openstack", "reboot", built_in, latest=True),
    "application_credential": Login(
        "application_credential", "openstack", "openstack", "reboot", application_credential
    ),
    "huaweicloud": Login("access_key", "huaweicloud", "huaweicloud_job", "rebootServer", access_key, "ecs_endpoint"),
    "otc": Login("access_key", "otc", "otc_ecs", "reboot", temporary_access_key, "endpoint"),
    "ecl": Login("ecl", "ecl", "ecl_vna", "Action", api_key),
    "fujitsu": Login("fujitsu_k5", "fujitsu", "fujitsu_k5", "reboot", contract),
}


@pytest.fixture
def awx(every_login: Controller, tmp_path: Path) -> Awx:
    return Awx(every_login, EXTENSION / "project", COLLECTION.parents[2], tmp_path)


def gate_with(
    controller: Controller, awx: Awx, login: Login, inputs: dict[str, Any], answers: dict[str, Any], endpoint: str = ""
) -> Job:
    """Launch the gate of this login with these inputs. endpoint: among the template's own variables."""
    template = controller.named("job_templates", f"cloudgate gate {login.name}")
    (credential,) = controller.linked(template, "credentials")
    before, variables = credential["inputs"], template["extra_vars"]
    controller.change("credentials", credential, {"inputs": inputs})
    template["extra_vars"] = json.dumps({**json.loads(variables), **({"gate_endpoint": endpoint} if endpoint else {})})
    try:
        return awx.launch(template, answers)
    finally:
        template["extra_vars"] = variables
        credential["inputs"] = before


def secrets(kind: Item, inputs: dict[str, Any]) -> list[str]:
    return [inputs[field["id"]] for field in kind["inputs"]["fields"] if field.get("secret") and field["id"] in inputs]


@pytest.mark.parametrize("name", LOGINS)
def test_a_job_waits_with_the_credential_alone(live: Simulator, every_login: Controller, awx: Awx, name: str) -> None:
    login = LOGINS[name]
    account = live.clouds[login.cloud]
    inputs = login.inputs(live, account)
    begun = live.add_operation(login.cloud, login.operation, started=100)
    answers = {
        "operation_gate_provider": login.provider,
        "gate_resource_id": begun["resource_id"],
        "gate_operation_id": "" if login.latest else begun["operation_id"],
        "operation_gate_timeout": 60,
        "gate_since": "2026-01-01T00:00:00Z" if login.latest else "",
    }
    endpoint = account[login.endpoint] if login.endpoint else ""

    job = gate_with(every_login, awx, login, inputs, answers, endpoint)

    assert job.status == "successful", job.stdout
    published = job.artifacts["operation_gate"]
    assert (published["succeeded"], published["finished"], published["failure"]) == (True, True, {})
    (waited,) = [
        event["event_data"]["res"]
        for event in job.events
        if event["event"] == "runner_on_ok"
        and event["event_data"]["task_action"] == "cloudgate.operations.wait_for_operation"
    ]
    assert [each["operation_id"] for each in waited["operations"]] == [begun["operation_id"]]
    template = every_login.named("job_templates", f"cloudgate gate {login.name}")
    (credential,) = every_login.linked(template, "credentials")
    hidden = secrets(every_login.numbered(credential["credential_type"]), inputs)
    tokens = {request["headers"].get("X-Auth-Token") for request in live.requests} - {None}
    kept = job.kept()
    assert hidden
    assert {"job_env", "stdout", "rc"} <= kept.keys()
    assert [file for file, text in kept.items() for secret in (*hidden, *tokens) if secret in text] == []


def test_a_job_with_a_wrong_secret_says_so_and_does_not_show_it(
    live: Simulator, every_login: Controller, awx: Awx
) -> None:
    login = LOGINS["ecl"]
    inputs = {**api_key(live, live.clouds["ecl"]), "api_secret_key": "a-mistyped-secret"}

    job = gate_with(
        every_login,
        awx,
        login,
        inputs,
        {
            "operation_gate_provider": "ecl_compute",
            "gate_resource_id": live.clouds["ecl"]["server_ids"][0],
            "gate_since": "2000-01-01T00:00:00Z",
        },
    )

    assert job.status == "failed"
    assert job.artifacts["operation_gate"]["failure"]["kind"] == "auth"
    assert [file for file, text in job.kept().items() if "a-mistyped-secret" in text] == []


def test_a_survey_without_an_answer_is_one_sentence(every_login: Controller, awx: Awx) -> None:
    job = awx.launch(every_login.named("job_templates", "cloudgate gate openstack"), {})

    assert job.status == "failed"
    assert "Nothing to wait for: give operation_gate_provider and operation_gate_operations" in job.stdout


def test_the_latest_operation_needs_a_time(live: Simulator, every_login: Controller, awx: Awx) -> None:
    """The latest operation may be a week old."""
    login = LOGINS["fujitsu"]
    begun = live.add_operation("fujitsu", "reboot", started=7 * 86400)

    job = gate_with(
        every_login,
        awx,
        login,
        contract(live, live.clouds["fujitsu"]),
        {"operation_gate_provider": "fujitsu_k5", "gate_resource_id": begun["resource_id"]},
    )

    assert job.status == "failed"
    assert "needs since, as an older operation could match" in job.artifacts["operation_gate"]["failure"]["message"]


def test_braces_in_an_answer_are_text(live: Simulator, every_login: Controller, awx: Awx) -> None:
    """AWX marks answers of a survey as unsafe, and the gate keeps the mark."""
    login = LOGINS["fujitsu"]
    inputs = contract(live, live.clouds["fujitsu"])

    job = gate_with(
        every_login,
        awx,
        login,
        inputs,
        {
            "operation_gate_provider": "fujitsu_k5",
            "gate_operation_id": "x",
            "gate_resource_id": "{{ lookup('ansible.builtin.env', 'OS_PASSWORD') }}",
        },
    )

    assert job.status == "failed"
    assert inputs["password"] not in "".join(job.kept().values())
    assert not [each for each in live.requests if inputs["password"] in each["path"]]
