"""Denoise: noise goes in, the model's picture comes out, and figures say whether that is an improvement."""

import streamlit as st

from explorer import ui
from explorer.ui.denoise import item_denoising as view
from explorer.ui.denoise import photo_page
from explorer.ui.widgets.noise_form import follow_model, noise_form
from explorer.ui.widgets.onnx_button import model_onnx_button

ui.header("Denoise", "Noisy beside clean. Drag the divider, click to pin a detail, change the strength.")
if photo_page.is_about_photos():
    photo_page.page()
    ui.how_it_works(photo_page.HOW_IT_WORKS)
    st.stop()

context = ui.current()
if not context.is_real:
    ui.no_real_items(context, "Denoising is measured on real items with added noise.")
    st.stop()
every_item, context = context, context.thinned(view.MEASURED_ITEMS)
if not context.is_image:
    ui.not_for_this_model(
        "This model takes table rows; denoising works on images.", view.denoising_checkpoint(context.card)
    )
    st.stop()

follow_model(context.checkpoint.name, view.default_noise(context.card))
picture, inspector = st.columns([2, 1], gap="large")
with inspector:
    noise = noise_form()
    with st.popover("Options"):
        seed = st.number_input("Seed of the noise", 0, 10_000, 0, key="noise_seed", bind="query-params")
    view.say_what_it_was_trained_for(context.card)
shown = view.shown_items(context, noise, int(seed))
with picture:
    view.under_the_divider(every_item, shown)
with inspector:
    method = view.tuned(context, noise, int(seed))
    result = view.measured(context, noise, int(seed), method)
    st.markdown(f"**{view.verdict(result.model.psnr_after, result.classical.psnr_after, method.title)}**")

view.rows_of_eight(shown, method)
view.figures_table(result, method, context.split)
view.user_pictures(context, noise, int(seed))
model_onnx_button(context.checkpoint, context.dataset, context.rows, key="denoise_onnx")
with st.expander("Copy as Python"):
    st.code(view.as_python(context, noise, int(seed)), language="python")

ui.how_it_works(
    """
A *denoising autoencoder* is trained on pairs: the input is $x$ with noise added, the target is $x$ itself. It
cannot copy its input, so it learns what its training items look like and returns the nearest of those.

- **PSNR** is $10 \\log_{10}(1 / \\mathrm{MSE})$ in decibels, against the clean item; 3 dB more is half the squared
  error. Noise may leave the range from 0 to 1 and is measured as it is.
- **SSIM** compares local means, contrasts and patterns; 1 is the same picture.
- **The classical method** is the best of median, bilateral, total variation and non-local means, each at its best
  of six strengths, chosen by PSNR on other items with the same noise. It knows nothing about digits or clothes, and
  works on any picture of any size; the model beats it only on what it was trained on.

Vincent et al. 2008, 2010.
"""
)
