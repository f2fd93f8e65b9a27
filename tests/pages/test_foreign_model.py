"""ONNX files given in the sidebar become one of the visitor's checkpoints; what cannot be read is refused in words."""

from __future__ import annotations

import io
import pathlib
import warnings
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import helper
from streamlit.testing.v1 import AppTest
from torch import Tensor, nn

from explorer import checkpoints
from explorer.core.errors import ExplorerError
from explorer.data import dataset
from explorer.ui.shell import session

OpenPage = Callable[..., AppTest]


class Whole(nn.Module):
    """An autoencoder of the 8x8 digits that takes them from -1 to 1."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.GELU(), nn.Linear(16, 3))
        self.decoder = nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.decoder(self.encoder(x))
        return made


def exported(module: nn.Module, shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            (torch.zeros(2, *shape),),
            file,  # type: ignore[arg-type]  # the tracing exporter writes to files as well
            dynamo=False,
            input_names=["x"],
            output_names=["y"],
            dynamic_axes={"x": {0: "n"}, "y": {0: "n"}},
        )
    return file.getvalue()


def given(app: AppTest, **files: bytes) -> AppTest:
    uploader = app.sidebar.file_uploader(key="onnx_upload")
    named = {name if "." in name else f"{name}.onnx": content for name, content in files.items()}
    return uploader.set_value([(name, content, "application/onnx") for name, content in named.items()]).run()


def in_two(content: bytes, folder: pathlib.Path, location: str) -> tuple[bytes, bytes]:
    """The same model with its weights in a file of their own, as PyTorch's newer exporter writes it."""
    proto = onnx.load_model_from_string(content)
    onnx.save_model(proto, str(folder / "model.onnx"), save_as_external_data=True, location=location, size_threshold=0)
    return (folder / "model.onnx").read_bytes(), (folder / location).read_bytes()


def bring_in(app: AppTest, **said: str) -> AppTest:
    for key, value in said.items():
        place = app.sidebar.selectbox if key in ("data", "encoder", "decoder") else app.sidebar.text_input
        place(key=f"bring_in_{key}").set_value(value)
    [button] = [button for button in app.sidebar.button if button.label == "Bring it in"]
    return button.click().run()


@pytest.mark.slow
def test_two_files_become_a_model_that_is_shown(open_page: OpenPage, tmp_path: pathlib.Path) -> None:
    whole = Whole()
    files = {"my encoder": exported(whole.encoder, (1, 8, 8))}
    graph, weights = in_two(exported(whole.decoder, (3,)), tmp_path, "my decoder.onnx.data")
    alone = given(open_page("home"), **{"my decoder.onnx.data": weights})
    assert "Add the .onnx file" in " ".join(info.value for info in alone.sidebar.info)
    app = given(open_page("home"), **files, **{"my decoder": graph, "my decoder.onnx.data": weights})
    assert app.sidebar.selectbox(key="bring_in_encoder").value == "my encoder.onnx"
    assert app.sidebar.selectbox(key="bring_in_decoder").value == "my decoder.onnx"
    assert app.sidebar.text_input(key="bring_in_name").value == "my-encoder"
    app = bring_in(app, data="digits", pixels="-1,1")
    assert not app.exception
    assert not app.error
    assert app.sidebar.selectbox(key="model").value == "my-encoder"
    checkpoint = session.open_checkpoint(app.session_state["files.checkpoint_upload"][0])
    assert not isinstance(checkpoint, ExplorerError)
    assert "Brought in from the ONNX file my encoder.onnx" in checkpoint.card.origin
    assert {figure.split for figure in checkpoint.card.metrics} == {"given"}
    x = dataset("digits").x[:20]
    run = onnxruntime.InferenceSession(files["my encoder"], providers=["CPUExecutionProvider"])
    [expected] = run.run(None, {"x": x.astype(np.float32) / 255 * 2 - 1})
    np.testing.assert_allclose(checkpoints.with_codes(checkpoint).encode(x), expected, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("half", ["encoder", "decoder"])
def test_one_half_becomes_a_model_that_says_what_it_lacks(open_page: OpenPage, half: str) -> None:
    whole = Whole()
    files = {"my encoder": exported(whole.encoder, (1, 8, 8)), "my decoder": exported(whole.decoder, (3,))}
    app = given(open_page("home"), **files)
    app = app.sidebar.segmented_control(key="bring_in_only").set_value(half).run()
    other = {"encoder": "decoder", "decoder": "encoder"}[half]
    assert f"bring_in_{half}" in {box.key for box in app.sidebar.selectbox}
    assert f"bring_in_{other}" not in {box.key for box in app.sidebar.selectbox}
    app = bring_in(app, data="digits", pixels="-1,1")
    assert not app.exception
    assert not app.sidebar.error, [error.value for error in app.sidebar.error]
    assert app.sidebar.selectbox(key="model").value == f"my-{half}"
    checkpoint = session.open_checkpoint(app.session_state["files.checkpoint_upload"][0])
    assert not isinstance(checkpoint, ExplorerError)
    assert checkpoint.card.lacks == other
    coded = checkpoints.with_codes(checkpoint)
    run = onnxruntime.InferenceSession(files[f"my {half}"], providers=["CPUExecutionProvider"])
    if half == "encoder":
        x = dataset("digits").x[:20]
        [expected] = run.run(None, {"x": x.astype(np.float32) / 255 * 2 - 1})
        np.testing.assert_allclose(coded.encode(x), expected, atol=1e-4)
    else:
        z = np.random.default_rng(0).standard_normal((9, 3)).astype(np.float32)
        [expected] = run.run(None, {"x": z})
        np.testing.assert_allclose(coded.decode(z), (expected + 1) / 2, atol=1e-4)


@pytest.mark.slow
def test_what_cannot_be_brought_in_is_said_and_the_form_stays(open_page: OpenPage) -> None:
    app = given(open_page("home"), model=b"no onnx at all")
    app = bring_in(app, data="digits")
    [problem] = app.sidebar.error
    assert "model.onnx" in problem.value
    content = exported(Whole(), (1, 8, 8))
    app = bring_in(given(open_page("home"), model=content), data="digits", pixels="dark")
    assert "Write what black and white are" in app.sidebar.error[0].value
    app = bring_in(app, pixels="0,1", name="mnist-vae-2d")
    assert "already" in app.sidebar.error[0].value
    app = bring_in(app, name="../../evil")
    assert app.sidebar.error
    assert not app.exception
    app = bring_in(app, name="fine", data="breast-cancer")
    assert app.sidebar.error
    app = bring_in(app, data="digits")
    assert not app.sidebar.error
    assert app.sidebar.selectbox(key="model").value == "fine"


@pytest.mark.slow
def test_a_name_with_marks_stays_text_and_code_is_never_run(open_page: OpenPage) -> None:
    node = helper.make_node("<script>alert(1)</script>", ["x"], ["y"], domain="own")
    value = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", 1, 8, 8]) for name in "xy"]
    graph = helper.make_graph([node], "g", value[:1], value[1:])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    content = helper.make_model(graph, opset_imports=opsets).SerializeToString()
    app = given(open_page("home"), **{"<b>bold<b>": content})
    app = bring_in(app, data="digits")
    [problem] = app.sidebar.error
    assert "script" in problem.value
    assert "<script>" not in problem.value.replace("\\<", "")
    assert not app.exception
