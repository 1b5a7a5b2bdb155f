"""The development system: everything with embedded defaults, a mailbox and a demo website.

Started by `trial-alerts dev`; nothing else imports it.
"""
