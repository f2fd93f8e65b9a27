// What is said in the scene.

import { hat, norm, sub, sup } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/** @type {Words} */
export const WORDS = {
  symbols: {
    x: { sign: () => 'x', says: 'the picture' },
    z: { sign: () => 'z', says: 'its code: all the numbers that there are' },
    k: { sign: () => 'k', says: 'how many of them the decoder sees; the others are set to 0' },
    rebuilt: { sign: () => sub(hat('x'), 'k'), says: 'what the decoder makes of the first k' },
    pca: { sign: () => 'PCA', says: 'what k components of PCA bring back' },
    error: { sign: () => 'L', says: 'squared error, mean over held-out pictures' },
  },
  formula: (s) => [
    s.rebuilt, '= g (', sub('z', '1'), ', …,', sub('z', s.k), ', 0, …, 0),', s.z, '= f (', s.x, '),',
    s.error, '=', sup(norm(s.x, '−', s.rebuilt), '2'),
  ], // biome-ignore format: as it is read
  text: (s) => [
    [
      'One model serves every width. In each step of its training all numbers of ', s.z, ' behind a place drawn by chance ',
      'were set to 0 (nested dropout; Rippel, Gelbart and Adams 2014). So the first number has to hold what matters most, ',
      'the next what matters most after it: the code has an order, as the components of ', s.pca, ' have.',
    ],
  ], // biome-ignore format: as it is read
  question: 'Which of these come back as another digit once only two numbers are kept?',
};
