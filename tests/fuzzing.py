"""How long tests with random input run: always the same in `make test`, long and free in `make fuzz`."""

import os
import random

import hypothesis

#: How many times as many examples `make fuzz` tries.
TIMES = int(os.environ.get("FUZZ_TIMES", "20"))


def register_profiles() -> None:
    """Hypothesis's profiles: `calm`, which is loaded, and `fuzz`, by `--hypothesis-profile=fuzz`.

    A busy machine is no failure: no test asserts a time, so none of Hypothesis's own clocks may fail one.
    """
    too_slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile(
        "calm", deadline=None, suppress_health_check=too_slow, derandomize=True
    )
    hypothesis.settings.register_profile(
        "fuzz", deadline=None, suppress_health_check=too_slow, max_examples=100 * TIMES, print_blob=True
    )
    hypothesis.settings.load_profile("calm")


def is_free() -> bool:
    """Whether this run may try what no run tried before."""
    return hypothesis.settings.get_current_profile_name() == "fuzz"


def examples(number: int) -> hypothesis.settings:
    """Settings for a test that tries `number` examples, more of them in `make fuzz`."""
    return hypothesis.settings(max_examples=number * (TIMES if is_free() else 1))


def chance(number: int) -> tuple[random.Random, int]:
    """Chance for a test that tries `number` examples without Hypothesis, and how many it tries now."""
    return (random.Random(), number * TIMES) if is_free() else (random.Random(20261128), number)
