import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { scoreAxis, titleLines } from './axis.js';

test('a place on the axis is that of the score there', () => {
  for (const isLog of [false, true]) {
    const axis = scoreAxis([0.01, 50], isLog, 600);
    for (const score of [0.01, 0.5, 3, 50]) {
      assertClose(axis.at(axis.share(score)), score);
      assertClose(axis.placeOf(axis.toScreen(score)), axis.share(score));
    }
    assert.deepEqual([axis.share(-5), axis.share(1e9)], [0, 1]);
  }
});

test('a logarithmic axis is labelled at round numbers inside it', () => {
  const ticks = scoreAxis([0.02, 700], true, 900).ticks.map((tick) => tick.at);
  assert(ticks.every((at) => at >= 0.02 && at <= 700));
  for (const at of [0.1, 1, 10, 100]) assert(ticks.some((tick) => Math.abs(tick - at) < 1e-9 * at));
});

test('a note to a title stands below it where the line is too short for both', () => {
  const [title, note] = ['novelty score', ', last bar with the 1,204 beyond'];
  assert.deepEqual(titleLines(title, note, 600), [title + note]);
  assert.deepEqual(titleLines(title, note, 200), [title, 'last bar with the 1,204 beyond']);
  assert.deepEqual(titleLines(title, '', 10), [title]);
});
