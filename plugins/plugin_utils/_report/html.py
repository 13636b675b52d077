# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a report as a self-contained HTML page without scripts.

Jinja2 escapes each value, and a Content-Security-Policy blocks scripts and requests.

Private to this collection.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import pkgutil
from typing import Any, List

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from jinja2 import Environment, StrictUndefined

from .model import NOTHING, OperationView, Report, duration_text, in_words, iso, numbers, time_text
from .timeline import common_scale, own_scale

_SHOWN = 50  # operations of a section; more are collapsed
_FEW = 3  # up to this number of operations, the steps of all are shown
_OPENED = 10  # operations of a section whose steps are shown
_SECTIONS = (
    ("Failed", (State.FAILED,)),
    ("Unfinished", (State.RUNNING, State.PENDING, State.UNKNOWN)),
    ("Succeeded", (State.SUCCEEDED,)),
)


def html(report: Report) -> str:
    """Return the HTML page."""
    few = len(report.operations) <= _FEW
    sections = [(heading, report.of(*states)) for heading, states in _SECTIONS if report.of(*states)]
    page: str = _template().render(
        report=report,
        common=common_scale(report.operations),
        sections=sections,
        opened={heading: _OPENED if few or heading != "Succeeded" else 0 for heading, _views in sections},
        shown=_SHOWN,
        shares=_shares(report),
        numbers=" · ".join(numbers(report.waited)),
    )
    return page.strip() + "\n"


def _shares(report: Report) -> List[Any]:
    """Return state, left end and width in percent of each part of the summary bar."""
    total = len(report.operations)
    parts: List[Any] = []
    before = 0
    for state, count in report.counts:
        parts.append((state, round(before / total * 100, 2), round(count / total * 100, 2)))
        before += count
    return parts


def _facts(each: OperationView) -> List[Any]:
    rows = [
        ("Operation", each.operation_id),
        ("Status", each.status),
        ("Started", time_text(each.start) if each.start else ""),
        ("Finished", time_text(each.end) if each.finished and each.duration is not None else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _after(scale: Any, step: Any) -> str:
    """Return when a step began, relative to the start of its operation's timeline."""
    return f"+{duration_text((step.start - scale.first).total_seconds())}" if scale and step.start else NOTHING


@functools.lru_cache(maxsize=None)
def _template() -> Any:
    style = _file("page.css")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(
        duration=duration_text, moment=time_text, iso=iso, after=_after, facts=_facts, scale=own_scale, word=in_words,
        style=style, style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )  # fmt: skip
    return environment.from_string(_file("page.html.j2"))


def _file(name: str) -> str:
    """Read a file of this package; pkgutil also reads it through Ansible's loader of collections."""
    content = pkgutil.get_data(__package__ or "", name)
    if content is None:
        raise FileNotFoundError(name)
    return content.decode("utf-8")
