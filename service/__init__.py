"""The service: rules, storage, mail, and the entry points for visitors, programs and operators."""

import gc

# Objects that modules make at import live as long as the process, so collecting garbage meanwhile only costs
# time: an eighth of a process's start. `tune_gc` sets the thresholds of a long-lived process.
gc.set_threshold(100_000, 50, 100)
