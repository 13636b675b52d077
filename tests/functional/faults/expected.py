# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expected result of a wait during a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OPENED, TIMEOUT = "opened", "timeout"
A_POLL = -1  # of logins: at most one each


@dataclass(frozen=True)
class Expected:
    """How a wait ends. says: words of the tolerated error that is shown, or of the error that ends the wait.

    word: opened, or the failure.kind. tolerated: whether errors are counted. logins: how many tokens the module
    requests, granted or not; or A_POLL.
    """

    word: str
    says: str = ""
    tolerated: bool = False
    logins: int = 1

    def described(self, renews: bool) -> str:
        """Return the expectation as the table shows it. renews: whether the login can get a new token."""
        if self.word == OPENED:
            return "retried" if self.tolerated else self._described_logins() if renews else "continues"
        return "retried until `timeout`" if self.word == TIMEOUT else f"ends at once: `{self.word}`"

    def _described_logins(self) -> str:
        return ("continues", "continues after one new login", "continues after one new login each")[self.logins - 1]


def tolerates(says: str, logins: int = 1) -> Expected:
    """Expect that the gate opens and the errors are counted."""
    return Expected(OPENED, says, tolerated=True, logins=logins)


def unnoticed(logins: int = 1) -> Expected:
    """Expect that the gate opens and no error is counted."""
    return Expected(OPENED, logins=logins)


def ends(kind: str, says: str, logins: int = 1) -> Expected:
    """Expect that the wait ends immediately."""
    return Expected(kind, says, logins=logins)


def times_out(says: str, logins: int = 1) -> Expected:
    """Expect a timeout whose message has the last error."""
    return Expected(TIMEOUT, says, tolerated=True, logins=logins)


@dataclass(frozen=True)
class Each:
    """The expectations for each login, and for providers that differ. None, or absent: the fault cannot occur there."""

    logins: Mapping[str, Expected]
    providers: Mapping[str, Expected | None] = field(default_factory=dict)

    def of(self, provider: str, login: str) -> Expected | None:
        """Return the expectation for one subject."""
        if login not in self.logins:
            return None
        return self.providers.get(provider, self.logins[login])
