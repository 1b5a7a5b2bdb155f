"""What the commands do: one module per noun, called by `service.cli` and by nothing else."""


class CommandFailed(Exception):
    """The operation failed. The message is one sentence for the operator; the exit status is 1."""


class WrongUsage(CommandFailed):
    """What was asked for makes no sense. The message is one sentence; the exit status is 2."""
