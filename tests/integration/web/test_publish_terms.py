"""Texts that can't be published as terms are refused by the API and by the command alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.cli.context import CommandFailed, WrongUsage
from service.cli.terms import publish
from service.configuration import settings as settings_module
from service.redis.job_queue import QUEUE, Job
from service.system import System
from tests.e2e.journey.processes import run_command
from tests.integration.web.operating import BEARER, everything

#: Refused by the API and by the command: version and text, by their fault.
REFUSED = {
    "no text": ("2026-11", ""),
    "blanks alone": ("2026-11", " \n\t "),
    "a control character": ("2026-11", "Be\0kind."),
    "too long a text": ("2026-11", "x" * 200_001),
    "no version": ("", "Be kind."),
    "a version of blanks": (" ", "Be kind."),
    "a version with a blank": ("a b", "Be kind."),
    "a version with a line end": ("2026-11\n", "Be kind."),
    "a version that is a path": ("../x", "Be kind."),
    "a version of dots": ("..", "Be kind."),
    "a version that begins like an option": ("-1", "Be kind."),
    "too long a version": ("1" * 61, "Be kind."),
}


async def by_api(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/v1/admin/terms", json=body, headers=BEARER)


@pytest.mark.parametrize(("version", "text"), REFUSED.values(), ids=REFUSED)
async def test_the_api_and_the_command_refuse_the_same_texts(
    client: httpx.AsyncClient, system: System, tmp_path: Path, version: str, text: str
) -> None:
    before = await everything(system)
    assert (await by_api(client, version=version, text=text)).status_code in (400, 422)
    file = tmp_path / "terms.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsage) as refused:
        await publish(system, file, version, material=False, pause_after=30)
    assert str(refused.value).endswith((".", "?"))
    assert await everything(system) == before


@pytest.mark.parametrize("days", [-1, 0, 367, 10**12])
async def test_days_that_would_pause_everybody_or_nobody_are_refused(
    client: httpx.AsyncClient, system: System, tmp_path: Path, days: int
) -> None:
    before = await everything(system)
    file = tmp_path / "terms.txt"
    file.write_text("Be kind.", encoding="utf-8")
    with pytest.raises(WrongUsage, match="1 to 366 days"):
        await publish(system, file, "2026-11", material=True, pause_after=days)
    if days < 10**5:
        pause_at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        answer = await by_api(client, version="1", text="Be kind.", material=True, pause_at=pause_at)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "pause_at")
    assert await everything(system) == before


async def test_material_terms_wake_the_job_that_asks_for_agreement(
    client: httpx.AsyncClient, system: System
) -> None:
    async def woken() -> set[str]:
        return {job.function for job in await system.redis.queued_jobs(queue_name=QUEUE)}

    assert (await by_api(client, version="1", text="Be kind.")).status_code == 200
    assert Job.RETENTION not in await woken(), "nobody is asked about other terms"
    assert (await by_api(client, version="2", text="Be quick.", material=True)).status_code == 200
    assert Job.RETENTION in await woken()
    published = (await client.get("/v1/terms")).json()["published_at"]
    assert published.endswith("Z"), "as each time in the API"


async def test_a_version_never_changes_and_one_text_may_be_published_again(
    client: httpx.AsyncClient, system: System, tmp_path: Path
) -> None:
    file = tmp_path / "terms.txt"
    file.write_text("\ufeffBe kind.", encoding="utf-8")
    assert await publish(system, file, "2026-11", material=False, pause_after=30)
    assert not await publish(system, file, "2026-11", material=False, pause_after=30)
    assert (await by_api(client, version="2026-11", text="Be kind.")).json() == {"changed": 0}
    made_material = await by_api(client, version="2026-11", text="Be kind.", material=True)
    assert (made_material.status_code, "not as a material one" in made_material.text) == (409, True)
    file.write_text("Be quick.", encoding="utf-8")
    with pytest.raises(CommandFailed, match=r"Version 2026-11 is published with another text.+\.$"):
        await publish(system, file, "2026-11", material=False, pause_after=30)


@pytest.mark.slow
def test_the_command_reports_errors_in_one_sentence_and_by_its_exit_status(
    environ: dict[str, str], tmp_path: Path
) -> None:
    settings_module.read(environ)
    (tmp_path / "good.txt").write_text("Be kind.", encoding="utf-8")
    (tmp_path / "other.txt").write_text("Be quick.", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("gütig".encode("latin-1"))

    def ran(name: str, *more: str) -> tuple[int, int]:
        version = () if "--version" in more else ("--version", "2026-11")
        done = run_command("terms", "publish", str(tmp_path / name), *version, *more, **environ)
        assert "Traceback" not in done.stderr
        return done.returncode, len(done.stderr.splitlines())

    assert ran("good.txt") == (0, 0)
    assert ran("good.txt", "--version", "a b") == (2, 1)
    assert ran("good.txt", "--material", "--pause-after", "-5") == (2, 1)
    assert ran("empty.txt") == (2, 1)
    assert ran("other.txt") == (1, 1)
    assert ran("latin.txt") == (1, 1)
