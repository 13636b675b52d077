# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of AWX 24 for surveys, answers to surveys, and credential types: which ones AWX refuses.

The rules of a launch, with their places in the source of AWX (tag 24.6.1):

- A user with the role Execute launches with any extra variables. AWX takes those that the survey asks for, and others
  only if the template prompts for variables. It ignores the rest of a job template's launch, and refuses that of a
  workflow (SurveyJobTemplateMixin._accept_or_ignore_variables in awx/main/models/mixins.py;
  JobLaunchSerializer.validate excludes the errors of "prompts", WorkflowJobLaunchSerializer.validate does not,
  awx/api/serializers.py).
- An answer to a required question is demanded, whatever the default (_survey_element_validation in the same file);
  defaults are filled in only after that (_update_unified_job_kwargs). A workflow lists the nodes whose template would
  so refuse what the node knows (WorkflowJobTemplate.node_prompts_rejected in awx/main/models/workflow.py).
- A launch cannot leave out a credential of the template, it can only replace it by one of the same type
  (JobLaunchSerializer.validate).
- What is not prompted for is ignored, also credentials (JobTemplate._accept_or_ignore_job_kwargs in
  awx/main/models/jobs.py). Those that are taken replace credentials of the same type and are added to those of other
  types (UnifiedJobTemplate.create_unified_job in awx/main/models/unified_jobs.py), so two types can set the same
  variable of the environment.
- In a workflow, a job gets the artifacts of the nodes before it and the variables of the workflow, whatever its
  template prompts for; the latter win (WorkflowJobNode.get_job_kwargs in awx/main/models/workflow.py: "WFJT
  extra_vars ignored JobTemplate.ask_variables_on_launch").
- So does a bulk launch, which runs job templates as a workflow without a template. It takes any extra variables, from
  everybody who has Execute on the templates and is a member of an organization (BulkJobLaunchSerializer in
  awx/api/serializers.py), unless the setting BULK_JOB_MAX_LAUNCH is 0.
"""

from __future__ import annotations

import re
from typing import Any

from awx_plugins.interfaces._temporary_private_inject_api import ENV_BLOCKLIST
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
_FILE = re.compile(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?")
_FIELD_KEYS = "type format choices id label help_text multiline secret ask_at_runtime default".split()
_TYPES = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": list,
    "integer": int,
    "float": float,
}
_TEXTS = ("text", "textarea", "password")


class Refused(Exception):
    """AWX would answer 400 with this text."""


def _is(value: Any, kind: type) -> bool:
    """Return whether a value has exactly this type: to Python, true is a number as well."""
    return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)


def _must(holds: bool, text: str) -> None:
    if not holds:
        raise Refused(text)


def check_survey(spec: dict[str, Any]) -> None:
    """Raises Refused."""
    _must(isinstance(spec.get("name"), str) and isinstance(spec.get("description"), str), "name or description")
    _must(isinstance(spec.get("spec"), list) and bool(spec["spec"]), "'spec' doesn't contain any items.")
    for question in spec["spec"]:
        for key, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
            _must(isinstance(question.get(key), kind), f"{key} of {question}")
        _must(question["type"] in _TYPES, f"type of {question}")
        _must(
            not (
                {*question}
                - {
                    "type",
                    "question_name",
                    "question_description",
                    "variable",
                    "required",
                    "default",
                    "choices",
                    "min",
                    "max",
                }
            ),
            f"unknown key in {question}",
        )
        default = question.get("default", "")
        _must(default == "" or _is(default, _TYPES[question["type"]]), f"default of {question}")
        _must(all(isinstance(question.get(key, 0), int) for key in ("min", "max")), f"limits of {question}")
        if question["type"] == "multiplechoice":
            _must(default in question["choices"], f"choices of {question}")
        if default != "" and question["type"] != "multiselect":
            check_answers({"spec": [question]}, {question["variable"]: default})
    variables = [question["variable"] for question in spec["spec"]]
    _must(len(variables) == len(set(variables)), "a variable is asked for twice")


def answer_errors(question: dict[str, Any], answers: dict[str, Any]) -> list[str]:
    """Return what AWX finds wrong with the answer to a question, as its _survey_element_validation."""
    name, kind = question["variable"], question["type"]
    if name not in answers:
        return [f"'{name}' value missing"] if question["required"] else []
    value = answers[name]
    if not _is(value, _TYPES[kind]):
        return [f"Value {value} for '{name}' expected to be of type {kind}."]
    size = len(value) if kind in _TEXTS else value
    if kind in (*_TEXTS, "integer", "float"):
        for limit, beyond in (("min", lambda bound: size < bound), ("max", lambda bound: size > bound)):
            if question.get(limit) not in ("", None) and beyond(question[limit]):
                return [f"'{name}' value {value} is too {'small' if limit == 'min' else 'large'}."]
    given = value if kind == "multiselect" else [value]
    if "choices" in question and not set(given) <= set(question["choices"]):
        return [f"Value {value} for '{name}' expected to be one of {question['choices']}."]
    return []


def check_answers(spec: dict[str, Any], answers: dict[str, Any]) -> None:
    """Raises Refused."""
    errors = [error for question in spec["spec"] for error in answer_errors(question, answers)]
    _must(not errors, " ".join(errors))


def accepted_variables(
    template: dict[str, Any], survey: dict[str, Any] | None, given: dict[str, Any]
) -> dict[str, Any]:
    """Return the variables of a launch that reach the job. Raises Refused for wrong answers of the survey."""
    if survey:
        check_answers(survey, given)
    if template.get("ask_variables_on_launch"):
        return dict(given)
    asked = [question["variable"] for question in (survey or {"spec": []})["spec"]]
    return {name: value for name, value in given.items() if name in asked}


def needed_to_start(survey: dict[str, Any] | None) -> list[str]:
    """Return variables_needed_to_start: those of all required questions, also of those with a default."""
    return [question["variable"] for question in (survey or {"spec": []})["spec"] if question["required"]]


def check_workflow_variables(template: dict[str, Any], survey: dict[str, Any], given: dict[str, Any]) -> None:
    """Raises Refused for a variable that a workflow does not ask for: unlike a job template, it does not ignore it."""
    rejected = given.keys() - accepted_variables(template, survey, given).keys()
    _must(not rejected, f"Variables {', '.join(sorted(rejected))} are not allowed on launch.")


def check_credential_type(given: dict[str, Any]) -> None:
    """Raises Refused."""
    _must(given.get("kind") in ("cloud", "net"), "kind")
    inputs, injectors = given.get("inputs") or {}, given.get("injectors") or {}
    _must(not ({*inputs} - {"fields", "required"}), "inputs")
    ids = [field["id"] for field in inputs["fields"]]
    _must(len(ids) == len(set(ids)) and "tower" not in ids, "field IDs must be unique")
    _must(set(inputs.get("required", [])) <= set(ids), "required")
    for field in inputs["fields"]:
        _must(not ({*field} - {*_FIELD_KEYS}) and bool(field.get("label")), f"field {field}")
        _must(bool(_NAME.fullmatch(field["id"])), f"id of {field}")
        _must(field.get("type", "string") in ("string", "boolean"), f"type of {field}")
    _check_injectors(injectors, ids)


def check_inputs(kind: dict[str, Any], inputs: dict[str, Any]) -> None:
    """Raises Refused for a credential that its type does not allow."""
    known = {field["id"]: bool if field["type"] == "boolean" else str for field in kind["fields"]}
    for name, value in inputs.items():
        _must(name in known and _is(value, known[name]), f"{name} is not allowed, or of another type")
    for name in kind.get("required", []):
        _must(bool(inputs.get(name)), f"{name} required")


def _check_injectors(injectors: dict[str, Any], ids: list[str]) -> None:
    _must(not ({*injectors} - {"file", "env", "extra_vars"}), "injectors")
    labels = list(injectors.get("file", {}))
    _must(all(_FILE.fullmatch(label) for label in labels), "file")
    _must("template" not in labels or len(labels) == 1, "Must use multi-file syntax when injecting multiple files")
    for name in injectors.get("env", {}):
        _must(bool(_NAME.fullmatch(name)), f"Environment variable {name}")
        _must(not name.startswith("ANSIBLE_") and name not in ENV_BLOCKLIST, f"Environment variable {name}")
    filename: Any = {label.partition(".")[2]: "FILE" for label in labels}
    names = {**dict.fromkeys(ids, "EXAMPLE"), "tower": {"filename": filename if "template" not in labels else "FILE"}}
    for kind, templates in injectors.items():
        for name, template in templates.items():
            _must(isinstance(template, str) and (kind != "env" or template.isascii()), f"{name} in {kind}")
            try:
                ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(template).render(names)
            except TemplateError as exc:
                raise Refused(f"{name} in {kind}: {exc}") from exc
