// The words and fields beside a threshold: counts as a table, prices, and what a day brings.

import { el } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';

/** A share for reading, with two digits that count or more: 5.2 %, 0.034 %. */
export function shareText(share) {
  return Number.isFinite(share) ? percent(share, decimalsOf(share)) : '–';
}

/** A share and its interval, to as many decimals: 5.2 % (4.1 to 6.4). */
export function rateText(rate) {
  if (!Number.isFinite(rate.value)) return '–';
  return `${shareText(rate.value)} (${spanText(rate).replace(' %', '')})`;
}

export function spanText({ value, low, high }) {
  const digits = decimalsOf(value);
  return `${(100 * low).toFixed(digits)} to ${percent(high, digits)}`;
}

function decimalsOf(share) {
  return share > 0 ? Math.min(6, Math.max(1, Math.ceil(-Math.log10(100 * share)) + 1)) : 1;
}

export function countText(count) {
  return count.toLocaleString('en-US');
}

/** A number for a field: no more digits than are told apart, so that it can be typed again. */
export function fieldText(value, digits = 4) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))).replace('-', '−') : '';
}

/** The number that was typed, as 1,000 or 0.5 or 0,5; NaN for anything else. */
function numberIn(text) {
  const bare = text.replaceAll('−', '-').replace('%', '').trim();
  if (bare === '') return NaN;
  return Number(/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.'));
}

/**
 * A labelled number to type in.
 *
 * @param {(value: number) => void} change is told of each number that is typed; `allows` says which are possible.
 */
export function numberField(label, unit, change, allows) {
  const input = el('input', { type: 'text', inputmode: 'decimal', class: 'field-input', 'aria-label': label });
  let shown = '';
  input.addEventListener('focus', () => input.select());
  input.addEventListener('change', () => {
    const typed = numberIn(input.value);
    if (Number.isFinite(typed) && allows(typed)) change(typed);
    else input.value = shown;
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') input.value = shown;
  });
  return {
    element: el(
      'label',
      { class: 'field' },
      el('span', {}, label),
      el('span', { class: 'field-row' }, input, unit && el('span', {}, unit)),
    ),
    show(text) {
      shown = text;
      input.value = text;
    },
  };
}

/** Counts of alarms among normal and novel items, each with its share of the row and its interval. */
export function confusionTable(labels) {
  const cells = labels.map(() => [0, 1].map(() => el('td')));
  const heads = labels.map((label, i) =>
    el('th', { scope: 'row' }, el('span', { class: `dot ${i ? 'novel' : 'normal'}` }), label),
  );
  const element = el(
    'table',
    { class: 'confusion' },
    el(
      'thead',
      {},
      el('tr', {}, el('td'), el('th', { scope: 'col' }, 'Alarm'), el('th', { scope: 'col' }, 'No alarm')),
    ),
    el('tbody', {}, ...labels.map((_, i) => el('tr', {}, heads[i], ...cells[i]))),
  );
  return {
    element,

    /** @param {{name: string, rate: object}[][]} rows of each set: its alarms, and the rest. */
    show(rows) {
      rows.forEach((row, i) =>
        row.forEach(({ name, rate, wrong }, j) => {
          cells[i][j].classList.toggle('wrong', wrong);
          cells[i][j].replaceChildren(
            el('span', { class: 'count' }, countText(rate.count)),
            el('span', { class: 'cell-name' }, name),
            el('span', { class: 'caption' }, rate.n ? rateText(rate) : 'none to count'),
          );
        }),
      );
    },
  };
}

/** A heading, fields and sentences in one frame. */
export function panel(title, fields, ...lines) {
  return el(
    'section',
    { class: 'panel' },
    el('h4', {}, title),
    el('div', { class: 'fields' }, ...fields.map((f) => f.element)),
    ...lines,
  );
}

/** A figure with its name before it and a note after it. */
export function fact(name, text, note) {
  return el(
    'div',
    { class: 'fact' },
    el('span', {}, name),
    el('strong', {}, text),
    el('span', { class: 'caption' }, note),
  );
}

export function intervalText([value, low, high]) {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** An amount of money or of anything: all its digits below a million. */
export function priceText(amount) {
  return amount < 1e6
    ? Number(amount.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 2 })
    : threeDigits(amount);
}
