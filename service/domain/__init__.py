"""The rules of Trial Alerts, pure: standard library only; the time, keys and randomness are arguments."""
