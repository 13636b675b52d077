# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each of the usual mistakes gives one sentence, which names the option, the place and the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.filter.references import references
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils import gate_request
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import checked, plans, watch_options
from scripted import RunModule
from simulated.mistakes.kinds import FILTER, PASSWORD, ROLE, RULEBOOK, WAIT, Mistake, Scene
from simulated.mistakes.table import MISTAKES
from simulator import Simulator

_PYTHON = re.compile(r"NoneType|<class|Traceback|\\b(?:dict|str|int|bool)\\b")


def of_the_filter(value: Any) -> str:
    with pytest.raises(AnsibleFilterError) as refused:
        references(value)
    return str(refused.value)


def of_the_event_source(arguments: dict[str, Any]) -> str:
    given = {name: value for name, value in arguments.items() if value is not None}
    if "groups" in given:
        given = {"groups": [{**given, **group} for group in given.pop("groups")]}

    def prepare() -> None:
        options = checked(given)
        watch_options(options)
        plans(options, {}, lambda _secret: None)

    with pytest.raises(InputError) as refused:
        prepare()
    return refused.value.message


def of_the_module(run_module: RunModule, module: str, options: dict[str, Any]) -> str:
    result = run_module(module, **options)
    assert result["failed"] is True
    return str(result["msg"])


def of_the_role(run_module: RunModule, request: dict[str, Any]) -> str:
    """Return the sentence that the action plugin shows for the role."""
    try:
        arguments = gate_request.arguments(request, {}, check_mode=False)
    except InputError as exc:
        return exc.message
    return gate_request.in_variables(of_the_module(run_module, WAIT, arguments))


def said_to(mistake: Mistake, given: Any, run_module: RunModule) -> str:
    others: dict[str, Callable[[], str]] = {
        FILTER: lambda: of_the_filter(given),
        ROLE: lambda: of_the_role(run_module, given),
        RULEBOOK: lambda: of_the_event_source(given),
    }
    return others.get(mistake.by, lambda: of_the_module(run_module, mistake.by, given))()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_a_mistake_leads_to_its_sentence(
    sim: Simulator, tmp_path: Path, run_module: RunModule, monkeypatch: pytest.MonkeyPatch, mistake: Mistake
) -> None:
    given = mistake.given(Scene(sim, tmp_path))
    if (tmp_path / "clouds.yaml").exists():  # openstacksdk notes its current folder when it is imported
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))

    said = said_to(mistake, given, run_module)

    assert re.fullmatch(".*".join(map(re.escape, mistake.says.split("…"))), said), said
    assert mistake.option in said
    assert mistake.remedy in said
    assert said.startswith(mistake.place)
    assert PASSWORD not in said
    assert not _PYTHON.search(said)


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 40
    assert len({each.name for each in MISTAKES}) == len(MISTAKES)
