import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { toItem } from './user_image.js';

/** @import { Steps } from '../messages.js' */

/** @type {Steps} */
const PLAIN = { invert: false, crop: false, fit: 'pad', size: 1, centre: 'middle', content: 0.1 };

test('an empty surface is known as such', () => {
  const item = new Float32Array(4);
  assert.equal(toItem(new Uint8Array(16).fill(255), [4, 4], [1, 2, 2], { ...PLAIN, invert: true }, item), false);
  assert.deepEqual(item, new Float32Array(4));
});

test('what is on the surface keeps its place and, cropped, fills the frame', () => {
  const pixels = new Uint8Array(64);
  for (const i of [18, 19, 26, 27]) pixels[i] = 255; // rows 2 and 3, columns 2 and 3 of 8
  const whole = new Float32Array(64);
  assert.equal(toItem(pixels, [8, 8], [1, 8, 8], PLAIN, whole), true);
  assert.deepEqual(
    whole,
    Float32Array.from(pixels, (value) => value / 255),
  );
  const cropped = new Float32Array(4);
  toItem(pixels, [8, 8], [1, 2, 2], { ...PLAIN, crop: true }, cropped);
  for (const value of cropped) assertClose(value, 1);
});

test('the centre of mass goes to the middle pixel', () => {
  const pixels = new Uint8Array(81);
  pixels[1] = 255;
  const item = new Float32Array(81);
  toItem(pixels, [9, 9], [1, 9, 9], { ...PLAIN, centre: 'mass' }, item);
  assertClose(item[40], 1);
});
