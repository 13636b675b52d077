# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the event source as ansible-rulebook does, and keep its events, its log and its error.

Usage: watch_source.py SOURCE CASES EVENTS    CASES: a JSON list of arguments; prints a JSON line for each
"""

from __future__ import annotations

import asyncio
import json
import logging
import runpy
import sys
import traceback
from typing import Any

_LIMIT = 60  # seconds


class _Events:
    """A queue that is always empty, as rules are quick."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.count = 0

    async def put(self, event: Any) -> None:
        self.count += 1
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False, default=repr) + "\n")


async def watch(source: str, arguments: dict[str, Any], events: _Events) -> str:
    """Return how the source ended."""
    main = runpy.run_path(source)["main"]
    leak = arguments.pop("leak on purpose", None)
    if leak:
        logging.getLogger("cloudgate.operations").warning("The arguments are %s", leak)
        await events.put({"arguments": leak})
        return "leaked"
    try:
        await asyncio.wait_for(main(events, arguments), _LIMIT)
    except asyncio.TimeoutError:
        return "ran too long"
    except Exception as exc:
        traceback.print_exc()
        logging.getLogger("ansible_rulebook").exception("Source error")
        return f"{type(exc).__name__}: {exc}"
    return "over"


def main() -> None:
    """Run one after the other."""
    source, cases, path = sys.argv[1:]
    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, force=True)
    with open(cases, encoding="utf-8") as file:
        given = json.load(file)
    for arguments in given:
        events = _Events(path)
        ended = asyncio.run(watch(source, arguments, events))
        print(json.dumps({"ended": ended, "events": events.count}))


if __name__ == "__main__":
    main()
