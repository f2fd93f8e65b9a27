// What is said in the scene.

import { frac, hat, norm, sub, sum, sup, tilde } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/**
 * @param {string} trained what the model saw in training, such as "Gaussian noise, 0.4".
 * @returns {Words}
 */
export function wordsOf(trained) {
  return {
    symbols: {
      clean: {
        sign: () => sub('x', 'i'),
        says: 'a clean item, which the encoder never sees',
      },
      noisy: { sign: () => sub(tilde('x'), 'i'), says: 'the damaged item: all that the encoder sees' },
      rebuilt: { sign: () => sub(hat('x'), 'i'), says: 'what r makes of the damaged item' },
      error: { sign: () => 'L', says: 'the loss: squared distance from the clean item' },
      arrows: {
        sign: () => ['r', '(', tilde('x'), ')', '−', tilde('x')],
        says: 'a green arrow: from a place to where it is put',
      },
      sigma: { sign: () => sup('σ', '2'), says: 'the noise’s variance: how far the orange points are spread' },
      density: {
        sign: () => ['∇', 'log', 'p', '(', tilde('x'), ')'],
        says: 'where noisy points grow denser fastest: the orange arrows, σ² times as long',
      },
    },
    formula: (s) => [
      s.error, '=', frac('1', 'n'), sum('i'), sup(norm(s.rebuilt, '−', s.clean), '2'), ',', s.rebuilt, '= r (', s.noisy, ') ,',
      s.arrows, '≈', s.sigma, s.density,
    ], // biome-ignore format: as it is read
    text: (s) => [
      [
        'The encoder sees a damaged item ', s.noisy, ', and the loss ', s.error, ' compares with the clean one ', s.clean,
        '. Copying no longer helps: the model has to learn what items look like, and pulls what it sees towards them. ',
        'Speckle and Poisson noise leave black as it is: rub where there is ink.',
      ],
      [
        'Points in the plane show where it pulls: a small network is trained for all noise levels. Its arrows ', s.arrows,
        ' become the best ones, which can be computed here: they point to where noisy points are denser, the way of ',
        s.density, ' (Alain and Bengio 2014). Point at a place: the line follows it as it is denoised again and again.',
      ],
    ], // biome-ignore format: as it is read
    question: `It was trained with one corruption, ${trained}: which other damage does it undo?`,
  };
}
