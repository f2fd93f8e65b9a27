"""Each kind of file that leaves the program is written, opened by what owns its format, and compared with the program.

The kinds are those of ``explorer.export.kinds``: an option or a button that writes something else fails here.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import typing
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import onnxruntime
import plotly.io
import pytest
import typer
from PIL import Image
from pyarrow import parquet
from safetensors.numpy import load_file
from typer.testing import CliRunner

from explorer import checkpoints, export, novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.cli import app
from explorer.core.row_samples import spread_positions
from explorer.core.written import three_digits
from explorer.data import Dataset
from explorer.data.splits import split_rows
from explorer.data.stored import fingerprint
from explorer.export import kinds
from explorer.export.heat_maps import HeatScale
from explorer.export.kinds import KINDS, ExportKind
from explorer.export.map_folder import HeatMaps
from explorer.io import animation, images
from explorer.latent import interpolation, sampling
from explorer.novelty import detector as detectors
from explorer.novelty import image_fitting
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.novelty.thresholds import threshold_for
from explorer.recipe import Recipe
from explorer.ui.latent_space import selection_drawer
from explorer.ui.shell.session import Context
from explorer.ui.widgets.tables import csv_bytes
from explorer.views.items import compared_first
from tests.conftest import ROOT
from tests.messages.browser import opened
from tests.views.test_exported import Read, unpacked

INPUTS = {
    "train recipe_file", "train --test-data", "train --validation-data", "sweep recipe_file", "folds recipe_file",
    "folds --test-data", "import file",
    "denoise inputs", "denoise --reference",
    "project --columns",
    "detector fit --recipe", "detector fit --weights", "detector update name", "detector show file",
    "detector export name",
}  # fmt: skip
"""Paths that commands read."""
PAIRS = Iterator[tuple[Any, Any]]
"""What a file holds, and what the program says itself."""


@dataclass(frozen=True)
class Shop:
    """Models and items that everything is written of, by the commands or by what the buttons call."""

    folder: Path
    vae: VectorCheckpoint
    digits: Dataset

    @property
    def model(self) -> str:
        return str(self.folder / "vae.safetensors")

    @property
    def detector(self) -> str:
        return str(self.folder / "detector.safetensors")

    @property
    def test(self) -> np.ndarray:
        """The digits that the model has not learnt from."""
        return self.digits.x[self.digits.splits.test]

    def write(self, *arguments: object, name: str) -> Path:
        """What a command writes; ``OUT`` stands for the file."""
        out = self.folder / name
        result = CliRunner().invoke(app, [str(out if a == "OUT" else a) for a in arguments])
        assert result.exit_code == 0, result.output
        return out


@pytest.fixture(scope="module")
def shop(digits_vae: VectorCheckpoint, digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    checkpoints.save(digits_vae, folder / "vae.safetensors")
    splits = novelty.normal_splits(digits_vae, digits, ())
    parts = Parts(splits.fit, np.empty(0, np.int64), splits.calibrate)
    of_checkpoint(digits_vae, digits, parts, "reconstruction-error").save(folder / "detector.safetensors")
    return Shop(folder, digits_vae, digits)


def columns_of(path: Path) -> dict[str, list[Any]]:
    """A table by its columns, read by the library that owns the format."""
    if path.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(path.read_text())))
        return {name: [row[name] for row in rows] for name in rows[0]}
    if path.suffix == ".parquet":
        return dict(parquet.read_table(path).to_pydict())
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays}


def numbers(columns: dict[str, list[Any]], *names: str) -> np.ndarray:
    return np.array([columns[name] for name in names], np.float64).T


def picture(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)))


def by_onnxruntime(path: Path, **inputs: np.ndarray) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    given = {name: values.astype(np.float32) for name, values in inputs.items()}
    return dict(zip(names, session.run(names, given), strict=True))


def in_the_browser(packed: bytes, z: np.ndarray) -> np.ndarray:
    """A decoder of dense layers, run as its header says, by NumPy alone."""
    start = 8 + int.from_bytes(packed[4:8], "little")
    header: Any = json.loads(packed[8:start])
    values = z.astype(np.float64)
    for layer in header["layers"]:
        if layer["op"] == "linear":
            offset, n, width = layer["tensors"]["weight"]
            weight = np.frombuffer(packed, f"<f{width}", n, start + offset).reshape(*layer["out"], *layer["in"])
            offset, n, width = layer["tensors"]["bias"]
            values = values @ weight.T.astype(np.float64) + np.frombuffer(packed, f"<f{width}", n, start + offset)
        else:
            act = {"relu": lambda v: np.maximum(v, 0), "sigmoid": lambda v: 1 / (1 + np.exp(-v))}
            values = act[layer["kind"]](values)
    return values.reshape(len(z), *header["output"])


# --- What each kind holds -------------------------------------------------------------------------------------------


def page(shop: Shop, form: str) -> PAIRS:
    path = shop.write("export", shop.model, "--html", "OUT", "--items", 40, "--no-scenes", name=f"page.{form}")
    shown = opened(unpacked(Read(path.read_bytes()).scripts[0])[0])
    z = shop.vae.encode(shop.test[spread_positions(len(shop.test), 40)])
    yield shown["points"]["places"], z
    # The page says itself that its weights have 16 bits, and what that changes: no more than this.
    said = re.search(r"and ([\d.e-]+) at most", " ".join(Read(path.read_bytes()).text.split()))
    apart = np.abs(in_the_browser(shown["decoding"]["decoder"]["pack"], z) - shop.vae.decode(z)).max()
    assert said is not None
    yield apart <= 1.01 * float(said[1]), True


def vectors_page(shop: Shop, form: str) -> PAIRS:
    vectors = np.random.default_rng(1).standard_normal((60, 5)) * [5, 3, 1, 1, 1]
    np.savez(shop.folder / "v.npz", embeddings=vectors, age=np.arange(60.0))
    path = shop.write("project", shop.folder / "v.npz", "--out", "OUT", "--colour", "age", name=f"vectors.{form}")
    shown, filters = (opened(message) for message in unpacked(Read(path.read_bytes()).scripts[0]))
    centred = vectors - vectors.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    yield np.abs(shown["points"]["places"]), np.abs(centred @ axes[:2].T)
    (bars,) = filters["columns"]
    yield bars["bars"], np.minimum(np.arange(60) * 24 // 59, 23)  # of one width each


def report(shop: Shop, form: str) -> PAIRS:
    path = shop.write("report", shop.model, "--out", "OUT", "--items", 40, name=f"report.{form}")
    read = Read(path.read_bytes())
    for metric in shop.vae.card.metrics:
        assert f"{metric.name}{three_digits(metric.value)}" in read.text
    shown = opened(unpacked(read.scripts[0])[0])
    yield shown["points"]["places"], shop.vae.encode(shop.test[spread_positions(len(shop.test), 40)])


def score_report(shop: Shop, form: str) -> PAIRS:
    path = shop.folder / f"score-report.{form}"
    shop.write("score", shop.detector, "digits", "--split", "test", "--out", shop.folder / "s.csv", "--report", path,
               name="")  # fmt: skip
    alarms = columns_of(shop.folder / "s.csv")["alarm"]
    said = re.search(r"([\d,]+) alarms? among ([\d,]+) items", " ".join(Read(path.read_bytes()).text.split()))
    assert said is not None
    yield [int(said[1]), int(said[2].replace(",", ""))], [alarms.count("true") or alarms.count("1"), len(alarms)]


def card(shop: Shop, form: str) -> PAIRS:
    text = shop.write("export", shop.model, "--card", "OUT", name=f"card.{form}").read_text()
    head = dict(line.split(": ", 1) for line in text.split("---\n")[1].splitlines())
    results = json.loads(head["model-index"])[0]["results"]
    yield [one["metrics"][0]["value"] for one in results], [m.value for m in shop.vae.card.metrics]


def model_onnx(shop: Shop, form: str) -> PAIRS:
    folder = shop.write("export", shop.model, "--onnx", "OUT", "--data", "digits", "--overwrite", name="onnx")
    x = shop.test[:50]
    encoded = by_onnxruntime(folder / "encoder.onnx", x=x)["mu"]
    whole = by_onnxruntime(folder / "autoencoder.onnx", x=x)
    yield encoded, shop.vae.encode(x)
    yield by_onnxruntime(folder / "decoder.onnx", z=encoded)["x_hat"] / 255, shop.vae.decode(encoded)
    yield whole["x_hat"] / 255, shop.vae.reconstruct(x)
    yield whole["error"], shop.vae.reconstruction_errors(x)


def denoiser_onnx(shop: Shop, form: str) -> PAIRS:
    from explorer import denoising

    name = "photo-denoiser-grey"
    folder = shop.write("export", name, "--onnx", "OUT", "--overwrite", name="denoiser")
    y = np.random.default_rng(0).uniform(0, 255, (1, 1, 24, 31)).astype(np.float32)
    clean = by_onnxruntime(folder / "denoiser.onnx", x=y, sigma=np.array([25.0]))["x_hat"]
    yield clean[0] / 255, denoising.denoise_photo(checkpoints.load(name), y[0] / 255, 25 / 255)


def detector_onnx(shop: Shop, form: str) -> PAIRS:
    path = shop.write("detector", "export", shop.detector, "--onnx", "OUT", "--overwrite", name=f"detector.{form}")
    detector = detectors.load(shop.detector)
    read = by_onnxruntime(path, x=shop.digits.x)
    scores = detector.score(shop.digits.x)
    yield read["score"], scores
    yield read["alarm"], scores > detector.threshold(0.05).value


def items(shop: Shop, form: str) -> PAIRS:
    path = shop.folder / f"items.{form}"
    if form == "h5ad":
        anndata = import_module("anndata")
        shop.write("export", shop.model, "--data", "digits", "--table", "OUT", "--overwrite", name=path.name)
        read = anndata.read_h5ad(path)
        z, x_hat = read.obsm["X_code"], read.layers["rebuilt"] / 255
    else:
        shop.write("export", shop.model, "--data", "digits", "--table", "OUT", "--overwrite", name=path.name)
        columns = columns_of(path)
        if form == "npz":
            z, x_hat = columns["codes"], columns["rebuilt"]
        else:
            z = numbers(columns, "z1", "z2")
            x_hat = numbers(columns, *[name for name in columns if name.endswith("(rebuilt)")])
        yield np.array(columns["reconstruction_error"], float), shop.vae.reconstruction_errors(shop.test)
    yield z, shop.vae.encode(shop.test)
    yield np.reshape(x_hat, (-1, 1, 8, 8)), shop.vae.reconstruct(shop.test)


def codes(shop: Shop, form: str) -> PAIRS:
    columns = columns_of(
        shop.write("encode", shop.model, "digits", "--split", "test", "--out", "OUT", name=f"codes.{form}")
    )
    yield columns["z"] if form == "npz" else numbers(columns, "z1", "z2"), shop.vae.encode(shop.test)
    names = [shop.digits.label_names[k] for k in shop.digits.labels[shop.digits.splits.test]]
    yield [str(label) for label in columns["label"]] == names, True


def reconstructions(shop: Shop, form: str) -> PAIRS:
    x_hat = shop.vae.reconstruct(shop.test)
    command = ("reconstruct", shop.model, "digits", "--split", "test", "--out", "OUT")
    if form == "png":
        folder = shop.write(*command, name="rebuilt")
        read = np.stack([picture(path.read_bytes()) for path in sorted(folder.iterdir(), key=lambda p: int(p.stem))])
        yield read, images.to_uint8(x_hat)[:, 0]  # PNG has 8 bits
        return
    columns = columns_of(shop.write(*command, name=f"rebuilt.{form}"))
    values = columns["x_hat"] if form == "npz" else numbers(columns, *[f"x{i + 1}" for i in range(64)])
    yield np.reshape(values, x_hat.shape), x_hat


def places(shop: Shop, form: str) -> PAIRS:
    vectors = np.random.default_rng(0).standard_normal((60, 5)) * [5, 3, 1, 1, 1]
    np.savez(shop.folder / "vectors.npz", embeddings=vectors)
    columns = columns_of(
        shop.write("project", shop.folder / "vectors.npz", "--out", "OUT", "--overwrite", name=f"places.{form}")
    )
    read = numbers(columns, "map_x", "map_y")
    centred = vectors - vectors.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    yield np.abs(read), np.abs(centred @ axes[:2].T)


def selection(shop: Shop, form: str) -> PAIRS:
    context = Context(shop.vae, shop.digits, shop.digits.splits.test, "test, n = 360")
    chosen = selection_drawer.selected(context, context.rows[[3, 9, 11]])
    make: dict[str, Callable[[], bytes]] = {
        "csv": lambda: selection_drawer.table_csv(context, chosen),
        "npz": lambda: selection_drawer.arrays_npz(context, chosen),
        "zip": lambda: selection_drawer.pictures_zip(chosen),
    }
    path = shop.folder / f"selection.{form}"
    path.write_bytes(make[form]())
    if form == "zip":
        with zipfile.ZipFile(path) as archive:
            yield [picture(archive.read(name)) for name in archive.namelist()], shop.test[[3, 9, 11], 0]
        return
    columns = columns_of(path)
    yield columns["codes"] if form == "npz" else numbers(columns, "z1", "z2"), shop.vae.encode(shop.test[[3, 9, 11]])
    yield np.array(columns["error"], float), shop.vae.reconstruction_errors(shop.test[[3, 9, 11]])


def scores(shop: Shop, form: str) -> PAIRS:
    columns = columns_of(
        shop.write("score", shop.detector, "digits", "--split", "test", "--out", "OUT", name=f"scores.{form}")
    )
    own = detectors.load(shop.detector).score(shop.test)
    yield np.array(columns["score"], float), own
    alarms = [str(alarm).lower() in ("true", "1") for alarm in columns["alarm"]]
    yield alarms, own > detectors.load(shop.detector).threshold(0.05).value


def heat_maps(shop: Shop, form: str) -> PAIRS:
    x = np.random.default_rng(0).integers(0, 256, (60, 1, 16, 16), np.uint8)
    made = Dataset("squares", "squares", x, None, (), split_rows(60, 0), "none", "none", fingerprint(x, None))
    detector = image_fitting.fit_images(made, scorer="pca-maps", registered=False)
    own = detector.maps(x[:2])
    assert own is not None
    threshold = threshold_for(own.max((1, 2)), 0.5)
    writer = HeatMaps(shop.folder / "maps", detector, threshold, HeatScale(detector.usual_level(), threshold.value))
    writer.add(["a", "b"], x[:2], own, {"boxes": [[], []], "areas": [[], []]})
    writer.finish()
    with zipfile.ZipFile(io.BytesIO(writer.packed())) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npz")]
        yield [np.load(io.BytesIO(archive.read(name)), allow_pickle=False)["map"] for name in names], own


def samples(shop: Shop, form: str) -> PAIRS:
    z, _ = sampling.sample_codes(shop.vae, 9, 3)
    decoded = shop.vae.decode(z)
    if form == "npz":  # the page's button
        with np.load(io.BytesIO(export.npz_bytes(codes=z, samples=decoded)), allow_pickle=False) as read:
            yield read["samples"], decoded
    elif form == "png":
        path = shop.write("sample", shop.model, "--n", 9, "--seed", 3, "--out", "OUT", name="samples.png")
        yield picture(path.read_bytes()), picture(images.png_bytes(images.grid(decoded, 3)))
        yield picture(path.read_bytes())[:8, :8], images.to_uint8(decoded)[0, 0]
    else:
        table = "breast-cancer-undercomplete"
        columns = columns_of(shop.write("sample", table, "--n", 9, "--seed", 3, "--out", "OUT", name="samples.csv"))
        model = checkpoints.with_codes(checkpoints.load(table))
        own = model.decode(sampling.sample_codes(model, 9, 3)[0])
        yield numbers(columns, *model.card.data.feature_names), own


def film(shop: Shop, form: str) -> PAIRS:
    z = shop.vae.encode(shop.test[[0, 5]])
    frames = shop.vae.decode(interpolation.linear_path(z[0], z[1], 4))
    if form == "png":
        yield picture(animation.strip(frames, gap=0)), np.concatenate(list(images.to_uint8(frames)[:, 0]), 1)
    elif form == "gif":
        read = Image.open(io.BytesIO(animation.gif(frames, 1.0)))
        assert getattr(read, "n_frames", 1) == len(frames)
        for i in range(len(frames)):
            read.seek(i)
            yield np.asarray(read.convert("L")), images.to_uint8(frames)[i, 0]
    else:
        content = animation.mp4(frames, 1.0, scale=8)
        (shop.folder / "film.mp4").write_bytes(content)
        import imageio_ffmpeg

        reader = imageio_ffmpeg.read_frames(str(shop.folder / "film.mp4"))
        assert next(reader)["size"] == (64, 64)
        shown = [np.frombuffer(frame, np.uint8).reshape(64, 64, 3)[4::8, 4::8, 0] for frame in reader]
        # H.264 keeps what the eye sees, not numbers: the order of frames and their greys, not four digits.
        apart = np.abs(np.array(shown, float) - images.to_uint8(frames)[:, 0]).mean()
        yield (len(shown), apart < 6), (len(frames), True)


def denoised(shop: Shop, form: str) -> PAIRS:
    (shop.folder / "noisy").mkdir(exist_ok=True)
    Image.fromarray(shop.test[0, 0]).save(shop.folder / "noisy" / "a.png")
    folder = shop.write("denoise", shop.model, shop.folder / "noisy", "--out", "OUT", "--overwrite", name="clean")
    yield picture((folder / "a.png").read_bytes()), images.to_uint8(shop.vae.reconstruct(shop.test[:1]))[0, 0]


def figure(shop: Shop, form: str) -> PAIRS:
    path = shop.write("figure", shop.model, "map", "--data", "digits", "--out", "OUT", name=f"figure.{form}")
    rows = compared_first(shop.digits.splits.test)
    z, labels = shop.vae.encode(shop.digits.x[rows]), shop.digits.labels[rows]
    if form == "json":
        read = plotly.io.from_json(path.read_text())
        for trace, number in zip(read.data, np.unique(labels), strict=True):
            yield np.array([trace.x, trace.y], float).T, z[labels == number]
        return
    as_svg = shop.write("figure", shop.model, "map", "--data", "digits", "--out", "OUT", "--overwrite", name="f.svg")
    whole = ElementTree.fromstring(as_svg.read_text())  # noqa: S314 - our own file
    of = "{http://www.w3.org/2000/svg}"
    dots = [(float(c.get("cx", 0)), float(c.get("cy", 0)), c.get("fill")) for c in whole.iter(f"{of}circle")][10:]
    order = np.argsort(labels, kind="stable")
    places = np.array([dot[:2] for dot in dots])
    # Pixels are a linear map of codes, upwards: what is left of the fit is the rounding to hundredths of a pixel.
    for axis in (0, 1):
        slope, start = np.polyfit(z[order, axis], places[:, axis], 1)
        assert (slope > 0) == (axis == 0)
        yield (places[:, axis] - start) / abs(slope) * np.sign(slope), z[order, axis]
    if form == "png":
        pixels = np.asarray(Image.open(path).convert("RGB"))
        assert pixels.shape == (1040, 1800, 3)
        x, y, colour = dots[-1]  # the last one lies on top
        blended = 0.75 * np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        assert np.abs(pixels[round(2 * y), round(2 * x)] - blended).max() <= 0.25 * 255 + 1


def measured(shop: Shop, form: str) -> PAIRS:
    rows = [{"model": m.name, "value": m.value} for m in shop.vae.card.metrics]
    read = list(csv.DictReader(io.StringIO(csv_bytes(rows).decode())))
    yield [float(row["value"]) for row in read], [m.value for m in shop.vae.card.metrics]


def detector(shop: Shop, form: str) -> PAIRS:
    content = detectors.load(shop.detector).to_bytes()
    (shop.folder / f"again.{form}").write_bytes(content)
    again = detectors.load(shop.folder / f"again.{form}")
    yield again.score(shop.test), shop.vae.reconstruction_errors(shop.test)


def checkpoint(shop: Shop, form: str) -> PAIRS:
    weights = load_file(shop.model)
    own = {name: tensor.numpy() for name, tensor in shop.vae.model.state_dict().items()}
    assert set(own) <= set(weights)
    for name, values in own.items():
        yield weights[name], values


def recipe(shop: Shop, form: str) -> PAIRS:
    text = shop.vae.card.recipe.to_toml()
    assert tomllib.loads(text)["model"]["family"] == "variational"
    yield Recipe.parse(tomllib.loads(text)) == shop.vae.card.recipe, True


OPENERS: dict[str, Callable[[Shop, str], PAIRS]] = {
    "page": page, "vectors page": vectors_page,
    "report": report, "score report": score_report, "card": card, "model as ONNX": model_onnx,
    "denoiser as ONNX": denoiser_onnx, "detector as ONNX": detector_onnx, "items": items, "codes": codes,
    "reconstructions": reconstructions, "places": places, "selection": selection, "scores": scores,
    "heat maps": heat_maps, "samples": samples, "film": film, "denoised pictures": denoised, "figure": figure,
    "measured": measured, "detector": detector, "checkpoint": checkpoint, "recipe": recipe,
}  # fmt: skip
CASES = [(kind, form) for kind in KINDS for form in kind.forms or ("",)]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "form"), CASES, ids=lambda value: getattr(value, "name", value))
def test_what_was_written_is_what_the_program_says(shop: Shop, kind: ExportKind, form: str) -> None:
    pairs = list(OPENERS[kind.name](shop, form))
    assert pairs
    for read, said in pairs:
        assert np.shape(read) == np.shape(said)
        np.testing.assert_allclose(np.asarray(read, float), np.asarray(said, float), rtol=1e-4, atol=1e-4)


# --- Nothing leaves that is of no kind ------------------------------------------------------------------------------


def commands(group: typer.Typer, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for command in group.registered_commands:
        yield f"{prefix}{command.name}", command.callback
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        yield from commands(sub.typer_instance, f"{prefix}{sub.name} ")


def paths(callback: Any) -> Iterator[str]:
    """The flags, or the names of arguments, that take a path."""
    for name, hint in typing.get_type_hints(callback, include_extras=True).items():
        if "pathlib.Path" in str(hint).partition("<")[0]:
            (told,) = [one for one in hint.__metadata__ if isinstance(one, typer.models.ParameterInfo)]
            said = [told.default, *(told.param_decls or ())]  # within Annotated the first flag counts as a default
            declared = [flag for flag in said if isinstance(flag, str) and flag.startswith("--")]
            is_argument = isinstance(told, typer.models.ArgumentInfo)
            yield name if is_argument else (declared[0] if declared else f"--{name.replace('_', '-')}")


def test_every_option_that_writes_is_of_a_kind() -> None:
    taken = {f"{name} {path}" for name, callback in commands(app) for path in paths(callback)}
    assert taken - INPUTS == {option for kind in KINDS for option in kind.options}
    assert taken >= INPUTS


def test_every_download_is_of_a_kind() -> None:
    """The one place that calls Streamlit's button takes a kind, and every kind has an opener."""
    callers = set()
    for path in [*(ROOT / "explorer").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        if "download_button" in path.read_text("utf-8"):
            callers.add(path.relative_to(ROOT).as_posix())
    assert callers == {"explorer/ui/widgets/download.py"}
    listed = {kind for kind in vars(kinds).values() if isinstance(kind, ExportKind)}
    assert listed == set(KINDS)
    assert [kind.name for kind in KINDS] == list(OPENERS)


def test_a_file_of_another_kind_is_a_mistake() -> None:
    assert kinds.mime_of("a.CSV", kinds.CODES) == "text/csv"
    assert kinds.mime_of("a.tif", kinds.DENOISED) == "application/octet-stream"
    with pytest.raises(ValueError, match="codes"):
        kinds.mime_of("a.html", kinds.CODES)
