"""What no program may do with a number, whoever wrote it. Pulumi asks these rules in every preview and before every change."""

import re

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

OURS = "pulumi-python:dynamic/smsagents/"
CONFIGURATIONS = ("bland:SmsConfiguration", "cleartalk:SmsConfiguration")
BLANDS_OWN = "chat with the user"
"""The objective that Bland gives a number which has none."""

ONE_SMS = 160
WAY_OUT = re.compile(r"\bstop\b", re.IGNORECASE)
SHOUTED = re.compile(r"!.*!|\b[A-Z]{5,}\b", re.DOTALL)


def kind(args: ResourceValidationArgs) -> str:
    """`fluents:PhoneNumber`, or nothing for a resource of another package."""
    return args.resource_type.removeprefix(OURS) if args.resource_type.startswith(OURS) else ""


def numbers_are_protected(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    if kind(args) == "fluents:PhoneNumber" and not args.opts.protect:
        report_violation("a number that is given up does not come back: add opts=pulumi.ResourceOptions(protect=True)")


def webhooks_are_https(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    if kind(args) not in CONFIGURATIONS:
        return
    for path, fields in (("webhook", args.props), ("parked.webhook", args.props.get("parked") or {})):
        webhook = fields.get("webhook")
        if webhook and not webhook.lower().startswith("https://"):
            report_violation(f"{path}: what customers write would travel in clear: use https")


def first_messages_are_quiet(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    """Somebody gets this text out of the blue."""
    if kind(args) != "teli:SmsAgent":
        return
    text = args.props.get("starting_message") or ""
    if not WAY_OUT.search(text):
        report_violation("starting_message: does not say how to get no more texts: add 'Reply STOP to opt out'")
    if len(text) > ONE_SMS:
        report_violation(f"starting_message: {len(text)} characters are more than one SMS; use at most {ONE_SMS}")
    if SHOUTED.search(text):
        report_violation("starting_message: shouts; use one exclamation mark at most, and no words in capitals")


def nobody_answers_everything(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    """A number that talks to whoever texts it, about anything, is a public chat at your expense."""
    if kind(args) not in CONFIGURATIONS:
        return
    objective = (args.props.get("objective") or "").strip().lower().rstrip(".")
    if objective in {"", BLANDS_OWN} and not args.props.get("pathway_id"):
        report_violation("objective: the number would talk with anybody about anything: say what it is for, or set pathway_id")
    if args.props.get("on_delete") == "reset":
        report_violation(f"on_delete: after a destroy the number would go on with the objective '{BLANDS_OWN}': use restore")


PolicyPack(
    name="sms-agents",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy("numbers-are-protected", "A number is protected", numbers_are_protected),
        ResourceValidationPolicy("webhooks-are-https", "A webhook is https", webhooks_are_https),
        ResourceValidationPolicy("first-messages-are-quiet", "A first message is short, calm, and names STOP", first_messages_are_quiet),
        ResourceValidationPolicy("nobody-answers-everything", "A number has something to talk about", nobody_answers_everything),
    ],
)
