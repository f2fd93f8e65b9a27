// What is said in the scene.

import { frac, hat, norm, sub, sup } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/**
 * @param {string} seen the classes that the model was trained on.
 * @returns {Words}
 */
export function wordsOf(seen) {
  return {
    symbols: {
      item: { sign: () => 'x', says: 'the item, as you have left it' },
      rebuilt: { sign: () => hat('x'), says: 'what the autoencoder makes of it' },
      error: {
        sign: () => 's',
        says: 'the error: the sum of all squared differences; the orange line',
      },
      normal: { sign: () => sub('s', 'i'), says: 'the errors of held-out items of kinds that it has seen: the bars' },
      p: { sign: () => 'p', says: 'the share of normal items that are at least as odd: the orange bars' },
    },
    formula: (s) => [
      s.error, '=', sup(norm(s.item, '−', s.rebuilt), '2'), ',', s.p, '=',
      frac(['1', '+', '#', '{', 'i', ':', s.normal, '≥', s.error, '}'], ['n', '+', '1']),
    ], // biome-ignore format: as it is read
    text: (s) => [
      [
        'This model was trained on the classes ', seen, ' alone. Its code has room for how these differ from one another, and ',
        'its decoder can draw nothing but what it has learnt to draw. A shape that it never saw has no code of its own: it gets ',
        'that of something known, so ', s.rebuilt, ' differs from ', s.item, ' and the error ', s.error, ' is large. ',
        'Colours show where: blue was not rebuilt, orange was put there.',
      ],
      [
        'How large is large? Errors ', s.normal, ' of held-out normal items say it. ',
        'A new normal item has ', s.p, ' of at most 0.05 in at most 5 of 100 cases, whatever the errors’ distribution (Bates et al. 2023).',
      ],
      [
        'The known weakness: an autoencoder can rebuild what it never saw where that is made of strokes it knows, or is simple.',
      ],
    ], // biome-ignore format: as it is read
    question: 'Which items of a kind that it has never seen does it find normal all the same?',
  };
}
