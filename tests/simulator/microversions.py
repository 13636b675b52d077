# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova's microversions: which one a request asked for, and the version documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import g, request

from .accounts import Cloud
from .errors import nova_error

UPDATED = {"v2": "2011-01-21T11:33:21Z", "v2.1": "2013-07-23T11:33:21Z"}


@dataclass(frozen=True)
class Microversion:
    """2.MINOR; None is the legacy API, which has none and behaves like 2.1 and older."""

    minor: int | None

    def at_least(self, minor: int) -> bool:
        return self.minor is not None and self.minor >= minor

    def __str__(self) -> str:
        return f"2.{self.minor}"


def negotiate(maximum: int | None) -> Microversion:
    """Return the version of this request, also kept for the answer's headers."""
    if maximum is None:
        return Microversion(None)
    text = _requested()
    if text == "latest":
        version = Microversion(maximum)
    else:
        match = re.fullmatch(r"([1-9]\d*)\.([1-9]\d*|0)", text)
        if match is None:
            raise nova_error(
                400, f"API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum."
            )
        version = Microversion(int(match[2]))
        if match[1] != "2" or not 1 <= int(match[2]) <= maximum:
            raise nova_error(
                406, f"Version {text} is not supported by the API. Minimum is 2.1 and maximum is 2.{maximum}."
            )
    g.microversion = version
    return version


def _requested() -> str:
    for part in request.headers.get("OpenStack-API-Version", "").split(","):
        service, _space, version = part.strip().partition(" ")
        if service == "compute":
            return version.strip()
    return request.headers.get("X-OpenStack-Nova-API-Version", "2.1")


def version_document(cloud: Cloud, name: str) -> dict[str, Any]:
    maximum = cloud.max_microversion[name]
    root = cloud.compute_path.removesuffix("/v2.1")
    return {
        "id": "v2.0" if name == "v2" else name,
        "status": "SUPPORTED" if name == "v2" and len(cloud.max_microversion) > 1 else "CURRENT",
        "version": "" if maximum is None else f"2.{maximum}",
        "min_version": "" if maximum is None else "2.1",
        "updated": UPDATED[name],
        "links": [{"rel": "self", "href": f"{request.host_url}{cloud.name}{root}/{name}/"}],
        "media-types": [
            {
                "base": "application/json",
                "type": f"application/vnd.openstack.compute+json;version={name.removeprefix('v')}",
            }
        ],
    }
