"""Removes what the image never reads from its environment.

Languages of Babel's that no page or mail has, and a library that makes test data, which the web framework
declares and never loads here. Usage: python slim.py /app, with the Python of that environment.
"""

import shutil
import sys
from pathlib import Path

from service.languages import supported

UNUSED = ("faker",)


def surplus(locales: Path) -> list[Path]:
    """The files of Babel's languages but for the supported ones, their regions, and the root of all."""
    kept = {"root", *(code.partition("-")[0] for code in supported())}
    return sorted(path for path in locales.glob("*.dat") if path.stem.partition("_")[0] not in kept)


def main(environment: Path) -> None:
    (packages,) = environment.glob("lib/python*/site-packages")
    for path in surplus(packages / "babel" / "locale-data"):
        path.unlink()
    for name in UNUSED:
        shutil.rmtree(packages / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
