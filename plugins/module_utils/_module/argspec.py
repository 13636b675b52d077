# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs of the modules.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from .._auth import kinds
from .._polling.emptiness import CHOICES
from .._providers.described.custom import DEFINITION_SPEC
from .._providers.nova.provider import NovaProvider
from .._providers.registry import PROVIDERS


def duration(default: Optional[float] = None) -> Dict[str, Any]:
    """Return the spec of an option for seconds, or text such as 10m. C(number_options) reads the value.

    Ansible has no such type, so C(raw) keeps the value. default: in seconds.
    """
    return {"type": "raw"} if default is None else {"type": "raw", "default": default}


AUTH_SPEC: Dict[str, Any] = {option: {"type": "str", "no_log": option in kinds.SECRETS} for option in kinds.ENVIRONMENT}
for _option in kinds.WITHOUT_ENVIRONMENT:
    AUTH_SPEC[_option] = {"type": "str", "no_log": _option in kinds.OWN_SECRETS}
AUTH_SPEC["project_name"]["aliases"] = ["tenant_name"]
AUTH_SPEC["project_id"]["aliases"] = ["tenant_id"]
AUTH_SPEC["access_key"]["aliases"] = ["ak"]
AUTH_SPEC["secret_key"]["aliases"] = ["sk"]
CONNECTION_SPEC: Dict[str, Any] = {
    "cloud": {"type": "str"},
    "auth_type": {"type": "str", "choices": [*kinds.AUTH_TYPES, *kinds.HEADERS]},
    "auth": {"type": "dict", "options": AUTH_SPEC},
    "region_name": {"type": "str"},
    "interface": {"type": "str", "choices": ["public", "internal", "admin"], "aliases": ["endpoint_type"]},
    "endpoint": {"type": "str"},
    "allow_http": {"type": "bool"},
    "api_version": {"type": "str", "choices": ["v1", "v1.0", "v2", "v2.1"]},
    "hyperinstance": {"type": "bool", "default": False},
    "validate_certs": {"type": "bool", "aliases": ["verify"]},
    "ca_cert": {"type": "path", "aliases": ["cacert"]},
    "client_cert": {"type": "path", "aliases": ["cert"]},
    "client_key": {"type": "path", "aliases": ["key"], "no_log": False},
    "api_timeout": duration(),
}
NOVA_PROVIDERS = tuple(name for name, info in PROVIDERS.items() if info.provider_class is NovaProvider)
# All options that are durations.
DURATIONS = frozenset(
    "api_timeout connect_grace delay missing_grace poll_max poll_min progress_interval remember resources_interval"
    " timeout".split()
)
# For the modules that support all providers.
PROVIDER_SPEC: Dict[str, Any] = {
    "service": {"type": "str"},
    "definition": {"type": "dict", "options": DEFINITION_SPEC},
}
OPERATION_SPEC: Dict[str, Any] = {
    "operation_id": {"type": "str", "aliases": ["request_id", "action_id"]},
    "resource_id": {"type": "str", "aliases": ["server_id"]},
    "server": {"type": "str"},
}

OPERATIONS_SPEC: Dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": dict(
        OPERATION_SPEC,
        latest={"type": "bool", "default": False},
        action={"type": "str"},
        since={"type": "str"},
        verify={"type": "str"},
        client_request_id={"type": "str"},
        expect={"type": "str"},
        reservation_id={"type": "str"},
        min_count={"type": "int"},
    ),
}
_WAITED: Dict[str, Any] = dict(  # the event source needs no "known": it watches without an end
    OPERATIONS_SPEC, options=dict(OPERATIONS_SPEC["options"], known={"type": "list", "elements": "str"})
)
GROUP_SPEC: Dict[str, Any] = dict(
    CONNECTION_SPEC,
    **PROVIDER_SPEC,
    provider={"type": "str", "required": True, "choices": sorted(PROVIDERS)},
    operations=dict(_WAITED, required=True),
    empty={"type": "str", "choices": [*CHOICES]},
)
WAIT_SPEC: Dict[str, Any] = dict(
    OPERATION_SPEC,
    **PROVIDER_SPEC,
    operations=_WAITED,
    groups={"type": "list", "elements": "dict", "options": GROUP_SPEC},
    after={"type": "raw"},
    latest={"type": "bool"},
    action={"type": "str"},
    since={"type": "str"},
    verify={"type": "str"},
    validate_certs={"type": "bool"},  # without its alias verify
    timeout=duration(600),
    timeout_from={"type": "str", "choices": ["task", "operation"], "default": "task"},
    delay=duration(0),
    poll_min=duration(1.5),
    poll_max=duration(60),
    missing={"type": "str", "choices": ["wait", "fail"], "default": "wait"},
    missing_grace=duration(60),
    connect_grace=duration(60),
    wait_for={"type": "str", "choices": ["all", "any"], "default": "all"},
    on_failure={"type": "str", "choices": ["fail", "finish", "report", "warn"], "default": "fail"},
    empty={"type": "str", "choices": [*CHOICES], "default": "fail"},
    max_concurrency={"type": "int", "default": 10},
    max_requests_per_second={"type": "float", "default": 100},
    progress={"type": "str", "choices": ["always", "never"], "default": "always"},
    progress_interval=duration(30),
)
