// All units of a network, layer beside layer, each as one cell in the colour of its value.

import { counted } from '../../shared/numbers.js';
import { greys, hasHeight, Pixels, reachOf, signed, within } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';
import { nameOf, strongest } from './stack.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { Dense } from './stack.js' */

/** @typedef {{level: number, unit: number}} Place level 0 is the picture. */

/** @typedef {{x: number, y: number, columns: number, rows: number, cell: number}} Block */

const TALL = 2.5; // height of a block over its width
const FEW = 100; // units of a layer whose cells are drawn twice as large
const TOP = 44; // pixels for the names of the matrices
const BOTTOM = 24;
const TIES = 24;
const LEAST_GAP = 6;
const NARROW = 560;

/**
 * @param {object} look
 * @param {() => {layers: Dense[], values: Float32Array[], width: number, tied: boolean, chosen: Place}} look.state
 *   `values` of each level; `width` of the picture.
 * @param {(place: Place | null, between: string) => void} look.point `between`: the part, where no unit is near.
 * @param {(place: Place | null) => void} look.press
 * @param {() => void} look.leave
 * @param {(...parts: string[]) => number} look.strength
 */
export function createHourglass({ state, point, press, leave, strength }) {
  /** @type {Block[]} */
  let blocks = [];
  const pixels = new Pixels();
  const plane = createPlane(
    {
      label: 'All units of the network, layer beside layer',
      x: [0, 1],
      y: [1, 0],
      hand: { point: (x, y) => point(placeAt(x, y), between(x)), press: (x, y) => press(placeAt(x, y)), leave },
    },
    draw,
  );

  /** @param {number} room in pixels. */
  function placed(room) {
    const { values, width } = state();
    const shapes = values.map((level, i) => {
      const isPicture = i === 0 || i === values.length - 1;
      const columns = isPicture ? width : Math.ceil(Math.sqrt(level.length / TALL));
      const times = !isPicture && level.length <= FEW ? 2 : 1;
      return { columns, rows: Math.ceil(level.length / columns), times };
    });
    const across = shapes.reduce((sum, { columns, times }) => sum + columns * times, 0);
    const gaps = shapes.length - 1;
    const cell = Math.max(0.5, Math.floor((2 * (room - 16 - gaps * LEAST_GAP)) / across) / 2);
    const whole = cell > 2 ? Math.floor(cell) : cell;
    const gap = (room - 16 - across * whole) / gaps;
    const height = Math.max(...shapes.map(({ rows, times }) => rows * times)) * whole;
    let x = 8;
    blocks = shapes.map(({ columns, rows, times }) => {
      const block = { x, y: TOP + (height - rows * times * whole) / 2, columns, rows, cell: times * whole };
      x += columns * times * whole + gap;
      return block;
    });
    return TOP + height + BOTTOM;
  }

  /**
   * @param {number} xShare
   * @param {number} yShare
   * @returns {Place | null}
   */
  function placeAt(xShare, yShare) {
    const { values } = state();
    const [px, py] = plane.pixels(xShare, yShare);
    const away = (/** @type {Block} */ { x, columns, cell }) => Math.max(x - px, px - x - columns * cell, 0);
    const level = blocks.reduce((best, block, i) => (away(block) < away(blocks[best]) ? i : best), 0);
    if (!blocks.length || away(blocks[level]) > 2) return null;
    const { x, y, columns, rows, cell } = blocks[level];
    const unit = within((py - y) / cell, rows) * columns + within((px - x) / cell, columns);
    return { level, unit: Math.min(unit, values[level].length - 1) };
  }

  /** @param {number} xShare @returns {string} the matrices that a place between two layers belongs to. */
  function between(xShare) {
    const { layers, tied } = state();
    const [px] = plane.pixels(xShare, 0);
    if (blocks.filter(({ x }) => x < px).length <= layers.length / 2) return 'encoder';
    return tied ? 'mirror' : 'decoder';
  }

  /** @param {Pen} pen */
  function draw(pen) {
    const { layers, values, tied, chosen } = state();
    const width = plane.element.clientWidth;
    if (!hasHeight(plane.element, placed(width))) return;
    const half = layers.length / 2;
    layers.forEach((layer, i) => matrix(pen, i, layer, nameOf(i, layers.length, tied), i < half, width));
    values.forEach((level, i) => {
      const { x, y, columns, rows, cell } = blocks[i];
      const isPicture = i === 0 || i === values.length - 1;
      const part = i === 0 ? 'data' : i === values.length - 1 ? 'rebuilt' : i === half ? 'code' : 'unit';
      pen.fade(strength(part, i < half ? 'encoder' : 'decoder', i === chosen.level ? 'unit' : part));
      const padded = new Float32Array(rows * columns).fill(Number.NaN);
      padded.set(level);
      pixels.paint(padded, columns, rows, isPicture ? greys(0, 1) : signed(pen, reachOf(level)));
      pixels.draw(pen, 0, x, y, columns * cell, rows * cell);
      pen.box('--tie', 1, x - 0.5, y - 0.5, columns * cell + 1, rows * cell + 1);
      pen.middle(
        isPicture ? (i ? 'x̂' : 'x') : counted(level.length),
        x + (columns * cell) / 2,
        y + rows * cell + 15,
        '--text',
        '11px',
      );
    });
    ties(pen, layers, values, chosen);
    pen.fade(1);
  }

  /**
   * The matrix between two layers: its name and size.
   *
   * @param {Pen} pen
   * @param {number} i
   * @param {Dense} layer
   * @param {string} name
   * @param {boolean} isEncoder
   * @param {number} width
   */
  function matrix(pen, i, layer, name, isEncoder, width) {
    const [from, to] = [blocks[i], blocks[i + 1]];
    const [left, right] = [from.x + from.columns * from.cell, to.x];
    const { brush } = pen;
    pen.fade(strength(isEncoder ? 'encoder' : 'decoder', 'mirror'));
    brush.fillStyle = pen.colour('--faint');
    brush.beginPath();
    brush.moveTo(left, from.y);
    brush.lineTo(right, to.y);
    brush.lineTo(right, to.y + to.rows * to.cell);
    brush.lineTo(left, from.y + from.rows * from.cell);
    brush.fill();
    const middle = width > NARROW ? (left + right) / 2 : (width * (i + 0.5)) / state().layers.length;
    pen.middle(name, middle, 16);
    const sizes = [layer.units, layer.inputs].map(counted);
    if (width > NARROW) pen.middle(sizes.join('×'), middle, 31, '--quiet', '10px');
    else
      sizes.forEach((size, line) =>
        pen.middle(line ? `×${size}` : String(size), middle, 28 + 11 * line, '--quiet', '9px'),
      );
  }

  /**
   * Where the unit has its value from: the strongest products, for and against.
   *
   * @param {Pen} pen
   * @param {Dense[]} layers
   * @param {Float32Array[]} values
   * @param {Place} chosen
   */
  function ties(pen, layers, values, { level, unit }) {
    const [x, y] = middleOf(level, unit);
    const { brush } = pen;
    pen.fade(strength('unit'));
    if (level > 0) {
      const products = strongest(layers[level - 1], unit, values[level - 1], TIES);
      for (const { input, product } of products) {
        const [fromX, fromY] = middleOf(level - 1, input);
        brush.strokeStyle = pen.colour(product < 0 ? '--other' : '--data');
        brush.lineWidth = Math.max(0.5, (2.5 * Math.abs(product)) / Math.abs(products[0].product || 1));
        brush.beginPath();
        brush.moveTo(fromX, fromY);
        brush.lineTo(x, y);
        brush.stroke();
      }
    }
    [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [pen.colour('--text'), pen.colour('--rebuilt'), 1.5];
    pen.circle(x, y, 5);
    brush.fill();
    brush.stroke();
  }

  /** @param {number} level @param {number} unit @returns {[number, number]} */
  function middleOf(level, unit) {
    const { x, y, columns, cell } = blocks[level];
    return [x + ((unit % columns) + 0.5) * cell, y + (Math.floor(unit / columns) + 0.5) * cell];
  }

  return plane;
}
