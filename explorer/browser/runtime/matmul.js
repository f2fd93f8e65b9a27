// Matrix products in plain JavaScript, in tiles whose sums stay in registers. See `Kernel` in kernel.js for the arguments.

/**
 * @param {Float32Array} out
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {Float32Array | null} bias
 * @param {number} rows
 * @param {number} inner
 * @param {number} outStride
 */
// biome-ignore format: four sums side by side
export function matrixTimesVector(out, a, b, bias, rows, inner, outStride) {
  let row = 0;
  // Four rows at a time: four independent sums, one load of b[k] for all.
  for (; row + 3 < rows; row += 4) {
    const a0 = row * inner, a1 = a0 + inner, a2 = a1 + inner, a3 = a2 + inner;
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let k = 0; k < inner; k++) {
      const x = b[k];
      s0 += a[a0 + k] * x;
      s1 += a[a1 + k] * x;
      s2 += a[a2 + k] * x;
      s3 += a[a3 + k] * x;
    }
    if (bias) {
      s0 += bias[row];
      s1 += bias[row + 1];
      s2 += bias[row + 2];
      s3 += bias[row + 3];
    }
    out[row * outStride] = s0;
    out[(row + 1) * outStride] = s1;
    out[(row + 2) * outStride] = s2;
    out[(row + 3) * outStride] = s3;
  }
  for (; row < rows; row++) {
    const a0 = row * inner;
    let sum = bias ? bias[row] : 0;
    for (let k = 0; k < inner; k++) sum += a[a0 + k] * b[k];
    out[row * outStride] = sum;
  }
}

/**
 * @param {Float32Array} out
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {Float32Array | null} bias
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 * @param {number} outStride
 */
export function matrixTimesMatrix(out, a, b, bias, rows, inner, columns, outStride) {
  let row = 0;
  for (; row + 3 < rows; row += 4) fourRows(out, a, b, bias, row, inner, columns, outStride);
  for (; row < rows; row++) oneRow(out, a, b, bias ? bias[row] : 0, row, inner, columns, outStride, 0);
}

/**
 * Tiles of 4 x 4 outputs: eight loads serve sixteen multiply-adds.
 *
 * @param {Float32Array} out
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {Float32Array | null} bias
 * @param {number} row
 * @param {number} inner
 * @param {number} columns
 * @param {number} outStride
 */
// biome-ignore format: sixteen sums as a table
function fourRows(out, a, b, bias, row, inner, columns, outStride) {
  const a0 = row * inner, a1 = a0 + inner, a2 = a1 + inner, a3 = a2 + inner;
  const d0 = bias ? bias[row] : 0, d1 = bias ? bias[row + 1] : 0;
  const d2 = bias ? bias[row + 2] : 0, d3 = bias ? bias[row + 3] : 0;
  let column = 0;
  for (; column + 3 < columns; column += 4) {
    let c00 = d0, c01 = d0, c02 = d0, c03 = d0;
    let c10 = d1, c11 = d1, c12 = d1, c13 = d1;
    let c20 = d2, c21 = d2, c22 = d2, c23 = d2;
    let c30 = d3, c31 = d3, c32 = d3, c33 = d3;
    for (let k = 0, at = column; k < inner; k++, at += columns) {
      const b0 = b[at], b1 = b[at + 1], b2 = b[at + 2], b3 = b[at + 3];
      let x = a[a0 + k];
      c00 += x * b0;
      c01 += x * b1;
      c02 += x * b2;
      c03 += x * b3;
      x = a[a1 + k];
      c10 += x * b0;
      c11 += x * b1;
      c12 += x * b2;
      c13 += x * b3;
      x = a[a2 + k];
      c20 += x * b0;
      c21 += x * b1;
      c22 += x * b2;
      c23 += x * b3;
      x = a[a3 + k];
      c30 += x * b0;
      c31 += x * b1;
      c32 += x * b2;
      c33 += x * b3;
    }
    let o = row * outStride + column;
    out[o] = c00;
    out[o + 1] = c01;
    out[o + 2] = c02;
    out[o + 3] = c03;
    o += outStride;
    out[o] = c10;
    out[o + 1] = c11;
    out[o + 2] = c12;
    out[o + 3] = c13;
    o += outStride;
    out[o] = c20;
    out[o + 1] = c21;
    out[o + 2] = c22;
    out[o + 3] = c23;
    o += outStride;
    out[o] = c30;
    out[o + 1] = c31;
    out[o + 2] = c32;
    out[o + 3] = c33;
  }
  if (column < columns) {
    oneRow(out, a, b, d0, row, inner, columns, outStride, column);
    oneRow(out, a, b, d1, row + 1, inner, columns, outStride, column);
    oneRow(out, a, b, d2, row + 2, inner, columns, outStride, column);
    oneRow(out, a, b, d3, row + 3, inner, columns, outStride, column);
  }
}

/**
 * One row of outputs from `column` on.
 *
 * @param {Float32Array} out
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} start the row's bias.
 * @param {number} row
 * @param {number} inner
 * @param {number} columns
 * @param {number} outStride
 * @param {number} column
 */
function oneRow(out, a, b, start, row, inner, columns, outStride, column) {
  const a0 = row * inner;
  const o = row * outStride;
  for (; column + 3 < columns; column += 4) {
    let c0 = start,
      c1 = start,
      c2 = start,
      c3 = start;
    for (let k = 0, at = column; k < inner; k++, at += columns) {
      const x = a[a0 + k];
      c0 += x * b[at];
      c1 += x * b[at + 1];
      c2 += x * b[at + 2];
      c3 += x * b[at + 3];
    }
    out[o + column] = c0;
    out[o + column + 1] = c1;
    out[o + column + 2] = c2;
    out[o + column + 3] = c3;
  }
  for (; column < columns; column++) {
    let c = start;
    for (let k = 0, at = column; k < inner; k++, at += columns) c += a[a0 + k] * b[at];
    out[o + column] = c;
  }
}
