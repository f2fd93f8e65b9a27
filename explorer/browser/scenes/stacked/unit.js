// One unit: its weights as pictures, its value among those of other items, and the items that excite it most.

import { threeDigits } from '../../shared/numbers.js';
import { greys, hasHeight, Pixels, reachOf, signed } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';

/** @import { Pen } from '../../stage/plane.js' */

/**
 * @typedef {object} UnitLook
 * @property {[string, Float32Array][]} weights what it looks for and what its mirror draws, with their names.
 * @property {[number, number] | null} range its least and largest value; null of a pixel.
 * @property {number} value
 * @property {Float32Array[]} items that excite it most, most first.
 * @property {string} among what those were taken from.
 * @property {{width: number, height: number}} picture
 */

const NARROW = 560;

/**
 * @param {() => UnitLook} state
 * @param {(...parts: string[]) => number} strength
 * @param {() => void} drawn is called after each drawing.
 */
export function createUnit(state, strength, drawn) {
  const pixels = new Pixels();
  const plane = createPlane({ label: 'The unit: its weights, and what excites it', x: [0, 1], y: [1, 0] }, draw);

  /** @param {Pen} pen */
  function draw(pen) {
    const width = plane.element.clientWidth;
    const { weights, range, value, items, among, picture } = state();
    const isNarrow = width < NARROW;
    const side = isNarrow ? Math.min(140, (width - 36) / 2) : 112;
    const small = isNarrow ? Math.floor((width - 16) / 6) - 6 : 52;
    const itemsTop = isNarrow ? side + 108 : 76;
    if (!hasHeight(plane.element, isNarrow ? itemsTop + small + 10 : side + 42)) return;
    weights.forEach(([name, values], i) => {
      const x = 8 + i * (side + 20);
      pen.fade(strength(i ? 'mirror' : 'unit', i ? 'decoder' : 'encoder'));
      pen.words(name, x, 18);
      pixels.paint(values, picture.width, picture.height, signed(pen, reachOf(values)));
      pixels.draw(pen, 0, x, 28, side, (side * picture.height) / picture.width);
      pen.box('--tie', 1, x, 28, side, (side * picture.height) / picture.width);
    });
    pen.fade(strength('unit'));
    const left = isNarrow ? 8 : 8 + 2 * (side + 20);
    if (range) scale(pen, left, isNarrow ? side + 46 : 18, Math.min(330, width - left - 10), value, range);
    pen.words(items.length ? `excite it most, of ${among}` : 'a pixel', left, itemsTop - 8);
    items.forEach((item, i) => {
      pixels.paint(item, picture.width, picture.height, greys(0, 255));
      pixels.draw(pen, 0, left + i * (small + 5), itemsTop, small, (small * picture.height) / picture.width);
    });
    pen.fade(1);
    drawn();
  }

  /**
   * Its value on the way from the least to the largest.
   *
   * @param {Pen} pen
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} value
   * @param {[number, number]} range
   */
  function scale(pen, x, y, width, value, [low, high]) {
    pen.words(`its value now: ${threeDigits(value)}`, x, y);
    const { brush } = pen;
    brush.fillStyle = pen.colour('--faint');
    brush.fillRect(x, y + 9, width, 6);
    brush.fillStyle = pen.colour('--rebuilt');
    const share = Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
    pen.circle(x + share * width, y + 12, 6);
    brush.fill();
    pen.words(threeDigits(low), x, y + 30, '--quiet');
    brush.textAlign = 'right';
    brush.fillText(threeDigits(high), x + width, y + 30);
  }

  return plane;
}
