# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explain what is wrong with clouds.yaml: the searched folders, the invalid line, or the existing clouds.

Private to this collection. openstacksdk skips a file that it cannot read, and reports only that a cloud is missing.
"""

from __future__ import annotations

import json
import os
from typing import Any, List, Mapping, Optional

_VARIABLE = "OS_CLIENT_CONFIG_FILE"
_SHOWN = 20  # names of clouds


def sentence_of(config: Any, cloud: Optional[str], environ: Mapping[str, str]) -> Optional[str]:
    """Return the error message for a cloud that was not found; None if it was found.

    config: openstacksdk's configuration; None if an old openstacksdk could not read the files. cloud: its name; None
    for the only cloud in the file that OS_CLIENT_CONFIG_FILE names.
    """
    names = _names(config)
    if cloud is None or cloud in names:
        return None
    broken = [each for each in map(_what_is_broken, _files(config, environ)) if each]
    if broken:
        return f"{' '.join(broken)} So cloud {cloud} was not found."
    if config is None:
        return None
    if not config.config_filename:
        return _no_file(config, cloud, environ)
    if not names:
        return f"{config.config_filename} has no cloud {cloud}; it has no clouds."
    return f"{config.config_filename} has no cloud {cloud}; it has {', '.join(names[:_SHOWN])}."


def _no_file(config: Any, cloud: str, environ: Mapping[str, str]) -> str:
    if environ.get(_VARIABLE):
        return f"{_VARIABLE} names {environ[_VARIABLE]}, which does not exist. So cloud {cloud} was not found."
    folders = list(dict.fromkeys(os.path.dirname(each) for each in getattr(config, "_config_files", ())))
    return (
        f"There is no clouds.yaml, so cloud {cloud} was not found. The module searches {', '.join(folders)} on the "
        f"host where it runs. {_VARIABLE} can name another file."
    )


def _files(config: Any, environ: Mapping[str, str]) -> List[str]:
    if config is None:
        from openstack.config import loader

        given = [environ[name] for name in (_VARIABLE, "OS_CLIENT_SECURE_FILE") if environ.get(name)]
        return given + [each for names in ("CONFIG_FILES", "SECURE_FILES") for each in getattr(loader, names, ())]
    return [each for names in ("_config_files", "_secure_files") for each in getattr(config, names, ())]


def _names(config: Any) -> List[str]:
    clouds = (config.cloud_config or {}).get("clouds") if config and config.config_filename else None
    return sorted(map(str, clouds)) if isinstance(clouds, dict) else []


def _what_is_broken(path: str) -> Optional[str]:
    """Return the error message for a file that exists but cannot be read. It quotes no content, which may be secret."""
    import yaml

    if not os.path.exists(path):
        return None
    try:
        with open(path, encoding="utf-8") as file:
            if path.endswith("json"):
                json.load(file)
            else:
                yaml.safe_load(file)
    except RecursionError:
        return f"{path} is nested too deep."
    except OSError as exc:
        return f"{path} cannot be read: {exc.strerror}."
    except ValueError as exc:
        line = getattr(exc, "lineno", None)
        return f"{path} is not JSON: see line {line}." if line else f"{path} is not text in UTF-8."
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        if mark is None:
            return f"{path} contains characters that YAML does not allow."
        return f"{path} is not YAML: see line {mark.line + 1}, column {mark.column + 1}."
    return None
