"""What every registered family promises, in every variant, on images and rows of odd sizes."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import numpy as np
import pydantic
import pytest
import safetensors.torch
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

from explorer.core.errors import RecipeError
from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.likelihoods import ColumnLikelihood
from explorer.models import REGISTRY, AnyModelConfig, Autoencoder, ModelConfig, Reconstructor, layers
from explorer.models.photo import PhotoDenoiser

ANY_CONFIG: pydantic.TypeAdapter[ModelConfig] = pydantic.TypeAdapter(AnyModelConfig)

DENSE = {"hidden": (24, 12), "latent_dim": 3}
MAPS = {"channels": (6, 8), "hidden": (), "latent_dim": 5}
CONV = {"family": "convolutional", "channels": (6, 8), "latent_dim": 5}
CONV_VAE = {"family": "variational", "body": "convolutional", **MAPS}

VARIANTS: dict[str, dict[str, object]] = {
    "undercomplete": {"family": "undercomplete", **DENSE},
    "undercomplete one layer": {"family": "undercomplete", "hidden": (), "latent_dim": 3},
    "undercomplete linear": {"family": "undercomplete", **DENSE, "linear": True},
    "undercomplete normalised": {"family": "undercomplete", **DENSE, "activation": "gelu", "layer_norm": True},
    "undercomplete residual": {"family": "undercomplete", **DENSE, "residual_blocks": 2, "layer_norm": True},
    "undercomplete cross-entropy": {"family": "undercomplete", **DENSE, "reconstruction": "cross_entropy"},
    "stacked": {"family": "stacked", **DENSE, "activation": "sigmoid"},
    "stacked tied": {"family": "stacked", **DENSE, "tied": True},
    "stacked greedy": {"family": "stacked", **DENSE, "pretrain_epochs": 2, "residual_blocks": 1},
    "convolutional strided": {**CONV},
    "convolutional transposed": {**CONV, "upsampling": "transposed"},
    "convolutional pooled": {**CONV, "downsampling": "pooled"},
    "convolutional pooled transposed": {**CONV, "downsampling": "pooled", "upsampling": "transposed"},
    "convolutional unpooling": {**CONV, "downsampling": "pooled", "upsampling": "unpooling", "batch_norm": True},
    "convolutional residual": {**CONV, "residual_blocks": 1, "batch_norm": True, "downsampling": "pooled"},
    "convolutional cross-entropy": {**CONV, "reconstruction": "cross_entropy", "activation": "elu"},
    "convolutional window": {**CONV, "window": 11},
    "convolutional window transposed": {**CONV, "window": 11, "upsampling": "transposed", "batch_norm": True},
    "convolutional window residual": {**CONV, "window": 11, "residual_blocks": 1, "activation": "gelu"},
    "convolutional window pooled": {**CONV, "window": 11, "downsampling": "pooled"},
    "variational": {"family": "variational", **DENSE},
    "variational gaussian": {"family": "variational", **DENSE, "likelihood": "gaussian"},
    "variational dropout": {"family": "variational", **DENSE, "dropout": 0.3, "layer_norm": True},
    "variational one layer": {"family": "variational", "hidden": (), "latent_dim": 3, "likelihood": "gaussian"},
    "variational convolutional": {**CONV_VAE},
    "variational convolutional dense": {**CONV_VAE, "hidden": (16,), "upsampling": "transposed"},
    "variational residual": {**CONV_VAE, "residual_blocks": 1, "upsampling": "transposed"},
    "variational categorical": {**CONV_VAE, "likelihood": "categorical", "levels": 5},
    "variational unpooling": {**CONV_VAE, "downsampling": "pooled", "upsampling": "unpooling", "batch_norm": True},
    "variational by column": {"family": "variational", **DENSE, "likelihood": "by_column"},
    "quantised": {"family": "quantised", "channels": (6, 8), "latent_dim": 4, "entries": 12, "prior_units": 8}
    | {"residual_blocks": 1},
    "quantised dense": {"family": "quantised", "body": "dense", "places": 3, **DENSE, "entries": 12, "prior_epochs": 0},
    "photo": {"family": "photo", "widths": (6, 8), "latent_dim": 10, "blocks": 1},
}
_BLOCK = [{"kind": "conv2d", "in_channels": 4, "out_channels": 4, "kernel_size": 3, "padding": 1}, {"kind": "silu"}]
VARIANTS |= {
    "listed": {
        "family": "listed",
        "latent_dim": 5,
        "encoder": [
            {"kind": "conv2d", "in_channels": 3, "out_channels": 4, "kernel_size": 4, "stride": 2, "padding": 1},
            {"kind": "group_norm", "num_groups": 2, "num_channels": 4},
            {"kind": "gelu"},
            {"kind": "branches", "branches": [[], _BLOCK]},
            {"kind": "flatten"},
            {"kind": "linear", "in_features": 4 * 16 * 10, "out_features": 5},
        ],
        "decoder": [
            {"kind": "linear", "in_features": 5, "out_features": 4 * 16 * 10},
            {"kind": "reshape", "shape": [4, 16, 10]},
            {"kind": "upsample", "size": [33, 20], "mode": "bilinear"},
            {"kind": "conv2d", "in_channels": 4, "out_channels": 3, "kernel_size": 1},
        ],
    },
    "listed rows": {
        "family": "listed",
        "latent_dim": 3,
        "encoder": [{"kind": "linear", "in_features": 11, "out_features": 3}, {"kind": "mish"}],
        "decoder": [{"kind": "linear", "in_features": 3, "out_features": 11}],
        "output": [],
    },
    "listed variational": {
        "family": "listed_variational",
        "latent_dim": 3,
        "encoder": [
            {"kind": "flatten"},
            {"kind": "linear", "in_features": 35, "out_features": 8},
            {"kind": "layer_norm", "normalized_shape": [8]},
        ],
        "mu": [{"kind": "columns", "start": 0, "stop": 3}],
        "logvar": [{"kind": "columns", "start": 3, "stop": 6}],
        "decoder": [{"kind": "linear", "in_features": 3, "out_features": 35}, {"kind": "reshape", "shape": [1, 7, 5]}],
    },
}
OTHERS = {family: {"family": family} for family in REGISTRY if family not in {v["family"] for v in VARIANTS.values()}}
VARIANTS |= OTHERS
"""A family without a line of its own is tried with its defaults."""
BY_COLUMN = [name for name, one in LIKELIHOODS.items() if isinstance(one, ColumnLikelihood)]
SHAPES = [(1, 7, 5), (3, 33, 20), (11,)]


def fits(variant: dict[str, object], shape: tuple[int, ...]) -> bool:
    """Whether the variant's own definition lets it take such events: tables are no images and no probabilities."""
    if str(variant["family"]).startswith("listed"):
        return takes(variant, shape)
    if variant["family"] in OTHERS:
        return len(shape) == 3 or takes(variant, (11,))
    if variant.get("window"):
        return shape == (variant["window"],)
    maps = variant["family"] in ("convolutional", "photo", "quantised") and variant.get("body") != "dense"
    convolutional = maps or variant.get("body") == "convolutional"
    if variant.get("likelihood") in BY_COLUMN:
        return len(shape) == 1
    bernoulli = variant["family"] == "variational" and variant.get("likelihood") != "gaussian"
    return len(shape) == 3 or not (convolutional or bernoulli or variant.get("reconstruction") == "cross_entropy")


def takes(variant: dict[str, object], shape: tuple[int, ...]) -> bool:
    try:
        ANY_CONFIG.validate_python(variant).build(shape)
    except RecipeError:
        return False
    return True


def build(name: str, shape: tuple[int, ...], seed: int = 0, **changes: object) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = ANY_CONFIG.validate_python(VARIANTS[name] | changes).build(shape).eval()
        if isinstance(model, PhotoDenoiser):
            # It starts as the identity, whatever its other weights are; here it is past that.
            nn.init.normal_(model.tail.weight, std=0.1)
        return model


def items(shape: tuple[int, ...], n: int = 6, seed: int = 0) -> Tensor:
    return torch.rand(n, *shape, generator=torch.Generator().manual_seed(seed))


def generator(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def cases(names: Iterable[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("name", "shape"),
        [(name, shape) for name in names for shape in SHAPES if fits(VARIANTS[name], shape)],
        ids=lambda value: value if isinstance(value, str) else "x".join(map(str, value)),
    )


def has_code(name: str) -> bool:
    return issubclass(REGISTRY[VARIANTS[name]["family"]][1], Autoencoder)


every_case = cases(VARIANTS)
every_case_with_a_code = cases(filter(has_code, VARIANTS))
every_case_without_a_code = cases(name for name in VARIANTS if not has_code(name))


@pytest.mark.parametrize("family", REGISTRY)
def test_defaults_build_for_mnist_and_the_family_describes_itself(family: str) -> None:
    config_class, model_class = REGISTRY[family]
    config = config_class()
    assert config.family == family
    model = config.build((1, 28, 28))
    assert type(model) is model_class
    assert model.event_shape == (1, 28, 28)
    assert not isinstance(model, Autoencoder) or model.latent_dim == config.code_size((1, 28, 28))
    assert all((model.title, model.summary, model.formula, model.reference))
    for name, field in config_class.model_fields.items():
        if name != "family":
            assert field.title, name
            assert field.description, name


@pytest.mark.parametrize("name", VARIANTS)
def test_config_round_trip_through_json(name: str) -> None:
    config = ANY_CONFIG.validate_python(VARIANTS[name])
    assert ANY_CONFIG.validate_json(config.model_dump_json()) == config
    assert type(config) is REGISTRY[config.family][0]


@pytest.mark.parametrize("family", REGISTRY)
@pytest.mark.parametrize("bad", [{"latent_dim": 0}, {"latent_dim": 10**6}, {"activation": "loud"}, {"colour": "pink"}])
def test_config_refuses_what_it_cannot_mean(family: str, bad: dict[str, object]) -> None:
    with pytest.raises(pydantic.ValidationError, match=next(iter(bad))):
        REGISTRY[family][0].model_validate(bad)


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if not fits(variant, (11,))])
def test_what_a_table_cannot_be_given_to_says_what_to_do(name: str) -> None:
    with pytest.raises(RecipeError) as caught:
        build(name, (11,))
    assert caught.value.hint


@every_case_with_a_code
def test_shapes_and_values(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    z = model.encode(x)
    assert z.shape == (len(x), model.latent_dim)
    for x_hat in (model.decode(z), model(x)):
        assert x_hat.shape == x.shape
        assert x_hat.isfinite().all()
        if len(shape) == 3 and not VARIANTS[name].get("linear"):
            assert x_hat.min() >= 0
            assert x_hat.max() <= 1


@every_case_with_a_code
def test_encode_and_forward_never_draw(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    before = torch.random.get_rng_state()
    assert torch.equal(model.encode(x), model.encode(x))
    assert torch.equal(model(x), model(x))
    assert torch.equal(torch.random.get_rng_state(), before)


@every_case_with_a_code
def test_forward_decodes_the_code(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    # Of all families only the convolutional one, when it unpools, also passes switches on; its own test covers that.
    by_code_alone = "unpooling" not in name or "variational" in name
    assert torch.equal(model(x), model.decode(model.encode(x))) == by_code_alone


@every_case_without_a_code
def test_what_has_no_code_promises_none_and_still_rebuilds(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    assert isinstance(model, Reconstructor)
    assert not {"encode", "decode", "latent_dim"} & set(dir(model))
    before = torch.random.get_rng_state()
    assert torch.equal(model(x), model(x))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert model(x).shape == x.shape


@every_case_without_a_code
def test_diagram_of_what_has_no_code_counts_every_weight(name: str, shape: tuple[int, ...]) -> None:
    rows = layers(build(name, (shape[0], 32, 16)))
    assert rows[-1].shape == (shape[0], 32, 16)
    assert sum(row.weights for row in rows) == sum(p.numel() for p in build(name, shape).parameters())


@every_case
def test_items_of_a_batch_do_not_touch(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    torch.testing.assert_close(model(x), torch.cat([model(item) for item in x.split(1)]))


@every_case_with_a_code
def test_chains_of_plain_layers_are_encode_and_decode(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    z = nn.Sequential(*model.encoder_chain())(x)
    assert torch.equal(z, model.encode(x))
    assert torch.equal(nn.Sequential(*model.decoder_chain())(z), model.decode(z))


@every_case_with_a_code
def test_diagram_has_the_true_sizes(name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape).train()
    rows = layers(model)
    assert model.training
    assert [row.shape for row in rows if row.part == "encoder"][-1] == (model.latent_dim,)
    assert [row.shape for row in rows if row.part == "decoder"][-1] == shape
    # The diagram follows the code: a posterior's log variance and a likelihood's sigma lie beside it.
    beside = ("logvar.", "log_sigma", "grid_prior.")
    weights = sum(p.numel() for key, p in model.named_parameters() if not key.startswith(beside))
    assert sum(row.weights for row in rows) == weights


@every_case
def test_loss_is_the_weighted_sum_of_its_terms(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    loss = model.loss(x, x, generator())
    total = sum(value.item() * float(weight) for value, weight in loss.terms.values())
    assert loss.total.item() == pytest.approx(total, rel=1e-5)
    assert loss.values() == pytest.approx(
        {k: v.item() for k, (v, _) in loss.terms.items()} | {"total": total}, rel=1e-5
    )
    assert all(value.shape == () for value, _ in loss.terms.values())


@every_case
def test_loss_depends_on_the_seed_alone(name: str, shape: tuple[int, ...]) -> None:
    x, target = items(shape), items(shape, seed=1)
    first, again = (build(name, shape).loss(x, target, generator()).total for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(build(name, shape, seed=1).loss(x, target, generator()).total, first)
    if VARIANTS[name]["family"] == "variational":
        assert not torch.equal(build(name, shape).loss(x, target, generator(8)).total, first)


@every_case
def test_loss_measures_the_target_and_not_the_input(name: str, shape: tuple[int, ...]) -> None:
    if VARIANTS[name].get("likelihood") == "categorical":
        pytest.skip("the mean of grey levels need not be likely itself")
    model, x = build(name, shape), items(shape)
    loss_of_target, other = (
        model.loss(x, target, generator()).total for target in (model(x).detach(), items(shape, seed=1))
    )
    assert loss_of_target < other


@every_case
def test_every_weight_gets_a_gradient(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape).train(), items(shape, n=16)
    model.loss(x, x, generator()).total.backward()
    later = {id(p) for stage in model.stages() if stage.is_after for p in stage.modules.parameters()}
    trained = [(key, p) for key, p in model.named_parameters() if id(p) not in later]
    without = [key for key, p in trained if p.grad is None or not p.grad.any()]
    assert without == []
    assert all(p.grad.isfinite().all() for _, p in trained)


@every_case
def test_weights_saved_and_loaded_decode_the_same(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), 3 + 2 * items(shape)
    model.fit_input([x])
    packed = {key: value.contiguous() for key, value in model.state_dict().items()}
    stored = safetensors.torch.load(safetensors.torch.save(packed))
    other = build(name, shape, seed=1)
    assert not torch.equal(other(x), model(x))
    other.load_state_dict(stored)
    assert torch.equal(other(x), model(x))
    if has_code(name):
        assert torch.equal(other.encode(x), model.encode(x))


@every_case
def test_a_copy_is_a_model_of_its_own(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape), items(shape)
    twin = copy.deepcopy(model)
    before = model(x)
    with torch.no_grad():
        for p in twin.parameters():
            p.add_(0.1)
    assert torch.equal(model(x), before)
    assert not torch.equal(twin(x), before)


@every_case
def test_stages_train_what_they_name(name: str, shape: tuple[int, ...]) -> None:
    model, x = build(name, shape).train(), items(shape, n=16)
    for stage in model.stages():
        inputs = stage.inputs(x)
        assert not inputs.requires_grad
        model.zero_grad()
        stage.loss(inputs, inputs, generator()).total.backward()
        trained = {id(p) for p in stage.modules.parameters()}
        assert trained
        assert {id(p) for p in model.parameters() if p.grad is not None} == trained
    *_, last = (stage for stage in model.stages() if not stage.is_after)
    later = {id(p) for stage in model.stages() if stage.is_after for p in stage.modules.parameters()}
    assert {id(p) for p in last.modules.parameters()} == {id(p) for p in model.parameters()} - later
    assert last.epochs is None


def test_a_table_is_standardised_on_all_its_rows_however_they_come() -> None:
    generator = np.random.default_rng(0)
    # Sorted, so that the parts have other means, and of one length that no part divides.
    rows = np.sort(generator.gamma(2.0, [1e-3, 1.0, 1e4], (1000, 3)), axis=0) + np.array([0.5, -2, 1e6])
    model = build("undercomplete", (3,))
    model.fit_input(torch.from_numpy(rows).split(300))
    np.testing.assert_allclose(model.input.mean.numpy(), rows.mean(0), rtol=1e-6)
    np.testing.assert_allclose(model.input.std.numpy(), rows.std(0), rtol=1e-6)


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if fits(variant, (3,))])
def test_tables_are_standardised_inside_the_model(name: str) -> None:
    scale, shift = torch.tensor([1e-3, 1.0, 1e4]), torch.tensor([5.0, -2.0, 1e6])
    x = items((3,), n=200) * scale + shift
    model, reference = build(name, (3,)), build(name, (3,))
    model.fit_input([x])
    standardised = (x - x.mean(0)) / x.std(0, correction=0)
    torch.testing.assert_close(model.encode(x), reference.encode(standardised), rtol=1e-2, atol=1e-2)
    torch.testing.assert_close(
        (model(x) - x.mean(0)) / x.std(0, correction=0), reference(standardised), rtol=1e-2, atol=1e-2
    )
    off_by_one_sigma = model.reconstruction_error(x, x + x.std(0, correction=0))
    torch.testing.assert_close(off_by_one_sigma, torch.full((200,), 3.0), rtol=1e-2, atol=0)


def overfit(model: Autoencoder, x: Tensor, steps: int) -> None:
    optimiser = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=0.01, total_steps=steps, pct_start=0.1)
    draws = generator()
    for _ in range(steps):
        # In another order each time, since an unpooling model treats the halves of a batch differently.
        batch = x[torch.randperm(len(x), generator=draws)]
        optimiser.zero_grad()
        model.loss(batch, batch, draws).total.backward()
        optimiser.step()
        schedule.step()


# Left out: linear models, which cannot, and variants that add nothing to the others here but seconds.
LEARNERS = [
    "undercomplete",
    "undercomplete cross-entropy",
    "stacked",
    "stacked tied",
    "convolutional strided",
    "convolutional transposed",
    "convolutional pooled",
    "convolutional unpooling",
    "variational",
    "variational gaussian",
    "variational convolutional",
    "variational unpooling",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", LEARNERS)
def test_overfits_32_examples(name: str) -> None:
    """With room for them, a model learns 32 digits by heart: what is left is under 5 % of their spread."""
    variant = VARIANTS[name]
    room: dict[str, object] = {"latent_dim": 32, "activation": "silu"}
    if variant.get("hidden"):
        room["hidden"] = (256,)
    if "channels" in variant:
        room["channels"] = (24, 32)
    if variant["family"] == "variational":
        room["beta"] = 0.01  # else the KL asks for codes too vague to tell the digits apart
    x = torch.from_numpy(load_digits().images[:32] / 16).float()[:, None]
    model = build(name, (1, 8, 8), **room).train()
    overfit(model, x, 300)
    model.eval()
    variance = (x - x.mean(0)).square().sum() / len(x)
    for x_hat in (model(x), model.decode(model.encode(x))):
        assert model.reconstruction_error(x, x_hat).mean() < 0.05 * variance
