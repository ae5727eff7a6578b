"""Names that stand in two places agree: what a program writes, what is checked, what a vendor offers, what comes out."""

from __future__ import annotations

import ast
import inspect
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pulumi
import pydantic
import pytest

import pulumi_smsagents
from pulumi_smsagents.lifecycle.check import COMMON
from pulumi_smsagents.resources.base import PhoneNumber, SmsAgent, SmsConfiguration, VendorResource
from pulumi_smsagents.vendors import VENDORS, find

KINDS = {kind.__name__: kind for kind in (PhoneNumber, SmsAgent, SmsConfiguration)}
SETTLED_BY_US = {"adopt", "on_delete"}
"""Inputs of every resource that no vendor ever sees."""


def _classes() -> Iterator[type[VendorResource]]:
    for vendor in VENDORS:
        module = getattr(pulumi_smsagents, vendor.name)
        for offer in vendor.offers:
            yield getattr(module, offer.kind)


CLASSES = {made._tag: made for made in _classes()}
every_class = pytest.mark.parametrize("made", CLASSES.values(), ids=CLASSES)


def module_of(made: type) -> ModuleType:
    return sys.modules[made.__module__]


def fields_of(made: type[VendorResource]) -> dict[str, Any]:
    """The typed dict's fields with their types, as a type checker sees them."""
    return hints_of(getattr(module_of(made), f"{made.__name__}ArgsDict"))


def hints_of(made: Any) -> dict[str, Any]:
    """`pulumi.Input` is an alias with names in it that only its own module knows."""
    return typing.get_type_hints(made, localns=vars(pulumi.output), include_extras=True)


def required(hints: dict[str, Any]) -> set[str]:
    return {name for name, hint in hints.items() if typing.get_origin(hint) is not typing.NotRequired}


def required_of(model: type[pydantic.BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if field.is_required()}


def leaves(hint: Any) -> Iterator[Any]:
    """Every type that stands anywhere inside `hint`."""
    yield hint
    if typing.get_origin(hint) is not Literal:
        for inner in typing.get_args(hint):
            yield from leaves(inner)


def choices(hint: Any) -> set[Any]:
    return {value for leaf in leaves(hint) if typing.get_origin(leaf) is Literal for value in typing.get_args(leaf)}


def models_in(model: type[pydantic.BaseModel]) -> dict[str, type[pydantic.BaseModel]]:
    """The models nested in `model`, by name."""
    found: dict[str, type[pydantic.BaseModel]] = {}
    hints = typing.get_type_hints(model, include_extras=True)
    for leaf in (leaf for hint in hints.values() for leaf in leaves(hint)):
        if inspect.isclass(leaf) and issubclass(leaf, pydantic.BaseModel) and leaf.__name__ not in found:
            found |= {leaf.__name__: leaf} | models_in(leaf)
    return found


def test_the_public_names():
    assert pulumi_smsagents.__all__ == sorted(pulumi_smsagents.__all__)
    assert set(pulumi_smsagents.__all__) == {*KINDS, "load", "prompt_file", *(vendor.name for vendor in VENDORS)}
    assert all(hasattr(pulumi_smsagents, name) for name in pulumi_smsagents.__all__)


@every_class
def test_a_class_is_of_its_kind_and_its_tag_leads_to_its_offer(made):
    vendor, offer = find(made._tag)
    assert made._tag == f"{vendor.name}:{made.__name__}"
    assert issubclass(made, KINDS[offer.kind])
    assert made is not KINDS[offer.kind]
    assert getattr(module_of(made), f"{made.__name__}Args")._resource is made


@every_class
def test_what_a_program_may_write_is_what_is_checked(made):
    model = find(made._tag)[1].args
    assert list(fields_of(made)) == [*model.model_fields, "adopt", "on_delete"]
    assert made._fields == tuple(fields_of(made))


@every_class
def test_what_is_required_is_required_in_both(made):
    assert required(fields_of(made)) == required_of(find(made._tag)[1].args)


@every_class
def test_the_offer_has_a_rule_for_every_field(made):
    offer = find(made._tag)[1]
    assert set(offer.fields) == set(offer.args.model_fields)
    assert not set(offer.fields) & set(COMMON)


@every_class
def test_the_choices_of_a_field_are_the_same_in_both(made):
    offer = find(made._tag)[1]
    checked = typing.get_type_hints(offer.args, include_extras=True)
    for name, hint in fields_of(made).items():
        if name == "on_delete":
            assert choices(hint) == set(offer.on_delete)
        elif name != "adopt":
            assert choices(hint) == choices(checked[name]), name


@every_class
def test_nested_values_have_the_same_fields_in_both(made):
    for name, model in models_in(find(made._tag)[1].args).items():
        nested = getattr(module_of(made), name, None)
        assert nested is not None, f"{module_of(made).__name__} has no {name}"
        hints = hints_of(nested)
        assert set(hints) == set(model.model_fields), name
        assert required(hints) == required_of(model), name
        checked = typing.get_type_hints(model, include_extras=True)
        for field, hint in hints.items():
            assert choices(hint) == choices(checked[field]), f"{name}.{field}"


def outputs_of(made: type[VendorResource]) -> set[str]:
    """Annotated on the class itself or a base of ours."""
    ours = [base for base in made.__mro__ if base.__module__.startswith("pulumi_smsagents.")]
    return {name for base in ours for name, hint in vars(base).get("__annotations__", {}).items() if "Output[" in hint}


@every_class
def test_what_comes_out_is_what_the_offer_says(made):
    offer = find(made._tag)[1]
    vendors = {*offer.computed, *offer.kept, *filter(None, [offer.id_output])}
    assert set(made._outputs) == vendors - set(made._fields)
    assert outputs_of(made) == {*made._fields, *vendors, "unverified", "key"}


@every_class
def test_every_input_comes_out(made):
    assert set(made._fields) <= outputs_of(made)


def documented(source: str, name: str) -> dict[str, str]:
    """The docstrings under the annotated names of a class and of its bases in the same file."""
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    found: dict[str, str] = {}
    for base in classes[name].bases:
        if isinstance(base, ast.Name) and base.id in classes:
            found |= documented(source, base.id)
    body = classes[name].body
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            told = following.value.value if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant) else ""
            found[node.target.id] = told
    return found


@every_class
def test_every_field_and_every_output_says_what_it_is(made):
    """An editor shows it."""
    source = Path(inspect.getfile(made)).read_text()
    fields = documented(source, f"{made.__name__}ArgsDict")
    assert set(fields) == set(fields_of(made))
    assert [name for name, told in fields.items() if not told.strip()] == []
    outputs = documented(source, made.__name__)
    assert [name for name in made._outputs if not outputs[name].strip()] == []


@every_class
def test_a_class_and_its_helpers_have_a_docstring(made):
    for name in (made.__name__, f"{made.__name__}Args", f"{made.__name__}ArgsDict"):
        assert getattr(module_of(made), name).__doc__, name


@every_class
def test_a_lookup_takes_inputs_only(made):
    """Those that help the vendor to find it, or any."""
    scope = [parameter for parameter in inspect.signature(made.get).parameters.values() if parameter.kind is parameter.KEYWORD_ONLY]
    assert {parameter.name for parameter in scope} <= set(made._fields)


@every_class
def test_the_constructor_takes_a_name_an_object_or_fields(made):
    parameters = list(inspect.signature(made.__init__).parameters.values())[1:]
    assert [(parameter.name, parameter.kind) for parameter in parameters] == [
        ("resource_name", inspect.Parameter.POSITIONAL_ONLY),
        ("args", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        ("opts", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        ("fields", inspect.Parameter.VAR_KEYWORD),
    ]


def test_the_inputs_of_every_resource():
    assert set(COMMON) == {"key", *SETTLED_BY_US}
