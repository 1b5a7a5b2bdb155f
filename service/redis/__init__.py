"""Redis: its connections, the notifications of jobs, the counters of the limits, the permissions it needs."""
