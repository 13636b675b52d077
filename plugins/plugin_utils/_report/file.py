# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a report without following symbolic links of other users.

Private to this collection.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import NamedTuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

FORMATS = {".html": "html", ".md": "markdown"}
_PRIVATE = 0o600
_PERMISSIONS = 0o777


def _trusted() -> tuple[int, ...]:
    """Return the users whose links are followed: root and the user who runs Ansible."""
    return 0, os.geteuid()


class Target(NamedTuple):
    """Folder, file name and format (html or markdown) of a report."""

    folder: Path
    name: str
    format: str


def target(path: str) -> Target:
    """Check the path of a report before writing.

    Args:
        path: relative to the current folder; C(~) is the home of the user who runs Ansible.

    Raises:
        InputError: for another suffix, a missing folder, and a folder behind another user's symbolic link.
    """
    file = Path(os.path.abspath(os.path.expanduser(path)))
    if file.suffix not in FORMATS:
        raise InputError(f"The path of the report must end in .html or .md: {path}.")
    if not file.parent.is_dir():
        raise InputError(f"The folder of the report does not exist on the Ansible controller: {file.parent}.")
    for folder in reversed(file.parents):
        if folder.is_symlink() and folder.lstat().st_uid not in _trusted():
            raise InputError(f"The folder of the report is behind a symbolic link of another user: {folder}.")
    if file.is_dir() and not file.is_symlink():
        raise InputError(f"The path of the report is a folder: {file}. Add a file name.")
    return Target(file.parent, file.name, FORMATS[file.suffix])


def write(where: Target, text: str) -> bool:
    """Write the report, and return whether the file changed.

    A symbolic link or another user's file of this name is replaced. The mode of an own file is kept. A new file is
    private, because a report names resources.

    Raises:
        InputError: if the file cannot be written.
    """
    content = text.encode("utf-8")
    try:
        folder = os.open(where.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            return _replace(folder, where.name, content)
        finally:
            os.close(folder)
    except OSError as exc:
        raise InputError(f"The report cannot be written to {where.folder / where.name}: {exc.strerror}.") from exc


def _replace(folder: int, name: str, content: bytes) -> bool:
    """Rename a temporary file over the name, which is atomic and follows no link."""
    mode, known = _own_file(folder, name)
    temporary = f".{name[:100]}.{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(temporary, flags, _PRIVATE, dir_fd=folder), "wb") as file:
        try:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            os.unlink(temporary, dir_fd=folder)
            raise
    return content != known


def _own_file(folder: int, name: str) -> tuple[int, bytes | None]:
    """Return mode and content of a file that this user owns; otherwise the mode of a new file and None."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return _PRIVATE, None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            return _PRIVATE, None
        return stat.S_IMODE(found.st_mode) & _PERMISSIONS, file.read()
