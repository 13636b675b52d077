# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launches through AWX's API with the commands of the guide."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
import requests
from awx.conftest import Run, good
from awx.controller import TOKEN, Controller
from awx.guides import commands, guide
from awx.test_setup import loaded

LAUNCHES = [shlex.split(command) for command in commands("awx") if " launch " in command]


def launch(controller: Controller, kind: str, name: str, body: dict[str, Any] | None = None) -> requests.Response:
    """Launch a template as the awx command does, or read what the API says of its launch."""
    url = f"{controller.url}{controller.named(kind, name)['url']}launch/"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    if body is None:
        return requests.get(url, headers=headers, timeout=30)
    return requests.post(url, headers=headers, json=body, timeout=30)


@pytest.mark.parametrize("words", LAUNCHES, ids=lambda words: words[words.index("launch") + 1])
def test_awx_takes_the_launches_of_the_guide(controller: Controller, first_runs: list[Run], words: list[str]) -> None:
    good(first_runs[-1])
    kind, name = words[words.index("launch") - 1], words[words.index("launch") + 1]
    variables = words[words.index("--extra_vars") + 1]

    answer = launch(controller, kind, name, {"extra_vars": variables})

    assert (answer.status_code, answer.json()["ignored_fields"]) == (201, {}), answer.text


def test_the_guide_launches_both() -> None:
    assert [words[words.index("launch") - 1] for words in LAUNCHES] == ["job_templates", "workflow_job_templates"]


def test_a_required_question_would_refuse_them(controller: Controller, first_runs: list[Run]) -> None:
    """The tests above can fail: the templates of 1.0.0 asked this way, and AWX refuses the launch."""
    good(first_runs[-1])
    template = controller.named("job_templates", "cloudgate gate production")
    survey = controller.surveys[template["url"]]
    demanding = {**survey, "spec": [{**each, "required": "default" in each} for each in survey["spec"]]}
    controller.surveys[template["url"]] = demanding
    try:
        answer = launch(controller, "job_templates", template["name"], {"extra_vars": {"gate_resource_id": "x"}})
        page = launch(controller, "workflow_job_templates", "cloudgate start, gate, go on").json()
    finally:
        controller.surveys[template["url"]] = survey

    assert answer.status_code == 400
    assert "'operation_gate_timeout' value missing" in answer.text
    assert len(page["node_prompts_rejected"]) == 3


def test_only_the_server_is_needed_to_start(controller: Controller, first_runs: list[Run]) -> None:
    good(first_runs[-1])
    pages = [
        launch(controller, kind, each["name"]).json()
        for kind in ("job_templates", "workflow_job_templates")
        for each in controller.things[kind]
    ]

    assert [page["variables_needed_to_start"] for page in pages] == [[]] * 5 + [["start_server"]]
    assert pages[-1]["node_prompts_rejected"] == []


def test_awx_would_mix_two_logins_in_one_template(controller: Controller, first_runs: list[Run]) -> None:
    """A launch can neither replace nor drop a credential of another type, so each cloud needs a template."""
    good(first_runs[-1])
    other = controller.named("credentials", "otc")["id"]

    answer = launch(controller, "job_templates", "cloudgate gate production", {"credentials": [other]})

    assert answer.status_code == 400
    assert "Removing a credential at launch time without replacement is not supported." in answer.text


def test_a_question_with_a_default_is_not_required() -> None:
    data = loaded("templates.yml")
    questions = [*data["awx_gate_template"]["survey"][1:], *data["awx_workflow"]["survey"]["spec"]]

    assert [each["variable"] for each in questions if each["required"]] == ["start_server"]
    assert data["awx_gate_template"]["survey"][0]["required"] is False


def test_the_guide_installs_the_command_with_what_it_needs() -> None:
    """awxkit 24.6.1 imports pkg_resources, which setuptools 82 does not have (ansible/awx issue 16378)."""
    assert "pip install awxkit 'setuptools<81'" in commands("awx")
    assert json.loads(LAUNCHES[1][-1]) == {"start_server": "web-1"}
    assert "setuptools" in guide("awx")
