"""ONNX files as layers: each operation against onnxruntime, and what is never read."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from explorer.adoption import operations
from explorer.adoption.onnx_chains import TOLERANCE, part
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.models.entries import with_weights
from tests.adoption.foreign import Decoder, Encoder, seeded

RNG = np.random.default_rng(0)


class Function(nn.Module):
    """A function of torch as a module, with the layers that it needs."""

    def __init__(self, function: Callable[..., Tensor], *layers: nn.Module) -> None:
        super().__init__()
        self.function = function
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x, *self.layers)


def exported(module: nn.Module, shape: tuple[int, ...], opset: int = 17, batch: int | None = None) -> bytes:
    file = io.BytesIO()
    axes = None if batch else {"x": {0: "n"}, "y": {0: "n"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            seeded(module),
            (torch.zeros(batch or 2, *shape),),
            file,  # type: ignore[arg-type]  # the tracing exporter writes to files as well
            dynamo=False,
            opset_version=opset,
            input_names=["x"],
            output_names=["y"],
            dynamic_axes=axes,
        )
    return file.getvalue()


MODULES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "dense": (lambda: nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 2)), (5,)),
    "dense without bias": (lambda: nn.Sequential(nn.Linear(5, 7, bias=False), nn.Softsign()), (5,)),
    "encoder": (lambda: Function(lambda x, e: e(x)[0], Encoder()), (1, 28, 28)),
    "decoder": (Decoder, (6,)),
    "conv 1-D": (lambda: nn.Sequential(nn.Conv1d(2, 3, 3, 2, 1), nn.ReLU(), nn.ConvTranspose1d(3, 2, 4, 2, 1)), (2, 8)),
    "max pool": (lambda: nn.MaxPool2d(3, 2, 1), (2, 7, 6)),
    "max pool 1-D": (lambda: nn.MaxPool1d(2), (2, 8)),
    "circular padding": (lambda: nn.Conv2d(2, 3, 3, padding=2, dilation=2, padding_mode="circular"), (2, 6, 7)),
    "circular padding of one side": (lambda: nn.Sequential(nn.CircularPad2d((1, 0, 0, 2)), nn.ReLU()), (2, 6, 7)),
    "mean pool": (lambda: nn.AvgPool2d(2), (2, 6, 6)),
    "global mean": (lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), (3, 5, 4)),
    "mean of places": (lambda: Function(lambda x: x.mean((2, 3))), (3, 5, 4)),
    "mean of tokens": (lambda: Function(lambda x: x.mean(1)), (6, 4)),
    "mean of channels, kept": (lambda: Function(lambda x: x.mean(1, keepdim=True)), (3, 5, 4)),
    "mean of all": (lambda: Function(lambda x: x.mean((1, 2), keepdim=True)), (3, 5)),
    "global max": (lambda: nn.AdaptiveMaxPool2d(1), (3, 5, 4)),
    "nearest": (lambda: nn.Upsample(scale_factor=2), (2, 3, 4)),
    "bilinear": (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), (2, 3, 4)),
    "nearest and linear 1-D": (
        lambda: nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv1d(2, 3, 3), nn.Upsample(9, mode="linear")),
        (2, 4),
    ),
    "bilinear to corners": (lambda: nn.Upsample((7, 9), mode="bilinear", align_corners=True), (2, 3, 4)),
    "pixel shuffle": (lambda: nn.PixelShuffle(2), (8, 3, 2)),
    "paddings": (
        lambda: nn.Sequential(nn.ReflectionPad2d(1), nn.ReplicationPad2d((0, 2, 1, 0)), nn.ZeroPad2d(1)),
        (2, 4, 5),
    ),
    "group norm": (lambda: nn.GroupNorm(2, 4), (4, 3, 5)),
    "instance norm": (lambda: nn.InstanceNorm2d(3, affine=True), (3, 4, 5)),
    "batch norm": (lambda: nn.Sequential(nn.BatchNorm2d(3), nn.LeakyReLU(0.2)), (3, 4, 5)),
    "batch norm of rows": (lambda: nn.Sequential(nn.BatchNorm1d(5), nn.ELU(0.7)), (5,)),
    "layer norm": (lambda: nn.Sequential(nn.LayerNorm(5), nn.SELU(), nn.CELU(0.5)), (5,)),
    "layer norm of maps": (lambda: nn.LayerNorm((2, 3, 4)), (2, 3, 4)),
    "activations": (
        lambda: nn.Sequential(nn.Hardswish(), nn.Hardsigmoid(), nn.Softplus(), nn.ReLU6(), nn.PReLU(3)),
        (3, 4, 2),
    ),
    "gelu": (lambda: nn.Sequential(nn.Linear(5, 5), nn.GELU()), (5,)),
    "silu and mish": (lambda: nn.Sequential(nn.SiLU(), nn.Mish()), (5,)),
    "clip": (lambda: Function(lambda x: x.clamp(-0.5, 0.5) + x.clamp(min=0.1)), (5,)),
    "arithmetic": (lambda: Function(lambda x: (2 - x) / 3 * 5 + 1 - x), (5,)),
    "by channel": (
        lambda: Function(lambda x: (x - torch.tensor([[[0.5]], [[1.0]]])) / torch.tensor([[[2.0]], [[4.0]]])),
        (2, 3, 3),
    ),
    "by value": (lambda: Function(lambda x: x * torch.arange(12.0).view(1, 2, 3, 2) + 1), (2, 3, 2)),
    "residual": (lambda: Function(lambda x, a, b: x + F.relu(a(x)) - b(x), nn.Linear(4, 4), nn.Linear(4, 4)), (4,)),
    "residuals, one in the other": (
        lambda: Function(lambda x, a, b: (h := x + a(x)) + torch.relu(h + b(h)), nn.Linear(4, 4), nn.Linear(4, 4)),
        (4,),
    ),
    "dense connections": (
        lambda: Function(
            lambda x, a, b: torch.cat([(h := torch.cat([x, a(x)], 1)), b(h)], 1), nn.Linear(4, 3), nn.Linear(7, 2)
        ),
        (4,),
    ),
    "gate": (lambda: Function(lambda x, a: x * torch.sigmoid(a(x)), nn.Linear(4, 4)), (4,)),
    "squeeze and excite": (
        lambda: Function(
            lambda x, a, b: x * torch.sigmoid(b(torch.relu(a(x.mean((2, 3), keepdim=True))))),
            nn.Conv2d(4, 2, 1),
            nn.Conv2d(2, 4, 1),
        ),
        (4, 3, 5),
    ),
    "shapes": (
        lambda: Function(lambda x: x.permute(0, 2, 3, 1).reshape(x.shape[0], -1).unsqueeze(1).squeeze(1)),
        (2, 3, 4),
    ),
    "slices": (lambda: Function(lambda x: torch.cat([x[:, 1:3], x[:, :1]], 1)[:, :, 1:, :-1]), (4, 3, 4)),
    "one place": (lambda: Function(lambda x: x[:, 2]), (4, 3)),
    "split": (lambda: Function(lambda x: (p := x.chunk(2, 1))[0] * torch.tanh(p[1])), (6,)),
    "conv, uneven padding": (lambda: nn.Conv2d(2, 3, 4, padding="same"), (2, 6, 5)),
    "groups and gaps": (lambda: nn.Conv2d(4, 4, 3, padding=2, groups=2, dilation=2), (4, 6, 5)),
    "transposed": (lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, output_padding=1, groups=2), (4, 4, 5)),
}


@pytest.mark.parametrize("opset", [11, 13, 17, 20])
@pytest.mark.parametrize("name", MODULES)
def test_layers_make_what_onnxruntime_makes(name: str, opset: int) -> None:
    make, shape = MODULES[name]
    try:
        content = exported(make(), shape, opset)
    except torch.onnx.errors.OnnxExporterError:
        pytest.skip("torch itself does not export this at that version")
    came = part(content, "model.onnx", "", ())
    assert came.difference < 1e-5
    entries, modules = with_weights(nn.Sequential(*came.layers["y"]))
    x = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(
            nn.Sequential(*modules)(x), seeded(make())(x), atol=1e-5, rtol=1e-4, msg=f"{[e.kind for e in entries]}"
        )


@pytest.mark.parametrize("batch", [1, 16])
def test_a_file_for_a_fixed_number_of_items_is_read(batch: int) -> None:
    came = part(exported(Decoder(), (6,), batch=batch), "model.onnx", "x", ["y"])
    assert came.difference < 1e-5
    assert came.shape == (6,)


def test_known_layers_are_found_where_a_file_spells_them_out() -> None:
    module = nn.Sequential(nn.Linear(5, 6), nn.LayerNorm(6), nn.GELU(), nn.Linear(6, 6), nn.SiLU(), nn.Mish())
    kinds = [e.kind for e in with_weights(nn.Sequential(*part(exported(module, (5,), 13), "m", "", ()).layers["y"]))[0]]
    assert [kind for kind in kinds if kind != "affine"] == ["linear", "layer_norm", "gelu", "linear", "silu", "mish"]


def test_a_part_of_a_model_is_cut_out_by_the_names_of_its_tensors() -> None:
    content = exported(nn.Sequential(nn.Linear(8, 2), nn.Tanh(), nn.Linear(2, 8)), (8,))
    code = onnx.load_model_from_string(content).graph.node[1].output[0]
    encoder, decoder = part(content, "m", "x", [code]), part(content, "m", code, ["y"], (2,))
    assert [type(layer) for layer in encoder.layers[code]] == [nn.Linear, nn.Tanh]
    assert [type(layer) for layer in decoder.layers["y"]] == [nn.Linear]
    with pytest.raises(CheckpointError, match="does not follow from"):
        part(content, "m", code, ["x"], (2,))
    with pytest.raises(CheckpointError, match="no tensor 'z'"):
        part(content, "m", "x", ["z"])


def test_a_layer_that_is_read_wrongly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = exported(nn.Sequential(nn.Linear(5, 4), nn.ReLU()), (5,))
    assert part(content, "m", "x", ["y"]).difference < 1e-5
    monkeypatch.setitem(operations.OPERATIONS, "Relu", lambda _call: [nn.LeakyReLU(0.01)])
    with pytest.raises(CheckpointError, match="differs from onnxruntime's 'y'"):
        part(content, "m", "x", ["y"])


# --- what is never read ---


def graph_of(nodes: list[Any], constants: dict[str, np.ndarray] | None = None, **graph: Any) -> onnx.ModelProto:
    made = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in (constants or {}).items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17), *graph.get("opsets", ())])


def node(op: str, *inputs: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(op, list(inputs), ["y"], "here", **attributes)


LOOP = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "body", [], [])


def external() -> onnx.ModelProto:
    model = graph_of([node("MatMul", "x", "w")], {"w": np.ones((4, 2), np.float32)})
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    return model


def lying() -> onnx.ModelProto:
    model = graph_of([node("MatMul", "x", "w")], {"w": np.ones((4, 2), np.float32)})
    model.graph.initializer[0].dims[1] = 1 << 40
    return model


def short() -> onnx.ModelProto:
    model = graph_of([node("MatMul", "x", "w")], {"w": np.ones((4, 2), np.float32)})
    model.graph.initializer[0].dims[1] = 3
    return model


def functions() -> onnx.ModelProto:
    model = graph_of([node("Mine", "x", domain="local")], opsets=[helper.make_opsetid("local", 1)])
    made = helper.make_function(
        "local", "Mine", ["a"], ["b"], [helper.make_node("Relu", ["a"], ["b"])], [helper.make_opsetid("", 17)]
    )
    model.functions.append(made)
    return model


HOSTILE: dict[str, tuple[Callable[[], onnx.ModelProto], str]] = {
    "custom operation": (lambda: graph_of([node("Evil", "x", domain="com.evil")]), "com.evil.Evil"),
    "unknown operation": (lambda: graph_of([node("Einsum", "x", equation="ij->i")]), "Einsum"),
    "loop": (lambda: graph_of([node("Loop", "", "", "x", body=LOOP)]), "repeats"),
    "function": (functions, "functions of its own"),
    "weights elsewhere": (external, "in another file"),
    "a shape that cannot be": (lying, "which cannot be"),
    "fewer weights than its shape": (short, "does not hold what its shape says"),
    "random": (lambda: graph_of([node("RandomNormalLike", "x")]), "draws at random"),
    "text": (lambda: graph_of([node("Add", "x", "w")], {"w": np.array(["a"], dtype=object)}), "STRING"),
    "items mixed": (lambda: graph_of([node("Transpose", "x", perm=[1, 0])]), "axis of items"),
    "a softmax over items": (lambda: graph_of([node("ReduceMean", "x", axes=[0])]), "across items"),
    "a constant that is huge": (
        lambda: graph_of(
            [
                helper.make_node("ConstantOfShape", ["s"], ["c"], "fill"),
                node("Add", "x", "c"),
            ],
            {"s": np.array([1 << 20, 1 << 20], np.int64)},
        ),
        "do not fit",
    ),
    "an item that is huge": (
        lambda: graph_of(
            [
                helper.make_node("Unsqueeze", ["x", "a"], ["u"]),
                helper.make_node("Resize", ["u", "", "s"], ["y"], "here"),
            ],
            {"a": np.array([1, 2], np.int64), "s": np.array([1, 1, 1e6, 1e6], np.float32)},
        ),
        "cannot be kept|more than any model",
    ),
    "a row that is huge": (
        lambda: graph_of(
            [helper.make_node("Unsqueeze", ["x", "a"], ["u"]), helper.make_node("Resize", ["u", "", "s"], ["y"])],
            {"a": np.array([1], np.int64), "s": np.array([1, 1, 1e9], np.float32)},
        ),
        "more than any model",
    ),
    "pads that are huge": (
        lambda: graph_of(
            [helper.make_node("Unsqueeze", ["x", "a"], ["u"]), node("Conv", "u", "w", pads=[10**10, 10**10])],
            {"a": np.array([1], np.int64), "w": np.ones((1, 1, 3), np.float32)},
        ),
        "more than any model|does not fit",
    ),
    "weights that are no numbers": (
        lambda: graph_of([node("MatMul", "x", "w")], {"w": np.full((4, 2), np.nan, np.float32)}),
        "not finite",
    ),
    "weights without end": (
        lambda: graph_of([node("MatMul", "x", "w")], {"w": np.full((4, 2), np.inf, np.float32)}),
        "not finite",
    ),
    "nothing": (lambda: onnx.ModelProto(), "holds no model"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_never_read_is_refused_by_name(name: str) -> None:
    make, said = HOSTILE[name]
    with pytest.raises(ExplorerError, match=said) as caught:
        part(make().SerializeToString(), "model.onnx", "x", ["y"])
    assert "Traceback" not in str(caught.value)


def test_names_with_tags_and_line_breaks_stay_text_on_one_line() -> None:
    model = graph_of([helper.make_node("Einsum", ["x"], ["y"], "<script>\nalert(1)</script>" * 9, equation="ij->i")])
    with pytest.raises(CheckpointError) as caught:
        part(model.SerializeToString(), "model.onnx", "x", ["y"])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_another_file_is_no_onnx_file() -> None:
    for content in (b"", b"PK\x03\x04" + bytes(50), b"<html>", RNG.bytes(500)):
        with pytest.raises(CheckpointError, match="not an ONNX file"):
            part(content, "model.onnx", "x", ["y"])


VALID = exported(nn.Sequential(nn.Linear(4, 3), nn.LayerNorm(3), nn.GELU(), nn.Linear(3, 2)), (4,), 13)


SPELLED_OUT = exported(
    nn.Sequential(nn.Linear(4, 3), nn.LayerNorm(3), nn.GELU(), nn.Linear(3, 2), nn.Softsign()), (4,), 13
)


def test_operations_without_an_input_or_with_a_zero_are_read_right_or_refused() -> None:
    """Each node of a file that spells its layers out, with each number of its inputs; and each single number made 0."""
    whole = onnx.load_model_from_string(SPELLED_OUT).graph
    damaged = []
    for i, one in enumerate(whole.node):
        for left in range(len(one.input)):
            model = onnx.load_model_from_string(SPELLED_OUT)
            del model.graph.node[i].input[left:]
            damaged.append(model)
        for j, attribute in enumerate(one.attribute):
            if attribute.name == "value" and numpy_helper.to_array(attribute.t).size == 1:
                model = onnx.load_model_from_string(SPELLED_OUT)
                model.graph.node[i].attribute[j].t.CopyFrom(numpy_helper.from_array(np.zeros((), np.float32)))
                damaged.append(model)
    refused = 0
    for model in damaged:
        try:
            assert part(model.SerializeToString(), "model.onnx", "x", ["y"]).difference <= TOLERANCE
        except CheckpointError:
            refused += 1
    assert 0 < refused < len(damaged)


@pytest.mark.slow
@settings(max_examples=400)
@given(st.data())
def test_damaged_files_are_read_right_or_refused(data: st.DataObject) -> None:
    """Bytes changed, cut and doubled: whatever is accepted makes what onnxruntime makes of the same bytes."""
    content = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["set", "cut", "twice"]))
        if kind == "set":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del content[at : at + data.draw(st.integers(1, 20))]
        else:
            content[at:at] = content[at : at + data.draw(st.integers(1, 20))]
    try:
        came = part(bytes(content), "model.onnx", "x", ["y"])
    except ExplorerError:
        return
    assert came.difference <= TOLERANCE
