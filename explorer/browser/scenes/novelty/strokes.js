// What a brush does to an item: ink, an eraser, and noise, with soft edges.

/** @import { Shape } from '../../stage/item_picture.js' */

/** @typedef {'ink' | 'eraser' | 'noise'} Tool */

/**
 * A straight piece of a stroke; the same piece twice changes nothing.
 *
 * @param {Float32Array} values (C, H, W) in [0, 1], changed in place.
 * @param {Shape} shape
 * @param {{from: [number, number], to: [number, number], radius: number, tool: Tool, noise: Float32Array}} stroke in
 *   pixels; `noise`: a value in [0, 1) for each of the item's.
 */
export function stroke(values, [, height, width], { from: [x0, y0], to: [x1, y1], radius, tool, noise }) {
  const area = height * width;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  for (let i = 0; i < values.length; i++) {
    const [px, py] = [((i % area) % width) + 0.5 - x0, Math.floor((i % area) / width) + 0.5 - y0];
    const along = squared ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
    const cover = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(px - along * dx, py - along * dy)));
    if (tool === 'ink') values[i] = Math.max(values[i], cover);
    else if (tool === 'eraser') values[i] = Math.min(values[i], 1 - cover);
    else if (cover > 0.5) values[i] = noise[i];
  }
}
