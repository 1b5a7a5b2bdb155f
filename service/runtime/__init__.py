"""Parts of a process that know nothing of trials and of mails: logs, traces, time limits, child processes."""
