"""The development system: everything on embedded defaults, with a mailbox and a website to try it on.

Reachable through `trial-alerts dev` alone; nothing else imports it.
"""
