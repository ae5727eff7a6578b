"""Fluents, where a create buys."""

from __future__ import annotations

from . import Case

CONNECTION = "550e8400-e29b-41d4-a716-446655440000"
AGENT = "550e8400-e29b-41d4-a716-446655440010"
CHOSEN = {"area_code": None, "telephony_account_connection": None}

CASE = Case(
    type="fluents.PhoneNumber",
    fields={
        "area_code": "415",
        "telephony_provider": "twilio",
        "telephony_account_connection": CONNECTION,
        "label": "Support",
        "description": "Business line for customer service",
        "outbound_only": False,
        "example_context": {"customer": "Ada", "plan": "gold"},
        "inbound_agent": AGENT,
    },
    changed={
        "label": "Sales",
        "description": "Second line",
        "outbound_only": True,
        "example_context": {"customer": "Grace"},
        "inbound_agent": "550e8400-e29b-41d4-a716-446655440011",
    },
    cleared={"label": "", "description": "", "outbound_only": False, "example_context": None, "inbound_agent": None},
    replaced={
        "phone_number": "+12125550142",
        "area_code": "212",
        "telephony_provider": "vonage",
        "telephony_account_connection": "550e8400-e29b-41d4-a716-446655440001",
        "link": True,
    },
    dropped=("telephony_account_connection",),
    # What only says how to buy may go: the number that was bought stays.
    noted={"phone_number": None, "area_code": None, "telephony_provider": None},
    of_row={
        "changes-outbound_only": {"inbound_agent": None},
        "loses-outbound_only": {"inbound_agent": None, "outbound_only": True},
        "replaces-phone_number": {**CHOSEN, "phone_number": "+12125550141"},
        "notes-phone_number": {**CHOSEN, "phone_number": "+12125550143"},
        # The same number is given up and linked: that takes a cancel, which goes first.
        "replaces-link": {
            "area_code": None,
            "telephony_provider": None,
            "phone_number": "+12125550144",
            "link": False,
            "on_delete": "cancel",
        },
    },
    by_hand={
        "label": "By hand",
        "description": "By hand",
        "outbound_only": False,
        "example_context": {},
        "inbound_agent": "550e8400-e29b-41d4-a716-446655440012",
    },
    hidden=frozenset({"area_code"}),
    unsent=frozenset({"link"}),
    create=lambda fields: {"list": 1, "link" if fields.get("link") else "buy": 1, "update": 1},
    update={"update": 1},
    delete={"retain": {}, "cancel": {"cancel": 1}},
    adopt={"get": 1},
    sees=frozenset({"get", "list"}),
    about=lambda call: call.query.get("phone_number", ""),
    stored=lambda item: {"label": "", "outbound_only": False, **item.data, "phone_number": item.id},
    said_of_create=lambda fields: ["phone_number: is linked" if fields.get("link") else "phone_number: is bought, which costs money"],
    said_of_replacement=("another number, unless the program asks for",),
    fates={"retain": "stays held at Fluents and goes on costing money", "cancel": "is cancelled at Fluents, and is then lost"},
)
