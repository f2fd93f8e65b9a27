"""Numbers of the shown items, each against its definition."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer import data
from explorer.checkpoints import Checkpoint
from explorer.data import Dataset
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.latent_space import map_layers
from explorer.ui.map import planes, quantities
from explorer.ui.shell import cache
from explorer.ui.shell.session import Context


@pytest.fixture
def flat(digits_vae: Checkpoint, digits: Dataset) -> Context:
    return Context(digits_vae, digits, *cache.rows_for(digits_vae, digits))


@pytest.fixture
def table(table_autoencoder: Checkpoint) -> Context:
    rows = data.dataset("breast-cancer")
    return Context(table_autoencoder, rows, *cache.rows_for(table_autoencoder, rows))


def test_error_kl_density_and_brightness(flat: Context) -> None:
    shown = planes.plane(flat)
    values = {q.name: q.values(shown) for q in quantities.quantities(flat).values()}
    x = flat.x().astype(np.float64) / 255
    np.testing.assert_allclose(values["brightness"], x.mean((1, 2, 3)), rtol=1e-5)
    expected = np.square(x - flat.checkpoint.reconstruct(flat.x())).sum((1, 2, 3))
    np.testing.assert_allclose(values["error"], expected, rtol=1e-4)
    mu, logvar = map(torch.tensor, flat.checkpoint.posterior(flat.x()))
    posterior = torch.distributions.Normal(mu, (logvar / 2).exp())
    kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1)
    np.testing.assert_allclose(values["kl"], kl, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        values["density"], GaussianMixtureSampler().fit(flat.codes()).log_density(flat.codes()), rtol=1e-6
    )
    np.testing.assert_allclose(values["z2"], flat.codes()[:, 1])
    assert ((values["neighbours"] >= 0) & (values["neighbours"] <= 1)).all()


def test_a_table_offers_its_columns_and_no_kl(table: Context) -> None:
    offered = quantities.quantities(table)
    assert "KL" not in offered
    assert "Brightness" not in offered
    name = table.dataset.feature_names[3]
    values = offered[f"Column {name}"].values(planes.plane(table))
    np.testing.assert_allclose(values, table.x()[:, 3], rtol=1e-6)
    assert list(offered)[:3] == ["Reconstruction error", "Log density", "True neighbours"]


def test_a_flat_code_is_compared_with_the_items_and_others_with_the_code(flat: Context, table: Context) -> None:
    assert quantities.space(flat).shape == (len(flat.rows), 64)
    assert quantities.space(table).shape == (len(table.rows), 3)
    columns = quantities.items_flat(table)
    np.testing.assert_allclose(columns.std(0), 1, rtol=1e-4)


# --- Layers -----------------------------------------------------------------------------------------------------------


def test_the_plane_decoded_lies_where_its_codes_are(flat: Context) -> None:
    import io

    from PIL import Image

    shown = planes.plane(flat)
    sheet = map_layers.underlay(flat, shown, [map_layers.UNDER])
    assert sheet is not None
    picture = np.asarray(Image.open(io.BytesIO(sheet.png)))
    rows, columns = picture.shape[0] // 8, picture.shape[1] // 8
    # The cell in the second row from the top and third column is the decoder's picture of its own middle.
    x = sheet.left + 2.5 * (sheet.right - sheet.left) / columns
    y = sheet.top - 1.5 * (sheet.top - sheet.bottom) / rows
    expected = flat.checkpoint.decode([[x, y]])[0, 0]
    np.testing.assert_allclose(picture[8:16, 16:24] / 255, expected, atol=0.01)
    assert map_layers.underlay(flat, shown, []) is None


def test_contours_say_what_they_measure(flat: Context, table: Context) -> None:
    for context, words in ((flat, "nats per pixel"), (table, "standard deviations of the columns")):
        shown = planes.plane(context)
        chosen = [map_layers.DENSITY, map_layers.DECODER]
        lines = map_layers.contours(context, shown, chosen)
        assert {"25 %", "50 %", "75 %", "95 %"} <= {line.label for line in lines if not line.dashed}
        assert any(line.dashed for line in lines)
        assert words in map_layers.legend(context, chosen)
        assert map_layers.contours(context, shown, []) == []
