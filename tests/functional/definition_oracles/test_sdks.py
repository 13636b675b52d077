# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A ready-made definition asks what the vendor's SDK asks, with the same credential, and reads the same state."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.definitions.ready import READY
from definition_oracles import automation, azure_google, clouds, machines
from definition_oracles.conftest import Begin
from definition_oracles.oracle import FAILED, PASSWORD, RUNNING, SECRET, SUCCEEDED, USER, Case, Oracle
from definition_oracles.vendors import ORACLES
from google.cloud.compute_v1 import Operation
from hcloud.actions.domain import ActionStatus
from scripted import RunModule, Sent

FAST = {"poll_min": 0.01, "poll_max": 0.01, "timeout": 20}
EACH = [pytest.param(kind, case, id=f"{kind.__name__}-{case.name}") for kind in ORACLES for case in kind.cases]


def case_of(kind: type[Oracle], state: str) -> Case | None:
    return next((case for case in kind.cases if case.state == state and not case.sdk), None)


LOGINS = [kind for kind in ORACLES if kind.login["auth_type"] == "login"]
WAITS = [kind for kind in ORACLES if case_of(kind, SUCCEEDED)]


def ours(run_module: RunModule, module: str, oracle: Oracle, **options: Any) -> tuple[dict[str, Any], list[Sent]]:
    """Run a module, and return its result and its requests."""
    before = len(oracle.api.sent)
    result = run_module(module, **oracle.options(), **options)
    assert [secret for secret in (SECRET, PASSWORD) if secret in json.dumps(result)] == []
    return result, oracle.api.sent[before:]


def reads(sent: Iterable[Sent], oracle: Oracle) -> set[Any]:
    """Return path, query and credential of the requests that read."""
    return {
        (each.path, frozenset(pair for pair in each.query if pair[0] not in oracle.unlike), each.headers.get(name))
        for each in sent
        for name in [oracle.credential]
        if each.method == "GET"
    }


@pytest.mark.parametrize(("kind", "case"), EACH)
def test_state(kind: type[Oracle], case: Case, begin: Begin, run_module: RunModule) -> None:
    oracle = begin(kind)
    (reference,) = oracle.references()
    oracle.script(case)
    before = len(oracle.api.sent)

    verdict = oracle.verdict()
    asked = oracle.api.sent[before:]
    result, sent = ours(run_module, "operation_info", oracle, **reference)

    assert verdict == (case.sdk or case.state)
    (operation,) = result["operations"]
    assert {"pending": RUNNING}.get(operation["state"], operation["state"]) == case.state, operation["reason"]
    assert reads(sent, oracle) <= reads(asked, oracle)
    assert [each for each in sent if each.method == "GET" and oracle.credential not in each.headers] == []


@pytest.mark.parametrize("kind", WAITS)
def test_wait(kind: type[Oracle], begin: Begin, run_module: RunModule) -> None:
    """The answer that the SDK got when it began names the operation."""
    oracle = begin(kind)
    first, last = case_of(kind, RUNNING), case_of(kind, SUCCEEDED)
    assert first
    assert last
    operations = oracle.references()
    oracle.script(last)
    before = len(oracle.api.sent)
    assert oracle.verdict() == SUCCEEDED
    asked = reads(oracle.api.sent[before:], oracle)

    oracle.script(first, first, last)
    result, sent = ours(run_module, "wait_for_operation", oracle, operations=operations, **FAST)

    assert result["succeeded"], result["msg"]
    assert reads(sent, oracle) <= asked


# Operations that the answer names by a URL, by their IDs.
BY_ID: list[tuple[type[Oracle], dict[str, str]]] = [
    (automation.AwxJob, {"operation_id": "15"}),
    (automation.AwxWorkflow, {"operation_id": "15"}),
    (automation.Jenkins, {"operation_id": "25"}),
    (azure_google.GoogleCompute, {"operation_id": "operation-1-a", "resource_id": "p/zones/z"}),
    (clouds.Ionos, {"operation_id": clouds.IONOS_REQUEST}),
    (machines.Redfish, {"operation_id": "42"}),
]


@pytest.mark.parametrize(("kind", "reference"), BY_ID)
def test_an_id_stands_for_the_url(
    kind: type[Oracle], reference: dict[str, str], begin: Begin, run_module: RunModule
) -> None:
    oracle = begin(kind)
    oracle.script(kind.cases[0])
    before = len(oracle.api.sent)
    oracle.verdict()
    asked = oracle.api.sent[before:]

    result, sent = ours(run_module, "operation_info", oracle, **reference)

    assert len(result["operations"]) == 1, result["msg"]
    assert reads(sent, oracle) == reads(asked, oracle)


@pytest.mark.parametrize("kind", ORACLES)
def test_the_cases_have_each_state(kind: type[Oracle]) -> None:
    missing = {RUNNING, SUCCEEDED, FAILED} - {case.state for case in kind.cases}
    assert missing == {"Jenkins": {SUCCEEDED}, "ProxmoxWithTicket": {FAILED}}.get(kind.__name__, set())


def test_each_definition_has_an_sdk_or_the_page_says_that_it_has_none() -> None:
    page = (Path(__file__).parents[3] / "docs/providers/definitions.md").read_text(encoding="utf-8")
    sentence = page.partition("There is no such test of")[2].partition(", whose answers")[0]
    assert sorted(re.findall(r"`(\w+)`", sentence)) == sorted(set(READY) - {kind.definition for kind in ORACLES})


WORDS = [
    (clouds.DigitalOcean, clouds.OCEAN_WORDS),
    (clouds.Hetzner, get_args(ActionStatus)),
    (machines.Vcenter, machines.Status.get_values()),
    (machines.Ontap, machines.ONTAP_WORDS),
    (azure_google.GoogleCompute, [each.name for each in Operation.Status if each.value]),
]


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_the_cases_have_each_word_of_the_sdk(kind: type[Oracle], words: Iterable[str]) -> None:
    assert set(words) <= {case.name for case in kind.cases}


@pytest.mark.parametrize("kind", LOGINS)
def test_login(kind: type[Oracle], begin: Begin, run_module: RunModule) -> None:
    oracle = begin(kind)
    asked = [each for each in oracle.api.sent if each.method == "POST"]
    oracle.script(kind.cases[0])

    _result, sent = ours(run_module, "operation_info", oracle, **oracle.references()[0])

    (login,) = [each for each in sent if each.method == "POST"]
    assert (login.path, values(login), login.headers["Authorization"]) == (
        asked[0].path,
        values(asked[0]),
        asked[0].headers["Authorization"],
    )


def test_login_of_ovh(begin: Begin, run_module: RunModule) -> None:
    """The SDK sends the client in a header, the module in the payload; OAuth2 allows both (RFC 6749, 2.3.1)."""
    oracle = begin(clouds.Ovh)
    asked = oracle.api.sent[0]
    oracle.script(oracle.cases[0])

    _result, sent = ours(run_module, "operation_info", oracle, **oracle.references()[0])

    header = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    assert asked.headers["Authorization"] == f"Basic {header}"
    assert sent[0].path == asked.path
    assert values(sent[0]) == {**values(asked), "client_id": USER, "client_secret": PASSWORD}


def values(sent: Sent) -> Any:
    """Return the payload of a request."""
    return json.loads(sent.body) if sent.body.startswith("{") else dict(parse_qsl(sent.body))
