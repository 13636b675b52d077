# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choices out of bytes, so that hypothesis, atheris and a person with a hex string all make the same input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Some = TypeVar("Some")


class Choices:
    """Reads one choice after the other; without bytes left, each choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def below(self, count: int) -> int:
        """Return a number of 0..count-1."""
        width = 1 if count <= 256 else 2 if count <= 65536 else 4
        taken = self._data[self._at : self._at + width]
        self._at += width
        return int.from_bytes(taken, "big") % count

    def pick(self, some: Sequence[Some]) -> Some:
        """One of these."""
        return some[self.below(len(some))]

    def once_in(self, count: int) -> bool:
        """Return whether something rare happens."""
        return self.below(count) == count - 1

    def rest(self) -> bytes:
        """Return the remaining bytes."""
        taken, self._at = self._data[self._at :], len(self._data)
        return taken
