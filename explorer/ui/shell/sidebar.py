"""The sidebar on every page: what the page uses, one model, one dataset, and the visitor's own files."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from explorer.checkpoints import Card, Checkpoint
from explorer.core.errors import ExplorerError
from explorer.data import DATASETS, Dataset, ImportOptions, SplitAsked
from explorer.data.vectors import are_vectors
from explorer.io.images import channels_note
from explorer.io.images.asked import of_shape
from explorer.models import REGISTRY
from explorer.priors import REGISTRY as PRIORS
from explorer.ui.shell import (
    columns_beside,
    foreign_model,
    former_links,
    in_use,
    kept,
    session,
    user_data,
    user_files,
    vector_items,
)
from explorer.ui.shell.session import Context
from explorer.ui.shell.user_data import UserSource
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.findings import name_findings
from explorer.ui.widgets.history import browser_history, went_back
from explorer.ui.widgets.pictures import strip
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, weights

THUMBNAILS = 6
MAIN_FIGURES = ("ELBO", "reconstruction error", "PSNR at noise level 25")
"""The figure of a card's description: the first of these that it has."""
FILLED = ("model", "data", session.LABEL, kept.PARAMETER, "photo", "run", "form")
"""Parameters of the link that a page adds by itself."""
CHOSEN = (item_choice.ITEM, "view", "inspect", "denoise_what", "form")
"""Parameters of the link that controls write, whose changes Back undoes; what Python writes is undone in any case."""
FOREIGN = "foreign_data"
"""In the session: the name of data that the model did not take, the model, and what it lacks."""
WITHOUT_MODEL = "No model: vectors alone"
DATA_HELP = "Items for the model. With no dataset, items are decoded from random codes."


def sidebar() -> None:
    """Draw the pickers; the choice is kept over pages and stands in the URL."""
    former_links.translate()
    kept.resume()
    with st.sidebar:
        in_use.reserve_place()
        _model_picker()
        _data_picker()
        in_use.page_uses()
        _open_checkpoint()
        _add_data()
        _bring_in()
        browser_history("model", FILLED, CHOSEN, key="browser_history")


def _model_picker() -> None:
    models = session.models()
    names = [*models, session.NO_MODEL]
    if not models:
        st.info("No checkpoint yet: train one on the Train page.")
    _settle_choice("model", names, session.FIRST_MODEL if session.FIRST_MODEL in names else names[0])
    titles = _titles(models) | {session.NO_MODEL: WITHOUT_MODEL}
    name = st.selectbox(
        "Model",
        names,
        key="model",
        format_func=titles.__getitem__,
        help="Sorted by data, family and code size. Without a model, the items' own numbers are laid out as they are: "
        "embeddings from elsewhere, or the columns of a table.",
    )
    card = models.get(name)
    if card is not None:
        explained(describe(card))
        if card.n_labels:
            _label_picker(str(name))
        name_findings(card.findings or ())
        with st.popover("Details", width="stretch"):
            _details(card)


def _label_picker(name: str) -> None:
    """The label that a conditional model is given: with it, it is an ordinary model for items of that label."""
    try:
        conditional = session.conditional_of(name)
    except ExplorerError:
        return  # the page says what is wrong with the file
    if conditional is None:
        return
    _settle_choice(session.LABEL, list(conditional.labels), conditional.labels[0])
    st.query_params[session.LABEL] = st.selectbox(
        "Label",
        conditional.labels,
        key=session.LABEL,
        help="The model is conditional: it encodes and decodes items as of this label, and items of this label are"
        " shown. For another label it is another model, with codes that mean the same.",
    )


def _data_picker() -> None:
    model = st.session_state.get("model")
    card = session.card_of(model) if model else None
    if session.takes_photos(card):
        st.session_state["data"] = None
        st.query_params.update({"model": model or ""})
        st.caption("Takes photos of any size: choose them on the Denoise page.")
        return
    names, preferred = _data_on_offer(card)
    if card is not None:
        _offer_trained_on(card)
    if not names:
        st.session_state["data"] = None
        return
    # A new model brings its own held-out data; a choice made for this model stays.
    if st.session_state.get("data_for") not in (None, model):
        st.session_state["data"] = preferred
    st.session_state["data_for"] = model
    _settle_choice("data", names, preferred)
    name = st.selectbox("Data", names, key="data", format_func=session.dataset_title, help=DATA_HELP)
    if st.session_state.get("item_of") not in (None, name):
        item_choice.forget()
    st.session_state["item_of"] = name
    st.query_params.update({"model": model or "", "data": name})
    user_data.show_reading(name, "data")
    columns_beside.show_columns(name)
    if model:
        _shown_data(model)


def _data_on_offer(card: Card | None) -> tuple[list[str], str | None]:
    """Names of the data that go with the choice of a model, and which of them to open with."""
    if card is None:
        names = vector_items.dataset_names() if session.is_without_model() else session.dataset_names()
        return names, next(iter(names), None)
    if card.lacks == "encoder":
        return [session.NO_DATA], session.NO_DATA
    names = session.dataset_names(card.data.event_shape, card.data.feature_names)
    return [*names, session.NO_DATA], session.preferred_dataset(card, names) or session.NO_DATA


def _shown_data(model: str) -> None:
    """How many items are there, and how many of them are shown."""
    if model == session.NO_MODEL or session.lacks_decoder():
        _vectors()
        return
    try:
        context = session.current()
    except ExplorerError as error:
        st.error(plain(str(error)))
        return
    if not context.is_real:
        _decoded_samples(context)
        return
    st.caption(f"{len(context.dataset):,} {'images' if context.is_image else 'rows'} · showing {context.split}")
    if context.dataset.first_splits is not None:
        st.caption(plain(f"Split: {context.dataset.splits.note}"))
    if context.is_image and max(context.dataset.event_shape[1:]) <= 64:
        shown = context.x(context.samples(THUMBNAILS))
        strip(shown, size=36, alt="Items of the dataset")
        strip(context.checkpoint.reconstruct(shown), size=36, alt="Their reconstructions by the model")
        st.caption("Items above, the model's reconstructions below.")
    if note := channels_note(context.dataset.event_shape):
        st.caption(note)


def _vectors() -> None:
    """How many items with vectors are there, and how many of them are shown."""
    try:
        context = vector_items.current()
    except ExplorerError as error:
        st.error(plain(str(error)))
        return
    word = "images" if context.is_image else "rows"
    st.caption(f"{len(context.dataset):,} {word} with {context.code_size:,} numbers each · showing {context.split}")


def _offer_trained_on(card: Card) -> None:
    """Where the data that a model learnt from lies under a path on this machine and is not open: the way to it."""
    path = card.recipe.data.dataset
    if path in DATASETS or path in session.user_datasets() or not user_data.is_there(path):
        return
    if st.button(
        f"Open the data it was trained on: {plain(card.data.title)}",
        icon=":material/folder_open:",
        help=f"It lies under {path}.",
        key="open_trained_on",
        width="stretch",
    ):
        part = card.recipe.data
        options = replace(
            part.options, like=card.data.contract, model_columns=card.data.feature_names, split=SplitAsked()
        )
        _use(user_data.add(UserSource(None, path, options), "data"), card)


def _decoded_samples(context: Context) -> None:
    """What is shown where there is no data: nothing real."""
    if session.dataset_names(context.checkpoint.event_shape, context.card.data.feature_names):
        st.caption(context.dataset.source)
    else:
        shape = " x ".join(map(str, context.checkpoint.event_shape))
        st.caption(f"No dataset here has items of {shape}. {context.dataset.source}")
    if context.is_image and max(context.dataset.event_shape[1:]) <= 64:
        strip(context.x(context.samples(THUMBNAILS)), size=36, alt="Decoded samples")
    if note := channels_note(context.dataset.event_shape):
        st.caption(note)


def _settle_choice(key: str, names: list[str], default: str | None) -> None:
    """Start from the URL, and never from a name that is not there any more."""
    wanted = st.session_state.pop(f"next_{key}", None)
    if wanted is not None:
        st.session_state[key] = wanted
    if key not in st.session_state or went_back():
        st.session_state[key] = st.query_params.get(key) or st.session_state.get(key, default)
    if st.session_state[key] not in names:
        wanted = st.session_state[key]
        if wanted and key == "model":
            st.session_state["model_missed"] = wanted, default
        st.session_state[key] = default
    # A page may run again by itself before anybody has read it: it stands until another model is chosen.
    missed, shown = st.session_state.get("model_missed", (None, None))
    if key == "model" and missed and st.session_state[key] == shown:
        st.warning(f"There is no checkpoint called {missed!r} here; showing another model.")
    elif key == "model":
        st.session_state.pop("model_missed", None)


def _titles(models: Mapping[str, Card | None]) -> dict[str, str]:
    """What the picker calls each model: its title, with the name where two share one."""
    taken = Counter(card.title for card in models.values() if card is not None)
    return {
        name: f"{name} (cannot be read)"
        if card is None
        else (card.title if taken[card.title] == 1 else f"{card.title} ({name})")
        for name, card in models.items()
    }


def describe(card: Card) -> str:
    """One line on a checkpoint: family, code, weights and its main held-out figure."""
    family = REGISTRY[card.recipe.model.family][1].title
    size = f", {card.code_size}-D" if card.code_size else ""
    parts = [f"{family}{size}", weights(card.weights)]
    if card.lacks:
        parts.append(f"without {'an encoder' if card.lacks == 'encoder' else 'a decoder'}")
    if card.origin:
        parts.append("trained elsewhere")
    if card.recipe.corruption is not None:
        parts.insert(1, f"trained on {card.recipe.corruption.title.lower()} noise")
    if card.recipe.penalty is not None:
        parts.insert(1, card.recipe.penalty.title.lower())
    prior = getattr(card.recipe.model, "prior", "")
    if prior and not PRIORS[prior].is_standard_normal:
        parts.insert(1, f"prior: {PRIORS[prior].title}")
    if card.recipe.model.is_conditional:
        parts.insert(1, "conditional on the label")
    if card.recipe.objective is not None:
        parts.insert(1, card.recipe.objective.title.lower())
    metric = next((figure for name in MAIN_FIGURES if (figure := card.metric(name))), None)
    if metric is not None:
        unit = metric.unit if metric.unit in ("nats", "dB") else ""
        parts.append(f"{metric.split} {metric.name} {metric.value:.4g} {unit}".strip())
    return " · ".join(parts)


def _details(card: Card) -> None:
    st.markdown(f"**{plain(card.title)}**")
    rows = {m.name: f"{m.value:.4g} {m.unit} ({m.split}, n = {m.n:,})" for m in card.metrics}
    minutes = card.training_seconds / 60
    trained = {
        "Trained on": f"{card.data.title}, {card.data.n_train:,} items",
        "Split": card.data.splits.rstrip("."),
        "Best epoch": str(card.best_epoch),
        "Training time": f"{minutes:.1f} min on {card.device}" if math.isfinite(minutes) else card.device,
    }
    rows |= ({"Origin": card.origin, "Measured on": card.data.title} if card.origin else trained) | {
        "Licence": card.licence
    }
    for name, value in rows.items():
        explained(f"{plain(name)}: {plain(value)}")
    st.code(card.recipe.to_toml(training=not card.origin), language="toml")


def _open_checkpoint() -> None:
    with st.popover("Open a checkpoint", icon=":material/folder_open:", width="stretch"):
        files = user_files.take(
            "Checkpoint file (.safetensors)", None, session.CHECKPOINT_UPLOAD, several=True, adds=True
        )
        opened = [session.open_checkpoint(file) for file in files]
        for problem in opened:
            if isinstance(problem, ExplorerError):
                st.error(plain(str(problem)))
    if files and user_data.is_new(files[-1].key, "checkpoint_seen") and isinstance(opened[-1], Checkpoint):
        st.session_state["next_model"] = opened[-1].name
        st.rerun()


def _bring_in() -> None:
    # Not in a popover: it ends at the window's lower edge, and the form is long.
    with st.expander("Bring in a model (ONNX)", icon=":material/move_to_inbox:"):
        brought = foreign_model.form()
    if brought is not None:
        st.session_state["next_model"] = brought
        st.rerun()


def _add_data() -> None:
    with st.popover("Add my data", icon=":material/add:", width="stretch"):
        scale = st.toggle(
            "Read it for the chosen model",
            value=True,
            help="Images get the model's size, columns are found by their names. Off: as it is, to train on it.",
        )
        model = st.session_state.get("model")
        card = session.card_of(model) if model else None
        _use(user_data.form("data", _options(card) if scale else ImportOptions()), card)
        columns_beside.columns_form(st.session_state.get("data") or "")
        for added in session.user_datasets().values():
            st.caption(f"{plain(added.title)}: {len(added):,} items of {' x '.join(map(str, added.event_shape))}")
        _kept_note()
    question = st.empty()
    with question.container():
        answered = user_data.decide("data")
    if answered is not None:
        question.empty()
        _use(answered, card)
    _foreign_note(card)


def _options(card: Card | None) -> ImportOptions:
    """So that images fit the model, and a table is read as that it learnt from."""
    if card is None:
        return ImportOptions()
    of_model = card.data
    return ImportOptions(of_shape(of_model.event_shape), like=of_model.contract, model_columns=of_model.feature_names)


def _use(added: Dataset | None, card: Card | None) -> None:
    """Choose data that was added just now, where the model takes them."""
    if added is None:
        return
    if session.is_without_model() and are_vectors(added):
        kept.forget(FOREIGN)
        st.session_state["next_data"] = added.name
        st.rerun()
    if card is not None and added.name in session.dataset_names(card.data.event_shape, card.data.feature_names):
        kept.forget(FOREIGN)
        st.session_state["next_data"] = added.name
        st.rerun()
    kept.keep(FOREIGN, (added.name, st.session_state.get("model"), st.session_state.get(user_data.MISFIT, "")))


def _foreign_note(card: Card | None) -> None:
    """That the data which was added last is none for the model, as long as it is there and this is so."""
    name, model, misfit = st.session_state.get(FOREIGN, ("", None, ""))
    added = session.user_datasets().get(name)
    if added is None:
        return
    if card is not None and name in session.dataset_names(card.data.event_shape, card.data.feature_names):
        return
    if session.is_without_model() and are_vectors(added):
        return
    takes = "nothing yet" if card is None else user_data.in_words(card.data.event_shape, card.data.feature_names)
    why = plain(misfit) if model == st.session_state.get("model") else ""
    st.info(
        f"{plain(added.title)} is not shown. This model takes {takes}. {why}\n\nTrain one on this data: it can be"
        " chosen on the Train page."
    )
    if are_vectors(added) and st.button(
        "Show its own vectors",
        icon=":material/scatter_plot:",
        key="show_vectors",
        width="stretch",
        help="On Latent space, without a model: its numbers are laid out as they are.",
    ):
        st.session_state["next_model"], st.session_state["next_data"] = session.NO_MODEL, name
        st.rerun()


def _kept_note() -> None:
    """What becomes of what the visitor gives, and the way to have it forgotten."""
    if not kept.is_kept():
        st.caption("It stays in this server's memory; nothing is written to disk and nothing leaves this machine.")
        return
    st.caption(
        f"It stays in this server's memory, for {kept.HOURS:g} hours: a reload finds it by *{kept.PARAMETER}* in this "
        "page's address, and so does whoever else has the whole address."
    )
    if st.button("Forget my data", icon=":material/delete:", key="forget"):
        user_data.forget()
        st.rerun()
