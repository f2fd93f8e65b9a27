"""What a user says of which items are to learn from, to validate and to test on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from explorer.core.applicability import SOME, only_where

MAX_FOLDS = 1000
_OWN = only_where({"is_shipped": [False]})


class SplitAsked(BaseModel):
    """A split of one's own, by a column, by lists, by groups or by folds; nothing said: the data's own, or by seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(
        "",
        title="Split column",
        description="A column, array or labels.csv beside a folder whose values say train, validation or test of each "
        "item; it is not learnt from.",
        json_schema_extra=_OWN,
    )
    validation: tuple[str, ...] = Field(
        (),
        title="Validation items",
        description="Values of the split column; without one numbers of rows, as 1-100, or names of files. None: some "
        "of the training items, by the split seed.",
        json_schema_extra={"empty": "As they come or by the split seed"},
    )
    test: tuple[str, ...] = Field(
        (),
        title="Test items",
        description="The same of the items that are held out for testing; all that are not named are trained on.",
        json_schema_extra={"empty": "As they come or by the split seed"},
    )
    test_data: str = Field(
        "",
        title="Test file",
        description="A second file or folder, all of whose items are held out for testing. It is read as the dataset "
        "is: its columns, scale and categories have to be the same.",
        json_schema_extra={**_OWN, "empty": "None"},
    )
    validation_data: str = Field(
        "",
        title="Validation file",
        description="The same of the items that choose the best epoch; empty: some of the training items.",
        json_schema_extra={**_OWN, "empty": "None"},
    )
    groups: str = Field(
        "",
        title="Group column",
        description="Items of one value, such as a patient, never stand on both sides of a split; not learnt from.",
        json_schema_extra=_OWN,
    )
    folds: int = Field(
        0,
        ge=0,
        le=MAX_FOLDS,
        title="Folds",
        description="Parts of equal size, by rows or by groups, of which one is held out for testing; 0: no folds.",
    )
    fold: int = Field(
        1,
        ge=1,
        le=MAX_FOLDS,
        title="Fold held out",
        description="The number of that part, from 1. All in turn: explorer folds RECIPE.",
        json_schema_extra=only_where({"folds": SOME}),
    )

    @model_validator(mode="after")
    def _fold_is_one_of_them(self) -> SplitAsked:
        if self.folds == 1:
            raise ValueError(
                "one fold leaves nothing to learn from: set data.split.folds to 2 or more, or to 0 for none"
            )
        if self.fold > max(self.folds, 1):
            of = f"there is no fold {self.fold} of {self.folds}" if self.folds else "set data.split.folds too"
            raise ValueError(f"data.split.fold: {of}")
        if self.files and (self.column or self.test or self.validation):
            raise ValueError(
                "data.split.test_data: files say which items are held out, and so do a split column or lists of items;"
                " leave one of them out"
            )
        if self.validation_data and self.folds:
            raise ValueError(
                "data.split.validation_data: the model of a fold is chosen by items of the other folds; leave it out"
            )
        if self.test_data and self.test_data == self.validation_data:
            raise ValueError("data.split.validation_data: it is the test file, too")
        if both := sorted({*self.validation} & {*self.test}):
            raise ValueError(f"data.split.test: {both[0]!r} cannot be for validation and for testing")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it goes by."""
        return tuple(filter(None, (self.column, self.groups)))

    @property
    def is_said(self) -> bool:
        """Whether it says anything."""
        return bool(self.columns or self.validation or self.test or self.folds or self.files)

    @property
    def files(self) -> dict[Literal["validation", "test"], str]:
        """The files whose items are held out, by what for."""
        named: dict[Literal["validation", "test"], str] = {"validation": self.validation_data, "test": self.test_data}
        return {split: file for split, file in named.items() if file}
