"""Tests, and the programs beside them: benchmarks, chaos."""

import gc
import sys

# Importing what tests need leaves no garbage; looking for some took a fifth of the time. `conftest` looks
# again once all tests are collected.
if "_pytest.config" in sys.modules:
    gc.disable()
