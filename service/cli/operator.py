"""The operator of a command, for the audit log."""

import getpass
import os

from service.store.audit import Operator


def this_operator() -> Operator:
    """The operating system's user of this process.

    Taken from the process, not from the environment. A domain after `@`, as user directories have it, is
    omitted: the audit log contains no addresses.
    """
    return Operator(f"command:{_user().partition('@')[0]}", "command")


def _user() -> str:
    if os.name != "posix":
        return getpass.getuser()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user often has no name
        return f"uid-{os.getuid()}"
