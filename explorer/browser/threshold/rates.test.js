import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose, randomNumbers } from '../testing.js';
import {
  cheapestStep,
  countAbove,
  dayAt,
  promisedRate,
  rateOf,
  sweep,
  thresholdForAlarms,
  thresholdForRate,
} from './rates.js';

const RANDOM = randomNumbers(11);
/** @param {number} n */
const scoresOf = (n) => Float64Array.from({ length: n }, () => Math.round(20 * RANDOM()) / 4).sort();

test('counts above a threshold', () => {
  const sorted = Float64Array.of(1, 2, 2, 5);
  assert.deepEqual(
    [0, 1, 2, 4.9, 5].map((at) => countAbove(sorted, at)),
    [4, 3, 1, 1, 0],
  );
});

test('intervals with a closed form: none and all of n', () => {
  for (const n of [1, 7, 300, 100_000]) {
    assertClose(rateOf(0, n).high, 1 - 0.025 ** (1 / n), 1e-10);
    assertClose(rateOf(n, n).low, 0.025 ** (1 / n), 1e-10);
    assert.equal(rateOf(0, n).low, 0);
    assert.equal(rateOf(n, n).high, 1);
  }
});

test('an interval mirrors that of what is left', () => {
  for (const [count, n] of [
    [3, 20],
    [40, 50],
    [999, 1000],
  ]) {
    assertClose(rateOf(count, n).low, 1 - rateOf(n - count, n).high, 1e-9);
  }
});

test('a threshold keeps the rate that it was asked for, and the next lower score would not', () => {
  for (const [n, rate] of [
    [299, 0.01],
    [299, 0.5],
    [20, 0.05],
    [33, 0.2],
  ]) {
    const held = Float64Array.from({ length: n }, (_, i) => i);
    const at = thresholdForRate(held, rate);
    assert(promisedRate(held, at).value <= rate + 1e-12);
    assert(promisedRate(held, at - 1).value > rate);
  }
});

test('a sweep is every confusion that a threshold gives', () => {
  const [normal, novel] = [scoresOf(60), scoresOf(40)];
  const curve = sweep(normal, novel);
  curve.cuts.forEach((cut, i) => {
    assert.equal(curve.alarms[i], countAbove(normal, cut));
    assert.equal(curve.found[i], countAbove(novel, cut));
  });
  const different = new Set([...normal, ...novel]).size;
  assert.equal(curve.cuts.length, different + 1);
  // Between two scores, so that new scores near one of them fall as they should.
  for (const cut of curve.cuts.slice(1)) assert(!normal.includes(cut) && !novel.includes(cut));
});

test('no threshold costs less than the cheapest step', () => {
  const [normal, novel] = [scoresOf(50), scoresOf(30)];
  const best = cheapestStep(sweep(normal, novel), 7, 2);
  for (let at = -1; at < 7; at += 0.05) {
    const cost = 7 * (novel.length - countAbove(novel, at)) + 2 * countAbove(normal, at);
    assert(cost >= best.cost);
  }
});

test('a day adds up, and the threshold for its alarms is the lowest that keeps them', () => {
  const scores = { calibration: scoresOf(80), novel: scoresOf(25) };
  const day = { daily: 1000, share: 0.1 };
  const { alarms, falseAlarms, found, missed } = dayAt(scores, day, 2.5);
  assertClose(alarms, falseAlarms + found);
  assertClose(found + missed, 100);
  const at = thresholdForAlarms(scores, day, 200);
  assert(dayAt(scores, day, at).alarms <= 200);
  assert(dayAt(scores, day, at - 0.25).alarms > 200);
});
