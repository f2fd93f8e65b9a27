import assert from 'node:assert/strict';
import test from 'node:test';
import { cosine, denseLayers, draws, looksFor, nameOf, strongest } from './stack.js';

// 3 -> 2 -> 1 -> 2 -> 3, with matrices whose products are worked out by hand.
const matrices = [
  [3, 2, [1, 2, 3, 4, 5, 6]],
  [2, 1, [10, -1]],
  [1, 2, [2, 3]],
  [2, 3, [1, 0, 0, 1, 1, 1]],
];
/** @type {any[]} */
const packed = /** @type {any[]} */ (matrices).flatMap(([inputs, units, weight]) => [
  { op: 'linear', in: [inputs], out: [units], weights: { weight: Float32Array.from(weight) } },
  { op: 'activation' },
]);
const layers = denseLayers(packed);

test('a layer’s values are those behind its activation', () => {
  assert.deepEqual(
    layers.map(({ last }) => last),
    [1, 3, 5, 7],
  );
});

test('a unit looks for its weights, and one further in for their product', () => {
  assert.deepEqual(Array.from(looksFor(layers, 1, 1)), [4, 5, 6]);
  assert.deepEqual(Array.from(looksFor(layers, 2, 0)), [10 - 4, 20 - 5, 30 - 6]);
});

test('a unit draws its column, and one further in the product of the matrices behind it', () => {
  assert.deepEqual(Array.from(draws(layers, 3, 1)), [0, 1, 1]);
  assert.deepEqual(Array.from(draws(layers, 2, 0)), [2, 3, 5]);
});

test('a layer and its transpose are alike, and its negative is the opposite', () => {
  const transposed = { inputs: 2, units: 3, weight: Float32Array.from([1, 4, 2, 5, 3, 6]), last: 0 };
  assert.equal(cosine(layers[0], transposed).toFixed(9), '1.000000000');
  const negative = { ...transposed, weight: transposed.weight.map((w) => -w) };
  assert.equal(cosine(layers[0], negative).toFixed(9), '-1.000000000');
});

test('the strongest products come first, whatever their sign', () => {
  const units = strongest(layers[0], 0, Float32Array.from([5, -4, 1]), 2);
  assert.deepEqual(units, [
    { input: 1, product: -8 },
    { input: 0, product: 5 },
  ]);
});

test('matrices are counted from the outside in, and back; tied ones are the encoder’s, turned', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => nameOf(i, 4, false)),
    ['W_e1', 'W_e2', 'W_d1', 'W_d2'],
  );
  assert.deepEqual(
    [2, 3].map((i) => nameOf(i, 4, true)),
    ['W_e2ᵀ', 'W_e1ᵀ'],
  );
});
