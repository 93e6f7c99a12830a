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
    assert getattr(load({}, {row.variable: text}), row.name) == value
    words = [f"--no-{row.flag[2:]}"] if row.kind is bool else [row.flag, text]
    assert getattr(load(parse(*words), {}), row.name) == value


@pytest.mark.parametrize(
    "place",
    ["label-studio.example", "ftp://a.example", "https://u:p@a.example", "https://a.example:x", "https://a.example:99999",
     "https://ä.example", "https://a.example/b?c", "https://a.example/#b", "https://a.example/../b", "http://"],
)  # fmt: skip
def test_what_is_no_address_of_label_studio_is_refused(place):
    with pytest.raises(InvalidSetting, match="must list addresses"):
        load({}, {"SAMPHIRE_LABEL_STUDIO": f"https://good.example {place}"})


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
