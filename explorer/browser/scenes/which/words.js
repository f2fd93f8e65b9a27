// What is said in the scene.

import { hat, norm, sup } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/**
 * @param {string} split of the items, with their number.
 * @param {string} noise in words.
 * @returns {Words}
 */
export function wordsOf(split, noise) {
  return {
    symbols: {
      item: { sign: () => 'x', says: 'the item that all of them get' },
      rebuilt: { sign: () => hat('x'), says: 'what each makes of it' },
      code: { sign: () => 'z', says: 'the code: so many numbers are kept of an item' },
      error: { sign: () => 'L', says: `squared error an item, the mean of held-out ones (${split})` },
      sample: {
        sign: () => ['N', '(', '0', ',', 'I', ')'],
        says: 'where a random code is drawn from: only a variational one was taught to expect it',
      },
    },
    formula: (s) => [
      s.item, '→', s.code, '→', s.rebuilt, ',', s.error, '=', sup(norm(s.item, '−', s.rebuilt), '2'), ',', s.code, '∼', s.sample,
    ], // biome-ignore format: as it is read
    text: (s) => [
      [
        'All of them squeeze ', s.item, ' into a code ', s.code, ' and rebuild it. A small error ', s.error, ' alone is no reason ',
        'to choose one: a larger code has a smaller one, and one that is pressed to ', s.sample, ' pays for it with error.',
      ],
      [
        'Denoising is a way of training, not a shape: any of the others can be trained so. A narrow code takes away some ',
        `noise by itself. Here noisy ones have ${noise}; all errors compare with the clean ones.`,
      ],
    ], // biome-ignore format: as it is read
    question: 'Which of them still draws a digit when all of them get a random code?',
  };
}
