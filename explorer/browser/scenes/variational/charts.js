// The plane of codes, the divergence of each number of the code as an area, and what each model pays, as bars.

import { threeDigits } from '../../shared/numbers.js';
import { logDensity, normalShare } from './gaussian.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { Posterior } from './gaussian.js' */
/** @import { Vae } from './vae.js' */

const CLOUDS = 60; // of other pictures, as ellipses
const FURTHEST = 3; // draws that the areas show, in standard deviations
const STEPS = 120;
export const LENS = 0.26; // its radius, as a share of the map's height
const LEAST_COLUMNS = 4; // so that a single bar is none too wide

/**
 * @typedef {object} Plane
 * @property {ArrayLike<number>} mu two of each picture.
 * @property {ArrayLike<number>} sigma
 * @property {ArrayLike<number>} labels
 * @property {number} unit length of 1 on the axes.
 * @property {string[]} names of the classes.
 * @property {Posterior} posterior of the picture that is shown.
 * @property {ArrayLike<number>} z
 * @property {[number, number][]} ghosts other codes.
 * @property {[number, number][]} walk ends of the way between two pictures; empty where none is walked.
 */

/**
 * @param {Pen} pen
 * @param {Plane} plane
 * @param {(...parts: string[]) => number} strength
 */
export function drawMap(pen, { mu, sigma, labels, names, unit: one, posterior, z, ghosts, walk }, strength) {
  const { brush, px, py } = pen;
  const unit = px(one) - px(0);
  pen.fade(strength('prior', 'kl'));
  [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [pen.colour('--tie'), pen.colour('--faint'), 1.5];
  for (const radius of [1, 2]) {
    pen.circle(px(0), py(0), radius * unit);
    brush.fill();
    brush.stroke();
  }
  const n = labels.length;
  /** @type {[number, number][]} */
  const middles = [];
  for (let c = 0; c < names.length; c++) {
    /** @type {[number[], number[]]} */
    const [xs, ys] = [[], []];
    pen.fade(0.55 * strength('mu', 'posterior', 'beta'));
    [brush.strokeStyle, brush.lineWidth] = [pen.colour(`--class-${c}`), 1];
    for (let i = 0; i < n; i++) {
      if (labels[i] !== c) continue;
      xs.push(mu[2 * i]);
      ys.push(mu[2 * i + 1]);
      if (i < CLOUDS) ellipse(pen, [mu[2 * i], mu[2 * i + 1]], [sigma[2 * i], sigma[2 * i + 1]], 2);
    }
    pen.fade(0.75 * strength('mu', 'beta'));
    pen.dots(xs, ys, 2.5, `--class-${c}`);
    if (xs.length) middles.push([median(xs), median(ys)]);
    else middles.push([NaN, NaN]);
  }
  pen.fade(strength('mu', 'beta'));
  middles.forEach(([x, y], c) => {
    label(pen, names[c], px(x), py(y), `--class-${c}`);
  });
  if (walk.length) {
    pen.fade(strength('z', 'mu'));
    pen.line(
      walk.map(([x]) => x),
      walk.map(([, y]) => y),
      2,
      '--text',
      [5, 4],
    );
  }
  pen.fade(strength('posterior', 'mu', 'sigma', 'kl'));
  [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [pen.colour('--data'), pen.colour('--data'), 2.5];
  for (const deviations of [1, 2]) ellipse(pen, posterior.mu, posterior.sigma, deviations);
  pen.fade(strength('epsilon', 'z'));
  ring(pen, ghosts, 4, '--text');
  pen.fade(strength('z', 'rebuilt', 'epsilon'));
  pen.dots([z[0]], [z[1]], 7, '--ground');
  pen.dots([z[0]], [z[1]], 5.5, '--accent');
  pen.fade(1);
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** @param {Pen} pen @param {string} words @param {number} x @param {number} y in pixels @param {string} name of the colour */
function label({ brush, colour }, words, x, y, name) {
  brush.font = `700 15px ${colour('--st-font') || 'sans-serif'}`;
  [brush.textAlign, brush.lineJoin, brush.lineWidth] = ['center', 'round', 4];
  [brush.strokeStyle, brush.fillStyle] = [colour('--ground'), colour(name)];
  brush.strokeText(words, x, y + 5);
  brush.fillText(words, x, y + 5);
}

/**
 * What is around the picture's cloud, enlarged: its ellipses at one and two standard deviations among those of others.
 *
 * @param {Pen} pen
 * @param {Plane} plane
 * @param {(...parts: string[]) => number} strength
 */
export function drawLens(pen, { mu, sigma, labels, posterior, z, ghosts }, strength) {
  const { brush, px, py, colour } = pen;
  const widest = Math.max(...posterior.sigma) * (px(1) - px(0));
  const radius = LENS * (py(-1) - py(1));
  const scale = radius / (3.2 * widest);
  if (scale < 2) return false;
  const [x, y] = [radius + 8, py(-1) - radius - 8];
  const [middleX, middleY] = [px(posterior.mu[0]), py(posterior.mu[1])];
  const across = (/** @type {number} */ v) => x + scale * (px(v) - middleX);
  const up = (/** @type {number} */ v) => y + scale * (py(v) - middleY);
  brush.save();
  pen.fade(1);
  [brush.strokeStyle, brush.lineWidth, brush.fillStyle] = [colour('--tie'), 1, colour('--ground')];
  brush.beginPath();
  brush.moveTo(middleX, middleY);
  brush.lineTo(x, y);
  brush.stroke();
  pen.circle(x, y, radius);
  brush.fill();
  brush.stroke();
  brush.clip();
  /** @param {number} a @param {number} b @param {number} wide @param {number} high @param {number} deviations */
  const cloud = (a, b, wide, high, deviations) => {
    const size = deviations * scale * (px(1) - px(0));
    brush.beginPath();
    brush.ellipse(across(a), up(b), wide * size, high * size, 0, 0, 2 * Math.PI);
    brush.stroke();
  };
  pen.fade(0.7 * strength('mu', 'posterior'));
  for (let i = 0; i < labels.length; i++) {
    [brush.strokeStyle, brush.lineWidth] = [colour(`--class-${labels[i]}`), 1];
    cloud(mu[2 * i], mu[2 * i + 1], sigma[2 * i], sigma[2 * i + 1], 2);
  }
  pen.fade(strength('posterior', 'mu', 'sigma', 'kl'));
  [brush.strokeStyle, brush.lineWidth] = [colour('--text'), 2];
  for (const deviations of [1, 2]) cloud(...posterior.mu, ...posterior.sigma, deviations);
  pen.fade(strength('epsilon', 'z'));
  [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [colour('--text'), colour('--accent'), 1.25];
  for (const [a, b] of ghosts) {
    pen.circle(across(a), up(b), 3);
    brush.stroke();
  }
  pen.circle(across(z[0]), up(z[1]), 5);
  brush.fill();
  brush.restore();
  return true;
}

/** @param {Pen} pen @param {number[]} middle @param {number[]} spread @param {number} deviations */
function ellipse({ brush, px, py }, [x, y], [across, up], deviations) {
  const unit = deviations * (px(1) - px(0));
  brush.beginPath();
  brush.ellipse(px(x), py(y), across * unit, up * unit, 0, 0, 2 * Math.PI);
  brush.stroke();
}

/** @param {Pen} pen @param {[number, number][]} places @param {number} radius @param {string} name of the colour */
function ring(pen, places, radius, name) {
  const { brush, px, py, colour } = pen;
  [brush.strokeStyle, brush.lineWidth] = [colour(name), 1.25];
  for (const [x, y] of places) {
    pen.circle(px(x), py(y), radius);
    brush.stroke();
  }
}

/**
 * The pad of epsilon: rings at one, two and three standard deviations of N(0, I).
 *
 * @param {Pen} pen
 * @param {ArrayLike<number>} epsilon
 * @param {[number, number][]} ghosts
 * @param {(...parts: string[]) => number} strength
 */
export function drawPad(pen, epsilon, ghosts, strength) {
  const { brush, px, py } = pen;
  pen.fade(strength('epsilon', 'prior'));
  [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [pen.colour('--tie'), pen.colour('--faint'), 1];
  for (const radius of [1, 2, 3]) {
    pen.circle(px(0), py(0), px(radius) - px(0));
    brush.fill();
    if (radius < 3) brush.stroke();
  }
  pen.fade(strength('epsilon'));
  ring(pen, ghosts, 3, '--text');
  pen.ties([0], [0], [epsilon[0]], [epsilon[1]], 1.5, '--accent');
  pen.dots([epsilon[0]], [epsilon[1]], 5, '--accent');
  pen.words('ε', 5, 14);
  pen.fade(1);
}

/**
 * Both log densities over draws of the posterior, each draw as wide as any other: the area between them is the KL.
 *
 * @param {Pen} pen x from 0 to 1: share of the draws below; y from 0 to 1.
 * @param {number} mu
 * @param {number} sigma
 * @param {number} epsilon
 * @param {string} title
 * @param {(...parts: string[]) => number} strength
 * @returns {(x: number, y: number) => string} the part at a place: above both, below both, or between them.
 */
export function drawDivergence(pen, mu, sigma, epsilon, title, strength) {
  const { brush, px, py } = pen;
  const draws = Array.from({ length: STEPS + 1 }, (_, i) => FURTHEST * ((2 * i) / STEPS - 1));
  const own = draws.map((e) => logDensity(mu + sigma * e, mu, sigma));
  const prior = draws.map((e) => logDensity(mu + sigma * e, 0, 1));
  const [low, high] = [Math.min(-4, ...prior), Math.max(1.5, ...own)];
  const height = (/** @type {number} */ value) => 0.06 + (0.68 * (value - low)) / (high - low);
  const across = draws.map(normalShare);
  pen.fade(0.35 * strength('kl'));
  brush.fillStyle = pen.colour('--other');
  brush.beginPath();
  for (let i = 0; i <= STEPS; i++) brush.lineTo(px(across[i]), py(height(own[i])));
  for (let i = STEPS; i >= 0; i--) brush.lineTo(px(across[i]), py(height(prior[i])));
  brush.fill();
  pen.fade(strength('posterior', 'kl'));
  pen.line(across, own.map(height), 2, '--data');
  pen.fade(strength('prior', 'kl'));
  pen.line(across, prior.map(height), 2, '--text', [5, 4]);
  pen.fade(strength('epsilon', 'z'));
  const at = normalShare(epsilon);
  const ends = [logDensity(mu + sigma * epsilon, mu, sigma), logDensity(mu + sigma * epsilon, 0, 1)].map(height);
  pen.ties([at], [ends[0]], [at], [ends[1]], 2.5, '--accent');
  pen.dots([at, at], ends, 4, '--accent');
  pen.fade(1);
  pen.words(title, 8, 18);
  const middle = STEPS / 2;
  pen.words('log q', 8 + px(0.28), py(height(own[middle])) - 5, '--data');
  pen.words('log p', 8 + px(0.28), py(height(prior[middle])) + 16, '--text');
  pen.fade(1);
  return (x, y) => {
    const i = across.findIndex((each) => each >= x);
    return y > height(own[i]) ? 'posterior' : y < height(prior[i]) ? 'prior' : 'kl';
  };
}

/**
 * The held-out means of some models, reconstruction below and KL above, each on a scale of its own.
 *
 * @param {Pen} pen x from 0 to 1, y from 0 to 1.
 * @param {Vae[]} models
 * @param {Vae} chosen
 * @param {(...parts: string[]) => number} strength
 */
export function drawBars(pen, models, chosen, strength) {
  const columns = Math.max(LEAST_COLUMNS, models.length);
  const most = { kl: 0, reconstruction: 0 };
  for (const { means } of models) {
    most.kl = Math.max(most.kl, means.kl);
    most.reconstruction = Math.max(most.reconstruction, means.reconstruction);
  }
  const { brush, px, py } = pen;
  const rows = /** @type {const} */ ([
    ['kl', 'kl', 0.56, 0.22, '--other', 'KL'],
    ['reconstruction', 'error', 0.13, 0.24, '--rebuilt', 'Reconstruction'],
  ]);
  const isOf = (/** @type {Vae} */ model) => (model === chosen ? 1 : 0.5);
  for (const [figure, part, ground, height, name, title] of rows) {
    models.forEach((model, i) => {
      const top = ground + (height * model.means[figure]) / most[figure];
      const [left, right] = [px(i / columns + 0.02), px((i + 1) / columns - 0.02)];
      pen.fade(strength(part, 'beta') * isOf(model));
      brush.fillStyle = pen.colour(name);
      brush.fillRect(left, py(top), right - left, py(ground) - py(top));
      pen.fade(strength(part, 'beta'));
      pen.middle(
        threeDigits(model.means[figure]),
        (left + right) / 2,
        py(top) - 3,
        '--text',
        model === chosen ? '700 11px' : '11px',
      );
    });
    pen.words(`${title}, nats`, 8, py(ground + height) - 18);
  }
  pen.fade(strength('beta'));
  models.forEach((model, i) => {
    pen.middle(
      i ? `β ${model.beta}` : 'yours',
      px((i + 0.5) / columns),
      py(0.04),
      '--text',
      model === chosen ? '700 11px' : '11px',
    );
  });
  pen.fade(1);
}
