# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The APIs of no cloud: in the style of google.longrunning and of Azure."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from simulator import Simulator
from simulator_tests.helpers import Clock

VERSION = "?api-version=2024-07-01"


class Caller:
    """One logged-in user of one API."""

    def __init__(self, sim: Simulator, name: str) -> None:
        self.facts: dict[str, Any] = sim.services[name]
        self.headers = {"Authorization": f"Bearer {self.facts['token']}"}

    def call(self, method: str, path: str, simulate: str = "") -> requests.Response:
        url = path if path.startswith("http") else self.facts["endpoint"] + path
        return requests.request(method, url, headers={**self.headers, "X-Simulate": simulate}, timeout=5)


@pytest.fixture
def google(sim: Simulator) -> Caller:
    return Caller(sim, "google")


@pytest.fixture
def azure(sim: Simulator) -> Caller:
    return Caller(sim, "azure")


def restart(google: Caller, simulate: str = "") -> dict[str, Any]:
    answer = google.call("POST", f"/v1/{google.facts['resource']}:restart", simulate)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_operation_is_done_and_has_a_response(google: Caller, clock: Clock) -> None:
    begun = restart(google, "duration=10")
    assert set(begun) == {"name", "metadata"}
    clock.advance(10)
    finished = google.call("GET", f"/v1/{begun['name']}").json()
    assert finished["done"] is True and finished["response"]["name"] == google.facts["resource"]
    assert "error" not in finished and finished["metadata"]["endTime"] > finished["metadata"]["createTime"]
    assert google.call("GET", "/v1/operations").json() == {"operations": [finished]}


@pytest.mark.parametrize(("simulate", "code"), [("fail", 13), ("fail=canceled", 1)])
def test_an_operation_is_done_and_has_an_error(google: Caller, clock: Clock, simulate: str, code: int) -> None:
    name = restart(google, simulate)["name"]
    clock.advance(1)
    finished = google.call("GET", f"/v1/{name}").json()
    assert finished["done"] is True and finished["error"]["code"] == code and "response" not in finished


def test_requests_that_google_refuses(google: Caller) -> None:
    assert google.call("GET", f"/v1/{google.facts['resource']}").json()["state"] == "READY"
    assert google.call("GET", "/v1/operations/nothing").json()["error"]["status"] == "NOT_FOUND"
    assert google.call("GET", "/v1/nothing").status_code == 404
    assert google.call("POST", f"/v1/{google.facts['resource']}:explode").status_code == 404
    assert google.call("POST", f"/v1/{google.facts['resource']}:restart", "nonsense").status_code == 400
    google.headers["Authorization"] = "Bearer wrong"
    assert google.call("GET", "/v1/operations").json()["error"]["status"] == "UNAUTHENTICATED"


def test_the_accepted_request_names_the_operation_and_when_to_ask(azure: Caller, clock: Clock) -> None:
    begun = azure.call("POST", f"{azure.facts['resource']}/restart{VERSION}", "duration=10")
    assert (begun.status_code, begun.content, begun.headers["Retry-After"]) == (202, b"", "2")
    clock.advance(5)
    running = azure.call("GET", begun.headers["Azure-AsyncOperation"])
    assert (running.status_code, running.headers["Retry-After"]) == (200, "2")
    assert (running.json()["status"], running.json()["percentComplete"]) == ("InProgress", 50)
    assert azure.call("GET", begun.headers["Location"]).status_code == 202
    clock.advance(5)
    finished = azure.call("GET", begun.headers["Azure-AsyncOperation"])
    assert finished.json()["status"] == "Succeeded" and "error" not in finished.json()
    assert "Retry-After" not in finished.headers
    assert azure.call("GET", begun.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("simulate", "status", "code"),
    [("fail", "Failed", "VMRestartTimedOut"), ("fail=canceled", "Canceled", "OperationPreempted")],
)
def test_a_failed_operation_has_an_error(azure: Caller, clock: Clock, simulate: str, status: str, code: str) -> None:
    begun = azure.call("POST", f"{azure.facts['resource']}/restart{VERSION}", simulate)
    clock.advance(1)
    finished = azure.call("GET", begun.headers["Azure-AsyncOperation"]).json()
    assert (finished["status"], finished["error"]["code"]) == (status, code)


def test_a_name_and_a_password_do_too(azure: Caller) -> None:
    url = f"{azure.facts['endpoint']}{azure.facts['resource']}{VERSION}"
    pair = (azure.facts["username"], azure.facts["password"])
    assert requests.get(url, auth=pair, timeout=5).json()["properties"]["provisioningState"] == "Succeeded"
    wrong = requests.get(url, auth=(pair[0], "wrong"), timeout=5)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "AuthenticationFailed")


def test_google_has_no_passwords(google: Caller) -> None:
    url = f"{google.facts['endpoint']}/v1/operations"
    assert requests.get(url, auth=("", ""), timeout=5).status_code == 401


def test_requests_that_azure_refuses(azure: Caller) -> None:
    assert azure.call("GET", azure.facts["resource"]).json()["error"]["code"] == "MissingApiVersionParameter"
    assert azure.call("GET", f"/nothing{VERSION}").json()["error"]["code"] == "ResourceNotFound"
    begun = azure.call("POST", f"{azure.facts['resource']}/restart{VERSION}").headers["Azure-AsyncOperation"]
    assert azure.call("GET", begun.replace("?", "0?")).json()["error"]["code"] == "NotFound"
    assert azure.call("POST", f"{azure.facts['resource']}/restart{VERSION}", "nonsense").status_code == 400


def test_operations_can_be_added_and_are_forgotten(sim: Simulator, google: Caller, azure: Caller) -> None:
    begun = azure.call("POST", f"{azure.facts['resource']}/restart{VERSION}").headers["Azure-AsyncOperation"]
    added = sim.add_operation("azure", "restart", fail="canceled", started=100)
    url = begun.replace(begun.rsplit("/", maxsplit=1)[-1], added["operation_id"] + VERSION)
    assert azure.call("GET", url).json()["status"] == "Canceled"
    added = sim.add_operation("google", "restart", started=100)
    assert google.call("GET", f"/v1/operations/{added['operation_id']}").json()["done"] is True
    sim.reset()
    assert google.call("GET", "/v1/operations").json() == {"operations": []}
