# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which image an action made, and what the image service is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    MissingError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.images import Images
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.reading import image_status

SERVER = "2a543c3b-3944-44e5-9057-d38bcfd1dea2"
START = datetime(2026, 11, 28, 6, 22, 47, 582556, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def action(start: float = 0, name: str = "createImage") -> Dict[str, Any]:
    began = at(start).replace(tzinfo=None).isoformat()
    return {
        "action": name,
        "request_id": f"req-{name}{start}",
        "start_time": began,
        "instance_uuid": SERVER,
        "project_id": "demo",
    }


def image(created: float = 0.3, status: str = "active", **more: Any) -> Dict[str, Any]:
    """Return an image as Glance shows it: with whole seconds."""
    shown = at(created).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": f"i{created}", "status": status, "instance_uuid": SERVER, "created_at": shown, **more}


def status(
    images: List[Dict[str, Any]], *others: Dict[str, Any], mine: Optional[Dict[str, Any]] = None, now: float = 5
) -> str:
    mine = mine or action()
    rows = sorted([mine, *others], key=lambda row: row["start_time"], reverse=True)
    return image_status(images, mine, rows, at(now))


@pytest.mark.parametrize("found", ["active", "saving", "queued", "killed"])
def test_an_image_belongs_to_the_action_in_which_it_was_made(found):
    assert status([image(0.3, found)]) == found


def test_only_images_of_this_server_count_where_a_cloud_ignores_the_filter():
    assert status([image(instance_uuid="another"), image(instance_uuid=None)]) == "none"


def test_an_image_that_was_made_at_another_time_is_not_that_of_the_action():
    assert status([image(-90), image(90)]) == "none"


@pytest.mark.parametrize("pause", [1.5, 3, 20])
def test_two_actions_close_together_are_not_mixed_up(pause):
    """The image of the failed action is gone; that of the other exists."""
    first, second = action(), action(pause)
    assert status([image(pause + 0.2)], second, mine=first) == "none"
    assert status([image(pause + 0.2)], first, mine=second) == "active"
    assert status([image(0.2)], second, mine=first) == "active"
    assert status([image(0.2)], first, mine=second) == "none"


@pytest.mark.parametrize("pause", [0.1, 0.2, 0.35])
def test_an_action_that_failed_within_a_second_has_no_image(pause):
    first, second = action(), action(pause)
    assert status([image(pause + 0.05)], second, mine=first) == "none"
    assert status([image(pause + 0.05)], first, mine=second) == "active"


def test_each_of_two_actions_of_one_second_has_its_image():
    first, second = action(), action(0.2)
    images = [image(0.3), image(0.1)]
    assert status(images, second, mine=first) == "active"
    assert status(images, first, mine=second) == "active"


@pytest.mark.parametrize("skew", [-20, -3, 3, 20])
def test_the_clocks_of_two_services_may_differ(skew):
    first, second = action(), action(60)
    assert status([image(0.3 + skew)], second, mine=first) == "active"
    assert status([image(0.3 + skew)], first, mine=second) == "none"


@pytest.mark.parametrize("name", ["shelve", "createBackup"])
def test_the_image_of_another_kind_of_action_is_not_taken(name):
    assert status([image(4.2)], action(4, name)) == "none"
    assert status([image(4.2)], action(4, "reboot")) == "active"


def test_a_refused_request_may_leave_an_image_that_is_queued_forever():
    assert status([image(0.5, "queued"), image(2)]) == "active"


def test_an_image_that_is_never_uploaded():
    """Seen on a real Nova: the server was deleted before its compute service got the request for the snapshot."""
    assert status([image(0.3, "queued")], action(2, "delete"), now=30) == "queued"
    assert status([image(0.3, "queued")], action(2, "delete"), now=90) == "left"
    assert status([image(0.3, "saving")], action(2, "delete"), now=9000) == "saving"  # an upload outlasts its server
    assert status([image(0.3, "queued")], action(2, "lock"), now=9000) == "queued"


def test_an_image_that_is_not_there_any_more():
    assert status([], action(60, "reboot"), now=120) == "none"
    assert status([], action(60, "lock"), now=9000) == "none"
    assert status([], action(60, "reboot"), now=9000) == "gone"
    assert status([], action(60, "createBackup"), mine=action(0, "createBackup"), now=120) == "rotated"


def test_an_action_without_a_start_has_no_image():
    assert image_status([image()], {"instance_uuid": SERVER}, [], at(5)) == "unreadable"


class Glance:
    """Answers page after page, or with an error."""

    def __init__(self, *pages: Any) -> None:
        self.pages = list(pages)
        self.asked: List[Dict[str, str]] = []
        self.urls: List[str] = []

    def at(self, url: str) -> Glance:
        self.urls.append(url)
        return self

    def get(self, path: Any, query: Any) -> Any:
        assert path == ("images",)
        self.asked.append(dict(query))
        page = self.pages.pop(0)
        if isinstance(page, Exception):
            raise page
        return page


@pytest.fixture
def ask():
    """Return a function that reads the status from an image service with these pages, and returns both."""

    def asked(*pages: Any, project: Optional[str] = "demo", endpoint: Optional[str] = "http://glance/image/v2"):
        glance = Glance(*pages)
        login = SimpleNamespace(endpoint=lambda _types: endpoint, project_id=project)
        nova: Any = SimpleNamespace(login=login, now=lambda: at(5), at=glance.at)
        return Images(nova, ("image",)).status(SERVER, action(), lambda: [action()]), glance

    return asked


def test_images_are_requested_by_their_server_shared_ones_too(ask):
    found, glance = ask({"images": [image()]})
    assert found == "active"
    assert glance.urls == ["http://glance/image/v2"]
    assert glance.asked == [{"instance_uuid": SERVER, "member_status": "all", "limit": "100"}]


def test_pages_are_followed_down_to_the_action(ask):
    newer = {"images": [image(300), image(200)], "next": "/v2/images?marker=i200"}
    found, glance = ask(newer, {"images": [image(0.3), image(-200)], "next": "/v2/images?marker=i-200"})
    assert found == "active"
    assert [query.get("marker") for query in glance.asked] == [None, "i200"]


def test_pages_that_never_end_do(ask):
    _found, glance = ask(*[{"images": [image(300)], "next": "/v2/images"}] * 50)
    assert len(glance.asked) == 20


@pytest.mark.parametrize(
    "project, others, found",
    [
        ("demo", [], "none"),
        ("admin", [], "unreadable"),  # perhaps this user sees no image of that project
        (None, [], "unreadable"),
        ("admin", [image(-99, owner="demo", visibility="private")], "none"),
        ("admin", [image(-99, owner="demo", visibility="shared")], "unreadable"),
    ],
)
def test_no_image_is_a_failure_only_where_it_would_be_seen(ask, project, others, found):
    assert ask({"images": others}, project=project)[0] == found


@pytest.mark.parametrize("error", [ForbiddenError("403"), MissingError("404")])
def test_an_image_that_may_not_be_read(ask, error):
    assert ask(error)[0] == "unreadable"


def test_a_catalog_without_an_image_service(ask):
    found, glance = ask(endpoint=None)
    assert (found, glance.asked) == ("unreadable", [])


def test_an_image_service_that_is_down_is_waited_for(ask):
    with pytest.raises(TransportError):
        ask(TransportError("503"))


def test_an_action_that_is_older_than_all_that_were_listed():
    assert image_status([image(0.3)], action(), [action(90), action(60)], at(95)) == "active"
