// The fields, table and frames beside a threshold.

import { el } from '../shared/dom.js';
import { countText, numberIn } from './words.js';

/** @import { Rate } from './rates.js' */

/** @typedef {ReturnType<typeof numberField>} Field */

/** @typedef {{name: string, rate: Rate, wrong: boolean}} Cell of a table: what is counted, and whether it is a mistake. */

/**
 * A labelled number to type in.
 *
 * @param {string} label
 * @param {string} unit
 * @param {(value: number) => void} change is told of each number that is typed.
 * @param {(value: number) => boolean} allows says which are possible.
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
  const row = el('span', { class: 'field-row' }, input, unit ? el('span', {}, unit) : null);
  return {
    element: el('label', { class: 'field' }, el('span', {}, label), row),

    /** @param {string} text */
    show(text) {
      shown = text;
      input.value = text;
    },
  };
}

/**
 * Counts of alarms among normal and novel items, each with its share of the row and its interval.
 *
 * @param {string[]} labels of the rows.
 * @param {(rate: Rate) => string} words of a share.
 */
export function confusionTable(labels, words) {
  const cells = labels.map(() => [el('td'), el('td')]);
  const rows = labels.map((label, i) => {
    const dot = el('span', { class: `dot ${i ? 'novel' : 'normal'}` });
    return el('tr', {}, el('th', { scope: 'row' }, dot, label), ...cells[i]);
  });
  const heads = ['Alarm', 'No alarm'].map((name) => el('th', { scope: 'col' }, name));
  const head = el('thead', {}, el('tr', {}, el('td'), ...heads));
  return {
    element: el('table', { class: 'confusion' }, head, el('tbody', {}, ...rows)),

    /** @param {Cell[][]} counted of each set: its alarms, and the rest. */
    show(counted) {
      counted.forEach((row, i) =>
        row.forEach(({ name, rate, wrong }, j) => {
          cells[i][j].classList.toggle('wrong', wrong);
          cells[i][j].replaceChildren(
            el('span', { class: 'count' }, countText(rate.count)),
            el('span', { class: 'cell-name' }, name),
            el('span', { class: 'caption' }, rate.n ? words(rate) : 'none to count'),
          );
        }),
      );
    },
  };
}

/**
 * A heading, fields and sentences in one frame.
 *
 * @param {string} title
 * @param {Field[]} fields
 * @param {...HTMLElement} lines
 */
export function panel(title, fields, ...lines) {
  const row = el('div', { class: 'fields' }, ...fields.map((field) => field.element));
  return el('section', { class: 'panel' }, el('h4', {}, title), row, ...lines);
}

/**
 * A figure with its name before it and a note after it.
 *
 * @param {string} name
 * @param {string} text
 * @param {string} note
 */
export function fact(name, text, note) {
  const caption = el('span', { class: 'caption' }, note);
  return el('div', { class: 'fact' }, el('span', {}, name), el('strong', {}, text), caption);
}
