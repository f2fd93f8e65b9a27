// A frame in which pictures that lie on each other are zoomed and moved as one: by buttons, wheel, two fingers and keys.

import { el, watchWidth } from './dom.js';
import { threeDigits } from './numbers.js';
import { oncePerFrame } from './timing.js';
import { Viewport } from './viewport.js';
import { ZOOMS, zoomButtons } from './zoom_buttons.js';

/** @import { Point } from './viewport.js' */

/**
 * @typedef {object} ZoomingLook
 * @property {HTMLElement} root whose width there is.
 * @property {HTMLElement} frame
 * @property {(HTMLElement | SVGElement)[]} pictures in it, of one size.
 * @property {() => void} [placed] called whenever they are placed anew.
 * @property {(event: PointerEvent, to: Point, from: Point | undefined) => void} [move] a single pointer's move, in the
 *   frame; `from` where it is pressed. A pressed one moves the pictures by default.
 */

/** @param {ZoomingLook} look */
export function createZooming({ root, frame, pictures, placed, move }) {
  const view = new Viewport();
  const scaleText = el('span', { class: 'quiet number' });
  let width = 0; // CSS pixels that there are

  const place = oncePerFrame(() => {
    const [w, h] = view.size.map((pixels) => `${pixels * view.scale}px`);
    for (const { style } of pictures) {
      [style.width, style.height] = [w, h];
      style.transform = `translate(${view.offset[0]}px, ${view.offset[1]}px)`;
      style.imageRendering = view.isCrisp ? 'pixelated' : 'auto';
    }
    frame.style.touchAction = view.isZoomed ? 'none' : '';
    scaleText.textContent = `${threeDigits(view.scale * view.pixelRatio)} ×`;
    placed?.();
  });

  function fitAll() {
    if (!width) return;
    view.fit(width, window.devicePixelRatio || 1);
    [frame.style.width, frame.style.height] = view.frame.map((pixels) => `${pixels}px`);
    place();
  }

  /**
   * @param {number} factor
   * @param {Point} [at]
   */
  function zoomBy(factor, at) {
    view.zoomTo(view.scale * factor, at);
    place();
  }

  function oneToOne() {
    view.zoomTo(1 / view.pixelRatio);
    place();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  function moveBy(dx, dy) {
    view.moveBy(dx, dy);
    place();
  }

  /**
   * Where in the frame an event is, in CSS pixels.
   *
   * @param {MouseEvent} event
   * @returns {Point}
   */
  function placeOf(event) {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left - 1, event.clientY - box.top - 1];
  }

  /** @type {Map<number, Point>} */
  const pressed = new Map(); // pointer -> where it is in the frame
  frame.addEventListener('pointerdown', (event) => {
    frame.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, placeOf(event));
  });
  frame.addEventListener('pointermove', (event) => {
    const from = pressed.get(event.pointerId);
    const to = placeOf(event);
    if (from) pressed.set(event.pointerId, to);
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (from && other) {
      view.pinch(from, to, other);
      place();
    } else if (move) move(event, to, from);
    else if (from) moveBy(to[0] - from[0], to[1] - from[1]);
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    frame.addEventListener(name, (event) => pressed.delete(event.pointerId));
  }
  frame.addEventListener(
    'wheel',
    (event) => {
      // Without a modifier the wheel scrolls the page, as it does over any picture.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-0.005 * event.deltaY), placeOf(event));
    },
    { passive: false },
  );
  /** @type {Record<string, Point>} */
  const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  /** @type {Record<string, () => void>} */
  const zooms = {
    '+': () => zoomBy(ZOOMS),
    '=': () => zoomBy(ZOOMS),
    '-': () => zoomBy(1 / ZOOMS),
    0: fitAll,
    1: oneToOne,
  };
  const unwatch = watchWidth(root, (newWidth) => {
    if (newWidth - 2 === width) return;
    width = newWidth - 2;
    fitAll();
  });

  return {
    view,
    place,
    moveBy,
    placeOf,
    /** Buttons for all of it, and the scale. */
    tools: [...zoomButtons({ zoomBy, fitAll, oneToOne }), scaleText],
    /** How many pointers are pressed. */
    fingers: () => pressed.size,

    /**
     * Pictures of this size: another one is fitted, of the same size they stay as they are.
     *
     * @param {Point} size in picture pixels.
     * @returns {boolean} whether it is another size.
     */
    resize(size) {
      const isSame = size[0] === view.size[0] && size[1] === view.size[1];
      view.size = size;
      if (isSame && width) place();
      else fitAll();
      return !isSame;
    },

    /**
     * What a key does: arrows move, + and − zoom, 0 fits, 1 shows the picture pixel by pixel.
     *
     * @param {string} key
     * @param {boolean} canMove
     * @returns {boolean} whether it does something.
     */
    key(key, canMove) {
      if (canMove && key in moves) {
        const [x, y] = moves[key];
        const [w, h] = [frame.clientWidth, frame.clientHeight];
        moveBy(0.1 * x * w, 0.1 * y * h);
      } else if (zooms[key]) zooms[key]();
      else return false;
      return true;
    },

    destroy() {
      place.cancel();
      unwatch();
    },
  };
}
