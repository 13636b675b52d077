# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Different packages have different versions."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import List

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def releasing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "tools"))
    return importlib.import_module("releasing")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout between the releases 1.9.0 and 1.10.0."""
    (tmp_path / "galaxy.yml").write_text("name: operations\nversion: 1.10.0-dev0\ntags: []\n", encoding="utf-8")
    (tmp_path / "changelogs").mkdir()
    changelog = "ancestor: null\nreleases:\n  1.0.0:\n    changes: {}\n  1.9.0:\n    changes: {}\n"
    (tmp_path / "changelogs" / "changelog.yaml").write_text(changelog, encoding="utf-8")
    return tmp_path


def test_the_version_in_galaxy_yml_is_not_released_while_there_are_fragments(releasing: ModuleType) -> None:
    newest, here = releasing.released()[-1], releasing.current()
    if list((ROOT / releasing.FRAGMENTS).glob("*.yml")):
        assert releasing.numbers(here) > releasing.numbers(newest)
        assert here.endswith("-dev0")
    else:
        assert releasing.numbers(here) >= releasing.numbers(newest)


@pytest.mark.parametrize("version", ["1.9.1", "1.10.0", "2.0.0"])
def test_a_newer_version_is_released(releasing: ModuleType, checkout: Path, version: str) -> None:
    assert releasing.check([version], checkout) == version


@pytest.mark.parametrize(
    "words, why",
    [
        ([], "name the version, such as: nox -s release -- 1.10.0"),
        (["1.10"], "name the version"),
        (["1.10.0-dev0"], "name the version"),
        (["1.10.0", "1.11.0"], "name the version"),
        (["1.9.0"], "1.9.0 is not newer than 1.9.0, which is released"),
        (["1.8.5"], "1.8.5 is not newer than 1.9.0, which is released"),
    ],
)
def test_what_is_no_newer_version_is_refused(releasing: ModuleType, checkout: Path, words: List[str], why: str) -> None:
    with pytest.raises(releasing.WrongVersion, match=why):
        releasing.check(words, checkout)


def test_the_next_version_is_marked_as_not_released(releasing: ModuleType, checkout: Path) -> None:
    releasing.set_version("1.10.0", checkout)
    assert releasing.current(checkout) == "1.10.0"
    releasing.set_version(releasing.following("1.10.0"), checkout)
    assert (checkout / "galaxy.yml").read_text(encoding="utf-8").splitlines()[1] == "version: 1.11.0-dev0"
