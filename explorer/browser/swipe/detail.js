// A pinned detail: the same small square of each picture side by side, its pixels as large squares.

import { el } from '../shared/dom.js';
import { brushOf } from '../shared/picture.js';

/** @import { Point } from '../shared/viewport.js' */

const LARGEST_SIDE = 48; // picture pixels
const SHOWN_SIDE = 192; // about so many CSS pixels

/**
 * @param {Record<string, HTMLImageElement>} images by kind.
 * @param {() => void} onClose
 */
export function createDetail(images, onClose) {
  const shown = Object.entries(images).map(([kind, image]) => {
    const canvas = el('canvas', { class: 'picture', role: 'img' });
    const text = el('figcaption', { class: 'caption' });
    return { kind, image, canvas, text, figure: el('figure', {}, canvas, text) };
  });
  const where = el('div', { class: 'caption' });
  const close = el('button', { type: 'button', title: 'Let go (Escape)', click: onClose }, 'Unpin');
  const element = el(
    'div',
    { class: 'detail', role: 'group', 'aria-label': 'Pinned detail', hidden: true },
    ...shown.map(({ figure }) => figure),
    el('div', { class: 'where' }, where, close),
  );

  /**
   * Picture pixels of the square's side.
   *
   * @param {Point} size of the picture.
   */
  const side = (size) => Math.max(1, Math.min(LARGEST_SIDE, 2 * Math.floor(Math.min(...size) / 16)));

  return {
    element,
    side,

    /**
     * @param {Point} middle of the square, in picture pixels.
     * @param {Point} size of the picture.
     * @param {Record<string, string>} names of the pictures, by kind.
     */
    show([x, y], size, names) {
      const n = side(size);
      element.hidden = false;
      for (const { kind, image, canvas, text, figure } of shown) {
        figure.hidden = !image.getAttribute('src') || !image.naturalWidth;
        if (figure.hidden) continue;
        canvas.width = canvas.height = n * Math.max(1, Math.round(SHOWN_SIDE / n));
        const brush = brushOf(canvas);
        brush.imageSmoothingEnabled = false;
        brush.drawImage(image, x - n / 2, y - n / 2, n, n, 0, 0, canvas.width, canvas.height);
        canvas.setAttribute('aria-label', `Detail, ${names[kind]}`);
        text.textContent = names[kind];
      }
      where.textContent = `${n}x${n} pixels around column ${x}, row ${y}`;
    },

    hide() {
      element.hidden = true;
    },
  };
}
