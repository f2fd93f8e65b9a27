import assert from 'node:assert/strict';
import test from 'node:test';
import { sectionOf } from '../testing.js';
import { checkCode } from './typicality.js';

/** @import { Typicality } from '../messages.js' */

/** @param {Partial<Typicality>} change */
function realCodes(change = {}) {
  const [means, stds] = [Float32Array.of(0, 0, 5), Float32Array.of(1, 2, 1)];
  /** @type {Typicality} */
  const check = {
    verdicts: [
      { name: 'inside', words: 'inside', hint: '', limit: 1 },
      { name: 'edge', words: 'at the edge', hint: '', limit: 2 },
      { name: 'made_up', words: 'made up', hint: '', limit: null },
    ],
    reasons: { near_middle: 'near', far_out: 'far', alone: 'alone', changed: 'changed' },
    centre: 1,
    scales: [1, 1, 1],
    usual: 0.5,
    inactive: [2],
    means: sectionOf(means, [3]),
    stds: sectionOf(stds, [3]),
    encoder: null,
    at_rest: null,
    ...change,
  };
  return { check, codes: Float32Array.of(1, 0, 5, 0, 2, 5), means, stds };
}

test('a real code is inside, whatever stands in a dimension that does not count', () => {
  const checked = checkCode(realCodes(), [1, 0, -99], [1, 0, 7]);
  assert.deepEqual([checked.index, checked.distance, checked.verdict.name, checked.reason], [0, 0, 'inside', '']);
});

test('the largest figure gives the verdict and its reason', () => {
  // The norm of (3.5, 0) is 3.5 standard deviations, 2.5 from the usual one; the nearest code is as far.
  assert.equal(checkCode(realCodes(), [3.5, 0, 5], null).verdict.name, 'made_up');
  assert.equal(checkCode(realCodes({ scales: [1, 9, 1] }), [3.5, 0, 5], null).reason, 'far');
  assert.equal(checkCode(realCodes({ scales: [9, 1, 1] }), [3.5, 0, 5], null).reason, 'alone');
  const middle = checkCode(realCodes({ scales: [0.5, 9, 1] }), [0, 0, 5], null);
  assert.deepEqual([middle.verdict.name, middle.reason], ['edge', 'near']);
  const changed = checkCode(realCodes(), [1, 0, 5], [1, 1.5, 5]);
  assert.deepEqual([changed.verdict.name, changed.reason], ['edge', 'changed']);
});

test('a figure without a scale says nothing', () => {
  assert.equal(checkCode(realCodes({ scales: [null, null, 1] }), [3.5, 0, 5], null).verdict.name, 'inside');
});
