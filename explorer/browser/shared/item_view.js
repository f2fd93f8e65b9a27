// A decoded item as it is shown.

import { el } from './dom.js';
import { threeDigits } from './numbers.js';
import { drawItem, fitPicture } from './picture.js';

/** @import { Feature } from '../messages.js' */

/**
 * A decoded item: a picture for events (C, H, W), a list of named values with bars for table rows (D,).
 *
 * @param {string} label what a screen reader calls it.
 */
export function itemView(label) {
  const canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': label });
  const table = el('div', { class: 'features', role: 'table', 'aria-label': label });
  const element = el('div', { class: 'item' }, canvas, table);
  /** @type {ReturnType<typeof featureRow>[]} */
  let rows = [];
  /** @type {number[]} */
  let shape = [];
  let room = 0;

  function refit() {
    if (shape.length === 3 && room) fitPicture(canvas, shape[2], shape[1], room);
  }

  return {
    element,
    canvas,

    /**
     * @param {number[]} newShape of the item.
     * @param {Feature[]} features of a table row, in order.
     */
    prepare(newShape, features) {
      shape = newShape;
      canvas.hidden = shape.length !== 3;
      table.hidden = shape.length === 3;
      if (shape.length !== 3) {
        rows = Array.from({ length: shape[0] }, (_, i) =>
          featureRow(features[i] ?? { name: `feature ${i + 1}`, low: 0, high: 1 }),
        );
        table.replaceChildren(...rows.map((row) => row.element));
      }
      refit();
    },

    /** @param {Float32Array} values */
    show(values) {
      if (shape.length === 3) drawItem(canvas, values, shape);
      else rows.forEach((row, i) => row.show(values[i]));
    },

    /**
     * Mark another row's values on the bars of a table row; null for none.
     *
     * @param {Float32Array | null} values
     */
    mark(values) {
      rows.forEach((row, i) => row.mark(values ? values[i] : null));
    },

    /** @param {number} newRoom CSS pixels that the longer side may take. */
    fit(newRoom) {
      room = newRoom;
      refit();
    },
  };
}

/** @param {Feature} feature */
function featureRow({ name, low, high }) {
  const bar = el('span', { class: 'bar-fill' });
  const tick = el('span', { class: 'bar-tick', hidden: true });
  const value = el('span', { class: 'number', role: 'cell' });
  const element = el(
    'div',
    { class: 'feature', role: 'row' },
    el('span', { class: 'feature-name', role: 'rowheader', title: name }, name),
    el('span', { class: 'bar', title: `${threeDigits(low)} to ${threeDigits(high)} in the data` }, bar, tick),
    value,
  );
  /** @param {number} x */
  const place = (x) => Math.min(1, Math.max(0, (x - low) / (high - low || 1)));
  return {
    element,
    /** @param {number} x */
    show(x) {
      bar.style.transform = `scaleX(${place(x)})`;
      value.textContent = threeDigits(x);
    },
    /** @param {number | null} x null for no mark. */
    mark(x) {
      tick.hidden = x === null;
      if (x !== null) tick.style.left = `${100 * place(x)}%`;
    },
  };
}
