# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx_setup, with the real modules of awx.awx, which check their arguments, against AWX's API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from awx.conftest import EXTENSION, SECRET, SETTINGS, Run
from awx.controller import Controller
from awx.rules import Refused, check_answers, check_credential_type, check_survey

# AWX takes a file for a playbook that has such a line.
PLAYBOOK_LINE = re.compile(r"^\s*?-?\s*?(?:hosts|(ansible\.builtin\.)?import_playbook):\s*?.*?$", re.MULTILINE)


def loaded(name: str) -> dict[str, Any]:
    """A file of data; what is text for Ansible's sake is read, too."""
    text = (EXTENSION / name).read_text(encoding="utf-8").replace("!unsafe ", "")
    return dict(yaml.safe_load(text))


def test_all_is_made(controller: Controller, first_run: Run) -> None:
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    names = {
        kind: sorted(each.get("name") or each["identifier"] for each in items)
        for kind, items in controller.things.items()
    }
    types = [each["name"] for each in loaded("credential_types.yml")["awx_credential_types"]]
    assert names == {
        "organizations": ["Default"],
        "credential_types": sorted([*types, "OpenStack"]),
        "credentials": ["production"],
        "execution_environments": ["cloudgate"],
        "inventories": ["cloudgate"],
        "projects": ["cloudgate"],
        "job_templates": ["cloudgate gate", "cloudgate go on", "cloudgate start", "cloudgate stay shut"],
        "workflow_job_templates": ["cloudgate start, gate, go on"],
        "workflow_job_template_nodes": ["gate_1", "gate_2", "gate_3", "go_on", "start", "stay_shut"],
    }
    template = controller.named("job_templates", "cloudgate gate")
    assert controller.linked(template, "credentials") == [controller.named("credentials", "production")]
    inputs = {**SETTINGS["awx_credential_inputs"], "application_credential_secret": SECRET}
    assert controller.named("credentials", "production")["inputs"] == inputs
    assert controller.named("projects", "cloudgate")["scm_url"] == SETTINGS["awx_project_url"]
    assert SECRET not in first_run.stdout + first_run.stderr


def test_a_second_run_changes_nothing(
    controller: Controller, first_run: Run, set_up: Callable[[dict[str, Any]], Run]
) -> None:
    assert first_run.returncode == 0
    before = controller.changes

    again = set_up(SETTINGS)

    assert again.returncode == 0, again.stdout + again.stderr
    assert "changed=0" in again.stdout
    assert controller.changes == before > 0


def test_a_project_without_a_place_is_one_sentence(set_up: Callable[[dict[str, Any]], Run]) -> None:
    run = set_up({})

    assert run.returncode == 2
    assert "Give awx_project_url, the URL of a git repository with the files of extensions/awx/project" in run.stdout


def test_each_playbook_of_a_template_is_in_the_project_and_awx_finds_it() -> None:
    templates = loaded("templates.yml")["awx_job_templates"]

    for template in templates:
        text = (EXTENSION / "project" / template["playbook"]).read_text(encoding="utf-8")
        assert PLAYBOOK_LINE.search(text), template["playbook"]
    assert len(templates) == 4


def test_each_node_has_a_template_and_each_link_a_node_that_is_there_before() -> None:
    data = loaded("templates.yml")
    templates = [each["name"] for each in data["awx_job_templates"]]
    there: list[str] = []

    for node in data["awx_workflow_nodes"]:
        assert node["job_template"] in templates
        assert set(node.get("success", []) + node.get("failure", [])) <= set(there)
        there.append(node["identifier"])
    assert there[-1] == "start"


def test_the_survey_offers_every_provider_that_a_credential_can_log_in_to() -> None:
    (gate,) = [each for each in loaded("templates.yml")["awx_job_templates"] if each["playbook"] == "gate.yml"]
    choices = gate["survey"]["spec"][0]["choices"]

    assert choices == sorted(set(PROVIDERS) - {"custom"})


GOOD_SURVEY = {
    "name": "",
    "description": "",
    "spec": [
        {"question_name": "Seconds", "variable": "seconds", "type": "integer", "required": True, "default": 5, "max": 9}
    ],
}


@pytest.mark.parametrize(
    "broken",
    [
        {"spec": []},
        {"name": None},
        {"question_name": None},
        {"type": "number"},
        {"default": "5"},
        {"default": 10},
        {"max": "9"},
        {"required": "yes"},
        {"type": "multiplechoice", "choices": ["a"], "default": "b"},
        {"color": "red"},
    ],
)
def test_awx_refuses_a_broken_survey(broken: dict[str, Any]) -> None:
    check_survey(GOOD_SURVEY)
    (question,) = GOOD_SURVEY["spec"]
    survey = {**GOOD_SURVEY, **{key: value for key, value in broken.items() if key in GOOD_SURVEY}}
    if not set(broken) & set(GOOD_SURVEY):
        survey["spec"] = [{**dict(question), **broken}]  # type: ignore[call-overload]

    with pytest.raises(Refused):
        check_survey(survey)


@pytest.mark.parametrize("answers", [{"seconds": "5"}, {"seconds": 10}])
def test_awx_refuses_a_broken_answer(answers: dict[str, Any]) -> None:
    check_answers(GOOD_SURVEY, {"seconds": 9})
    check_answers(GOOD_SURVEY, {})

    with pytest.raises(Refused):
        check_answers(GOOD_SURVEY, answers)


@pytest.mark.parametrize(
    "injectors",
    [
        {"env": {"OS_AUTH_URL": "{{ auth_ulr }}"}},
        {"env": {"ANSIBLE_CONFIG": "x"}},
        {"env": {"PATH": "x"}},
        {"file": {"ca_cert": "x"}},
        {"file": {"template": "x", "template.b": "x"}},
        {"env": {"A-B": "x"}},
        {"env": {"OS_CACERT": "{{ tower.filename.other }}"}},
        {"env": {"OS_AUTH_URL": "{{ auth_url"}},
        {"vars": {}},
    ],
)
def test_awx_refuses_a_broken_injector(injectors: dict[str, Any]) -> None:
    fields = [{"id": "auth_url", "label": "URL", "type": "string"}]
    good = {"kind": "cloud", "inputs": {"fields": fields}, "injectors": {"env": {"OS_AUTH_URL": "{{ auth_url }}"}}}
    check_credential_type(good)

    with pytest.raises(Refused):
        check_credential_type({**good, "injectors": injectors})


def test_every_type_of_credentials_masks_what_is_secret() -> None:
    types = loaded("credential_types.yml")["awx_credential_types"]
    secrets = {field["id"] for each in types for field in each["inputs"]["fields"] if field.get("secret")}

    assert secrets == {"application_credential_secret", "secret_key", "security_token", "api_secret_key", "password"}
    assert len(types) == 4
    assert all(json.dumps(each["inputs"]).count('"secret"') >= 1 for each in types)
