// Where a brush was, and the same as text for the address.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 6; // of a digit
const MOST = 4096; // pixels of a mask that is written: an address has only so much room

/**
 * Mark all pixels whose middle is near a straight piece of a stroke.
 *
 * @param {Uint8Array} mask (H, W)
 * @param {number} width
 * @param {[x: number, y: number]} from in pixels
 * @param {[x: number, y: number]} to
 * @param {number} radius
 */
export function rub(mask, width, [x0, y0], [x1, y1], radius) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  for (let i = 0; i < mask.length; i++) {
    const [px, py] = [(i % width) + 0.5 - x0, Math.floor(i / width) + 0.5 - y0];
    const along = squared ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
    if (Math.hypot(px - along * dx, py - along * dy) <= radius) mask[i] = 1;
  }
}

/**
 * Six pixels a digit; empty where there are too many.
 *
 * @param {Uint8Array} mask
 */
export function written(mask) {
  if (mask.length > MOST) return '';
  let text = '';
  for (let at = 0; at < mask.length; at += BITS) {
    let digit = 0;
    for (let bit = 0; bit < BITS; bit++) digit |= (mask[at + bit] ?? 0) << bit;
    text += DIGITS[digit];
  }
  return text;
}

/**
 * @param {string} text
 * @param {number} length pixels.
 * @returns {Uint8Array | null} null where it is no mask of that length.
 */
export function read(text, length) {
  if (text.length !== Math.ceil(length / BITS) || [...text].some((digit) => !DIGITS.includes(digit))) return null;
  return Uint8Array.from({ length }, (_, i) => (DIGITS.indexOf(text[Math.floor(i / BITS)]) >> (i % BITS)) & 1);
}
