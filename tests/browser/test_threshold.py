"""The threshold in Chromium: what follows while it is dragged, by hand, finger and key, and the sums behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from explorer import novelty
from explorer.core import intervals
from explorer.novelty.examples import open_example
from tests.browser.hands import Fingers, changed, comes_to_hold, place_on, press_on, sent_by
from tests.browser.modules import open_modules
from tests.browser.threshold_demo import demo_scores

DEMO = "threshold_demo.py"
SCORES, IS_NOVEL, CALIBRATION = demo_scores()


@pytest.fixture(scope="module")
def sums(chromium: Browser) -> Any:
    """Evaluates a line of JavaScript with the threshold's functions: `sums("rateOf(1, 2)")`, with `x` as argument."""
    page = chromium.new_page()
    open_modules(page, "threshold/rates.js")
    yield lambda line, x=None: page.evaluate(f"(x) => {line}", x)
    page.close()


# --- Sums against Python ---------------------------------------------------------------------------------------------


def test_rates_and_intervals_are_those_of_python(sums: Any) -> None:
    random = np.random.default_rng(0)
    cases = [(0, 0), (0, 1), (1, 1), (0, 20), (20, 20), (8, 10), (3, 100_000), (99_999, 100_000), (400_000, 1_000_000)]
    cases += [(int(random.integers(0, n + 1)), n) for n in (2, 7, 50, 777, 5000) for _ in range(8)]
    for (count, n), got in zip(cases, sums("x.map(([count, n]) => rateOf(count, n))", cases), strict=True):
        wanted = intervals.rate(count, n)
        assert (got["low"], got["high"]) == pytest.approx((wanted.low, wanted.high), rel=1e-9, abs=1e-12), (count, n)
        assert n == 0 or got["value"] == wanted.value


def test_a_threshold_for_a_rate_is_that_of_python(sums: Any) -> None:
    held = np.sort(np.random.default_rng(1).gamma(4, 1, 299))
    rates = [1e-4, 0.005, 0.01, 0.05, 0.1, 0.5, 0.97]
    line = "x.rates.map((r) => { const t = thresholdForRate(x.held, r); return [t, promisedRate(x.held, t)]; })"
    for rate, (at, promised) in zip(rates, sums(line, {"held": held.tolist(), "rates": rates}), strict=True):
        wanted = novelty.threshold_for(held, rate)
        assert at == wanted.value
        assert [promised[k] for k in ("value", "low", "high")] == pytest.approx(
            [wanted.rate.value, wanted.rate.low, wanted.rate.high], rel=1e-9
        )
    below_all = sums("promisedRate(x, -1)", held.tolist())
    assert (below_all["value"], below_all["high"]) == (1, 1)


@pytest.mark.parametrize("decimals", [9, 0])
def test_the_sweep_is_every_confusion_and_holds_the_cheapest(sums: Any, decimals: int) -> None:
    """With ties (whole numbers) and without, over every threshold that changes a count."""
    random = np.random.default_rng(2)
    scores = np.concatenate([random.gamma(4, 1, 60), random.gamma(7, 1, 25)]).round(decimals)
    is_novel = np.arange(85) >= 60
    sets = {"normal": sorted(scores[~is_novel].tolist()), "novel": sorted(scores[is_novel].tolist())}
    curve = sums("sweep(x.normal, x.novel)", sets)
    assert len(curve["cuts"]) == len(np.unique(scores)) + 1
    for false_alarms, detection, cut in zip(curve["alarms"], curve["found"], curve["cuts"], strict=True):
        seen = novelty.confusion(scores, is_novel, cut)
        assert (seen.false_alarms, seen.detected) == (false_alarms, detection)
    for prices in ((10, 1), (1, 10), (1, 0), (0, 1), (2.5, 2.5)):
        best = sums("cheapestStep(x.curve, ...x.prices)", {"curve": curve, "prices": prices})
        everywhere = [novelty.confusion(scores, is_novel, t).cost(*prices) for t in [-1.0, *scores]]
        assert best["cost"] == pytest.approx(min(everywhere))
        assert novelty.confusion(scores, is_novel, best["threshold"]).cost(*prices) == pytest.approx(min(everywhere))


def test_alarms_a_day_are_expected_values_and_set_the_lowest_threshold(sums: Any) -> None:
    held, novel = list(range(1, 100)), [50.5, 150.5, 151.5, 152.5]
    sets, day = {"calibration": held, "novel": novel}, {"daily": 1000, "share": 0.1}
    at_90 = sums("dayAt(x.sets, x.day, 90)", {"sets": sets, "day": day})
    # Nine held-out scores above 90 of 99: (9 + 1) / (99 + 1) of 900; three of four novel ones of 100.
    assert at_90 == {"alarms": 165, "falseAlarms": 90, "found": 75, "missed": 25}
    line = "thresholdForAlarms(x.sets, x.day, x.alarms)"
    assert sums(line, {"sets": sets, "day": day, "alarms": 165}) == 90
    assert sums(line, {"sets": sets, "day": day, "alarms": 164}) == 91
    assert sums(line, {"sets": sets, "day": day, "alarms": 0}) == 152.5, "no fewer can be promised"
    unlabelled = {"calibration": held, "novel": None}
    assert sums("dayAt(x.sets, x.day, 90)", {"sets": unlabelled, "day": day})["alarms"] == 100


# --- By hand ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_demo(
    new_page: Callable[..., Page], demo_url: str, settle: Callable[[Page], None]
) -> Callable[..., tuple[Page, list[Any]]]:
    def open_(show: str = "labels", **options: Any) -> tuple[Page, list[Any]]:
        page = new_page(**options)
        sent = sent_by(page)
        page.goto(f"{demo_url}/?show={show}")
        settle(page)
        return page, sent

    return open_


def counts(page: Page) -> list[int]:
    """The four counts of the table: alarms and the rest, of normal and of novel items."""
    return [int(text.replace(",", "")) for text in page.locator(".confusion .count").all_inner_texts()]


def threshold(page: Page) -> float:
    return float(page.get_by_role("slider", name="Threshold").get_attribute("aria-valuenow") or "nan")


def released(page: Page, at: float) -> float:
    """The threshold as Python heard of it, once it is this one."""
    expect(page.get_by_text(f"released at {at!r}", exact=True)).to_be_visible()
    return at


def rate_text(rate: intervals.Rate) -> str:
    """As the table writes a rate: with two digits that count or more."""
    digits = max(1, int(np.ceil(-np.log10(100 * rate.value))) + 1) if rate.value else 1
    return f"{100 * rate.value:.{digits}f} % ({100 * rate.low:.{digits}f} to {100 * rate.high:.{digits}f})"


def assert_follows(page: Page, at: float, scores: np.ndarray = SCORES, is_novel: np.ndarray = IS_NOVEL) -> None:
    """Everything that is shown comes to be what Python works out for this threshold."""
    comes_to_hold(lambda: _assert_shown(page, at, scores, is_novel))


def _assert_shown(page: Page, at: float, scores: np.ndarray, is_novel: np.ndarray) -> None:
    seen = novelty.confusion(scores, is_novel, at)
    assert counts(page) == [seen.false_alarms, seen.passed, seen.detected, seen.missed]
    false_alarms, detection, precision = seen.false_alarm_rate, seen.detection_rate, seen.precision
    shares = page.locator(".confusion .caption").all_inner_texts()
    assert shares[::2] == [rate_text(false_alarms), rate_text(detection)]
    cost = page.locator(".cost-line strong").inner_text().replace(",", "")
    assert float(cost) == seen.cost(10, 1)
    roc, precision_recall = page.locator(".curve-chart .point").all()
    assert float(roc.get_attribute("data-x") or "nan") == pytest.approx(false_alarms.value)
    assert float(roc.get_attribute("data-y") or "nan") == pytest.approx(detection.value)
    if precision.n:
        assert float(precision_recall.get_attribute("data-x") or "nan") == pytest.approx(detection.value)
        assert float(precision_recall.get_attribute("data-y") or "nan") == pytest.approx(precision.value)


def test_everything_follows_a_drag_and_the_server_hears_of_the_release_alone(
    open_demo: Callable[..., tuple[Page, list[Any]]],
) -> None:
    page, sent = open_demo()
    assert_follows(page, threshold(page))
    area = novelty.auroc(SCORES, IS_NOVEL)
    expect(page.get_by_text(f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f})")).to_be_visible()
    sent.clear()
    x, y, width, _ = press_on(page, page.locator("svg.plot"), 0.3, 0.3)
    table = page.locator(".confusion")
    text = table.inner_text()
    for share in (0.1, 0.2, 0.4):
        page.mouse.move(x + share * width, y)
        text = changed(table.inner_text, text)
        assert_follows(page, threshold(page))
    assert sent == [], "nothing is sent while dragging"
    page.mouse.up()
    assert_follows(page, released(page, threshold(page)))
    assert sent


def test_the_threshold_is_set_by_rate_by_alarms_a_day_and_by_price(
    open_demo: Callable[..., tuple[Page, list[Any]]],
) -> None:
    page, _ = open_demo()
    rate = page.get_by_role("textbox", name="False alarms expected")
    rate.fill("1")
    rate.press("Enter")
    wanted = novelty.threshold_for(CALIBRATION, 0.01)
    released(page, wanted.value)
    interval = f"95 % interval {100 * wanted.rate.low:.1f} to {100 * wanted.rate.high:.1f} %"
    assert wanted.rate.value == 0.01
    expect(page.get_by_text(re.compile(re.escape(interval)))).to_be_visible()
    assert_follows(page, wanted.value)

    page.get_by_role("textbox", name="Price of a miss").fill("3")
    page.get_by_role("textbox", name="Price of a miss").press("Enter")
    page.get_by_role("button", name="Go to the cheapest").click()
    expect(page.get_by_role("button", name="Go to the cheapest")).to_be_disabled()
    least = min(novelty.confusion(SCORES, IS_NOVEL, t).cost(3, 1) for t in SCORES)
    expect(page.locator(".cost-line strong")).to_have_text(f"{least:g}")
    released(page, threshold(page))
    expect(page).to_have_url(re.compile("miss=3(&|$)"))

    alarms = page.get_by_role("textbox", name="Alarms a day")
    alarms.fill("100")
    alarms.press("Enter")
    expect(alarms).not_to_have_value("100")
    assert float(alarms.input_value()) == pytest.approx(100, abs=2.5), "one held-out score more is two alarms more"
    assert float(alarms.input_value()) < 100
    before = released(page, threshold(page))
    page.reload()
    expect(page.get_by_role("textbox", name="Price of a miss")).to_have_value("3")
    expect(page.get_by_role("textbox", name="Alarms a day")).to_have_value(re.compile(r"\d"))
    # The link keeps the promised rate: the lowest threshold that promises as much.
    assert threshold(page) <= before
    assert (threshold(page) < CALIBRATION).sum() == (before < CALIBRATION).sum()


def test_the_axis_says_how_many_scores_lie_beyond_its_last_bar(
    open_demo: Callable[..., tuple[Page, list[Any]]],
) -> None:
    page, _ = open_demo()
    ends = SCORES.min(), max(np.quantile(SCORES[kind], 0.995) for kind in (IS_NOVEL, ~IS_NOVEL))
    beyond = int((ends[1] + 0.02 * (ends[1] - ends[0]) < SCORES).sum())
    assert beyond
    expect(page.get_by_text(re.compile(rf"last bar with the {beyond} beyond$"))).to_be_visible()


def test_the_threshold_moves_by_keys_and_the_axis_changes(open_demo: Callable[..., tuple[Page, list[Any]]]) -> None:
    page, _ = open_demo("wide")
    expect(page.get_by_role("button", name="Linear axis")).to_be_visible()
    handle = page.get_by_role("slider", name="Threshold")
    handle.focus()
    before = threshold(page)
    page.keyboard.press("ArrowRight")
    changed(lambda: str(threshold(page)), str(before))
    once = threshold(page)
    step = once / before
    page.keyboard.press("ArrowRight")
    changed(lambda: str(threshold(page)), str(once))
    assert threshold(page) / before == pytest.approx(step**2), "steps are even on the axis that is shown"
    at = released(page, threshold(page))
    page.get_by_role("button", name="Linear axis").click()
    expect(page.get_by_role("button", name="Log axis")).to_be_visible()
    expect(page).to_have_url(re.compile("log=0"))
    assert threshold(page) == at
    handle.focus()
    page.keyboard.press("End")
    expect(page.locator(".confusion .count").first).to_have_text(re.compile("^[0-9]{1,2}$"))


def test_without_labels_only_alarms_are_counted(open_demo: Callable[..., tuple[Page, list[Any]]]) -> None:
    page, _ = open_demo("no-labels")
    at = threshold(page)
    assert counts(page) == [int((at < SCORES).sum()), int((at >= SCORES).sum())]
    expect(page.get_by_text("No alarm has a p-value above 5.0 %")).to_be_visible()
    expect(page.get_by_role("textbox", name="Alarms a day")).to_have_value("50")
    for word in ("AUROC", "ROC", "detected", "missed", "Price"):
        expect(page.locator(".threshold-view").get_by_text(word)).to_have_count(0)


def test_labels_of_one_kind_are_counted_without_what_needs_both(
    open_demo: Callable[..., tuple[Page, list[Any]]],
) -> None:
    page, _ = open_demo("normal-only")
    alarms = int((SCORES[:2000] > threshold(page)).sum())
    assert counts(page) == [alarms, 2000 - alarms, 0, 0]
    expect(page.get_by_text("none to count")).to_have_count(2)
    expect(page.locator(".curve-chart")).to_have_count(0)
    expect(page.get_by_text("What mistakes cost")).to_have_count(0)


def test_a_hundred_thousand_scores_follow_as_well(open_demo: Callable[..., tuple[Page, list[Any]]]) -> None:
    page, _ = open_demo("many")
    scores, is_novel = np.tile(SCORES, 40) + np.arange(100_000) * 1e-9, np.tile(IS_NOVEL, 40)
    before = threshold(page)
    assert_follows(page, before, scores, is_novel)
    press_on(page, page.locator("svg.plot"), 0.5, 0.3)
    page.mouse.up()
    changed(lambda: str(threshold(page)), str(before))
    assert_follows(page, released(page, threshold(page)), scores, is_novel)
    for path in page.locator(".curve").all():
        assert 100 < len(path.get_attribute("d") or "") < 40_000, "thinned to what can be seen"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_finger_drags_it_on_a_phone(open_demo: Callable[..., tuple[Page, list[Any]]], scheme: str) -> None:
    page, sent = open_demo(width=390, height=844, has_touch=True, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    fingers = Fingers(page)
    plot = page.locator("svg.plot")
    x, y = place_on(plot, 0.3)
    table = page.locator(".confusion")
    before = table.text_content() or ""
    sent.clear()
    fingers.down((x, y))
    before = changed(lambda: table.text_content() or "", before)
    fingers.move((x + 60, y))
    changed(lambda: table.text_content() or "", before)
    assert sent == []
    fingers.up()
    assert_follows(page, released(page, threshold(page)))


# --- On the Novelty page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("touch", [False, True])
def test_the_threshold_of_a_worked_example_is_dragged_without_the_server(
    new_page: Callable[..., Page], app_url: str, settle: Callable[[Page], None], touch: bool
) -> None:
    page = new_page(width=390, height=844, has_touch=True) if touch else new_page()
    sent = sent_by(page)
    page.goto(f"{app_url}/novelty?novelty_from=cells&professional=true")
    settle(page)
    opened = open_example("cells")
    scores = opened.detector.score(opened.dataset.x[opened.rows])
    plot, table = page.locator("svg.plot").first, page.locator(".confusion")
    expect(table).to_be_visible()
    assert_follows(page, threshold(page), scores, opened.is_novel)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"] + 2
    x, y = place_on(plot, 0.3, 0.3)
    width = (plot.bounding_box() or {"width": 0.0})["width"]
    fingers = Fingers(page) if touch else None
    text = table.text_content() or ""
    sent.clear()
    if fingers:
        fingers.down((x, y))
    else:
        page.mouse.move(x, y)
        page.mouse.down()
    for share in (0.12, 0.24, 0.36):
        if fingers:
            fingers.move((x + share * width, y))
        else:
            page.mouse.move(x + share * width, y)
        text = changed(lambda: table.text_content() or "", text)
        assert_follows(page, threshold(page), scores, opened.is_novel)
    assert sent == [], "nothing is sent while dragging"
    if fingers:
        fingers.up()
    else:
        page.mouse.up()
    at = threshold(page)
    assert_follows(page, at, scores, opened.is_novel)
    seen = novelty.confusion(scores, opened.is_novel, at)
    # What Python offers for download is what it counts at the threshold that it was told of.
    expect(page.get_by_text(re.compile(rf"\b{seen.detected + seen.false_alarms} flagged"))).to_be_visible()
    assert sent
