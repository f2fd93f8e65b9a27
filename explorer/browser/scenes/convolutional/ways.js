// A map made smaller by max pooling, and the ways back, beside one another.

import { greys, hasHeight, Pixels, reachOf, within } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';
import { isChequered, nearest, pooled, transposed, unpooled, unpooledAtFixed } from './resampling.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { Map2d } from './resampling.js' */

const TITLE = 32; // pixels above each picture
const GAP = 12;
const WIDE = 560;

/** @typedef {{y: number, x: number}} Window of the pooling, by row and column. */

/**
 * @param {object} look
 * @param {() => {map: Map2d, name: string, kernel: number, stride: number, padding: number}} look.state
 * @param {(part: string) => void} look.light
 * @param {(...parts: string[]) => number} look.strength
 */
export function createWays({ state, light, strength }) {
  /** @type {Window | null} */
  let window = null;
  /** @type {ReturnType<typeof placed>} */
  let places = [];
  const pixels = new Pixels();
  const plane = createPlane(
    {
      label: 'A map, pooled, and the ways back to its size',
      x: [0, 1],
      y: [1, 0],
      hand: { point: pointAt, press: pointAt, leave: pointAway },
    },
    draw,
  );

  function maps() {
    const { map, name, kernel, stride, padding } = state();
    const { small, places: won } = pooled(map);
    const { out, reached } = transposed(small, { kernel, stride, padding });
    const of = `${kernel} × ${kernel}, stride ${stride}`;
    const checks = isChequered({ kernel, stride }) ? 'unequally many: a checkerboard' : 'equally many inside';
    /** @type {{map: Map2d, part: string, names: [string, string], step: number, isCount?: boolean}[]} */
    const all = [
      { map, part: 'pool', names: [name, 'the places that won'], step: 2 },
      { map: small, part: 'pool', names: ['Max pooling', '2 × 2'], step: 1 },
      { map: unpooled(small, won, map), part: 'back', names: ['Unpooling', 'where they were'], step: 2 },
      { map: unpooledAtFixed(small, map), part: 'back', names: ['Unpooling', 'at fixed places'], step: 2 },
      { map: nearest(small, map), part: 'back', names: ['Nearest', 'upsampling'], step: 2 },
      { map: out, part: 'back', names: ['Transposed convolution', of], step: stride },
      { map: reached, part: 'back', names: ['Kernels on each place', checks], step: stride, isCount: true },
    ];
    return { all, won, small };
  }

  /**
   * @param {number} count
   * @param {number} width
   */
  function placed(count, width) {
    const perLine = width >= WIDE ? 4 : 2;
    const side = Math.min(perLine === 4 ? 150 : 105, (width - 12 - perLine * GAP) / perLine);
    const wide = (width - 12) / perLine;
    return Array.from({ length: count }, (_, i) => ({
      x: 8 + (i % perLine) * wide,
      y: TITLE + 6 + Math.floor(i / perLine) * (side + TITLE + GAP),
      side,
    }));
  }

  /** @param {number} xShare @param {number} yShare */
  function pointAt(xShare, yShare) {
    const { all, small } = maps();
    const [px, py] = plane.pixels(xShare, yShare);
    const distance = (/** @type {{x: number, y: number, side: number}} */ { x, y, side }) =>
      Math.hypot(px - x - side / 2, py - y - side / 2);
    const which = places.reduce((best, place, i) => (distance(place) < distance(places[best]) ? i : best), 0);
    const { map, step, part } = all[which];
    const { x, y, side } = places[which];
    const scale = side / Math.max(map.height, map.width);
    window = {
      y: within((py - y) / scale / step, small.height),
      x: within((px - x) / scale / step, small.width),
    };
    light(part);
    plane.redraw();
  }

  function pointAway() {
    window = null;
    light('');
    plane.redraw();
  }

  /** @param {Pen} pen */
  function draw(pen) {
    const { all, won } = maps();
    const width = plane.element.clientWidth;
    places = placed(all.length, width);
    const last = places[places.length - 1];
    if (!hasHeight(plane.element, last.y + last.side + 10)) return;
    const reach = reachOf(all[0].map.values);
    all.forEach(({ map, part, names, isCount }, i) => {
      const { x, y, side } = places[i];
      const scale = side / Math.max(map.height, map.width);
      pen.fade(strength(part));
      names.forEach((name, line) => {
        pen.words(name, x, y - 20 + 14 * line, line ? '--quiet' : '--text');
      });
      const most = isCount ? reachOf(map.values) : reach;
      pixels.paint(map.values, map.width, map.height, greys(0, most || 1));
      pixels.draw(pen, 0, x, y, map.width * scale, map.height * scale);
      pen.box('--line', 1, x, y, map.width * scale, map.height * scale);
      if (i === 0 || i === 2) dots(pen, won, map, x, y, scale);
      if (window) outline(pen, i, map, x, y, scale);
    });
    pen.fade(1);
  }

  /**
   * The places that won, lit.
   *
   * @param {Pen} pen
   * @param {Int32Array} won
   * @param {Map2d} map
   * @param {number} left
   * @param {number} top
   * @param {number} scale
   */
  function dots(pen, won, map, left, top, scale) {
    const { small } = maps();
    pen.brush.fillStyle = pen.colour('--other');
    won.forEach((place, i) => {
      if (small.values[i] <= 0) return; // all of the window is zero: nothing won
      const [y, x] = [Math.floor(place / map.width), place % map.width];
      pen.circle(left + (x + 0.5) * scale, top + (y + 0.5) * scale, Math.max(1.5, scale / 5));
      pen.brush.fill();
    });
  }

  /**
   * The window that is pointed at, or what it became.
   *
   * @param {Pen} pen
   * @param {number} i which picture.
   * @param {Map2d} map
   * @param {number} left
   * @param {number} top
   * @param {number} scale
   */
  function outline(pen, i, map, left, top, scale) {
    const { kernel, stride, padding } = state();
    const { y, x } = window ?? { y: 0, x: 0 };
    const [step, extent, back] = i === 1 ? [1, 1, 0] : i >= 5 ? [stride, kernel, padding] : [2, 2, 0];
    const [y0, x0] = [Math.max(0, y * step - back), Math.max(0, x * step - back)];
    const [y1, x1] = [Math.min(map.height, y * step - back + extent), Math.min(map.width, x * step - back + extent)];
    [pen.brush.strokeStyle, pen.brush.lineWidth] = [pen.colour('--data'), 2.5];
    if (y1 > y0 && x1 > x0) {
      pen.brush.strokeRect(left + x0 * scale, top + y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale);
    }
  }

  return plane;
}
