// Names of classes on the map: each where most of its items lie, the largest classes first, none over another.

import { drawLabel } from './layers.js';
import { boundsOf } from './point_index.js';

/** @import { Frame } from './layers.js' */

const CELLS = 32; // of the points' extent, each way, in which items of a class are counted
const LETTERS = 28; // of a name; the legend has the whole of it
const EDGE = 6; // CSS pixels from the map's edge, as are all below
const ABOVE_AXIS = 26;
const GAP = 3;
const HEIGHT = 17;
const STEPS = [0, -1, 1, -2, 2]; // heights that a name may be moved up or down to be free of others

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box in CSS pixels. */

/** @typedef {{x: number, y: number, size: number}} Centre in map units, with the items of its class. */

/** @typedef {{text: string, width: number, x: number, y: number, size: number}} Wanted name, in CSS pixels. */

/**
 * Where most of each class lies: the mean of its items in that cell, with those around it, which holds most of them.
 *
 * @param {Float32Array} points x, y pairs.
 * @param {Uint16Array} groups the class of each; classes from `kinds` on have no place.
 * @param {number} kinds
 * @returns {Centre[]} of a class without items, size 0.
 */
export function densestPlaces(points, groups, kinds) {
  const { left, right, bottom, top } = boundsOf(points);
  const [across, up] = [CELLS / (right - left || 1), CELLS / (top - bottom || 1)];
  const counts = new Float64Array(kinds * CELLS * CELLS);
  const [sumsX, sumsY] = [new Float64Array(counts.length), new Float64Array(counts.length)];
  for (let i = 0; i < groups.length; i++) {
    if (groups[i] >= kinds) continue;
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    const column = Math.min(CELLS - 1, Math.floor((x - left) * across));
    const row = Math.min(CELLS - 1, Math.floor((y - bottom) * up));
    const cell = (groups[i] * CELLS + row) * CELLS + column;
    counts[cell]++;
    sumsX[cell] += x;
    sumsY[cell] += y;
  }
  return Array.from({ length: kinds }, (_, kind) => {
    let best = { n: 0, x: 0, y: 0 };
    let size = 0;
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const own = counts[(kind * CELLS + row) * CELLS + column];
        size += own;
        if (!own) continue;
        const around = { n: 0, x: 0, y: 0 };
        for (let r = Math.max(0, row - 1); r <= Math.min(CELLS - 1, row + 1); r++) {
          for (let c = Math.max(0, column - 1); c <= Math.min(CELLS - 1, column + 1); c++) {
            const cell = (kind * CELLS + r) * CELLS + c;
            around.n += counts[cell];
            around.x += sumsX[cell];
            around.y += sumsY[cell];
          }
        }
        if (around.n > best.n) best = around;
      }
    }
    return { x: best.x / (best.n || 1), y: best.y / (best.n || 1), size };
  });
}

/**
 * A place for as many names as have one, those of large classes first.
 *
 * @param {Wanted[]} names
 * @param {{width: number, height: number}} map
 * @param {Box[]} taken what no name may cover.
 * @returns {{text: string, x: number, y: number, box: Box}[]}
 */
export function placeNames(names, { width, height }, taken) {
  const boxes = [...taken];
  /** @param {Box} box */
  const isFree = ({ left, top, right, bottom }) =>
    boxes.every((other) => left >= other.right || right <= other.left || top >= other.bottom || bottom <= other.top);
  const placed = [];
  for (const { text, width: across, x, y } of names.toSorted((a, b) => b.size - a.size)) {
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const half = across / 2 + GAP;
    // A name at the edge is moved into the map.
    const middle = Math.min(Math.max(x, EDGE + half), width - EDGE - half);
    const box = STEPS.map((step) => {
      const at = y + step * HEIGHT;
      return { left: middle - half, top: at - HEIGHT / 2, right: middle + half, bottom: at + HEIGHT / 2 };
    }).find((one) => one.left >= 0 && one.top >= EDGE && one.bottom <= height - ABOVE_AXIS && isFree(one));
    if (!box) continue;
    boxes.push(box);
    placed.push({ text, x: middle, y: (box.top + box.bottom) / 2, box });
  }
  return placed;
}

/** The names of a map's classes. Where they lie is found when they are first drawn. */
export class ClassNames {
  /** @type {Centre[] | null} */
  centres = null;

  /**
   * @param {Float32Array} points
   * @param {Uint16Array} groups
   * @param {string[]} names of the classes that have one, the first ones.
   */
  constructor(points, groups, names) {
    this.points = points;
    this.groups = groups;
    this.names = names.map((name) => (name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name));
  }

  /**
   * @param {Frame} frame
   * @param {(group: number) => boolean} shows whether a class is shown.
   * @param {Box[]} taken
   * @returns {number} names of classes in sight that found no place.
   */
  draw({ context, view, text, background }, shows, taken) {
    this.centres ??= densestPlaces(this.points, this.groups, this.names.length);
    const font = context.font;
    context.font = `600 ${font}`;
    const wanted = this.centres.flatMap(({ x, y, size }, group) => {
      if (!size || !shows(group) || !view.sees(x, y)) return [];
      const [px, py] = view.toScreen(x, y);
      const name = this.names[group];
      return [{ text: name, width: context.measureText(name).width, x: px, y: py, size }];
    });
    const placed = placeNames(wanted, view, taken);
    for (const name of placed) {
      drawLabel(context, text, background, name.text, [name.x, name.y], 'center', 'middle');
    }
    context.font = font;
    return wanted.length - placed.length;
  }
}
