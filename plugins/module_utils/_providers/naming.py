# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check references before the login. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Optional, Tuple

from .._model.errors import InputError
from .._model.operation import State
from .._model.reference import Reference
from .base import Capabilities, ProviderInfo, check_id
from .described.links import is_link
from .described.words import meaning

_BOOLEANS = frozenset("true false yes no on off 1 0 y n t f".split())
_RESERVATION = re.compile(r"r-[A-Za-z0-9_-]+", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_reference(info: ProviderInfo, reference: Reference) -> Reference:
    """Refuse a reference that this provider does not support. Raises InputError."""
    if reference.operation_id is not None:
        info.provider_class.check_operation_id(info, reference.operation_id)
    resource_id, server = check_resource(info, reference.resource_id, reference.server)
    reference = dataclasses.replace(reference, resource_id=resource_id, server=server)
    if reference.client_request_id is not None:
        check_id("client_request_id", reference.client_request_id)
    if reference.operation_id is not None and reference.operation_id == reference.resource_id:
        raise InputError(
            "operation_id and resource_id are the same id: operation_id names the operation, not the resource. Give "
            "the id from the answer to the request, such as req-7f3e."
        )
    if reference.known is not None and not reference.latest:
        raise InputError("known can be used only with latest: an operation_id needs no bound.")
    if reference.verify and reference.verify.lower() in _BOOLEANS:
        raise InputError(
            f"verify must be a status of the server, such as ACTIVE, not {reference.verify}. "
            "For certificates give validate_certs."
        )
    if reference.reservation_id is not None:
        _check_reservation(reference, reference.reservation_id)
        return reference
    if reference.min_count is not None:
        raise InputError("min_count can be used only with reservation_id: it is the number of its servers.")
    _check_one_way(info.capabilities, info.name, reference)
    _check_abilities(info.capabilities, info.name, reference)
    _check_details(info.capabilities, info.name, reference)
    return reference


def check_resource(
    info: ProviderInfo, resource_id: Optional[str], server: Optional[str]
) -> Tuple[Optional[str], Optional[str]]:
    """Return the ID of the resource, or the name of the server if the ID is unknown. Raises InputError."""
    if server is None:
        return None if resource_id is None else info.provider_class.check_resource_id(resource_id), None
    if resource_id is not None:
        raise InputError("server and resource_id exclude each other: give one of them.")
    if not info.capabilities.names:
        raise InputError(f"server cannot be used with provider {info.name}: give resource_id.")
    if not server.strip():
        raise InputError("server is empty: give the name or the ID of a server.")
    return (server, None) if _UUID.fullmatch(server) else (None, server)


def _check_details(able: Capabilities, name: str, reference: Reference) -> None:
    if not reference.latest and reference.action and reference.action not in able.named_actions:
        raise InputError("action can be used only with latest: an operation_id needs no type.")
    if reference.since and not (reference.latest or reference.expect):
        raise InputError("since can be used only with latest and expect: an operation_id needs no bound.")
    named = reference.client_request_id or is_link(reference.operation_id or "")
    by_resource = reference.latest or reference.expect or (able.needs_resource and not named)
    if by_resource and not (reference.resource_id or reference.server):
        raise InputError(f"resource_id is missing: provider {name} finds an operation by its resource. Give its id.")


def _check_one_way(able: Capabilities, name: str, reference: Reference) -> None:
    ways = [way for way in ("latest", "operation_id", "client_request_id", "expect") if getattr(reference, way)]
    if able.only_expects and not reference.expect:
        known = " or ".join(able.expects)
        raise InputError(f"expect is missing: provider {name} needs what the resource must become: {known}.")
    if len(ways) > 1 and not (able.only_expects and ways == ["operation_id", "expect"]):
        raise InputError(f"{' and '.join(ways)} exclude each other: give one of them.")
    if not ways:
        others = ["resource_id and latest"] * able.lists + ["client_request_id"] * able.finds_requests
        others += ["resource_id and expect"] * bool(able.expects)
        raise InputError("operation_id is missing" + (f": give it, or {', or '.join(others)}." if others else "."))


def _check_abilities(able: Capabilities, name: str, reference: Reference) -> None:
    if reference.latest and not able.lists:
        raise InputError(f"latest cannot be used with provider {name}: its API does not list operations.")
    if reference.client_request_id and not able.finds_requests:
        raise InputError(f"client_request_id cannot be used with provider {name}: its API does not find requests.")
    if reference.expect and not any(_fits(reference.expect, each) for each in able.expects):
        known = f"must be {' or '.join(able.expects)}" if able.expects else "cannot be used"
        raise InputError(f"expect {known} with provider {name}, not {reference.expect}.")
    if reference.verify and not able.verifies:
        raise InputError(f"verify cannot be used with provider {name}: it is about the status of a server.")


def _fits(expect: str, entry: str) -> bool:
    """Return whether a value fits an entry of C(Capabilities.expects). C(GIB) stands for a number.

    An entry of a user's definition may be a pattern.
    """
    if "*" in entry:
        return meaning({entry.lower(): (State.SUCCEEDED, "")}, expect)[0] == State.SUCCEEDED
    name, sign, kind = entry.partition("=")
    if not sign:
        return expect == entry
    given, has_value, value = expect.partition("=")
    return given == name and bool(has_value and value.strip()) and (kind != "GIB" or value.isdecimal())


def _check_reservation(reference: Reference, reservation_id: str) -> None:
    if not _RESERVATION.fullmatch(reservation_id):  # Nova reads it as a regular expression
        raise InputError(f"reservation_id must be one such as r-7f3k2m9q, not {reservation_id!r}.")
    for other in ("resource_id", "server", "latest", "client_request_id", "expect", "since"):
        if getattr(reference, other):
            raise InputError(f"reservation_id and {other} exclude each other: give one of them.")
    if reference.min_count is not None and reference.min_count < 1:
        raise InputError(f"min_count must be 1 or more, not {reference.min_count}.")
    if reference.action not in (None, "create"):
        raise InputError("action of a reservation_id can only be create.")
