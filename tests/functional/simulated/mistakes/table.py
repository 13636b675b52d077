# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The usual mistakes of a new user, each with the sentence that it leads to, and their table for the guide."""

from __future__ import annotations

from simulated.mistakes.kinds import FILTER, INFO, ROLE, RULEBOOK, WAIT
from simulated.mistakes.logins import ENDPOINT, LOGIN
from simulated.mistakes.operations import OPERATIONS, REGISTERED
from simulated.mistakes.waiting import CUSTOM, LIMITS, RULEBOOK_OPTIONS

MISTAKES = [*LOGIN, *ENDPOINT, *OPERATIONS, *REGISTERED, *LIMITS, *CUSTOM, *RULEBOOK_OPTIONS]
PLACES = {
    WAIT: "a task that waits",
    INFO: "every task",
    ROLE: "the role",
    FILTER: "`references`",
    RULEBOOK: "a rulebook",
}


def table() -> str:
    """Return one line for each mistake."""
    head = "| mistake | in | what it leads to |\n|---|---|---|\n"
    return head + "".join(f"| {each.name} | {PLACES[each.by]} | `{each.says}` |\n" for each in MISTAKES)
