import assert from 'node:assert/strict';
import test from 'node:test';
import { textsOf, titlesOf } from './texts.js';

/** @param {string[]} texts */
function packed(texts) {
  const parts = texts.map((text) => new TextEncoder().encode(text));
  const starts = new Uint32Array(texts.length + 1);
  parts.forEach((part, i) => {
    starts[i + 1] = starts[i] + part.length;
  });
  const section = { digest: '', shape: [0], toJSON: () => [] };
  const text = Uint8Array.from(parts.flatMap((part) => [...part]));
  return { text: { ...section, read: () => text }, starts: { ...section, read: () => starts } };
}

test('each text is the one of its item, whatever its letters take', () => {
  const texts = ['a.png', '', 'Grüße, 你好', 'row 1,234'];
  const textOf = textsOf(/** @type {any} */ (packed(texts)));
  assert.deepEqual(
    texts.map((_, i) => textOf(i)),
    texts,
  );
});

test('no item has no text', () => {
  assert.equal(textsOf(/** @type {any} */ (packed(['a'])))(-1), '');
});

test('items without names are called by their numbers', () => {
  const numbers = { read: () => Uint32Array.of(7, 12) };
  const titleOf = titlesOf(/** @type {any} */ ({ titles: null, numbers }));
  assert.equal(titleOf?.(1), 'row 12');
  assert.equal(titleOf?.(-1), '');
  assert.equal(titlesOf(/** @type {any} */ ({ titles: null, numbers: null })), null);
});
