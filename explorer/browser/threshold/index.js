// Histograms of scores and a threshold to drag; every count, curve and cost follows in the browser.

import { liveComponent } from '../shared/component.js';
import { el, watchWidth } from '../shared/dom.js';
import { threeDigits } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { MARGIN, scoreAxis } from './axis.js';
import { curveChart, drawAxis, drawBars, setAll } from './charts.js';
import { confusionTable, fact, numberField, panel } from './panels.js';
import {
  cheapestStep,
  countAbove,
  dayAt,
  promisedRate,
  rateOf,
  sweep,
  thresholdForAlarms,
  thresholdForRate,
} from './rates.js';
import css from './style.css';
import { countText, fieldText, intervalText, priceText, rateText, shareText, spanText } from './words.js';

/** @import { Create, ThresholdView, Wishes } from '../messages.js' */
/** @import { Axis } from './axis.js' */
/** @import { Curve, Rate, Scores } from './rates.js' */

const NONE = new Float64Array(0);

/** @type {Create<'threshold'>} */
function createThreshold(root, report) {
  // --- What is seen ---
  const legend = el('div', { class: 'legend' });
  const axisButton = el('button', { type: 'button', class: 'axis-button', click: toggleAxis });
  const plot = el('svg', { class: 'plot', role: 'presentation', width: '100%' });
  const bars = el('g');
  const axisGroup = el('g', { class: 'axis' });
  const ownTicks = el('g', { class: 'own' });
  const cheapMark = el('path', { class: 'cheapest' });
  const mark = el('line', { class: 'mark' });
  const grip = el('rect', { class: 'grip', width: 10, height: 26, rx: 4 });
  const reading = el('text', { class: 'value-text' });
  const slider = { class: 'handle', role: 'slider', tabindex: 0, 'aria-label': 'Threshold' };
  const handle = el('g', slider, mark, grip, reading);
  plot.append(bars, axisGroup, ownTicks, cheapMark, handle);

  const isAny = () => true;
  /** @param {number} x */
  const isPositive = (x) => x >= 0;
  /** @param {number} x */
  const isPercent = (x) => x >= 0 && x <= 100;
  /** @param {number} x */
  const isRate = (x) => x > 0 && x < 100;
  /** @param {number} rate */
  const setRate = (rate) => set(thresholdForRate(scores.calibration, rate / 100), true);
  /** @param {number} alarms */
  const setAlarms = (alarms) => set(thresholdForAlarms(scores, wishes, alarms), true);
  const fields = {
    threshold: numberField('Threshold', '', (x) => set(x, true), isAny),
    rate: numberField('False alarms expected', '% of normal', setRate, isRate),
    alarms: numberField('Alarms a day', '', setAlarms, isPositive),
    daily: numberField('Items a day', '', (daily) => wish({ daily }), isPositive),
    share: numberField('Of them novel', '%', (x) => wish({ share: x / 100 }), isPercent),
    miss: numberField('Price of a miss', '', (miss) => wish({ miss }), isPositive),
    alarm: numberField('Price of a false alarm', '', (alarm) => wish({ alarm }), isPositive),
  };
  const promise = el('p', { class: 'caption' });
  const side = el('div', { class: 'side' });
  const below = el('div', { class: 'panels' });
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const setters = el('div', { class: 'fields' }, fields.threshold.element, fields.rate.element);
  const main = el('div', { class: 'main' }, el('div', { class: 'top' }, legend, axisButton), plot, setters, promise);
  root.append(el('div', { class: 'threshold-view' }, main, side, below), spoken);
  const facts = el('div', { class: 'facts' });
  const roc = curveChart('ROC', 'false-alarm rate', 'detection rate');
  const precisionRecall = curveChart('Precision-recall', 'detection rate', 'precision');
  const costLine = el('p', { class: 'cost-line' });
  const cheapLine = el('p', { class: 'caption' });
  const cheapButton = el('button', { type: 'button', click: goToCheapest }, 'Go to the cheapest');
  const dayLine = el('p', { class: 'day-line' });
  const dayNote = el('p', { class: 'caption' });
  let table = confusionTable([], rateText);

  // --- What it knows ---
  /** @type {ThresholdView} */
  let message;
  let settings = '';
  /** @type {Scores & {normal: Float64Array, own: Float64Array}} */
  let scores = { normal: NONE, novel: null, calibration: NONE, own: NONE };
  /** @type {Curve | null} */
  let curve = null; // of labelled items: all that a threshold can do
  /** @type {ReturnType<typeof cheapestStep> | null} */
  let cheapest = null;
  /** @type {Wishes} */
  let wishes = { miss: 0, alarm: 0, daily: 0, share: 0, log: false };
  let threshold = 0;
  /** @type {Axis | null} */
  let axis = null;
  let width = 0;

  const tell = whenCalm(() => {
    const { normal, novel, calibration } = message.scores;
    const digests = { normal: normal.digest, calibration: calibration.digest, ...(novel && { novel: novel.digest }) };
    report('threshold', { digests, start: message.start, value: threshold, wishes });
  }, 120);
  const speak = whenCalm((/** @type {string} */ text) => spoken.replaceChildren(text), 500);

  // --- What follows the threshold ---
  const follow = oncePerFrame(() => {
    if (!axis) return;
    placeMark(axis);
    const words = [countItems(), followDay()];
    const promised = promisedRate(scores.calibration, threshold);
    fields.threshold.show(fieldText(threshold, 5));
    fields.rate.show(fieldText(100 * promised.value, 3));
    promise.hidden = !message.detailed;
    promise.textContent =
      `On new normal items like the ${countText(promised.n)} held-out ones that set this: 95 % interval ${spanText(promised)}. ` +
      `No alarm has a p-value above ${shareText(promised.value)}.`;
    speak(words.join(' '));
  });

  /** @param {Axis} on */
  function placeMark(on) {
    const x = on.toScreen(threshold);
    setAll(mark, { x1: x, x2: x, y1: MARGIN.top, y2: on.floor });
    setAll(grip, { x: x - 5, y: (MARGIN.top + on.floor) / 2 - 13 });
    const isRight = x > width - 140;
    setAll(reading, { x: isRight ? x - 8 : x + 8, y: MARGIN.top - 8, 'text-anchor': isRight ? 'end' : 'start' });
    reading.textContent = `threshold ${threeDigits(threshold)}`;
    const range = { 'aria-valuemin': on.low, 'aria-valuemax': on.high, 'aria-valuenow': threshold };
    setAll(handle, { ...range, 'aria-valuetext': threeDigits(threshold) });
  }

  /**
   * A share, with its interval where details are shown.
   *
   * @param {Rate} rate
   */
  function rateWords(rate) {
    return message.detailed ? rateText(rate) : shareText(rate.value);
  }

  /** Count the alarms, and say them. */
  function countItems() {
    const { normal, novel, own } = scores;
    const n = normal.length;
    const alarms = countAbove(normal, threshold);
    const rows = [
      [
        { name: novel ? 'false alarms' : 'alarms', rate: rateOf(alarms, n), wrong: novel !== null },
        { name: novel ? 'correctly passed' : 'passed', rate: rateOf(n - alarms, n), wrong: false },
      ],
    ];
    const lines = [];
    if (novel) {
      const [found, m] = [countAbove(novel, threshold), novel.length];
      const precision = rateOf(found, found + alarms);
      rows.push([
        { name: 'detected', rate: rateOf(found, m), wrong: false },
        { name: 'missed', rate: rateOf(m - found, m), wrong: true },
      ]);
      const right = precision.n ? rateWords(precision) : 'no alarms';
      lines.push(fact('Precision', right, 'in this mix of items'));
      if (message.area && message.detailed) {
        lines.push(fact('AUROC', intervalText(message.area), 'how often a novel item scores above a normal one'));
      }
      roc.mark(alarms / n, found / m);
      precisionRecall.mark(found / m, precision.value);
      followCost(alarms, m - found);
    }
    if (own.length) {
      const above = `${countText(countAbove(own, threshold))} of ${countText(own.length)} above`;
      lines.push(fact('Your own items', above, 'ticks under the bars'));
    }
    table.show(rows);
    facts.replaceChildren(...lines);
    const counts = rows.flat().map((cell) => `${cell.rate.count} ${cell.name}`);
    return `Threshold ${threeDigits(threshold)}. ${counts.join(', ')}.`;
  }

  /**
   * @param {number} falseAlarms
   * @param {number} missed
   */
  function followCost(falseAlarms, missed) {
    if (!cheapest) return;
    const cost = missed * wishes.miss + falseAlarms * wishes.alarm;
    costLine.replaceChildren('Cost on these items: ', el('strong', {}, priceText(cost)));
    cheapLine.textContent =
      `The cheapest threshold here, ${threeDigits(cheapest.threshold)} (▲), costs ${priceText(cheapest.cost)}. ` +
      'It was chosen on these same items: on new ones expect to pay more.';
    cheapButton.disabled = cost - cheapest.cost <= 1e-9 * cost;
  }

  /** Expect of a day what the threshold gives, and say it. */
  function followDay() {
    const day = dayAt(scores, wishes, threshold);
    fields.alarms.show(fieldText(day.alarms, 3));
    const isKnown = Boolean(scores.novel?.length);
    const right = day.alarms ? day.found / day.alarms : NaN;
    const cost = priceText(day.missed * wishes.miss + day.falseAlarms * wishes.alarm);
    dayLine.textContent = isKnown
      ? `${threeDigits(day.falseAlarms)} false alarms and ${threeDigits(day.found)} detected: ${shareText(right)} of the alarms are correct. ` +
        `${threeDigits(day.missed)} missed; the mistakes cost ${cost}.`
      : 'If all items were normal. Novel ones add to this.';
    const normalItems = isKnown ? wishes.daily * (1 - wishes.share) : wishes.daily;
    const least = normalItems / (scores.calibration.length + 1);
    dayNote.textContent =
      `Expected values; the false-alarm rate is that of the held-out items. With ${countText(scores.calibration.length)} of them, ` +
      `fewer than ${threeDigits(least)} false alarms a day cannot be promised.`;
    return isKnown ? dayLine.textContent : `${threeDigits(day.alarms)} alarms a day if all are normal.`;
  }

  // --- What is drawn once ---
  function drawPlot() {
    if (!message || !width) return;
    const { ranges, title } = message;
    const isLog = wishes.log === true && ranges.log !== null;
    const on = scoreAxis((isLog && ranges.log) || ranges.linear, isLog, width);
    axis = on;
    plot.setAttribute('height', String(on.height));
    const sets = [{ scores: scores.normal, kind: 'normal' }];
    if (scores.novel) sets.push({ scores: scores.novel, kind: 'novel' });
    const beyond = sets.reduce((n, set) => n + countAbove(set.scores, on.high), 0);
    const note = `${isLog ? ', log axis' : ''}${beyond ? `, last bar with the ${countText(beyond)} beyond` : ''}`;
    drawBars(bars, on, sets);
    drawAxis(axisGroup, on, title, note);
    ownTicks.replaceChildren(
      ...Array.from(scores.own, (score) => {
        const x = on.toScreen(score);
        return el('line', { x1: x, x2: x, y1: on.floor - 9, y2: on.floor + 3 });
      }),
    );
    axisButton.hidden = ranges.log === null;
    axisButton.textContent = isLog ? 'Linear axis' : 'Log axis';
    drawCheapest();
    follow();
  }

  function drawCheapest() {
    if (!cheapest || !axis) return;
    const x = axis.toScreen(cheapest.threshold);
    cheapMark.setAttribute('d', `M${x} ${axis.floor + 1}l5 8h-10z`);
  }

  function price() {
    const hasBoth = message.detailed && curve && scores.normal.length && scores.novel?.length;
    cheapest = curve && hasBoth ? cheapestStep(curve, wishes.miss, wishes.alarm) : null;
    cheapMark.toggleAttribute('hidden', cheapest === null);
    drawCheapest();
  }

  function draw() {
    build();
    showWishes();
    price();
    drawPlot();
  }

  function build() {
    const { normal, novel } = scores;
    const names = message.labels.slice(0, novel ? 2 : 1);
    drawLegend(names);
    table = confusionTable(names, rateWords);
    curve = novel && sweep(normal, novel);
    const day = panel('In a day', dayFields(), dayLine, dayNote);
    const isBoth = curve !== null && normal.length > 0 && Boolean(novel?.length);
    side.replaceChildren(table.element, facts);
    below.replaceChildren();
    if (!message.detailed) return;
    if (!isBoth || !curve || !novel) {
      side.append(day);
      return;
    }
    drawCurves(curve, normal.length, novel.length);
    side.append(el('div', { class: 'curves' }, roc.element, precisionRecall.element));
    below.append(panel('What mistakes cost', [fields.miss, fields.alarm], costLine, cheapLine, cheapButton), day);
  }

  function dayFields() {
    return scores.novel?.length ? [fields.daily, fields.share, fields.alarms] : [fields.daily, fields.alarms];
  }

  /** @param {string[]} names */
  function drawLegend(names) {
    const { normal, novel, own } = scores;
    const counts = [normal.length, novel?.length ?? 0];
    legend.replaceChildren(
      ...names.map((name, i) => {
        const dot = el('span', { class: `dot ${i ? 'novel' : 'normal'}` });
        return el('span', {}, dot, `${name}, n = ${countText(counts[i])}`);
      }),
    );
    if (own.length) {
      legend.append(el('span', {}, el('span', { class: 'own-sign' }), `yours, n = ${countText(own.length)}`));
    }
    const leftOut = message.left_out;
    if (leftOut) legend.append(el('span', { class: 'quiet' }, `${countText(leftOut)} without a score left out`));
  }

  /**
   * @param {Curve} of
   * @param {number} n normal items.
   * @param {number} m novel items.
   */
  function drawCurves(of, n, m) {
    const falseAlarms = of.alarms.map((count) => count / n);
    const recall = of.found.map((found) => found / m);
    const precision = of.found.map((found, i) => found / (found + of.alarms[i]));
    const guessed = m / (n + m);
    roc.draw(falseAlarms, recall, false, [0, 0, 1, 1]);
    precisionRecall.draw(recall, precision, true, [0, guessed, 1, guessed]);
  }

  // --- What a visitor does ---
  /**
   * @param {number} score
   * @param {boolean} released
   */
  function set(score, released) {
    threshold = score;
    follow();
    if (released) tell();
  }

  function goToCheapest() {
    if (cheapest) set(cheapest.threshold, true);
  }

  /** @param {Partial<Wishes>} change */
  function wish(change) {
    wishes = { ...wishes, ...change };
    showWishes();
    price();
    follow();
    tell();
  }

  function showWishes() {
    fields.daily.show(fieldText(wishes.daily, 9));
    fields.share.show(fieldText(100 * wishes.share));
    fields.miss.show(fieldText(wishes.miss, 9));
    fields.alarm.show(fieldText(wishes.alarm, 9));
  }

  function toggleAxis() {
    wishes = { ...wishes, log: !wishes.log };
    drawPlot();
    tell();
  }

  let isDragging = false;
  /** @param {PointerEvent} event */
  function drag(event) {
    if (axis) set(axis.at(axis.placeOf(event.clientX - plot.getBoundingClientRect().left)), false);
  }
  plot.addEventListener('pointerdown', (event) => {
    if (!axis) return;
    isDragging = true;
    plot.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    drag(event);
    event.preventDefault();
  });
  plot.addEventListener('pointermove', (event) => {
    if (isDragging) drag(event);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    plot.addEventListener(name, () => {
      if (isDragging) tell();
      isDragging = false;
    });
  }
  handle.addEventListener('keydown', (event) => {
    if (!axis) return;
    const step = event.shiftKey ? 0.001 : 0.005;
    const share = axis.share(threshold);
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: share - step,
      ArrowDown: share - step,
      ArrowRight: share + step,
      ArrowUp: share + step,
      PageDown: share - 10 * step,
      PageUp: share + 10 * step,
      Home: 0,
      End: 1,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    set(axis.at(targets[event.key]), true);
  });
  const unwatch = watchWidth(plot, (newWidth) => {
    width = newWidth;
    drawPlot();
  });

  return {
    update(newMessage) {
      const isDetailed = message?.detailed;
      message = newMessage;
      const { normal, novel, calibration, own } = message.scores;
      // The first threshold only says where to begin: it does not move one that stands over the same scores.
      const newSettings = JSON.stringify([message.scores, message.labels, message.title, message.start]);
      if (newSettings === settings) {
        if (message.detailed !== isDetailed) draw();
        return;
      }
      settings = newSettings;
      scores = {
        normal: normal.read(),
        novel: novel?.read() ?? null,
        calibration: calibration.read(),
        own: own?.read() ?? NONE,
      };
      wishes = { ...message.wishes, log: message.wishes.log ?? message.log };
      threshold = message.threshold;
      root.style.setProperty('--normal', message.colours.normal);
      root.style.setProperty('--novel', message.colours.novel);
      draw();
    },

    destroy() {
      follow.cancel();
      tell.cancel();
      speak.cancel();
      unwatch();
    },
  };
}

export default liveComponent(createThreshold, css);
