# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide what becomes of a wait that names no operation. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple

from .._model.errors import InputError

CHOICES = ("fail", "pass")
NOTHING = "0 operations: there was nothing to wait for."


class Listed(NamedTuple):
    """A list of operations: the option that holds it, its length, the option empty for it, and why it is empty."""

    where: str
    length: int
    empty: str = "fail"
    why: str = "is empty"


def check_listed(lists: Iterable[Listed], check_mode: bool = False, option: str = "empty") -> None:
    """Refuse an empty list: often a filter or a condition was wrong, and nothing was started.

    Args:
        lists: each is checked on its own, so that an operation of one group does not hide that another has none.
        check_mode: nothing is started in check mode, so nothing is refused.
        option: the option that allows an empty list, as its user knows it.

    Raises:
        InputError: for the first list that is empty and must not be.
    """
    for each in lists:
        if not each.length and each.empty != "pass" and not check_mode:
            raise InputError(
                f"{each.where} {each.why}: there is nothing to wait for. "
                f"Check what fills it, or set {option}: pass if nothing may be left to do."
            )
