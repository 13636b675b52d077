# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a report as Markdown with aligned columns, to be readable in a job's output.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, List, Optional, Sequence

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State

from .model import NOTHING, OperationView, Report, StepView, duration_text, in_words, numbers, time_text
from .timeline import Scale, own_scale

_FEW = 3  # up to this number of operations, the steps of all are shown
_MAX_DETAILED = 20  # operations whose steps are shown
_CELLS = 20  # of a timeline
_MAX_WIDTH = 48  # characters that a column is aligned to
# Characters with a meaning in Markdown: underscores only outside of words, and those that make a bare URL a link.
_MARKS = re.compile(r"[\\`*\[\]<>&|~@$#]|(?<!\w)_+|_+(?!\w)|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)


def markdown(report: Report) -> str:
    """Return the Markdown."""
    lines = [f"# {escape(report.title)}", "", f"**{escape(report.headline)}**" + _after(escape(report.why)), ""]
    counts = [f"{count} {in_words(state)}" for state, count in report.counts]
    lines += [" · ".join([*counts, *numbers(report.waited)]), ""] if counts or report.waited else []
    if report.operations:
        lines += [*_overview(report), ""]
    few = len(report.operations) <= _FEW
    shown = [each for each in report.operations if each.steps and (few or each.state != State.SUCCEEDED)]
    for each in shown[:_MAX_DETAILED]:
        lines += [*_steps(each), ""]
    if len(shown) > _MAX_DETAILED:
        lines += [f"The steps of {len(shown) - _MAX_DETAILED} more operations are left out.", ""]
    lines += [f"{time_text(report.at)}. Times are those of each cloud's own clock."]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Escape all markup, tags, links and cell borders in a text."""
    return _MARKS.sub(lambda match: "".join(f"\\{mark}" for mark in match.group()), text)


def _after(sentence: str) -> str:
    return f": {sentence}" if sentence else ""


def _overview(report: Report) -> List[str]:
    clouds = len({each.provider for each in report.operations}) > 1
    rows = [["State", "Operation", "Resource", *(["Provider"] if clouds else []), "Started", "Took", "Reason"]]
    for each in report.operations:
        took = duration_text(each.duration) + ("" if each.finished or each.duration is None else " so far")
        name = each.name + (f" ({each.retries} retr{'y' if each.retries == 1 else 'ies'})" if each.retries else "")
        cells = [in_words(each.state), name, each.resource, *([each.provider] if clouds else [])]
        rows.append([*cells, time_text(each.start), took, each.reason])
    return _table(rows)


def _steps(each: OperationView) -> List[str]:
    scale = own_scale(each)
    rows = [["Step", "State", "After", "Took", "Timeline", "Error"]]
    for step in each.steps:
        since = scale and scale.first and step.start and (step.start - scale.first).total_seconds()
        name = step.name + (" (again)" if step.again else "")
        after = NOTHING if since is None else f"+{duration_text(since)}"
        rows.append([name, in_words(step.state), after, duration_text(step.duration), _bar(scale, step), step.error])
    names = " ".join(filter(None, (each.name, each.operation_id if each.operation_id != each.name else "")))
    resource = f" of {each.resource}" if each.resource else ""
    heading = f"## {escape(names + resource)}: {in_words(each.state)}"
    earlier = [f"{each.earlier_steps} earlier steps are left out.", ""] if each.earlier_steps else []
    return [heading, "", *([escape(each.warning), ""] if each.warning else []), *earlier, *_table(rows)]


def _bar(scale: Optional[Scale], step: StepView) -> str:
    """Return the bar of a step as characters."""
    place = scale.place(step.start, step.end) if scale else None
    if place is None:
        return ""
    first = min(int(place[0] / 100 * _CELLS), _CELLS - 1)
    last = max(first + 1, min(_CELLS, round((place[0] + place[1]) / 100 * _CELLS)))
    return "·" * first + ("█" if step.finished else "▒") * (last - first) + "·" * (_CELLS - last)


def _table(rows: Sequence[Sequence[Any]]) -> List[str]:
    """Return a table without empty columns; the first row is its header."""
    filled = [number for number in range(len(rows[0])) if any(row[number] for row in rows[1:])]
    cells = [[escape(row[number]) or " " for number in filled] for row in rows]
    widths = [min(max(map(len, column)), _MAX_WIDTH) for column in zip(*cells)]
    lines = [_line([cell.ljust(width) for cell, width in zip(row[:-1], widths)] + [row[-1]]) for row in cells]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths[:-1]) + "|---|", *lines[1:]]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
