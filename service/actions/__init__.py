"""Use cases, one plain async function each, shared by the web service, the commands and the workers.

An action takes an open connection or the system, and `now`; it knows neither HTTP nor the command line. It
raises a domain error, which each caller turns into a problem, an exit status or a log line.
"""
