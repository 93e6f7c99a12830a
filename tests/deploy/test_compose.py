"""compose.yaml: what it starts are commands that Samphire knows, as nobody, with settings that fit together."""

import re
import shutil

import pytest
import yaml

from server.addresses import read_networks
from tests.deploy.files import DEPLOY, settings_of, tool
from tests.network import make_certificate

FILE = DEPLOY / "compose.yaml"
COMPOSE = yaml.safe_load(FILE.read_text("utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "samphire"}
_VARIABLE = re.compile(r"\$\{(\w+):\?\}")


def filled(text):
    return _VARIABLE.sub("filled", text)


def started(service):
    variables = {name: filled(value) for name, value in service["environment"].items()}
    return settings_of(service["command"], variables)


def test_two_servers_and_two_workers():
    servers = [each for each in OURS.values() if each["command"] == ["serve"]]
    workers = [each for each in OURS.values() if each["command"][0] == "worker"]
    assert sum(each["deploy"]["replicas"] for each in servers) == 2
    assert len(workers) == len(OURS) - len(servers) == 2


@pytest.mark.parametrize("name", OURS)
def test_settings_fit_together(name):
    service = OURS[name]
    found = started(service)
    assert (found.is_team, found.jobs, found.bucket.name) == (True, "celery", "samphire")
    places = (found.database, found.redis, found.bucket.endpoint)
    hosts = {re.sub(r".*@|.*//", "", place).split(":")[0].split("/")[0] for place in places}
    assert hosts == {"postgres", "redis", "minio"} <= set(COMPOSE["services"])
    [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert found.proxy_networks == read_networks(network["subnet"])


@pytest.mark.parametrize("name", OURS)
def test_they_run_as_nobody_and_write_to_their_data_alone(name):
    service = OURS[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert (service["volumes"], service["tmpfs"]) == (["data:/data"], ["/tmp"])
    assert "ports" not in service


def test_every_secret_is_asked_for():
    asked = set(_VARIABLE.findall(FILE.read_text("utf-8")))
    told = set(re.findall(r"^# +([A-Z_]+)=", FILE.read_text("utf-8"), re.MULTILINE))
    assert asked == told
    assert set(re.findall(r"\$\{(\w+)", FILE.read_text("utf-8"))) == asked


def test_it_is_what_compose_takes():
    if shutil.which("check-jsonschema") is None:
        pytest.skip("check-jsonschema is not installed: pip install check-jsonschema")
    run = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE))
    assert run.returncode == 0, run.stdout


def test_nginx_takes_its_configuration(tmp_path):
    """But for looking up names, which only newer ones do for each server."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx is not installed: apt-get install nginx openssl")
    text = (DEPLOY / "nginx.conf").read_text("utf-8").replace("/etc/nginx/tls", str(tmp_path))
    text = re.sub(r"resolver .*", "", text).replace(" resolve ", " ").replace("web:8765", "127.0.0.1:8765")
    (tmp_path / "site.conf").write_text(text)
    site = f"include {tmp_path}/site.conf;"
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {site} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    certificate, key = make_certificate(tmp_path, "photos.example")
    certificate.rename(tmp_path / "tls.crt")
    key.rename(tmp_path / "tls.key")
    run = tool("nginx", "-t", "-c", str(tmp_path / "nginx.conf"))
    assert run.returncode == 0, run.stderr
