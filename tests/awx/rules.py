# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX refuses when it is given a survey, the answers to one, or a type of credentials (rules of AWX 24)."""

from __future__ import annotations

import re
from typing import Any

from awx_plugins.interfaces._temporary_private_inject_api import ENV_BLOCKLIST
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
_FILE = re.compile(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?")
_FIELD_KEYS = "type format choices id label help_text multiline secret ask_at_runtime default".split()
_TYPES = {"text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": str, "integer": int,
          "float": float}


class Refused(Exception):
    """AWX would answer 400 with this text."""


def _is(value: Any, kind: type) -> bool:
    """Whether it is of this very type: to Python, true is a number as well."""
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
        _must(not ({*question} - {"type", "question_name", "question_description", "variable", "required", "default",
                                  "choices", "min", "max"}), f"unknown key in {question}")
        default = question.get("default", "")
        _must(default == "" or _is(default, _TYPES[question["type"]]), f"default of {question}")
        _must(all(isinstance(question.get(key, 0), int) for key in ("min", "max")), f"limits of {question}")
        if question["type"] == "multiplechoice":
            _must(default in question["choices"], f"choices of {question}")
        if default != "":
            check_answers({"spec": [question]}, {question["variable"]: default})
    variables = [question["variable"] for question in spec["spec"]]
    _must(len(variables) == len(set(variables)), "a variable is asked for twice")


def check_answers(spec: dict[str, Any], answers: dict[str, Any]) -> None:
    """Raises Refused; what is not answered is left to the survey's defaults."""
    for question in spec["spec"]:
        name, kind = question["variable"], question["type"]
        if name not in answers:
            _must(not question["required"] or "default" in question, f"'{name}' value missing")
            continue
        _must(_is(answers[name], _TYPES[kind]), f"Value {answers[name]} for '{name}' is not {kind}.")
        if kind == "integer":
            low, high = question.get("min", answers[name]), question.get("max", answers[name])
            _must(low <= answers[name] <= high, f"'{name}' value {answers[name]} is too small or too large")
        _must(kind != "multiplechoice" or answers[name] in question["choices"], f"{answers[name]} is no choice")


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
