# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova's compute API as far as servers and their actions go, on every cloud that has it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, request

from .accounts import Cloud
from .auth import Caller, authenticate
from .errors import gateway_not_published, nova_error, nova_not_routed
from .images import image_id_of
from .microversions import Microversion, negotiate, version_document
from .nova_creations import is_listed, new_servers
from .nova_queries import check_query, page
from .nova_views import action_view, flavors_view, server_view
from .plan import HEADER, Plan, parse_plan
from .scripts import SCRIPTS, choose_script
from .state import Action, Server, Store, new_request_id
from .timelines import UnknownRecording

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ADMIN_ONLY = ("migrate", "os-migrateLive")


@dataclass(frozen=True)
class Call:
    """The parts that every request needs: the caller, the server, the microversion."""

    store: Store
    cloud: Cloud
    caller: Caller
    version: Microversion

    @property
    def servers(self) -> dict[str, Server]:
        return self.store.clouds[self.cloud.name].servers

    def server(self, server_id: str, deleted_too: bool = False) -> Server:
        server = self.servers.get(server_id)
        if server is None or (self.store.server_view(server).get("deleted") and not deleted_too):
            raise nova_error(404, f"Instance {server_id} could not be found.")
        return server


def compute_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_compute", __name__, url_prefix=f"/{cloud.name}{_root(cloud)}")
    api.before_request(_begin)
    api.after_request(_finish)

    @api.get("/")
    def versions() -> Response:
        return jsonify({"versions": [version_document(cloud, name) for name in cloud.max_microversion]})

    for name in cloud.max_microversion:
        _add_version(api, store, cloud, name)

    @api.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> Response:
        if cloud.gateway:
            raise gateway_not_published()
        authenticate(store, cloud)
        raise nova_not_routed()

    return api


def _root(cloud: Cloud) -> str:
    return cloud.compute_path.removesuffix("/v2.1")


def _add_version(api: Blueprint, store: Store, cloud: Cloud, name: str) -> None:
    maximum = cloud.max_microversion[name]

    def start(project: str) -> Call:
        caller = authenticate(store, cloud)
        if request.method == "HEAD":
            raise nova_not_routed()
        version = negotiate(maximum)
        known = project in ("", caller.project_id) and caller.project_id == cloud.project_id
        if not known:
            raise nova_error(
                400,
                f"Malformed request URL: URL's project_id '{project}' doesn't match "
                f"Context's project_id '{caller.project_id}'",
            )
        return Call(store, cloud, caller, version)

    def add(rule: str, handler: Callable[..., Response], method: str) -> None:
        def serve(project: str = "", **ids: str) -> Response:
            return handler(start(project), **ids)

        prefixes = [f"/{name}/<project>"] + ([f"/{name}"] if cloud.name == "openstack" else [])
        for prefix in prefixes:
            api.add_url_rule(prefix + rule, f"{name}{prefix}{rule}{method}".replace(".", "_"), serve, methods=[method])

    @api.get(f"/{name}/", endpoint=f"version_{name}".replace(".", "_"))
    def version() -> Response:
        return jsonify({"version": version_document(cloud, name)})

    add("/servers", create_server, "POST")
    add("/servers", list_servers, "GET")
    add("/servers/detail", list_servers, "GET")
    add("/servers/<server_id>", show_server, "GET")
    add("/servers/<server_id>", delete_server, "DELETE")
    add("/servers/<server_id>/action", act, "POST")
    add("/servers/<server_id>/os-instance-actions", list_actions, "GET")
    add("/servers/<server_id>/os-instance-actions/<request_id>", show_action, "GET")
    add("/flavors/detail", list_flavors, "GET")


def _begin() -> None:
    g.request_id = new_request_id()


def _finish(response: Response) -> Response:
    response.headers["X-Compute-Request-Id"] = g.request_id
    response.headers["X-Openstack-Request-Id"] = g.request_id
    if "microversion" in g:
        response.headers["OpenStack-API-Version"] = f"compute {g.microversion}"
        response.headers["X-OpenStack-Nova-API-Version"] = str(g.microversion)
        response.headers["Vary"] = "OpenStack-API-Version, X-OpenStack-Nova-API-Version"
    return response


def _plan() -> Plan:
    try:
        return parse_plan(request.headers.get(HEADER, ""))
    except ValueError as error:
        raise nova_error(400, str(error)) from error


def begin_action(call: Call, server: Server, kind: str, body: Any) -> Action:
    try:
        return call.store.add_action(server, kind, body, _plan(), g.request_id, call.caller.user.user_id)
    except UnknownRecording as error:
        raise nova_error(400, str(error)) from error


def list_flavors(call: Call) -> Response:
    """For the modules of openstack.cloud, which read them before they act on a server."""
    return jsonify({"flavors": flavors_view()})


def create_server(call: Call) -> Response:
    given = (request.get_json(silent=True) or {}).get("server")
    if not isinstance(given, dict) or "name" not in given:
        raise nova_error(
            400, f"Invalid input for field/attribute server. Value: {given}. 'name' is a required property"
        )
    created = new_servers(given, call.caller.user.user_id, call.store.clock())
    for server in created:
        begin_action(call, server, "create", given)
        call.servers[server.server_id] = server
    if given.get("return_reservation_id"):
        return Response(json.dumps({"reservation_id": created[0].reservation_id}), 202, mimetype="application/json")
    server = created[0]  # Nova names no other
    link = f"{request.base_url}/{server.server_id}"
    response = jsonify(
        {
            "server": {
                "id": server.server_id,
                "links": [{"rel": "self", "href": link}],
                "OS-DCF:diskConfig": "MANUAL",
                "security_groups": [{"name": "default"}],
                "adminPass": secrets.token_urlsafe(9),
            }
        }
    )
    response.headers["Location"] = link
    response.status_code = 202
    return response


def list_servers(call: Call) -> Response:
    servers = [server for server in reversed(call.servers.values()) if is_listed(call.store, server)]
    shown = [server_view(call.store, call.cloud, server, call.version, call.caller.user.admin) for server in servers]
    if not request.path.endswith("/detail"):
        shown = [{key: server[key] for key in ("id", "name", "links")} for server in shown]
    return jsonify({"servers": shown})


def show_server(call: Call, server_id: str) -> Response:
    server = call.server(server_id)
    return jsonify({"server": server_view(call.store, call.cloud, server, call.version, call.caller.user.admin)})


def delete_server(call: Call, server_id: str) -> Response:
    begin_action(call, call.server(server_id), "delete", None)
    return Response(status=204)


def act(call: Call, server_id: str) -> Response:
    server = call.server(server_id)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or len(body) != 1:
        raise nova_error(400, "There is no action in the request body" if not body else "Multiple actions specified")
    kind, options = next(iter(body.items()))
    if kind not in SCRIPTS or kind in ("create", "delete"):
        raise nova_error(400, f"There is no such action: {kind}")
    _check_allowed(call, server, kind, options)
    action = begin_action(call, server, kind, options)
    if kind in ("lock", "unlock"):
        server.locked = kind == "lock"
    return _accepted(call, server, kind, action)


def _check_allowed(call: Call, server: Server, kind: str, options: Any) -> None:
    if kind in ADMIN_ONLY and not call.caller.user.admin:
        policy = "os_compute_api:os-migrate-server:" + ("migrate" if kind == "migrate" else "migrate_live")
        raise nova_error(403, f"Policy doesn't allow {policy} to be performed.")
    if server.locked and kind not in ("lock", "unlock") and not call.caller.user.admin:
        raise nova_error(409, f"Instance {server.server_id} is locked")
    current = call.store.server_view(server)
    allowed = choose_script(kind, options, current).allowed
    if allowed is None:
        return
    verb = SCRIPTS[kind].action
    for attribute, refused in (
        ("vm_state", current["vm_state"] not in allowed),
        ("task_state", current["task_state"] is not None),
    ):
        if refused:
            raise nova_error(
                409, f"Cannot '{verb}' instance {server.server_id} while it is in {attribute} {current[attribute]}"
            )


def _accepted(call: Call, server: Server, kind: str, action: Action) -> Response:
    """202 without a body, but for the four requests that answer otherwise."""
    response = Response(status=202, content_type="application/json")
    if kind == "confirmResize":
        response = Response(status=204)
    elif kind == "rescue":
        response = jsonify({"adminPass": secrets.token_urlsafe(9)})
    elif kind == "rebuild":
        view = server_view(call.store, call.cloud, server, call.version, call.caller.user.admin)
        response = jsonify({"server": view | {"adminPass": secrets.token_urlsafe(9)}})
        response.status_code = 202
    elif kind == "createImage":
        image_id = image_id_of(action.request_id)
        if call.version.at_least(45):
            response = jsonify({"image_id": image_id})
            response.status_code = 202
        else:
            response.headers["Location"] = f"{request.host_url}{call.cloud.name}/image/images/{image_id}"
    return response


def _visible_actions(call: Call, server: Server) -> list[Action]:
    """Newest first; an action not yet written by the conductor is left out."""
    store = call.store
    return [
        action
        for action in reversed(server.actions)
        if action.timeline.action_at(store.elapsed(action.begun)) is not None
    ]


def list_actions(call: Call, server_id: str) -> Response:
    server = call.server(server_id, deleted_too=call.version.at_least(21))
    actions = _visible_actions(call, server)
    body: dict[str, Any] = {}
    if call.version.at_least(58):
        check_query(call.version)
        actions, next_marker = page(call.store, call.cloud, actions)
        if next_marker:
            body["links"] = [{"rel": "next", "href": _next_link(call, server_id, next_marker)}]
    body["instanceActions"] = [
        action_view(call.store, call.cloud, server_id, action, call.version) for action in actions
    ]
    return jsonify(body)


def _next_link(call: Call, server_id: str, marker: str) -> str:
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "marker"]
    return f"{request.base_url}?{urlencode([*query, ('marker', marker)])}"


def show_action(call: Call, server_id: str, request_id: str) -> Response:
    server = call.server(server_id, deleted_too=call.version.at_least(21))
    for action in _visible_actions(call, server):
        if action.request_id == request_id:
            shown = action_view(call.store, call.cloud, server_id, action, call.version, call.caller.user.admin)
            return jsonify({"instanceAction": shown})
    raise nova_error(404, f"Action {request_id} not found")
