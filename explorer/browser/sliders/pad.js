// A plane of two dimensions: the hand on it sets both sliders at once.

import { el, watchWidth } from '../shared/dom.js';
import { threeDigits } from '../shared/numbers.js';
import { brushOf, pngBlob } from '../shared/picture.js';

/** @import { Dimension, Pad } from '../messages.js' */

const DOT = 3; // CSS pixels, side of an item's square
const STEP = 0.01; // of the plane's side, for an arrow key; ten times that with Shift

/** @typedef {(across: number, up: number, released: boolean) => void} Move is told of each new place. */

/** @param {Move} move */
export function createPad(move) {
  const canvas = el('canvas', { 'aria-hidden': 'true' });
  const mark = el('div', { class: 'pad-mark' });
  const element = el('div', { class: 'pad', role: 'application', tabindex: 0, hidden: true }, canvas, mark);
  /** @type {Pad | null} */
  let pad = null;
  /** @type {Record<'left' | 'right' | 'bottom' | 'top', number>} */
  let edges = { left: 0, right: 1, bottom: 0, top: 1 };
  /** @type {ImageBitmap | null} */
  let picture = null;
  let digest = '';
  let at = [0, 0];
  let isHeld = false;
  const unwatch = watchWidth(element, draw);

  /** A place on the plane as shares of its width and height, from the top left. */
  const shares = (/** @type {number} */ x, /** @type {number} */ y) => [
    (x - edges.left) / (edges.right - edges.left),
    (edges.top - y) / (edges.top - edges.bottom),
  ];

  function draw() {
    const side = element.clientWidth;
    if (!pad || !side) return;
    const scale = devicePixelRatio;
    canvas.width = canvas.height = Math.round(side * scale);
    const brush = brushOf(canvas);
    brush.scale(scale, scale);
    if (picture && pad.picture) {
      const [left, top] = shares(pad.picture.left, pad.picture.top);
      const [right, bottom] = shares(pad.picture.right, pad.picture.bottom);
      brush.drawImage(picture, left * side, top * side, (right - left) * side, (bottom - top) * side);
    }
    const places = pad.places.read();
    pad.colours.forEach((colour, i) => {
      const [x, y] = shares(places[2 * i], places[2 * i + 1]);
      brush.fillStyle = colour;
      brush.fillRect(x * side - DOT / 2, y * side - DOT / 2, DOT, DOT);
    });
  }

  /** @param {PointerEvent} event @param {boolean} released */
  function go(event, released) {
    const box = element.getBoundingClientRect();
    moveTo((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, released);
  }

  /** @param {number} across share of the width. @param {number} down share of the height. @param {boolean} released */
  function moveTo(across, down, released) {
    const [x, y] = [across, down].map((share) => Math.min(1, Math.max(0, share)));
    const { left, right, bottom, top } = edges;
    move(left + x * (right - left), top - y * (top - bottom), released);
  }

  element.addEventListener('pointerdown', (event) => {
    isHeld = true;
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    event.preventDefault();
    go(event, false);
  });
  element.addEventListener('pointermove', (event) => {
    if (isHeld) go(event, false);
  });
  for (const end of ['pointerup', 'pointercancel']) {
    element.addEventListener(end, (event) => {
      if (isHeld) go(/** @type {PointerEvent} */ (event), true);
      isHeld = false;
    });
  }
  element.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 10 * STEP : STEP;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const [across, down] = shares(at[0], at[1]);
    moveTo(across + moves[event.key][0], down + moves[event.key][1], true);
  });

  /** @param {Uint8Array} png */
  async function load(png) {
    const wanted = digest;
    const bitmap = await createImageBitmap(pngBlob(png));
    if (wanted === digest) {
      picture = bitmap;
      draw();
    }
  }

  return {
    element,

    /** @param {Pad | null} newPad null for none. @param {Dimension[]} dims */
    update(newPad, dims) {
      pad = newPad;
      element.hidden = !pad;
      const [across, up] = [pad?.across, pad?.up].map((index) => dims.find((dim) => dim.index === index));
      if (!pad || !across || !up) return;
      edges = { left: across.low, right: across.high, bottom: up.low, top: up.high };
      const names = `${across.label} and ${up.label}`;
      element.setAttribute('aria-label', `Plane of ${names}. Press or drag to set both; arrow keys move the code.`);
      const newDigest = pad.picture?.png.digest ?? '';
      if (newDigest !== digest) {
        digest = newDigest;
        picture = null;
        if (pad.picture) load(pad.picture.png.read());
      }
      draw();
    },

    /** @param {number} x @param {number} y of the code. */
    show(x, y) {
      at = [x, y];
      const [across, down] = shares(x, y);
      mark.style.left = `${100 * across}%`;
      mark.style.top = `${100 * down}%`;
      element.setAttribute('aria-description', `${threeDigits(x)}, ${threeDigits(y)}`);
    },

    destroy: unwatch,
  };
}
