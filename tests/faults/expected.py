# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is expected of a wait that meets a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OPENED, TIMEOUT = "opened", "timeout"
A_LOOK = -1  # of logins: at most one each


@dataclass(frozen=True)
class Expected:
    """How a wait ends. says: words of the tolerated error that is shown, or of the sentence that ends it.

    word: opened, or the failure.kind. tolerated: whether errors are counted. logins: how many tokens are asked for in
    all, also where they are not given; or A_LOOK.
    """

    word: str
    says: str = ""
    tolerated: bool = False
    logins: int = 1

    def told(self, renews: bool) -> str:
        """As a table for a person says it. renews: whether the login can get a new token."""
        if self.word == OPENED:
            return "waited out" if self.tolerated else self._told_of_logins() if renews else "goes on"
        return "waits to its limit: `timeout`" if self.word == TIMEOUT else f"ends at once: `{self.word}`"

    def _told_of_logins(self) -> str:
        return ("goes on", "goes on after one new login", "goes on after one new login each")[self.logins - 1]


def heals(says: str, logins: int = 1) -> Expected:
    """The gate opens, and the errors on the way are counted."""
    return Expected(OPENED, says, tolerated=True, logins=logins)


def unnoticed(logins: int = 1) -> Expected:
    """The gate opens, and no error is counted."""
    return Expected(OPENED, logins=logins)


def ends(kind: str, says: str, logins: int = 1) -> Expected:
    """The wait is over at once."""
    return Expected(kind, says, logins=logins)


def times_out(says: str, logins: int = 1) -> Expected:
    """The wait is over at its limit, and the sentence names the last error."""
    return Expected(TIMEOUT, says, tolerated=True, logins=logins)


@dataclass(frozen=True)
class Each:
    """What is expected of each login, and of a provider that is another case. None, or absent: no such fault."""

    logins: Mapping[str, Expected]
    providers: Mapping[str, Expected | None] = field(default_factory=dict)

    def of(self, provider: str, login: str) -> Expected | None:
        """What is expected of one of them."""
        if login not in self.logins:
            return None
        return self.providers.get(provider, self.logins[login])
