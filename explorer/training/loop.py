"""Training: a recipe goes in, a stream of events comes out. No printing, no files, no user interface.

Every random draw of step t comes from a generator seeded with (seed, t), and every epoch's order from (seed, stage,
epoch), so a run that is resumed draws what it would have drawn.
"""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from explorer import checkpoints, diagnosis
from explorer.checkpoints import Checkpoint, TrainingFinding, checkpoint_of
from explorer.core.denormals import denormals_flushed
from explorer.core.devices import Placement, is_same, place
from explorer.core.errors import TrainingError
from explorer.core.row_samples import spread_positions
from explorer.data.base import Dataset
from explorer.data.reading import how_read
from explorer.models import Reconstructor, Stage
from explorer.recipe import Recipe
from explorer.training.average import WeightAverage
from explorer.training.card import card_of, describe
from explorer.training.columns import fit_columns
from explorer.training.events import EpochFinished, Event, Finished, Preview, Reason, Started, State, Step
from explorer.training.identity import belongs, number_of
from explorer.training.items import items_of, label_count
from explorer.training.progress import TrainingProgress
from explorer.training.schedule import learning_rate, order_of, seed_of
from explorer.training.step import DivergedError, StepLoss, load_optimiser, optimiser_for, set_rate
from explorer.training.step_figures import StepLength
from explorer.training.validation import preview_of, validation_loss

CHECK_EVERY = 20
"""On an accelerator a loss is looked at only every so many steps, since looking waits for the device."""


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
    if resume is not None and not belongs(resume, recipe, dataset):
        raise TrainingError(
            "The saved state belongs to another recipe or other data.", "Start a new run instead of resuming."
        )
    with denormals_flushed():
        yield from _Training(recipe, dataset, resume).events()


class _Training:
    """The mutable middle of one training: model, optimiser, counters. Only ``events`` is used from outside."""

    def __init__(self, recipe: Recipe, dataset: Dataset, resume: State | None) -> None:
        self.recipe, self.dataset = recipe, dataset
        self.place: Placement = place(recipe.training.device)
        torch.manual_seed(recipe.training.seed)
        self.model: Reconstructor = recipe.build(dataset.event_shape, label_count(recipe, dataset))
        self.model.to(self.place.device)
        self.items = items_of(recipe, dataset, self.place.device)
        if not is_same(number_of(recipe, dataset)):
            raise TrainingError(
                "The processes of this training do not have the same recipe and data.",
                "Give each of them the same recipe file, and the same dataset on each machine.",
            )
        if self.model.is_table:
            self.dataset = fit_columns(self.model, dataset, self.items.train)
        self.items.count_labels(self.model)
        if resume is not None:
            self.model.load_state_dict(resume.under("model."))
        elif recipe.training.start_from:
            start = checkpoints.load(recipe.training.start_from)
            self.model.start_from(start.model.state_dict(), start.name)
        elif self.model.first_items:
            chosen = torch.from_numpy(spread_positions(len(self.items.train), self.model.first_items))
            self.model.begin(self.items.train.batch(chosen))
        self.stages = self.model.stages()
        self.generator = torch.Generator(self.place.device)
        saved = State({}, {}) if resume is None else resume
        self.progress = TrainingProgress() if resume is None else TrainingProgress.of(resume.values)
        self.best = {k: v.to(self.place.device) for k, v in saved.under("best.").items()} or None
        self.sums = saved.tensors["sums.values"].to(self.place.device) if "sums.values" in saved.tensors else None
        self.average: WeightAverage | None = None
        self.average_state = saved.under("average.") or None
        self.optimiser: torch.optim.Optimizer
        self.optimiser_state = saved.under("optimiser.") or None
        self.started = time.perf_counter()

    # --- the stream -------------------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        yield self._started()
        while True:
            stage = self.stages[self.progress.stage_number]
            step_loss = self._prepare(stage)
            while self.progress.epoch < self._epochs(stage) and not self._out_of_patience():
                try:
                    yield from self._run_epoch(stage, step_loss)
                except DivergedError as diverged:
                    yield self._diverged(diverged)
                    return
            if self._is_main_stage:
                self.progress.stopped_early = self.progress.epoch < self._epochs(stage)
            if self.progress.stage_number == len(self.stages) - 1:
                break
            self._next_stage()
        yield self.finish("early stopping" if self.progress.stopped_early else "completed")

    def _next_stage(self) -> None:
        """Go on to the next stage; one that comes after the model starts from the best weights of the model."""
        if self._is_main_stage and self.best is not None:
            self.model.load_state_dict(self.best)
        self.average = None
        self.progress.next_stage()

    def finish(self, reason: Reason = "stopped") -> Finished:
        """The last event, as of now: the best weights so far with held-out figures."""
        checkpoint = self._checkpoint(reason, figures=True)
        findings = checkpoint.card.findings or ()
        return Finished(reason, self.progress.best_epoch, self._seconds(), checkpoint=checkpoint, findings=findings)

    def _started(self) -> Started:
        return Started(
            name=self.recipe.name,
            dataset=self.dataset.title,
            n_train=len(self.items.train),
            n_validation=len(self.items.validation_rows),
            weights=sum(p.numel() for p in self.model.parameters()),
            device=str(self.place.device),
            stages=[(stage.name, self._epochs(stage)) for stage in self.stages],
            main_stage=next(stage.name for stage in reversed(self.stages) if not stage.is_after),
            steps_per_epoch=len(self.batches),
            resumed_at_step=self.progress.step,
            processes=self.place.world,
            contract=None if self.dataset.contract is None else self.dataset.contract.answer,
            read=[*how_read(self.dataset), *([weights.words] if (weights := self.items.class_weights) else [])],
        )

    def _run_epoch(self, stage: Stage, step_loss: nn.Module) -> Iterator[Event]:
        start, first_step = time.perf_counter(), self.progress.step_in_epoch
        order = self._order()
        if first_step == 0:
            self.sums, self.progress.items_seen = None, 0
        self.model.train()
        for number in range(first_step, len(self.batches)):
            part = self.batches[number]
            weight = part.stop - part.start
            if weight < self.place.world:
                continue
            terms = self._step(stage, step_loss, order[self.place.own(part)], weight)
            epoch, step = self.progress.epoch + 1, self.progress.step
            yield Step(stage.name, epoch, step, terms, self.snapshot, self.finish, self._preview_now)
        self.progress.next_epoch()
        items = sum(part.stop - part.start for part in self.batches[first_step:])
        yield self._epoch_finished(stage, time.perf_counter() - start, items)

    def _order(self) -> Tensor:
        """This epoch's; of items that are read from the disk each process has the same part in all epochs.

        What it has read once is then kept in its machine's memory as long as its part fits there.
        """
        n = len(self.items.train)
        shares = 1 if self.items.train.is_held else min(n, self.place.world)
        return order_of(self.recipe, n, self.progress.stage_number, self.progress.epoch, shares)

    def _step(self, stage: Stage, step_loss: nn.Module, batch: Tensor, weight: int) -> dict[str, float]:
        training = self.recipe.training
        at = self.progress.epoch + self.progress.step_in_epoch / len(self.batches)
        losses = self._losses(stage) if training.schedule == "plateau" else ()
        rate = learning_rate(training, at, self._epochs(stage), len(self.batches), losses)
        set_rate(self.optimiser, rate)
        seed = seed_of(training.seed, self.progress.step, self.place.rank)
        self.generator.manual_seed(seed)
        if self._drops_out:
            torch.manual_seed(seed)  # torch's own layer draws from the global generator
        self.model.anneal(at)
        self.optimiser.zero_grad(set_to_none=True)
        # Gradients and terms are averaged over the processes, of which one may have an item more than another.
        own = len(batch) * self.place.world / weight
        if training.parts == 1:
            values = self._backward(stage, step_loss, batch, own) * own
        else:
            parts = self._parts(batch)
            shares = [own * len(part) / len(batch) for part in parts]
            both = zip(parts, shares, strict=True)
            values = torch.stack([share * self._backward(stage, step_loss, part, share) for part, share in both]).sum(0)
        if training.clip_norm:
            torch.nn.utils.clip_grad_norm_(stage.modules.parameters(), training.clip_norm)
        at_an_end = self.progress.step_in_epoch in (0, len(self.batches) - 1)
        length = StepLength(stage.modules.parameters()) if at_an_end and training.optimiser == "sgd" else None
        self.optimiser.step()
        if length is not None:
            self.progress.step_lengths.append(length.after())
        self.progress.next_step()
        if self.average is not None:
            self.average.update(self.progress.step)
        self._accumulate(values, weight)
        if self.place.device.type == "cpu" or self.progress.step % CHECK_EVERY == 0:
            terms = self._checked(self.place.mean(values).tolist())
            self.progress.steps_seen.see(terms["total"])
            return terms
        return {}

    @functools.cached_property
    def _drops_out(self) -> bool:
        return any(isinstance(module, nn.Dropout) for module in self.model.modules())

    def _parts(self, batch: Tensor) -> list[Tensor]:
        """A batch in the parts that go through the model one after the other, none below what the model needs."""
        most = max(1, len(batch) // self.model.least_batch)
        return list(batch.tensor_split(min(self.recipe.training.parts, most)))

    def _backward(self, stage: Stage, step_loss: nn.Module, batch: Tensor, share: float) -> Tensor:
        """Add the gradient of some items, weighed by their share of the step; the loss and its terms as they are."""
        target = stage.inputs(self.items.train.batch(batch, lambda items: self.items.crops(items, self.generator)))
        x = target if self.recipe.corruption is None else self.recipe.corruption(target, self.generator)
        weights = self.items.train_weights
        with self._autocast(), self.items.train.telling(self.model, batch):
            total, terms = step_loss(x, target, self.generator, None if weights is None else weights[batch])
        self.place.backward(total if share == 1 else total * share)
        self.progress.names = ["total", *terms]
        return torch.stack([total.detach().float(), *(v.detach().float() for v in terms.values())])

    def _losses(self, stage: Stage) -> list[float]:
        """The validation figure of each epoch of a stage so far."""
        of_stage = [entry for entry in self.progress.history if entry["stage"] == stage.name]
        return [entry["validation"][self._best_by(entry["validation"])] for entry in of_stage]

    def _best_by(self, validation: dict[str, float]) -> str:
        """The name of the figure that chooses the best epoch; of another stage, which has other terms, the total.

        Raises:
            TrainingError: the loss has no such term.
        """
        name = self.recipe.training.best_by
        if name not in validation and self._is_main_stage:
            raise TrainingError(
                f"There is no validation figure {name!r} to choose the best epoch by.",
                f"Set training.best_by to one of: {', '.join(validation)}.",
            )
        return name if name in validation else "total"

    def _averaged(self) -> contextlib.AbstractContextManager[None]:
        """Within it the model has the averaged weights, where there are any."""
        return contextlib.nullcontext() if self.average is None else self.average.in_place()

    def _accumulate(self, values: Tensor, weight: int) -> None:
        # On the device, in double precision where it has any: an epoch may have many steps.
        values = values if values.device.type == "mps" else values.double()
        self.sums = values * weight if self.sums is None else self.sums.add_(values, alpha=weight)
        self.progress.items_seen += weight

    def _checked(self, values: list[float]) -> dict[str, float]:
        """The terms by name, all of them finite; every process sees the same values, so all of them stop together."""
        terms = dict(zip(self.progress.names, values, strict=True))
        # The parts first: the total is not finite whenever one of them is not.
        for name in [*self.progress.names[1:], "total"]:
            if not math.isfinite(terms[name]):
                raise DivergedError(name, terms[name])
        return terms

    def _epoch_finished(self, stage: Stage, seconds: float, items: int) -> EpochFinished:
        assert self.sums is not None  # noqa: S101 - an epoch has at least one step
        train = self._checked(self.place.mean(self.sums / self.progress.items_seen).tolist())
        self.model.eval()
        # At the final KL weight and with the same draws every epoch.
        self.model.anneal(math.inf)
        self.generator.manual_seed(self.recipe.training.seed)
        with self._averaged():
            held, weights = self.items.validation, self.items.validation_weights
            validation = validation_loss(self.model, stage, held, self.recipe.corruption, self.generator, weights)
            self._checked([validation[name] for name in self.progress.names])
            best = math.inf if self.progress.best_value is None else self.progress.best_value
            value = validation[self._best_by(validation)]
            improved = (self._is_main_stage or stage.is_after) and value < best
            if improved:
                self.best = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
                self.progress.best_value = value
                if self._is_main_stage:
                    self.progress.best_epoch = self.progress.epoch
        self.progress.history.append(
            {
                "stage": stage.name,
                "epoch": self.progress.epoch,
                "train": train,
                "validation": validation,
                "seconds": round(seconds, 3),
            }
            | ({"is_after": True} if stage.is_after else {})
            | self.progress.told_by_steps()
        )
        preview = self._preview() if self._is_main_stage and self.place.is_main else None
        return EpochFinished(
            stage=stage.name,
            is_after=stage.is_after,
            epoch=self.progress.epoch,
            epochs=self._epochs(stage),
            step=self.progress.step,
            train=train,
            validation=validation,
            learning_rate=self.optimiser.param_groups[0]["lr"],
            seconds=seconds,
            items_per_second=items / max(seconds, 1e-9),
            improved=improved,
            preview=preview,
            snapshot=self.snapshot,
            finish=self.finish,
            best=lambda: self._checkpoint("stopped", figures=False),
            findings=self._findings(preview=preview),
        )

    def _findings(self, finished: str = "", preview: Preview | None = None) -> tuple[TrainingFinding, ...]:
        """What the losses so far and a preview show; of the weights and items nothing is asked beside it."""
        glance = None
        if preview is not None and preview.z.shape[1]:
            glance = diagnosis.Glance(preview.z, preview.kl, preview.x, preview.x_hat)
        return diagnosis.diagnose(
            diagnosis.TrainingRecord(
                self.recipe,
                self.progress.history,
                finished,
                len(self.items.train),
                len(self.items.validation_rows),
                glance=glance,
            )
        )

    def _diverged(self, diverged: DivergedError) -> Finished:
        checkpoint = self._checkpoint("diverged", figures=True) if self.best is not None else None
        return Finished(
            "diverged",
            self.progress.best_epoch,
            self._seconds(),
            message=f"The loss term {diverged.term!r} became {diverged.value} in epoch {self.progress.epoch + 1},"
            f" step {self.progress.step}.",
            hint=f"Lower training.learning_rate (it was {self.recipe.training.learning_rate:g}), or set"
            " training.clip_norm to 1; check the data for extreme values.",
            checkpoint=checkpoint,
            findings=self._findings("diverged") if checkpoint is None else checkpoint.card.findings or (),
        )

    # --- parts of a step ----------------------------------------------------------------------------------------

    def _prepare(self, stage: Stage) -> nn.Module:
        self.optimiser = optimiser_for(stage, self.recipe.training, self.place.device)
        if self.optimiser_state is not None:
            load_optimiser(self.optimiser, self.optimiser_state)
            self.optimiser_state = None
        if self.recipe.training.average and self._is_main_stage:
            self.average = WeightAverage(self.model, self.recipe.training.average, self.average_state)
            self.average_state = None
        module: nn.Module = StepLoss(stage)
        module, self.optimiser = self.place.prepare(module, self.optimiser)
        return torch.compile(module) if self.recipe.training.compile else module  # type: ignore[return-value]

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self.recipe.training.precision == "float32":
            return contextlib.nullcontext()
        return torch.autocast(self.place.device.type, dtype=torch.bfloat16)

    def _preview(self) -> Preview:
        self.generator.manual_seed(self.recipe.training.seed)
        return preview_of(self.model, self.items.validation, self.items.crops, self.recipe.corruption, self.generator)

    def _preview_now(self, codes: int) -> Preview | None:
        """Between two steps; it draws from a generator of its own and leaves the training as it was."""
        if not self._is_main_stage or not self.place.is_main:
            return None
        generator = torch.Generator(self.place.device).manual_seed(self.recipe.training.seed)
        self.model.eval().anneal(math.inf)
        items, corruption = self.items, self.recipe.corruption
        preview = preview_of(self.model, items.validation, items.crops, corruption, generator, codes)
        self.model.train()
        return preview

    # --- states and the checkpoint ------------------------------------------------------------------------------

    @functools.cached_property
    def batches(self) -> list[slice]:
        """The parts of each epoch's order."""
        return self.items.batches(self.recipe, self.model.least_batch * self.place.world)

    @property
    def _is_main_stage(self) -> bool:
        """Whether it is the last stage that trains the model itself."""
        return self.progress.stage_number == max(i for i, stage in enumerate(self.stages) if not stage.is_after)

    def _epochs(self, stage: Stage) -> int:
        return self.recipe.training.epochs if stage.epochs is None else stage.epochs

    def _out_of_patience(self) -> bool:
        patience = self.recipe.training.patience
        return self._is_main_stage and bool(patience) and self.progress.epoch - self.progress.best_epoch >= patience

    def _seconds(self) -> float:
        return self.progress.seconds + time.perf_counter() - self.started

    def snapshot(self) -> State:
        """The state after the newest step: copies, so that training may go on."""
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        tensors |= {f"best.{k}": v for k, v in (self.best or {}).items()}
        tensors |= {} if self.sums is None else {"sums.values": self.sums}
        state = self.optimiser.state_dict()["state"]
        tensors |= {f"optimiser.{i}.{k}": v for i, slots in state.items() for k, v in slots.items() if v is not None}
        if self.average is not None:
            tensors |= {f"average.{k}": v for k, v in self.average.tensors().items()}
        made_of = {"recipe": self.recipe.model_dump(mode="json"), "fingerprint": self.dataset.fingerprint}
        values = made_of | self.progress.values(self._seconds())
        return State({k: v.detach().cpu().clone().contiguous() for k, v in tensors.items()}, values)

    def _checkpoint(self, reason: Reason, figures: bool) -> Checkpoint:
        """The best weights so far on the CPU, with their card; held-out figures only if asked for (they take time)."""
        model = self.recipe.build(self.dataset.event_shape, self.model.n_labels)
        weights = self.model.state_dict() if self.best is None else self.best
        model.load_state_dict({k: v.detach().cpu() for k, v in weights.items()})
        model.eval().requires_grad_(False)
        card = card_of(
            self.recipe,
            self.dataset,
            model,
            n_train=len(self.items.train),
            n_validation=len(self.items.validation_rows),
            history=tuple(self.progress.history),
            best_epoch=self.progress.best_epoch,
            finished=reason,
            training_seconds=round(self._seconds(), 1),
            device=str(self.place.device),
        )
        checkpoint = checkpoint_of(model, card)
        return (
            describe(checkpoint, self.dataset, self.items.train_rows, self.items.validation_rows)
            if figures
            else checkpoint
        )
