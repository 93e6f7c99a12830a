"""Segmenters in use: what a client's word means, networks in memory, and versions that are replaced meanwhile."""

import shutil

import gevent
import pytest

from server.config import Settings
from server.errors import SegmenterNotFound
from server.features.segmenters.service import Segmenters
from server.inference.catalog import Catalog
from server.runtime.pools import Pools
from tests.installing import install


class Loading:
    """Counts what is loaded; a loaded network is just its number."""

    def __init__(self):
        self.loaded, self.during = [], lambda: None

    def __call__(self, spec, *threads):
        self.loaded.append(spec.id)
        self.during()
        return f"{spec.id} {len(self.loaded)}"


@pytest.fixture
def loading():
    return Loading()


@pytest.fixture
def segmenters(tmp_path, loading):
    for name in "abcdef":
        install(tmp_path, name, weights=64 * name)
    pools = Pools(2, 1)
    yield Segmenters(Settings(segmenter="a"), Catalog(tmp_path), pools, loading, loading)
    pools.close()


def test_the_configured_one_unless_a_name_is_given(segmenters):
    assert segmenters.find().id == "a"
    assert segmenters.find("b").id == "b"


@pytest.mark.parametrize(
    "name", ["", "z", "A", "../a", "a/../b", "a\0", "é" * 1000, 7, 0, True, [], {}, b"a"]
)
def test_whatever_a_client_sends_is_a_name_or_an_error_that_lists_them(segmenters, name):
    with pytest.raises(SegmenterNotFound) as told:
        segmenters.find(name)
    assert "a, b, c, d, e, f" in told.value.hint
    assert len(told.value.message) < 200


def test_a_network_is_loaded_once_and_the_least_used_makes_room(segmenters, loading):
    a, b, c = map(segmenters.find, "abc")
    together = [gevent.spawn(segmenters.encoder, a) for _ in range(4)]
    gevent.joinall(together, raise_error=True)
    assert {greenlet.value for greenlet in together} == {"a 1"}
    segmenters.encoder(b)
    assert segmenters.encoder(a) == "a 1"
    segmenters.encoder(c)  # the third: b was used least recently
    assert segmenters.encoder(a) == "a 1"
    assert segmenters.encoder(b) == "b 4"
    assert loading.loaded == ["a", "b", "c", "b"]


def test_all_that_share_embeddings_share_an_encoder(segmenters, loading, tmp_path):
    first = segmenters.find("a")
    install(tmp_path, "0-trained", weights="1" * 64, encoding=first.weights)
    install(tmp_path, "0-trained-again", weights="2" * 64, encoding=first.weights)
    trained, again = segmenters.find("0-trained"), segmenters.find("0-trained-again")
    assert [segmenters.maker(each.encoding).id for each in (first, trained, again)] == ["a", "a", "a"]
    assert {segmenters.encoder(each) for each in (first, trained, again)} == {"a 1"}
    assert segmenters.decoder(trained) != segmenters.decoder(again) != segmenters.decoder(first)
    shutil.rmtree(tmp_path / "a")
    assert segmenters.maker(first.weights) == trained  # its encoder is the same
    assert segmenters.find_maker("a", first.weights) == trained
    assert segmenters.encodings() == {64 * name for name in "abcdef"}
    shutil.rmtree(tmp_path / "0-trained")
    shutil.rmtree(tmp_path / "0-trained-again")
    assert segmenters.maker(first.weights) is None
    with pytest.raises(SegmenterNotFound, match="no segmenter 'a'"):
        segmenters.find_maker("a", first.weights)


def test_never_more_than_two_encoders_and_four_decoders_in_memory(segmenters, loading):
    counts = []
    loading.during = lambda: counts.append(
        (len(segmenters._encoders._networks), len(segmenters._decoders._networks))
    )
    for name in "abcdef":
        segmenters.encoder(segmenters.find(name))
        segmenters.decoder(segmenters.find(name))
    assert max(encoders for encoders, _ in counts[::2]) == 1  # and the one being loaded
    assert max(decoders for _, decoders in counts[1::2]) == 3
    assert (len(segmenters._encoders._networks), len(segmenters._decoders._networks)) == (2, 4)


def test_a_network_that_was_replaced_while_it_was_loaded_is_not_used(segmenters, loading, tmp_path):
    a = segmenters.find("a")
    loading.during = lambda: install(tmp_path, "a", weights="9" * 64)
    for load in (segmenters.encoder, segmenters.decoder):
        with pytest.raises(SegmenterNotFound, match="replaced"):
            load(a)
    loading.during = lambda: None
    newer = segmenters.find("a")
    assert newer.weights == "9" * 64
    assert segmenters.encoder(newer) == "a 3"
    segmenters.check_current(newer)
    with pytest.raises(SegmenterNotFound, match="replaced"):
        segmenters.check_current(a)


def test_missing_and_cut_files_are_told_before_work_begins(segmenters, tmp_path):
    a = segmenters.find()
    segmenters.check_files(a)
    (tmp_path / "a" / "encoder.onnx").write_bytes(b"cut")
    with pytest.raises(SegmenterNotFound, match=r"encoder\.onnx"):
        segmenters.check_files(a)
    (tmp_path / "a" / "decoder.onnx").unlink()
    with pytest.raises(SegmenterNotFound, match="missing or incomplete"):
        segmenters.check_files(a)
