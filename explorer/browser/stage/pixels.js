// Numbers as a picture of themselves: one number a pixel, enlarged without smoothing.

import { brushOf } from '../shared/picture.js';

/** @import { Pen } from './plane.js' */

/**
 * Writes the colour of a value, four bytes, into a picture. An array for each would take longer than all else.
 *
 * @typedef {(value: number, picture: Uint8ClampedArray, at: number) => void} Paint
 */

/** From black for the least to white for the largest.
 *
 * @param {number} low
 * @param {number} high
 * @returns {Paint}
 */
export function greys(low, high) {
  const scale = 255 / (high - low || 1);
  return (value, picture, at) => {
    picture[at] = picture[at + 1] = picture[at + 2] = (value - low) * scale;
    picture[at + 3] = 255;
  };
}

/**
 * Blue above zero, orange below, and the ground at zero.
 *
 * @param {Pen} pen whose colours they are.
 * @param {number} reach at which a colour is full.
 * @returns {Paint}
 */
export function signed(pen, reach) {
  const [above, below] = ['--data', '--other'].map((name) => channels(pen, name));
  const scale = 255 / (reach || 1);
  return (value, picture, at) => {
    picture.set(value < 0 ? below : above, at);
    picture[at + 3] = scale * Math.abs(value);
  };
}

/**
 * @param {Pen} pen
 * @param {string} name of a colour.
 */
function channels(pen, name) {
  pen.brush.fillStyle = pen.colour(name); // read again, a colour is #rrggbb
  const number = Number.parseInt(String(pen.brush.fillStyle).slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/**
 * The largest size of some numbers, for `signed`.
 *
 * @param {ArrayLike<number>} values
 */
export function reachOf(values) {
  let reach = 0;
  for (let i = 0; i < values.length; i++) reach = Math.max(reach, Math.abs(values[i]));
  return reach;
}

/**
 * Which of n cells a place is in: the nearest one where it is in none.
 *
 * @param {number} place in cells.
 * @param {number} n
 */
export function within(place, n) {
  return Math.max(0, Math.min(n - 1, Math.floor(place)));
}

/** Pictures of the same width, one below the other. */
export class Pixels {
  canvas = document.createElement('canvas');

  /**
   * @param {ArrayLike<number>} values (n, height, width)
   * @param {number} width
   * @param {number} height of one.
   * @param {Paint} paint
   */
  paint(values, width, height, paint) {
    [this.width, this.height] = [width, height];
    const picture = new ImageData(width, values.length / width);
    for (let i = 0; i < values.length; i++) paint(values[i], picture.data, 4 * i);
    [this.canvas.width, this.canvas.height] = [picture.width, picture.height];
    brushOf(this.canvas).putImageData(picture, 0, 0);
  }

  /**
   * @param {Pen} pen
   * @param {number} i which of them.
   * @param {number} x in CSS pixels.
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  draw(pen, i, x, y, width, height) {
    const { width: w = 1, height: h = 1 } = this;
    pen.brush.imageSmoothingEnabled = width < w; // smaller than it is, its pixels are averaged
    pen.brush.drawImage(this.canvas, 0, i * h, w, h, x, y, width, height);
  }

  /** @type {number | undefined} */ width;
  /** @type {number | undefined} */ height;
}

/**
 * Give a canvas another height.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} height in pixels.
 * @returns {boolean} whether it had that height: otherwise it is drawn again, at its new size.
 */
export function hasHeight(canvas, height) {
  const before = canvas.clientHeight;
  canvas.style.height = `${Math.ceil(height)}px`;
  return canvas.clientHeight === before;
}
