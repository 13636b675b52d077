# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of an API that the user describes: their limits, and requests for several operations. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Iterator, List, Sequence, Set

from ..._model.errors import ProtocolError
from ..paths import Location, fill

BATCH = 50  # IDs in one request, so that its URL stays short
MAX_PAGES = 100
MAX_ITEMS = 10_000
MAX_BYTES = 20 * 1024 * 1024
_EACH = "{operation_id}"


class Pages:
    """The pages of one list that have been read."""

    def __init__(self) -> None:
        self._seen: Set[Location] = set()
        self._bytes = 0

    def add(self, page: Location, size: int, items: int) -> None:
        """Count a page. Raises ProtocolError for a list without an end. size: in bytes. items: of all pages."""
        self._bytes += size
        if page in self._seen:
            raise ProtocolError("The list does not end: its pages repeat. Correct definition.next.")
        self._seen.add(page)
        too_much = len(self._seen) > MAX_PAGES or items > MAX_ITEMS or self._bytes > MAX_BYTES
        if too_much:
            raise ProtocolError(
                f"The list has more than {MAX_PAGES} pages, {MAX_ITEMS} operations or {MAX_BYTES // 2**20} MiB. "
                "Add a filter to definition.list."
            )


def batches(template: str, ids: Sequence[str]) -> Iterator[Location]:
    """Yield path and query of requests that read all of these operations.

    template: with C({operation_id}) in a query parameter, which is repeated for each ID, or C({operation_ids}) for
    all IDs with commas.
    """
    for start in range(0, len(ids), BATCH):
        some = list(ids[start : start + BATCH])
        path, query = fill(template, {"operation_id": _EACH, "operation_ids": ",".join(some)})
        pairs = [(name, value.replace(_EACH, each)) for name, value in query for each in _repeated(value, some)]
        yield path, tuple(pairs)


def _repeated(value: str, ids: List[str]) -> List[str]:
    return ids if _EACH in value else [""]
