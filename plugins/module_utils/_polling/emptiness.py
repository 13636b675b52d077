# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide whether a wait without operations fails. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple

from .._model.errors import InputError

CHOICES = ("fail", "pass")
NOTHING = "0 operations: there was nothing to wait for."


class Listed(NamedTuple):
    """A list of operations. where: its option. empty: fail or pass. why: it is empty, for the error message."""

    where: str
    length: int
    empty: str = "fail"
    why: str = "is empty"


def check_listed(lists: Iterable[Listed], check_mode: bool = False, option: str = "empty") -> None:
    """Refuse empty lists, which often come from a wrong filter or condition.

    Args:
        lists: each must have an operation, so that one group does not hide another empty one.
        check_mode: tasks start nothing in check mode, so empty lists pass.
        option: name of the option that allows an empty list.

    Raises:
        InputError: for the first empty list that is not allowed.
    """
    for each in lists:
        if not each.length and each.empty != "pass" and not check_mode:
            raise InputError(
                f"{each.where} {each.why}: there is nothing to wait for. "
                f"Check its filter or condition, or set {option}: pass if it may be empty."
            )
