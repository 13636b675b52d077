# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch what exists only for a moment: temporary files and command lines of processes (Linux only)."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

MARK = "CLOUDGATE_SECRETS_RUN"  # in the environment of all that a run starts
_INTERVAL = 0.01  # seconds
_WRAPPER = b"_ANSIBALLZ", b"ANSIBALLZ_PARAMS"  # in the files by which Ansible sends a module with its options


def is_argument_file(content: bytes) -> bool:
    """Return whether Ansible gives a module its options in this file: its own mechanism, with secrets."""
    return any(word in content for word in _WRAPPER)


def _private(path: str) -> bool:
    """Return whether nobody else can read a file: its own mode or that of its folder forbids it."""
    return not (os.stat(path).st_mode & 0o077 and os.stat(os.path.dirname(path)).st_mode & 0o077)


class _Watcher:
    """Polls in a separate thread."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_INTERVAL):
            self._poll()

    def _poll(self) -> None:
        raise NotImplementedError


class FileWatcher(_Watcher):
    """Reads each version of each file below a folder, and hands it on with its name.

    argument_files: how many of Ansible's own were seen, which are not handed on as long as only their owner can read
    them.
    """

    def __init__(self, folder: Path, take: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self._folder = folder
        self._take = take
        self._seen: set[tuple[str, int, int]] = set()
        self.files = self.argument_files = 0

    def _poll(self) -> None:
        for path in _below(str(self._folder)):
            with contextlib.suppress(OSError):  # it is gone again
                self._read(path)

    def _read(self, path: str) -> None:
        state = os.lstat(path)
        version = (path, state.st_size, state.st_mtime_ns)
        if version in self._seen or not stat.S_ISREG(state.st_mode) or not state.st_size:
            return
        with open(path, "rb") as file:
            content = file.read()
        self._seen.add(version)
        self.files += 1
        if is_argument_file(content) and _private(path):
            self.argument_files += 1
        else:
            self._take(path, content)


def _below(folder: str) -> Iterator[str]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path)
            else:
                yield entry.path


class ProcessWatcher(_Watcher):
    """Hands on the command line of each process of the run, as everybody on the machine can see it."""

    def __init__(self, mark: str, take: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self._mark = f"{MARK}={mark}".encode()
        self._take = take
        self._foreign: set[str] = set()
        self._seen: set[tuple[str, bytes]] = set()

    @property
    def processes(self) -> int:
        """Return how many processes were seen."""
        return len(self._seen)

    def end_all(self) -> None:
        """Kill what is left of the run, wherever it has detached itself to."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if self._mark in Path("/proc", pid, "environ").read_bytes().split(b"\0"):
                    os.kill(int(pid), signal.SIGKILL)

    def _poll(self) -> None:
        for pid in filter(str.isdigit, os.listdir("/proc")):
            if pid in self._foreign:
                continue
            with contextlib.suppress(OSError):  # it has ended
                self._read(pid)

    def _read(self, pid: str) -> None:
        environment = Path("/proc", pid, "environ").read_bytes()
        if self._mark not in environment.split(b"\0"):
            if environment:  # without any, it is about to become another program
                self._foreign.add(pid)
            return
        line = b"".join(Path("/proc", pid, name).read_bytes() for name in ("cmdline", "comm"))
        if (pid, line) not in self._seen:
            self._seen.add((pid, line))
            self._take(line.replace(b"\0", b" ").decode(errors="replace")[:100], line)
