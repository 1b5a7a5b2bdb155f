"""The files beside the code are right: the image, compose.yaml, systemd's units, Prometheus, proxies."""

import ast
import configparser
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from docs.deploy.slim import UNUSED, surplus
from service.cli.main import cli
from service.configuration.settings import Settings, variable_of
from service.languages import supported
from service.web.http.protocol import IDLE_SECONDS

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "trial-alerts"}
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def understood(arguments: list[str]) -> str:
    """The command that the arguments call; raises click.UsageError if it does not take them."""
    group: click.Command = cli
    names: list[str] = []
    while isinstance(group, click.Group):
        names.append(arguments[0])
        group, arguments = group.commands[arguments[0]], arguments[1:]
    group.make_context(names[-1], list(arguments))
    return " ".join(names)


def commands_of(service: dict[str, Any]) -> list[list[str]]:
    """The calls of our command in a service, by its entry point or by a shell."""
    if "entrypoint" not in service:
        return [service["command"]]
    assert service["entrypoint"] == ["sh", "-ec"]
    calls = [shlex.split(call) for call in service["command"][0].split(";")]
    assert {call[0] for call in calls} == {"trial-alerts"}
    return [call[1:] for call in calls]


@pytest.mark.slow
def test_the_containers_run_commands_that_there_are() -> None:
    called = {
        name: [understood(call) for call in commands_of(service)]
        for name, service in OURS.items()
        if name != "setup"
    }
    assert called == {"init": ["init"], "service": ["serve"], "worker": ["worker"], "lmtp": ["lmtp"]}
    migrate, terms = commands_of(OURS["setup"])
    assert understood(migrate) == "migrate"
    with pytest.raises(click.BadParameter, match=r"terms.txt"):  # the one that `init` writes
        understood(terms)


def test_a_fresh_clone_has_all_that_compose_mounts() -> None:
    mounted = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if volume[0] == "."
    }
    assert "./config" in mounted
    assert [path for path in mounted - {"./config"} if not (ROOT / path).is_file()] == []
    named = {
        volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())
    } - mounted
    assert named == set(COMPOSE["volumes"])
    assert not any("env_file" in service or "secrets" in service for service in SERVICES.values())
    assert "/config/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_image_is_built_once_and_pulled_from_no_registry() -> None:
    built = [name for name, service in SERVICES.items() if "build" in service]
    assert built == ["init"], "each further one builds it again, and leaves an image without a name"
    others = {name: service.get("pull_policy") for name, service in OURS.items() if name != "init"}
    assert set(others.values()) == {"never"}


def test_the_commands_of_the_manual_run_in_containers_that_there_are() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    called = re.findall(r"docker compose exec -T (\w+) ([\w-]+)", manual)
    assert {("service", "trial-alerts"), ("database", "pg_dump"), ("database", "pg_restore")} <= set(called)
    assert {name for name, _ in called} <= set(SERVICES)
    containers = manual[manual.index("### Containers") : manual.index("### One machine")]
    for line in re.findall(r"^ta (.*)$", containers, re.MULTILINE):
        call = shlex.split(re.split("[<>#]", line)[0])
        if any(word.startswith("/tmp/") for word in call):  # a file that this machine does not have
            with pytest.raises(click.BadParameter, match="does not exist"):
                understood(call)
        else:
            understood(call)


def test_nobody_outside_reaches_a_port() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_each_container_waits_for_its_dependencies() -> None:
    for name, service in SERVICES.items():
        for needed, condition in service.get("depends_on", {}).items():
            assert needed in SERVICES, name
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed], needed
    assert {"setup", "redis"} <= set(OURS["worker"]["depends_on"])
    assert OURS["setup"]["depends_on"]["init"]["condition"] == "service_completed_successfully"
    assert SERVICES["database"]["depends_on"]["init"]["condition"] == "service_completed_successfully"


def test_our_containers_can_do_little() -> None:
    for name, service in OURS.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert name == "init" or "user" not in service, name
        assert name == "init" or service["volumes"] == ["./config:/config:ro"], name


def test_the_health_checks_are_programs() -> None:
    for name, service in OURS.items():
        kind, program, *arguments = service.get("healthcheck", {}).get(
            "test", ["CMD", "trial-alerts", "migrate"]
        )
        assert kind == "CMD", name
        if program == "trial-alerts":
            understood(arguments)
        else:
            assert (program, arguments[0]) == ("python", "-Sc")
            ast.parse(arguments[1])


def test_the_image_is_built_from_files_that_exist_and_are_sent() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        part
        for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for part in line.split()[:-1]
    ]
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert set(copied) == set(sent)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert re.findall(r"install .*(-r \S+|\.whl)", text)
    unpinned = [line for line in re.findall(r"pip .*?install (.*)", text) if "--require-hashes" not in line]
    assert [line for line in unpinned if "--no-index" not in line] == []


def test_the_image_keeps_the_languages_that_there_are() -> None:
    import babel

    locales = Path(babel.__file__).parent / "locale-data"
    kept = {path.stem for path in locales.glob("*.dat")} - {path.stem for path in surplus(locales)}
    assert kept >= {"root", "en_001", *supported()}
    assert len(kept) < 300


@pytest.mark.slow
def test_the_image_leaves_out_nothing_that_is_loaded() -> None:
    code = "import service.app, service.cli.main, workers.worker, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert "litestar" in loaded
    assert set(loaded) & set(UNUSED) == set()


@pytest.mark.parametrize("unit", UNITS, ids=[unit.stem for unit in UNITS])
def test_the_units_start_commands_that_there_are(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, encoding="utf-8")
    service = dict(parser["Service"])
    program, *arguments = shlex.split(service["ExecStart"])
    assert program == "/opt/trial-alerts/bin/trial-alerts"
    assert understood(arguments) in ("serve", "worker", "lmtp")
    for pair in service["Environment"].split():
        assert pair.split("=")[0] in {variable_of(name) for name in Settings.model_fields}
    if analyze := shutil.which("systemd-analyze"):
        found = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
        assert "Unknown" not in found.stderr


def test_prometheus_reads_the_rules_of_the_manual() -> None:
    configured = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = configured["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["service:8000"]}]
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["prometheus"]["volumes"])
    assert mounts["./docs/monitoring/alerts.yaml"] == f"/etc/prometheus/{configured['rule_files'][0]}"
    rules = (ROOT / "docs" / "monitoring" / "alerts.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r'job="([^"]+)"', rules)) == {job["job_name"]}
    for name in ("datasource.yaml", "dashboards.yaml"):
        provisioned = yaml.safe_load((DEPLOY / "grafana" / name).read_text(encoding="utf-8"))
        assert provisioned["apiVersion"] == 1


def test_the_proxies_pass_on_addresses_and_whole_batches_and_log_no_links() -> None:
    for name in ("nginx.conf", "Caddyfile"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        assert "X-Forwarded-For" in text, name
        assert re.search(r"17[mM]", text), f"{name}: batches of events have 16 MiB"
        assert not fnmatch(text, "*access_log /*"), f"{name}: links hold tokens"


def test_the_proxies_give_up_an_idle_connection_before_the_service_closes_it() -> None:
    """A POST on a connection that is being closed is answered with 502, since it may not be repeated."""
    for name, setting in (
        ("nginx.conf", r"^upstream [^}]*\bkeepalive_timeout (\d+)s;"),
        ("Caddyfile", r"transport http \{\s*keepalive (\d+)s\s*\}"),
    ):
        found = re.search(setting, (DEPLOY / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None, name
        assert 0 < int(found[1]) < IDLE_SECONDS, name


def test_each_server_of_the_proxies_logs_no_request() -> None:
    """A link in mail may come by http as well; and Caddy logs what the service does not answer."""
    _, *servers = re.split(
        r"^server \{", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(servers) == 2
    for server in servers:
        assert "access_log off;" in server
        assert re.search(r"error_log \S+ crit;", server)
    options = (DEPLOY / "Caddyfile").read_text(encoding="utf-8").partition("alerts.example.org {")[0]
    assert "exclude http.log.error" in options
