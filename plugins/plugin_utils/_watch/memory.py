# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the event source, kept in a file so that a restart reports nothing twice and misses nothing.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import json
import os
import re
import stat
import tempfile
from datetime import datetime
from typing import IO, Any, Callable, Container, Dict, Iterator, Mapping, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import format_time, parse_time
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import (
    GroupState,
    PollState,
    ResourceState,
)

_VERSION = 2
_NOT_GIVEN = re.compile(r"(, )?\b\w+=(None|False)(?=[,)])")
# Names, times and words of our own, which a restart needs as they are; what a cloud says is masked.
_KEPT = frozenset(
    "provider reference operation_id resource_id request_id state given row reported since cursor reach "
    "started_at updated_at finished_at".split()
)


@dataclasses.dataclass
class Reported:
    """What was last reported of an operation. changes: how many. at: when, on the API's clock."""

    state: str
    changes: int
    at: datetime

    @property
    def finished(self) -> bool:
        """Whether nothing more will be reported: what is final stays so."""
        return self.state in State.TERMINAL


def key_of(operation: Operation, reference: object) -> str:
    """The name of an operation in the memory: one request can begin several operations, each of a server."""
    name = operation.operation_id or str(reference)
    return " ".join((operation.provider, operation.resource_id or "-", name))


def name_of(provider: str, reference: Reference) -> str:
    """The name of what the arguments name, which no later field of a reference changes."""
    return _short(f"{provider} {reference!r}")


def _short(name: str) -> str:
    """Leave out what is not given, as older releases wrote it."""
    return _NOT_GIVEN.sub("", name)


class Memory:
    """All that a restart needs. It holds no secret.

    reported: by key. given: which of them was found for what the arguments name. state: of the polling. path: None
    keeps it all in this process only. clean: hides what is secret in plain data.
    """

    def __init__(self, path: Optional[str] = None, clean: Callable[[Any], Any] = lambda plain: plain) -> None:
        self.path = path
        self.reported: Dict[str, Reported] = {}
        self.given: Dict[str, str] = {}
        self.state = PollState([])
        self._clean = clean
        self._lock: Optional[int] = None  # file descriptor
        self._state_text, self._written = "", ""

    def open(self) -> None:
        """Read the file and keep others from it. Raises InputError."""
        if self.path is None:
            return
        try:
            self._lock = _opened(f"{self.path}.lock", os.O_RDWR | os.O_CREAT)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise InputError(f"state_file {self.path} is in use by another source: give each its own.") from exc
        except OSError as exc:
            raise InputError(f"state_file {self.path} cannot be written: {exc.strerror}.") from exc
        if os.path.lexists(self.path):
            self._read(self.path)
        self.save()

    def close(self) -> None:
        """Let others have the file."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _read(self, path: str) -> None:
        try:
            with open(_opened(path, os.O_RDONLY), encoding="utf-8") as file:
                content = json.load(file)
            if content["version"] not in (1, _VERSION):
                raise ValueError("another version")
            self.given = {_short(str(name)): str(key) for name, key in content["given"].items()}
            if content["version"] == 1:
                content = _from_version_1(content)
            self.reported = {
                key: Reported(each["state"], each["changes"], _time(each["at"]))
                for key, each in content["reported"].items()
            }
            self.state = PollState.from_dict(content["state"])
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as exc:
            raise InputError(
                f"state_file {path} cannot be read, or is not one of this source's: name another, or remove it, and "
                "the watch begins anew."
            ) from exc

    def save(self, with_state: bool = True) -> None:
        """Write all of it; whoever reads the file finds the old content or the new one. Raises InputError.

        with_state: else the state is written as it was saved last: with a thousand operations it takes a while.
        """
        if self.path is None:
            return
        if with_state:
            self._state_text = json.dumps(_cleaned(self.state.to_dict(), self._clean))
        content = {
            "version": _VERSION,
            "reported": {key: dict(vars(each), at=format_time(each.at)) for key, each in self.reported.items()},
            "given": self.given,
        }
        text = f'{json.dumps(content)[:-1]}, "state": {self._state_text}}}'
        if text == self._written:
            return
        try:
            with _replacing(self.path) as file:
                file.write(text)
            self._written = text
        except OSError as exc:
            raise InputError(f"state_file {self.path} cannot be written: {exc.strerror}.") from exc

    def forget(self, watched: Container[str], before: datetime) -> None:
        """Drop what was reported before this time, on the API's clock, but for what is still watched (keys)."""
        self.reported = {key: each for key, each in self.reported.items() if key in watched or each.at > before}
        self.given = {name: key for name, key in self.given.items() if key in self.reported}


def _cleaned(plain: Any, clean: Callable[[Any], Any]) -> Any:
    """Return the state without secrets in what a cloud has said."""
    if isinstance(plain, dict):
        return {name: value if name in _KEPT else _cleaned(value, clean) for name, value in plain.items()}
    if isinstance(plain, list):
        return [_cleaned(each, clean) for each in plain]
    return clean(plain) if isinstance(plain, str) else plain


def _from_version_1(content: Mapping[str, Any]) -> Dict[str, Any]:
    """What release 1.0.0 has written, as it would be written today."""
    groups: Dict[str, GroupState] = {}
    given = {key: _short(name) for name, key in content["given"].items()}
    for key, each in content["told"].items():
        group = groups.setdefault(each["provider"], GroupState(each["provider"]))
        if each["state"] in State.TERMINAL or not each["operation_id"]:
            continue
        state = group.add(Reference(each["operation_id"], each["resource_id"]))
        state.given = given.get(key)
        if each.get("operation"):
            state.operation, state.answered = Operation.from_dict(each["operation"]), True
    for name, each in content["listed"].items():
        provider, _space, resource_id = name.partition(" ")
        group = groups.setdefault(provider, GroupState(provider))
        group.resources.append(ResourceState(resource_id, since=_time(each["since"]), cursor=_time(each["asked"])))
    return {"reported": content["told"], "state": PollState(list(groups.values())).to_dict()}


def _time(value: Any) -> datetime:
    moment = parse_time(value)
    if moment is None:
        raise ValueError("not a time")
    return moment


def _opened(path: str, flags: int) -> int:
    """Open a file, which is private if it is new. Raises OSError, and InputError for what is no file of its own.

    A link that somebody else planted in a shared folder would lead to another file.
    """
    try:
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        if exc.errno != errno.ELOOP:
            raise
        raise InputError(f"{path} is a symbolic link, which state_file does not follow. Remove it.") from exc
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise InputError(f"{path} is not a regular file. Give another state_file.")
    return handle


@contextlib.contextmanager
def _replacing(path: str) -> Iterator[IO[str]]:
    """A file of mode 0600 that takes the place of another when it is whole, and on the disk."""
    handle, partial = tempfile.mkstemp(prefix=os.path.basename(path) + ".", dir=os.path.dirname(path) or ".")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise
