# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the image service for images that Nova makes of servers.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ..._http.client import ApiClient
from ..._model.errors import GateError
from ..._model.times import parse_time
from ..base import section
from ..endpoint import parse_endpoint
from .reading import IMAGE_NEAR, image_status

_MOST_PAGES = 20
# An administrator's image of another user's server is shared with that user, who has not accepted it
# (nova/compute/utils.py initialize_instance_snapshot_metadata).
_ALL_SHARED = ("member_status", "all")

Row = Dict[str, Any]


class Images:
    """Reads images. service_types: of the image service in the catalog; empty if it must not be used."""

    def __init__(self, client: ApiClient, service_types: Tuple[str, ...]) -> None:
        self._nova = client
        self._service_types = service_types
        self._client: Optional[ApiClient] = None

    def status(self, server_id: str, action: Row, actions: Callable[[], Optional[Sequence[Row]]]) -> str:
        """Return the status of an action's image, as in C(Evidence). Raises transient errors.

        actions: lists the actions of the server, newest first; None if the cloud hides them.
        """
        try:
            start = parse_time(action.get("start_time"))
            images = self._of(server_id, start) if start else None
            if images is None:
                return "unreadable"
            status = image_status(images, action, actions() or [], self._nova.now())
            if status in ("none", "gone", "rotated") and not self._sees_all_of(action.get("project_id"), images):
                return "unreadable"
        except GateError as exc:
            if exc.transient:
                raise
            return "unreadable"
        return status

    def _sees_all_of(self, project_id: Any, images: Sequence[Row]) -> bool:
        """Return whether the API would show an image, which belongs to the project that requested it from Nova."""
        if project_id is None or project_id == self._nova.login.project_id:
            return project_id is not None
        return any(image.get("owner") == project_id and image.get("visibility") == "private" for image in images)

    def _of(self, server_id: str, start: datetime) -> Optional[List[Row]]:
        """List the images of a server, newest first, until they are older than an action."""
        if self._client is None:
            endpoint = self._nova.login.endpoint(self._service_types) if self._service_types else None
            if not endpoint:
                return None
            self._client = self._nova.at(f"{parse_endpoint(endpoint).root}/v2")
        images: List[Row] = []
        query: Tuple[Tuple[str, str], ...] = (("instance_uuid", server_id), _ALL_SHARED, ("limit", "100"))
        marker: Tuple[Tuple[str, str], ...] = ()
        for _page in range(_MOST_PAGES):
            body = self._client.get(("images",), query + marker)
            rows = section(body, "images", list)
            images += rows
            oldest = parse_time(rows[-1].get("created_at")) if rows else None
            if not body.get("next") or oldest is None or oldest < start - IMAGE_NEAR:
                break
            marker = (("marker", str(rows[-1].get("id"))),)
        return images
