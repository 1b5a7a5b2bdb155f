"""`python -m workers`: one worker process."""

import asyncio
import sys

from service.settings import SettingsError, environment, read
from workers.main import run

if __name__ == "__main__":
    try:
        asyncio.run(run(read(environment())))
    except SettingsError as problem:
        sys.exit(str(problem))
