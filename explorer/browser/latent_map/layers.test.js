import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { markOf } from './layers.js';

const [C, S] = [Math.cos(0.5), Math.sin(0.5)];

test('a code goes to its place, and its spread to an ellipse with these half axes and this direction', () => {
  // Turned by 0.5 radians: the first standard deviation lies along (cos, sin), the second across.
  const drop = {
    origin: [1, 1],
    matrix: /** @type {[number, number][]} */ ([
      [C, S],
      [-S, C],
    ]),
  };
  const mark = markOf(drop, { code: [3, 1], std: [0.7, 0.2], label: 'mine' });
  assert(mark?.ellipse);
  assertClose(mark.x, 2 * C);
  assertClose(mark.y, 2 * S);
  mark.ellipse.forEach((value, i) => assertClose(value, [0.7, 0.2, 0.5][i]));
});

test('a code of another size has no place', () => {
  assert.equal(markOf({ origin: [0], matrix: [[1, 0]] }, { code: [1, 2], std: null, label: '' }), null);
});
