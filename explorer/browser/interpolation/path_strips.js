// Paths as strips of decoded pictures, one under the other; the pointer moves along them.

import { el } from '../shared/dom.js';
import { brushOf, drawItem } from '../shared/picture.js';
import { listenToScrubbing } from './scrubbing.js';

/** @import { Track } from '../messages.js' */
/** @import { Hand } from './scrubbing.js' */

const CELL_PX = 60;
const CELL_GAP = 1; // picture pixels
const FEWEST_CELLS = 5;
const MOST_CELLS = 15;
const DECODING_MS = 8;

/**
 * How many pictures fit side by side, and the size on screen of one of their pixels: whole device pixels if small.
 *
 * @param {number} width CSS pixels that there are.
 * @param {number} pictureWidth in its own pixels.
 * @param {number} ratio device pixels a CSS pixel.
 * @returns {{pixel: number, pitch: number, count: number, sharp: boolean}} pixel and pitch in CSS pixels.
 */
export function stripLayout(width, pictureWidth, ratio) {
  const scale = (Math.min(CELL_PX, width / FEWEST_CELLS - 1) * ratio) / pictureWidth;
  const pixel = (scale >= 1 ? Math.floor(scale) : scale) / ratio;
  const pitch = (pictureWidth + CELL_GAP) * pixel;
  const count = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, Math.floor((width + CELL_GAP * pixel) / pitch)));
  return { pixel, pitch, count, sharp: scale >= 2 };
}

/** @param {Track} track */
function lineKey({ colour, dash }) {
  const stroke = { stroke: colour, 'stroke-width': 3, 'stroke-dasharray': dash || null };
  const line = el('line', { x1: 0, x2: 28, y1: 4, y2: 4, ...stroke });
  return el('svg', { class: 'key', width: 28, height: 8, 'aria-hidden': 'true' }, line);
}

/**
 * @param {Track} track
 * @param {number[]} shape of an item; a table row has no pictures, so only the path's name and note are shown.
 * @param {(share: number) => Float32Array} decode its result is used at once.
 * @param {Hand & {choose: () => void}} hand choose: a press on the name.
 */
export function createStrip(track, shape, decode, hand) {
  const isPicture = shape.length === 3;
  const [, height, width] = isPicture ? shape : [0, 0, 0];
  const button = el(
    'button',
    { type: 'button', class: 'way', 'aria-pressed': 'false', click: hand.choose },
    lineKey(track),
    track.title,
  );
  const spoken = `${track.title}: decoded items from the first to the last`;
  const canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': spoken });
  const cursor = el('div', { class: 'cursor' });
  const numbers = el('div', { class: 'numbers', 'aria-hidden': 'true' });
  const film = el('div', { class: 'film', hidden: !isPicture }, canvas, cursor, numbers);
  const head = el('div', { class: 'strip-head' }, button, el('span', { class: 'caption' }, track.note));
  const element = el('div', { class: 'strip' }, head, film);
  const one = el('canvas');
  let layout = { pixel: 0, pitch: 0, count: 0, sharp: false };
  let next = 0; // picture to draw
  let pending = 0; // animation frame

  /** @param {number} share */
  const middle = (share) => (share * (layout.count - 1) + 0.5) * layout.pitch;
  if (isPicture) listenToScrubbing(film, (px) => (px / layout.pitch - 0.5) / (layout.count - 1), hand);

  function drawSome() {
    const until = performance.now() + DECODING_MS; // so that a slow decoder does not hold up the page
    const brush = brushOf(canvas);
    while (next < layout.count && performance.now() < until) {
      drawItem(one, decode(next / (layout.count - 1)), shape);
      brush.drawImage(one, next * (width + CELL_GAP), 0);
      next++;
    }
    pending = next < layout.count ? requestAnimationFrame(drawSome) : 0;
    if (!pending) canvas.dataset.drawn = String(layout.count);
  }

  return {
    element,

    /** @param {number} room CSS pixels that the strip may take. */
    resize(room) {
      if (!isPicture || !room) return;
      const newLayout = stripLayout(room, width, window.devicePixelRatio || 1);
      const isSame = newLayout.count === layout.count && newLayout.pixel === layout.pixel;
      layout = newLayout;
      if (isSame) return;
      canvas.width = layout.count * (width + CELL_GAP) - CELL_GAP;
      canvas.height = height;
      canvas.style.width = `${canvas.width * layout.pixel}px`;
      canvas.style.height = `${height * layout.pixel}px`;
      canvas.style.imageRendering = layout.sharp ? 'pixelated' : 'auto';
      numbers.replaceChildren(
        ...track.items_at.map((share, i) => el('span', { style: `left: ${middle(share)}px` }, i + 1)),
      );
      cancelAnimationFrame(pending);
      next = 0;
      delete canvas.dataset.drawn;
      pending = requestAnimationFrame(drawSome);
    },

    /**
     * @param {boolean} isChosen
     * @param {number} share that is shown.
     */
    mark(isChosen, share) {
      button.setAttribute('aria-pressed', String(isChosen));
      element.classList.toggle('chosen', isChosen);
      cursor.style.transform = `translateX(${middle(share)}px)`;
    },

    destroy: () => cancelAnimationFrame(pending),
  };
}
