# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every code block of the documentation is valid: tasks, plays, commands, files."""

from __future__ import annotations

import ast
import configparser
import copy
import json
import subprocess
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from docs.arguments import ELSEWHERE, NESTED, all_tasks, wrong_arguments
from docs.pages import COLLECTION, PAGES, Block, blocks

BLOCKS = [block for page in PAGES for block in blocks(page)]


def _elsewhere_stood_in(given: Any) -> Any:
    """Return the tasks with a stand-in for each module that is not installed, and without defaults for such modules."""
    for task in given:
        defaults = task.get("module_defaults") or {}
        for name in [each for each in defaults if each.removeprefix("group/").startswith(ELSEWHERE)]:
            del defaults[name]
        for name in NESTED:
            _elsewhere_stood_in(task.get(name) or [])
        for name in [each for each in task if each.startswith(ELSEWHERE)]:
            task["ansible.builtin.debug"] = task.pop(name) and {"msg": name}
    return given


def check_tasks(given: list[dict[str, Any]]) -> None:
    """A play, or tasks that could be in one."""
    plays = given if any("hosts" in each for each in given) else [{"hosts": "localhost", "tasks": given}]
    for play in plays:
        if "import_playbook" not in " ".join(play):
            Play.load(_elsewhere_stood_in([copy.deepcopy(play)])[0], loader=DataLoader())
    assert [wrong for task in all_tasks(given) for wrong in wrong_arguments(task)] == []


def check_rulebook(given: list[dict[str, Any]]) -> None:
    """Do nothing with a rulebook: the tests of the event source run one."""
    for ruleset in given:
        assert {"name", "hosts", "sources", "rules"} <= set(ruleset)
        for rule in ruleset["rules"]:
            assert {"name", "condition"} <= set(rule) and {"action", "actions"} & set(rule)


def check_yaml(text: str) -> None:
    documents = list(yaml.safe_load_all(text))
    for given in documents:
        if isinstance(given, list) and any("sources" in each for each in given):
            check_rulebook(given)
        elif isinstance(given, list) and all(isinstance(each, dict) and "name" in each for each in given):
            check_tasks(given)
        else:
            assert isinstance(given, (dict, list)) and given


def check_shell(text: str) -> None:
    checked = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def check_console(text: str) -> None:
    """Check that commands follow a dollar sign, and their output does not."""
    lines = text.splitlines()
    typed = [line[2:] for line in lines if line.startswith(("$ ", "> "))]
    assert typed and lines[0].startswith("$ ")
    check_shell("\n".join(typed))


def check_python(text: str) -> None:
    """An excerpt that names its file is a part of that file."""
    first, _newline, rest = text.partition("\n")
    if first.startswith("# ") and first.endswith(".py"):
        source = (COLLECTION / first[2:]).read_text(encoding="utf-8")
        indented = [textwrap.indent(rest, " " * depth).rstrip() for depth in (0, 4, 8)]
        assert any(each in source for each in indented), f"{first[2:]} reads otherwise"
    else:
        ast.parse(text)


def check_ini(text: str) -> None:
    parser = configparser.ConfigParser(allow_no_value=True, delimiters=("=",), interpolation=None)
    parser.read_string(text)
    assert parser.sections()


def check_text(text: str) -> None:
    """Check that the output of a screen is not empty."""
    assert text.strip()


CHECKS: dict[str, Callable[[str], None]] = {
    "yaml": check_yaml,
    "shell": check_shell,
    "bash": check_shell,
    "console": check_console,
    "python": check_python,
    "ini": check_ini,
    "json": lambda text: check_text(str(json.loads(text))),
    "text": check_text,
}


def test_there_are_blocks_of_all_these_kinds() -> None:
    assert {block.language for block in BLOCKS} >= {"yaml", "shell", "console", "python", "text"}
    assert len(BLOCKS) > 50


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_what_it_says(block: Block) -> None:
    assert block.language in CHECKS, f"say what this is: {', '.join(CHECKS)}"

    CHECKS[block.language](block.text)


@pytest.mark.parametrize(
    ("wrong", "task"),
    [
        ("time_out", {"cloudgate.operations.wait_for_operation": {"provider": "openstack", "time_out": 3}}),
        ("closedstack", {"cloudgate.operations.wait_for_operation": {"provider": "closedstack"}}),
        ("wait_for_operations", {"cloudgate.operations.wait_for_operations": {"provider": "openstack"}}),
        ("when_ever", {"when_ever": "now", "ansible.builtin.debug": {"msg": "Hello"}}),
        (
            "one of: all, any",
            {
                "ansible.builtin.include_role": {"name": "cloudgate.operations.operation_gate"},
                "vars": {"operation_gate_wait_for": "some"},
            },
        ),
    ],
)
def test_a_wrong_task_is_found(wrong: str, task: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=wrong):
        check_yaml(yaml.safe_dump([{"name": "Wait", **task}], sort_keys=False))


def test_a_wrong_command_and_a_wrong_excerpt_are_found() -> None:
    with pytest.raises(AssertionError):
        check_console("$ if true\n")
    with pytest.raises(AssertionError, match="reads otherwise"):
        check_python("# plugins/module_utils/_providers/described/ecl.py\nVNA = 1\n")
