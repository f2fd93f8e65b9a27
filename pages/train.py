"""Train: a recipe from a form, its training live, and every run there is."""

import streamlit as st

from explorer import runs, ui
from explorer.ui.shell import session
from explorer.ui.train import findings, run_view, train_form
from explorer.ui.train.checkpoint_table import checkpoint_table

ui.header(
    "Train",
    "Choose data and a model, start, and watch it learn; a reload of the page loses nothing.",
)
runs.keep_ready()
model = st.session_state.get("model")
card = session.card_of(model) if model else None
all_runs = runs.list_runs()

form, view = st.columns([1, 2], gap="large")
with form:
    plan = train_form.plan_form(None if card is None else card.recipe)
    pressed = st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=plan is None,
        key="start",
    )
    if pressed and plan is not None:
        run = runs.start(plan.recipe, dataset=plan.dataset if plan.in_memory else None)
        run_view.open_run(run.id)
    if any(run.status == "running" for run in all_runs):
        st.caption("A run is already in progress; two at once share the processor.")
    if plan is not None:
        train_form.recipe_as_text(plan)
with view:
    run = run_view.find(run_view.choice([run.id for run in all_runs]))
    if run is not None:
        ui.page_uses([run.recipe.display_title], [session.dataset_title(run.recipe.data.dataset)])
        run_view.show(run)
        findings.of_run(run)
    elif card is not None:
        findings.of_checkpoint(card)
        run_view.of_checkpoint(card, session.current() if session.has_data() else None)
    else:
        st.info("Nothing has been trained yet: start with the form.", icon=":material/info:")

if all_runs:
    st.subheader("Runs")
    run_view.table(all_runs)

st.subheader("Checkpoints")
checkpoint_table()

ui.how_it_works(
    "A recipe (data, model, corruption, training) goes to a new process, which writes each epoch's losses and pictures "
    "into a folder of its own under `runs/`; this page reads that folder. **Pause** saves the optimiser's state and "
    "ends the process; **resume** goes on to the same weights as without the break. **Stop** keeps the weights with "
    "the lowest validation loss. A run whose process was killed is shown as dead and can be resumed from its last "
    "saved state.\n\n"
    "Solid lines are the loss on training items, dashed lines on validation items that are never trained on: where the "
    "dashed one rises while the solid one falls, the model overfits."
)
