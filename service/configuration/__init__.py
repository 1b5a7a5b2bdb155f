"""The settings, read once from the environment: how each is parsed, and the error for a wrong one."""
