"""Settings: each one documented, and reachable from the command line and from the environment."""

import argparse
from dataclasses import fields

import pytest

from server import config
from server.config import ROWS, Settings, add_arguments, load
from server.errors import InvalidSetting

OTHER = {bool: ("no", False), int: ("7", 7), float: ("7.5", 7.5), str: ("else", "else")}


def parse(*words):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return vars(parser.parse_args(words))


SPECIAL = {
    "log_level": "debug",
    "log_format": "json",
    "csp": "report-only",
    "csp_report_to": "https://reports.example/csp",
    "metrics_address": "127.0.0.1:9100",
    "database": "postgresql+psycopg://samphire:sekret@db.example/samphire",
    "jobs": "celery",
    "redis": "redis://samphire:sekret@redis.example:6379/1",
    "blobs": "s3://images/here?endpoint=https://minio.example:9000",
    "trusted_proxies": "10.0.0.1",
    "frame_ancestors": "https://wiki.example",
    "oidc_issuer": "https://login.example/team",
    "oidc_accounts": "anybody",
    "outgoing_networks": "10.0.0.0/8",
    "label_studio": "https://label-studio.example/path",
}


def other_value(row):
    return (SPECIAL[row.name],) * 2 if row.name in SPECIAL else OTHER[row.kind]


def test_every_setting_is_a_documented_row():
    assert [row.name for row in ROWS] == [field.name for field in fields(Settings)]
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    shown = " ".join(parser.format_help().split())
    for row in ROWS:
        assert row.help.endswith((".", ").")), row.name
        assert row.flag in shown, row.name
        assert row.variable in shown, row.name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_setting_is_reachable(row):
    text, value = other_value(row)
    others = {"redis": ["database"], "jobs": ["database", "redis"]}.get(row.name, ())
    needed = {f"SAMPHIRE_{each.upper()}": SPECIAL[each] for each in others}
    assert getattr(load({}, needed | {row.variable: text}), row.name) == value
    words = [f"--no-{row.flag[2:]}"] if row.kind is bool else [row.flag, text]
    assert getattr(load(parse(*words), needed), row.name) == value


def test_celery_needs_redis():
    with pytest.raises(InvalidSetting, match="--jobs celery needs --redis"):
        load({}, {"SAMPHIRE_JOBS": "celery"})


def test_a_redis_server_is_named_beside_a_database_and_nowhere_printed():
    with pytest.raises(InvalidSetting, match="--redis needs --database"):
        load({}, {"SAMPHIRE_REDIS": SPECIAL["redis"]})
    named = {"SAMPHIRE_REDIS": SPECIAL["redis"], "SAMPHIRE_DATABASE": SPECIAL["database"]}
    assert "sekret" not in repr(load({}, named))


@pytest.mark.parametrize(
    "address",
    ["redis.example:6379", "http://redis.example", "redis://", "redis://a:sek@ret@b/1", "redis://b/one"],
)
def test_what_is_no_address_of_redis_is_refused_without_its_password(address):
    with pytest.raises(InvalidSetting, match="--redis must be like redis://") as refused:
        load({}, {"SAMPHIRE_REDIS": address, "SAMPHIRE_DATABASE": SPECIAL["database"]})
    assert "sek" not in refused.value.message


@pytest.mark.parametrize(
    "place",
    ["label-studio.example", "ftp://a.example", "https://u:p@a.example", "https://a.example:x", "https://a.example:99999",
     "https://ä.example", "https://a.example/b?c", "https://a.example/#b", "https://a.example/../b", "http://"],
)  # fmt: skip
def test_what_is_no_address_of_label_studio_is_refused(place):
    with pytest.raises(InvalidSetting, match="must list addresses"):
        load({}, {"SAMPHIRE_LABEL_STUDIO": f"https://good.example {place}"})


def test_the_database_is_the_data_folders_file_unless_another_is_named():
    assert Settings(data="/somewhere").database_url == "sqlite:////somewhere/samphire.db"
    for rest in ("/d", "h:5432/d", "u:p%40ss@[::1]:5432/d?sslmode=require", "/d?host=/run/postgresql"):
        assert Settings(database=f"postgresql://{rest}").database_url == f"postgresql+psycopg://{rest}"
    for written in ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"):
        assert Settings(database=written).database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    "database",
    [
        "samphire.db",
        "mysql://u:sekret@h/d",
        "postgresql://u:sekret@h",
        "postgresql://u:sekret@h/d e",
        "postgresql://u:p@sekret@h/d",
        "postgresql://u:p@ss:sekret@h/d",
        "postgresql://u:p/sekret@h/d",
        "postgresql://h:sekret/d",
    ],
)
def test_no_password_of_a_database_is_told(database):
    with pytest.raises(InvalidSetting) as told:
        load({}, {"SAMPHIRE_DATABASE": database})
    assert str(told.value).startswith(
        "--database must be like postgresql+psycopg://user:password@host/name; "
    )
    assert "sekret" not in str(told.value)
    assert "sekret" not in repr(Settings(database="postgresql://u:sekret@h/d"))


def test_blobs_are_in_the_data_folder_unless_a_bucket_is_named():
    assert Settings().bucket is None
    for written, found in {
        "s3://images": ("images", "", ""),
        "s3://images/": ("images", "", ""),
        "s3://my.images/a//b/": ("my.images", "a/b/", ""),
        "s3://images/a?endpoint=http://10.0.0.5:9000/": ("images", "a/", "http://10.0.0.5:9000"),
        "s3://images?endpoint=https%3A%2F%2Fminio.example": ("images", "", "https://minio.example"),
    }.items():
        assert Settings(blobs=written).bucket == (*found, "")
    direct = "s3://images?endpoint=http://minio:9000&direct=https://s3.example"
    assert Settings(blobs=direct).bucket == ("images", "", "http://minio:9000", "https://s3.example")


@pytest.mark.parametrize(
    "blobs",
    [
        "images",
        "gs://sekret",
        "s3://",
        "s3://AKIA:sekret@images",
        "s3://images/../sekret",
        "s3://images?secret=sekret",
        "s3://images?endpoint=ftp://sekret",
        "s3://images?endpoint=https://u:sekret@minio.example",
        "s3://images?endpoint",
        "s3://images?direct=https://s3.example/sekret",
        "s3://images?direct=https://s3.example;sekret",
        "s3://images/a#sekret",
    ],
)
def test_what_is_no_bucket_is_refused_without_a_word_of_it(blobs):
    with pytest.raises(InvalidSetting, match="--blobs must be like s3://bucket/prefix") as told:
        load({}, {"SAMPHIRE_BLOBS": blobs})
    assert "sekret" not in str(told.value)


def test_a_flag_outranks_the_environment_and_that_the_default():
    assert load(parse("--port", "1"), {"SAMPHIRE_PORT": "2"}).port == 1
    assert load(parse(), {"SAMPHIRE_PORT": "2"}).port == 2
    assert load(parse(), {}) == Settings()


@pytest.mark.parametrize(
    ("name", "text"),
    [("port", "x"), ("port", "70000"), ("port", "-1"), ("max_upload_mb", "nan"), ("max_upload_mb", "0"),
     ("max_pixels", "1.5"), ("open_browser", "perhaps"), ("log_level", "loud"), ("predict_timeout_s", "inf")],
)  # fmt: skip
def test_a_bad_value_names_its_setting(name, text):
    row = next(row for row in ROWS if row.name == name)
    with pytest.raises(InvalidSetting, match=f"{row.flag}|{row.variable}"):
        load({}, {row.variable: text})


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("localhost", True), ("::1", True), ("0.0.0.0", False),
     ("192.168.1.5", False), ("127.evil.example", False), ("::", False), ("", False)],
)  # fmt: skip
def test_people_sign_in_where_others_can_reach_the_server(host, local):
    settings = Settings(host=host)
    assert settings.is_local is local
    assert settings.is_team is not local
    assert Settings(host=host, team=True).is_team
    assert Settings(host=host, trusted_proxies="127.0.0.1").is_team


def test_the_table_for_the_documentation_has_every_row():
    table = config.markdown_table()
    assert all(f"`{row.flag}`" in table and row.help in table for row in ROWS)
