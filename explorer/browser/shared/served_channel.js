// Where a component that asks for codes and the one that has the server decode them meet, whichever comes first.

/** @typedef {{model: string, code: number[]}} Wanted */

/** @typedef {{model: string, code: number[], values: Float32Array}} Decoded */

/**
 * @typedef {object} ServedChannel
 * @property {Wanted | null} wanted asked for last; null before the first.
 * @property {(() => void) | null} look called when there is something new to decode.
 * @property {((answer: Decoded) => void) | null} show called with each answer.
 */

/** @type {Map<string, ServedChannel>} */
const channels = new Map();

/**
 * @param {string} name
 * @returns {ServedChannel}
 */
export function servedChannel(name) {
  const channel = channels.get(name) ?? { wanted: null, look: null, show: null };
  channels.set(name, channel);
  return channel;
}
