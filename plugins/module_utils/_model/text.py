# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from a cloud as a person may see it. Pure.

Private to this collection. Nothing of ours is imported here.
"""

from __future__ import annotations

MAX_TEXT_LENGTH = 4000  # characters: a result has thousands of texts, and no API says more that helps
CUT = "..."  # the end of a text that was shortened


def shortened(text: str, length: int) -> str:
    """Return the first characters of a text. CUT shows where it ends, so that half of a secret there is found."""
    return text if len(text) <= length else text[:length] + CUT


def printable(text: str) -> str:
    """One line that steers no terminal: no control characters, no change of direction, no half of a pair."""
    if text.isprintable() and len(text) <= MAX_TEXT_LENGTH:
        return text
    shown = shortened(text, MAX_TEXT_LENGTH)
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in shown)
