// The values of the item under the pointer by column: few, the most unusual first, the rest counted.

import { el } from '../shared/dom.js';
import { threeDigits } from '../shared/numbers.js';

/** @import { RowColumn } from '../messages.js' */

const FEW = 6;

/** @typedef {Omit<RowColumn, 'values'> & {values: Float64Array}} ReadColumn */

/**
 * How unusual an item's value is: standard deviations from the middle, or as many as a category that is as rare; a
 * missing value is less unusual than any, a date is not.
 *
 * @param {ReadColumn} column
 * @param {number} item
 */
export function unusual({ values, names, shares, kind, middle, spread }, item) {
  const value = values[item];
  if (Number.isNaN(value)) return -1;
  if (kind === 'date') return 0;
  return names.length ? Math.sqrt(-2 * Math.log(shares[value])) : Math.abs(value - middle) / spread;
}

/**
 * @param {ReadColumn} column
 * @param {number} item
 */
export function written({ values, names, kind }, item) {
  const value = values[item];
  if (Number.isNaN(value)) return '–';
  if (names.length) return names[value];
  if (kind !== 'date') return threeDigits(value);
  const [day, time] = new Date(1000 * value).toISOString().split('T');
  return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 8)}`;
}

/**
 * @param {ReadColumn[]} columns
 * @param {number} item
 * @param {number} most
 * @returns {ReadColumn[]} of the most unusual values, falling; as they stand where values are as unusual.
 */
export function mostUnusual(columns, item, most = FEW) {
  const ranked = columns.map((column) => ({ column, far: unusual(column, item) }));
  return ranked
    .sort((a, b) => b.far - a.far)
    .slice(0, most)
    .map(({ column }) => column);
}

export function createRowValues() {
  const list = el('dl', { class: 'details' });
  const rest = el('div', { class: 'caption' });
  const element = el('div', { class: 'wide row-values', hidden: true }, list, rest);
  /** @type {ReadColumn[]} */
  let columns = [];

  return {
    element,

    /** @param {RowColumn[]} newColumns */
    describe(newColumns) {
      columns = newColumns.map((column) => ({ ...column, values: column.values.read() }));
      element.hidden = !columns.length;
    },

    /**
     * @param {number} item -1 for none.
     * @returns {string} what is shown, to be spoken.
     */
    show(item) {
      const few = item < 0 ? [] : mostUnusual(columns, item);
      const texts = few.map((column) => written(column, item));
      const rows = few.map(({ name }, i) => el('div', {}, el('dt', {}, name), el('dd', { title: texts[i] }, texts[i])));
      list.replaceChildren(...rows);
      const others = columns.length - few.length;
      rest.textContent = others && few.length ? `The most unusual first; ${others.toLocaleString('en-US')} more` : '';
      return few.map(({ name }, i) => `${name} ${texts[i]}`).join(', ');
    },
  };
}
