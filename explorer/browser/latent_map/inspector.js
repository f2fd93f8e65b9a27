// What is under the cursor: the decoded picture, the nearest real item beside its reconstruction, and the item's numbers.

import { el } from '../shared/dom.js';
import { itemView } from '../shared/item_view.js';
import { threeDigits } from '../shared/numbers.js';
import { createThumbnail } from '../shared/thumbnail.js';
import { whenCalm } from '../shared/timing.js';
import { createRowValues } from './row_values.js';

/** @import { LatentMap } from '../messages.js' */
/** @import { Sheet } from './sprite_cache.js' */

const GAP = 16; // CSS pixels between two pictures
const CAPTION = 40; // CSS pixels that a caption of two lines takes
const NARROW_ROOM = 200; // CSS pixels that a picture may take below the map

/** @typedef {{name: string, unit: string, values: Float32Array, shown: HTMLElement}} ShownDetail */

/** @param {(sheet: Sheet | null) => void} onSprites called with the items' thumbnails once they can be drawn. */
export function createInspector(onSprites) {
  const decoded = itemView('Decoded from the cursor position');
  const decodedCaption = el('div', { class: 'caption' });
  const decodedBox = el('figure', { class: 'wide', hidden: true }, decoded.element, decodedCaption);
  const item = createThumbnail('Nearest real item', onSprites);
  const itemText = el('div', { class: 'caption' });
  const itemBox = el('figure', {}, item.canvas, itemText);
  const rebuilt = createThumbnail('Its reconstruction');
  const rebuiltBox = el('figure', {}, rebuilt.canvas, el('div', { class: 'caption' }, 'Its reconstruction'));
  const list = el('dl', { class: 'details' });
  const values = createRowValues();
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const element = el('div', { class: 'inspector' }, decodedBox, itemBox, rebuiltBox, list, values.element, spoken);
  const speak = whenCalm((/** @type {string} */ text) => spoken.replaceChildren(text), 500);
  /** @type {ShownDetail[]} */
  let details = [];

  return {
    element,

    /**
     * @param {LatentMap} message
     * @param {number[] | null} shape of a decoded item; null where nothing is decoded.
     */
    describe({ nearest, decoding, points }, shape) {
      decodedBox.hidden = !shape;
      if (shape) decoded.prepare(shape, decoding.features);
      item.update(nearest.sprites);
      item.canvas.setAttribute('aria-label', `Nearest ${points.item_kind} item`);
      rebuilt.update(nearest.reconstructions);
      rebuiltBox.hidden = !nearest.reconstructions;
      itemBox.classList.toggle('wide', !nearest.reconstructions);
      details = nearest.details.map(({ name, unit, values }) => {
        return { name, unit, values: values.read(), shown: el('dd', { class: 'number' }) };
      });
      values.describe(nearest.columns);
      list.hidden = !details.length;
      list.replaceChildren(...details.map(({ name, shown }) => el('div', {}, el('dt', {}, name), shown)));
    },

    /**
     * @param {Float32Array} values of the decoded item.
     * @param {string} caption
     */
    showDecoded(values, caption) {
      decoded.show(values);
      decodedCaption.textContent = caption;
    },

    /**
     * @param {number} index of the item, -1 for none.
     * @param {string} caption under it.
     */
    showItem(index, caption) {
      item.show(index);
      rebuilt.show(index);
      itemText.textContent = caption;
      for (const { unit, values, shown } of details) {
        const number = index < 0 ? NaN : values[index];
        shown.textContent = Number.isFinite(number) ? `${threeDigits(number)} ${unit}`.trim() : '–';
      }
      const numbers = details.map(({ name, shown }) => `${name} ${shown.textContent}`);
      speak([decodedCaption.textContent, caption, ...numbers, values.show(index)].filter(Boolean).join('. '));
    },

    /** @param {number} height CSS pixels of the map beside it. */
    fit(height) {
      const width = element.clientWidth;
      if (!width) return;
      if (getComputedStyle(element).display === 'flex') {
        // On a narrow screen all stand side by side, below the map.
        const shown = [decodedBox, itemBox, rebuiltBox].filter((box) => !box.hidden).length;
        const room = Math.min(NARROW_ROOM, (width - GAP * (shown - 1)) / shown);
        for (const view of [decoded, item, rebuilt]) view.fit(room - 2);
        return;
      }
      const free = height - list.clientHeight - GAP - CAPTION;
      const half = (free - GAP - CAPTION) / 2;
      const pair = rebuiltBox.hidden ? width : (width - GAP) / 2;
      const room = Math.min(pair, decodedBox.hidden ? free : half) - 2;
      decoded.fit(Math.min(width, half) - 2);
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
