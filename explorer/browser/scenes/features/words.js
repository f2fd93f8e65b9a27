// What is said in the scene.

import { frac, hat, norm, sub, sum } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/** @type {Words} */
export const WORDS = {
  symbols: {
    points: { sign: () => sub('z', 'i'), says: 'the code of a picture whose label is asked for' },
    labelled: { sign: () => sub('z', 'j'), says: 'the code of a labelled picture' },
    given: { sign: () => sub(hat('y'), 'i'), says: 'the label that it is given: that of the nearest labelled code' },
    wrong: { sign: () => ['[', sub(hat('y'), 'i'), '≠', sub('y', 'i'), ']'], says: 'wrong: a ring' },
    code: { sign: () => sub('A', 'code'), says: 'accuracy on the code: the share that is right' },
    pca: { sign: () => sub('A', 'PCA'), says: 'accuracy on as many principal components' },
    pixels: { sign: () => sub('A', 'pixels'), says: 'accuracy on the pixels themselves' },
  },
  formula: (s) => [
    s.given, '=', sub('y', 'j'), ',', 'j =', sub('argmin', 'j'), norm(s.points, '−', s.labelled), '; ',
    s.code, '= 1 −', frac('1', 'n'), sum('i'), s.wrong,
  ], // biome-ignore format: as it is read
  text: (s) => [
    [
      'To rebuild pictures an autoencoder must keep what tells them apart, so those of one kind get codes close together, ',
      'and a label on one speaks for its neighbours: ', s.points, ' takes the label of the nearest ', s.labelled, '.',
    ],
    [
      'Compare ', s.code, ' with ', s.pca, ' (a linear code of the same size) and ', s.pixels, '. With few labels a good ',
      'code is ahead of the pixels; with many, what it threw away begins to count.',
    ],
  ], // biome-ignore format: as it is read
  question: 'Which classes are still taken for each other once many pictures are labelled?',
};
