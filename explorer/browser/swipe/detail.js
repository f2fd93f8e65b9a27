// A pinned detail of the pictures that are compared.

import { el } from '../shared/dom.js';

/** The pinned detail: the same small square of each picture side by side, its pixels as large squares. */
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
  const side = ([w, h]) => Math.max(1, Math.min(48, 2 * Math.floor(Math.min(w, h) / 16)));

  return {
    element,
    side,

    show([x, y], size, header) {
      const n = side(size);
      const names = { before: header.labels[0], after: header.labels[1], residual: header.residual?.label };
      element.hidden = false;
      for (const { kind, image, canvas, text, figure } of shown) {
        figure.hidden = !image.getAttribute('src') || !image.naturalWidth;
        if (figure.hidden) continue;
        const magnified = Math.max(1, Math.round(192 / n));
        canvas.width = canvas.height = n * magnified;
        const context = canvas.getContext('2d');
        context.imageSmoothingEnabled = false;
        context.drawImage(image, x - n / 2, y - n / 2, n, n, 0, 0, canvas.width, canvas.height);
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
