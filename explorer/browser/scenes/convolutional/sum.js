// One value as a sum: the picture with what the value sees of it, the values under the kernel, and their products.

import { counted, threeDigits } from '../../shared/numbers.js';
import { greys, hasHeight, Pixels, reachOf, signed } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';
import { nameOf } from './layers.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { Field, Parts, Row, Shape } from './layers.js' */

const HEIGHT = 190; // pixels
const NUMBERS = 27; // pixels of a cell in which a number is written
const MOST = 34; // pixels of a cell
const WORDS = 40; // pixels at the bottom

/**
 * @param {() => {row: Row, parts: Parts, value: number, picture: {values: Float32Array, shape: Shape}, seen: Field}} state
 * @param {(...parts: string[]) => number} strength
 * @param {(part: string) => void} light
 */
export function createSum(state, strength, light) {
  const [picture, cells] = [new Pixels(), new Pixels()];
  /** @type {{part: string, x: number, y: number, toX: number, toY: number}[]} */
  let zones = [];
  const plane = createPlane(
    { label: 'What the value is made of', x: [0, 1], y: [1, 0], hand: { point: pointAt, leave: () => light('') } },
    draw,
  );

  /** @param {number} xShare @param {number} yShare */
  function pointAt(xShare, yShare) {
    const [px, py] = plane.pixels(xShare, yShare);
    const zone = zones.find(({ x, y, toX, toY }) => px >= x && px <= toX && py >= y && py <= toY);
    light(py > HEIGHT - WORDS ? 'bias' : (zone?.part ?? 'field'));
  }

  /** @param {Pen} pen */
  function draw(pen) {
    const width = plane.element.clientWidth;
    if (!hasHeight(plane.element, HEIGHT)) return;
    const { row, parts, value, picture: shown, seen } = state();
    const [, h, w] = shown.shape;
    const side = Math.min(140, 0.26 * width);
    const scale = side / Math.max(h, w);
    picture.paint(shown.values.subarray(0, h * w), w, h, greys(0, 1));
    pen.fade(strength('field'));
    picture.draw(pen, 0, 8, 24, w * scale, h * scale);
    pen.words('It sees', 8, 16);
    pen.box(
      '--other',
      2,
      8 + seen.left * scale,
      24 + seen.top * scale,
      (seen.right - seen.left + 1) * scale,
      (seen.bottom - seen.top + 1) * scale,
    );
    const left = 8 + w * scale + 16;
    grids(pen, parts, left, width - left - 8);
    sentences(pen, row, parts, value);
  }

  /**
   * The window of each map that is read, its weights and the products, one below the other; or beside one another where
   * there is one map.
   *
   * @param {Pen} pen
   * @param {Parts} parts
   * @param {number} left
   * @param {number} room
   */
  function grids(pen, parts, left, room) {
    const { inputs, weights, shape, winner } = parts;
    const [maps, h, w] = shape;
    const products = weights && inputs.map((input, i) => input * weights[i]);
    /** @type {[string, string, Float32Array][]} */
    const all = [['field', 'values', inputs]];
    if (weights && products) all.push(['kernel', '× weights', weights], ['value', '= products', products]);
    const isSingle = maps === 1;
    const across = isSingle ? all.length * w : maps * w;
    const down = isSingle ? h : all.length * h;
    const gaps = isSingle ? (all.length - 1) * 14 : (maps - 1) * GAP;
    const cell = Math.max(0.25, Math.min(MOST, (room - gaps) / across, (isSingle ? 112 : 96) / down));
    const size = cell >= 1 ? Math.floor(cell) : cell;
    zones = [];
    all.forEach(([part, name, values], i) => {
      const [x0, y0] = isSingle ? [left + i * (w * size + 14), 24] : [left, 14 + i * (h * size + 18) + 10];
      zones.push({ part, x: x0, y: y0, toX: isSingle ? x0 + w * size : left + room, toY: y0 + h * size });
      pen.fade(strength(part));
      pen.words(name, x0, y0 - 6);
      const isGrey = i === 0 && values.every((value) => value >= 0);
      const reach = reachOf(values);
      cells.paint(values, w, h, isGrey ? greys(0, Math.max(reach, 1e-9)) : signed(pen, reach));
      for (let m = 0; m < maps; m++) {
        const x = isSingle ? x0 : x0 + m * (w * size + GAP);
        cells.draw(pen, m, x, y0, w * size, h * size);
        if (size >= 3) pen.box('--tie', 1, x - 0.5, y0 - 0.5, w * size + 1, h * size + 1);
        if (size >= NUMBERS) written(pen, values.subarray(m * h * w, (m + 1) * h * w), w, x, y0, size, isGrey && reach);
      }
      if (winner >= 0) {
        pen.box('--data', 3, x0 + (winner % w) * size, y0 + Math.floor(winner / w) * size, size, size);
      }
    });
  }

  /**
   * @param {Pen} pen
   * @param {Float32Array} values
   * @param {number} w
   * @param {number} left
   * @param {number} top
   * @param {number} size
   * @param {number | false} greyReach at which the ground is white; false on a ground of the theme's.
   */
  function written(pen, values, w, left, top, size, greyReach) {
    values.forEach((value, i) => {
      const ground = greyReach === false ? '--text' : value > 0.55 * greyReach ? '#000' : '#fff';
      const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
      const [x, y] = [left + ((i % w) + 0.5) * size, top + (Math.floor(i / w) + 0.5) * size + 3.5];
      pen.middle(text.replace('-', '−'), x, y, ground, '10px');
    });
  }

  /**
   * @param {Pen} pen
   * @param {Row} row
   * @param {Parts} parts
   * @param {number} value
   */
  function sentences(pen, row, { inputs, weights, bias, sum, winner }, value) {
    const number = threeDigits;
    const lines = weights
      ? [
          `${counted(inputs.length)} products add up to ${number(sum - bias)}, and with the bias`,
          `${number(bias)} to ${number(sum)}${row.activation ? `; after ${row.activation}: ${number(value)}` : ''}`,
        ]
      : [
          winner >= 0 ? 'The largest is passed on:' : `${nameOf(row)} passes a value on:`,
          `${number(sum)}${row.activation ? `; after ${row.activation}: ${number(value)}` : ''}`,
        ];
    pen.fade(strength('value', 'bias'));
    const width = plane.element.clientWidth;
    if (width > 520) pen.words(lines.join(' '), 8, HEIGHT - 10);
    else lines.forEach((line, i) => pen.words(line, 8, HEIGHT - 24 + 16 * i));
    pen.fade(1);
  }

  return plane;
}

const GAP = 2; // pixels between the windows of two maps
