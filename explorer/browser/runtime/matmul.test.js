import test from 'node:test';
import { assertClose, randomNumbers } from '../testing.js';
import { matrixTimesMatrix, matrixTimesVector } from './matmul.js';

test('products of every remainder by the tiles are the sums of their definition', () => {
  const random = randomNumbers(3);
  /** @param {number} n */
  const array = (n) => Float32Array.from({ length: n }, () => random() - 0.5);
  for (const rows of [1, 3, 4, 5, 9]) {
    for (const inner of [1, 4, 7]) {
      for (const columns of [1, 2, 4, 6]) {
        const [a, b, bias] = [array(rows * inner), array(inner * columns), array(rows)];
        const stride = columns + 2;
        const out = new Float32Array(rows * stride);
        if (columns === 1) matrixTimesVector(out, a, b, bias, rows, inner, stride);
        else matrixTimesMatrix(out, a, b, bias, rows, inner, columns, stride);
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++) {
            let sum = bias[r];
            for (let k = 0; k < inner; k++) sum += a[r * inner + k] * b[k * columns + c];
            assertClose(out[r * stride + c], sum, 1e-5);
          }
          assertClose(out[r * stride + columns], 0); // the gap between rows
        }
      }
    }
  }
});
