"""What the laws need to know about each offer: one file a vendor, one line here."""

from __future__ import annotations

from .base import NotOurs, Sample
from .teli import SMS_AGENT as TELI_SMS_AGENT

SAMPLES: dict[str, Sample] = {
    "teli:SmsAgent": TELI_SMS_AGENT,
}

__all__ = ["SAMPLES", "NotOurs", "Sample"]
