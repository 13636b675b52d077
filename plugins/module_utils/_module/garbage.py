# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disable garbage collection during startup: imported modules are never freed.

Measured: a task that reads one operation takes 1.4 times as long as one with C(uri), and 1.1 times with this.
Private to this collection.
"""

from __future__ import annotations

import gc


def pause() -> None:
    """Disable collection while libraries are imported."""
    gc.disable()


def resume() -> None:
    """Enable collection of later objects, because a wait can last for hours."""
    gc.freeze()
    gc.enable()


def leave_all() -> None:
    """Exclude all objects, because the process ends now."""
    gc.freeze()
