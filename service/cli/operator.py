"""Who runs a command, for the audit log."""

import getpass
import os

from service.store.admin.audit import Operator


def this_operator() -> Operator:
    """The user of the operating system that runs this process.

    What the system says of the process counts, not the environment. A domain behind `@`, as directories of
    users have it, is left out: the audit log holds no address.
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
