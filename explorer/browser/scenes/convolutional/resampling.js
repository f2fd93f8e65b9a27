// One map made smaller by max pooling, and the ways back: each map is (side, side) or (height, width), row by row.

/** @typedef {{values: Float32Array, height: number, width: number}} Map2d */

/**
 * @param {number} height
 * @param {number} width
 * @returns {Map2d}
 */
function empty(height, width) {
  return { values: new Float32Array(height * width), height, width };
}

/**
 * The largest of each 2 x 2 window, and where in the map it was: the first, among equals.
 *
 * @param {Map2d} map
 */
export function pooled({ values, height, width }) {
  const small = empty(Math.ceil(height / 2), Math.ceil(width / 2));
  const places = new Int32Array(small.values.length);
  for (let i = 0, to = 0; i < small.height; i++) {
    for (let j = 0; j < small.width; j++, to++) {
      let best = 2 * i * width + 2 * j;
      for (let y = 2 * i; y < Math.min(2 * i + 2, height); y++) {
        for (let x = 2 * j; x < Math.min(2 * j + 2, width); x++) {
          if (values[y * width + x] > values[best]) best = y * width + x;
        }
      }
      places[to] = best;
      small.values[to] = values[best];
    }
  }
  return { small, places };
}

/**
 * Each value back where it was; zeros elsewhere.
 *
 * @param {Map2d} small
 * @param {Int32Array} places
 * @param {Map2d} like of that size.
 */
export function unpooled(small, places, like) {
  const out = empty(like.height, like.width);
  places.forEach((place, i) => {
    out.values[place] = small.values[i];
  });
  return out;
}

/**
 * Each value at the upper left of its window; zeros elsewhere.
 *
 * @param {Map2d} small
 * @param {Map2d} like
 */
export function unpooledAtFixed(small, like) {
  const places = small.values.map((_, i) => 2 * Math.floor(i / small.width) * like.width + 2 * (i % small.width));
  return unpooled(small, Int32Array.from(places), like);
}

/**
 * Each value in all of its window.
 *
 * @param {Map2d} small
 * @param {Map2d} like
 */
export function nearest(small, like) {
  const out = empty(like.height, like.width);
  out.values.forEach((_, i) => {
    const [y, x] = [Math.floor(i / like.width), i % like.width];
    out.values[i] = small.values[Math.floor(y / 2) * small.width + Math.floor(x / 2)];
  });
  return out;
}

/**
 * Each value lays a kernel of equal weights around its place, and what overlaps is added up.
 *
 * @param {Map2d} small
 * @param {{kernel: number, stride: number, padding: number}} settings
 * @returns {{out: Map2d, reached: Map2d}} `reached`: how many kernels lie on each place. The weights are such that an even
 *   map would come out even, and as strong, if as many lay on each.
 */
export function transposed(small, { kernel, stride, padding }) {
  const length = (/** @type {number} */ n) => Math.max(1, (n - 1) * stride - 2 * padding + kernel);
  const [height, width] = [length(small.height), length(small.width)];
  const [out, reached] = [empty(height, width), empty(height, width)];
  const weight = (stride * stride) / (kernel * kernel);
  small.values.forEach((value, i) => {
    const [top, left] = [Math.floor(i / small.width) * stride - padding, (i % small.width) * stride - padding];
    for (let y = Math.max(0, top); y < Math.min(height, top + kernel); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + kernel); x++) {
        out.values[y * width + x] += weight * value;
        reached.values[y * width + x] += 1;
      }
    }
  });
  return { out, reached };
}

/**
 * Whether places inside are reached by unequally many kernels.
 *
 * @param {{kernel: number, stride: number}} settings
 */
export const isChequered = ({ kernel, stride }) => kernel % stride > 0;

/**
 * How many places a kernel has along a side of `n` values.
 *
 * @param {number} n
 * @param {{kernel: number, stride: number, padding: number}} settings
 */
export const outputSize = (n, { kernel, stride, padding }) => Math.floor((n + 2 * padding - kernel) / stride) + 1;

/**
 * A convolution of one map with one kernel.
 *
 * @param {Map2d} map
 * @param {ArrayLike<number>} weights (kernel, kernel)
 * @param {{kernel: number, stride: number, padding: number}} settings
 */
export function convolved(map, weights, settings) {
  const { kernel, stride, padding } = settings;
  const out = empty(outputSize(map.height, settings), outputSize(map.width, settings));
  out.values.forEach((_, i) => {
    const [top, left] = [Math.floor(i / out.width) * stride - padding, (i % out.width) * stride - padding];
    for (let a = 0; a < kernel; a++) {
      for (let b = 0; b < kernel; b++) {
        const [y, x] = [top + a, left + b];
        if (y < 0 || x < 0 || y >= map.height || x >= map.width) continue;
        out.values[i] += weights[a * kernel + b] * map.values[y * map.width + x];
      }
    }
  });
  return out;
}

/**
 * A made-up kernel: it finds edges from dark to light, to the right.
 *
 * @param {number} kernel side.
 */
export function edgeKernel(kernel) {
  const middle = (kernel - 1) / 2;
  return Float32Array.from({ length: kernel * kernel }, (_, i) =>
    kernel === 1 ? 1 : Math.sign((i % kernel) - middle),
  );
}
