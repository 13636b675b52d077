# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure with an upper bound."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Bar:
    """A figure, its upper bound, and whether it holds. source: how it was measured, or the test that holds it."""

    what: str
    reached: str
    wanted: str
    held: bool
    source: str

    @property
    def line(self) -> str:
        """Return the line for the screen."""
        return (
            f"{'passed' if self.held else 'MISSED'}  {self.what}: {self.reached} (at most {self.wanted}; {self.source})"
        )

    @property
    def row(self) -> str:
        """Return the row of a Markdown table."""
        return f"| {self.what} | {self.reached} | {self.wanted}{'' if self.held else ', **missed**'} | {self.source} |"
