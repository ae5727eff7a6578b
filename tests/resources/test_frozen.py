"""What stands in users' states for ever: references to providers, and types. Never change a literal here; only add."""

from __future__ import annotations

import base64
import pickle
import subprocess

import dill
import pytest
from pythons import pythons

from pulumi_smsagents import bland, cleartalk, contactswing, fluents, teli
from pulumi_smsagents.resources.base import VendorResource
from pulumi_smsagents.resources.loader import load, reference
from pulumi_smsagents.resources.provider import Provider
from pulumi_smsagents.vendors import VENDORS

RELEASED = {
    "bland:SmsConfiguration": "gAJjcHVsdW1pX3Ntc2FnZW50cwpsb2FkClgWAAAAYmxhbmQ6U21zQ29uZmlndXJhdGlvboVSLg==",
    "contactswing:SmsAgent": "gAJjcHVsdW1pX3Ntc2FnZW50cwpsb2FkClgVAAAAY29udGFjdHN3aW5nOlNtc0FnZW50hVIu",
    "cleartalk:SmsConfiguration": "gAJjcHVsdW1pX3Ntc2FnZW50cwpsb2FkClgaAAAAY2xlYXJ0YWxrOlNtc0NvbmZpZ3VyYXRpb26FUi4=",
    "fluents:PhoneNumber": "gAJjcHVsdW1pX3Ntc2FnZW50cwpsb2FkClgTAAAAZmx1ZW50czpQaG9uZU51bWJlcoVSLg==",
    "teli:SmsAgent": "gAJjcHVsdW1pX3Ntc2FnZW50cwpsb2FkClgNAAAAdGVsaTpTbXNBZ2VudIVSLg==",
}
"""`__provider` by tag, in every form that a release has written."""

TYPES = {
    bland.SmsConfiguration: "pulumi-python:dynamic/smsagents/bland:SmsConfiguration",
    contactswing.SmsAgent: "pulumi-python:dynamic/smsagents/contactswing:SmsAgent",
    cleartalk.SmsConfiguration: "pulumi-python:dynamic/smsagents/cleartalk:SmsConfiguration",
    fluents.PhoneNumber: "pulumi-python:dynamic/smsagents/fluents:PhoneNumber",
    teli.SmsAgent: "pulumi-python:dynamic/smsagents/teli:SmsAgent",
}

TAGS = sorted(f"{vendor.name}:{offer.kind}" for vendor in VENDORS for offer in vendor.offers)


@pytest.mark.parametrize("tag", RELEASED)
@pytest.mark.parametrize("loads", [pickle.loads, dill.loads], ids=["pickle", "dill"])
def test_every_released_reference_loads(tag, loads):
    provider = loads(base64.b64decode(RELEASED[tag]))
    assert type(provider) is Provider
    assert provider._tag == tag
    assert not provider.serialize_as_secret_always


@pytest.mark.parametrize("tag", RELEASED)
def test_the_reference_is_written_as_it_was_released(tag):
    assert reference(tag) == RELEASED[tag]


def test_no_reference_is_forgotten():
    assert sorted(RELEASED) == TAGS


@pytest.mark.parametrize("tag", TAGS)
def test_a_reference_is_short_and_names_one_function_and_a_tag(tag):
    assert len(reference(tag)) <= 80
    raw = base64.b64decode(reference(tag))
    assert raw.startswith(b"\x80\x02cpulumi_smsagents\nload\n")
    assert tag.encode() in raw
    assert (load.__module__, load.__qualname__) == ("pulumi_smsagents", "load")


STANDARD_LIBRARY_ONLY = """
import base64, pickle, pickletools, sys, types
sys.modules["pulumi_smsagents"] = module = types.ModuleType("pulumi_smsagents")
def load(tag): return tag
load.__module__, module.load = "pulumi_smsagents", load
class Reference:
    def __init__(self, tag): self.tag = tag
    def __reduce__(self): return load, (self.tag,)
for tag in sys.argv[1:]:
    print(base64.b64encode(pickletools.optimize(pickle.dumps(Reference(tag), protocol=2))).decode())
"""


def test_every_python_writes_the_same_bytes():
    """Protocol and optimiser as in `loader`; a default protocol would differ from 3.14 on and touch every resource."""
    for path in pythons().values():
        written = subprocess.run([path, "-c", STANDARD_LIBRARY_ONLY, *RELEASED], capture_output=True, text=True, check=True)
        assert written.stdout.split() == list(RELEASED.values()), path


@pytest.mark.parametrize("made", TYPES)
def test_the_type_of_a_class_is_the_released_one(made):
    assert f"pulumi-python:dynamic/smsagents/{made._tag}" == TYPES[made]


def test_no_type_is_forgotten():
    found, classes = set(), [VendorResource]
    while classes:
        made = classes.pop()
        classes += made.__subclasses__()
        if made._tag and made.__module__.startswith("pulumi_smsagents."):
            found.add(made)
    assert found == set(TYPES)
    assert sorted(made._tag for made in found) == TAGS
