import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { counted, percent, threeDigits, ticksBetween } from './numbers.js';

test('thousands stand apart, in every language of the browser', () => {
  assert.equal(counted(1234567), '1,234,567');
});

test('three digits, whatever the size', () => {
  const expected = new Map([
    [0, '0'],
    [-0, '0'],
    [1e-13, '0'],
    [0.5, '0.500'],
    [-1.2345, '−1.23'],
    [99.95, '100'],
    [12345.6, '12,346'],
    [2e6, '2.00e+6'],
    [-2e-5, '−2.00e−5'],
    [NaN, '–'],
    [Infinity, '–'],
  ]);
  for (const [value, text] of expected) assert.equal(threeDigits(value), text);
});

test('a share as a percentage', () => {
  assert.equal(percent(0.125), '13 %');
  assert.equal(percent(0.125, 1), '12.5 %');
});

test('ticks lie inside the axis, on round numbers, evenly', () => {
  for (const [low, high, wanted] of [
    [0, 1, 4],
    [-3.7, 12.2, 5],
    [1e-4, 3e-4, 3],
    [-1000, -10, 6],
  ]) {
    const ticks = ticksBetween(low, high, wanted);
    assert(ticks.length >= 1 && ticks.length <= 2 * wanted + 1);
    assert(ticks[0].at >= low - 1e-12 && ticks[ticks.length - 1].at <= high + 1e-12);
    const step = ticks[1].at - ticks[0].at;
    const digit = Number(step.toExponential()[0]);
    assert([1, 2, 5].includes(Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9))), `a step of ${digit}`);
    ticks.forEach((tick, i) => {
      assertClose(tick.at, ticks[0].at + i * step);
      assertClose(Number(tick.text.replace('−', '-')), tick.at);
    });
  }
});
