// A drawing in the model's format: the same steps as explorer/io/user_image.py, which explains them; a test compares the two.

/** @import { Steps } from '../messages.js' */

/** @typedef {[height: number, width: number]} Size */

/** @typedef {{box: [left: number, top: number, right: number, bottom: number], mass: [x: number, y: number]}} Content */

/**
 * The outermost pixels of one channel.
 *
 * @param {Float64Array} plane
 * @param {Size} size
 */
function borderOf(plane, [height, width]) {
  const ring = [...plane.subarray(0, width), ...plane.subarray((height - 1) * width, height * width)];
  for (let y = 1; y < height - 1; y++) ring.push(plane[y * width], plane[y * width + width - 1]);
  return ring;
}

/** @param {number[]} values */
function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Box and centre of mass of what differs from the background; null where nothing does.
 *
 * @param {Float64Array[]} planes
 * @param {number[]} background of each plane.
 * @param {Size} size
 * @param {number} share of the largest difference that content must exceed.
 * @returns {Content | null}
 */
function contentOf(planes, background, [height, width], share) {
  const difference = new Float64Array(height * width);
  planes.forEach((plane, c) => {
    for (let i = 0; i < plane.length; i++) difference[i] = Math.max(difference[i], Math.abs(plane[i] - background[c]));
  });
  const largest = difference.reduce((most, value) => Math.max(most, value), 0);
  if (!largest) return null;
  /** @type {Content['box']} */
  const box = [width, height, 0, 0];
  let [total, massX, massY] = [0, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = difference[i];
      if (!value) continue;
      total += value;
      massX += value * (x + 0.5);
      massY += value * (y + 0.5);
      if (value <= share * largest) continue;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x + 1);
      box[3] = Math.max(box[3], y + 1);
    }
  }
  return { box, mass: [massX / total, massY / total] };
}

/**
 * The part of the drawing's plane that the model's frame shows: corner, and drawing pixels for each of the frame's.
 *
 * @param {Content | null} content
 * @param {Size} size of the drawing.
 * @param {Size} frame of the model.
 * @param {Steps} steps
 */
function windowOf(content, [height, width], [frameHeight, frameWidth], steps) {
  const [left, top, right, bottom] = steps.crop && content ? content.box : [0, 0, width, height];
  let across = (right - left) / (steps.size * frameWidth);
  let down = (bottom - top) / (steps.size * frameHeight);
  if (steps.fit !== 'stretch') across = down = steps.fit === 'pad' ? Math.max(across, down) : Math.min(across, down);
  if (steps.centre === 'mass' && content) {
    const [x, y] = content.mass;
    return {
      left: x - across * (Math.floor(frameWidth / 2) + 0.5),
      top: y - down * (Math.floor(frameHeight / 2) + 0.5),
      across,
      down,
    };
  }
  return { left: (left + right - across * frameWidth) / 2, top: (top + bottom - down * frameHeight) / 2, across, down };
}

/**
 * For each output pixel the first input pixel it takes from, and the weights of that and the next ones.
 *
 * @param {number} n output pixels.
 * @param {number} start of the first, in input pixels.
 * @param {number} step input pixels for each output pixel.
 * @param {number} size input pixels.
 */
function weightsOf(n, start, step, size) {
  const reach = Math.max(1, step);
  return Array.from({ length: n }, (_, i) => {
    const centre = start + (i + 0.5) * step;
    if (centre < 0 || centre > size) return { first: 0, weights: [] };
    const first = Math.max(0, Math.floor(centre - reach - 0.5));
    const last = Math.min(size - 1, Math.ceil(centre + reach - 0.5));
    const weights = [];
    for (let j = first; j <= last; j++) weights.push(Math.max(0, 1 - Math.abs(j + 0.5 - centre) / reach));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: sum ? weights.map((weight) => weight / sum) : [] };
  });
}

/**
 * A drawing as the model's item.
 *
 * @param {Uint8Array} pixels (C, H, W), C as the model has it.
 * @param {Size} size of the drawing.
 * @param {[number, number, number]} shape [C, h, w] of the model.
 * @param {Steps} steps
 * @param {Float32Array} item (C, h, w) gets the values in [0, 1].
 * @returns {boolean} false for an empty drawing.
 */
export function toItem(pixels, [height, width], [channels, frameHeight, frameWidth], steps, item) {
  const area = height * width;
  const planes = Array.from({ length: channels }, (_, c) => {
    const plane = new Float64Array(area);
    for (let i = 0; i < area; i++) {
      const value = Math.fround(pixels[c * area + i] / 255);
      plane[i] = steps.invert ? 1 - value : value;
    }
    return plane;
  });
  const background = planes.map((plane) => median(borderOf(plane, [height, width])));
  const content = contentOf(planes, background, [height, width], steps.content);
  const view = windowOf(content, [height, width], [frameHeight, frameWidth], steps);
  const rows = weightsOf(frameHeight, view.top, view.down, height);
  const columns = weightsOf(frameWidth, view.left, view.across, width);
  const line = new Float64Array(width);
  planes.forEach((plane, c) => {
    const ground = background[c];
    rows.forEach((row, i) => {
      line.fill(0);
      row.weights.forEach((weight, k) => {
        const from = (row.first + k) * width;
        for (let x = 0; x < width; x++) line[x] += weight * (plane[from + x] - ground);
      });
      columns.forEach((column, j) => {
        let value = ground;
        column.weights.forEach((weight, k) => {
          value += weight * line[column.first + k];
        });
        item[(c * frameHeight + i) * frameWidth + j] = Math.min(1, Math.max(0, value));
      });
    });
  });
  return content !== null;
}
