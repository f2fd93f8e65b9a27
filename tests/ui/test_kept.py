"""A widget that was away for a while comes back with its choice."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from explorer.ui import kept

    if st.toggle("shown", value=True, key="shown"):
        options = ["a", "b", "c"] if st.session_state.get("all", True) else ["a", "c"]
        kept.recall("choice", options)
        st.selectbox("Choice", options, key="choice", bind="query-params")


def test_a_choice_is_recalled_unless_it_is_gone() -> None:
    app = AppTest.from_function(script).run()
    app.selectbox(key="choice").set_value("b").run()
    app.toggle(key="shown").set_value(False).run()
    app.toggle(key="shown").set_value(True).run()
    assert app.selectbox(key="choice").value == "b"
    app.session_state["all"] = False
    app.run()
    assert app.selectbox(key="choice").value == "a"


def test_the_link_comes_before_what_was_kept() -> None:
    app = AppTest.from_function(script)
    app.query_params["choice"] = "c"
    app.run()
    assert app.selectbox(key="choice").value == "c"
