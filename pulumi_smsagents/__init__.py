"""SMS agents, phone numbers and SMS configurations as resources of a Pulumi program.

Vendors are modules (``teli``), resources their classes (``teli.SmsAgent``); the kinds are their bases. Importing this
loads neither an HTTP library nor pydantic: a program only registers resources, the provider process does the work.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .resources import bland, cleartalk, contactswing, fluents, teli
    from .resources.base import PhoneNumber, SmsAgent, SmsConfiguration
    from .resources.loader import load
    from .resources.prompt import prompt_file

__all__ = ["PhoneNumber", "SmsAgent", "SmsConfiguration", "bland", "cleartalk", "contactswing", "fluents", "load", "prompt_file", "teli"]

_HOMES = {"PhoneNumber": "base", "SmsAgent": "base", "SmsConfiguration": "base", "load": "loader", "prompt_file": "prompt"}
"""Where a name is that is not a module itself."""


def __getattr__(name: str) -> Any:
    """A public name, loaded when it is asked for: commands need none of them, nor Pulumi's SDK below them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f".resources.{_HOMES.get(name, name)}", __name__)
    globals()[name] = found = getattr(home, name) if name in _HOMES else home
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
