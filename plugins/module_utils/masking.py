# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a secret looks when others write it. Pure.

Private to this collection.
"""

from __future__ import annotations

import base64
import json
from typing import FrozenSet
from urllib.parse import quote, quote_plus

SHORTEST = 4  # characters of a secret that is masked wherever it appears: "a" appears everywhere


def forms(secret: str) -> FrozenSet[str]:
    """The ways to write a secret, as APIs repeat it and libraries quote it; none for one that is too short."""
    plain = (secret, secret.strip())
    written = {
        form
        for text in plain
        for form in (
            text,
            repr(text)[1:-1],
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
            quote(text, safe="", errors="replace"),
            quote_plus(text, errors="replace"),
            base64.b64encode(text.encode("utf-8", errors="replace")).decode("ascii"),
        )
    }
    return frozenset(form for form in written if len(form) >= SHORTEST) if len(plain[1]) >= SHORTEST else frozenset()
