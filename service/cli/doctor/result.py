"""The result of one check: what is wrong, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`text` says how things are, without secrets; `advice` what to do, empty when all is well."""

    ok: bool
    text: str
    advice: str = ""


def passed(text: str, advice: str = "") -> CheckResult:
    """All is well; `advice` may still recommend something."""
    return CheckResult(True, text, advice)


def failed(text: str, advice: str) -> CheckResult:
    """Something is wrong."""
    return CheckResult(False, text, advice)
