# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports are written to the given file, and to no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report import file as report_file
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.file import target, write


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


@pytest.mark.parametrize(("name", "format"), [("report.html", "html"), ("report.md", "markdown")])
def test_a_new_report_is_private(tmp_path: Path, name: str, format: str) -> None:
    where = target(str(tmp_path / name))
    old = os.umask(0)
    try:
        assert write(where, "One \u2713") is True
    finally:
        os.umask(old)
    assert where.format == format
    assert (tmp_path / name).read_text(encoding="utf-8") == "One \u2713"
    assert mode(tmp_path / name) == 0o600
    assert os.listdir(tmp_path) == [name]


def test_the_mode_of_an_own_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o4644)
    write(target(str(file)), "new")
    assert (file.read_text(encoding="utf-8"), mode(file)) == ("new", 0o644)
    assert file.stat().st_mode & 0o7000 == 0


def test_the_same_report_is_no_change(tmp_path: Path) -> None:
    where = target(str(tmp_path / "report.md"))
    assert [write(where, "one"), write(where, "one"), write(where, "two")] == [True, False, True]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_replaced_and_not_followed(tmp_path: Path, there: bool) -> None:
    victim, link = tmp_path / "victim", tmp_path / "report.md"
    if there:
        victim.write_text("precious", encoding="utf-8")
        victim.chmod(0o644)
    link.symlink_to(victim)
    write(target(str(link)), "new")
    assert not link.is_symlink()
    assert (link.read_text(encoding="utf-8"), mode(link)) == ("new", 0o600)
    assert victim.exists() is there
    assert not there or victim.read_text(encoding="utf-8") == "precious"


def test_a_link_to_a_folder_is_replaced_too(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "report.md"
    link.symlink_to(tmp_path / "folder")
    write(target(str(link)), "new")
    assert not link.is_symlink() and os.listdir(tmp_path / "folder") == []


def test_a_second_name_of_a_file_does_not_change_it(tmp_path: Path) -> None:
    victim, name = tmp_path / "victim", tmp_path / "report.md"
    victim.write_text("precious", encoding="utf-8")
    os.link(victim, name)
    write(target(str(name)), "new")
    assert (victim.read_text(encoding="utf-8"), name.read_text(encoding="utf-8")) == ("precious", "new")


def test_the_file_of_another_user_lends_no_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.md"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o666)
    monkeypatch.setattr(report_file.os, "geteuid", lambda: os.getuid() + 1)
    write(target(str(file)), "new")
    assert mode(file) == 0o600


def test_a_folder_behind_the_link_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert target(str(tmp_path / "link" / "report.md")).folder == tmp_path / "link"
    lstat = Path.lstat

    def of_another_user(path: Path) -> os.stat_result:
        found = list(lstat(path))
        return os.stat_result([*found[:4], os.getuid() + 1, *found[5:]])

    monkeypatch.setattr(Path, "lstat", of_another_user)
    with pytest.raises(InputError, match="behind a symbolic link of another user"):
        target(str(tmp_path / "link" / "report.md"))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("report.pdf", "must end in .html or .md:"),
        ("none/report.md", "The folder of the report does not exist"),
        ("folder.md", "is a folder:"),
    ],
)
def test_an_unwritable_path_is_refused_before_the_report(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(InputError, match=words):
        target(str(tmp_path / path))


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    where = target(str(tmp_path / "report.md"))
    monkeypatch.setattr(report_file.os, "replace", full)
    with pytest.raises(InputError, match=r"cannot be written to .*: No space left on device"):
        write(where, "new")
    assert os.listdir(tmp_path) == []
