# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask secrets in all output, in each encoding. Pure.

Private to this collection. The modules and the event source share this.
"""

from __future__ import annotations

import base64
import html
import json
import threading
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Mapping, Tuple
from urllib.parse import quote, quote_plus

from .._model.text import CUT, printable

SHORTEST = 4  # characters of a secret that is masked everywhere; a shorter one occurs in harmless text
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"  # Ansible's replacement of a whole value
_STARS = "*" * 8  # Ansible's replacement of a part
_FOREIGN = "raw"  # only there the keys come from an API; a password such as "failed" must not rename our keys
_DEEPEST = 200  # levels of nesting; deeper data is hidden completely
_SAFE_IN_PATH = "/"
_SAFE_IN_URI = "!#$%&'()*+,/:;=?@[]~"  # characters that requests does not quote
_HTML_SAFE_JSON = {ord(each): f"\\u{ord(each):04x}" for each in "<>&'"}  # Go, Rails and PHP escape these in JSON
_HTML_NUMBERS = {ord("'"): "&#39;", ord('"'): "&#34;", ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


def encodings(secret: str) -> FrozenSet[str]:
    """Return the encodings of a secret in responses and in messages of libraries; an empty set if it is too short."""
    stripped = secret.strip()
    if len(stripped) < SHORTEST:
        return frozenset()
    plain = {secret, stripped, printable(stripped), " ".join(stripped.split())}
    once = plain.union(*map(_escaped, plain))
    twice = once.union(*map(_escaped, once))  # for example JSON in a Python repr
    binary = {each for text in once for each in (*_base64(text), *_hexadecimal(text))}
    found = twice | binary | {quote(each, safe="") for each in binary}
    return frozenset(each for each in found if len(each) >= SHORTEST)


def _escaped(text: str) -> FrozenSet[str]:
    """Return the text as escaped by Python, JSON, URLs and HTML."""
    plain, short = json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]
    in_urls = [quote(text, safe=safe, errors="replace") for safe in ("", _SAFE_IN_PATH, _SAFE_IN_URI)]
    written = {
        repr(text)[1:-1],
        repr(text + "\"'")[1:-4],  # within a text with both kinds of quotes
        ascii(text)[1:-1],
        repr(text.encode("utf-8", errors="replace"))[2:-1],
        plain,
        short,
        plain.replace("/", "\\/"),
        plain.translate(_HTML_SAFE_JSON),
        quote_plus(text, errors="replace"),
        html.escape(text),
        html.escape(text, quote=False),
        text.translate(_HTML_NUMBERS),
        *in_urls,
    }
    written.update(_lower_escapes(each) for each in in_urls)
    return frozenset(written)


def _lower_escapes(quoted: str) -> str:
    first, *others = quoted.split("%")
    return "%".join([first, *(each[:2].lower() + each[2:] for each in others)])


def _hexadecimal(text: str) -> Tuple[str, str]:
    digits = text.encode("utf-8", errors="replace").hex()
    return digits, digits.upper()


def _base64(text: str) -> Iterator[str]:
    """Yield the text in Base64, at each alignment within a longer text such as "user:password"."""
    raw = text.encode("utf-8", errors="replace")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode("ascii")
        for before, depends in ((0, 0), (1, 2), (2, 3)):  # characters that depend on the bytes before
            whole = encode(b"\0" * before + raw).decode("ascii").rstrip("=")
            yield whole[depends:]
            if (before + len(raw)) % 3:  # the last character depends on the bytes after
                yield whole[depends:-1]


class Masking:
    """The secrets of a task, and their masking. Threads may share it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: FrozenSet[str] = frozenset()
        self._longest_first: Tuple[str, ...] = ()
        self.encodings: FrozenSet[str] = frozenset()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Mask these secrets from now on, in every encoding."""
        with self._lock:
            new = frozenset(secrets) - self._secrets
            if new:
                self._secrets |= new
                self.encodings = self.encodings.union(*map(encodings, new))
                self._longest_first = tuple(sorted(self.encodings, key=lambda each: (-len(each), each)))

    def clean(self, value: Any) -> Any:
        """Return the data without secrets. Keys of dicts are masked only in the API's responses."""
        return self._clean(value, 0, foreign=False)

    def _clean(self, value: Any, depth: int, foreign: bool) -> Any:
        if isinstance(value, str):
            return self._clean_text(value)
        if value is None or isinstance(value, bool):
            return value
        if depth > _DEEPEST:
            return HIDDEN
        if isinstance(value, Mapping):
            return {
                self._clean(name, depth, foreign) if foreign else name: self._clean(
                    each, depth + 1, foreign or name == _FOREIGN
                )
                for name, each in value.items()
            }
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._clean(each, depth + 1, foreign) for each in value]
        if isinstance(value, (int, float)):
            text = str(value)
            return HIDDEN if self._clean_text(text) != text else value
        return value

    def _clean_text(self, text: str) -> str:
        if text in self.encodings:
            return HIDDEN
        known = self._longest_first
        for each in known:
            if each in text:
                text = text.replace(each, _STARS)
        if CUT in text:  # a secret may have been truncated there
            *parts, last = text.split(CUT)
            text = CUT.join([*(_without_start(part, known) for part in parts), last])
        return text


def _without_start(text: str, known: Iterable[str]) -> str:
    """Mask the beginning of a secret at the end of a text."""
    starts: Dict[int, str] = {}
    for each in known:
        place = text.rfind(each[:SHORTEST], max(0, len(text) - len(each)))
        while place >= 0:
            if each.startswith(text[place:]):
                starts[place] = each
            place = text.rfind(each[:SHORTEST], max(0, len(text) - len(each)), place + SHORTEST - 1)
    return text[: min(starts)] + _STARS if starts else text


def scalars(value: Any) -> List[str]:
    """Return the texts and numbers in nested data, as texts."""
    found, open_ones = [], [value]
    while open_ones:
        each = open_ones.pop()
        if isinstance(each, Mapping):
            open_ones += each.values()
        elif isinstance(each, (list, tuple, set, frozenset)):
            open_ones += each
        elif each is not None and not isinstance(each, bool):
            found.append(str(each))
    return found
