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
    stripped = secret.strip()
    if len(stripped) < SHORTEST:
        return frozenset()
    written = {secret, stripped}
    for text in (secret, stripped):
        written.update((quote(text, safe="", errors="replace"), quote_plus(text, errors="replace")))
        written.add(base64.b64encode(text.encode("utf-8", errors="replace")).decode("ascii"))
        once = _quoted(text)
        written |= once
        written.update(*map(_quoted, once))  # such as the body of a request, which is JSON, as Python shows it
    return frozenset(written)


def _quoted(text: str) -> FrozenSet[str]:
    """As Python shows it, also within a text that has quotes of both kinds, and as JSON."""
    both = repr(text + "\"'")[1:-4]
    plain, short = json.dumps(text), json.dumps(text, ensure_ascii=False)
    return frozenset((repr(text)[1:-1], both, plain[1:-1], short[1:-1]))
