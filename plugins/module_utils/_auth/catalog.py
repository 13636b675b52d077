# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explain why the service catalog has no endpoint, with its regions, services and interfaces. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Optional, Sequence

_SHOWN = 20  # names in a sentence


def why_missing(services: Mapping[str, Sequence[Any]], wanted: Mapping[str, Optional[str]]) -> str:
    """Return the error message for an endpoint that the catalog lacks.

    services: the endpoints of each service type, with C(region_name) and C(interface) as in keystoneauth1.
    wanted: the requested C(service_type), C(region_name) and C(interface).
    """
    service, region, interface = (wanted.get(name) for name in ("service_type", "region_name", "interface"))
    every = [each for endpoints in services.values() for each in endpoints]
    regions = _names(each.region_name for each in every)
    if region and regions and region not in {each.region_name for each in every}:
        return f"region_name {region} is not in the service catalog; it has {regions}. Correct it, or give endpoint."
    place = f" in region {region}" if region else ""
    own = services.get(service or "", ())
    if not own:
        has = f"; it has {_names(name for name, each in services.items() if each)}" if every else ""
        return f"The service catalog has no service {service}{has}. Check cloud or auth, or give endpoint."
    here = [each for each in own if region in (None, each.region_name)]
    if not here:
        others = _names(each.region_name for each in own)
        return f"The service catalog has no endpoint for {service}{place}; it has {others}. Correct region_name."
    interfaces = _names(each.interface for each in here)
    return (
        f"The service catalog has no endpoint for {service} with interface {interface}{place}; it has {interfaces}. "
        "Correct interface, or give endpoint."
    )


def _names(names: Iterable[Any]) -> str:
    found = sorted({str(name) for name in names if name})
    return ", ".join(found[:_SHOWN]) + (" and others" if len(found) > _SHOWN else "")
