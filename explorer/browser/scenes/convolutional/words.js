// What is said in the scene.

import { frac, sub, sum, sup } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/** @type {Words} */
export const WORDS = {
  symbols: {
    value: { sign: () => 'h', says: 'the value that is pointed at, or kept' },
    field: {
      sign: () => sub('x', 'i'),
      says: 'the values under the kernel, and the part of the picture that they see',
    },
    kernel: { sign: () => sub('w', 'i'), says: 'the weights of the kernel: the same ones at every place of a map' },
    bias: { sign: () => 'b', says: 'one number for each map, added to the sum' },
    pool: { sign: () => 'max', says: 'max pooling: the largest of each window, and the place that it won' },
    back: { sign: () => 'U', says: 'a way back to the large map' },
    size: { sign: () => sup('n', '′'), says: 'values along a side of what comes out' },
  },
  formula: (s) => [
    s.value, '= s (', sum('i'), s.kernel, s.field, '+', s.bias, ')',
  ], // biome-ignore format: as it is read
  text: (s) => [
    [
      'A value ', s.value, ' is made of a small window of the maps before it: each number ', s.field, ' there times its ',
      'weight ', s.kernel, ', added up, with the bias ', s.bias, ', and bent by an activation s (blue: above zero). The ',
      'kernel is the same everywhere: a stroke is seen wherever it is, by far fewer weights than a dense layer has.',
    ],
    [
      'A kernel of side k on a side of n values, with p zeros before and behind, makes ', s.size, ' = ⌊ ',
      frac('n + 2 p − k', 'stride'), ' ⌋ + 1 of them.',
    ],
    [
      'Maps become smaller by a stride, or by pooling, ', s.pool, ', and grow again by one of the ways ', s.back,
      '. Unpooling needs the places that won; a model that decodes a code alone has none, ',
      'and uses fixed ones. A transposed convolution leaves a checkerboard where its kernel is no multiple of its ',
      'stride: neighbours lie under unequally many kernels.',
    ],
  ], // biome-ignore format: as it is read
  question: 'Move the picture: up to which row do the maps move along with it?',
};
