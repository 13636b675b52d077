# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The latest operation of a resource is found in the list that the vendor's SDK reads, with the same parameters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from awxkit.api import TentativePage
from awxkit.api.client import Connection
from definition_oracles import automation, azure_google, clouds, machines
from definition_oracles.conftest import Begin
from definition_oracles.oracle import SECRET, Oracle
from google.cloud import compute_v1
from google.oauth2.credentials import Credentials
from hcloud.servers import Server
from scripted import RunModule


def hetzner(oracle: Any) -> None:
    servers = oracle._action._client._parent.servers
    servers.get_actions_list(Server(id=42), sort=["started:desc"], per_page=50)


def compute(oracle: Any) -> None:
    settings: Any = {"credentials": Credentials(SECRET), "transport": "rest",
                     "client_options": {"api_endpoint": oracle.api.url}}  # fmt: skip
    request = {"project": "p", "zone": "z", "order_by": "creationTimestamp desc", "max_results": 500}
    compute_v1.ZoneOperationsClient(**settings).list(request)


def awx(oracle: Any) -> None:
    connection = Connection(oracle.url, verify=False)
    connection.login(token=SECRET)
    TentativePage("/api/v2/jobs/", connection).get(unified_job_template=7, order_by="-id", page_size=200)


def google(oracle: Any) -> None:
    oracle._client.list_operations("projects/p/locations/l", page_size=100)


def droplet(oracle: Any) -> None:
    oracle._client.droplet_actions.list(3164444, per_page=200)


def pipelines(oracle: Any) -> None:
    oracle._project.pipelines.list(order_by="id", per_page=100, get_all=False)


def tasks(oracle: Any) -> None:
    oracle._proxmox.nodes("pve1").tasks.get(source="all", limit=500)


PAGE = {"page": 1, "per_page": 50, "previous_page": None, "next_page": None, "last_page": 1, "total_entries": 1}
# The SDK's list, the resource, and the answer with an operation.
LISTS: list[tuple[type[Oracle], Callable[[Any], None], str, Callable[[Any], Any]]] = [
    (automation.AwxJob, awx, "7", lambda body: {"count": 1, "next": None, "results": [body]}),
    (automation.GitlabPipeline, pipelines, "group%2Fproject", lambda body: [body]),
    (azure_google.Google, google, "projects/p/locations/l", lambda body: {"operations": [body]}),
    (azure_google.GoogleCompute, compute, "p/zones/z", lambda body: {"items": [body]}),
    (clouds.DigitalOcean, droplet, "3164444", lambda body: {"actions": [body["action"]], "links": {}}),
    (clouds.Hetzner, hetzner, "42", lambda body: {"actions": [body["action"]], "meta": {"pagination": PAGE}}),
    (machines.Proxmox, tasks, "pve1", lambda body: {"data": [body["data"]]}),
]


@pytest.mark.parametrize(
    ("kind", "list_with_sdk", "resource_id", "listed"), LISTS, ids=[kind.__name__ for kind, *_rest in LISTS]
)
def test_latest(
    kind: type[Oracle],
    list_with_sdk: Callable[[Any], None],
    resource_id: str,
    listed: Callable[[Any], Any],
    begin: Begin,
    run_module: RunModule,
) -> None:
    oracle = begin(kind)
    oracle.api.others = [(200, {}, listed(kind.cases[0].body))]

    list_with_sdk(oracle)
    asked = oracle.api.sent[-1]
    result = run_module("operation_info", resource_id=resource_id, limit=1, **oracle.options())

    sent = oracle.api.sent[-1]
    assert len(result["operations"]) == 1, result["msg"]
    asked_query = {pair for pair in asked.query if pair[0] not in oracle.unlike}
    assert (sent.path, sent.query) == (asked.path, asked_query)
    assert sent.headers[oracle.credential] == asked.headers[oracle.credential]


def test_latest_of_a_linode(begin: Begin, run_module: RunModule) -> None:
    """The SDK filters by the action as well, and reads the oldest events first."""
    oracle = begin(clouds.Linode)
    asked = next(each for each in oracle.api.sent if each.method == "GET")
    event = clouds.Linode.cases[0].body
    oracle.api.others = [clouds.Linode.listed(event)]

    result = run_module("operation_info", resource_id="7", limit=1, **oracle.options())

    assert [each["operation_id"] for each in result["operations"]] == ["123"], result["msg"]
    sent = oracle.api.sent[-1]
    assert sent.path == asked.path
    wanted = {**json.loads(asked.headers["X-Filter"]), "+order": "desc"}
    del wanted["action"]
    assert json.loads(sent.headers["X-Filter"]) == wanted
