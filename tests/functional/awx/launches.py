# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's answers to a launch, before anything runs; the rules and their sources are in rules.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awx.kinds import Item
from awx.rules import Refused, accepted_variables, answer_errors, check_workflow_variables, needed_to_start

if TYPE_CHECKING:
    from awx.controller import Controller


def launch_page(controller: Controller, template: Item) -> dict[str, Any]:
    """Return what a GET of the launch says."""
    page: dict[str, Any] = {"variables_needed_to_start": needed_to_start(controller.survey(template))}
    if template["type"] == "workflow_job_template":
        page["node_prompts_rejected"] = rejected_nodes(controller, template)
    return page


def rejected_nodes(controller: Controller, workflow: Item) -> list[int]:
    """Return node_prompts_rejected: the nodes whose template refuses a launch without any answer."""
    rejected = []
    for node in controller.nodes(workflow):
        survey = controller.survey(controller.numbered(node["unified_job_template"])) or {"spec": []}
        if any(answer_errors(question, {}) for question in survey["spec"]):
            rejected.append(node["id"])
    return rejected


def _variables(body: dict[str, Any]) -> dict[str, Any]:
    """Return the extra variables of a launch, an object or JSON."""
    given = body.get("extra_vars") or {}
    return dict(json.loads(given) if isinstance(given, str) else given)


def job_launch(controller: Controller, template: Item, body: dict[str, Any]) -> dict[str, Any]:
    """Launch a job template. Raises Refused."""
    given = _variables(body)
    accepted = accepted_variables(template, controller.survey(template), given)
    reason = controller.projects.why_not(template.get("project"))
    if reason:
        raise Refused(reason)
    _check_credentials(controller, template, body.get("credentials"))
    return {"job": 1, "ignored_fields": {name: given[name] for name in given if name not in accepted}}


def _check_credentials(controller: Controller, template: Item, given: list[int] | None) -> None:
    if given is None:
        return
    kinds = [controller.numbered(number)["credential_type"] for number in given]
    if len(kinds) != len(set(kinds)):
        raise Refused("Cannot assign multiple credentials of a type.")
    for credential in controller.linked(template, "credentials"):
        if credential["id"] not in given and credential["credential_type"] not in kinds:
            raise Refused("Removing a credential at launch time without replacement is not supported.")


def workflow_launch(controller: Controller, workflow: Item, body: dict[str, Any]) -> dict[str, Any]:
    """Launch a workflow. Raises Refused."""
    check_workflow_variables(workflow, controller.survey(workflow) or {"spec": []}, _variables(body))
    return {"workflow_job": 1, "ignored_fields": {}}
