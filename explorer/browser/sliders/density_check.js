// How likely a code is among those of real items, and which of them is nearest: computed while the code moves.

import { el } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { fitPicture } from '../shared/picture.js';

/** @import { DensityCheck } from '../messages.js' */

/**
 * The arrays of real items to compare a code with.
 *
 * @param {DensityCheck} message
 */
function readCheck(message) {
  const { mixture, neighbourhood } = message;
  return {
    message,
    codes: message.codes.read(),
    distances: neighbourhood?.distances.read() ?? null,
    verdicts: neighbourhood?.verdicts ?? [],
    rows: message.rows?.read() ?? null,
    mixture: mixture && {
      isFull: mixture.factors.shape.length === 3,
      constants: mixture.constants.read(),
      means: mixture.means.read(),
      factors: mixture.factors.read(),
      densities: mixture.densities.read(),
    },
  };
}

/** @typedef {ReturnType<typeof readCheck>} Check */

/** Position of the code nearest to `z` among `codes`, one after the other, and its Euclidean distance. */
function nearestCode(codes, z) {
  const size = z.length;
  let [index, best] = [-1, Infinity];
  for (let i = 0, at = 0; at < codes.length; i++, at += size) {
    let sum = 0;
    for (let d = 0; d < size && sum < best; d++) {
      const difference = codes[at + d] - z[d];
      sum += difference * difference;
    }
    if (sum < best) [index, best] = [i, sum];
  }
  return { index, distance: Math.sqrt(best) };
}

/** Log density of a Gaussian mixture at `z`, in nats; see `Mixture` in density_check.py. */
function mixtureLogDensity({ isFull, constants, means, factors }, z) {
  const size = z.length;
  const terms = Array.from(constants, (constant, k) => {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      let value = 0;
      if (isFull) {
        const row = (k * size + j) * size;
        for (let i = 0; i <= j; i++) value += (z[i] - means[k * size + i]) * factors[row + i];
      } else {
        value = (z[j] - means[k * size + j]) * factors[k * size + j];
      }
      sum += value * value;
    }
    return constant - sum / 2;
  });
  const largest = Math.max(...terms);
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}

/** Share of sorted values that are smaller than `value`. */
function shareBelow(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

/** One thumbnail at a time of a sprite sheet. */
function tileView(label) {
  const canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': label, hidden: true });
  let sheet = null;
  let sprite = null;
  let tile = -1;
  let room = 0;
  let loads = 0;

  function draw() {
    if (!sheet || tile < 0) return;
    const { columns, width, height } = sprite;
    canvas.width = width;
    canvas.height = height;
    const [left, top] = [(tile % columns) * width, Math.floor(tile / columns) * height];
    canvas.getContext('2d').drawImage(sheet, left, top, width, height, 0, 0, width, height);
  }

  function refit() {
    if (sprite && room) fitPicture(canvas, sprite.width, sprite.height, room);
  }

  async function load(png, newSprite) {
    const mine = ++loads;
    sheet?.close();
    [sheet, sprite] = [null, newSprite];
    canvas.hidden = !png;
    refit();
    if (!png) return;
    const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
    if (mine !== loads) {
      bitmap.close();
      return;
    }
    sheet = bitmap;
    draw();
  }

  return {
    canvas,
    load,
    show(newTile) {
      if (newTile === tile) return;
      tile = newTile;
      draw();
    },
    fit(newRoom) {
      room = newRoom;
      refit();
    },
    destroy() {
      loads++;
      sheet?.close();
    },
  };
}

/** The panel that says how real a code is: verdict, density, and the nearest real item. */
export function densityCheckView() {
  const verdict = el('div', { class: 'verdict' });
  const density = el('div', { class: 'caption' });
  const tile = tileView('Nearest real item');
  const caption = el('div', { class: 'caption' });
  const nearest = el('figure', { class: 'nearest' }, tile.canvas, caption);
  const element = el('div', { class: 'likeness', hidden: true }, el('div', {}, verdict, density), nearest);
  /** @type {Check | null} */
  let real = null;
  let sprites;

  return {
    element,

    /** @param {DensityCheck | null} message */
    update(message) {
      element.hidden = !message;
      real = message && readCheck(message);
      const sheet = message?.sprites ?? null;
      if (sheet?.png.digest === sprites) return;
      sprites = sheet?.png.digest;
      tile.load(sheet?.png.read() ?? null, sheet);
    },

    /** Compare a code; returns the nearest real row, for models of table rows. */
    show(z) {
      if (!real) return null;
      density.textContent = real.mixture ? densityWords(real.mixture, real.message.code_words, z) : '';
      density.title = `By the density of Gaussians fitted to these codes (${real.message.source}).`;
      nearest.hidden = verdict.hidden = !real.distances;
      if (!real.distances) return null;
      const { index, distance } = nearestCode(real.codes, z);
      const { name, words, hint } = real.verdicts.find(({ limit }) => limit === null || distance <= limit);
      verdict.className = `verdict ${name}`;
      verdict.textContent = words[0].toUpperCase() + words.slice(1);
      verdict.title = hint;
      tile.show(index);
      const usual = threeDigits(real.distances[real.distances.length >> 1]);
      caption.textContent = `Nearest real ${real.message.item_word}: ${real.message.names[index]}. Distance ${threeDigits(distance)}; between real ones ${usual} is usual.`;
      caption.title = `In units of the code; the usual distance is the median over real items (${real.message.source}).`;
      if (!real.rows) return null;
      const columns = real.rows.length / real.message.names.length;
      return real.rows.subarray(index * columns, (index + 1) * columns);
    },

    fit: tile.fit,
    destroy: tile.destroy,
  };
}

function densityWords(mixture, codes, z) {
  const share = shareBelow(mixture.densities, mixtureLogDensity(mixture, z));
  if (share === 0) return `Less likely than each of the ${mixture.densities.length.toLocaleString('en-US')} ${codes}`;
  return `More likely than ${percent(share, share < 0.01 ? 1 : 0)} of the ${codes}`;
}
