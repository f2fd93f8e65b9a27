// Moves a share from 0 to 1 in time: back and forth, from the start again, or once.

import { percent } from '../shared/numbers.js';

/** @typedef {'bounce' | 'loop' | 'once'} Repeat */

/** @typedef {{at: number, direction: 1 | -1, isOver: boolean}} Step */

/**
 * One step of the play.
 *
 * @param {number} at share, from 0 to 1.
 * @param {1 | -1} direction
 * @param {number} distance to go, as a share.
 * @param {Repeat} repeat what to do at an end.
 * @returns {Step}
 */
export function nextStep(at, direction, distance, repeat) {
  const next = at + direction * distance;
  if (next >= 0 && next <= 1) return { at: next, direction, isOver: false };
  const end = next > 1 ? 1 : 0;
  if (repeat === 'once') return { at: end, direction, isOver: true };
  if (repeat === 'loop') return { at: next - Math.floor(next), direction, isOver: false };
  return { at: end, direction: end ? -1 : 1, isOver: false };
}

/**
 * Where a share of a path is, in words.
 *
 * @param {number[]} itemsAt share at which each item stands, rising from 0 to 1.
 * @param {string[]} names of the items.
 * @param {number} share
 */
export function placeInWords(itemsAt, names, share) {
  /** @param {number} i */
  const name = (i) => names[i] ?? `item ${i + 1}`;
  const passed = itemsAt.findLastIndex((place) => place <= share + 1e-9);
  const leg = Math.min(Math.max(0, passed), itemsAt.length - 2);
  const [from, to] = [itemsAt[leg], itemsAt[leg + 1]];
  const part = to > from ? (share - from) / (to - from) : 1;
  if (part < 1e-6) return `at ${name(leg)}`;
  if (part > 1 - 1e-6) return `at ${name(leg + 1)}`;
  return `${percent(part)} of the path from ${name(leg)} to ${name(leg + 1)}`;
}
