// An item as a picture that a hand can work on, in its own pixels, with what lies over it.

import { el, watchWidth } from '../shared/dom.js';
import { drawItem, fitPicture } from '../shared/picture.js';
import { createPlane } from './plane.js';

/** @import { Links } from './links.js' */
/** @import { Pen } from './plane.js' */

/** @typedef {[channels: number, height: number, width: number]} Shape */

/**
 * @typedef {object} Layers what can be drawn, each over the one before.
 * @property {Pen} pen in the item's pixels, from its upper left corner.
 * @property {(values: ArrayLike<number>) => void} item its values in [0, 1].
 * @property {(values: ArrayLike<number>, limit: number) => void} signed (H, W): orange above zero, blue below, in full
 *   from the limit on.
 */

/**
 * @typedef {object} Brush that a hand works on it with; places and lengths are in pixels of the item.
 * @property {number} radius of its ring.
 * @property {string} part that lights up under it.
 * @property {Links} links
 * @property {(from: [number, number], to: [number, number]) => void} stroke
 * @property {() => void} [release]
 */

/**
 * @param {{label: string, caption: string, shape: Shape, most?: number, work?: Brush}} look `most`: CSS pixels of its
 *   width.
 * @param {(layers: Layers) => void} draw
 */
export function createItemPicture({ label, caption, shape, most = Infinity, work }, draw) {
  const [, height, width] = shape;
  const sheet = el('canvas');
  /** @type {[number, number] | null} */
  let at = null; // of the brush
  /** @param {number} x @param {number} y @param {boolean} [isPressed] */
  const moveTo = (x, y, isPressed) => {
    const from = at ?? [x, y];
    at = [x, y];
    work?.links.light(work.part);
    if (isPressed) work?.stroke(from, at);
    plane.redraw();
  };
  const hand = work && {
    point: (/** @type {number} */ x, /** @type {number} */ y) => moveTo(x, y),
    press(/** @type {number} */ x, /** @type {number} */ y) {
      at = null; // a finger comes down elsewhere than where it was lifted
      moveTo(x, y, true);
    },
    drag: (/** @type {number} */ x, /** @type {number} */ y) => moveTo(x, y, true),
    release: work.release,
    leave() {
      at = null;
      work.links.light('');
      plane.redraw();
    },
  };
  const plane = createPlane({ label, x: [0, width], y: [height, 0], aspect: width / height, hand }, (pen) => {
    const { brush } = pen;
    brush.imageSmoothingEnabled = false;
    draw({
      pen,

      item(values) {
        drawItem(sheet, values, shape);
        brush.drawImage(sheet, 0, 0, pen.px(width), pen.py(height));
      },

      signed(values, limit) {
        const alpha = brush.globalAlpha;
        const [above, below] = [pen.colour('--other'), pen.colour('--data')];
        const [w, h] = [pen.px(1), pen.py(1)];
        for (let i = 0; i < height * width; i++) {
          const share = Math.min(1, Math.abs(values[i]) / limit);
          if (share < 0.02) continue;
          brush.globalAlpha = alpha * share;
          brush.fillStyle = values[i] > 0 ? above : below;
          brush.fillRect((i % width) * w, Math.floor(i / width) * h, w, h);
        }
        brush.globalAlpha = alpha;
      },
    });
    if (!work || !at) return;
    pen.fade(1);
    [brush.strokeStyle, brush.lineWidth] = [pen.colour('--other'), 2];
    pen.circle(pen.px(at[0]), pen.py(at[1]), pen.px(work.radius));
    brush.stroke();
  });
  if (work) plane.takeFingers(true);
  const words = el('figcaption', { class: 'caption' }, caption);
  const element = el('figure', { class: 'shown' }, plane.element, words);
  const unwatch = watchWidth(element, (room) => fitPicture(plane.element, width, height, Math.min(room, most)));

  return {
    element,
    redraw: plane.redraw,

    /** @param {string} text below it. */
    say(text) {
      if (words.textContent !== text) words.textContent = text;
    },

    destroy() {
      unwatch();
      plane.destroy();
    },
  };
}
