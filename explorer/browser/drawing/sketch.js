// The pixels of a drawing: strokes with soft edges, an undo for each, the same on every machine.

const UNDO_STEPS = 50;

/** @typedef {[x: number, y: number]} Point in pixels of the surface. */

/**
 * @param {[number, number, number]} shape [C, H, W].
 * @param {number} ground grey level of the empty surface, 0 to 255.
 */
export function createSketch([channels, height, width], ground) {
  const area = height * width;
  const pixels = new Uint8Array(channels * area).fill(ground);
  const cover = new Float64Array(area); // of the current stroke: how much of each pixel it covers
  let before = pixels.slice(); // what the current stroke lies on
  /** @type {Uint8Array[]} */
  let undos = [];

  /**
   * Paint one straight piece of the current stroke; equal pieces twice change nothing.
   *
   * @param {Point} from
   * @param {Point} to
   * @param {number} radius in pixels.
   * @param {number[]} ink brightness of each channel, 0 to 255.
   */
  function segment([x0, y0], [x1, y1], radius, ink) {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const squared = dx * dx + dy * dy;
    const [left, right] = [Math.min(x0, x1) - radius - 1, Math.max(x0, x1) + radius + 1];
    const [top, bottom] = [Math.min(y0, y1) - radius - 1, Math.max(y0, y1) + radius + 1];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, Math.ceil(bottom)); y++) {
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, Math.ceil(right)); x++) {
        const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
        const along = squared ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
        const [ax, ay] = [px - along * dx, py - along * dy];
        const share = Math.min(1, Math.max(0, radius + 0.5 - Math.sqrt(ax * ax + ay * ay)));
        const i = y * width + x;
        if (share <= cover[i]) continue;
        cover[i] = share;
        for (let c = 0; c < channels; c++) {
          const at = c * area + i;
          pixels[at] = Math.round(before[at] + share * (ink[c] - before[at]));
        }
      }
    }
  }

  return {
    pixels,
    segment,

    /** Start a stroke: from here on its pieces count as one, for their soft edges and for undo. */
    begin() {
      undos = [...undos.slice(-UNDO_STEPS + 1), pixels.slice()];
      before = pixels.slice();
      cover.fill(0);
    },

    /** Take back the last stroke or clearing; false where there is none. */
    undo() {
      const last = undos.pop();
      if (last) pixels.set(last);
      return last !== undefined;
    },

    /** Empty the surface; can be undone. */
    clear() {
      undos = [...undos.slice(-UNDO_STEPS + 1), pixels.slice()];
      pixels.fill(ground);
    },

    /**
     * Start anew; nothing to undo.
     *
     * @param {Uint8Array | null} values null for an empty surface.
     */
    reset(values) {
      undos = [];
      if (values) pixels.set(values);
      else pixels.fill(ground);
    },

    get canUndo() {
      return undos.length > 0;
    },

    get isEmpty() {
      return pixels.every((value) => value === ground);
    },
  };
}
