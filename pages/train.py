"""Train: a recipe from a form, its training live, and every run there is."""

import streamlit as st

from explorer import runs, sweeps, ui
from explorer.ui.shell import session
from explorer.ui.train import findings, overlay, run_list, run_view, train_form
from explorer.ui.train.checkpoint_table import checkpoint_table

ui.header(
    "Train",
    "Choose data and a model, press Start, and watch it learn; a reload of the page loses nothing.",
)
runs.keep_ready()
model = st.session_state.get("model")
card = session.card_of(model) if model else None
all_runs = runs.list_runs()

top = st.container(gap="small")
with top:
    plan, pressed = train_form.plan_form(None if card is None else card.recipe, run_view.has_stage(all_runs))
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
if pressed and plan is not None:
    run = runs.start(plan.recipe, dataset=plan.dataset if plan.in_memory else None)
    run.watch()
    run_view.open_run(run.id)
with head:
    shown = run_view.find(run_view.choice(all_runs))
if shown is not None:
    ui.page_uses([shown.recipe.display_title], [session.dataset_title(shown.recipe.data.dataset)])
    run_view.show(shown, head)
    findings.of_run(shown)
elif card is not None:
    findings.of_checkpoint(card)
    run_view.of_checkpoint(card, session.current() if session.has_data() else None)
else:
    st.info("Nothing has been trained yet: press Start.", icon=":material/info:")

if all_runs or sweeps.list_sweeps():
    st.subheader("Runs")
    run_list.show(all_runs)
    if len(all_runs) > 1:
        overlay.show(all_runs)
run_list.deleted()

st.subheader("Checkpoints")
checkpoint_table()

ui.how_it_works(
    "A recipe (data, model, corruption, training) goes to a process of its own, which writes each epoch's losses and "
    "pictures into a folder under `runs/`; this page reads that folder. **Pause** saves the optimiser's state and "
    "ends the process; **resume** goes on to the same weights as without the break. **Stop** keeps the weights with "
    "the lowest validation loss. A run whose process was killed is shown as dead and can be resumed from its last "
    "saved state.\n\n"
    "Solid lines are the loss on training items, dashed lines on validation items that are never trained on: where the "
    "dashed one rises while the solid one falls, the model overfits. The slider moves through the epochs that it kept. "
    "A code of more than two numbers is drawn by its first two principal components, each map turned and "
    "mirrored onto the one before (Procrustes), so that what moves is what the model has changed."
)
