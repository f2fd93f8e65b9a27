// Thumbnails cut from one picture of all.

import { el } from '../shared/dom.js';

/** @import { SpriteSheet } from '../messages.js' */

/** Thumbnails cut from one picture of all. */
export function spriteSheet() {
  /** @type {SpriteSheet | null} */
  let size = null;
  let address = '';
  let digest = '';
  return {
    has: () => size !== null,

    /** @param {SpriteSheet | null} sprites */
    read(sprites) {
      size = sprites;
      const newDigest = sprites?.png.digest ?? '';
      if (newDigest === digest) return;
      digest = newDigest;
      URL.revokeObjectURL(address);
      address = sprites ? URL.createObjectURL(new Blob([sprites.png.read()], { type: 'image/png' })) : '';
    },

    /** A thumbnail whose longer side takes at most `room` CSS pixels; empty for an item without one. */
    tile(item, room) {
      if (!size) return null;
      const ratio = room / Math.max(size.width, size.height);
      const scale = ratio >= 1 ? Math.floor(ratio) : ratio;
      const [width, height] = [size.width * scale, size.height * scale];
      const tile = el('span', { class: 'picture tile', 'aria-hidden': 'true' });
      tile.style.cssText = `width: ${width}px; height: ${height}px;`;
      if (item.sprite >= 0) {
        const [left, top] = [(item.sprite % size.columns) * width, Math.floor(item.sprite / size.columns) * height];
        tile.style.backgroundImage = `url(${address})`;
        tile.style.backgroundPosition = `${-left}px ${-top}px`;
        tile.style.backgroundSize = `${size.columns * width}px auto`;
        tile.style.imageRendering = scale >= 2 ? 'pixelated' : 'auto';
      }
      return tile;
    },

    destroy: () => URL.revokeObjectURL(address),
  };
}
