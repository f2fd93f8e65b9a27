// A made-up map under a kernel that slides over it: stride, kernel and padding, and the size of what comes out.

import { greys, hasHeight, Pixels, reachOf, signed, within } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';
import { convolved, edgeKernel, outputSize } from './resampling.js';

/** @import { Pen } from '../../stage/plane.js' */

export const SIDE = 7; // of the made-up map
export const MADE_UP = '0000000011100001010000111000010100001110000000000'; // press to change

const MOST_PADDING = 2;
const ACROSS = SIDE + 2 * MOST_PADDING; // cells of the padded map at most
const GAP = 26; // pixels

/**
 * @param {object} look
 * @param {() => {made: string, kernel: number, stride: number, padding: number}} look.state
 * @param {(made: string) => void} look.change
 * @param {() => void} look.drawn called behind each drawing.
 * @param {(part: string) => void} look.light
 * @param {(...parts: string[]) => number} look.strength
 */
export function createSliding({ state, change, drawn, light, strength }) {
  let place = { y: 1, x: 1 }; // in what comes out
  const pixels = new Pixels();
  const plane = createPlane(
    {
      label: 'A made-up map, a kernel on it, and what comes out',
      x: [0, 1],
      y: [1, 0],
      hand: { point: (x, y) => pointAt(x, y), press: pressAt, leave },
    },
    draw,
  );

  /** Pixels of a cell, and where map, kernel and output begin. */
  function layout() {
    const width = plane.element.clientWidth;
    const { kernel } = state();
    const cell = Math.max(6, Math.min(24, Math.floor((width - 2 * GAP - 16) / (2 * ACROSS + 5))));
    const kernelLeft = 8 + ACROSS * cell + GAP;
    return { cell, top: 28, left: 8, kernelLeft, outLeft: kernelLeft + Math.max(5, kernel) * cell + GAP };
  }

  /**
   * @param {number} xShare
   * @param {number} yShare
   */
  function cellAt(xShare, yShare) {
    const { cell, top, left, outLeft } = layout();
    const { padding, stride, kernel } = state();
    const [px, py] = plane.pixels(xShare, yShare);
    const n = outputSize(SIDE, state());
    const isOut = px > outLeft - GAP / 2;
    const start = MOST_PADDING - padding;
    const [y, x] = [
      (py - top) / cell - (isOut ? 0 : MOST_PADDING),
      (px - (isOut ? outLeft : left)) / cell - (isOut ? 0 : MOST_PADDING),
    ];
    if (isOut) return { isOut, out: { y: within(y, n), x: within(x, n) }, cell: { y: 0, x: 0 } };
    const under = (/** @type {number} */ at) => within((at + padding - (kernel - 1) / 2) / stride + 0.001, n);
    return {
      isOut,
      out: { y: under(Math.floor(y)), x: under(Math.floor(x)) },
      cell: { y: Math.floor(y), x: Math.floor(x) },
      start,
    };
  }

  /** @param {number} x @param {number} y */
  function pointAt(x, y) {
    const at = cellAt(x, y);
    place = at.out;
    light(at.isOut ? 'size' : 'field');
    plane.redraw();
  }

  /** @param {number} x @param {number} y */
  function pressAt(x, y) {
    pointAt(x, y);
    const { isOut, cell } = cellAt(x, y);
    if (isOut || cell.y < 0 || cell.x < 0 || cell.y >= SIDE || cell.x >= SIDE) return;
    const digits = [...state().made];
    const i = cell.y * SIDE + cell.x;
    digits[i] = digits[i] === '1' ? '0' : '1';
    change(digits.join(''));
  }

  function leave() {
    place = { y: 1, x: 1 };
    light('');
    plane.redraw();
  }

  /** @param {Pen} pen */
  function draw(pen) {
    const settings = state();
    const { kernel, stride, padding } = settings;
    const { cell, top, left, kernelLeft, outLeft } = layout();
    if (!hasHeight(plane.element, top + ACROSS * cell + 46)) return;
    const map = { values: Float32Array.from(settings.made, Number), height: SIDE, width: SIDE };
    const weights = edgeKernel(kernel);
    const out = convolved(map, weights, settings);
    const n = out.height;
    const { brush } = pen;
    const at = { y: Math.min(place.y, n - 1), x: Math.min(place.x, n - 1) };
    const offset = (MOST_PADDING - padding) * cell;
    const padded = SIDE + 2 * padding;

    pen.fade(strength('field', 'size'));
    pen.words('map and padding', left, 18);
    brush.fillStyle = pen.colour('--faint');
    brush.fillRect(left + offset, top + offset, padded * cell, padded * cell);
    pixels.paint(map.values, SIDE, SIDE, greys(0, 1));
    const inside = MOST_PADDING * cell;
    pixels.draw(pen, 0, left + inside, top + inside, SIDE * cell, SIDE * cell);
    grid(pen, left + offset, top + offset, padded, cell);

    pen.fade(strength('kernel', 'size'));
    pen.words('kernel', kernelLeft, 18);
    pixels.paint(weights, kernel, kernel, signed(pen, 1.4));
    pixels.draw(pen, 0, kernelLeft, top, kernel * cell, kernel * cell);
    grid(pen, kernelLeft, top, kernel, cell);
    if (cell >= 12) signs(pen, weights, kernelLeft, top, kernel, cell);

    pen.fade(strength('value', 'size'));
    pen.words(`${n} × ${n}`, outLeft, 18);
    pixels.paint(out.values, n, n, signed(pen, reachOf(out.values)));
    pixels.draw(pen, 0, outLeft, top, n * cell, n * cell);
    grid(pen, outLeft, top, n, cell);

    pen.fade(strength('field', 'value', 'size'));
    const [y, x] = [at.y * stride, at.x * stride];
    pen.box('--other', 2.5, left + offset + x * cell, top + offset + y * cell, kernel * cell, kernel * cell);
    pen.box('--data', 2.5, outLeft + at.x * cell, top + at.y * cell, cell, cell);
    pen.fade(1);
    formula(pen, top + ACROSS * cell + 18, n, out.values[at.y * n + at.x], settings);
    drawn();
  }

  /**
   * @param {Pen} pen
   * @param {number} y
   * @param {number} n
   * @param {number} value
   * @param {{kernel: number, stride: number, padding: number}} settings
   */
  function formula(pen, y, n, value, { kernel, stride, padding }) {
    pen.fade(strength('size'));
    const unread = (SIDE + 2 * padding - kernel) % stride;
    pen.words(`n′ = ⌊(${SIDE} + 2 · ${padding} − ${kernel}) / ${stride}⌋ + 1 = ${n}`, 8, y);
    pen.fade(strength('value', 'size'));
    const rest = unread ? `; ${unread} at the far edges ${unread > 1 ? 'are' : 'is'} never read` : '';
    pen.words(`the marked value: ${String(value).replace('-', '−')}${rest}`, 8, y + 16, '--quiet');
    pen.fade(1);
  }

  return plane;
}

/**
 * @param {Pen} pen
 * @param {number} left
 * @param {number} top
 * @param {number} n
 * @param {number} cell
 */
function grid(pen, left, top, n, cell) {
  [pen.brush.strokeStyle, pen.brush.lineWidth] = [pen.colour('--tie'), 0.5];
  pen.brush.beginPath();
  for (let i = 0; i <= n; i++) {
    pen.brush.moveTo(left + i * cell, top);
    pen.brush.lineTo(left + i * cell, top + n * cell);
    pen.brush.moveTo(left, top + i * cell);
    pen.brush.lineTo(left + n * cell, top + i * cell);
  }
  pen.brush.stroke();
}

/**
 * @param {Pen} pen
 * @param {Float32Array} weights
 * @param {number} left
 * @param {number} top
 * @param {number} n
 * @param {number} cell
 */
function signs(pen, weights, left, top, n, cell) {
  weights.forEach((weight, i) => {
    const text = weight < 0 ? '−1' : weight > 0 ? '1' : '0';
    pen.middle(text, left + ((i % n) + 0.5) * cell, top + (Math.floor(i / n) + 0.5) * cell + 3.5, '--text', '10px');
  });
}
