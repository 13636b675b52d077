# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check references before anything is sent. Pure.

Private to this collection.
"""

from __future__ import annotations

import re

from .._model.errors import InputError
from .._model.reference import Reference
from .base import Capabilities, ProviderInfo, check_id

_RESERVATION = re.compile(r"r-[A-Za-z0-9_-]+", re.ASCII)


def check_reference(info: ProviderInfo, reference: Reference) -> Reference:
    """Refuse a reference that cannot name an operation of this provider. Raises InputError."""
    if reference.operation_id is not None:
        info.provider_class.check_operation_id(info, reference.operation_id)
    for option in ("resource_id", "client_request_id"):
        if getattr(reference, option) is not None:
            check_id(option, getattr(reference, option))
    if reference.reservation_id is not None:
        _check_reservation(reference, reference.reservation_id)
        return reference
    if reference.min_count is not None:
        raise InputError("min_count is for reservation_id: it says how many servers there must be.")
    _check_one_way(info.capabilities, reference)
    _check_abilities(info.capabilities, info.name, reference)
    _check_details(info.capabilities, info.name, reference)
    return reference


def _check_details(able: Capabilities, name: str, reference: Reference) -> None:
    if not reference.latest and reference.action and reference.action not in able.named_actions:
        raise InputError("action is for latest: what else names an operation names the one that is meant.")
    if reference.since and not (reference.latest or reference.expect):
        raise InputError("since is for latest and expect: an operation_id names the operation already.")
    by_resource = reference.latest or reference.expect or (able.needs_resource and not reference.client_request_id)
    if by_resource and not reference.resource_id:
        raise InputError(f"resource_id is missing: provider {name} finds an operation by its resource.")


def _check_one_way(able: Capabilities, reference: Reference) -> None:
    ways = [way for way in ("latest", "operation_id", "client_request_id", "expect") if getattr(reference, way)]
    if len(ways) > 1:
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
    if reference.expect and reference.expect not in able.expects:
        known = f"must be {' or '.join(able.expects)}" if able.expects else "cannot be used"
        raise InputError(f"expect {known} with provider {name}, not {reference.expect}.")
    if reference.verify and not able.verifies:
        raise InputError(f"verify cannot be used with provider {name}: it is about the status of a server.")


def _check_reservation(reference: Reference, reservation_id: str) -> None:
    if not _RESERVATION.fullmatch(reservation_id):  # Nova reads it as a regular expression
        raise InputError(f"reservation_id must be one such as r-7f3k2m9q, not {reservation_id!r}.")
    for other in ("resource_id", "latest", "client_request_id", "expect", "since"):
        if getattr(reference, other):
            raise InputError(f"reservation_id and {other} exclude each other: give one of them.")
    if reference.min_count is not None and reference.min_count < 1:
        raise InputError(f"min_count must be 1 or more, not {reference.min_count}.")
    if reference.action not in (None, "create"):
        raise InputError("action of a reservation_id can only be create.")
