"""A Postfix of the test's own on loopback, when Postfix is on the machine: a real relay to send through."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port
from tests.waiting import PATIENCE

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example.org
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{next_port}
smtp_host_lookup = native
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtputf8_enable = yes
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def is_here() -> bool:
    """Whether this machine can run one: Postfix is installed, and we are root, as its master demands."""
    return _program() is not None and os.geteuid() == 0


def _program() -> str | None:
    return shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin")


@contextmanager
def relay(folder: Path, next_port: int) -> Iterator[int]:
    """A running Postfix that passes everything on to `next_port`; gives the port it listens on."""
    program = _program()
    assert program is not None
    port = free_port()
    folder.chmod(0o755)
    for name in ("queue", "data", "config"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    daemons = "/usr/lib/postfix/sbin" if Path("/usr/lib/postfix/sbin").exists() else "/usr/libexec/postfix"
    settings = {"folder": folder, "daemons": daemons, "next_port": next_port, "port": port}
    (folder / "config" / "main.cf").write_text(_MAIN.format(**settings))
    (folder / "config" / "master.cf").write_text(_MASTER.format(**settings))
    command = [program, "-c", str(folder / "config")]
    subprocess.run([*command, "start"], check=True, timeout=PATIENCE, capture_output=True)
    try:
        yield port
    finally:
        subprocess.run([*command, "stop"], check=False, timeout=PATIENCE, capture_output=True)
