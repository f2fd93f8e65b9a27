// What is said in the scene.

import { frac, hat, norm, sub, sum, sup } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/** @type {Words} */
export const WORDS = {
  symbols: {
    points: { sign: () => sub('x', 'i'), says: 'a point of the data: two numbers' },
    rebuilt: { sign: () => sub(hat('x'), 'i'), says: 'what comes back for it: a place on the green curve' },
    code: { sign: () => 'z', says: 'the code: what the encoder keeps of a point' },
    curve: { sign: () => 'g', says: 'the decoder: the curve that it draws as its code goes from end to end' },
    error: { sign: () => 'L', says: 'the loss: the mean squared length of the thin lines' },
    pca: { sign: () => 'PCA', says: 'the straight line that loses least, and what it loses' },
  },
  formula: (s) => [
    s.error, '=', frac('1', 'n'), sum('i'), sup(norm(s.points, '−', s.rebuilt), '2'), ',',
    s.rebuilt, '=', s.curve, '(', s.code, '),', s.code, '= f (', s.points, ')',
  ], // biome-ignore format: as it is read
  text: (s) => [
    [
      'The encoder f makes one number ', s.code, ' of each point, and the decoder ', s.curve, ' makes a point of that ',
      'number again. One number can only say how far along a curve one is, so all that comes back lies on one curve. ',
      'Training bends it to where the points are.',
    ],
    [
      'Without a bend between its layers an autoencoder can only draw a straight line. Choose Linear: the best one is ',
      'that of ', s.pca, ', and the angle between the two falls to 0.',
    ],
  ], // biome-ignore format: as it is read
  question:
    'A ring has no end and a line has two, so the curve tears it open somewhere: does it still with two numbers in the code?',
};
