// Items beside what the model makes of them.

import { el } from '../shared/dom.js';
import { brushOf, drawItem, fitPicture } from '../shared/picture.js';
import { begin } from './canvas.js';

/** @import { RunStage } from '../messages.js' */

const ROOM = 56; // CSS pixels of an image's longer side

export function createItemRows() {
  const root = el('div', { class: 'items' });
  /** @type {HTMLCanvasElement[]} */
  let made = [];
  let shape = /** @type {readonly number[]} */ ([]);
  let length = 1;

  /** @param {Uint8Array} values @param {number} i */
  const part = (values, i) => values.subarray(i * length, (i + 1) * length);

  /** @param {HTMLCanvasElement} canvas @param {Uint8Array} values */
  function picture(canvas, values) {
    drawItem(
      canvas,
      Float32Array.from(values, (value) => value / 255),
      [...shape],
    );
  }

  return {
    element: root,

    /**
     * The items themselves.
     *
     * @param {RunStage} message
     * @param {Uint8Array} items
     * @param {Uint8Array} given
     */
    update({ shape: newShape, captions }, items, given) {
      shape = newShape;
      length = shape.reduce((product, side) => product * side, 1);
      const n = length ? items.length / length : 0;
      const isImage = shape.length === 3;
      const corrupted = items.some((value, i) => value !== given[i]);
      made = [];
      root.classList.toggle('rows', !isImage);
      root.replaceChildren(
        ...Array.from({ length: n }, (_, i) => {
          const title = captions[i] ?? '';
          /** @param {string} what */
          const canvas = (what) =>
            el('canvas', { class: 'picture', role: 'img', 'aria-label': `${title}: ${what}`, title });
          const own = canvas(corrupted && isImage ? 'what the model sees' : 'item');
          const rebuilt = canvas('reconstruction');
          made.push(rebuilt);
          if (isImage) {
            picture(own, part(corrupted ? given : items, i));
            for (const one of [own, rebuilt]) fitPicture(one, shape[2], shape[1], ROOM);
            return el('div', { class: 'pair' }, own, rebuilt);
          }
          return el('div', { class: 'pair' }, rebuilt);
        }),
      );
    },

    /**
     * What the model makes of them.
     *
     * @param {Uint8Array} values
     * @param {Uint8Array} items
     */
    draw(values, items) {
      made.forEach((canvas, i) => {
        if (shape.length === 3) picture(canvas, part(values, i));
        else bars(canvas, part(items, i), part(values, i));
      });
    },
  };
}

/**
 * A row of a table: one bar a column, and a line of what the model makes of it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} row
 * @param {Uint8Array} rebuilt
 */
function bars(canvas, row, rebuilt) {
  const brush = brushOf(canvas);
  const { width, height } = begin(canvas, brush);
  const step = width / row.length;
  brush.fillStyle = brush.strokeStyle = getComputedStyle(canvas).color;
  brush.globalAlpha = 0.3;
  row.forEach((value, i) => {
    brush.fillRect(i * step, height * (1 - value / 255), Math.max(1, step - 1), (height * value) / 255);
  });
  brush.globalAlpha = 1;
  brush.strokeStyle = '#ed6d03';
  brush.lineWidth = 2;
  brush.beginPath();
  rebuilt.forEach((value, i) => {
    brush.lineTo((i + 0.5) * step, height * (1 - value / 255));
  });
  brush.stroke();
}
