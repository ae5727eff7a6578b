"""`connect`: a client over given answers; `clock`: its time."""

from __future__ import annotations

import pytest
from answering import Clock, Vendor, client_of


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def connect(clock):
    """`client, vendor = connect((200, {}))`."""
    made = []

    def build(*answers, limits=None, **account):
        vendor = Vendor(*answers)
        made.append(client_of(vendor, clock, limits, **account))
        return made[-1], vendor

    yield build
    for client in made:
        client.close()
