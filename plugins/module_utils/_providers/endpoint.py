# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split and build the URL of an API. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Tuple
from urllib.parse import urlsplit, urlunsplit

from .._http.urls import is_url, shown_url
from .._model.errors import ProtocolError

_VERSION = re.compile(r"v\d+(\.\d+)?", re.ASCII)


class RegionHosts(NamedTuple):
    """Hosts of a region with a domain of its own: the provider's usual domain, the region's, and its IAM service."""

    usual_domain: str
    domain: str
    iam: str


# Source: the vendor profile otc-swiss of openstacksdk, and the documentation of the Swiss region.
_OTHER_HOSTS = {"eu-ch2": RegionHosts("otc.t-systems.com", "sc.otc.t-systems.com", "iam-pub")}


class Endpoint(NamedTuple):
    """The URL of an API in parts: C(https://host/root), C(v2.1), C(project)."""

    root: str
    version: Optional[str]
    project_id: Optional[str]

    def url(self, default: str, forced: Optional[str] = None, project_id: Optional[str] = None) -> str:
        """Return the base URL of all paths. forced: version that overrides its own. default: version if it has none."""
        project_id = self.project_id or project_id
        parts = [self.root.rstrip("/"), forced or self.version or default]
        return "/".join(parts + [project_id] if project_id else parts)

    def at(self, base: str, version: str, project_id: Optional[str], old_path: str = "") -> str:
        """Return the base URL of an API with a fixed path, without repeating a part that the endpoint has.

        base: the path, with C({version}) and C({project_id}). old_path: path of an earlier version of the API, such as
        C(rds/v1), which is no part of the current path.
        """
        root = self.root.rstrip("/")
        first = base.split("/")[0]
        if old_path and f"{root}/{self.version}".endswith(f"/{old_path}"):
            first = old_path.split("/")[0]
        if root.endswith(f"/{first}"):
            root = root[: -len(first) - 1]
        return f"{root}/{base.format(version=version, project_id=project_id or '')}"


def parse_endpoint(endpoint: str) -> Endpoint:
    """Split a URL from the catalog or the user, which may lack version and project.

    Raises ProtocolError for an invalid URL.
    """
    if not is_url(endpoint):
        raise ProtocolError(f"The endpoint {shown_url(endpoint)} is not a valid URL. Set endpoint to another one.")
    scheme, host, path, _query, _fragment = urlsplit(endpoint)
    parts = [part for part in path.split("/") if part]
    at = next((index for index in range(len(parts) - 1, -1, -1) if _VERSION.fullmatch(parts[index])), len(parts))
    root = urlunsplit((scheme, host, "/".join(parts[:at]), "", ""))
    return Endpoint(root, "".join(parts[at : at + 1]) or None, "/".join(parts[at + 1 :]) or None)


def host_in(template: str, region: str) -> str:
    """Return the base URL of an API in a region. template: with C({region}), as in most regions of the provider."""
    other = _OTHER_HOSTS.get(region)
    if other and template.endswith(f".{other.usual_domain}"):
        template = template.replace(other.usual_domain, other.domain).replace("//iam.", f"//{other.iam}.")
    return template.format(region=region)


def domains_of(template: Optional[str]) -> Tuple[str, ...]:
    """Return the domains of an API in all regions, such as C(myhuaweicloud.com)."""
    usual = (template or "").partition("{region}.")[2]
    others = (other.domain for other in _OTHER_HOSTS.values() if other.usual_domain == usual)
    return (usual, *others) if usual else ()
