# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from a cloud as a person may see it. Pure.

Private to this collection. Nothing of ours is imported here.
"""

from __future__ import annotations

LONGEST = 4000  # characters: a result has thousands of texts, and no API says more that helps


def printable(text: str) -> str:
    """One line that steers no terminal: no control characters, no change of direction, no half of a pair."""
    if text.isprintable() and len(text) <= LONGEST:
        return text
    shown = text[:LONGEST] + ("..." if len(text) > LONGEST else "")
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in shown)
