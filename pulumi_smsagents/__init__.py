"""SMS agents, phone numbers and SMS configurations as resources of a Pulumi program.

Vendors are modules (``teli``), resources their classes (``teli.SmsAgent``); the kinds are their bases. Importing this
loads neither an HTTP library nor pydantic: a program only registers resources, the provider process does the work.
"""

from .resources import bland, cleartalk, contactswing, fluents, teli
from .resources.base import PhoneNumber, SmsAgent, SmsConfiguration
from .resources.loader import load
from .resources.prompt import prompt_file

__all__ = ["PhoneNumber", "SmsAgent", "SmsConfiguration", "bland", "cleartalk", "contactswing", "fluents", "load", "prompt_file", "teli"]
