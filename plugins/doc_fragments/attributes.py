# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Attributes of all modules
    DOCUMENTATION = r"""
attributes:
  platform:
    description: Target OS or family of systems.
    support: full
    platforms: posix
  action_group:
    description: Use C(group/cloudgate.operations.operations) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - cloudgate.operations.operations
"""

    # Attributes of the modules that poll once
    INFO = r"""
attributes:
  check_mode:
    description: Can run in check mode, where it does the same.
    support: full
  diff_mode:
    description: Nothing is changed.
    support: N/A
  idempotent:
    description: Nothing is changed, so running it again makes no difference.
    support: full
"""
