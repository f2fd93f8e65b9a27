// Pictures that are drawn into a plane: kept at their own size, shown at a whole multiple of it.

import { el } from '../shared/dom.js';
import { drawItem } from '../shared/picture.js';

/** @import { Pen } from './plane.js' */

/**
 * @param {ArrayLike<number>} values (C, H, W) in [0, 1].
 * @param {number[]} shape
 * @param {HTMLCanvasElement} [canvas] to draw on again.
 */
export function pictureOf(values, shape, canvas = el('canvas')) {
  drawItem(canvas, values, shape);
  return canvas;
}

/**
 * Put a picture into the middle of a place, as large as fits in a whole multiple of the screen's pixels.
 *
 * @param {Pen} pen
 * @param {HTMLCanvasElement} picture
 * @param {number} x middle, in CSS pixels.
 * @param {number} y middle, in CSS pixels.
 * @param {number} room CSS pixels that its longer side may take.
 * @param {string} [mark] colour of a line around it: thick in the accent, which is of what is chosen.
 * @returns {{left: number, top: number, width: number, height: number}}
 */
export function putPicture(pen, picture, x, y, room, mark) {
  const { brush } = pen;
  const ratio = window.devicePixelRatio || 1;
  const available = (room * ratio) / Math.max(picture.width, picture.height);
  const scale = (available >= 1 ? Math.floor(available) : available) / ratio;
  const [width, height] = [picture.width * scale, picture.height * scale];
  const snap = (/** @type {number} */ v) => Math.round(v * ratio) / ratio;
  const [left, top] = [snap(x - width / 2), snap(y - height / 2)];
  brush.imageSmoothingEnabled = available < 1;
  brush.drawImage(picture, left, top, width, height);
  if (mark) pen.box(mark, mark === '--accent' ? 3 : 1.5, left - 1, top - 1, width + 2, height + 2);
  return { left, top, width, height };
}
