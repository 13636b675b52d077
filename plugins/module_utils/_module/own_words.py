# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Use the option names of the task in error messages, such as its alias server_id for resource_id.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any, Iterator, Mapping

from .._model.errors import InputError

Spec = Mapping[str, Mapping[str, Any]]


@contextlib.contextmanager
def in_words_of(given: Mapping[str, Any], spec: Spec) -> Iterator[None]:
    """Reword an InputError from the block. given: the options, including aliases."""
    try:
        yield
    except InputError as exc:
        exc.message = reworded(exc.message, given, spec)
        raise


def reworded(sentence: str, given: Mapping[str, Any], spec: Spec, within: str = "") -> str:
    """Replace option names in a message by the given aliases. within: prefix of the options, such as C(auth.)."""
    for name, option in spec.items():
        for alias in option.get("aliases") or ():
            if given.get(alias) is not None:
                written = re.escape(within + name)  # not in a quoted value, and not in a longer name
                sentence = re.sub(rf"(?<![\w'\"./-]){written}(?![\w'\"-])", within + alias, sentence)
        inner = given.get(name)
        if option.get("type") == "dict" and "options" in option and isinstance(inner, Mapping):
            sentence = reworded(sentence, inner, option["options"], f"{within}{name}.")
    return sentence
