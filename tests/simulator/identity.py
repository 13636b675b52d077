# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keystone v3 (IAM at Huawei and OTC): tokens, version documents, projects."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud, User
from .auth import authenticate, find_token
from .catalogs import services
from .errors import ApiError, keystone_error, keystone_unauthorized
from .state import CloudState, Store, Token

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def identity_blueprint(store: Store, cloud: Cloud, mount: str) -> Blueprint:
    """Return Keystone's routes. The same app serves /identity and, at clouds with a gateway, /iam."""
    api = Blueprint(f"{cloud.name}_{mount}", __name__, url_prefix=f"/{cloud.name}/{mount}")

    @api.get("/")
    def versions() -> tuple[Response, int]:
        return jsonify({"versions": {"values": [_version(cloud, mount)]}}), 300

    @api.get("/v3/")
    def version() -> Response:
        return jsonify({"version": _version(cloud, mount)})

    @api.post("/v3/auth/tokens")
    def issue() -> Response:
        return _issue(store, store.clouds[cloud.name])

    @api.get("/v3/auth/tokens")
    def validate() -> Response:
        authenticate(store, cloud)
        subject = request.headers.get("X-Subject-Token", "")
        token = find_token(store, cloud, subject)
        if token is None:
            raise keystone_error(404, "Not Found", "Failed to validate token")
        return jsonify({"token": _token_body(cloud, token)})

    @api.get("/v3/projects")
    @api.get("/v3/auth/projects")
    def projects() -> Response:
        authenticate(store, cloud)
        wanted = request.args.get("name", cloud.project_name)
        found = [_project(cloud)] if wanted == cloud.project_name else []
        links = {"self": request.url, "previous": None, "next": None}
        return jsonify({"projects": found, "links": links})

    @api.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> Response:
        raise keystone_error(404, "Not Found", "The resource could not be found.")

    return api


def _issue(store: Store, state: CloudState) -> Response:
    cloud, now = state.cloud, store.clock()
    auth = (request.get_json(silent=True) or {}).get("auth")
    if not isinstance(auth, dict) or not isinstance(auth.get("identity"), dict):
        raise keystone_error(400, "Bad Request", "'auth' is a required property")
    identity = auth["identity"]
    method = (identity.get("methods") or [""])[0]
    user, expires = _login(store, cloud, method, identity.get(method) or {})
    scoped = method == "application_credential" or _scope(cloud, auth.get("scope"))
    token = Token(user, scoped, min(expires, now + store.token_life), now, method)
    secret = uuid.uuid4().hex if cloud.name == "ecl" else "gAAAAAB" + secrets.token_urlsafe(130)
    state.tokens[secret] = token
    response = jsonify({"token": _token_body(cloud, token)})
    response.status_code = 201
    response.headers["X-Subject-Token"] = secret
    response.headers["Vary"] = "X-Auth-Token"
    return response


def _login(store: Store, cloud: Cloud, method: str, given: dict[str, Any]) -> tuple[User, float]:
    """Return the user and the latest moment at which a token of this login may expire."""
    forever = float("inf")
    if method == "password":
        return _password_login(cloud, given.get("user") or {}), forever
    if method == "application_credential":
        return _credential_login(cloud, given), forever
    if method == "token":
        old = find_token(store, cloud, given.get("id", ""))
        if old is not None and old.expires > store.clock():
            return old.user, old.expires
    raise _refused(cloud)


def _password_login(cloud: Cloud, given: dict[str, Any]) -> User:
    user = _find_user(cloud, given)
    if user is None or given.get("password") != user.password:
        raise _refused(cloud)
    return user


def _credential_login(cloud: Cloud, given: dict[str, Any]) -> User:
    credential_id, name, secret = cloud.application_credential
    by_id = given.get("id") == credential_id
    by_name = given.get("name") == name and _find_user(cloud, given.get("user") or {}) == cloud.user
    if not (by_id or by_name) or given.get("secret") != secret or cloud.gateway:
        raise _refused(cloud)
    return cloud.user


def _find_user(cloud: Cloud, given: dict[str, Any]) -> User | None:
    for user in (cloud.user, cloud.admin):
        by_name = given.get("name") == user.name and _is_domain(cloud, given.get("domain"))
        if given.get("id") == user.user_id or by_name:
            return user
    return None


def _is_domain(cloud: Cloud, given: Any) -> bool:
    return isinstance(given, dict) and (given.get("id") == cloud.domain_id or given.get("name") == cloud.domain_name)


def _scope(cloud: Cloud, scope: Any) -> bool:
    if not isinstance(scope, dict) or "project" not in scope:
        return False
    project = scope["project"]
    by_id = project.get("id") == cloud.project_id
    # IAM searches the project in the user's own domain by default.
    domain_fits = _is_domain(cloud, project.get("domain")) or (cloud.gateway and "domain" not in project)
    if by_id or (project.get("name") == cloud.project_name and domain_fits):
        return True
    raise _refused(cloud)


def _refused(cloud: Cloud) -> ApiError:
    if cloud.gateway:
        return keystone_error(401, "Unauthorized", "The username or password is wrong.")
    return keystone_unauthorized()


def _token_body(cloud: Cloud, token: Token) -> dict[str, Any]:
    domain = {"id": cloud.domain_id, "name": cloud.domain_name}
    body: dict[str, Any] = {
        "methods": [token.method],
        "user": {"domain": domain, "id": token.user.user_id, "name": token.user.name, "password_expires_at": None},
        "audit_ids": [secrets.token_urlsafe(16)],
        "expires_at": keystone_time(token.expires),
        "issued_at": keystone_time(token.issued),
    }
    if token.project_scoped:
        body["project"] = {"domain": domain, "id": cloud.project_id, "name": cloud.project_name}
        body["is_domain"] = False
        body["roles"] = [{"id": f"{role}-role-id", "name": role} for role in token.user.roles]
        if "nocatalog" not in request.args:
            body["catalog"] = catalog(cloud, request.host_url.rstrip("/"))
    return body


def catalog(cloud: Cloud, url: str) -> list[dict[str, Any]]:
    interfaces = ("public", "internal", "admin") if cloud.name == "openstack" else ("public",)
    return [
        {
            "id": uuid.uuid5(uuid.NAMESPACE_URL, endpoint).hex,
            "type": kind,
            "name": name,
            "endpoints": [
                {
                    "id": uuid.uuid5(uuid.NAMESPACE_URL, endpoint + interface).hex,
                    "interface": interface,
                    "region": cloud.region,
                    "region_id": cloud.region,
                    "url": endpoint,
                }
                for interface in interfaces
            ],
        }
        for kind, name, endpoint in services(cloud, f"{url}/{cloud.name}")
    ]


def keystone_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _project(cloud: Cloud) -> dict[str, Any]:
    link = f"{request.host_url}{cloud.name}/iam/v3/projects/{cloud.project_id}"
    return {
        "id": cloud.project_id,
        "name": cloud.project_name,
        "domain_id": cloud.domain_id,
        "parent_id": cloud.domain_id,
        "is_domain": False,
        "enabled": True,
        "description": "",
        "links": {"self": link},
    }


def _version(cloud: Cloud, mount: str) -> dict[str, Any]:
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": f"{request.host_url}{cloud.name}/{mount}/v3/"}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    }
