# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split and build the URL of an API. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional
from urllib.parse import urlsplit, urlunsplit

from .._http.urls import is_url, shown_url
from .._model.errors import ProtocolError

_VERSION = re.compile(r"v\d+(\.\d+)?", re.ASCII)


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

    def at(self, base: str, project_id: Optional[str]) -> str:
        """Return the base URL of an API with a fixed path, without repeating a part that the endpoint has."""
        root, first = self.root.rstrip("/"), "/" + base.split("/")[0]
        if root.endswith(first):
            root = root[: -len(first)]
        return f"{root}/{base.replace('{project_id}', project_id or '')}"


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
