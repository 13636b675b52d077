# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the floors of docs/architecture.md for the site. The page keeps them as text, so the two cannot differ."""

from __future__ import annotations

import re
from html import escape

_BLOCK = re.compile(r"(## Floors\n.*?)```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = {"─": "floor", "═": "border"}  # below the border: plugins/module_utils
WIDTH, HEIGHT, GAP, BORDER = 640, 38, 4, 30
_STYLE = """
.floors { max-width: 640px; width: 100%; margin-bottom: 24px }
.floors rect { fill: #e3f1fb; stroke: #6ab0de } .floors .shipped rect { fill: #e2f4ea; stroke: #4aa672 }
.floors text { font: 15px Lato, sans-serif; fill: #404040 } .floors .name { font: 14px monospace }
.floors .border { font-size: 13px; fill: #666 }
"""


def _row(line: str, top: int) -> str:
    """One floor: a box for each name, or a name with its purpose."""
    name, _gap, purpose = line.partition("    ")
    names = re.split(r" {2,}", name.strip())
    width = WIDTH / len(names)
    boxes = [
        f'<rect x="{index * width + 1:.0f}" y="{top}" width="{width - 4:.0f}" height="{HEIGHT}" rx="4"/>'
        f'<text class="name" x="{index * width + 16:.0f}" y="{top + 24}">{escape(each)}</text>'
        for index, each in enumerate(names)
    ]
    return "".join(boxes) + f'<text x="240" y="{top + 24}">{escape(purpose.strip())}</text>'


def _svg(text: str) -> str:
    """The floors as SVG. Has no blank lines, which would end the HTML block in Markdown."""
    rows, top = [], 1
    for line in text.splitlines():
        kind = _LINE.get(line.strip()[:1])
        if kind == "border":
            said = "plugins/module_utils, which Ansible ships to hosts · each floor imports only the floors below it"
            rows.append(f'<text class="border" x="2" y="{top + 19}">{said}</text></g><g class="shipped">')
            top += BORDER
        elif kind is None and line.strip():
            rows.append(_row(line, top))
            top += HEIGHT + GAP
    head = f'<svg class="floors" viewBox="0 0 {WIDTH} {top}" role="img" aria-label="The floors of the collection">'
    return f"<div>{head}<style>{_STYLE.strip()}</style><g>\n" + "\n".join(rows) + "\n</g></svg></div>"


def draw(page: str) -> str:
    """Return the page with the picture in place of its block of text. Raises ValueError if it has no such block."""
    drawn, count = _BLOCK.subn(lambda found: found.group(1) + _svg(found.group(2)), page, count=1)
    if not count or '<g class="shipped">' not in drawn:
        raise ValueError("docs/architecture.md has no block of floors below its heading Floors, with a border of ═")
    return drawn
