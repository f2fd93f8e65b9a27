// The way of a picture through a variational autoencoder: out to the right at the top, back at the bottom. Each box holds its numbers.

import { counted } from '../../shared/numbers.js';
import { putPicture } from '../../stage/pictures.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { Posterior } from './gaussian.js' */

export const [WIDTH, HEIGHT] = [352, 264];
const PICTURE = 94;
const [BOX, BOX_END, HALF] = [138, 230, 16]; // ends of the boxes, and half their height
const JOINT = 245; // where sigma meets epsilon, and mu their product
const LINES = { sigma: 44, x: 68, mu: 122, z: 206 };
const [WIDE, NARROW, NEAR, FAR] = [36, 17, 102, 124]; // halves of encoder and decoder, and their ends

/**
 * @typedef {object} Passage
 * @property {HTMLCanvasElement} x
 * @property {HTMLCanvasElement} rebuilt
 * @property {Posterior} posterior
 * @property {ArrayLike<number>} epsilon
 * @property {ArrayLike<number>} z
 * @property {number} size numbers of the picture.
 * @property {boolean} isPrior without a picture: the code is drawn from the prior.
 */

/** @param {ArrayLike<number>} values */
export function pair(values) {
  return `${shortNumber(values[0])}, ${shortNumber(values[1])}`;
}

/** @param {number} value */
function shortNumber(value) {
  const text = Math.abs(value) < 0.0995 && value !== 0 ? value.toPrecision(1) : value.toFixed(2);
  return (Math.abs(value) < 0.001 ? '0.00' : text).replace('-', '−');
}

/**
 * Which part is at a place of the diagram; empty for none.
 *
 * @param {number} x
 * @param {number} y
 */
export function partAt(x, y) {
  if (x > JOINT - 10) return y > LINES.mu - 34 ? 'epsilon' : '';
  if (x < FAR) return y < 140 ? 'x' : 'rebuilt';
  if (x < BOX) return '';
  if (y < LINES.x) return 'sigma';
  return y < 160 ? 'mu' : 'z';
}

/**
 * @param {Pen} pen
 * @param {Passage} passage
 * @param {(...parts: string[]) => number} strength
 */
export function drawDiagram(pen, { x, rebuilt, posterior, epsilon, z, size, isPrior }, strength) {
  const { brush, px, py } = pen;
  const k = px(1) - px(0);
  const text = pen.colour('--text');
  const font = pen.colour('--st-font') || 'sans-serif';
  const small = Math.max(11, 11.5 * k);
  const unused = isPrior ? 0.25 : 1;
  brush.textBaseline = 'alphabetic';

  /** @param {string} words @param {number} at @param {number} y @param {CanvasTextAlign} [align] @param {string} [weight] */
  const write = (words, at, y, align = 'left', weight = '') => {
    [brush.font, brush.textAlign, brush.fillStyle] = [`${weight} ${small}px ${font}`, align, text];
    brush.fillText(words, px(at), py(y));
  };
  /** @param {[number, number][]} places @param {boolean} [hasHead] */
  const path = (places, hasHead = true) => {
    [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [text, text, 1.25];
    brush.beginPath();
    for (const [at, y] of places) brush.lineTo(px(at), py(y));
    brush.stroke();
    if (!hasHead) return;
    const [[fromX, fromY], [toX, toY]] = places.slice(-2).map(([at, y]) => [px(at), py(y)]);
    const angle = Math.atan2(toY - fromY, toX - fromX);
    brush.beginPath();
    brush.moveTo(toX, toY);
    for (const turn of [2.7, -2.7]) brush.lineTo(toX + 7 * Math.cos(angle + turn), toY + 7 * Math.sin(angle + turn));
    brush.fill();
  };
  /** @param {string} sign @param {ArrayLike<number>} values @param {number} y @param {string} name of its colour */
  const box = (sign, values, y, name) => {
    [brush.strokeStyle, brush.lineWidth] = [pen.colour(name), 1.5];
    brush.beginPath();
    brush.roundRect(px(BOX), py(y - HALF), px(BOX_END) - px(BOX), py(y + HALF) - py(y - HALF), 6);
    brush.stroke();
    write(sign, BOX + 6, y + 4, 'left', '600');
    write(pair(values), BOX_END - 6, y + 4, 'right');
  };
  /** @param {number} y @param {number} left half of its height there @param {number} right */
  const funnel = (y, left, right) => {
    brush.fillStyle = pen.colour('--faint');
    brush.beginPath();
    for (const [at, half] of [[NEAR, left], [FAR, right], [FAR, -right], [NEAR, -left]]) brush.lineTo(px(at), py(y + half)); // biome-ignore format: one line
    brush.closePath();
    brush.fill();
  };
  /** @param {string} sign @param {number} y */
  const joint = (sign, y) => {
    [brush.strokeStyle, brush.lineWidth] = [text, 1.25];
    pen.circle(px(JOINT), py(y), 8 * k);
    brush.stroke();
    write(sign, JOINT, y + 4, 'center', '600');
  };

  pen.fade(unused * strength('x', 'error'));
  const { left } = putPicture(pen, x, px(PICTURE / 2), py(LINES.x), PICTURE * k);
  write('x', left / k, LINES.x - 49, 'left', '600');
  write(`${counted(size)} numbers`, left / k, LINES.x + 60);
  path([[PICTURE, LINES.x], [NEAR, LINES.x]]); // biome-ignore format: one line

  pen.fade(unused * strength('mu', 'sigma', 'posterior'));
  funnel(LINES.x, WIDE, NARROW);
  write('encoder', (NEAR + FAR) / 2, LINES.x - 44, 'center');
  pen.fade(unused * strength('sigma', 'posterior', 'kl'));
  path([[FAR, LINES.x - 6], [BOX, LINES.sigma + 8]]); // biome-ignore format: one line
  pen.fade(unused * strength('mu', 'posterior', 'kl'));
  path([[FAR, LINES.x + 6], [BOX, LINES.mu - 8]]); // biome-ignore format: one line

  pen.fade(strength('sigma', 'posterior', 'kl', ...(isPrior ? ['prior'] : [])));
  box('σ', posterior.sigma, LINES.sigma, '--data');
  pen.fade(strength('mu', 'posterior', 'kl', ...(isPrior ? ['prior'] : [])));
  box('μ', posterior.mu, LINES.mu, '--data');
  path([[BOX_END, LINES.mu], [JOINT - 9, LINES.mu]]); // biome-ignore format: one line

  pen.fade(strength('epsilon'));
  path([[BOX_END, LINES.sigma], [JOINT - 9, LINES.sigma]]); // biome-ignore format: one line
  path([[260, LINES.sigma], [JOINT + 9, LINES.sigma]]); // biome-ignore format: one line
  joint('×', LINES.sigma);
  path([[JOINT, LINES.sigma + 9], [JOINT, LINES.mu - 9]]); // biome-ignore format: one line
  write('σ · ε', 260, LINES.mu - 8, 'left', '600');
  write(pair([0, 1].map((d) => posterior.sigma[d] * epsilon[d])), 260, LINES.mu + 8);

  pen.fade(strength('z', 'mu', 'epsilon'));
  joint('+', LINES.mu);
  path([[JOINT, LINES.mu + 9], [JOINT, LINES.z], [BOX_END, LINES.z]]); // biome-ignore format: one line
  pen.fade(strength('z'));
  box('z', z, LINES.z, '--accent');
  pen.fade(strength('z', 'rebuilt'));
  path([[BOX, LINES.z], [FAR, LINES.z]]); // biome-ignore format: one line
  funnel(LINES.z, WIDE, NARROW);
  write('decoder', (NEAR + FAR) / 2, LINES.z + 50, 'center');

  pen.fade(strength('rebuilt', 'error'));
  path([[NEAR, LINES.z], [PICTURE, LINES.z]]); // biome-ignore format: one line
  putPicture(pen, rebuilt, px(PICTURE / 2), py(LINES.z), PICTURE * k);
  write('x̂', left / k, LINES.z - 50, 'left', '600');
  write(`${counted(size)} numbers`, left / k, LINES.z + 57);
  pen.fade(1);
}
