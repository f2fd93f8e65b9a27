import assert from 'node:assert/strict';
import test from 'node:test';
import { openMessage } from './envelope.js';

/**
 * An envelope as Python writes it, at an address that no number type may begin at.
 *
 * @param {object} json
 * @param {Uint8Array} body
 */
function seal(json, body) {
  const plain = new TextEncoder().encode(JSON.stringify(json));
  const text = new Uint8Array(Math.ceil((4 + plain.length) / 8) * 8 - 4).fill(32);
  text.set(plain);
  const whole = new Uint8Array(1 + 4 + text.length + body.length);
  new DataView(whole.buffer).setUint32(1, text.length, true);
  whole.set(text, 5);
  whole.set(body, 5 + text.length);
  return whole.subarray(1);
}

test('sections are read where the message names them, as the arrays that they are', () => {
  const body = new Uint8Array(24);
  body.set(new Uint8Array(new Float32Array([1.5, -2]).buffer), 0);
  body.set(new Uint8Array(new Uint16Array([7, 65535]).buffer), 8);
  body.set([9, 8, 7], 16);
  const message = openMessage(
    seal(
      {
        title: 'a map',
        points: { places: { $section: [0, 8, 'aa', 'Float32Array', [1, 2]] }, groups: null },
        list: [{ $section: [8, 4, 'bb', 'Uint16Array', [2]] }],
        png: { $section: [16, 3, 'cc', 'Uint8Array', [3]] },
      },
      body,
    ),
  );
  assert.equal(message.title, 'a map');
  assert.equal(message.points.groups, null);
  assert.deepEqual(message.points.places.read(), new Float32Array([1.5, -2]));
  assert.deepEqual(message.points.places.shape, [1, 2]);
  assert.deepEqual(message.list[0].read(), new Uint16Array([7, 65535]));
  assert.deepEqual(message.png.read(), new Uint8Array([9, 8, 7]));
  assert.equal(message.png.digest, 'cc');
});

test('equal messages have equal text, and a section with other bytes another one', () => {
  /** @param {string} digest */
  const text = (digest) =>
    JSON.stringify(openMessage(seal({ a: { $section: [0, 1, digest, 'Uint8Array', [1]] } }, new Uint8Array(8))));
  assert.equal(text('aa'), text('aa'));
  assert(text('aa') !== text('bb'));
});
