// A text an item, read one at a time: a million of them as strings would take most of a tab's memory.

/** @import { Points, Texts } from '../messages.js' */

/**
 * What items are called: by their own names or their numbers; null where they have neither.
 *
 * @param {Points} points
 * @returns {((item: number) => string) | null}
 */
export function titlesOf({ titles, numbers }) {
  if (titles) return textsOf(titles);
  const read = numbers?.read();
  return read ? (item) => (item >= 0 ? `row ${read[item]}` : '') : null;
}

/**
 * @param {Texts} texts
 * @returns {(item: number) => string} empty for an item that there is not.
 */
export function textsOf({ text, starts }) {
  const [bytes, ends, decoder] = [text.read(), starts.read(), new TextDecoder()];
  return (item) => (item >= 0 ? decoder.decode(bytes.subarray(ends[item], ends[item + 1])) : '');
}
