"""Chaos tests: the real system delivers to a real server while faults are injected into its parts.

Processes and the database are killed, or run and refuse: read-only, full, out of connections, without rights,
hanging. `run` injects the `faults` into the `targets` and `databases`, `visitors` use the service meanwhile,
`ledger` and `report` count. Used by the short tests of every run and by `make torture`.
"""
