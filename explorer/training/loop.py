"""Training: a recipe goes in, a stream of events comes out. No printing, no files, no user interface.

Every random draw of step t comes from a generator seeded with (seed, t), and every epoch's order from (seed, stage,
epoch), so a run that is resumed draws what it would have drawn.
"""

from __future__ import annotations

import contextlib
import datetime
import math
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from explorer import __version__, checkpoints, evaluation
from explorer.checkpoints import Card, Checkpoint, DataCard, VectorCheckpoint, checkpoint_of
from explorer.core.devices import Placement, place
from explorer.core.errors import TrainingError
from explorer.data.base import Dataset
from explorer.data.crops import Crops
from explorer.models import Autoencoder, Reconstructor, Stage
from explorer.recipe import Recipe
from explorer.training.events import EpochFinished, Event, Finished, Preview, Reason, Started, State, Step

IN_MEMORY_BYTES = 2 << 30
"""A dataset up to this size is held as one tensor; a larger one is read from its memory map batch by batch."""
VALIDATION_BATCH, VALIDATION_VALUES = 1024, 1 << 22
"""At most so many items, and so many numbers in them, are validated at once."""
CHECK_EVERY = 20
"""On an accelerator a loss is looked at only every so many steps, since looking waits for the device."""
PREVIEW_ITEMS, PREVIEW_CODES = 8, 1000


def train(recipe: Recipe, dataset: Dataset | None = None, resume: State | None = None) -> Iterator[Event]:
    """Train as the recipe says, yielding events; stop by not asking for the next one.

    Args:
        recipe: what to do.
        dataset: the data, where it is not to be looked up by the recipe's ``data.dataset``.
        resume: a ``snapshot()`` of an earlier run of the same recipe; the rest of the run is the same to the bit.

    Yields:
        Started, then Steps with an EpochFinished after each epoch, then Finished.

    Raises:
        ExplorerError: the recipe does not fit the data, or the state does not fit the recipe.
    """
    if dataset is None:
        dataset = recipe.data.open()
    with _denormals_flushed():
        yield from _Run(recipe, dataset, resume).events()


@contextlib.contextmanager
def _denormals_flushed() -> Iterator[None]:
    """Within it, numbers too small for full precision (below 1.2e-38) count as zero, as on GPUs.

    Adam's averages of rarely used weights sink that low; on most processors steps then take twice as long, from the
    third epoch of MNIST on (docs/decisions.md).
    """
    before = (torch.tensor([1e-39]) * 1.0).item() == 0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


class _StepLoss(nn.Module):
    """The forward pass of one step, as a module: what torch.compile compiles and Accelerate wraps."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.trained = stage.modules
        self.stage_loss = stage.loss

    def forward(self, x: Tensor, target: Tensor, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        loss = self.stage_loss(x, target, generator)
        return loss.total, {name: value for name, (value, _) in loss.terms.items()}


class _Items:
    """Chosen rows of a dataset as float batches on a device."""

    def __init__(self, dataset: Dataset, rows: np.ndarray, device: torch.device) -> None:
        self._rows, self._dataset, self._device = rows, dataset, device
        size = len(rows) * dataset.x[:1].nbytes
        self._held = (
            torch.from_numpy(np.ascontiguousarray(dataset.x[rows])).to(device) if size <= IN_MEMORY_BYTES else None
        )

    def __len__(self) -> int:
        return len(self._rows)

    def batch(self, indices: Tensor, view: Callable[[Tensor], Tensor] = lambda items: items) -> Tensor:
        """Items by position, after ``view`` has cut them as stored."""
        if self._held is None:
            stored = torch.from_numpy(np.array(self._dataset.x[self._rows[indices.cpu().numpy()]]))
            items = view(stored.to(self._device))
        else:
            items = view(self._held[indices])
        return items.float().div_(255) if items.dtype == torch.uint8 else items.float()


class _Run:
    """The mutable middle of one training: model, optimiser, counters. Only ``events`` is used from outside."""

    def __init__(self, recipe: Recipe, dataset: Dataset, resume: State | None) -> None:
        self.recipe, self.dataset = recipe, dataset
        self.place: Placement = place(recipe.training.device)
        chosen = recipe.data.classes
        train_rows = evaluation.training_rows(dataset, chosen, "train", recipe.data.limit)
        self.validation_rows = evaluation.training_rows(dataset, chosen, "validation")
        if not len(train_rows):
            raise TrainingError(
                f"{dataset.title} has no training rows to learn from.", "Give more data or other classes."
            )
        self.train_rows = train_rows
        self.items = _Items(dataset, train_rows, self.place.device)
        # Data too small to have validation rows is judged on what it is trained on, and its card says so.
        self.scored_on = "validation" if len(self.validation_rows) else "train"
        scored_rows = self.validation_rows if len(self.validation_rows) else train_rows
        self.scored_items = _Items(dataset, scored_rows, self.place.device)
        torch.manual_seed(recipe.training.seed)
        self.model: Reconstructor = recipe.model.build(dataset.event_shape).to(self.place.device)
        if self.model.is_table:
            rows = train_rows[: evaluation.MAX_STATISTICS_ITEMS * 10]
            self.model.fit_input(dataset.tensor(rows).to(self.place.device))
        if recipe.training.start_from and resume is None:
            self._start_from(recipe.training.start_from)
        self.stages = self.model.stages()
        self.generator = torch.Generator(self.place.device)
        self.batch_size = recipe.training.batch_size
        self.crops = _crops(recipe, dataset)
        self.steps_per_epoch = math.ceil(len(self.items) * recipe.data.crops_per_item / self.batch_size)
        self.stage_number, self.epoch, self.step_in_epoch, self.step = 0, 0, 0, 0
        self.history: list[dict[str, Any]] = []
        self.best: dict[str, Tensor] | None = None
        self.best_epoch, self.best_value, self.seconds_before = 0, math.inf, 0.0
        self.sums: Tensor | None = None
        self.items_seen = 0
        self.names: list[str] = []
        self.optimiser_state: dict[str, Tensor] | None = None
        if resume is not None:
            self._restore(resume)
        self.started = time.perf_counter()
        self.optimiser: torch.optim.Optimizer = self._optimiser(self.stages[self.stage_number])

    # --- the stream -------------------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        yield self._started()
        while True:
            stage = self.stages[self.stage_number]
            step_loss = self._prepare(stage)
            while self.epoch < self._epochs(stage) and not self._out_of_patience():
                try:
                    yield from self._run_epoch(stage, step_loss)
                except _DivergedError as diverged:
                    yield self._diverged(diverged)
                    return
            if self._is_last_stage:
                break
            self.stage_number, self.epoch, self.step_in_epoch = self.stage_number + 1, 0, 0
        yield self.finish("early stopping" if self.epoch < self._epochs(stage) else "completed")

    def finish(self, reason: Reason = "stopped") -> Finished:
        """The last event, as of now: the best weights so far with held-out figures."""
        return Finished(reason, self.best_epoch, self._seconds(), checkpoint=self._checkpoint(reason, figures=True))

    def _started(self) -> Started:
        return Started(
            name=self.recipe.name,
            dataset=self.dataset.title,
            n_train=len(self.items),
            n_validation=len(self.validation_rows),
            weights=sum(p.numel() for p in self.model.parameters()),
            device=str(self.place.device),
            stages=[(stage.name, self._epochs(stage)) for stage in self.stages],
            steps_per_epoch=self.steps_per_epoch,
            resumed_at_step=self.step,
        )

    def _run_epoch(self, stage: Stage, step_loss: nn.Module) -> Iterator[Event]:
        start, first_step = time.perf_counter(), self.step_in_epoch
        order = self._order()
        if first_step == 0:
            self.sums, self.items_seen = None, 0
        self.model.train()
        for number in range(first_step, self.steps_per_epoch):
            batch = order[number * self.batch_size : (number + 1) * self.batch_size]
            if len(batch) < self.place.world:
                continue
            terms = self._step(stage, step_loss, batch[self.place.rank :: self.place.world], len(batch))
            yield Step(stage.name, self.epoch + 1, self.step, terms, self.snapshot, self.finish)
        self.epoch, self.step_in_epoch = self.epoch + 1, 0
        yield self._epoch_finished(
            stage, time.perf_counter() - start, (self.steps_per_epoch - first_step) * self.batch_size
        )

    def _step(self, stage: Stage, step_loss: nn.Module, batch: Tensor, weight: int) -> dict[str, float]:
        training = self.recipe.training
        learning_rate = self._learning_rate(stage)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        self.generator.manual_seed(_seed(training.seed, self.step, self.place.rank))
        self.model.anneal(self.epoch + self.step_in_epoch / self.steps_per_epoch)
        target = stage.inputs(self.items.batch(batch, lambda items: self.crops(items, self.generator)))
        x = target if self.recipe.corruption is None else self.recipe.corruption(target, self.generator)
        with self._autocast():
            total, terms = step_loss(x, target, self.generator)
        self.optimiser.zero_grad(set_to_none=True)
        self.place.backward(total)
        if training.clip_norm:
            torch.nn.utils.clip_grad_norm_(stage.modules.parameters(), training.clip_norm)
        self.optimiser.step()
        self.step, self.step_in_epoch = self.step + 1, self.step_in_epoch + 1
        values = torch.stack([total.detach().float(), *(v.detach().float() for v in terms.values())])
        self.names = ["total", *terms]
        self._accumulate(values, weight)
        if self.place.device.type == "cpu" or self.step % CHECK_EVERY == 0:
            return self._checked(self.place.mean(values).tolist())
        return {}

    def _accumulate(self, values: Tensor, weight: int) -> None:
        # On the device, in double precision where it has any: an epoch may have many steps.
        values = values if values.device.type == "mps" else values.double()
        self.sums = values * weight if self.sums is None else self.sums.add_(values, alpha=weight)
        self.items_seen += weight

    def _checked(self, values: list[float]) -> dict[str, float]:
        """The terms by name, all of them finite; every process sees the same values, so all of them stop together."""
        terms = dict(zip(self.names, values, strict=True))
        # The parts first: the total is not finite whenever one of them is not.
        for name in [*self.names[1:], "total"]:
            if not math.isfinite(terms[name]):
                raise _DivergedError(name, terms[name])
        return terms

    def _epoch_finished(self, stage: Stage, seconds: float, items: int) -> EpochFinished:
        assert self.sums is not None  # noqa: S101 - an epoch has at least one step
        train = self._checked(self.place.mean(self.sums / self.items_seen).tolist())
        validation = self._validate(stage)
        self._checked([validation[name] for name in self.names])
        improved = self._is_last_stage and validation["total"] < self.best_value
        if improved:
            self.best = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
            self.best_value, self.best_epoch = validation["total"], self.epoch
        learning_rate = self.optimiser.param_groups[0]["lr"]
        self.history.append(
            {
                "stage": stage.name,
                "epoch": self.epoch,
                "train": train,
                "validation": validation,
                "seconds": round(seconds, 3),
            }
        )
        return EpochFinished(
            stage=stage.name,
            epoch=self.epoch,
            epochs=self._epochs(stage),
            step=self.step,
            train=train,
            validation=validation,
            learning_rate=learning_rate,
            seconds=seconds,
            items_per_second=items / max(seconds, 1e-9),
            improved=improved,
            preview=self._preview() if self._is_last_stage and self.place.is_main else None,
            snapshot=self.snapshot,
            finish=self.finish,
            best=lambda: self._checkpoint("stopped", figures=False),
        )

    def _diverged(self, diverged: _DivergedError) -> Finished:
        return Finished(
            "diverged",
            self.best_epoch,
            self._seconds(),
            message=f"The loss term {diverged.term!r} became {diverged.value} in epoch {self.epoch + 1},"
            f" step {self.step}.",
            hint=f"Lower training.learning_rate (it was {self.recipe.training.learning_rate:g}), or set"
            " training.clip_norm to 1; check the data for extreme values.",
            checkpoint=self._checkpoint("diverged", figures=True) if self.best is not None else None,
        )

    # --- parts of a step ----------------------------------------------------------------------------------------

    def _prepare(self, stage: Stage) -> nn.Module:
        if self.optimiser_state is None and self.step_in_epoch == 0 and self.epoch == 0:
            self.optimiser = self._optimiser(stage)
        elif self.optimiser_state is not None:
            self._load_optimiser(self.optimiser_state)
            self.optimiser_state = None
        module: nn.Module = _StepLoss(stage)
        module, self.optimiser = self.place.prepare(module, self.optimiser)
        return torch.compile(module) if self.recipe.training.compile else module  # type: ignore[return-value]

    def _optimiser(self, stage: Stage) -> torch.optim.Optimizer:
        training = self.recipe.training
        kind = torch.optim.AdamW if training.weight_decay else torch.optim.Adam
        # Fused: one pass over all weights; a third quicker for a whole step of a dense model on the CPU.
        fused = self.place.device.type in ("cpu", "cuda")
        parameters = list(stage.modules.parameters())
        return kind(parameters, lr=training.learning_rate, weight_decay=training.weight_decay, fused=fused)

    def _learning_rate(self, stage: Stage) -> float:
        training = self.recipe.training
        at = self.epoch + self.step_in_epoch / self.steps_per_epoch
        rate = training.learning_rate
        if at < training.warmup_epochs:
            return rate * (at + 1 / self.steps_per_epoch) / (training.warmup_epochs + 1 / self.steps_per_epoch)
        if training.schedule == "cosine":
            rate *= 0.5 * (1 + math.cos(math.pi * at / self._epochs(stage)))
        return rate

    def _order(self) -> Tensor:
        generator = torch.Generator().manual_seed(_seed(self.recipe.training.seed, self.stage_number, self.epoch) + 1)
        n = len(self.items)
        return torch.randperm(n * self.recipe.data.crops_per_item, generator=generator) % n

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self.recipe.training.precision == "float32":
            return contextlib.nullcontext()
        return torch.autocast(self.place.device.type, dtype=torch.bfloat16)

    @torch.inference_mode()
    def _validate(self, stage: Stage) -> dict[str, float]:
        """Mean loss over the validation rows at the final KL weight, with the same draws every epoch."""
        self.model.eval()
        self.model.anneal(math.inf)
        self.generator.manual_seed(self.recipe.training.seed)
        sums: dict[str, float] = {}
        at_once = max(1, min(VALIDATION_BATCH, VALIDATION_VALUES // math.prod(self.dataset.event_shape)))
        for indices in torch.arange(len(self.scored_items)).split(at_once):
            target = stage.inputs(self.scored_items.batch(indices))
            x = target if self.recipe.corruption is None else self.recipe.corruption(target, self.generator)
            for name, value in stage.loss(x, target, self.generator).values().items():
                sums[name] = sums.get(name, 0.0) + value * len(indices) / len(self.scored_items)
        return sums

    @torch.inference_mode()
    def _preview(self) -> Preview:
        self.model.eval()
        # Evenly spread, since many datasets are sorted by class.
        with_codes = self.model if isinstance(self.model, Autoencoder) else None
        rows = _evenly_spaced(len(self.scored_items), PREVIEW_CODES if with_codes else PREVIEW_ITEMS)
        x = self.crops.centre(self.scored_items.batch(rows))
        shown = x[_evenly_spaced(len(x), PREVIEW_ITEMS)]
        self.generator.manual_seed(self.recipe.training.seed)
        noisy = shown if self.recipe.corruption is None else self.recipe.corruption(shown, self.generator)
        given, x_hat = self.model.demonstrate(noisy, self.generator)
        scored_rows = self.validation_rows if len(self.validation_rows) else self.train_rows
        labels = None if self.dataset.labels is None else np.asarray(self.dataset.labels[scored_rows[rows.numpy()]])
        z = with_codes.encode(x) if with_codes else x.new_empty(len(x), 0)
        x_shown, x_given, rebuilt, codes = (t.float().cpu().numpy() for t in (shown, given, x_hat, z))
        return Preview(x_shown, x_given, rebuilt, codes, labels)

    # --- states and the checkpoint ------------------------------------------------------------------------------

    @property
    def _is_last_stage(self) -> bool:
        return self.stage_number == len(self.stages) - 1

    def _epochs(self, stage: Stage) -> int:
        return self.recipe.training.epochs if stage.epochs is None else stage.epochs

    def _out_of_patience(self) -> bool:
        patience = self.recipe.training.patience
        return self._is_last_stage and bool(patience) and self.epoch - self.best_epoch >= patience

    def _seconds(self) -> float:
        return self.seconds_before + time.perf_counter() - self.started

    def snapshot(self) -> State:
        """The state after the newest step: copies, so that training may go on."""
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        tensors |= {f"best.{k}": v for k, v in (self.best or {}).items()}
        tensors |= {} if self.sums is None else {"sums.values": self.sums}
        state = self.optimiser.state_dict()["state"]
        tensors |= {f"optimiser.{i}.{k}": v for i, slots in state.items() for k, v in slots.items()}
        values = {
            "recipe": self.recipe.model_dump(mode="json"),
            "fingerprint": self.dataset.fingerprint,
            "stage_number": self.stage_number,
            "epoch": self.epoch,
            "step_in_epoch": self.step_in_epoch,
            "step": self.step,
            "history": list(self.history),
            "best_epoch": self.best_epoch,
            "best_value": self.best_value if math.isfinite(self.best_value) else None,
            "names": self.names,
            "items_seen": self.items_seen,
            "seconds": self._seconds(),
        }
        return State({k: v.detach().cpu().clone().contiguous() for k, v in tensors.items()}, values)

    def _restore(self, state: State) -> None:
        values = state.values
        if values["recipe"] != self.recipe.model_dump(mode="json") or values["fingerprint"] != self.dataset.fingerprint:
            raise TrainingError(
                "The saved state belongs to another recipe or other data.", "Start a new run instead of resuming."
            )
        part = {p: _under(state.tensors, f"{p}.") for p in ("model", "best", "sums", "optimiser")}
        self.model.load_state_dict(part["model"])
        self.best = {k: v.to(self.place.device) for k, v in part["best"].items()} or None
        self.sums = part["sums"]["values"].to(self.place.device) if part["sums"] else None
        self.optimiser_state = part["optimiser"]
        self.stage_number, self.epoch = values["stage_number"], values["epoch"]
        self.step_in_epoch, self.step = values["step_in_epoch"], values["step"]
        self.history, self.names, self.items_seen = values["history"], values["names"], values["items_seen"]
        self.best_epoch = values["best_epoch"]
        self.best_value = math.inf if values["best_value"] is None else values["best_value"]
        self.seconds_before = values["seconds"]

    def _start_from(self, name: str) -> None:
        """Take the weights of a checkpoint of the same architecture."""
        start = checkpoints.load(name)
        weights = self.model.adapted(start.model.state_dict())
        wanted = {key: value.shape for key, value in self.model.state_dict().items()}
        if {key: value.shape for key, value in weights.items()} != wanted:
            raise TrainingError(
                f"The weights of {name} do not fit this model.",
                "Give the recipe the family and sizes of that checkpoint.",
            )
        self.model.load_state_dict(weights)

    def _load_optimiser(self, tensors: dict[str, Tensor]) -> None:
        slots: dict[int, dict[str, Tensor]] = {}
        weights = [weight for group in self.optimiser.param_groups for weight in group["params"]]
        for key, value in tensors.items():
            number, _, name = key.partition(".")
            weight = weights[int(number)]
            # In the weight's own layout in memory, which the fused optimiser takes for granted.
            placed = torch.empty_like(weight).copy_(value) if value.shape == weight.shape else value
            slots.setdefault(int(number), {})[name] = placed
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": slots, "param_groups": groups})

    def _checkpoint(self, reason: Reason, figures: bool) -> Checkpoint:
        """The best weights so far on the CPU, with their card; held-out figures only if asked for (they take time)."""
        model = self.recipe.model.build(self.dataset.event_shape)
        weights = self.model.state_dict() if self.best is None else self.best
        model.load_state_dict({k: v.detach().cpu() for k, v in weights.items()})
        model.eval().requires_grad_(False)
        checkpoint = checkpoint_of(model, self._card(model, reason))
        return describe(checkpoint, self.dataset, self.train_rows, self.validation_rows) if figures else checkpoint

    def _card(self, model: Reconstructor, reason: Reason) -> Card:
        source = self.dataset
        return Card(
            recipe=self.recipe,
            data=DataCard(
                name=source.name,
                title=source.title,
                kind=source.kind,
                event_shape=source.event_shape,
                label_names=source.label_names,
                feature_names=source.feature_names,
                fingerprint=source.fingerprint,
                licence=source.licence,
                source=source.source,
                splits=source.splits.note,
                n_train=len(self.items),
                n_validation=len(self.validation_rows),
            ),
            weights=sum(p.numel() for p in model.parameters()),
            history=tuple(self.history),
            best_epoch=self.best_epoch,
            finished=reason,
            versions={"explorer": __version__, "torch": torch.__version__, "python": platform.python_version()},
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            training_seconds=round(self._seconds(), 1),
            device=str(self.place.device),
            licence=f"Weights: MIT. Trained on {source.title} ({source.licence}).",
        )


def _crops(recipe: Recipe, dataset: Dataset) -> Crops:
    """What a step cuts out of each item, checked against the data."""
    part = recipe.data
    if (part.crop or part.augment) and dataset.kind == "table":
        raise TrainingError(
            "Rows of a table cannot be cut, mirrored or turned.", "Set data.crop and data.augment to none."
        )
    if part.crop and part.crop > min(dataset.event_shape[1:]):
        raise TrainingError(
            f"Crops of {part.crop} pixels do not fit into items of the shape {dataset.event_shape}.",
            "Lower data.crop.",
        )
    return Crops(part.crop, part.augment)


def describe(
    checkpoint: Checkpoint, dataset: Dataset, train_rows: np.ndarray, validation_rows: np.ndarray
) -> Checkpoint:
    """A checkpoint whose card has figures on the test split, statistics of its codes and calibration errors.

    The latter two are left out of models whose code is no vector.
    """
    classes = checkpoint.card.recipe.data.classes
    test_rows = evaluation.training_rows(dataset, classes, "test")
    figures = evaluation.evaluate(checkpoint, dataset, test_rows, "test") if len(test_rows) else []
    update: dict[str, Any] = {"metrics": tuple(figures)}
    if isinstance(checkpoint, VectorCheckpoint):
        update |= _statistics(checkpoint, dataset, train_rows, validation_rows)
    return replace(checkpoint, card=checkpoint.card.model_copy(update=update))


def _statistics(
    checkpoint: VectorCheckpoint, dataset: Dataset, train_rows: np.ndarray, validation_rows: np.ndarray
) -> dict[str, Any]:
    train_rows = train_rows[: evaluation.MAX_STATISTICS_ITEMS]
    measured_rows_rows = (validation_rows if len(validation_rows) else train_rows)[: evaluation.MAX_STATISTICS_ITEMS]
    x = dataset.tensor(measured_rows_rows)
    kl = None
    if checkpoint.is_variational:
        mu, logvar = checkpoint.posterior(x)
        kl = evaluation.mean_kl_per_dimension(mu, logvar)
    return {
        "latent": evaluation.latent_statistics(checkpoint.encode(dataset.tensor(train_rows)), "train"),
        "calibration": evaluation.thinned(checkpoint.reconstruction_errors(x)),
        "kl_per_dimension": kl,
    }


class _DivergedError(Exception):
    """A loss term stopped being finite."""

    def __init__(self, term: str, value: float) -> None:
        super().__init__(term)
        self.term, self.value = term, value


def _seed(*parts: int) -> int:
    """One 63-bit seed from several numbers; streams of neighbouring steps do not overlap."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> np.uint64(1))


def _evenly_spaced(n: int, at_most: int) -> Tensor:
    """Evenly spread positions among ``n``, the first and the last among them."""
    return torch.linspace(0, n - 1, min(n, at_most), dtype=torch.float64).round().long()


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
