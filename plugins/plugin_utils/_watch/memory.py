# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the event source in a file, so that a restart misses no change and repeats none.

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
# Keys whose values a restart needs unmasked; they contain no text from a cloud.
_KEPT = frozenset(
    "provider reference operation_id resource_id request_id state given row reported since cursor reach "
    "started_at updated_at finished_at".split()
)


@dataclasses.dataclass
class Reported:
    """The last reported state of an operation. changes: their number. at: the time, on the API's clock."""

    state: str
    changes: int
    at: datetime

    @property
    def finished(self) -> bool:
        """Whether nothing more will be reported, because the state is final."""
        return self.state in State.TERMINAL


def key_of(operation: Operation, reference: object) -> str:
    """Return the key of an operation: one request can start several operations, one per server."""
    name = operation.operation_id or str(reference)
    return " ".join((operation.provider, operation.resource_id or "-", name))


def name_of(provider: str, reference: Reference) -> str:
    """Return the key of a reference in the arguments. Fields that later releases add do not change it."""
    return _short(f"{provider} {reference!r}")


def _short(name: str) -> str:
    """Remove unset fields from a key, which older releases included."""
    return _NOT_GIVEN.sub("", name)


class Memory:
    """The saved state of the event source. It contains no secrets.

    reported: by key. given: the key of each reference in the arguments. state: of the polling. path: None saves
    nothing. clean: masks secrets in plain data.
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
        """Lock the file and read it. Raises InputError."""
        if self.path is None:
            return
        try:
            self._lock = _opened(f"{self.path}.lock", os.O_RDWR | os.O_CREAT)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise InputError(f"state_file {self.path} is in use by another source. Give each source its own.") from exc
        except OSError as exc:
            raise InputError(f"state_file {self.path} cannot be written: {exc.strerror}.") from exc
        if os.path.lexists(self.path):
            self._read(self.path)
        self.save()

    def close(self) -> None:
        """Unlock the file."""
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
                f"state_file {path} is not a valid state file. Set another path, or remove the file to start again."
            ) from exc

    def save(self, with_state: bool = True) -> None:
        """Write the file atomically. Raises InputError.

        with_state: if false, repeat the last saved state, because serializing a thousand operations is slow.
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
        """Drop reports from before this time, on the API's clock, except those with watched keys."""
        self.reported = {key: each for key, each in self.reported.items() if key in watched or each.at > before}
        self.given = {name: key for name, key in self.given.items() if key in self.reported}


def _cleaned(plain: Any, clean: Callable[[Any], Any]) -> Any:
    """Return the state with masked texts from clouds."""
    if isinstance(plain, dict):
        return {name: value if name in _KEPT else _cleaned(value, clean) for name, value in plain.items()}
    if isinstance(plain, list):
        return [_cleaned(each, clean) for each in plain]
    return clean(plain) if isinstance(plain, str) else plain


def _from_version_1(content: Mapping[str, Any]) -> Dict[str, Any]:
    """Convert the content that release 1.0.0 wrote."""
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
    """Open a file; a new one gets mode 0600. Raises OSError, and InputError for a symbolic link or a special file.

    In a shared folder, another user could plant a link to another file.
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
    """Yield a new file of mode 0600 that replaces another once it is complete and synced to disk."""
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
