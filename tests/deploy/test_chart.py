"""The Helm chart: its values and templates fit together; rendered and checked where something can."""

import re

import pytest
import yaml

from server.features.upkeep import http as upkeep
from server.features.upkeep.readiness import _SECONDS
from tests.deploy.files import DEPLOY, settings_of

CHART = DEPLOY / "chart"
VALUES = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
TEMPLATES = {path.name: path.read_text("utf-8") for path in (CHART / "templates").iterdir()}
ALL = "\n".join(TEMPLATES.values())


def leaves(value, path=()):
    if isinstance(value, dict) and value and path not in (("settings",), ("ingress", "annotations")):
        for name, each in value.items():
            if name in ("resources", "workers"):
                yield (*path, name)
            else:
                yield from leaves(each, (*path, name))
    else:
        yield path


def test_every_value_is_used_and_every_used_one_is_there():
    used = {tuple(found.split(".")) for found in re.findall(r"\.Values\.([\w.]+)", ALL)}
    assert used - {("ingress", "enabled")} == set(leaves(VALUES)) - {("ingress", "enabled")}
    of_workers = set(re.findall(r"[ (]\.(name|replicas|queues|resources)\b", TEMPLATES["workers.yaml"]))
    assert all(set(worker) == of_workers for worker in VALUES["workers"])


def test_settings_fit_together():
    secrets = {
        "SAMPHIRE_DATABASE": "postgresql+psycopg://samphire:hush@db/samphire",
        "SAMPHIRE_REDIS": "redis://redis:6379/0",
    }
    found = settings_of(["serve"], VALUES["settings"] | secrets)
    assert (found.is_team, found.jobs) == (True, "celery")
    assert found.metrics_address.endswith(":9100")
    assert not set(secrets) & set(VALUES["settings"])
    for worker in VALUES["workers"]:
        queues = ["--queues", worker["queues"]] if worker["queues"] else []
        settings_of(["worker", *queues], VALUES["settings"] | secrets)
    assert any(not worker["queues"] for worker in VALUES["workers"]), "some queue has no worker"
    [grace] = re.findall(r"terminationGracePeriodSeconds: (\d+)", ALL)
    assert found.drain_s + 10 < int(grace)


def test_what_kubernetes_asks_is_answered():
    asked = set(re.findall(r"path: (/\w+)", TEMPLATES["web.yaml"]))
    assert asked == {"/healthz", "/readyz"}
    assert {"health", "readiness"} <= set(vars(upkeep))
    assert set(re.findall(r"path: (/\w+)", TEMPLATES["workers.yaml"])) == {"/healthz"}
    [patience] = re.findall(r"path: /readyz.*?timeoutSeconds: (\d+)", TEMPLATES["web.yaml"], re.DOTALL)
    assert int(patience) > _SECONDS


def test_pods_are_nobodys_and_take_no_settings_from_services():
    """Kubernetes would tell of a service called samphire by the variable SAMPHIRE_PORT."""
    for line in (
        "enableServiceLinks: false",
        "automountServiceAccountToken: false",
        "runAsNonRoot: true",
        "readOnlyRootFilesystem: true",
        "allowPrivilegeEscalation: false",
        "capabilities: {drop: [ALL]}",
    ):
        assert line in TEMPLATES["_helpers.tpl"]


@pytest.mark.parametrize(
    "values",
    [{}, {"ingress": {"enabled": False}, "data": {"existingClaim": "shared"}}],
    ids=["as it is", "others"],
)
def test_what_it_renders_is_what_kubernetes_takes(values):
    charts = pytest.importorskip(
        "helm_python.chart", reason="no Helm to render it: pip install helm-python-sdk"
    )
    kubernetes = pytest.importorskip("kubernetes_validate", reason="pip install kubernetes-validate")
    assert charts.lint(str(CHART))["errors"] == []
    with charts.Chart.load(CHART) as chart:
        rendered = chart.render(values=values, name="samphire")
    made = [each for text in rendered.values() for each in yaml.safe_load_all(text) if each]
    for each in made:
        kubernetes.validate(each, "1.31", strict=True)
    kinds = sorted(each["kind"] for each in made)
    shared = [] if values else ["Ingress", "PersistentVolumeClaim"]
    assert kinds == sorted(["ConfigMap", *["Deployment"] * 3, "PodDisruptionBudget", "Service", *shared])
    for each in made:
        if each["kind"] == "Deployment":
            assert each["spec"]["template"]["spec"]["enableServiceLinks"] is False


def test_workers_without_the_address_that_kubernetes_asks_are_refused():
    charts = pytest.importorskip(
        "helm_python.chart", reason="no Helm to render it: pip install helm-python-sdk"
    )
    without = {"settings": {"SAMPHIRE_METRICS_ADDRESS": ""}}
    with charts.Chart.load(CHART) as chart:
        with pytest.raises(Exception, match=r"must be 0\.0\.0\.0:9100"):
            chart.render(values=without, name="samphire")
        chart.render(values=without | {"workers": []}, name="samphire")
