# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the arguments of a task against the documentation of its module or role."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.mod_args import ModuleArgsParser
from ansible.plugins.loader import action_loader, fragment_loader, module_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.cloudgate.operations.plugins.module_utils._module.definitions import with_named_definitions
from docs.pages import COLLECTION

NESTED = ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers")
INCLUDES = ("ansible.builtin.include_role", "ansible.builtin.import_role")
NAMESPACE = "cloudgate.operations."
# Some collections are not installed here; the AWX tests check what is for AWX.
ELSEWHERE = ("awx.awx.", "openstack.cloud.")
_FREE_FORM = (
    "ansible.builtin.set_fact",
    "ansible.builtin.include_tasks",
    "ansible.builtin.import_tasks",
    "ansible.builtin.command",
    "ansible.builtin.shell",
    "ansible.builtin.add_host",
    "ansible.builtin.meta",
)
_STAND_INS = {"int": 1, "float": 1.0, "bool": True, "dict": {}, "list": []}  # in place of a template's value


def all_tasks(given: Any) -> Iterator[dict[str, Any]]:
    """Yield the tasks in a play, a list of tasks, or a block."""
    for each in given if isinstance(given, list) else []:
        inner = [name for name in NESTED if name in each]
        for name in inner:
            yield from all_tasks(each[name])
        if not inner and "hosts" not in each:
            yield each


def _spec(options: dict[str, Any]) -> dict[str, Any]:
    """Return an argument spec from the documentation of options."""
    spec = {}
    for name, option in (options or {}).items():
        kept = {key: option[key] for key in ("type", "elements", "choices", "aliases", "required") if key in option}
        inner = option.get("suboptions") or option.get("options")
        spec[name] = {"type": "str", **kept, **({"options": _spec(inner)} if inner else {})}
        if isinstance(spec[name].get("choices"), dict):
            spec[name]["choices"] = list(spec[name]["choices"])
    return spec


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and "{{" in value


def _stood_in(value: Any, option: dict[str, Any]) -> Any:
    """Return the value with placeholders for its templates, so that it can be checked."""
    if _is_template(value):
        choices = option.get("choices")
        return choices[0] if choices else _STAND_INS.get(option.get("type", "str"), value)
    inner = option.get("options", {})
    if isinstance(value, dict) and inner:
        return _without_templates(value, inner)
    if isinstance(value, list) and inner:
        return [_without_templates(each, inner) if isinstance(each, dict) else each for each in value]
    return value


def _without_templates(given: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    given = with_named_definitions(given)  # as the modules do before they validate
    by_name = {name: option for each, option in spec.items() for name in [each, *option.get("aliases", [])]}
    return {name: _stood_in(value, by_name.get(name, {})) for name, value in given.items()}


def _checked(given: dict[str, Any], options: dict[str, Any], required: bool = True) -> list[str]:
    spec = _spec(options)
    if not required:
        spec = {name: {**option, "required": False} for name, option in spec.items()}
    return list(ArgumentSpecValidator(spec).validate(_without_templates(given, spec)).error_messages)


@functools.cache
def _documented(module: str) -> dict[str, Any]:
    for loader, kind in ((module_loader, "module"), (action_loader, "action")):
        found = loader.find_plugin_with_context(module)
        path, collection = str(found.plugin_resolved_path), found.plugin_resolved_collection
        if found.resolved and path.endswith(".py"):
            doc = get_docstring(path, fragment_loader, collection_name=collection, plugin_type=kind)[0]
            if doc:
                return dict(doc.get("options") or {})
    raise LookupError(f"{module} has no documentation")


@functools.cache
def _role_options(role: str, tasks_from: str) -> dict[str, Any]:
    file = COLLECTION / "roles" / role.removeprefix(NAMESPACE) / "meta" / "argument_specs.yml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"][tasks_from]["options"])


def wrong_arguments(task: dict[str, Any]) -> list[str]:
    """Return what is wrong with the arguments of a task."""
    module, arguments, _delegate = ModuleArgsParser(task).parse(skip_action_validation=True)
    if module in INCLUDES and str(arguments.get("name", "")).startswith(NAMESPACE):
        prefix = f"{arguments['name'].removeprefix(NAMESPACE)}_"
        given = {name: value for name, value in task.get("vars", {}).items() if name.startswith(prefix)}
        return _checked(given, _role_options(arguments["name"], arguments.get("tasks_from", "gate")))
    if module.startswith(ELSEWHERE) or module in _FREE_FORM:
        return []
    # Options from module_defaults of the block or the environment do not count.
    return _checked(arguments, _documented(module), required=not module.startswith(NAMESPACE))
