"""The random examples of tests: always the same in `make test`, many new ones in `make fuzz`."""

import os
import random

import hypothesis

#: The factor by which `make fuzz` multiplies the number of examples that a test names.
TIMES = int(os.environ.get("FUZZ_TIMES", "20"))

#: The share of them that other runs try: always the same ones, so more of them would find nothing new.
PART = 8

#: The minimum number of them.
_FEWEST = 5


def register_profiles() -> None:
    """Hypothesis's profiles: `calm`, which is loaded, and `fuzz`, by `--hypothesis-profile=fuzz`.

    A busy machine is no failure: no test asserts a time, so none of Hypothesis's own clocks may fail one.
    """
    too_slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile(
        "calm",
        deadline=None,
        suppress_health_check=too_slow,
        derandomize=True,
        max_examples=_scaled(100, False),
    )
    hypothesis.settings.register_profile(
        "fuzz",
        deadline=None,
        suppress_health_check=too_slow,
        max_examples=_scaled(100, True),
        print_blob=True,
    )
    hypothesis.settings.load_profile("calm")


def is_free() -> bool:
    """Whether this run tries new examples."""
    return hypothesis.settings.get_current_profile_name() == "fuzz"


def examples(number: int) -> hypothesis.settings:
    """Settings for a test that tries a part of `number` examples, and many times as many in `make fuzz`."""
    return hypothesis.settings(max_examples=_scaled(number, is_free()))


def chance(number: int) -> tuple[random.Random, int]:
    """The same for a test without Hypothesis: chance, and how many examples it tries now."""
    free = is_free()
    return random.Random() if free else random.Random(20261128), _scaled(number, free)


def _scaled(number: int, free: bool) -> int:
    return number * TIMES if free else max(_FEWEST, number // PART)
