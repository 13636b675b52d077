# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the microversion of requests to Nova, and the parameters that it supports.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..._http.client import ApiClient
from ..._model.errors import MissingError, ProtocolError, UnsupportedVersionError
from ..._model.reference import Query
from ..._model.times import format_time

_ALL = Query()


class Microversions:
    """Sends requests with the newest microversion that the cloud offers.

    known: newest first. modern: whether to try /v2.1 instead of /v2, which hides events from members. offered:
    microversions that the cloud may have; empty for the API before microversions.
    """

    def __init__(self, client: ApiClient, known: Tuple[str, ...], modern: bool) -> None:
        legacy = "v2" in client.endpoint.split("/")  # the API before microversions
        self._client = client
        self._known = known
        self.offered = [] if legacy else list(known)
        self._try_modern = legacy and modern and bool(known)

    def get(
        self, path: Tuple[str, ...], more: Tuple[Tuple[str, str], ...] = (), query: Query = _ALL,
        marker: Optional[str] = None,
    ) -> Dict[str, Any]:  # fmt: skip
        """GET with the newest offered microversion, which the first request finds."""
        if self._try_modern:
            return self._modern_or_legacy(path, more, query, marker)
        while True:
            version = self.offered[0] if self.offered else None
            headers: Mapping[str, str] = {}
            if version:  # Nova reads the first header since 2.27
                headers = {"OpenStack-API-Version": f"compute {version}", "X-OpenStack-Nova-API-Version": version}
            try:
                return self._client.get(path, more + self._parameters(query, marker), headers)
            except UnsupportedVersionError:
                if not self.offered:
                    raise
                self.offered = [each for each in self.offered if each != version]

    def _modern_or_legacy(self, path: Tuple[str, ...], *rest: Any) -> Dict[str, Any]:
        """Try /v2.1 if the catalog has /v2. If the cloud answers 404 or 300, use /v2."""
        legacy, self._try_modern = self._client.endpoint, False
        root, _version, project = f"{legacy}/".rpartition("/v2/")
        self._client.endpoint, self.offered = f"{root}/v2.1/{project}".rstrip("/"), list(self._known)
        try:
            return self.get(path, *rest)
        except (MissingError, ProtocolError) as exc:
            if isinstance(exc, ProtocolError) and not 300 <= (exc.status or 0) <= 404:
                raise
            self._client.endpoint, self.offered = legacy, []
            try:
                return self.get(path, *rest)
            except MissingError:  # both answer 404, so the right version is still unknown
                self._try_modern = True
                raise exc from None

    def _parameters(self, query: Query, marker: Optional[str]) -> Tuple[Tuple[str, str], ...]:
        """Return the parameters that this microversion supports; C(_matches) filters by the others."""
        version = tuple(int(part) for part in (self.offered or ["2.1"])[0].split("."))
        parameters: List[Tuple[str, str]] = []
        if version >= (2, 58):
            if query.limit and not query.action:
                parameters.append(("limit", str(query.limit)))
            if marker:
                parameters.append(("marker", marker))
            if query.changes_since:
                parameters.append(("changes-since", str(format_time(query.changes_since))))
        if version >= (2, 66) and query.changes_before:
            parameters.append(("changes-before", str(format_time(query.changes_before))))
        return tuple(parameters)
