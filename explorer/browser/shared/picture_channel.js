// Where a map that wants pictures of its items and the component that has the server make them meet, whichever comes first.

/**
 * @typedef {object} PicturesWanted
 * @property {string} items which items these are positions among.
 * @property {number} step how many pixels of a picture, each way, become one.
 * @property {number[]} positions
 */

/**
 * @typedef {object} PicturesMade
 * @property {string} items
 * @property {number} step
 * @property {Uint32Array} positions in the order of the sheet.
 * @property {Uint8Array} png the sheet.
 * @property {number} columns pictures in a row.
 * @property {number} width of one, in pixels.
 * @property {number} height
 */

/**
 * @typedef {object} PictureChannel
 * @property {PicturesWanted | null} wanted asked for last; null before the first.
 * @property {(() => void) | null} look called when others are wanted.
 * @property {((made: PicturesMade) => void) | null} take called with each answer.
 */

/** @type {Map<string, PictureChannel>} */
const channels = new Map();

/**
 * @param {string} name
 * @returns {PictureChannel}
 */
export function pictureChannel(name) {
  const channel = channels.get(name) ?? { wanted: null, look: null, take: null };
  channels.set(name, channel);
  return channel;
}
