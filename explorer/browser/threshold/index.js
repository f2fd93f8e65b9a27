// Histograms of scores and a threshold to drag; every count, curve and cost follows in the browser.

import { liveComponent } from '../shared/component.js';
import { el, watchWidth } from '../shared/dom.js';
import { threeDigits } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { curveChart, drawHistogram, MARGIN, scoreAxis, setAll } from './charts.js';
import {
  confusionTable,
  countText,
  fact,
  fieldText,
  intervalText,
  numberField,
  panel,
  priceText,
  rateText,
  shareText,
  spanText,
} from './panels.js';
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

/** @import { Create, ThresholdView } from '../messages.js' */

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
  const value = el('text', { class: 'value-text' });
  const handle = el(
    'g',
    { class: 'handle', role: 'slider', tabindex: 0, 'aria-label': 'Threshold' },
    mark,
    grip,
    value,
  );
  plot.append(bars, axisGroup, ownTicks, cheapMark, handle);
  const positive = (x) => x >= 0;
  const fields = {
    threshold: numberField(
      'Threshold',
      '',
      (x) => set(x, true),
      () => true,
    ),
    rate: numberField(
      'False alarms expected',
      '% of normal',
      (x) => set(thresholdForRate(sets.calibration, x / 100), true),
      (x) => x > 0 && x < 100,
    ),
    alarms: numberField('Alarms a day', '', (x) => set(thresholdForAlarms(sets, wishes, x), true), positive),
    daily: numberField('Items a day', '', (x) => wish({ daily: x }), positive),
    share: numberField(
      'Of them novel',
      '%',
      (x) => wish({ share: x / 100 }),
      (x) => x >= 0 && x <= 100,
    ),
    miss: numberField('Price of a miss', '', (x) => wish({ miss: x }), positive),
    alarm: numberField('Price of a false alarm', '', (x) => wish({ alarm: x }), positive),
  };
  const promise = el('p', { class: 'caption' });
  const side = el('div', { class: 'side' });
  const below = el('div', { class: 'panels' });
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const setters = el('div', { class: 'fields' }, fields.threshold.element, fields.rate.element);
  const main = el('div', { class: 'main' }, el('div', { class: 'top' }, legend, axisButton), plot, setters, promise);
  root.append(el('div', { class: 'threshold-view' }, main, side, below), spoken);
  const facts = el('div', { class: 'facts' });
  const roc = curveChart('ROC', 'false alarms', 'found');
  const precisionRecall = curveChart('Precision-recall', 'found', 'alarms that are right');
  const costLine = el('p', { class: 'cost-line' });
  const cheapLine = el('p', { class: 'caption' });
  const cheapButton = el(
    'button',
    { type: 'button', click: () => set(cheapest.threshold, true) },
    'Go to the cheapest',
  );
  const dayLine = el('p', { class: 'day-line' });
  const dayNote = el('p', { class: 'caption' });
  let table = null;

  // --- What it knows ---
  /** @type {ThresholdView} */
  let header;
  let settings = '';
  let digests = {};
  let sets = { normal: new Float64Array(0), novel: null, calibration: new Float64Array(0), own: new Float64Array(0) };
  let curve = null; // of labelled items: all that a threshold can do
  let cheapest = null;
  let wishes = {}; // prices, items a day, their novel share, and the kind of axis
  let threshold = 0;
  let axis = null;
  let width = 0;

  const tell = whenCalm(() => report('threshold', { digests, start: header.start, value: threshold, wishes }), 120);
  const speak = whenCalm((text) => {
    spoken.textContent = text;
  }, 500);

  // --- What follows the threshold ---
  const follow = oncePerFrame(() => {
    if (!axis) return;
    placeMark();
    const parts = [countItems(), followDay()];
    const promised = promisedRate(sets.calibration, threshold);
    fields.threshold.show(fieldText(threshold, 5));
    fields.rate.show(fieldText(100 * promised.value, 3));
    promise.textContent =
      `On new normal items like the ${countText(promised.n)} held-out ones that set this: 95 % interval ${spanText(promised)}. ` +
      `No alarm has a p-value above ${shareText(promised.value)}.`;
    speak(parts.join(' '));
  });

  function placeMark() {
    const x = axis.toScreen(threshold);
    setAll(mark, { x1: x, x2: x, y1: MARGIN.top, y2: axis.floor });
    setAll(grip, { x: x - 5, y: (MARGIN.top + axis.floor) / 2 - 13 });
    const right = x > width - 140;
    setAll(value, { x: right ? x - 8 : x + 8, y: MARGIN.top - 8, 'text-anchor': right ? 'end' : 'start' });
    value.textContent = `threshold ${threeDigits(threshold)}`;
    const range = { 'aria-valuemin': axis.low, 'aria-valuemax': axis.high, 'aria-valuenow': threshold };
    setAll(handle, { ...range, 'aria-valuetext': threeDigits(threshold) });
  }

  function countItems() {
    const alarms = countAbove(sets.normal, threshold);
    const n = sets.normal.length;
    const labelled = sets.novel !== null;
    const rows = [
      [
        { name: labelled ? 'false alarms' : 'alarms', rate: rateOf(alarms, n), wrong: labelled },
        { name: labelled ? 'rightly passed' : 'passed', rate: rateOf(n - alarms, n), wrong: false },
      ],
    ];
    const lines = [];
    if (labelled) {
      const [found, m] = [countAbove(sets.novel, threshold), sets.novel.length];
      const precision = rateOf(found, found + alarms);
      rows.push([
        { name: 'found', rate: rateOf(found, m), wrong: false },
        { name: 'missed', rate: rateOf(m - found, m), wrong: true },
      ]);
      lines.push(
        fact('Alarms that are right', precision.n ? rateText(precision) : 'no alarms', 'in this mix of items'),
      );
      if (header.area) lines.push(fact('AUROC', intervalText(header.area), 'the same for every threshold'));
      roc.mark(alarms / n, found / m);
      precisionRecall.mark(found / m, precision.value);
      if (cheapest) followCost(alarms, m - found);
    }
    if (sets.own.length) {
      const above = countAbove(sets.own, threshold);
      lines.push(
        fact('Your own items', `${countText(above)} of ${countText(sets.own.length)} above`, 'ticks under the bars'),
      );
    }
    table.show(rows);
    facts.replaceChildren(...lines);
    return `Threshold ${threeDigits(threshold)}. ${rows
      .flat()
      .map((cell) => `${cell.rate.count} ${cell.name}`)
      .join(', ')}.`;
  }

  function followCost(falseAlarms, missed) {
    const cost = missed * wishes.miss + falseAlarms * wishes.alarm;
    costLine.replaceChildren('Cost on these items: ', el('strong', {}, priceText(cost)));
    const less = cost - cheapest.cost > 1e-9 * cost;
    cheapLine.textContent =
      `The cheapest threshold here, ${threeDigits(cheapest.threshold)} (▲), costs ${priceText(cheapest.cost)}. ` +
      'It was chosen on these very items: on new ones expect to pay more.';
    cheapButton.disabled = !less;
  }

  function followDay() {
    const day = dayAt(sets, wishes, threshold);
    fields.alarms.show(fieldText(day.alarms, 3));
    const known = sets.novel?.length > 0;
    const right = day.alarms ? day.found / day.alarms : NaN;
    dayLine.textContent = known
      ? `${threeDigits(day.falseAlarms)} false alarms and ${threeDigits(day.found)} found: ${shareText(right)} of the alarms are right. ` +
        `${threeDigits(day.missed)} missed; the mistakes cost ${priceText(day.missed * wishes.miss + day.falseAlarms * wishes.alarm)}.`
      : 'If all items were normal. Novel ones add to this.';
    const least = (known ? wishes.daily * (1 - wishes.share) : wishes.daily) / (sets.calibration.length + 1);
    dayNote.textContent =
      `Expected values; the false-alarm rate is that of the held-out items. With ${countText(sets.calibration.length)} of them, ` +
      `fewer than ${threeDigits(least)} false alarms a day cannot be promised.`;
    return known ? dayLine.textContent : `${threeDigits(day.alarms)} alarms a day if all are normal.`;
  }

  // --- What is drawn once ---
  function drawAxis() {
    if (!header || !width) return;
    const log = wishes.log && header.ranges.log !== null;
    axis = scoreAxis(header.ranges[log ? 'log' : 'linear'], log, width);
    plot.setAttribute('height', axis.height);
    const shown = [
      { scores: sets.normal, kind: 'normal' },
      ...(sets.novel ? [{ scores: sets.novel, kind: 'novel' }] : []),
    ];
    const beyond = shown.reduce((n, { scores }) => n + countAbove(scores, axis.high), 0);
    const note = `${log ? ', log axis' : ''}${beyond ? `, last bar with the ${countText(beyond)} beyond` : ''}`;
    drawHistogram(bars, axisGroup, axis, shown, header.title + note);
    ownTicks.replaceChildren(
      ...Array.from(sets.own, (score) => {
        const x = axis.toScreen(score);
        return el('line', { x1: x, x2: x, y1: axis.floor - 9, y2: axis.floor + 3 });
      }),
    );
    axisButton.hidden = header.ranges.log === null;
    axisButton.textContent = log ? 'Even axis' : 'Log axis';
    drawCheapest();
    follow();
  }

  function drawCheapest() {
    if (cheapest === null || !axis) return;
    const x = axis.toScreen(cheapest.threshold);
    cheapMark.setAttribute('d', `M${x} ${axis.floor + 1}l5 8h-10z`);
  }

  function price() {
    cheapest = curve && sets.normal.length && sets.novel.length ? cheapestStep(curve, wishes.miss, wishes.alarm) : null;
    cheapMark.toggleAttribute('hidden', cheapest === null);
    drawCheapest();
  }

  function build() {
    const labelled = sets.novel !== null;
    const both = labelled && sets.normal.length > 0 && sets.novel.length > 0;
    const names = header.labels.slice(0, labelled ? 2 : 1);
    const groups = [sets.normal, sets.novel];
    legend.replaceChildren(
      ...names.map((name, i) =>
        el(
          'span',
          {},
          el('span', { class: `dot ${i ? 'novel' : 'normal'}` }),
          `${name}, n = ${countText(groups[i].length)}`,
        ),
      ),
      sets.own.length
        ? el('span', {}, el('span', { class: 'own-sign' }), `yours, n = ${countText(sets.own.length)}`)
        : '',
      header.left_out ? el('span', { class: 'quiet' }, `${countText(header.left_out)} without a score left out`) : '',
    );
    table = confusionTable(names);
    curve = labelled ? sweep(sets.normal, sets.novel) : null;
    if (both) {
      const [n, m] = [sets.normal.length, sets.novel.length];
      const recall = curve.found.map((found) => found / m);
      const precision = curve.found.map((found, i) => found / (found + curve.alarms[i]));
      roc.draw(
        curve.alarms.map((count) => count / n),
        recall,
        false,
        [0, 0, 1, 1],
      );
      precisionRecall.draw(recall, precision, true, [0, m / (n + m), 1, m / (n + m)]);
    }
    side.replaceChildren(
      table.element,
      facts,
      ...(both ? [el('div', { class: 'curves' }, roc.element, precisionRecall.element)] : []),
    );
    const perDay = [fields.daily, ...(labelled && sets.novel.length ? [fields.share] : []), fields.alarms];
    const day = panel('In a day', perDay, dayLine, dayNote);
    const cost = panel('What mistakes cost', [fields.miss, fields.alarm], costLine, cheapLine, cheapButton);
    side.append(...(both ? [] : [day]));
    below.replaceChildren(...(both ? [cost, day] : []));
  }

  // --- What a visitor does ---
  function set(score, released) {
    threshold = score;
    follow();
    if (released) tell();
  }

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
    drawAxis();
    tell();
  }

  let dragging = false;
  const under = (event) => axis.at(axis.placeOf(event.clientX - plot.getBoundingClientRect().left));
  plot.addEventListener('pointerdown', (event) => {
    if (!axis) return;
    dragging = true;
    plot.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    set(under(event), false);
    event.preventDefault();
  });
  plot.addEventListener('pointermove', (event) => {
    if (dragging) set(under(event), false);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    plot.addEventListener(name, () => {
      if (dragging) tell();
      dragging = false;
    });
  }
  handle.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 0.001 : 0.005;
    const by = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageDown: -10 * step,
      PageUp: 10 * step,
    }[event.key];
    const end = { Home: 0, End: 1 }[event.key];
    if (by === undefined && end === undefined) return;
    event.preventDefault();
    set(axis.at(end ?? axis.share(threshold) + by), true);
  });
  const unwatch = watchWidth(plot, (newWidth) => {
    width = newWidth;
    drawAxis();
  });

  return {
    update(message) {
      header = message;
      const { normal, novel, calibration, own } = message.scores;
      digests = { normal: normal.digest, calibration: calibration.digest, ...(novel && { novel: novel.digest }) };
      // header.threshold only says where to begin: it does not move one that stands over the same scores.
      const newSettings = JSON.stringify([message.scores, header.labels, header.title, header.start]);
      if (newSettings === settings) return;
      settings = newSettings;
      sets = {
        normal: normal.read(),
        novel: novel?.read() ?? null,
        calibration: calibration.read(),
        own: own?.read() ?? new Float64Array(0),
      };
      wishes = { ...header.wishes, log: header.wishes.log ?? header.log };
      threshold = header.threshold;
      for (const [name, colour] of Object.entries(header.colours)) root.style.setProperty(`--${name}`, colour);
      build();
      showWishes();
      price();
      drawAxis();
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
