// Ways as strips of decoded pictures, one under the other; the pointer moves along them.

import { el } from '../shared/dom.js';
import { drawItem } from '../shared/picture.js';
import { scrubbing } from './path_charts.js';

const CELL_PX = 60;
const CELL_GAP = 1;
const FEWEST_CELLS = 5;
const MOST_CELLS = 15;
const DECODING_MS = 8;

/** How many pictures fit side by side, and the size on screen of one of their pixels: whole device pixels if small. */
function stripLayout(width, pictureWidth) {
  const ratio = window.devicePixelRatio || 1;
  const scale = (Math.min(CELL_PX, width / FEWEST_CELLS - 1) * ratio) / pictureWidth;
  const pixel = (scale >= 1 ? Math.floor(scale) : scale) / ratio;
  const pitch = (pictureWidth + CELL_GAP) * pixel;
  const count = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, Math.floor((width + CELL_GAP * pixel) / pitch)));
  return { pixel, pitch, count, sharp: scale >= 2 };
}

/**
 * @param {{title: string, colour: string, dash: string, note: string, items_at: number[]}} track
 * @param {number[]} shape of an item; a table row has no pictures, so only the way's name and note are shown.
 * @param {(share: number) => Float32Array} frame decodes; its result is used at once.
 * @param {{choose: () => void}} hand what a press on the name does, and what `scrubbing` calls.
 */
export function wayStrip(track, shape, frame, hand) {
  const isPicture = shape.length === 3;
  const [, height, width] = isPicture ? shape : [0, 0, 0];
  const key = el(
    'svg',
    { class: 'key', width: 28, height: 8, 'aria-hidden': 'true' },
    el('line', {
      x1: 0,
      x2: 28,
      y1: 4,
      y2: 4,
      stroke: track.colour,
      'stroke-width': 3,
      'stroke-dasharray': track.dash || null,
    }),
  );
  const button = el(
    'button',
    { type: 'button', class: 'way', 'aria-pressed': 'false', click: hand.choose },
    key,
    track.title,
  );
  const canvas = el('canvas', {
    class: 'picture',
    role: 'img',
    'aria-label': `${track.title}: decoded items from the first to the last`,
  });
  const cursor = el('div', { class: 'cursor' });
  const numbers = el('div', { class: 'numbers', 'aria-hidden': 'true' });
  const film = el('div', { class: 'film', hidden: !isPicture }, canvas, cursor, numbers);
  const element = el(
    'div',
    { class: 'strip' },
    el('div', { class: 'strip-head' }, button, el('span', { class: 'caption' }, track.note)),
    film,
  );
  const one = el('canvas');
  let layout = { pixel: 0, pitch: 0, count: 0, sharp: false };
  let next = 0;
  let pending = 0;

  const middle = (share) => (share * (layout.count - 1) + 0.5) * layout.pitch;
  if (isPicture) scrubbing(film, (px) => (px / layout.pitch - 0.5) / (layout.count - 1), hand);

  function drawSome() {
    const until = performance.now() + DECODING_MS; // so that a slow decoder does not hold up the page
    const context = canvas.getContext('2d');
    while (next < layout.count && performance.now() < until) {
      drawItem(one, frame(next / (layout.count - 1)), shape);
      context.drawImage(one, next * (width + CELL_GAP), 0);
      next++;
    }
    pending = next < layout.count ? requestAnimationFrame(drawSome) : 0;
    if (!pending) canvas.dataset.drawn = String(layout.count);
  }

  return {
    element,

    resize(room) {
      if (!isPicture || !room) return;
      const fresh = stripLayout(room, width);
      const same = fresh.count === layout.count && fresh.pixel === layout.pixel;
      layout = fresh;
      if (same) return;
      canvas.width = layout.count * (width + CELL_GAP) - CELL_GAP;
      canvas.height = height;
      canvas.style.width = `${canvas.width * layout.pixel}px`;
      canvas.style.height = `${height * layout.pixel}px`;
      canvas.style.imageRendering = layout.sharp ? 'pixelated' : 'auto';
      numbers.replaceChildren(
        ...track.items_at.map((share, i) => el('span', { style: `left: ${middle(share)}px` }, String(i + 1))),
      );
      this.redraw();
    },

    redraw() {
      if (!isPicture || !layout.count) return;
      cancelAnimationFrame(pending);
      next = 0;
      delete canvas.dataset.drawn;
      pending = requestAnimationFrame(drawSome);
    },

    mark(chosen, share) {
      button.setAttribute('aria-pressed', String(chosen));
      element.classList.toggle('chosen', chosen);
      cursor.style.transform = `translateX(${middle(share)}px)`;
    },

    destroy: () => cancelAnimationFrame(pending),
  };
}
