// Convolutions as matrix products: patches of a picture gathered into columns, and scattered back.

/** @import { Layer, Pair } from './operations.js' */

/**
 * For a band of output rows, one column for each output position, holding the inputs under the kernel there; zeros
 * outside the picture.
 *
 * @param {Float32Array} columns (C * kernel rows * kernel columns, rows of the band * output width).
 * @param {Float32Array} x the layer's input.
 * @param {Layer} layer
 * @param {Pair} band first row, and one past the last.
 */
export function gatherPatches(columns, x, layer, [top, bottom]) {
  const [channels, height, width] = layer.in;
  const outWidth = layer.out[2];
  const {
    kernel: [kh, kw],
    stride: [sh, sw],
    padding: [ph, pw],
  } = layer;
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const [first, last] = inside(width, outWidth, j, sw, pw);
        for (let row = top; row < bottom; row++) {
          const y = row * sh + i - ph;
          if (y < 0 || y >= height) {
            columns.fill(0, to, to + outWidth);
            to += outWidth;
            continue;
          }
          let from = (c * height + y) * width + first * sw + j - pw;
          let column = 0;
          for (; column < first; column++) columns[to++] = 0;
          for (; column < last; column++, from += sw) columns[to++] = x[from];
          for (; column < outWidth; column++) columns[to++] = 0;
        }
      }
    }
  }
}

/**
 * The reverse, for one channel: add each patch around the position in the output that it belongs to.
 *
 * @param {Float32Array} out (output height * output width).
 * @param {Float32Array} columns (kernel rows * kernel columns, input height * input width).
 * @param {Layer} layer
 */
export function scatterPatches(out, columns, layer) {
  const [, height, width] = layer.in;
  const [, outHeight, outWidth] = layer.out;
  const {
    kernel: [kh, kw],
    stride: [sh, sw],
    padding: [ph, pw],
  } = layer;
  let from = 0;
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const [first, last] = inside(outWidth, width, j, sw, pw);
      for (let row = 0; row < height; row++, from += width) {
        const y = row * sh + i - ph;
        if (y < 0 || y >= outHeight) continue;
        let to = y * outWidth + first * sw + j - pw;
        for (let column = first; column < last; column++, to += sw) out[to] += columns[from + column];
      }
    }
  }
}

/**
 * Steps whose place in a row of `length`, step * stride + offset - padding, lies inside it: first, and one past the last.
 *
 * @param {number} length
 * @param {number} steps
 * @param {number} offset
 * @param {number} stride
 * @param {number} padding
 */
function inside(length, steps, offset, stride, padding) {
  const first = Math.min(steps, Math.max(0, Math.ceil((padding - offset) / stride)));
  const last = Math.ceil((length + padding - offset) / stride);
  return [first, Math.min(steps, Math.max(first, last))];
}
