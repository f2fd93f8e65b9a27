"""What variational families share in a recipe: likelihood, prior, and the weight of the KL."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from explorer.core.applicability import choices, only_where
from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.likelihoods import ColumnLikelihood, LikelihoodName
from explorer.models.base import ModelConfig
from explorer.priors import REGISTRY as PRIORS
from explorer.priors import PriorName


class VariationalSettings(ModelConfig):
    """What every variational family has in a recipe, whatever its layers are."""

    takes: ClassVar[frozenset[str]] = frozenset({"objective"})

    likelihood: LikelihoodName = Field(
        "bernoulli",
        title="Likelihood",
        description="Bernoulli: each pixel a probability, as it is or binarised anew each time. Gaussian: with one "
        "learned sigma, or one for each value. Discretised logistic: of the 256 grey levels. "
        "Categorical: a chance for each of a few levels. Of tables: Gaussian; "
        "Poisson and negative binomial where all columns are counts; by column where they differ.",
        json_schema_extra=choices(
            for_rows=[name for name, one in LIKELIHOODS.items() if one.of_tables],
            for_images=[name for name, one in LIKELIHOODS.items() if one.of_images],
            only_for_counts=[
                name for name, one in LIKELIHOODS.items() if isinstance(one, ColumnLikelihood) and one.counts == "all"
            ],
        ),
    )
    levels: int = Field(
        16,
        ge=2,
        le=256,
        title="Grey levels",
        description="Of a categorical likelihood: images are rounded to so many; the last layer has as many values for "
        "each pixel.",
        json_schema_extra=only_where({"likelihood": [name for name, one in LIKELIHOODS.items() if one.has_levels]}),
    )
    prior: PriorName = Field(
        "standard_normal",
        title="Prior",
        description="What codes are pulled to. Mixture: several Gaussians, learnt. Vamp: the mean of the posteriors of "
        "items that are learnt (Tomczak and Welling 2018). Both give up the KL's closed form.",
    )
    prior_components: int = Field(
        50,
        ge=1,
        le=5000,
        title="Parts of the prior",
        description="Gaussians of a mixture, or pseudo-inputs of a VampPrior; a standard normal has none.",
        json_schema_extra=only_where({"prior": [name for name, one in PRIORS.items() if not one.is_standard_normal]}),
    )
    beta: float = Field(
        1.0,
        ge=0,
        le=1000,
        title="Beta",
        description="Weight of the KL; above 1 for a simpler code (Higgins 2017).",
        json_schema_extra=only_where({"has_beta": [True]}),
    )
    kl_warmup_epochs: float = Field(
        0.0,
        ge=0,
        le=1000,
        title="KL warm-up",
        description="Epochs over which the KL's weight grows from 0 to beta.",
        json_schema_extra={"unit": "epochs", **only_where({"has_beta": [True]})},
    )

    @property
    def has_standard_normal(self) -> bool:
        return PRIORS[self.prior].is_standard_normal
