"""The sidebar on every page: one model, one dataset, and the ways to bring one's own."""

from __future__ import annotations

import math

import streamlit as st

from explorer import checkpoints, data
from explorer.checkpoints import Card
from explorer.errors import ExplorerError
from explorer.models import REGISTRY
from explorer.ui import session
from explorer.ui.pictures import strip

THUMBNAILS = 6


def sidebar() -> None:
    """Draw the pickers; the choice is kept over pages and stands in the URL."""
    with st.sidebar:
        _model_picker()
        _data_picker()
        _open_checkpoint()
        _add_data()


def _model_picker() -> None:
    names = session.model_names()
    if not names:
        st.session_state["model"] = None
        st.info("No checkpoint yet: train one on the Train page.")
        return
    _settle_choice("model", names, names[0])
    name = st.selectbox("Model", names, key="model", format_func=_model_title, help="The checkpoint every page shows.")
    card = session.card_of(name)
    if card is not None:
        st.caption(describe(card))
        with st.popover("Details", width="stretch"):
            _details(card)


def _data_picker() -> None:
    model = st.session_state.get("model")
    card = session.card_of(model) if model else None
    names = session.dataset_names(card.data.event_shape if card else None)
    if not names:
        st.session_state["data"] = None
        return
    preferred = session.preferred_dataset(card, names) if card else names[0]
    # A new model brings its own held-out data; a choice made for this model stays.
    if st.session_state.get("data_for") not in (None, model):
        st.session_state["data"] = preferred
    st.session_state["data_for"] = model
    _settle_choice("data", names, preferred)
    name = st.selectbox("Data", names, key="data", format_func=session.dataset_title, help="Items shown to the model.")
    st.query_params.update({"model": model or "", "data": name})
    if not model:
        return
    try:
        now = session.current()
    except ExplorerError as error:
        st.caption(str(error))
        return
    st.caption(f"{len(now.dataset):,} {'images' if now.is_image else 'rows'} · showing {now.split}")
    if now.is_image and max(now.dataset.event_shape[1:]) <= 64:
        shown = now.x(now.samples(THUMBNAILS))
        strip(shown, size=36, alt="Items of the dataset")
        strip(now.checkpoint.reconstruct(shown), size=36, alt="Their reconstructions by the model")
        st.caption("Items above, the model's reconstructions below.")


def _settle_choice(key: str, names: list[str], default: str | None) -> None:
    """Start from the URL, and never from a name that is not there any more."""
    wanted = st.session_state.pop(f"next_{key}", None)
    if wanted is not None:
        st.session_state[key] = wanted
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(key, default)
    if st.session_state[key] not in names:
        wanted = st.session_state[key]
        if wanted and key == "model":
            st.warning(f"There is no checkpoint called {wanted!r} here; showing another one.")
        st.session_state[key] = default


def _model_title(name: str) -> str:
    card = session.card_of(name)
    return f"{name} (cannot be read)" if card is None else card.title


def describe(card: Card) -> str:
    """One line on a checkpoint: family, code, weights and its main held-out figure."""
    family = REGISTRY[card.recipe.model.family][1].title
    parts = [f"{family}, {card.recipe.model.latent_dim}-D", f"{card.weights / 1e6:.2f} M weights"]
    if card.recipe.corruption is not None:
        parts.insert(1, f"trained on {card.recipe.corruption.title.lower()} noise")
    metric = card.metric("ELBO") or card.metric("reconstruction error")
    if metric is not None:
        parts.append(
            f"{metric.split} {metric.name} {metric.value:.4g} {'nats' if metric.unit == 'nats' else ''}".strip()
        )
    return " · ".join(parts)


def _details(card: Card) -> None:
    st.markdown(f"**{_plain(card.title)}**")
    rows = {m.name: f"{m.value:.4g} {m.unit} ({m.split}, n = {m.n:,})" for m in card.metrics}
    minutes = card.training_seconds / 60
    rows |= {
        "Trained on": f"{card.data.title}, {card.data.n_train:,} items",
        "Best epoch": str(card.best_epoch),
        "Training time": f"{minutes:.1f} min on {card.device}" if math.isfinite(minutes) else card.device,
        "Licence": card.licence,
    }
    for name, value in rows.items():
        st.caption(f"{_plain(name)}: {_plain(value)}")
    st.code(card.recipe.to_toml(), language="toml")


def _plain(text: str) -> str:
    """Text with Markdown's signs escaped, since titles can come from a stranger's file."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-!|<>$:~" else c for c in text)


def _open_checkpoint() -> None:
    with st.popover("Open a checkpoint", icon=":material/folder_open:", width="stretch"):
        upload = st.file_uploader("A checkpoint (.safetensors) that this program saved", key="checkpoint_upload")
        if upload is None or upload.file_id == st.session_state.get("checkpoint_seen"):
            return
        st.session_state["checkpoint_seen"] = upload.file_id
        try:
            opened = checkpoints.load(upload.getvalue(), upload.name)
        except ExplorerError as error:
            st.error(str(error))
            return
        session.own_checkpoints()[opened.name] = opened
        st.success(f"Opened {_plain(opened.name)}: choose it under Model.")


def _add_data() -> None:
    with st.popover("Add my data", icon=":material/add:", width="stretch"):
        st.caption(
            "A zip of images (folders become labels), an NPZ, a CSV or a picture. It stays in this session's memory."
        )
        upload = st.file_uploader("A zip, NPZ, CSV or image", key="data_upload")
        if upload is None or upload.file_id == st.session_state.get("data_seen"):
            return
        st.session_state["data_seen"] = upload.file_id
        try:
            added = data.from_upload(upload.name, upload.getvalue())
        except ExplorerError as error:
            st.error(str(error))
            return
        session.own_datasets()[added.name] = added
        st.success(f"{len(added):,} items of shape {added.event_shape}.")
