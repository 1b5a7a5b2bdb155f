"""The result of one check: what is wrong, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`text` says how things are, without secrets; `advice` what to do, empty when all is well.

    `warning`: it may be nothing (`ok`), and an operator should look at it.
    """

    ok: bool
    text: str
    advice: str = ""
    warning: bool = False


def passed(text: str, advice: str = "") -> CheckResult:
    """All is well; `advice` may still recommend something."""
    return CheckResult(True, text, advice)


def warned(text: str, advice: str) -> CheckResult:
    """Something may be wrong, which a stranger can cause as well: the exit status stays 0."""
    return CheckResult(True, text, advice, warning=True)


def failed(text: str, advice: str) -> CheckResult:
    """Something is wrong."""
    return CheckResult(False, text, advice)
