# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role Execute gives no access to the secrets of the template's credential."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import yaml
from awx.controller import Controller
from awx.jobs import Awx, Job
from awx.kinds import Item
from awx.rules import Refused
from awx.test_credentials import application_credential, contract
from awx.test_setup import loaded
from simulator import Simulator

WORKFLOW = "cloudgate start, gate, go on"
Begun = dict[str, str]


class Elsewhere:
    """A host of the attacker. heard: the requests to it."""

    def __init__(self) -> None:
        self.heard = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Record the request and refuse it."""
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                outer.heard += f"{self.requestline}\n{self.headers}\n{body}\n"
                self.send_error(401)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_arguments: Any) -> None:
                """Log nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def begun(live: Simulator) -> Begun:
    """Return an operation that is finished."""
    return live.add_operation("openstack", "reboot", started=100)


@pytest.fixture
def gate(live: Simulator, controller: Controller, awx: Awx) -> Iterator[Item]:
    """The gate's template, with an application credential that the user may not use otherwise."""
    kind = controller.named("credential_types", "OpenStack application credential, cloudgate 2")
    inputs = application_credential(live, live.clouds["openstack"])
    credential = controller.add("credentials", {"name": "of the team", "credential_type": kind["id"], "inputs": inputs})
    template = controller.named("job_templates", "cloudgate gate production")
    before, prompts = controller.linked(template, "credentials"), dict(template)
    controller.link(template, "credentials", credential)
    yield template
    template.update(prompts)
    controller.link(template, "credentials", *before)
    controller.things["credentials"].remove(credential)


@pytest.fixture
def own_credential(live: Simulator, elsewhere: Elsewhere, controller: Controller) -> Iterator[Item]:
    """A credential of the user, of a type that also sets OS_AUTH_URL."""
    kind = controller.named("credential_types", "Fujitsu K5, cloudgate 2")
    inputs = {**contract(live, live.clouds["fujitsu"]), "auth_url": f"{elsewhere.url}/v3"}
    credential = controller.add("credentials", {"name": "own", "credential_type": kind["id"], "inputs": inputs})
    yield credential
    controller.things["credentials"].remove(credential)


def variables(job: Job) -> dict[str, Any]:
    """Return the extra variables of a job."""
    text = (job.folder / "env" / "extravars").read_text(encoding="utf-8").replace("!unsafe ", "")
    return dict(yaml.safe_load(text))


def hostile(url: str) -> dict[str, Any]:
    """Variables that would send a login or a token to this host, or run a program."""
    return {
        "operation_gate_connection": {"auth": {"auth_url": f"{url}/v3"}, "endpoint": f"{url}/v2.1"},
        "gate_endpoint": f"{url}/v2.1",
        "operation_gate_groups": [{"provider": "openstack", "connection": {"endpoint": url}, "operations": []}],
        "ansible_python_interpreter": "/bin/false",
    }


def test_no_template_prompts_for_what_hands_out_secrets(controller: Controller, awx: Awx) -> None:
    templates = controller.things["job_templates"] + controller.things["workflow_job_templates"]

    assert len(templates) == 6
    assert all(each["ask_variables_on_launch"] is False for each in templates)
    for template in controller.things["job_templates"]:
        prompts = ("credential", "execution_environment", "scm_branch", "inventory")
        assert [template[f"ask_{prompt}_on_launch"] for prompt in prompts] == [False] * 4


def test_the_surveys_ask_for_nothing_that_names_a_host() -> None:
    data = loaded("templates.yml")
    questions = data["awx_gate_template"]["survey"] + data["awx_workflow"]["survey"]["spec"]
    asked = {question["variable"] for question in questions}

    assert asked == {
        "operation_gate_provider",
        "gate_resource_id",
        "gate_operation_id",
        "gate_since",
        "operation_gate_timeout",
        "operation_gate_on_failure",
        "start_server",
    }


@pytest.mark.parametrize("name", hostile(""))
def test_a_variable_that_no_prompt_asks_for_does_not_reach_the_job(
    live: Simulator, elsewhere: Elsewhere, gate: Item, awx: Awx, begun: Begun, name: str
) -> None:
    answers = {
        "gate_resource_id": begun["resource_id"],
        "gate_operation_id": begun["operation_id"],
        "operation_gate_timeout": 60,
    }
    given = {name: hostile(elsewhere.url)[name]}

    job = awx.launch(gate, {**answers, **given})

    assert name not in variables(job)
    assert elsewhere.heard == ""
    assert job.status == "successful", job.stdout


def test_with_a_prompt_it_would_reach_the_job(elsewhere: Elsewhere, gate: Item, awx: Awx) -> None:
    """The tests above can fail."""
    gate["ask_variables_on_launch"] = True

    job = awx.launch(gate, hostile(elsewhere.url))

    assert hostile(elsewhere.url).items() <= variables(job).items()


def test_a_credential_of_the_user_does_not_lead_the_secret_elsewhere(
    live: Simulator, elsewhere: Elsewhere, gate: Item, own_credential: Item, awx: Awx, begun: Begun
) -> None:
    answers = {"gate_resource_id": begun["resource_id"], "gate_operation_id": begun["operation_id"]}

    job = awx.launch(gate, answers, credentials=(own_credential,))

    assert job.env["OS_AUTH_URL"] == application_credential(live, live.clouds["openstack"])["auth_url"]
    assert elsewhere.heard == ""
    assert job.status == "successful", job.stdout


def test_with_a_prompt_for_credentials_two_types_would_be_mixed(
    elsewhere: Elsewhere, gate: Item, own_credential: Item, awx: Awx
) -> None:
    """AWX adds a credential of another type to that of the template: one names the host, the other has the secret."""
    gate["ask_credential_on_launch"] = True

    job = awx.launch(gate, {}, credentials=(own_credential,))

    assert job.env["OS_AUTH_URL"] == f"{elsewhere.url}/v3"
    assert "OS_APPLICATION_CREDENTIAL_SECRET" in job.env


def test_a_workflow_refuses_variables_that_it_does_not_ask_for(elsewhere: Elsewhere, awx: Awx) -> None:
    """AWX would pass these variables to every job."""
    with pytest.raises(Refused, match="are not allowed on launch"):
        awx.run_workflow(WORKFLOW, {"start_server": "web", **hostile(elsewhere.url)})


@pytest.mark.parametrize("name", ["operation_gate_connection", "gate_endpoint"])
def test_a_bulk_launch_reaches_the_job_and_the_modules_refuse_the_host(
    live: Simulator, elsewhere: Elsewhere, gate: Item, awx: Awx, begun: Begun, name: str
) -> None:
    """AWX does not check the variables of a bulk launch, so the modules do."""
    given = {
        "operation_gate_provider": "openstack",
        "gate_resource_id": begun["resource_id"],
        "gate_operation_id": begun["operation_id"],
        "operation_gate_timeout": 60,
        name: hostile(elsewhere.url)[name],
    }

    job = awx.launch_in_bulk(gate, given)

    assert name in variables(job)
    assert job.status == "failed"
    assert elsewhere.heard == ""
    assert "CLOUDGATE_TRUSTED_HOSTS" in json.dumps(job.artifacts)


def test_the_workflow_passes_its_limit_to_the_gates(
    live: Simulator, controller: Controller, awx: Awx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The template of the gates does not prompt for variables, and publishes the result for the next nodes."""
    seen: dict[str, dict[str, Any]] = {}

    def start(template: Item, given: dict[str, Any], *more: Any) -> Job:
        seen.setdefault(template["name"], given)
        job = Job(awx.folder)
        job.status = "successful"
        job.artifacts = {"operation_gate_operations": [{"operation_id": "req-1"}]}
        return job

    monkeypatch.setattr(awx, "start", start)
    awx.run_workflow(WORKFLOW, {"start_server": "web", "operation_gate_timeout": 7})

    assert seen["cloudgate gate production"] == {
        "operation_gate_operations": [{"operation_id": "req-1"}],
        "start_server": "web",
        "operation_gate_timeout": 7,
    }
