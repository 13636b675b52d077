# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs of Azure and Google, which have one form of operation for many services."""

from __future__ import annotations

import json
import time
from typing import Any, ClassVar

from azure.core import PipelineClient
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RequestIdPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest
from azure.mgmt.core.polling.arm_polling import ARMPolling
from definition_oracles.oracle import FAILED, RUNNING, SECRET, SUCCEEDED, Case, Oracle, waited
from google.api_core.exceptions import GoogleAPICallError
from google.api_core.operation import from_gapic
from google.api_core.operations_v1 import AbstractOperationsClient
from google.api_core.operations_v1.transports import OperationsRestTransport
from google.cloud import compute_v1
from google.longrunning import operations_pb2
from google.oauth2.credentials import Credentials
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from google.rpc import status_pb2
from scripted import Answer

VM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1"
OPERATION = "/subscriptions/s/providers/Microsoft.Compute/locations/l/operations/9f1?api-version=2024-07-01"


class _Token:
    def get_token(self, *_scopes: str, **_more: Any) -> AccessToken:
        return AccessToken(SECRET, int(time.time()) + 3600)


class Azure(Oracle):
    """The SDK refuses to send a token over plain HTTP."""

    definition = "azure"
    tls = True
    method = "POST"
    error: ClassVar[dict[str, Any]] = {"code": "Conflict", "message": "busy"}
    cases = (
        *(Case(word, {"status": word, "percentComplete": 12.5}, RUNNING) for word in ("InProgress", "Accepted", "new")),
        Case("Succeeded", {"id": OPERATION, "name": "9f1", "status": "Succeeded"}, SUCCEEDED),
        Case("succeeded", {"status": "succeeded"}, SUCCEEDED),
        Case("Failed", {"status": "Failed", "error": error}, FAILED),
        Case("Canceled", {"status": "Canceled"}, FAILED),
    )

    def started(self) -> Answer:
        return 202, {"Azure-AsyncOperation": self.url + OPERATION, "Retry-After": "1"}, None

    def start(self) -> None:
        bearer = BearerTokenCredentialPolicy(_Token(), "https://management.azure.com/.default")
        transport = RequestsTransport(connection_verify=self.ca)
        client: Any = PipelineClient(self.url, policies=[RequestIdPolicy(), bearer], transport=transport)
        request = HttpRequest(self.method, f"{self.url}{VM}?api-version=2024-07-01", json={})
        self._first = client.send_request(request, _return_pipeline_response=True)
        self._client = client

    def verdict(self) -> str:
        # The final request for the result is not part of the verdict.
        polling = ARMPolling(timeout=1, lro_options={"final-state-via": "azure-async-operation"})
        polling.initialize(self._client, self._first, lambda response: response)
        return waited(polling.run, (HttpResponseError,), sleeps=1)


class AzureLocation(Azure):
    definition = "azure_location"
    cases = (
        Case("202", None, RUNNING, status=202),
        Case("200", {"value": []}, SUCCEEDED),
        Case("201", {"value": []}, SUCCEEDED, status=201),
        Case("204", None, SUCCEEDED, status=204),
        *(Case(str(code), {"error": Azure.error}, FAILED, status=code) for code in (400, 409, 422)),
    )

    def started(self) -> Answer:
        return 202, {"Location": self.url + OPERATION}, None


class AzureResource(Azure):
    definition = "azure_resource"
    method = "PUT"
    body: ClassVar[dict[str, Any]] = {"id": VM, "type": "Microsoft.Compute/virtualMachines"}
    cases = (
        Case("Updating", {**body, "properties": {"provisioningState": "Updating"}}, RUNNING),
        Case("Succeeded", {**body, "properties": {"provisioningState": "Succeeded"}}, SUCCEEDED),
        Case("absent", {**body, "properties": {}}, SUCCEEDED),
        Case("Failed", {**body, "properties": {"provisioningState": "Failed"}}, FAILED),
        Case("Canceled", {**body, "properties": {"provisioningState": "Canceled"}}, FAILED),
    )

    def started(self) -> Answer:
        return 201, {}, self.cases[0].body

    def references(self) -> list[dict[str, Any]]:
        return [{"operation_id": f"{self.url}{VM}?api-version=2024-07-01"}]


def _lro(name: str, state: str, sdk: str = "", **more: Any) -> Case:
    made = operations_pb2.Operation(name="projects/p/locations/l/operations/operation-1", **more)
    made.metadata.Pack(empty_pb2.Empty())
    return Case(name, MessageToDict(made), state, sdk)


def _packed() -> Any:
    made = operations_pb2.Operation()
    made.response.Pack(empty_pb2.Empty())
    return made.response


class Google(Oracle):
    """The SDK refuses plain HTTP."""

    definition = "google"
    tls = True
    cases = (
        _lro("not done", RUNNING),
        _lro("response", SUCCEEDED, done=True, response=_packed()),
        _lro("error", FAILED, done=True, error=status_pb2.Status(code=9, message="no")),
        _lro("cancelled", FAILED, done=True, error=status_pb2.Status(code=1, message="cancelled")),
        _lro("neither", FAILED, done=True),
    )

    def started(self) -> Answer:
        return 200, {}, self.cases[0].body

    def start(self) -> None:
        """List the operations: each service has an SDK of its own to start one, and all answer in this form."""
        transport = OperationsRestTransport(host=self.api.url.removeprefix("https://"), credentials=Credentials(SECRET))
        transport._session.verify = self.ca
        self._client = AbstractOperationsClient(transport=transport)
        self.api.others = [(200, {}, {"operations": []})]
        self._client.list_operations("projects/p/locations/l")

    def verdict(self) -> str:
        first = operations_pb2.Operation(name="projects/p/locations/l/operations/operation-1")
        operation = from_gapic(first, self._client, empty_pb2.Empty)
        return waited(operation.result, (GoogleAPICallError,)) if operation.done() else RUNNING


def _compute(name: str, state: str, sdk: str = "", **more: Any) -> Case:
    made = compute_v1.Operation(
        kind="compute#operation",
        name="operation-1-a",
        operation_type="reset",
        insert_time="2026-06-01T01:02:03-07:00",
        self_link="{url}/projects/p/zones/z/operations/operation-1-a",
        **more,
    )
    return Case(name, json.loads(compute_v1.Operation.to_json(made, use_integers_for_enums=False)), state, sdk)


_ERROR = compute_v1.Error(errors=[compute_v1.Errors(code="QUOTA", message="full")])
_DONE = compute_v1.Operation.Status.DONE


class GoogleCompute(Oracle):
    """The SDK overlooks an error without an HTTP status."""

    definition = "google_compute"
    base = "/compute/v1"
    cases = (
        _compute("PENDING", RUNNING, status=compute_v1.Operation.Status.PENDING),
        _compute("RUNNING", RUNNING, status=compute_v1.Operation.Status.RUNNING, progress=40),
        _compute("DONE", SUCCEEDED, status=_DONE, progress=100),
        _compute("error", FAILED, SUCCEEDED, status=_DONE, error=_ERROR),
        _compute("error with a status", FAILED, status=_DONE, error=_ERROR, http_error_status_code=403,
                 http_error_message="FORBIDDEN"),
    )  # fmt: skip

    def started(self) -> Answer:
        return 200, {}, json.loads(json.dumps(self.cases[0].body).replace("{url}", self.url))

    def start(self) -> None:
        settings: Any = {"credentials": Credentials(SECRET), "transport": "rest",
                         "client_options": {"api_endpoint": self.api.url}}  # fmt: skip
        client = compute_v1.InstancesClient(**settings)
        # Else the SDK polls compute.googleapis.com, whatever the endpoint of the client is.
        operations = compute_v1.ZoneOperationsClient(**settings)
        client.transport._extended_operations_services["zone_operations"] = operations
        self._operation = client.reset(project="p", zone="z", instance="i")

    def verdict(self) -> str:
        return waited(self._operation.result, (GoogleAPICallError,)) if self._operation.done() else RUNNING
