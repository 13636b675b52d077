# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers that are not providers: times, filters, expressions, definitions, options, slices; and the table of all."""

from __future__ import annotations

import dataclasses
import gc
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.filter import groups, references
from ansible_collections.cloudgate.operations.plugins.module_utils._http.dates import parse_retry_after
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import any_time, format_time, parse_time
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import (
    CONNECTION_SPEC,
    GROUP_SPEC,
    WAIT_SPEC,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._module.number_options import read_durations
from ansible_collections.cloudgate.operations.plugins.module_utils._module.option_types import check_types
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome, WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from ansible_collections.cloudgate.operations.plugins.module_utils._providers import paths
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import DEFINITION_SPEC
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import (
    PROVIDERS,
    check_options,
    info_for,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import Progress
from fuzz import values
from fuzz.bodies import Tally
from fuzz.choices import Choices
from fuzz.connections import clouds_yaml, logins, validated
from fuzz.hostile import TEXTS, TIMES
from fuzz.responses import ENDPOINT, HEADER_VALUES, keystone, login_requests, proxies, wire
from fuzz.truth import STATES, check_error, check_operation, check_shown, demand

gc.enable()  # the modules end soon and do without; the fuzzer's processes go on


class Target:
    """One reader and the results of its inputs. read: reads an input that the choices make, and checks the result."""

    def __init__(self, read: Callable[[Choices], str]) -> None:
        self._read = read
        self.tally = Tally()

    def run(self, data: bytes) -> None:
        """Give it one input."""

        def work() -> None:
            try:
                outcome = self._read(Choices(data))
            except GateError as exc:
                check_error(exc)
                outcome = exc.kind
            self.tally.outcomes[outcome] += 1

        self.tally.time(work)


def times(choices: Choices) -> str:
    """Times and numbers in the place of times."""
    given = values.value(choices) if choices.below(2) else choices.pick(TIMES) + choices.pick(TEXTS)
    for moment in (any_time(given), parse_time(given)):
        if moment is not None:
            demand(moment.utcoffset() == timedelta(0), "a time that is not in UTC")
            demand(parse_time(format_time(moment)) == moment, "a time that is another once written")
            check_shown(format_time(moment))
    wait = parse_retry_after(choices.pick(HEADER_VALUES + TEXTS))
    demand(wait is None or 0 <= wait < float("inf"), f"Retry-After of {wait}")
    return "none" if any_time(given) is None else "time"


def filters(choices: Choices) -> str:
    """Pass registered results to the filters."""
    names = ("operation_id", "resource_id", "latest", "results", "skipped", "url", "status", "json", "server",
             "id", "name",
             "job_id", "provider", "operations", "connection", "x_compute_request_id")  # fmt: skip
    given = [values.nested(choices, names) for _item in range(choices.below(4))]
    reader = references.references if choices.below(2) else groups.groups
    try:
        found = reader(given if choices.below(4) else values.value(choices))
    except AnsibleFilterError as exc:
        demand(str(exc), "an error without a sentence")
        return "refused"
    demand(isinstance(found, list) and all(isinstance(each, dict) for each in found), "no list of references")
    return "list"


def expressions(choices: Choices) -> str:
    """JMESPath and the paths of URLs."""
    if choices.below(2):
        parts = ("a", ".", "[0]", "[]", "[?a]", "||", "&&", "'x'", "`1`", "(", ")", "{", "}", "*", "@", "length(",
                 "to_string(",
                 "sum(", "max_by(", ",", "&a", "\ud800", "\"", "|", "!", " ", "sort(", "keys(", "[::0]",
                 "[-1]")  # fmt: skip
        expression = "".join(choices.pick(parts) for _part in range(1 + choices.below(9))) * (1 + choices.below(3))
        paths.reader(expression, "definition.state")(values.value(choices, 3))
        return "read"
    parts = (
        "/",
        "v1",
        "{operation_id}",
        "{resource_id}",
        "{",
        "}",
        "?",
        "a=",
        "&",
        "..",
        "%2e",
        "#",
        "://",
        " ",
        "\x00",
    )
    template = "".join(choices.pick(parts) for _part in range(choices.below(9)))
    paths.check_template(template, "definition.show", ("operation_id", "resource_id"))
    ids = {"operation_id": values.text(choices), "resource_id": values.text(choices)}
    demand(all(isinstance(part, str) for part in paths.fill(template, ids)[0]), "no segments")
    return "place"


def definitions(choices: Choices) -> str:
    """Definitions of the provider custom."""
    good: dict[str, Any] = {
        "show": "/v1/{operation_id}", "list": "/v1?r={resource_id}", "items": "operations", "id": "name",
        "state": "status", "states": {"succeeded": ["done"], "failed": ["bad"]}, "started_at": "t",
        "steps": {"items": "s", "name": "n", "state": "w"}, "headers": {"X-A": "b"}, "query": {"v": "1"},
        "batch": "/v1?id={operation_ids}", "next": "header:Link",
        "login": {"path": "/login", "json": {"a": {"password": "{password}"}}, "token": "t"},
    }  # fmt: skip
    link = choices.pick(({"follow": {"link": "l", "definition": {"state": "s", "states": {"succeeded": ["x"]}}}},
                         {"moved_to": "header:Location"}))  # fmt: skip
    good.update(link)
    parts = (good, good, good["states"], good["steps"], good["headers"], good["query"], good["login"],
             good["login"]["json"]["a"], *link.values())  # fmt: skip
    for _change in range(choices.below(4)):
        where: Any = choices.pick([part for part in parts if isinstance(part, dict)])
        where[choices.pick((*DEFINITION_SPEC, *where))] = (
            values.text(choices) if choices.below(3) else [values.text(choices)]
        )
    endpoint = choices.pick((ENDPOINT, ENDPOINT, *TEXTS))
    task = validated(GROUP_SPEC, {"provider": "custom", "definition": good, "endpoint": endpoint, "operations": []})
    info = info_for(task)
    check_options(info, task)
    operation_id = choices.pick(("o1", "http://api.example.test/v2.1/o1", *TEXTS))
    reference_from(info, {"operation_id": operation_id, "latest": False})
    return "definition"


def options(choices: Choices) -> str:
    """Read the options of a wait."""
    given = {"operation_id": "req-1", "resource_id": "s1", "provider": "openstack"}
    for _option in range(choices.below(5)):
        given[choices.pick(tuple(name for name in WAIT_SPEC if name != "_slice"))] = values.value(choices)
    spec = dict(CONNECTION_SPEC, **WAIT_SPEC, provider={"type": "str", "choices": list(PROVIDERS)})
    check_types(given, spec)
    task = validated(spec, given)
    read_durations(task, spec)
    WaitOptions.of(task)
    info = info_for(task)
    for named in task["operations"] or [task]:
        reference_from(info, named)
    return "wait"


def slices(choices: Choices) -> str:
    """Pass an operation with any texts from slice to slice, and show it on the screen."""
    fields = {field.name: values.text(choices) for field in dataclasses.fields(Operation) if choices.below(2)}
    for name in ("started_at", "updated_at", "finished_at"):
        fields[name] = any_time(values.value(choices))
    fields.update(
        provider="openstack", state=choices.pick(sorted(STATES)), steps=[], raw=None, retry_after=None, retries=0
    )
    fields["error"] = choices.pick((None, {"code": values.text(choices), "message": values.text(choices)}))
    operation = Operation(**{"operation_id": None, "resource_id": None, **fields})
    check_operation(operation)
    group = GroupState("openstack")
    group.add(Reference("req-1", "s1")).operation = operation
    again = PollState.from_dict(json.loads(json.dumps(PollState([group]).to_dict(), allow_nan=False)))
    demand(again.operations[0].operation.as_dict() == operation.as_dict(), "handing it on changes it")
    check_shown(Outcome([operation]).as_result(WaitOptions(), raw=False))
    check_shown(Progress("host", 30).lines([operation], 5.0))
    return operation.state


TARGETS: dict[str, Callable[[Choices], str]] = {
    "HTTP": wire,
    "proxies": proxies,
    "Keystone": keystone,
    "login requests": login_requests,
    "times": times,
    "filters": filters,
    "expressions": expressions,
    "definitions": definitions,
    "logins": logins,
    "clouds.yaml": clouds_yaml,
    "options": options,
    "slices": slices,
}
SLOW = ("HTTP", "proxies", "Keystone", "login requests", "clouds.yaml", "logins")  # these make a login for each input
