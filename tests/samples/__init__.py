"""What the laws need to know about each offer: one file a vendor, one line here."""

from __future__ import annotations

from .base import NotOurs, Sample
from .bland import SMS_CONFIGURATION as BLAND_SMS_CONFIGURATION
from .cleartalk import SMS_CONFIGURATION as CLEARTALK_SMS_CONFIGURATION
from .contactswing import SMS_AGENT as CONTACTSWING_SMS_AGENT
from .fluents import PHONE_NUMBER as FLUENTS_PHONE_NUMBER
from .teli import SMS_AGENT as TELI_SMS_AGENT

SAMPLES: dict[str, Sample] = {
    "bland:SmsConfiguration": BLAND_SMS_CONFIGURATION,
    "teli:SmsAgent": TELI_SMS_AGENT,
    "contactswing:SmsAgent": CONTACTSWING_SMS_AGENT,
    "cleartalk:SmsConfiguration": CLEARTALK_SMS_CONFIGURATION,
    "fluents:PhoneNumber": FLUENTS_PHONE_NUMBER,
}

__all__ = ["SAMPLES", "NotOurs", "Sample"]
