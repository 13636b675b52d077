# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Embedded simulator of five clouds and of two APIs outside of a cloud: Keystone, Nova, and all the other APIs.

A request that begins an operation can plan it in the header X-Simulate:

    duration=3        seconds until it has finished (default 1; divided by the simulator's speed)
    fail              it fails as that API fails
    fail=stuck        STUCK, of ECL; fail=unpaid: a job waits for its order; fail=canceled: Azure, Google
    fail=part         a job of ECS, EVS or IMS succeeds although its last sub-job fails
    replay=NAME       it plays recordings/normal/NAME.json of a real Nova; replay=slow_bus/NAME for the others

Faults, operations and the log of requests: the methods of Simulator, or POST and GET under /_simulator.
"""

from __future__ import annotations

from .server import Simulator

__all__ = ["Simulator"]
