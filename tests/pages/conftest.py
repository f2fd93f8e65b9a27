"""Pages in their frame, without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]


def _framed(page: str) -> None:
    """The sidebar and one page, as the frame draws them: AppTest does not follow ``st.navigation`` over reruns."""
    import runpy

    from explorer.errors import ExplorerError
    from explorer.ui import frame
    from explorer.ui.sidebar import sidebar

    frame._drawn.set(True)
    try:
        sidebar()
        runpy.run_path(str(frame.ROOT / "pages" / f"{page}.py"))
    except ExplorerError as error:
        frame.show_error(error)


@pytest.fixture
def open_page() -> OpenPage:
    """Call it with a page's name, and what stands in the link: ``open_page("learn", model="tiny-variational")``."""

    def open_page(page: str, **query: str) -> AppTest:
        app = AppTest.from_function(_framed, args=(page,), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_page
