// Thumbnails that are cut from a sheet, as backgrounds of small elements.

import { el } from './dom.js';
import { pictureAddress } from './picture.js';

/** @import { SpriteSheet } from '../messages.js' */

export function createSprites() {
  const address = pictureAddress();
  /** @type {SpriteSheet | null} */
  let sheet = null;

  /**
   * Screen pixels for each of a thumbnail's: a whole number, or less than one where it must shrink.
   *
   * @param {SpriteSheet} of
   * @param {number} room CSS pixels that the longer side may take.
   */
  function scaleFor({ width, height }, room) {
    const scale = room / Math.max(width, height);
    return scale >= 1 ? Math.floor(scale) : scale;
  }

  return {
    /** @param {SpriteSheet | null} newSheet null for no thumbnails. */
    update(newSheet) {
      if (newSheet?.png.digest !== sheet?.png.digest) address.replace(newSheet?.png.read() ?? null);
      sheet = newSheet;
    },

    /** @param {number} room CSS pixels that the longer side may take. */
    widthIn: (room) => (sheet ? sheet.width * scaleFor(sheet, room) : 0),

    /**
     * @param {number} index of the thumbnail; -1 for an empty place of its size.
     * @param {number} room CSS pixels that the longer side may take.
     * @returns {HTMLElement | null} null where there are no thumbnails.
     */
    tile(index, room) {
      if (!sheet) return null;
      const scale = scaleFor(sheet, room);
      const [width, height] = [sheet.width * scale, sheet.height * scale];
      const tile = el('span', { class: 'picture tile', 'aria-hidden': 'true' });
      Object.assign(tile.style, { width: `${width}px`, height: `${height}px` });
      if (index < 0) return tile;
      const [left, top] = [(index % sheet.columns) * width, Math.floor(index / sheet.columns) * height];
      tile.style.backgroundImage = `url("${address.now}")`;
      tile.style.backgroundPosition = `${-left}px ${-top}px`;
      tile.style.backgroundSize = `${sheet.columns * width}px auto`;
      tile.style.imageRendering = scale >= 1 ? 'pixelated' : 'auto';
      return tile;
    },

    destroy: () => address.replace(null),
  };
}
