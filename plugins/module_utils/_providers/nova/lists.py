# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of servers from Nova: deleted ones, those of one request, those of a reservation, changed ones.

Private to this collection.
"""

from __future__ import annotations

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
_PAGE = "1000"  # rows, which is what Nova shows at most; Huawei shows 25 where no limit is given
_MOST_CHANGED_PAGES = 1000
_OVERLAP = timedelta(minutes=1)  # whole seconds, and the clocks of several hosts
_EVER = ("changes-since", "1970-01-01T00:00:00Z")  # with it, lists show deleted servers to everybody
_FRESH = timedelta(seconds=5)  # of a list that is read for each server of a reservation

Row = Dict[str, Any]
Parameters = Tuple[Tuple[str, str], ...]


class ServerLists:
    """Reads lists of servers. request: GET of a path with parameters. now: by the API's clock."""

    def __init__(
        self, request: Callable[[Tuple[str, ...], Parameters], Dict[str, Any]], now: Callable[[], datetime]
    ) -> None:
        self._request = request
        self._now = now
        self._reserved: Dict[str, Tuple[datetime, List[str]]] = {}

    def deleted(self, server_id: str, since: datetime) -> Optional[Server]:
        """Read the row of a server that is gone among those that changed since a time. Raises what is transient."""
        for row in self._readable((("changes-since", str(format_time(since - _OVERLAP))),)):
            found = deleted_row([row], server_id)
            if found:
                return found
        self._check_cells(())
        return None

    def named(self, pattern: str) -> List[Row]:
        """List the servers whose names match; none where the cloud does not allow it. Raises what is transient."""
        rows = list(self._readable((("name", pattern),)))
        self._check_cells(rows)
        return rows

    def changed(self, since: datetime) -> List[Row]:
        """List all servers that changed since a time, deleted ones too. Raises the client's errors."""
        wanted = (("changes-since", str(format_time(since.replace(microsecond=0)))), ("limit", _PAGE))
        return list(self._pages(wanted, pages=_MOST_CHANGED_PAGES))

    def reserved(self, reservation_id: str, again: bool) -> List[str]:
        """List the servers of a reservation by their IDs, in the order of their names. Raises the client's errors.

        again: because one of them has succeeded. Such a list is good for all that succeed within a moment.
        Nova stores all servers of a request before it answers (nova/compute/api.py _provision_instances), and lists
        them from then on (get_all: first those that wait for a host, then those in cells). One that was created and not
        changed yet lacks in a list with changes-since, a deleted one in a list without.
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
        """Raise TransportError if a cell does not answer that may have more such servers. rows: those that are known.

        A filtered list is without the servers of such a cell; from 2.69 on, one without a filter shows them
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
        """List servers, as far as the cloud allows it. Raises what is transient."""
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
