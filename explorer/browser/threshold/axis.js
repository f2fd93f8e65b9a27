// An axis of scores, even in the score or in its logarithm. Pure.

import { ticksBetween } from '../shared/numbers.js';

export const MARGIN = { left: 10, right: 10, top: 24, bottom: 38 };
export const LINE = 15; // CSS pixels from one line of text to the next
const LETTER = 6.3; // CSS pixels of a letter of a title, about

/** @typedef {ReturnType<typeof scoreAxis>} Axis */

/**
 * @param {[low: number, high: number]} ends
 * @param {boolean} isLog
 * @param {number} width CSS pixels of the whole chart.
 */
export function scoreAxis([low, high], isLog, width) {
  const scale = isLog ? Math.log10 : (/** @type {number} */ x) => x;
  const [from, to] = [scale(low), scale(high)];
  const room = width - MARGIN.left - MARGIN.right;
  const isNarrow = width <= 500;
  const height = isNarrow ? 295 : 390;
  const below = MARGIN.bottom + (isNarrow ? LINE : 0); // a title takes a second line where the first is short

  /**
   * Share of the axis left of a score.
   *
   * @param {number} score
   */
  function share(score) {
    const clipped = isLog ? Math.max(score, low) : score;
    return Math.min(1, Math.max(0, (scale(clipped) - from) / (to - from)));
  }

  return {
    low,
    high,
    room,
    height,
    floor: height - below,
    share,

    /**
     * The score at a share of the axis.
     *
     * @param {number} place
     */
    at(place) {
      const value = from + Math.min(1, Math.max(0, place)) * (to - from);
      return isLog ? 10 ** value : value;
    },

    /** @param {number} score */
    toScreen: (score) => MARGIN.left + share(score) * room,

    /**
     * The share of the axis at a place on screen.
     *
     * @param {number} px
     */
    placeOf: (px) => (px - MARGIN.left) / room,
    ticks: isLog ? decades(from, to, width / 90) : ticksBetween(low, high, width / 110),
  };
}

/**
 * 1, 2, 5, 10, ... where there is room, else powers of ten.
 *
 * @param {number} from logarithm to base 10, as is `to`.
 * @param {number} to
 * @param {number} wanted about how many.
 */
function decades(from, to, wanted) {
  const steps = to - from < wanted / 3 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((to - from) / wanted));
  const ticks = [];
  for (let power = Math.floor(from); power <= to; power++) {
    if (power % every) continue;
    for (const step of steps) {
      const value = step * 10 ** power;
      if (Math.log10(value) >= from && Math.log10(value) <= to) ticks.push({ at: value, text: roundText(value) });
    }
  }
  return ticks.length > 1 ? ticks : ticksBetween(10 ** from, 10 ** to, wanted);
}

/**
 * A round number as an axis writes it.
 *
 * @param {number} value
 */
function roundText(value) {
  if (value >= 1e6 || value < 1e-4) return value.toExponential(0).replace('e+', 'e').replace('-', '−');
  return value >= 1 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

/**
 * A title and its note on one line, or on two where one is too short for both.
 *
 * @param {string} title
 * @param {string} note begins with a comma, or is empty.
 * @param {number} room CSS pixels.
 */
export function titleLines(title, note, room) {
  const isOne = note === '' || (title.length + note.length) * LETTER <= room;
  return isOne ? [title + note] : [title, note.replace(/^, /, '')];
}
