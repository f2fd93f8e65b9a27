import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { randomNumbers } from '../testing.js';
import { bytesOf, messagesIn, readMessages } from './carrier.js';

const LETTERS = Array.from({ length: 94 }, (_, i) => String.fromCharCode(i + 33)).filter((c) => !'<"\\'.includes(c));

/** The letters of bytes, by way of one large number. @param {Uint8Array} bytes */
function lettersOf(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,13}/g) ?? [];
  return groups
    .map((group) => Number.parseInt(group.padEnd(13, '0'), 2))
    .map((value) => LETTERS[Math.floor(value / 91)] + LETTERS[value % 91])
    .join('');
}

/** @param {object} index @param {number[]} body */
function contentOf(index, body) {
  const head = new TextEncoder().encode(JSON.stringify(index));
  return Uint8Array.from([head.length & 255, head.length >> 8, 0, 0, ...head, ...body]);
}

test('letters are read as the bytes that they stand for, whatever their number', () => {
  const random = randomNumbers(1);
  for (let n = 0; n < 40; n++) {
    const bytes = Uint8Array.from({ length: n }, () => 256 * random());
    assert.deepEqual(bytesOf(`x ${lettersOf(bytes)}`, 2, n), bytes);
  }
});

test('pieces that several messages share are put into each, with the bytes of each number together', () => {
  const index = {
    pieces: [
      [3, 1],
      [4, 2],
    ],
    messages: [[0, 1], [1]],
  };
  const messages = messagesIn(contentOf(index, [1, 2, 3, 10, 11, 20, 21]));
  assert.deepEqual(
    messages.map((message) => [...message]),
    [
      [1, 2, 3, 10, 20, 11, 21],
      [10, 20, 11, 21],
    ],
  );
});

test('a text in a page is unpacked', async () => {
  const packed = gzipSync(contentOf({ pieces: [[2, 1]], messages: [[0, 0]] }, [7, 8]));
  const [message] = await readMessages(`${packed.length} ${lettersOf(packed)}`);
  assert.deepEqual([...message], [7, 8, 7, 8]);
});
