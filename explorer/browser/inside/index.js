// The current model with its true sizes: an item's values flow through it, and the layer that is pointed at shows them.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import { counted, threeDigits } from '../shared/numbers.js';
import { button } from '../stage/controls.js';
import { createLoop, wantsCalm } from '../stage/loop.js';
import { pictureOf, putPicture } from '../stage/pictures.js';
import { greys, Pixels } from '../stage/pixels.js';
import { createPlane } from '../stage/plane.js';
import { layOut } from './layout.js';
import css from './style.css';

/** @import { Create, Inside } from '../messages.js' */
/** @import { Pen } from '../stage/plane.js' */

const SECONDS = 1.6; // from the item to what comes back
const STRIP = 128; // values that are told apart on a bar
const FEW = 4; // numbers that are written out

/** @type {Create<'inside'>} */
function createInside(root) {
  /** @type {Inside} */
  let message;
  /** @type {Uint8Array[]} */
  let values = [];
  let item = 0;
  let chosen = 0; // the tensor that is pointed at, the code at first
  let front = Infinity; // the column that the item has come to
  const strips = /** @type {Pixels[]} */ ([]);
  const maps = new Pixels();

  const plane = createPlane(
    {
      label: 'The layers of the model: point at one',
      x: [0, 1],
      y: [1, 0],
      hand: { point: pointAt, press: pointAt },
    },
    paint,
  );
  const detail = createPlane(
    { label: 'The values of the layer that is pointed at', x: [0, 1], y: [1, 0] },
    paintDetail,
  );
  detail.element.classList.add('values');
  const says = el('p', { class: 'caption', 'aria-live': 'polite' });
  const name = el('span');
  const flow = createLoop(plane.element, (seconds) => {
    front = (seconds / SECONDS) * columns();
    if (front > columns()) {
      flow.stop();
      front = Infinity;
    }
    plane.redraw();
  });
  const another = button('Another item', () => {
    item = (item + 1) % message.names.length;
    fill();
    go(true);
  });
  root.append(
    el(
      'div',
      { class: 'inside' },
      plane.element,
      el('div', { class: 'buttons' }, another.element, name),
      says,
      detail.element,
    ),
  );

  function columns() {
    return Math.max(...message.tensors.map(({ column }) => column));
  }

  /** @param {boolean} byHand */
  function go(byHand) {
    if (!wantsCalm()) flow.start(byHand);
    redraw();
  }

  function redraw() {
    plane.redraw();
    detail.redraw();
  }

  /** @param {number} i a tensor. @returns {Uint8Array} */
  function levels(i) {
    const size = values[i].length / message.names.length;
    return values[i].subarray(item * size, (item + 1) * size);
  }

  /** @param {number} i a tensor. @param {number} level */
  function numberOf(i, level) {
    const [low, high] = [message.tensors[i].low.read()[item], message.tensors[i].high.read()[item]];
    return low + ((high - low) * level) / 255;
  }

  /** A bar shows its values from above to below, neighbours as their mean where there are many. */
  function fill() {
    name.textContent = `${message.names[item]} · ${message.losses[item]}`;
    name.title = message.glossary;
    message.tensors.forEach((_, i) => {
      const all = levels(i);
      const count = Math.min(STRIP, all.length);
      const means = Array.from({ length: count }, (__, k) => {
        const part = all.subarray(Math.floor((k * all.length) / count), Math.floor(((k + 1) * all.length) / count));
        return part.reduce((sum, level) => sum + level, 0) / part.length;
      });
      strips[i] ??= new Pixels();
      strips[i].paint(means, 1, count, greys(Math.min(...means), Math.max(...means)));
    });
    say();
  }

  function say() {
    const i = chosen;
    const { name: title, layers, shape, weights, weights_name: matrix } = message.tensors[i];
    const size = shape.reduce((product, side) => product * side, 1);
    const all = levels(i);
    const numbers =
      size <= FEW
        ? Array.from(all, (level) => threeDigits(numberOf(i, level))).join(', ')
        : `${counted(size)} values from ${threeDigits(numberOf(i, 0))} to ${threeDigits(numberOf(i, 255))}`;
    says.textContent = [title, layers, shape.join('×'), weights && `${matrix}: ${counted(weights)} weights`, numbers]
      .filter(Boolean)
      .join(' · ');
  }

  /** @param {number} x @param {number} y */
  function pointAt(x, y) {
    const [width, height] = plane.pixels(1, 1);
    const { places } = layOut(message.tensors, width, height);
    const far = places.map((place) => Math.hypot(place.x - x * width, 0.3 * (place.y - y * height)));
    chosen = far.indexOf(Math.min(...far));
    say();
    redraw();
  }

  /** @param {Pen} pen */
  function paint(pen) {
    if (!message) return;
    const { brush, px, py, colour } = pen;
    const { places, step, bar } = layOut(message.tensors, px(1), py(1));
    const shade = (/** @type {number} */ i) => (message.tensors[i].column > front ? 0.25 : 1);
    message.tensors.forEach(({ after, role, weights_name: matrix }, i) => {
      const to = places[i];
      for (const j of after) {
        const from = places[j];
        pen.fade(0.2 * shade(i));
        brush.fillStyle = colour(`--${role === 'code' ? 'encoder' : role}`);
        brush.beginPath();
        brush.lineTo(from.x + bar / 2, from.y - from.high / 2);
        brush.lineTo(to.x - bar / 2, to.y - to.high / 2);
        brush.lineTo(to.x - bar / 2, to.y + to.high / 2);
        brush.lineTo(from.x + bar / 2, from.y + from.high / 2);
        brush.fill();
      }
      pen.fade(shade(i));
      if (matrix && step > 54)
        pen.middle(matrix.replace('W_', ''), (places[after[0]].x + to.x) / 2, (places[after[0]].y + to.y) / 2 + 4);
    });
    message.tensors.forEach(({ role, shape, name: title }, i) => {
      const { x, y, high } = places[i];
      pen.fade(shade(i));
      let top = y - high / 2;
      const isPicture = shape.length === 3 && (!i || i === places.length - 1) && shape[0] !== 2;
      if (isPicture) {
        const scaled = Float32Array.from(levels(i), (level) => numberOf(i, level));
        ({ top } = putPicture(pen, pictureOf(scaled, [...shape]), x, y, Math.min(64, step - 8)));
      } else strips[i].draw(pen, 0, x - bar / 2, top, bar, high);
      [brush.strokeStyle, brush.lineWidth] = [colour(i === chosen ? '--text' : `--${role}`), i === chosen ? 3 : 2];
      const side = isPicture ? 2 * (y - top) : high;
      const wide = isPicture ? side : bar;
      brush.strokeRect(x - wide / 2 - 1, top - 1, wide + 2, side + 2);
      const words = shape.join('×');
      if (step > 9 * words.length || title)
        pen.middle(title || words, x, top - 7, '--text', title ? '600 12px' : undefined);
    });
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintDetail(pen) {
    if (!message) return;
    const i = chosen;
    const { shape, role } = message.tensors[i];
    const { brush, px, py, colour } = pen;
    const [width, height] = [px(1), py(1)];
    const all = levels(i);
    if (shape.length === 3) {
      const [count, high, wide] = shape;
      let rows = 1;
      while (Math.ceil(count / rows) * ((height / rows) * (wide / high)) > width) rows += 1;
      const [h, w] = [height / rows, (height / rows) * (wide / high)];
      maps.paint(all, wide, high, greys(0, 255));
      const across = Math.floor(width / w) || 1;
      for (let k = 0; k < count; k++) maps.draw(pen, k, (k % across) * w, Math.floor(k / across) * h, w - 1, h - 1);
      return;
    }
    const [low, most] = [Math.min(0, numberOf(i, 0)), Math.max(0, numberOf(i, 255))];
    const up = (/** @type {number} */ value) => height - 2 - ((height - 4) * (value - low)) / (most - low || 1);
    const step = Math.min(24, width / all.length);
    brush.fillStyle = colour(`--${role}`);
    all.forEach((level, k) => {
      brush.fillRect(k * step, up(0), Math.max(0.5, step - (step > 3 ? 1 : 0)), up(numberOf(i, level)) - up(0) || 1);
    });
  }

  return {
    update(given) {
      const isNew = !message || JSON.stringify(given) !== JSON.stringify(message);
      message = given;
      if (isNew) {
        [item, strips.length] = [0, 0];
        values = given.tensors.map((tensor) => tensor.values.read());
        chosen = Math.max(
          0,
          given.tensors.findIndex(({ role }) => role === 'code'),
        );
        fill();
        go(false);
      }
      redraw();
    },

    destroy() {
      flow.destroy();
      plane.destroy();
      detail.destroy();
    },
  };
}

export default liveComponent(createInside, css);
