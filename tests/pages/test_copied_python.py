"""The Python that a page offers, run, gives what the page itself shows."""

from __future__ import annotations

import io
import pathlib
import zipfile
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, evaluation, export
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.row_samples import spread_positions
from explorer.core.written import three_digits
from explorer.data import Dataset, ImportOptions, dataset
from explorer.export import figures, novelty_python
from explorer.export.python_additions import with_selection
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked
from explorer.novelty import normal_splits
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.ui.compare import compare_page
from explorer.ui.denoise import item_denoising, item_uploads
from explorer.ui.generate import attribute, samples
from explorer.ui.generate.real_codes import code_density
from explorer.ui.home import home_page
from explorer.ui.latent_space import map_downloads, map_page
from explorer.ui.latent_space.map_page import View
from explorer.ui.learn import route, walkthrough
from explorer.ui.map import map_view, planes
from explorer.ui.novelty import downloads, gallery
from explorer.ui.shell import frame, selection, session, user_image
from explorer.ui.shell.links import ITEMS
from explorer.ui.shell.session import Context
from explorer.ui.shell.user_files import user_file
from explorer.ui.shell.vector_items import VectorItems
from explorer.views.items import decoded_items
from tests.conftest import ROOT
from tests.novelty.test_series import machine
from tests.pages.conftest import OpenPage, _framed
from tests.pages.test_novelty import GOOD, MIXED, UPLOADER, _done, _fit, _give, _png, _table


def run(code: str) -> dict[str, Any]:
    """The names that a piece of Python leaves behind."""
    names: dict[str, Any] = {}
    exec(compile(code, "copied", "exec"), names)  # noqa: S102 - that it runs is what is tested
    return names


def shown(checkpoint: VectorCheckpoint, dataset: Dataset) -> Context:
    """What the pages show of a dataset by a model."""
    rows, split = evaluation.rows_for(checkpoint, dataset)
    return Context(checkpoint, dataset, rows, f"{split}, n = {len(rows):,}")


def codes_of(app: AppTest) -> list[str]:
    """The pieces of Python on a page."""
    return [code.value for code in app.main.code if code.language == "python"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiny-vae", "tiny-plain"])
def test_samples(tiny_models: dict[str, VectorCheckpoint], digits: Dataset, name: str) -> None:
    context = shown(tiny_models[name], digits).thinned(200)
    names = run(samples.python_of(context, 16, 5, 0.7))
    draw = samples._draws(context, code_density(context), 5, 0.7)[0]
    np.testing.assert_allclose(names["pictures"], context.checkpoint.decode(draw.codes[:16]), atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("method", [attribute.MEANS, attribute.NORMAL])
def test_a_direction_of_an_attribute(tiny_models: dict[str, VectorCheckpoint], digits: Dataset, method: str) -> None:
    context = shown(tiny_models["tiny-plain"], digits)
    labels = digits.labels[context.rows]
    groups = attribute.Groups(
        context.rows[labels != 3], context.rows[labels == 3], attribute.REST, digits.label_names[3]
    )
    names = run(attribute.python_of(context, groups, method))
    measured = attribute._measure(context, groups, method)
    np.testing.assert_allclose(names["direction"], measured.vector, rtol=1e-4, atol=1e-5)
    assert names["accuracy"] == measured.probe.accuracy_


@pytest.mark.slow
def test_a_map_of_vectors_alone() -> None:
    data = dataset("breast-cancer")
    items = VectorItems(data, np.arange(len(data)), f"all, n = {len(data)}", "standardised").thinned(143)
    view = View("pca", (0, 1), "Label", "even counts", "", 143, 10, 0, None)
    names = run(map_downloads.python_of_vectors(items, view))
    assert names["rows"].tolist() == items.rows.tolist()
    same = VectorItems(items.dataset, names["rows"], items.split, "standardised")
    np.testing.assert_allclose(names["places"], planes.plane(same, "pca").points, atol=1e-4)


@pytest.mark.slow
def test_traversals(open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint]) -> None:
    app = open_page("generate", model="tiny-vae", data="digits", view="Traversals")
    assert not app.exception
    [code] = codes_of(app)
    names = run(code)
    statistics = tiny_models["tiny-vae"].card.latent
    for dim, path in names["codes"].items():
        other = 1 - dim
        assert len(path) == 9
        np.testing.assert_allclose(path[:, other], path[0, other])
        assert path[0, dim] < np.asarray(statistics.mean)[dim] < path[-1, dim]
    shown_ends = " ".join(caption.value for caption in app.main.caption)
    assert all(f"z{dim + 1}" in shown_ends for dim in names["spans"])


@pytest.mark.slow
def test_a_saved_detector(
    open_page: OpenPage,
    tiny_models: dict[str, VectorCheckpoint],
    digits: Dataset,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    splits = normal_splits(tiny_models["tiny-plain"], digits, ("0", "1"))
    parts = Parts(splits.fit, np.empty(0, np.int64), splits.calibrate)
    detector = of_checkpoint(tiny_models["tiny-plain"], digits, parts, "reconstruction-error")
    detector.save(tmp_path / "mine.safetensors")
    monkeypatch.chdir(tmp_path)
    app = open_page("novelty", novelty_from="detector", professional="true", model="tiny-plain", data="digits")
    [uploader] = [one for one in app.main.file_uploader if one.key == "novelty_detector"]
    app = uploader.set_value(("mine.safetensors", detector.to_bytes(), "application/octet-stream")).run()
    assert not app.exception
    [code] = codes_of(app)
    names = run(code)
    labels = " ".join(button.proto.label for button in app.main.get("download_button"))
    assert f"The {names['alarms'].sum():,} flagged" in labels
    assert f"All {len(names['scores']):,} scores" in labels


# --- Novelty of one's own files ---------------------------------------------------------------------------------------


@pytest.fixture
def scored_on_page(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> list[Any]:
    """What the page shows, as it says it: its scored items and its threshold, the last ones last."""
    seen: list[Any] = []
    python = downloads.python

    def watched(case: Any, scored: Any, threshold: float, own: Any) -> None:
        seen.append((scored, threshold))
        python(case, scored, threshold, own)

    monkeypatch.setattr(downloads, "python", watched)
    monkeypatch.chdir(tmp_path)
    return seen


def same_scores(app: AppTest, seen: list[Any], **files: bytes) -> dict[str, Any]:
    """The page's Python, run in a folder with the visitor's files, has the page's scores and alarms."""
    assert not app.exception
    assert not app.error
    for name, content in files.items():
        pathlib.Path(f"{name}.csv").write_bytes(content)
    [code] = codes_of(app)
    names = run(code)
    scored, threshold = seen[-1]
    np.testing.assert_allclose(names["scores"], scored.scores, rtol=1e-4, atol=1e-4)
    assert names["alarms"].sum() == (scored.scores > threshold).sum()
    return names


@pytest.mark.slow
def test_novelty_of_a_file_of_normal_rows_of_another_file_and_of_what_is_fine(
    open_page: OpenPage, scored_on_page: list[Any]
) -> None:
    parts, more = _table(150, anomalous=20), _table(40, anomalous=3, seed=1)
    app = open_page("novelty", novelty_from="good-examples", professional="true")
    app = _give(app, GOOD, ("parts.csv", parts))
    app = _fit(app.main.selectbox(key="novelty_good_score.table").set_value("knn").run())
    assert len(same_scores(app, scored_on_page, parts=parts)["scores"]) == 26 + 20
    app.main.button(key="novelty_fine").click().run()
    app = _done(app)
    names = same_scores(app, scored_on_page)
    assert len(names["scores"]) == 26 + 20 - 1
    assert names["detector"].card.n_fit > names["learnt"].detector.card.n_fit, "it has learnt again"
    app = _give(app, UPLOADER, ("more.csv", more))
    assert len(same_scores(app, scored_on_page, more=more)["scores"]) == 40


@pytest.mark.slow
def test_novelty_of_most_of_a_file(open_page: OpenPage, scored_on_page: list[Any]) -> None:
    mixed = _table(200, anomalous=5, labelled=False)
    app = open_page("novelty", novelty_from="most-of-a-file", professional="true")
    app = _give(app, MIXED, ("mixed.csv", mixed))
    app = _fit(app.main.selectbox(key="novelty_mixed_score.table").set_value("knn").run())
    names = same_scores(app, scored_on_page, mixed=mixed)
    assert len(names["scores"]) == 200
    assert np.abs(names["detector"].score(names["x"]) - names["scores"]).max() > 1e-3, "by two detectors, not by one"


@pytest.mark.slow
def test_novelty_of_a_series_by_windows_that_were_said(open_page: OpenPage, scored_on_page: list[Any]) -> None:
    values = machine(400, 7)
    lines = [f"{flow:.5f},{heat:.5f}" for flow, heat in zip(values["flow"], values["heat"], strict=True)]
    pump = "\n".join(["flow,heat", *lines]).encode()
    app = open_page("novelty", novelty_from="good-examples", professional="true")
    app = _give(app, GOOD, ("pump.csv", pump))
    next(box for box in app.toggle if box.label.startswith("Rows follow")).set_value(True).run()
    next(box for box in app.number_input if box.label == "Rows of a window").set_value(16).run()
    next(box for box in app.selectbox if box.label == "Score").set_value("pca").run()
    names = same_scores(_fit(app), scored_on_page, pump=pump)
    assert names["windows"].length == 16
    assert len(names["scores"]) > 10


@pytest.mark.slow
@pytest.mark.parametrize("example", ["cells", "heartbeat"])
def test_worked_examples_of_novelty(open_page: OpenPage, scored_on_page: list[Any], example: str) -> None:
    app = open_page("novelty", novelty_from=example)
    assert len(same_scores(app, scored_on_page)["scores"]) > 50


@pytest.mark.slow
def test_novelty_of_classes_of_a_dataset(open_page: OpenPage, scored_on_page: list[Any]) -> None:
    app = open_page("novelty", novelty_from="good-examples", novelty_good="A dataset here", professional="true")
    app.main.selectbox(key="novelty_good_data").set_value("breast-cancer").run()
    app = _fit(app.main.selectbox(key="novelty_good_score.table").set_value("pca").run())
    assert len(same_scores(app, scored_on_page)["scores"]) > 200


@pytest.mark.slow
def test_novelty_of_a_zip_of_images_as_it_was_said_to_be_read(open_page: OpenPage, scored_on_page: list[Any]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(30):
            archive.writestr(f"parts/{'good' if i < 25 else 'scratch'}/{i}.png", _png(i))
    pathlib.Path("parts.zip").write_bytes(out.getvalue())
    app = open_page("novelty", novelty_from="good-examples", professional="true")
    app = _give(app, GOOD, ("parts.zip", out.getvalue()))
    app = _fit(app.main.selectbox(key="novelty_good_score.image").set_value("pca").run())
    names = same_scores(app, scored_on_page)
    assert len(names["scores"]) == 5 + 5


def test_what_was_said_of_a_file_goes_into_the_python(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = ImportOptions(dialect=Asked(delimiter=";", decimal=","), roles=RolesAsked(ignore=("a",)))
    pathlib.Path("rows.csv").write_bytes(_table(60).replace(b",", b";").replace(b".", b","))
    made = novelty_python.fitted_on_file("rows.csv", options, "pca", (), is_table=True, max_side=256)
    names = run(export.novelty_code(made, 1.0))
    assert names["file"].inputs == ("b", "place")
    again = run(export.novelty_code(novelty_python.scoring_file(made, "rows.csv", options), 1.0))
    assert len(again["scores"]) == 60


# --- What stands beside a view ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("of", ["Codes", "Places on the map"])
def test_clusters_and_the_selection_of_the_map(
    open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint], digits: Dataset, of: str
) -> None:
    rows = [3, 41, 900]
    link = selection.link_text(np.array(rows), digits.fingerprint)
    asked = {"clusters": "5 % of the items", "clusters_of": of, selection.PARAMETERS[selection.SELECTION]: link}
    app = open_page("latent_space", model="tiny-plain", data="digits", items="500", **asked)
    assert not app.exception
    [code] = codes_of(app)
    names = run(code)
    assert names["selected"].tolist() == rows
    expected = tiny_models["tiny-plain"].encode(digits.x[rows])
    np.testing.assert_allclose(names["z_selected"], expected, atol=1e-4)
    table = next(frame.value for frame in app.dataframe if "stability" in frame.value)
    assert table["items"].tolist() == names["clusters"].sizes.tolist()
    np.testing.assert_allclose(table["stability"], names["clusters"].stability, atol=1e-4)


def test_a_selection_of_very_many_is_read_from_its_file(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = np.arange(1200) % 569
    np.savez("s.npz", rows=rows)
    names = run(with_selection(export.vectors_code("breast-cancer"), rows, "s.npz", "as they are"))
    assert len(names["selected"]) == 1200


@pytest.mark.slow
@pytest.mark.parametrize("scene", [name for name, scene in route.stops().items() if scene.matches is not None])
def test_a_scene_of_learn(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, scene: str) -> None:
    sent: list[Any] = []
    mounted = route.mount

    def mount(component: Any, message: Any, **options: Any) -> Any:
        sent.append(message)
        return mounted(component, message, **options)

    monkeypatch.setattr(route, "mount", mount)
    app = open_page("learn", model="mnist-vae-2d", data="mnist-sample", scene=scene)
    [message] = sent
    code = codes_of(app)[0]
    made = run(code)
    assert made["rows"] == message.rows.tolist()[:200]
    assert len(made["rows"]) > 0
    model = made["model"]
    # By the weights themselves, and not by what the program calls encoding and decoding.
    x = torch.from_numpy(made["x"]).float() / 255
    with torch.no_grad():
        z = model.model.encode(x)
        x_hat = model.model.decode(z)
    np.testing.assert_allclose(made["z"], z, atol=1e-4)
    np.testing.assert_allclose(made["x_hat"], x_hat, atol=1e-4)


@pytest.mark.slow
def test_home_and_learn(open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint], digits: Dataset) -> None:
    [code] = codes_of(open_page("home", model="tiny-vae", data="digits"))
    checkpoint = tiny_models["tiny-vae"]
    np.testing.assert_allclose(run(code)["z"], checkpoint.encode(digits.test.x), atol=1e-4)
    app = open_page("learn", model="tiny-vae", data="digits")
    [code] = codes_of(app)
    assert any("stands under it" in caption.value for caption in app.main.caption)
    shown = walkthrough._split_terms(checkpoint, digits, digits.splits.test)
    assert [(term.name, term.value) for term in run(code)["terms"]] == [
        (term.name, pytest.approx(term.value, rel=1e-4)) for term in shown
    ]


@pytest.mark.slow
def test_home_s_five_autoencoders(open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint]) -> None:
    names = run(codes_of(open_page("home", model="tiny-vae", data="digits"))[0])
    drawn = {kind: home_page.pictures_of_kind(kind, of) for kind in home_page.STORY if (of := home_page.of_kind(kind))}
    assert set(names["five"]) == set(drawn) == set(home_page.STORY)
    for kind, pictures in drawn.items():
        np.testing.assert_allclose(names["five"][kind], pictures, atol=1e-5, err_msg=kind)


@pytest.mark.slow
def test_home_of_a_model_of_photos(open_page: OpenPage, folder: pathlib.Path, photo_denoiser: Checkpoint) -> None:
    checkpoints.save(photo_denoiser, folder / "tiny-photo.safetensors")
    app = open_page("home", model="tiny-photo")
    photo, tiles = codes_of(app)
    names = run(photo)
    [metric] = app.main.metric
    assert metric.value == f"{three_digits(float(names['psnr'].psnr_after[0]))} dB"
    assert "five = {}" in tiles


@pytest.mark.slow
def test_maps_and_home_of_a_model_without_data(open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint]) -> None:
    model, expected = tiny_models["tiny-plain"], decoded_items(tiny_models["tiny-plain"])
    rows = [2, 30]
    link = selection.link_text(np.array(rows), expected.dataset.fingerprint)
    asked = {selection.PARAMETERS[selection.SELECTION]: link}
    names = run(codes_of(open_page("latent_space", model="tiny-plain", data=session.NO_DATA, **asked))[0])
    np.testing.assert_array_equal(names["z"], expected.codes())
    np.testing.assert_allclose(names["x"], expected.x(), atol=1e-6)
    np.testing.assert_array_equal(names["z_selected"], expected.codes()[rows])
    items = Context(model, expected.dataset, expected.rows, expected.split, expected.codes())
    plane = planes.plane(items)
    assert plane.lift is not None
    sheet = model.decode(map_page.sheet_codes(items, plane.lift, plane.points))
    np.testing.assert_allclose(names["sheet"], sheet, atol=1e-4)
    [code] = codes_of(open_page("home", model="tiny-plain", data=session.NO_DATA))
    few = expected.codes()[spread_positions(len(expected.rows), home_page.TILE_ITEMS)]
    np.testing.assert_allclose(run(code)["path"][[0, -1]], model.decode(few[[0, -1]]), atol=1e-5)


@pytest.mark.slow
def test_a_second_model_beside_the_map(open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint]) -> None:
    digits = dataset("digits")
    app = open_page("latent_space", model="tiny-vae", data="digits", compare="tiny-plain", items="500")
    names = run(codes_of(app)[0])
    z = tiny_models["tiny-plain"].encode(digits.x[names["rows"]])
    np.testing.assert_allclose(names["z_second"], z, atol=1e-4)
    expected = PCA(2).fit_transform(z.astype(np.float64))
    np.testing.assert_allclose(np.abs(names["places_second"]), np.abs(expected), atol=1e-3)


@pytest.mark.slow
def test_costs_codes_and_pictures_of_compare(
    open_page: OpenPage, tiny_models: dict[str, VectorCheckpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    chart = figures.bytes_against_error
    monkeypatch.setattr(figures, "bytes_against_error", lambda *given: drawn.append(given) or chart(*given))
    app = open_page("compare", model="tiny-vae", data="digits", show="Codes of the items")
    names = run(codes_of(app)[0])
    of_models, lines, _ = drawn[-1]
    costs = {name: np.array(pairs) for name, pairs in names["costs"].items()}
    np.testing.assert_allclose(costs["PCA"].T, lines["PCA, 4 bytes a value"], rtol=1e-5)
    np.testing.assert_allclose(costs["JPEG"].T, lines["JPEG"], rtol=1e-5)
    titles = {model.name: model.card.title for model in tiny_models.values()}
    for name in ("tiny-vae", "tiny-plain"):
        np.testing.assert_allclose(costs[name].T, of_models[titles[name]], rtol=1e-5)
    of_page = compare_page.items_for(shown(tiny_models["tiny-vae"], dataset("digits")))
    for name in ("tiny-vae", "tiny-plain"):
        z = tiny_models[name].encode(dataset("digits").x[of_page.rows])
        np.testing.assert_allclose(names["codes"][name], z, atol=1e-4)
        rebuilt = tiny_models[name].reconstruct(dataset("digits").x[of_page.shown])
        np.testing.assert_allclose(names["pictures"][name], rebuilt, atol=1e-4)
    np.testing.assert_array_equal(names["maps"]["tiny-vae"], names["codes"]["tiny-vae"])


@pytest.mark.slow
def test_denoise_has_its_classical_method_its_eight_items_and_the_visitors_pictures(
    open_page: OpenPage,
    tiny_models: dict[str, VectorCheckpoint],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(item_denoising, "figures_table", lambda result, *more: seen.update(figures=result))
    monkeypatch.setattr(item_denoising, "rows_of_eight", lambda eight, method: seen.update(eight=eight, method=method))
    monkeypatch.setattr(item_denoising, "_show_uploads", lambda *parts: seen.update(own=parts))
    monkeypatch.chdir(tmp_path)
    pathlib.Path("mine.png").write_bytes(_png(3))
    app = AppTest.from_function(_framed, args=("denoise",), default_timeout=60)
    asked = {"model": "tiny-plain", "data": "digits"}
    for key, value in {**asked, "denoise_what": ITEMS, "item": "900", "noise_seed": "5"}.items():
        app.query_params[key] = value
    app.session_state[f"files.{item_uploads.UPLOADER}"] = (user_file("mine.png", _png(3)),)
    pixels = np.random.default_rng(0).random((1, 28, 28), np.float32)
    app.session_state[user_image.PICTURE] = user_image.UserPicture(pixels, "My drawing", is_drawing=True)
    for is_clean in (True, False):
        app.session_state[item_denoising.WHAT_THEY_ARE] = item_denoising.CLEAN if is_clean else item_denoising.NOISY
        app.run()
        assert not app.exception
        names = run(codes_of(app)[0])
        _, x, noisy, denoised, _ = seen["own"]
        assert len(x) == 2
        for name, expected in (("yours", x), ("yours_noisy", noisy), ("yours_denoised", denoised)):
            np.testing.assert_allclose(names[name], expected, atol=1e-5, err_msg=name)
        assert np.array_equal(noisy, x) != is_clean
    assert (names["method"].name, names["method"].sigma) == (seen["method"].name, pytest.approx(seen["method"].sigma))
    np.testing.assert_allclose(names["figures_classical"].psnr_after, seen["figures"].classical.psnr_after, rtol=1e-4)
    np.testing.assert_allclose(names["figures"].ssim_after, seen["figures"].model.ssim_after, rtol=1e-4)
    np.testing.assert_allclose(names["few_denoised"], seen["eight"].denoised, atol=1e-5)
    np.testing.assert_allclose(names["few_classical"], seen["method"].denoise(seen["eight"].noisy), atol=1e-5)
    assert names["method"].psnr == pytest.approx(seen["method"].psnr, rel=1e-6), "tuned on the same other items"


@pytest.mark.parametrize(
    ("page", "model", "link"),
    [
        ("latent_space", "tiny-vae", {}),
        ("latent_space", "tiny-plain", {"projection": "pca"}),
        ("home", "tiny-plain", {}),
        ("novelty", "tiny-plain", {}),
    ],
)
def test_the_visitors_picture_lies_and_scores_where_the_page_says(
    tiny_models: dict[str, VectorCheckpoint],
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    model: str,
    link: dict[str, str],
) -> None:
    seen: dict[str, Any] = {}
    marked, verdict = map_view.mark, gallery.verdict

    def watched_mark(*given: Any) -> Any:
        seen["mark"] = marked(*given)
        return seen["mark"]

    def watched_verdict(own: Any, *given: Any) -> Any:
        seen["scores"] = own.scores
        return verdict(own, *given)

    monkeypatch.setattr(map_view, "mark", watched_mark)
    monkeypatch.setattr(gallery, "verdict", watched_verdict)
    app = AppTest.from_function(_framed, args=(page,), default_timeout=60)
    for key, value in {"model": model, "data": "digits", **link}.items():
        app.query_params[key] = value
    pixels = np.random.default_rng(0).random((1, 28, 28), np.float32)
    app.session_state[user_image.PICTURE] = user_image.UserPicture(pixels, "My drawing", is_drawing=True)
    app.run()
    assert not app.exception
    names = run(codes_of(app)[0])
    if page == "novelty":
        np.testing.assert_allclose(names["score_own"], seen["scores"], rtol=1e-5)
    else:
        place = names.get("place_own", names["z_own"])[0]
        np.testing.assert_allclose(place, (seen["mark"].x, seen["mark"].y), atol=1e-4)


# --- No page without --------------------------------------------------------------------------------------------------


def test_every_page_that_shows_a_view_has_its_python() -> None:
    """Train's recipe is Python itself; a page without any would be missing here."""
    parts = {
        page: "".join(
            path.read_text("utf-8")
            for path in [ROOT / "pages" / f"{page}.py", *(ROOT / "explorer" / "ui" / page).glob("*.py")]
        )
        for page in frame.PAGES
    }
    assert [page for page, text in parts.items() if 'language="python"' not in text] == []
