"""The service: rules, storage, mails, and the doors for visitors, programs and operators."""

import gc

# What modules make as they are loaded stays for ever: looking through it again and again for garbage takes an
# eighth of the time that a process needs to start. `tune_gc` sets what a long-lived process goes on with.
gc.set_threshold(100_000, 50, 100)
