// Where a slider is among epochs, and what lies between two of them.

/** @typedef {{epoch: number, placed: Uint16Array, places: Float32Array, made: Uint8Array}} Frame */

/**
 * Join frames to those that are there: one of the same epoch takes its place, and one within an epoch goes as soon as a
 * later one has come.
 *
 * @param {Frame[]} before in the order of their epochs.
 * @param {Frame[]} added
 * @returns {Frame[]}
 */
export function joined(before, added) {
  const byEpoch = new Map([...before, ...added].map((frame) => [frame.epoch, frame]));
  const all = [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
  return all.filter((frame, i) => Number.isInteger(frame.epoch) || i === all.length - 1);
}

/**
 * The places between two frames: a share of the way for what both place, the next frame's for the rest.
 *
 * @param {Frame[]} frames at least one.
 * @param {number} at from 0 to the last frame's number.
 * @returns {{placed: Uint16Array, places: Float32Array}}
 */
export function placesAt(frames, at) {
  const from = frames[Math.floor(at)];
  const to = frames[Math.min(frames.length - 1, Math.floor(at) + 1)];
  const share = at - Math.floor(at);
  if (!share) return from;
  const before = new Map(Array.from(from.placed, (item, i) => [item, i]));
  const places = new Float32Array(to.places.length);
  to.placed.forEach((item, i) => {
    const j = before.get(item) ?? -1;
    for (const axis of [0, 1]) {
      const end = to.places[2 * i + axis];
      const start = j < 0 ? end : from.places[2 * j + axis];
      places[2 * i + axis] = start + share * (end - start);
    }
  });
  return { placed: to.placed, places };
}

/**
 * The ends of both axes, so that all frames fit, with the same scale along both.
 *
 * @param {Frame[]} frames
 * @param {number} aspect width over height.
 * @returns {[left: number, bottom: number, right: number, top: number]}
 */
export function boundsOf(frames, aspect) {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { places } of frames) {
    for (let i = 0; i < places.length; i += 2) {
      left = Math.min(left, places[i]);
      right = Math.max(right, places[i]);
      bottom = Math.min(bottom, places[i + 1]);
      top = Math.max(top, places[i + 1]);
    }
  }
  if (left > right) return [-1, -1, 1, 1];
  const height = Math.max(top - bottom, (right - left) / aspect, 1e-9) * 1.06;
  const width = height * aspect;
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}
