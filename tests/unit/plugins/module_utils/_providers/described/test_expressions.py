# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in JMESPath are named with the right way to write it, and right expressions are accepted."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.expressions import why_absent

STATES = {"running": ["running"], "succeeded": ["done", "true"], "failed": ["failed"]}


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("done == true && 'done' || 'running'", "has true without backticks, which names a field. Write `true`."),
        ("done == True && 'done' || 'running'", "Write `true`."),
        ("result == null && 'running' || 'done'", "Write `null`."),
        ("!(failed == false)", "Write `false`."),
        ("true", "Write `true`."),
        (
            "status == \"done\" && 'done'",
            "compares with \"done\", which is the name of a field. Write 'done' in single",
        ),
        ("status != \"in-progress\" && 'done'", "Write 'in-progress' in single quotes."),
        ("code == 0 && 'done'", "Write a number in backticks, such as `0`."),
        ("code > -1 && 'done'", "Write a number in backticks"),
        ("done = `true` && 'done'", "Write == to compare."),
        ("done and finished", "Write && for and"),
        ("@odata.id", 'in double quotes, as "@odata.id"'),
        ("Members@odata.count", 'in double quotes, as "@odata.id"'),
        ("odd-name", "in double quotes"),
    ],
)
def test_a_mistake_is_named_with_its_correction(expression: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({"show": "/{operation_id}", "state": expression, "states": STATES})
    assert caught.value.message.startswith("definition.state ")
    assert said in caught.value.message


@pytest.mark.parametrize(
    "expression",
    [
        "done == `true` && (error && 'failed' || 'done') || 'running'",
        "is_true.false_alarm || a.null",
        "\"true\" == `true` && 'done' || 'running'",
        "\"@odata.id\" && 'done' || 'running'",
        "status == 'true' && 'done' || note == '@x-y' && 'null'",
        "results[].code",
        "progress.completed >= `3` && 'done' || 'running'",
        "status == `\"done\"` && 'done'",
    ],
)
def test_a_right_expression_is_accepted(expression: str) -> None:
    assert description_of({"show": "/{operation_id}", "state": expression, "states": STATES}).state == expression


@pytest.mark.parametrize(
    ("expression", "body", "said"),
    [
        ("status", [{"status": "done"}], "The answer is a list: read its first item with [0], or each item with [*]."),
        ("jobs.status", {"jobs": [{"status": "done"}]}, "jobs is a list: read its first item with [0]"),
        ("job.state", {"job": {"status": "x", "id": 1}}, "job has id, status."),
        ("status", {"state": "s3cr3t", "odd key": 1}, "The answer has state."),
        ("status", {}, "The answer has no fields."),
        ("a.b", {"a": "text"}, "a is text, not an object."),
        ("status", "done", "The answer is text, not an object."),
    ],
)
def test_a_field_that_is_absent_is_located(scripted: Callable[..., Any], expression: str, body: Any, said: str) -> None:
    definition = {"show": "/{operation_id}", "state": expression, "states": STATES}
    with pytest.raises(ProtocolError) as caught:
        scripted("custom", {"o1": [body]}, definition=definition).show(Reference("o1"))
    assert f"{expression} is missing. {said}" in caught.value.message
    assert "s3cr3t" not in caught.value.message


def test_only_names_are_located() -> None:
    assert why_absent("a[0].b", {}) == ""
    assert why_absent("a.b", {"a": {"b": {}}}) == "b is a dictionary."
