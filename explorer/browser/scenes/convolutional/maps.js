// All maps of a network for one picture, layer below layer.

import { greys, hasHeight, Pixels, reachOf, signed, within } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';
import { nameOf } from './layers.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { Field, Row, Shape } from './layers.js' */

/** @typedef {{level: number, map: number, y: number, x: number}} Place level 0 is the picture, level r the r-th row. */

/** @typedef {{shape: Shape, values: Float32Array}} Level */

/** @typedef {{x: number, y: number, width: number, height: number, scale: number, perLine: number}} Box of a level. */

const LABEL = 158; // pixels beside the maps, where there is room
const ROOMY = 560;
const LINE = 15; // pixels of a label above them, where there is none
const TALL = 62; // pixels that a level may take
const SCALES = [12, 8, 6, 5, 4, 3, 2, 1, 0.5, 0.25];
const GAP = 2;
const BETWEEN = 8; // levels

/**
 * Where each level stands.
 *
 * @param {Shape[]} shapes
 * @param {number} width in pixels.
 */
function placed(shapes, width) {
  const isRoomy = width >= ROOMY;
  const left = isRoomy ? LABEL : 6;
  let y = 8;
  const boxes = shapes.map(([maps, h, w]) => {
    if (!isRoomy) y += LINE;
    /** @param {number} scale */
    const fit = (scale) => {
      const most = Math.max(1, Math.floor((width - left - 6) / (w * scale + GAP)));
      const lines = Math.ceil(maps / most);
      const perLine = Math.ceil(maps / lines);
      return { scale, perLine, width: perLine * (w * scale + GAP), height: lines * (h * scale + GAP) };
    };
    const box = SCALES.map(fit).find((each) => each.height <= TALL && each.width <= width - left) ?? fit(0.25);
    const at = { ...box, x: left, y };
    y += Math.max(box.height, isRoomy ? 30 : 0) + BETWEEN;
    return at;
  });
  return { boxes, height: Math.ceil(y), isRoomy };
}

/**
 * @param {object} look
 * @param {(place: Place | null) => void} look.point
 * @param {(place: Place | null) => void} look.press
 * @param {() => void} look.leave
 * @param {() => {levels: Level[], rows: Row[], chosen: Place, fields: Field[], maps: [number, number][]}} look.state
 * @param {(...parts: string[]) => number} look.strength
 * @param {() => void} look.drawn called behind each drawing.
 */
export function createMaps({ point, press, leave, state, strength, drawn }) {
  /** @type {Pixels[]} */
  let pictures = [];
  /** @type {Box[]} */
  let boxes = [];
  /** @type {Level[] | null} */
  let painted = null;
  let colours = '';
  const plane = createPlane(
    {
      label: 'Every map of the network, layer below layer',
      x: [0, 1],
      y: [1, 0],
      hand: {
        point: (x, y) => point(placeAt(x, y)),
        press: (x, y) => press(placeAt(x, y)),
        leave,
      },
    },
    draw,
  );
  plane.element.classList.add('maps');

  /**
   * The value nearest to a place, or null far from all maps.
   *
   * @param {number} xShare
   * @param {number} yShare
   * @returns {Place | null}
   */
  function placeAt(xShare, yShare) {
    const { levels } = state();
    const [px, py] = plane.pixels(xShare, yShare);
    const level = boxes.findIndex((box) => py < box.y + box.height + BETWEEN / 2);
    if (level < 0) return null;
    const box = boxes[level];
    const [maps, h, w] = levels[level].shape;
    const [wide, high] = [w * box.scale + GAP, h * box.scale + GAP];
    if (px < box.x - 12 || px > box.x + box.width + 12) return null;
    const line = within((py - box.y) / high, Math.ceil(maps / box.perLine));
    const column = within((px - box.x) / wide, box.perLine);
    const map = Math.min(maps - 1, line * box.perLine + column);
    const [left, top] = cornerOf(box, map, [maps, h, w]);
    return { level, map, y: within((py - top) / box.scale, h), x: within((px - left) / box.scale, w) };
  }

  /** @param {Pen} pen */
  function paint(pen) {
    const { levels } = state();
    const theme = pen.colour('--data') + pen.colour('--other');
    if (painted === levels && theme === colours) return;
    [painted, colours] = [levels, theme];
    pictures = levels.map(({ shape: [, h, w], values }, i) => {
      const isPicture = i === 0 || i === levels.length - 1;
      const reach = reachOf(values);
      const hasNegative = !isPicture && values.some((value) => value < 0);
      const picture = new Pixels();
      picture.paint(values, w, h, hasNegative ? signed(pen, reach) : greys(0, isPicture ? 1 : reach));
      return picture;
    });
  }

  /** @param {Pen} pen */
  function draw(pen) {
    const { levels, rows, chosen, fields, maps } = state();
    const width = plane.element.clientWidth;
    const layout = placed(
      levels.map((level) => level.shape),
      width,
    );
    boxes = layout.boxes;
    if (!hasHeight(plane.element, layout.height)) return;
    paint(pen);
    const isLit = strength('value', 'field', 'kernel');
    levels.forEach(({ shape }, i) => {
      const box = boxes[i];
      const [count, h, w] = shape;
      const isRead = i >= chosen.level - 1 && i <= chosen.level;
      pen.fade(isRead ? Math.max(isLit, 0.5) : Math.max(strength(), 0.5));
      for (let m = 0; m < count; m++) {
        const [x, y] = cornerOf(box, m, shape);
        pictures[i].draw(pen, m, x, y, w * box.scale, h * box.scale);
      }
      pen.fade(1);
      label(pen, i, rows, shape, levels.length, layout.isRoomy);
      if (i > chosen.level) return;
      const isValue = i === chosen.level;
      pen.fade(isValue ? strength('value') : strength('field'));
      pen.brush.strokeStyle = pen.colour(isValue ? '--data' : '--other');
      pen.brush.lineWidth = isValue ? 2.5 : 1.5;
      const { top, left, bottom, right } = fields[i];
      for (let m = maps[i][0]; m <= maps[i][1]; m++) {
        const [x, y] = cornerOf(box, m, shape);
        const [wide, high] = [(right - left + 1) * box.scale, (bottom - top + 1) * box.scale];
        const grown = Math.max(0, (5 - wide) / 2) + 1;
        pen.brush.strokeRect(
          x + left * box.scale - grown,
          y + top * box.scale - grown,
          wide + 2 * grown,
          high + 2 * grown,
        );
      }
    });
    pen.fade(1);
    drawn();
  }

  /**
   * @param {Pen} pen
   * @param {number} i
   * @param {Row[]} rows
   * @param {Shape} shape
   * @param {number} count of levels.
   * @param {boolean} isRoomy
   */
  function label(pen, i, rows, shape, count, isRoomy) {
    const [box, row] = [boxes[i], rows[i - 1]];
    const sizes = shape[1] * shape[2] === 1 ? `${shape[0]} values` : shape.join(' × ');
    const name = i === 0 ? 'Picture' : `${nameOf(row)}${row.activation ? `, ${row.activation}` : ''}`;
    const what = i === count - 1 ? `${name}: rebuilt` : name;
    if (isRoomy) {
      pen.words(what, 6, box.y + 12);
      pen.words(sizes, 6, box.y + 27, '--quiet');
    } else pen.words(`${what} · ${sizes}`, 6, box.y - 4);
  }

  return plane;
}

/**
 * @param {Box} box
 * @param {number} map
 * @param {Shape} shape
 * @returns {[number, number]}
 */
function cornerOf(box, map, [, h, w]) {
  const [line, column] = [Math.floor(map / box.perLine), map % box.perLine];
  return [box.x + column * (w * box.scale + GAP), box.y + line * (h * box.scale + GAP)];
}
