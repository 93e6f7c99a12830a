"""From a database of an earlier version, with rows in it, to the present: nothing lost, whole or not at all."""

import sqlite3

import pytest

from server.storage.engine import Database
from tests.unit.storage.migrating import go_back, interrupt_everywhere, open_at, read

pytestmark = pytest.mark.sqlite

IMAGES = [("i0", "IMG_10.png"), ("i1", "Img_2.png"), ("i2", "\u00c9t\u00e9.png")]
ANNOTATIONS = [("a0", "i0", "dog"), ("a1", "i1", "cat"), ("a2", "i0", "dog"), ("a3", "i0", "cow")]


@pytest.fixture
def old(tmp_path):
    """A database of the first schema with images, an embedding and annotations."""
    path = tmp_path / "x.db"
    open_at(path, "0001").close()
    connection = sqlite3.connect(path)
    for number, (image, name) in enumerate(IMAGES, start=1):
        moment = f"2026-01-0{number} 00:00:00.000000"
        values = (image, image, name, 4, 3, "PNG", 9, "k", "k", "image/png", "t", moment)
        connection.execute(f"INSERT INTO images VALUES ({','.join('?' * 12)})", values)
    connection.execute(
        "INSERT INTO embeddings VALUES ('i0', 's', 'w', 'k', 1, 1.5, '2026-01-01 00:00:00.000000')"
    )
    for number, (annotation, image, label) in enumerate(ANNOTATIONS, start=1):
        moment = f"2026-02-0{number} 00:00:00.000000"
        values = (
            annotation,
            image,
            label,
            "#1f77b4",
            "0",
            5,
            "[0, 0, 1, 1]",
            "[]",
            None,
            None,
            None,
            0.5,
            None,
            3,
        )
        connection.execute(
            f"INSERT INTO annotations VALUES ({','.join('?' * 16)})", (*values, moment, moment)
        )
    connection.commit()
    connection.close()
    return path


def test_what_was_there_is_in_the_default_project(old):
    Database.open(f"sqlite:///{old}").close()
    assert read(old, "SELECT id, name, labels_version, deleted_at FROM projects") == [
        ("default", "My images", 1, None)
    ]
    assert read(old, "SELECT image_id, name, state, position FROM project_images ORDER BY position") == [
        ("i0", "IMG_10.png", "in_progress", 1),
        ("i1", "Img_2.png", "in_progress", 2),
        ("i2", "\u00c9t\u00e9.png", "new", 3),
    ]
    assert read(old, "SELECT image_id FROM project_images ORDER BY sort_name") == [("i1",), ("i0",), ("i2",)]
    assert read(old, "SELECT image_id FROM project_images WHERE search_name LIKE '%\u00e9t\u00e9%'") == [
        ("i2",)
    ]
    assert read(
        old,
        "SELECT annotations.id, annotations.project_id, image_id, name, z, annotations.attributes FROM annotations"
        " JOIN label_classes ON label_classes.id = label_id ORDER BY annotations.id",
    ) == [
        ("a0", "default", "i0", "dog", 0, "{}"),
        ("a1", "default", "i1", "cat", 0, "{}"),
        ("a2", "default", "i0", "dog", 1, "{}"),
        ("a3", "default", "i0", "cow", 2, "{}"),
    ]
    assert read(old, "SELECT DISTINCT area, bbox, predicted_iou, version FROM annotations") == [
        (5, "[0, 0, 1, 1]", 0.5, 3)
    ]
    assert read(old, "SELECT name, color, key FROM label_classes ORDER BY position") == [
        ("dog", "#1f77b4", "1"),
        ("cat", "#1f77b4", "2"),
        ("cow", "#1f77b4", "3"),
    ]
    assert read(old, "SELECT image_id, seconds FROM embeddings") == [("i0", 1.5)]
    assert read(old, "PRAGMA foreign_key_check") == []


def test_labels_that_no_list_has_get_into_it(old):
    """Annotations had the names of their labels once, which a list could lose."""
    open_at(old, "0009").close()
    connection = sqlite3.connect(old)
    connection.execute("DELETE FROM label_classes WHERE name <> 'cat'")
    connection.commit()
    connection.close()
    Database.open(f"sqlite:///{old}").close()
    assert read(old, "SELECT name, color, key, position FROM label_classes ORDER BY position") == [
        ("cat", "#1f77b4", "2", 1),
        ("dog", "#1f77b4", None, 2),
        ("cow", "#1f77b4", None, 3),
    ]
    assert (
        read(
            old,
            "SELECT annotations.id, image_id, name FROM annotations"
            " JOIN label_classes ON label_classes.id = label_id ORDER BY annotations.id",
        )
        == ANNOTATIONS
    )


def test_interrupted_anywhere_it_is_as_before_and_can_be_done_again(old):
    assert interrupt_everywhere(old, "annotations") > 20
    assert read(old, "SELECT count(*) FROM annotations WHERE project_id = 'default'") == [(4,)]


def test_an_empty_database_has_the_default_project(tmp_path):
    Database.open(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert read(tmp_path / "new.db", "SELECT id FROM projects") == [("default",)]


def test_back_and_forth(old):
    database = open_at(old, "head")
    go_back(database, "0001")
    assert [
        row[:3] for row in read(old, "SELECT id, image_id, label FROM annotations ORDER BY id")
    ] == ANNOTATIONS
    database.migrate()
    database.close()
    assert read(old, "SELECT count(*) FROM project_images") == [(3,)]
