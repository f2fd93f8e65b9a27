import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldText, numberIn, priceText, rateText, shareText } from './words.js';

test('shares keep two digits that count', () => {
  assert.deepEqual([0.052, 0.00034, 0.5, 0, NaN].map(shareText), ['5.2 %', '0.034 %', '50.0 %', '0.0 %', '–']);
  assert.equal(rateText({ value: 0.052, low: 0.041, high: 0.064 }), '5.2 % (4.1 to 6.4)');
});

test('what a field shows can be typed again', () => {
  for (const value of [0, 1, -2.5, 0.001234, 12340]) assert.equal(numberIn(fieldText(value)), value);
});

test('numbers are read as people write them', () => {
  assert.deepEqual(['1,000', '0,5', ' 2.5 % ', '−3', '1,234,567.8'].map(numberIn), [1000, 0.5, 2.5, -3, 1234567.8]);
  for (const text of ['', ' ', 'ten', '1.2.3']) assert(Number.isNaN(numberIn(text)));
});

test('prices have all their digits below a million', () => {
  assert.deepEqual([1234.5, 999999, 2.5e6].map(priceText), ['1,234.5', '999,999', '2.50e+6']);
});
