# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of servers from Nova: deleted, changed, with a name, of a reservation.

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from ..._model.errors import GateError, TransportError
from ..._model.times import format_time
from ..base import section
from ..paths import text
from .evidence import Server
from .reading import cell_is_down, deleted_row, in_order, may_be_of

_DETAIL = ("servers", "detail")
_MOST_PAGES = 20
_PAGE = "1000"  # rows; Nova's maximum, while Huawei's default is 25
_MOST_CHANGED_PAGES = 1000
_OVERLAP = timedelta(minutes=1)  # whole seconds, and the clocks of several hosts
_EVER = ("changes-since", "1970-01-01T00:00:00Z")  # makes lists show deleted servers to members
_FRESH = timedelta(seconds=5)  # how long the list of a reservation is reused

Row = Dict[str, Any]
Parameters = Tuple[Tuple[str, str], ...]


class ServerLists:
    """Reads lists of servers. request: GETs a path with parameters. now: returns the time on the API's clock."""

    def __init__(
        self, request: Callable[[Tuple[str, ...], Parameters], Dict[str, Any]], now: Callable[[], datetime]
    ) -> None:
        self._request = request
        self._now = now
        self._reserved: Dict[str, Tuple[datetime, List[str]]] = {}

    def deleted(self, server_id: str, since: datetime) -> Optional[Server]:
        """Find a deleted server in the list of servers that changed since a time. Raises transient errors."""
        for row in self._readable((("changes-since", str(format_time(since - _OVERLAP))),)):
            found = deleted_row([row], server_id)
            if found:
                return found
        self._check_cells(())
        return None

    def named(self, pattern: str) -> List[Row]:
        """List the servers whose names match; an empty list if the cloud does not allow it. Raises transient errors."""
        rows = list(self._readable((("name", pattern),)))
        self._check_cells(rows)
        return rows

    def alike(self, name: str) -> List[Row]:
        """List the servers whose names contain the longest plain part of this name. Raises the client's errors.

        Nova treats the filter as a regular expression, other clouds as a substring; a plain part works for both.
        """
        plain = max(re.findall(r"[A-Za-z0-9-]+", name), key=len, default="")
        rows = list(self._pages((("name", plain),) if plain else (), ("servers",), _MOST_CHANGED_PAGES))
        self._check_cells(())
        return rows

    def changed(self, since: datetime) -> List[Row]:
        """List all servers that changed since a time, including deleted ones. Raises the client's errors."""
        wanted = (("changes-since", str(format_time(since.replace(microsecond=0)))), ("limit", _PAGE))
        return list(self._pages(wanted, pages=_MOST_CHANGED_PAGES))

    def reserved(self, reservation_id: str, again: bool) -> List[str]:
        """Return the IDs of a reservation's servers in the order of their names. Raises the client's errors.

        again: after one of them succeeded; such a list is reused for others that succeed within seconds.
        Nova stores all servers of a request before it answers (nova/compute/api.py _provision_instances), and lists
        them from then on (get_all). A list with changes-since lacks new unchanged servers, one without it lacks deleted
        servers, so both are read.
        """
        read, servers = self._reserved.get(reservation_id, (None, []))
        if again and read and self._now() - read < _FRESH:
            return servers
        wanted = ("reservation_id", reservation_id)
        rows = list(self._pages((wanted,)))
        rows += self._readable((wanted, _EVER))
        self._check_cells(rows)
        servers = in_order(rows, reservation_id)
        if again:
            self._reserved[reservation_id] = (self._now(), servers)
        return servers

    def _check_cells(self, rows: Sequence[Row]) -> None:
        """Raise TransportError if a cell that may have more such servers does not answer. rows: known servers.

        A filtered list lacks the servers of such a cell. From 2.69 on, an unfiltered list shows them
        (nova/api/openstack/compute/servers.py _is_cell_down_supported).
        """
        if not any(cell_is_down(row) for row in self._readable((), ("servers",), pages=1)):
            return
        silent = [row for row in self._readable((), pages=1) if cell_is_down(row)]
        if any(may_be_of(row, rows) for row in silent):
            raise TransportError("A cell of Nova does not answer: its servers are missing from the list.")

    def _readable(
        self, parameters: Parameters, path: Tuple[str, ...] = _DETAIL, pages: int = _MOST_PAGES
    ) -> Iterator[Row]:
        """List servers if the cloud allows it. Raises transient errors."""
        try:
            yield from self._pages(parameters, path, pages)
        except GateError as exc:
            if exc.transient:
                raise

    def _pages(
        self, parameters: Parameters, path: Tuple[str, ...] = _DETAIL, pages: int = _MOST_PAGES
    ) -> Iterator[Row]:
        marker: Parameters = ()
        for _page in range(pages):
            body = self._request(path, (*parameters, *marker))
            rows = section(body, "servers", list)
            yield from rows
            last = text(rows[-1], "id") if rows else None
            if not last or not isinstance(body.get("servers_links"), list):
                return
            marker = (("marker", last),)
