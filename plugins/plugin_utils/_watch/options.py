# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the event source: the same as those of the modules, checked in the same way.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import Examined
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, located
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import (
    CONNECTION_SPEC,
    OPERATIONS_SPEC,
    PROVIDER_SPEC,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import (
    UNREADABLE,
    references_to,
    time_option,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils._module.number_options import check_numbers
from ansible_collections.cloudgate.operations.plugins.module_utils._module.wait import time_limits
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions, check_seconds
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.rate_limiter import RateLimiter
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import check_id
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

_FOREVER = float("inf")
_WATCHED: Dict[str, Any] = {
    "provider": {"type": "str", "choices": sorted(PROVIDERS)},
    "operations": OPERATIONS_SPEC,
    "resources": {"type": "list", "elements": "str"},
}
_GROUP: Dict[str, Any] = dict(CONNECTION_SPEC, **PROVIDER_SPEC, **_WATCHED)
SPEC: Dict[str, Any] = dict(
    _GROUP,
    groups={"type": "list", "elements": "dict", "options": _GROUP},
    changes_since={"type": "str"},
    resources_interval={"type": "float", "default": 30},
    poll_min={"type": "float", "default": 1.5},
    poll_max={"type": "float", "default": 60},
    missing_grace={"type": "float", "default": 60},
    max_concurrency={"type": "int", "default": 10},
    max_requests_per_second={"type": "float", "default": 100},
    state_file={"type": "path"},
    remember={"type": "float", "default": 86400},
    end_when_finished={"type": "bool", "default": False},
    feedback={"type": "bool", "default": False},
)
_EXCLUSIVE = [("groups", name) for name in _GROUP if "default" not in SPEC[name]]
_ONE_OF = [("operations", "resources", "groups")]
_SHORTEST_MEMORY = 3600  # seconds; longer than a list reaches back


@dataclasses.dataclass(frozen=True)
class WatchOptions:
    """How to watch; all times in seconds. polls: for the engine, which waits for ever here.

    poll_deadline: after which an answer counts as lost. api_timeout: of one request, the longest. remember: for how
    long what is finished is remembered.
    """

    polls: WaitOptions
    poll_deadline: float
    api_timeout: float
    resources_interval: float
    changes_since: Optional[datetime]
    remember: float
    end_when_finished: bool


@dataclasses.dataclass(frozen=True)
class Watched:
    """What is watched behind one login."""

    connection: Connection
    references: List[Reference]
    resources: List[str]


def examined(arguments: Mapping[str, Any]) -> Examined:
    """Return what of the arguments is secret, also of wrong ones."""
    return Examined(arguments, SPEC)


def checked(arguments: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the arguments with their defaults, each of its type.

    Raises InputError: one sentence about the first mistake, which quotes no value that the arguments may not have.
    """
    try:
        check_numbers(arguments, SPEC)
        result = ArgumentSpecValidator(SPEC, mutually_exclusive=_EXCLUSIVE, required_one_of=_ONE_OF).validate(arguments)
    except InputError:
        raise
    except Exception:  # noqa: BLE001 - of Ansible's own checks; its text may hold a secret
        raise InputError(UNREADABLE) from None
    refusal = examined(arguments).refusal
    if result.unsupported_parameters:
        unknown = sorted(
            ".".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in result.unsupported_parameters
        )
        raise InputError(refusal(f"unknown arguments: {', '.join(unknown)}; known are {', '.join(sorted(SPEC))}."))
    if result.error_messages:
        raise InputError(refusal(result.error_messages[0].rstrip(".") + "."))
    return dict(result.validated_parameters)


def watch_options(given: Mapping[str, Any]) -> WatchOptions:
    """How to watch. Raises InputError."""
    names = ("poll_min", "poll_max", "missing_grace", "max_concurrency", "max_requests_per_second")
    options = WaitOptions.of(dict(dataclasses.asdict(WaitOptions()), **{name: given[name] for name in names}))
    check_seconds("resources_interval", given["resources_interval"], 1)
    check_seconds("remember", given["remember"], _SHORTEST_MEMORY)
    poll_deadline, api_timeout = time_limits(given)
    return WatchOptions(
        polls=dataclasses.replace(options, timeout=_FOREVER, on_failure="finish"),
        poll_deadline=poll_deadline,
        api_timeout=api_timeout,
        resources_interval=given["resources_interval"],
        changes_since=time_option(given, "changes_since"),
        remember=given["remember"],
        end_when_finished=given["end_when_finished"],
    )


def plans(given: Mapping[str, Any], environ: Mapping[str, str], mask: Callable[[str], None]) -> List[Watched]:
    """What to watch; nothing is sent yet. Raises InputError and LibraryMissing."""
    rate_limit = RateLimiter(given["max_requests_per_second"])
    groups = [given] if given["groups"] is None else given["groups"]
    found: List[Watched] = []
    for number, group in enumerate(groups, start=1):
        with located(f"group {number}" if given["groups"] else ""):
            found.append(_watched(group, environ, mask, rate_limit))
    for number, watched in enumerate(found, start=1):
        with located(f"group {number}" if given["groups"] else ""):
            watched.connection.log_in()
    return found


def _watched(
    group: Mapping[str, Any], environ: Mapping[str, str], mask: Callable[[str], None], rate_limit: RateLimiter
) -> Watched:
    if not group["provider"]:
        raise InputError("provider is missing: it says which API knows the operations.")
    if not group["operations"] and not group["resources"]:
        raise InputError("Nothing is to be watched: give operations or resources.")
    connection = Connection(group, environ, mask, rate_limit)
    info = connection.info
    if group["resources"] and not info.capabilities.lists:
        raise InputError(f"resources cannot be used with provider {info.name}: its API does not list operations.")
    references = references_to(info, group["operations"] or [])
    if any(each.reservation_id for each in references):
        raise InputError("reservation_id cannot be watched: give the servers as resources.")
    resources = [check_id("resources", each) for each in dict.fromkeys(group["resources"] or [])]
    return Watched(connection, references, resources)
