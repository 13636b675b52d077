# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs of clouds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest import mock

import ionoscloud
import ovh
from definition_oracles.oracle import FAILED, PASSWORD, RUNNING, SECRET, SUCCEEDED, UNKNOWN, USER, Case, Oracle, waited
from hcloud import Client
from hcloud.actions import Action, ActionFailedException
from hcloud.actions.client import ActionTimeoutException
from hcloud.servers import Server
from ionoscloud.exceptions import ApiFailedRequest
from ionoscloud.models import RequestStatus, RequestStatusMetadata, RequestTarget
from linode_api4 import EventPoller, Instance, LinodeClient
from linode_api4.polling import EventError
from pydo import Client as PydoClient
from pydo.operations import ActionsOperations
from scripted import Answer, Api


def _hetzner(status: str, state: str, sdk: str = "", **more: Any) -> Case:
    times = {"started": "2026-01-30T23:55:00+00:00", "finished": None}
    body = {
        **dict.fromkeys(Action.__api_properties__),
        **times,
        "id": 4503599627370497,
        "command": "reboot_server",
    }
    return Case(status, {"action": {**body, "progress": 50, "status": status, **more}}, state, sdk)


class Hetzner(Oracle):
    """Hcloud takes each unknown word for a success."""

    definition = "hetzner"
    base = "/v1"
    cases = (
        _hetzner(Action.STATUS_RUNNING, RUNNING),
        _hetzner(Action.STATUS_SUCCESS, SUCCEEDED),
        _hetzner(Action.STATUS_ERROR, FAILED, error={"code": "action_failed", "message": "Action failed"}),
        _hetzner("a new word", UNKNOWN, SUCCEEDED),
    )

    def started(self) -> Answer:
        return 201, {}, self.cases[0].body

    def start(self) -> None:
        client = Client(SECRET, api_endpoint=self.url, poll_max_retries=1)
        self._action = client.servers.reboot(Server(id=42))

    def verdict(self) -> str:
        try:
            return waited(self._action.wait_until_finished, (ActionFailedException,))
        except ActionTimeoutException:
            return RUNNING


def _droplet(status: str, state: str) -> Case:
    body = {"id": 36804636, "type": "reboot", "status": status, "started_at": "2026-11-14T16:29:21Z",
            "completed_at": None, "resource_id": 3164444, "resource_type": "droplet"}  # fmt: skip
    return Case(status, {"action": body}, state)


# The sentence of pydo's documentation that names the words.
OCEAN_WORDS = re.findall(
    r'"([a-z-]+)"', str(ActionsOperations.get.__doc__).partition("status of the action. This can be ")[2][:80]
)


class DigitalOcean(Oracle):
    """Pydo has no waiter and no models; its documentation names the words."""

    definition = "digitalocean"
    tls = True
    unlike = frozenset(("page",))
    cases = (_droplet("in-progress", RUNNING), _droplet("completed", SUCCEEDED), _droplet("errored", FAILED))

    def started(self) -> Answer:
        return 201, {}, self.cases[0].body

    def start(self) -> None:
        self._client = PydoClient(SECRET, endpoint=self.url, connection_verify=self.ca)
        self._action = self._client.droplet_actions.post(3164444, body={"type": "reboot"})["action"]

    def verdict(self) -> str:
        status = self._client.actions.get(self._action["id"])["action"]["status"]
        return {"in-progress": RUNNING, "completed": SUCCEEDED, "errored": FAILED}[status]


IONOS_REQUEST = "3ab5f0d2-7b1c-4a8e-9f00-6f2b1d0c9e11"


def _ionos(status: str, state: str) -> Case:
    target = RequestTarget(target=ionoscloud.models.ResourceReference(id="s", type="server"), status=status)
    metadata = RequestStatusMetadata(status=status, message=f"Request is {status}", targets=[target])
    made = RequestStatus(id=f"{IONOS_REQUEST}/status", type="request-status", metadata=metadata)
    return Case(status, ionoscloud.ApiClient(ionoscloud.Configuration()).sanitize_for_serialization(made), state)


class Ionos(Oracle):
    definition = "ionos"
    base = "/cloudapi/v6"
    cases = (
        _ionos("QUEUED", RUNNING),
        _ionos("RUNNING", RUNNING),
        _ionos("DONE", SUCCEEDED),
        _ionos("FAILED", FAILED),
    )

    def started(self) -> Answer:
        return 202, {"Location": f"{self.url}/requests/{IONOS_REQUEST}/status"}, None

    def start(self) -> None:
        settings = ionoscloud.Configuration(host=self.url, token=SECRET)
        self._client = ionoscloud.ApiClient(settings)
        _data, _status, headers = ionoscloud.ServersApi(self._client).datacenters_servers_reboot_post_with_http_info(
            "d", "s"
        )
        self._request = headers["Location"].split("/")[-2]

    def verdict(self) -> str:
        return waited(lambda: self._client.wait_for_completion(self._request), (ApiFailedRequest,))


def _linode(status: str, state: str) -> Case:
    event = {"id": 123, "action": "linode_reboot", "created": "2026-01-01T00:01:01", "percent_complete": 20,
             "entity": {"id": 7, "type": "linode", "label": "l", "url": "/v4/linode/instances/7"},
             "message": "text", "username": "u", "status": status}  # fmt: skip
    return Case(status, event, state)


class Linode(Oracle):
    """No answer names the event, so both find it: the SDK in a list, and the module by its ID or as the latest."""

    definition = "linode"
    base = "/v4"
    cases = (
        _linode("scheduled", RUNNING),
        _linode("started", RUNNING),
        _linode("finished", SUCCEEDED),
        _linode("notification", SUCCEEDED),
        _linode("failed", FAILED),
    )

    def started(self) -> Answer:
        return 200, {}, {}

    @staticmethod
    def listed(*events: Any) -> Answer:
        """Return the first page of a list."""
        return 200, {}, {"data": list(events), "page": 1, "pages": 1, "results": len(events)}

    def start(self) -> None:
        self.api.others = [self.listed()]
        client = LinodeClient(SECRET, base_url=self.url)
        self._poller = EventPoller(client, "linode", "linode_reboot", entity_id=7)
        Instance(client, 7, {"id": 7}).reboot()

    def references(self) -> list[dict[str, Any]]:
        return [{"operation_id": "123"}]

    def verdict(self) -> str:
        last = self.api.others[-1]
        self.api.others = [self.listed(last[2]), last]  # the SDK reads the list once, then the event
        return waited(self._poller.wait_for_next_event_finished, (EventError,))


# Words of the task of a dedicated server, by OVH's provider for Terraform: any other word is a failure.
OVH_STATES = {"init": RUNNING, "todo": RUNNING, "doing": RUNNING, "done": SUCCEEDED}


class Ovh(Oracle):
    """The SDK logs in and sends requests, but knows no tasks."""

    definition = "ovh"
    base = "/1.0"
    tls = True
    given: ClassVar[dict[str, Any]] = {"resource_id": "ns1.example"}
    cases = tuple(
        Case(word, {"taskId": 77, "function": "hardReboot", "status": word}, OVH_STATES.get(word, FAILED))
        for word in (*OVH_STATES, "cancelled", "customerError", "ovhError", "a new word")
    )

    def __init__(self, api: Api, ca: str) -> None:
        super().__init__(api, ca)
        self._urls = {"ovh-eu": f"{api.url}/auth/oauth2/token"}
        client = {"token_url": self._urls["ovh-eu"], "client_id": USER, "client_secret": PASSWORD, "scope": "all"}
        self.login = {"auth_type": "oauth2", "auth": client}

    def started(self) -> Answer:
        return 200, {}, self.cases[0].body

    def references(self) -> list[dict[str, Any]]:
        return [{"operation_id": "77", "resource_id": "ns1.example"}]

    @contextmanager
    def _urls_and_ca(self) -> Iterator[None]:
        with (
            mock.patch.dict(os.environ, REQUESTS_CA_BUNDLE=self.ca),
            mock.patch.dict(ovh.client.ENDPOINTS, {"ovh-eu": self.url}),
            mock.patch.dict(ovh.client.OAUTH2_TOKEN_URLS, self._urls),
        ):
            yield

    def start(self) -> None:
        token = {"access_token": SECRET, "token_type": "Bearer", "expires_in": 3600, "scope": "all"}
        self.api.answers["POST /auth/oauth2/token"] = [(200, {}, token)]
        with self._urls_and_ca():
            self._client = ovh.Client(endpoint="ovh-eu", client_id=USER, client_secret=PASSWORD)
            self._client.post("/dedicated/server/ns1.example/reboot")

    def verdict(self) -> str:
        with self._urls_and_ca():
            return OVH_STATES.get(self._client.get("/dedicated/server/ns1.example/task/77")["status"], FAILED)
