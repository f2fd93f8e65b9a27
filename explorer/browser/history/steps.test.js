import assert from 'node:assert/strict';
import test from 'node:test';
import { isStep } from './steps.js';

const rules = { always: 'model', filled: ['model', 'data'], chosen: ['item'] };

/**
 * @param {boolean} asked
 * @param {string} before
 * @param {string} after
 */
const step = (asked, before, after) =>
  isStep(asked, new URL(before, 'http://localhost'), new URL(after, 'http://localhost'), rules);

test('another page is a step', () => {
  assert.equal(step(true, '/?model=a', '/train'), true);
  assert.equal(step(false, '/?model=a', '/train'), false);
});

test('what a page adds to a bare address is none', () => {
  assert.equal(step(true, '/train', '/train?model=a&data=b'), false);
  assert.equal(step(true, '/train?run=1', '/train?run=1&model=a'), false);
  assert.equal(step(true, '/train?model=a', '/train?model=a'), false);
});

test('another model is a step, and so is what Python writes beside what was added', () => {
  assert.equal(step(true, '/train?model=a', '/train?model=b'), true);
  assert.equal(step(true, '/generate', '/generate?model=a&z=1_2'), true);
  assert.equal(step(true, '/generate?model=a&z=1_2', '/generate?model=a'), true);
});

test('an address that loses what each has is that of a page being left', () => {
  assert.equal(step(true, '/map?model=a&item=2', '/map'), null);
  assert.equal(step(true, '/map?model=a&item=2', '/map?kept=x'), null);
  assert.equal(step(true, '/map?model=a&kept=x', '/map?model=a'), true);
  assert.equal(step(true, '/map?model=a&item=2', '/map?model=a'), null);
  assert.equal(
    step(true, '/map?model=a&item=2', '/map?model=a&data=b'),
    null,
    'what is added on leaving changes nothing',
  );
  assert.equal(step(true, '/map?model=a&item=2', '/map?model=b'), true);
  assert.equal(step(false, '/map?model=a&item=2', '/map?model=a'), true);
});

test('of what a visitor sets in controls only what is chosen is a step', () => {
  assert.equal(step(false, '/map?item=1', '/map?item=2'), true);
  assert.equal(step(false, '/map', '/map?item=2'), true);
  assert.equal(step(false, '/map?item=2&seed=1', '/map?item=2&seed=5'), false);
});
