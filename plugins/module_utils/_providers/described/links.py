# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IDs and URLs of operations: which are safe to ask, as a URL may come from an API. Pure.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any, List, Mapping, Optional, Tuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from ..._http.urls import shown_url
from ..._model.errors import InputError, ProtocolError
from ..paths import Location
from .reading import as_text

_ID = re.compile(r"[^\s/?#\\](?:[^/?#\\\t\r\n]{0,253}[^\s/?#\\])?")
_NEXT = re.compile(r"""<([^<>]*)>[^<>]*?;\s*rel\s*=\s*"?next\b""", re.IGNORECASE)


def check_any_id(name: str, value: str) -> str:
    """Return an ID, or a path of several, that names something in a URL. Raises InputError for any other value."""
    parts = value.strip("/").split("/")
    if not value.isprintable() or ".." in value or not all(_ID.fullmatch(part) and part != "." for part in parts):
        raise InputError(f"{name} must be an id of printable characters without ? # \\ and .., not {value!r}.")
    return value


def below(endpoint: str, url: str, name: str = "operation_id") -> Location:
    """Return path and query of an operation's URL, which may begin with the slash of its path.

    name: for messages. Raises InputError if it is not below the endpoint: other URLs must not get the credentials.
    """
    segments: List[str] = []
    start: List[str] = []
    with contextlib.suppress(ValueError):  # raised for an invalid URL
        base, parts = urlsplit(endpoint), urlsplit(urljoin(endpoint, url))
        if (_origin(parts), parts.username, parts.fragment) == (_origin(base), None, ""):
            segments = [unquote(part) for part in parts.path.split("/")[1:]]
            start = [unquote(part) for part in base.path.strip("/").split("/") if part]
    wanted = segments[len(start) :]
    named = wanted[:-1] if wanted[-1:] == [""] else wanted  # without the slash at the end
    if segments[: len(start)] != start or not named or any(part in ("", ".", "..") for part in named):
        place = shown_url(endpoint)
        raise InputError(f"{name} is a URL that is not below endpoint {place}, so it gets no credentials.")
    return tuple(wanted), tuple(parse_qsl(parts.query, keep_blank_values=True))


def linked(endpoint: str, where: Location, url: str, name: str) -> Location:
    """Return path and query of a URL in an answer, which may be relative to the URL of the answer.

    name: the option that reads the URL. Raises ProtocolError if the URL is not below the endpoint.
    """
    try:
        return below(endpoint, _joined(url_of(endpoint, where), url.strip()), name)
    except InputError as exc:
        raise ProtocolError(f"The API's answer cannot be followed: {exc.message}") from exc


def url_of(endpoint: str, where: Location) -> str:
    """Return the URL of path and query."""
    path, query = where
    url = "/".join([endpoint.rstrip("/"), *(quote(part, safe="") for part in path)])
    return f"{url}?{urlencode(query, quote_via=quote)}" if query else url


def next_page(
    endpoint: str, where: Location, value: Any, parameter: str, name: str = "definition.next"
) -> Optional[Location]:
    """Return path and query of the next page of a list; None if there is none.

    name: the option that reads the value. value: a URL, a header C(Link), or the value of C(parameter), such as a
    number or a token.
    """
    text = as_text(value) if not isinstance(value, bool) else None
    if text is None:
        return None
    path, query = where
    if parameter:
        return path, (*(pair for pair in query if pair[0] != parameter), (parameter, text))
    if text.lstrip().startswith("<"):
        found = _NEXT.search(text)
        return linked(endpoint, where, found[1], name) if found else None
    return linked(endpoint, where, text, name)


def with_values(headers: Mapping[str, str], values: Mapping[str, Optional[str]]) -> Mapping[str, str]:
    """Return the headers with C({resource_id}) replaced, without those whose placeholder has no value.

    Raises InputError for a value with quotes, which could change a filter.
    """
    found = {}
    for name, text in headers.items():
        for place, value in values.items():
            if f"{{{place}}}" in text and value:
                if '"' in value or "'" in value:
                    raise InputError(f"{place} must not contain quotes, because definition.headers has it in {name}.")
                text = text.replace(f"{{{place}}}", value)
        if "{resource_id}" not in text:
            found[name] = text
    return found


def with_path(url: str, path: str) -> str:
    """Return a URL with a path after its own, and with its query."""
    if not path:
        return url
    before, mark, query = url.partition("?")
    return f"{before.rstrip('/')}/{path.lstrip('/')}{mark}{query}"


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:  # below() refuses it
        return "://"


def is_link(value: str) -> bool:
    return "://" in value or value.startswith("/")


def last_part(name: Optional[str]) -> str:
    path = (name or "").split("?")[0].rstrip("/")
    return unquote(path.rpartition("/")[2]) or name or ""


def ends_with(name: str, part: str) -> bool:
    """Return whether an ID without colons is the last part of one with colons, as in C(urn:vcloud:task:ID).

    Two IDs with colons must be equal: those of Proxmox have the same end.
    """
    return bool(part) and ":" not in part and name.casefold().endswith(f":{part}".casefold())


def _origin(parts: SplitResult) -> Tuple[str, Optional[str], Optional[int]]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
