# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""generated.py: write the tables that tests contain into the pages of docs.

A new table is one function in TABLES, and its two markers in the page.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.definitions.ready import READY
from docs.abilities import table as abilities
from docs.definition_pages import FOLDER, index, part
from docs.job_services import table as job_services
from faults.document import table as faults
from nothing.document import table as empty_waits
from simulated.credential_hosts import table as credentials
from simulated.mistakes.table import table as mistakes

DOCS = Path(__file__).resolve().parents[2] / "docs"
TABLES: dict[str, dict[str, Callable[[], str]]] = {
    "reliability.md": {"credentials": credentials, "empty waits": empty_waits, "faults": faults},
    "guides/troubleshooting.md": {"mistakes": mistakes},
    "providers.md": {"abilities": abilities},
    "providers/jobs.md": {"services": job_services},
    "providers/definitions.md": {"definitions": index},
    **{f"{FOLDER}/{name}.md": {name: functools.partial(part, name)} for name in READY},
}


def markers(name: str) -> tuple[str, str]:
    """Return the lines before and after a table."""
    return f"<!-- begin of the table {name}: make tables -->\n", f"<!-- end of the table {name} -->\n"


def written(document: str, text: str) -> str:
    """Return the page with the tables of today. Raises ValueError if it lacks a marker."""
    for name, table in TABLES[document].items():
        begin, end = markers(name)
        if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
            raise ValueError(f"{document} must have each marker of the table {name} once")
        before, _begin, rest = text.partition(begin)
        text = f"{before}{begin}\n{table()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    for each in TABLES:
        (DOCS / each).write_text(written(each, (DOCS / each).read_text(encoding="utf-8")), encoding="utf-8")
