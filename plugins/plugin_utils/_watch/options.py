# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the event source, which are validated like those of the modules.

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
    duration,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import (
    UNREADABLE,
    references_to,
    time_option,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils._module.definitions import with_named_definitions
from ansible_collections.cloudgate.operations.plugins.module_utils._module.number_options import read_durations
from ansible_collections.cloudgate.operations.plugins.module_utils._module.option_types import check_types
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
    resources_interval=duration(30),
    poll_min=duration(1.5),
    poll_max=duration(60),
    missing_grace=duration(60),
    max_concurrency={"type": "int", "default": 10},
    max_requests_per_second={"type": "float", "default": 100},
    state_file={"type": "path"},
    remember=duration(86400),
    end_when_finished={"type": "bool", "default": False},
    feedback={"type": "bool", "default": False},
)
_EXCLUSIVE = [("groups", name) for name in _GROUP if "default" not in SPEC[name]]
_ONE_OF = [("operations", "resources", "groups")]
_MIN_REMEMBER = 3600  # seconds; longer than the overlap of two lists


@dataclasses.dataclass(frozen=True)
class WatchOptions:
    """How to watch; all times in seconds. polls: for the engine, without a timeout.

    poll_deadline: after which a poll counts as lost. api_timeout: the longest of a request. remember: how long
    finished operations are remembered.
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
    """A watch group: resources that share one login."""

    connection: Connection
    references: List[Reference]
    resources: List[str]


def examined(arguments: Mapping[str, Any]) -> Examined:
    """Return the secrets in the arguments, even in invalid ones."""
    return Examined(with_named_definitions(arguments), SPEC)


def checked(arguments: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the validated arguments with their defaults.

    Raises InputError for the first mistake. It quotes no value, which may be a misplaced secret.
    """
    arguments = with_named_definitions(arguments)
    try:
        check_types(arguments, SPEC)
        result = ArgumentSpecValidator(SPEC, mutually_exclusive=_EXCLUSIVE, required_one_of=_ONE_OF).validate(arguments)
    except InputError:
        raise
    except Exception:  # noqa: BLE001 - from Ansible's own checks; its text may contain a secret
        raise InputError(UNREADABLE) from None
    refusal = examined(arguments).refusal
    if result.unsupported_parameters:
        unknown = sorted(
            ".".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in result.unsupported_parameters
        )
        raise InputError(refusal(f"unknown arguments: {', '.join(unknown)}. Known are {', '.join(sorted(SPEC))}."))
    if result.error_messages:
        raise InputError(refusal(result.error_messages[0].rstrip(".") + "."))
    validated = dict(result.validated_parameters)
    read_durations(validated, SPEC)
    return validated


def watch_options(given: Mapping[str, Any]) -> WatchOptions:
    """Return how to watch. Raises InputError."""
    names = ("poll_min", "poll_max", "missing_grace", "max_concurrency", "max_requests_per_second")
    options = WaitOptions.of(dict(dataclasses.asdict(WaitOptions()), **{name: given[name] for name in names}))
    check_seconds("resources_interval", given["resources_interval"], 1)
    check_seconds("remember", given["remember"], _MIN_REMEMBER)
    poll_deadline, api_timeout = time_limits(given)
    return WatchOptions(
        polls=dataclasses.replace(options, timeout=_FOREVER, connect_grace=_FOREVER, on_failure="finish"),
        poll_deadline=poll_deadline,
        api_timeout=api_timeout,
        resources_interval=given["resources_interval"],
        changes_since=time_option(given, "changes_since"),
        remember=given["remember"],
        end_when_finished=given["end_when_finished"],
    )


def plans(given: Mapping[str, Any], environ: Mapping[str, str], mask: Callable[[str], None]) -> List[Watched]:
    """Return what to watch, without sending a request. Raises InputError and LibraryMissing."""
    rate_limit = RateLimiter(given["max_requests_per_second"])
    groups = [given] if given["groups"] is None else given["groups"]
    found: List[Watched] = []
    for number, group in enumerate(groups, start=1):
        place = f"group {number}" if given["groups"] else ""
        with located(place):
            found.append(_watched(group, environ, mask, rate_limit, place))
    for number, watched in enumerate(found, start=1):
        with located(f"group {number}" if given["groups"] else ""):
            watched.connection.log_in()
    return found


def _watched(
    group: Mapping[str, Any],
    environ: Mapping[str, str],
    mask: Callable[[str], None],
    rate_limit: RateLimiter,
    place: str,
) -> Watched:
    if not group["provider"]:
        raise InputError("provider is required, for example openstack.")
    if not group["operations"] and not group["resources"]:
        raise InputError("Nothing to watch: give operations or resources.")
    connection = Connection(group, environ, mask, rate_limit, place=place)
    info = connection.info
    if group["resources"] and not info.capabilities.lists:
        raise InputError(f"resources cannot be used with provider {info.name}: its API does not list operations.")
    references = references_to(info, group["operations"] or [])
    if any(each.reservation_id for each in references):
        raise InputError("reservation_id cannot be watched: give the servers as resources.")
    resources = [check_id("resources", each) for each in dict.fromkeys(group["resources"] or [])]
    return Watched(connection, references, resources)
