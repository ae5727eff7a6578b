"""A program that `smsagents up` runs in fast mode makes resources of this package and no others.

What others there are was looked for in a preview; but a program may make some only once it knows an output, and then a run that broke off
could leave an object that neither a state nor a journal remembers. So it is refused before it is made.
"""

from __future__ import annotations

import os

import pulumi
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import register_stack_transformation

ASKED = "SMSAGENTS_ONLY"
HARMLESS = ("pulumi-python:dynamic/smsagents/", "pulumi:providers:", "pulumi:pulumi:Stack")
"""As `cli.fast` says it."""


def watch() -> None:
    """Refuse other resources from here on, if this run was asked to."""
    if os.environ.get(ASKED) and get_root_resource() is not None:
        register_stack_transformation(_refuse)


def _refuse(made: pulumi.ResourceTransformationArgs) -> None:
    # A component makes nothing itself; one of another language is known by its package's version.
    component = isinstance(made.resource, pulumi.ComponentResource) and not made.opts.version
    if not component and not made.type_.startswith(HARMLESS):
        raise pulumi.RunError(
            f"smsagents up: the program also makes {made.type_} {made.name}, which its preview did not show. It was not made, because "
            "a run in fast mode that broke off could lose it. Run: pulumi up"
        )
