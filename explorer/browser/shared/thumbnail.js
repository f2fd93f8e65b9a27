// One thumbnail of a sheet at a time, on a canvas.

import { el } from './dom.js';
import { brushOf, fitPicture, pngBlob } from './picture.js';

/** @import { SpriteSheet } from '../messages.js' */

/** @typedef {{bitmap: ImageBitmap, columns: number, width: number, height: number}} DecodedSheet */

/**
 * @param {string} name what a screen reader calls it.
 * @param {(sheet: DecodedSheet | null) => void} onSheet called when a sheet can be drawn from, and when it no longer can.
 */
export function createThumbnail(name, onSheet = () => {}) {
  const canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': name, hidden: true });
  /** @type {SpriteSheet | null} */
  let sheet = null;
  /** @type {ImageBitmap | null} */
  let bitmap = null; // of the sheet, once it is decoded
  let wanted = -1;
  let room = 0;
  let loads = 0;

  function draw() {
    if (!sheet || !bitmap || wanted < 0) return;
    const { columns, width, height } = sheet;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const brush = brushOf(canvas);
    brush.clearRect(0, 0, width, height);
    const [left, top] = [(wanted % columns) * width, Math.floor(wanted / columns) * height];
    brush.drawImage(bitmap, left, top, width, height, 0, 0, width, height);
  }

  function refit() {
    if (sheet && room) fitPicture(canvas, sheet.width, sheet.height, room);
  }

  function forget() {
    loads += 1;
    if (bitmap) onSheet(null);
    bitmap?.close();
    bitmap = null;
  }

  return {
    canvas,

    /** @param {SpriteSheet | null} newSheet to cut from; null for no picture. */
    async update(newSheet) {
      const isOther = newSheet?.png.digest !== sheet?.png.digest;
      sheet = newSheet;
      canvas.hidden = !sheet;
      refit();
      if (!isOther) return;
      forget();
      if (!sheet) return;
      const load = loads;
      const decoded = await createImageBitmap(pngBlob(sheet.png.read()));
      if (load !== loads) {
        decoded.close();
        return;
      }
      bitmap = decoded;
      onSheet({ bitmap, columns: sheet.columns, width: sheet.width, height: sheet.height });
      draw();
    },

    /** @param {number} index of the thumbnail; -1 keeps the last one. */
    show(index) {
      if (index < 0 || index === wanted) return;
      wanted = index;
      draw();
    },

    /** @param {number} newRoom CSS pixels that the longer side may take. */
    fit(newRoom) {
      room = newRoom;
      refit();
    },

    destroy: forget,
  };
}
