# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error bodies of each API family, as one exception that the app turns into a response."""

from __future__ import annotations

import uuid
from typing import Any

NOVA_KINDS = {400: "badRequest", 403: "forbidden", 404: "itemNotFound", 409: "conflictingRequest"}
HTML_NOT_FOUND = """<html>
 <head>
  <title>404 Not Found</title>
 </head>
 <body>
  <h1>404 Not Found</h1>
  The resource could not be found.<br /><br />


 </body>
</html>"""


class ApiError(Exception):
    """An answer that is an error; a text body is sent as HTML, anything else as JSON."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def nova_error(status: int, message: str) -> ApiError:
    return ApiError(status, {NOVA_KINDS.get(status, "computeFault"): {"code": status, "message": message}})


def nova_not_routed() -> ApiError:
    return ApiError(404, HTML_NOT_FOUND)


def keystone_error(status: int, title: str, message: str) -> ApiError:
    return ApiError(status, {"error": {"code": status, "message": message, "title": title}})


def keystone_unauthorized(auth_url: str = "") -> ApiError:
    error = keystone_error(401, "Unauthorized", "The request you have made requires authentication.")
    if auth_url:
        error.headers["WWW-Authenticate"] = f'Keystone uri="{auth_url}"'
    return error


def gateway_error(status: int, code: str, message: str) -> ApiError:
    """Return an error of the API gateway of Huawei Cloud and the Open Telekom Cloud."""
    return ApiError(status, {"error_msg": message, "error_code": code, "request_id": uuid.uuid4().hex})


def gateway_not_published() -> ApiError:
    return gateway_error(404, "APIGW.0101", "The API does not exist or has not been published in the environment")


def modelarts_error(status: int, code: str, message: str) -> ApiError:
    return ApiError(status, {"error_code": code, "error_msg": message})


def ecl_error(status: int, cause: str) -> ApiError:
    """Return an error with the reason in "cause", as of the Virtual Network Appliance API; assumed of MLB."""
    return ApiError(status, {"cause": cause})
