"""What reading and wrapping other exporters' ONNX files takes: loading safely, looking inside, cutting off.

Needs onnx. Runs when a segmenter is added, never when one serves.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from google.protobuf.message import DecodeError
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, helper, inliner

from ...errors import UnsupportedSegmenter
from ..graphs.onnx_builder import GraphBuilder

LEAST_OPSET = 11  # since then Slice, Clip and Pad take their limits as inputs, as the adapters write them
INSIDE = "foreign."  # what every name of a wrapped graph starts with
_LARGEST_FILE_BYTES = 1_900_000_000  # of protobuf's 2 GiB; a larger network's weights lie beside it


def load(path: Path) -> ModelProto:
    """The checked network in the file, with the weights that lie beside it in files of its own folder.

    Local functions are put in place of their calls. Raises UnsupportedSegmenter, OSError.
    """
    model = load_structure(path)
    try:
        onnx.load_external_data_for_model(model, str(path.parent))
        if model.functions:
            model = inliner.inline_local_functions(model)
        if model.ByteSize() < _LARGEST_FILE_BYTES:
            onnx.checker.check_model(model)
    except (onnx.checker.ValidationError, ValueError, RuntimeError) as error:
        raise UnsupportedSegmenter(f"{path.name} is damaged: {str(error).splitlines()[0][:200]}") from error
    return model


def load_structure(path: Path) -> ModelProto:
    """The network without what lies beside it, which is there. Raises UnsupportedSegmenter, OSError."""
    try:
        model = onnx.load(str(path), load_external_data=False)
    except DecodeError as error:
        raise UnsupportedSegmenter(f"{path.name} is not an ONNX network.") from error
    if not model.graph.node:
        raise UnsupportedSegmenter(f"{path.name} is not an ONNX network.")
    for name in beside(model):
        data = path.parent / name
        if name != Path(name).name or name in ("", ".", "..") or data.is_symlink() or not data.is_file():
            raise UnsupportedSegmenter(
                f"{path.name} wants weights from {name[:120]!r}, which is no plain file beside it.",
                hint="Put the file there, or export the network again into one file.",
            )
    return model


def save(model: ModelProto, path: Path) -> None:
    """Write the network to `path`, its weights to `path`.data beside it if they are too many. Raises OSError."""
    if model.ByteSize() < _LARGEST_FILE_BYTES:
        path.write_bytes(model.SerializeToString(deterministic=True))
    else:
        onnx.save_model(model, str(path), save_as_external_data=True, location=f"{path.name}.data")


def beside(model: ModelProto) -> list[str]:
    """Names of the files that hold weights of a network loaded without them."""
    found = {
        entry.value
        for tensor in _tensors(model.graph)
        if tensor.data_location == TensorProto.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    }
    return sorted(found)


def opset(model: ModelProto) -> int:
    """Of the standard operators. Raises UnsupportedSegmenter when it is too old to be wrapped."""
    version = next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), 0)
    if version < LEAST_OPSET:
        raise UnsupportedSegmenter(
            f"The network is written in ONNX opset {version}; Samphire reads {LEAST_OPSET} and newer.",
            hint="Export it again with a newer opset.",
        )
    return version


def real_inputs(graph: GraphProto) -> list[onnx.ValueInfoProto]:
    """Inputs that are not weights: old files list those too."""
    weights = {one.name for one in graph.initializer}
    return [one for one in graph.input if one.name not in weights]


def shape(value: onnx.ValueInfoProto) -> list[int | None]:
    """None for a dimension that is not fixed."""
    return [one.dim_value if one.HasField("dim_value") else None for one in value.type.tensor_type.shape.dim]


def element(value: onnx.ValueInfoProto) -> int:
    return value.type.tensor_type.elem_type


def said(dims: Sequence[int | None]) -> str:
    """For people: 1x?x2."""
    return "x".join("?" if one is None else str(one) for one in dims)


def run(
    network: ModelProto | Path, feeds: Mapping[str, np.ndarray] | Sequence[np.ndarray]
) -> dict[str, np.ndarray]:
    """Output -> its value, once. `feeds` by name, or in the order of the inputs. Raises UnsupportedSegmenter."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what it refuses is told in our words
    source = str(network) if isinstance(network, Path) else network.SerializeToString()
    try:
        session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        if not isinstance(feeds, Mapping):
            feeds = {one.name: value for one, value in zip(session.get_inputs(), feeds, strict=True)}
        names = [one.name for one in session.get_outputs()]
        return dict(zip(names, map(np.asarray, session.run(names, feeds)), strict=True))
    except Exception as error:  # onnxruntime's exceptions share no base class of their own
        raise UnsupportedSegmenter(
            f"This network does not run: {str(error).splitlines()[0][:200]}"
        ) from error


def keep_only(graph: GraphProto, outputs: Iterable[str]) -> None:
    """Cut off, in place, whatever the outputs do not need: nodes, weights and inputs."""
    needed = set(outputs)
    for place in reversed(range(len(graph.node))):
        if needed.intersection(graph.node[place].output):
            needed |= _read_by(graph.node[place])
        else:
            del graph.node[place]
    inputs = [one for one in real_inputs(graph) if one.name in needed]
    del graph.input[:], graph.value_info[:]
    graph.input.extend(inputs)
    for field in (graph.initializer, graph.output):
        for place in reversed(range(len(field))):
            if field[place].name not in needed:
                del field[place]


def _read_by(node: NodeProto) -> set[str]:
    """Names a node reads, also from inside its branches."""
    names = set(node.input)
    for attribute in node.attribute:
        for body in _bodies(attribute):
            for inner in body.node:
                names |= _read_by(inner)
            names.update(one.name for one in body.output)
    return names - {""}


def prefixed(model: ModelProto, prefix: str = INSIDE) -> GraphProto:
    """A copy of the graph in which every name starts with `prefix`."""
    graph = GraphProto()
    graph.CopyFrom(model.graph)
    _prefix(graph, prefix)
    return graph


def _prefix(graph: GraphProto, prefix: str) -> None:
    for value in (*graph.input, *graph.output, *graph.initializer):
        value.name = prefix + value.name
    del graph.value_info[:]
    for sparse in graph.sparse_initializer:
        sparse.values.name = prefix + sparse.values.name
    for node in graph.node:
        node.name = node.name and prefix + node.name
        for names in (node.input, node.output):
            names[:] = [name and prefix + name for name in names]
        for attribute in node.attribute:
            for body in _bodies(attribute):
                _prefix(body, prefix)


def read_instead(graph: GraphProto, old: str, new: str) -> None:
    """Whatever reads the value `old`, also inside branches, reads `new` from now on."""
    for node in graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
        for attribute in node.attribute:
            for body in _bodies(attribute):
                read_instead(body, old, new)


def set_apart(g: GraphBuilder, prefix: str, kept: Container[str]) -> None:
    """Put `prefix` before the names a builder made up, all but `kept`, so that they meet no others in a graph."""
    for node in g.nodes:
        node.name = prefix + node.name
        for names in (node.input, node.output):
            names[:] = [name if name in kept else prefix + name for name in names]
    for one in g.initializers.values():
        one.name = prefix + one.name


def model_of(graph: GraphProto, like: ModelProto) -> ModelProto:
    """The checked network around a graph whose operators are of `like`'s opsets, with its metadata."""
    model = helper.make_model(
        graph, opset_imports=list(like.opset_import), ir_version=max(like.ir_version, 4)
    )
    model.producer_name = "samphire"
    model.metadata_props.extend(like.metadata_props)
    if model.ByteSize() < _LARGEST_FILE_BYTES:
        onnx.checker.check_model(model)
    return model


def _bodies(attribute: AttributeProto) -> list[GraphProto]:
    return [*([attribute.g] if attribute.type == AttributeProto.GRAPH else []), *attribute.graphs]


def _tensors(graph: GraphProto) -> Iterable[TensorProto]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.TENSOR:
                yield attribute.t
            yield from attribute.tensors
            for body in _bodies(attribute):
                yield from _tensors(body)
