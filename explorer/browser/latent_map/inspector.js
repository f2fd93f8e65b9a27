// What is under the cursor: the decoded picture, the nearest real item beside its reconstruction, and the item's numbers.

import { el } from '../shared/dom.js';
import { itemView } from '../shared/item_view.js';
import { threeDigits } from '../shared/numbers.js';
import { fitPicture } from '../shared/picture.js';
import { whenCalm } from '../shared/timing.js';

/** @import { LatentMap, SpriteSheet } from '../messages.js' */

const GAP = 16; // CSS pixels between two pictures
const CAPTION = 40; // CSS pixels that a caption of two lines takes
const NARROW_ROOM = 200; // CSS pixels that a picture may take below the map

export function createInspector() {
  const decoded = itemView('Decoded from the cursor position');
  const decodedCaption = el('div', { class: 'caption' });
  const decodedBox = el('figure', { class: 'wide', hidden: true }, decoded.element, decodedCaption);
  const item = tileView('Nearest real item');
  const rebuilt = tileView('Its reconstruction');
  rebuilt.caption.textContent = 'Its reconstruction';
  const list = el('dl', { class: 'details' });
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const element = el('div', { class: 'inspector' }, decodedBox, item.element, rebuilt.element, list, spoken);
  const speak = whenCalm((text) => {
    spoken.textContent = text;
  }, 500);

  let details = [];

  return {
    element,

    /**
     * @param {LatentMap} message
     * @param {?readonly number[]} shape of a decoded item; null where nothing is decoded.
     */
    prepare({ nearest, decoding, points }, shape) {
      decodedBox.hidden = !shape;
      if (shape) decoded.prepare(shape, decoding.features);
      item.prepare(nearest.sprites, true);
      item.call(`Nearest ${points.item_kind} item`);
      rebuilt.prepare(nearest.reconstructions, false);
      item.element.classList.toggle('wide', !nearest.reconstructions);
      details = nearest.details.map(({ name, unit, values }) => ({
        unit,
        values: values.read(),
        value: el('dd', { class: 'number' }),
        name: el('dt', {}, name),
      }));
      list.hidden = !details.length;
      list.replaceChildren(...details.map(({ name, value }) => el('div', {}, name, value)));
    },

    /** Thumbnails of the items and of their reconstructions, PNG bytes or null; `then` runs when one is ready. */
    loadItems: (png, then) => item.load(png, then),
    loadReconstructions: (png, then) => rebuilt.load(png, then),

    showDecoded(pixels, caption) {
      decoded.show(pixels);
      decodedCaption.textContent = caption;
    },

    /** @param {number} index of the item, -1 for none. @param {string} caption under it. */
    showItem(index, caption) {
      item.draw(index);
      rebuilt.draw(index);
      item.caption.textContent = caption;
      details.forEach(({ value, values, unit }) => {
        const number = index < 0 ? NaN : values[index];
        value.textContent = Number.isFinite(number) ? `${threeDigits(number)} ${unit}`.trim() : '–';
      });
      const numbers = details.map(({ name, value }) => `${name.textContent} ${value.textContent}`);
      speak([decodedCaption.textContent, caption, ...numbers].filter(Boolean).join('. '));
    },

    /** @param {number} height CSS pixels of the map beside it. */
    fit(height) {
      const width = element.clientWidth;
      if (!width) return;
      const shown = [decodedBox, item.element, rebuilt.element].filter((box) => !box.hidden).length;
      const pair = rebuilt.element.hidden ? width : (width - GAP) / 2;
      if (getComputedStyle(element).display === 'flex') {
        // On a narrow screen all stand side by side, below the map.
        const room = Math.min(NARROW_ROOM, (width - GAP * (shown - 1)) / shown);
        for (const view of [decoded, item, rebuilt]) view.fit(room - 2);
        return;
      }
      const free = height - list.clientHeight - GAP - CAPTION;
      const half = (free - GAP - CAPTION) / 2;
      decoded.fit(Math.min(width, half) - 2);
      const room = Math.min(pair, decodedBox.hidden ? free : half) - 2;
      item.fit(room);
      rebuilt.fit(room);
    },

    destroy() {
      speak.cancel();
      item.destroy();
      rebuilt.destroy();
    },
  };
}

/** One thumbnail of a sprite sheet, with a caption. */
function tileView(name) {
  const canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': name });
  const caption = el('div', { class: 'caption' });
  const element = el('figure', {}, canvas, caption);
  let sheet = null;
  let sprite = null;
  let loads = 0;
  let drawn = -1;

  return {
    element,
    caption,
    call: (newName) => canvas.setAttribute('aria-label', newName),

    /** @param {?SpriteSheet} newSprite @param {boolean} captioned stays without a picture. */
    prepare(newSprite, captioned) {
      sprite = newSprite;
      drawn = -1;
      canvas.hidden = !sprite;
      element.hidden = !sprite && !captioned;
    },

    async load(png, then) {
      const load = ++loads;
      sheet?.close();
      sheet = null;
      drawn = -1;
      if (!png) return;
      const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
      if (load !== loads) {
        bitmap.close();
        return;
      }
      sheet = bitmap;
      then();
    },

    draw(tile) {
      if (!sheet || !sprite || tile < 0 || tile === drawn) return;
      drawn = tile;
      const { columns, width, height } = sprite;
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext('2d');
      context.clearRect(0, 0, width, height);
      const [left, top] = [(tile % columns) * width, Math.floor(tile / columns) * height];
      context.drawImage(sheet, left, top, width, height, 0, 0, width, height);
    },

    fit(room) {
      if (sprite) fitPicture(canvas, sprite.width, sprite.height, room);
    },

    destroy() {
      loads++;
      sheet?.close();
    },
  };
}
