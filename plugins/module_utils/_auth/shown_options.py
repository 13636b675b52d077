# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which options may be shown: those with a known name and a valid value. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, FrozenSet, Iterable, Iterator, Mapping, Set

from .._model.durations import seconds_in
from .masking import HIDDEN, Masking, scalars
from .secret_values import secrets_in, secrets_in_text, without_userinfo

_DEEPEST = 50  # levels of nesting; no option has more than five
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}", re.ASCII)
_BOOLEANS = frozenset("y yes on 1 true t 1.0 n no off 0 false f 0.0".split())
Spec = Mapping[str, Mapping[str, Any]]


def is_name(name: Any) -> bool:
    """Return whether a key can be the name of an option. Other keys may contain a secret and are not shown."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def is_boolean(value: Any) -> bool:
    """Return whether Ansible reads a value as true or false."""
    return str(value).strip().lower() in _BOOLEANS


def names_shown(names: Iterable[Any]) -> str:
    """Return names as a list for messages."""
    return ", ".join(sorted({name if is_name(name) else HIDDEN for name in names}))


class Examined:
    """The options of a task before validation.

    shown: the options for the result. secrets: to be masked everywhere. All other hidden values may be harmless words,
    so they are hidden only in the options and in the error message of the validation.
    """

    def __init__(self, given: Mapping[str, Any], spec: Spec) -> None:
        self.secrets: Set[str] = set(secrets_in(given))
        self._hidden: Set[str] = set()
        self._known: Dict[int, Spec] = {}  # by the id of a spec, with its aliases
        self._words = _words(spec)
        self.shown = self._options(given, spec, 0)

    def refusal(self, sentence: str) -> str:
        """Return the error message of a validation without the values that it quotes."""
        hidden = Masking(each for each in self._hidden | self.secrets if each not in self._words)
        return str(hidden.clean(sentence))

    def _options(self, given: Mapping[str, Any], spec: Spec, depth: int) -> Dict[str, Any]:
        known = self._known.get(id(spec))
        if known is None:
            aliases = {alias: option for option in spec.values() for alias in option.get("aliases") or ()}
            known = self._known[id(spec)] = {**aliases, **spec}
        shown: Dict[str, Any] = {}
        for name, value in given.items():
            option = known.get(name)
            if option is not None and depth < _DEEPEST:
                shown[name] = self._value(value, option, name == "auth", depth + 1)
            else:
                shown[self._unknown(name, shown)] = self._hide(value)
        return shown

    def _unknown(self, name: Any, shown: Mapping[str, Any]) -> str:
        """Return how to show the name of an unknown option, which may contain a secret, as in C(password:x)."""
        if is_name(name) and name not in self.secrets:
            return name
        self._hidden.add(str(name))
        self.secrets.update(secrets_in_text(str(name)))
        return HIDDEN if HIDDEN not in shown else f"{HIDDEN} {len(shown)}"

    def _hide(self, value: Any) -> Any:
        if value is None:
            return None
        self._hidden.update(scalars(value))
        return HIDDEN

    def _value(self, value: Any, option: Mapping[str, Any], is_auth: bool, depth: int) -> Any:
        if value is None or option.get("no_log"):
            return self._hide(value)
        kind = option.get("type", "str")
        if kind == "dict":
            return self._dict(value, option, is_auth, depth)
        if kind == "list":
            return self._list(value, option, depth)
        if isinstance(value, (Mapping, list, tuple)):
            if isinstance(value, Mapping) or any(isinstance(each, Mapping) for each in value):
                self.secrets.add(str(value))  # Ansible converts it to text with everything in it
            return self._hide(value)
        if not _fits(value, kind, option.get("choices")):
            return self._hide(value)
        return without_userinfo(value, HIDDEN) if isinstance(value, str) else value

    def _dict(self, value: Any, option: Mapping[str, Any], is_auth: bool, depth: int) -> Any:
        if not isinstance(value, Mapping):
            self.secrets.update(secrets_in_text(str(value), is_auth))
            return self._hide(value)
        if "options" in option:
            return self._options(value, option["options"], depth)
        # Values under free names are hidden: a header may be an API key.
        return {name if is_name(name) else HIDDEN: self._hide(each) for name, each in value.items()}

    def _list(self, value: Any, option: Mapping[str, Any], depth: int) -> Any:
        element = dict(option, type=option.get("elements", "str"))
        if isinstance(value, (list, tuple)):
            return [self._value(each, element, False, depth + 1) for each in value]
        if element["type"] == "dict":
            self.secrets.update(secrets_in_text(str(value)))
            return self._hide(value)
        return self._value(value, element, False, depth)


def _fits(value: Any, kind: str, choices: Any) -> bool:
    """Return whether the validation accepts a plain value. A refused one may be a misplaced secret."""
    if choices is not None and value not in choices:
        return False
    if kind == "bool":
        return is_boolean(value)
    if kind == "raw":  # a duration
        return seconds_in(value) is not None
    if kind in ("int", "float"):
        try:
            float(value)
        except (ArithmeticError, TypeError, ValueError):
            return False
    return True


def _words(spec: Spec) -> FrozenSet[str]:
    """Return the words to keep in an error message: the names of options, and their choices."""

    def words(spec: Spec) -> Iterator[str]:
        for name, option in spec.items():
            yield name
            yield from option.get("aliases") or ()
            yield from map(str, option.get("choices") or ())
            yield from words(option.get("options") or {})

    return frozenset(words(spec))
