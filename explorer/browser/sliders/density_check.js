// Whether a code is typical of real ones, how likely it is, and which real item is nearest: computed while it moves.

import { Network } from '../runtime/network.js';
import { el } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { fitPicture } from '../shared/picture.js';

/**
 * Real items to compare a code with, from an envelope that density_check.py filled.
 *
 * @param {Envelope} envelope with `header.density`.
 */
function readDensityPanel(envelope) {
  const { density } = envelope.header;
  const floats = (name) => new Float32Array(envelope.section(name).buffer);
  return {
    ...density,
    codes: floats('real_codes'),
    check: density.check && { ...density.check, means: floats('check_means'), stds: floats('check_stds') },
    rows: envelope.has('real_rows') ? floats('real_rows') : null,
    mixture: density.mixture && {
      full: density.mixture.full,
      constants: new Float64Array(envelope.section('mixture_constants').buffer),
      means: floats('mixture_means'),
      factors: floats('mixture_factors'),
      densities: floats('mixture_densities'),
    },
  };
}

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

/** A code with every dimension that does not count at its mean. */
function placed({ inactive, means }, z) {
  const place = Float64Array.from(z);
  for (const d of inactive) place[d] = means[d];
  return place;
}

function euclidean(a, b) {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return Math.sqrt(sum);
}

/**
 * The density check of explorer/latent/density_check.py on one code; a test compares the two.
 *
 * @param {object} check from the envelope.
 * @param {Float32Array} codes of real items, one after the other.
 * @param {ArrayLike<number>} z
 * @param {ArrayLike<number> | null} again the code of what z decodes to; null where that is not known.
 * @returns {{index: number, distance: number, verdict: object, reason: string}} the nearest real code with its distance,
 *   one of `check.verdicts`, and why it is not the first; empty if it is.
 */
export function checkCode(check, codes, z, again) {
  const place = placed(check, z);
  const { index, distance } = nearestCode(codes, place);
  const norm = Math.sqrt(place.reduce((sum, value, d) => sum + ((value - check.means[d]) / check.stds[d]) ** 2, 0));
  const raw = [Math.abs(norm - check.centre), distance, again ? euclidean(placed(check, again), place) : 0];
  const figures = raw.map((value, i) => (check.scales[i] === null ? 0 : value / check.scales[i]));
  const largest = Math.max(...figures);
  const verdict = check.verdicts.find(({ limit }) => limit === null || largest <= limit);
  const reasons = [norm < check.centre ? 'near_middle' : 'far_out', 'alone', 'changed'];
  const reason = verdict === check.verdicts[0] ? '' : check.reasons[reasons[figures.indexOf(largest)]];
  return { index, distance, verdict, reason };
}

/** Log density of a Gaussian mixture at `z`, in nats; see `_mixture` in density_check.py. */
function mixtureLogDensity({ full, constants, means, factors }, z) {
  const size = z.length;
  const terms = Array.from(constants, (constant, k) => {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      let value = 0;
      if (full) {
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

/** The panel that says how real a code is: verdict with its reason, density, and the nearest real item. */
export function densityView() {
  const verdict = el('div', { class: 'verdict' });
  const reason = el('div', { class: 'caption' });
  const density = el('div', { class: 'caption' });
  const tile = tileView('Nearest real item');
  const caption = el('div', { class: 'caption' });
  const nearest = el('figure', { class: 'nearest' }, tile.canvas, caption);
  const element = el('div', { class: 'density-check', hidden: true }, el('div', {}, verdict, reason, density), nearest);
  let real = null;
  let sprites;
  let encoder = null;
  let encoderName;
  let z = new Float32Array(0);
  let last = null; // {code, again} of the item decoded last

  const isOfCode = (each) =>
    each && z.length === each.code.length && z.every((value, d) => value === Math.fround(each.code[d]));

  /** The code of what `z` decodes to; null where that is not known. */
  function again() {
    return [last, real.check.at_rest].find(isOfCode)?.again ?? null;
  }

  function updateVerdict() {
    const result = checkCode(real.check, real.codes, z, again());
    verdict.className = `verdict ${result.verdict.name}`;
    verdict.textContent = result.verdict.words[0].toUpperCase() + result.verdict.words.slice(1);
    verdict.title = result.verdict.hint;
    reason.textContent = result.reason;
    reason.hidden = !result.reason;
    return result;
  }

  return {
    element,

    update(envelope) {
      element.hidden = !envelope.header.density;
      real = envelope.header.density ? readDensityPanel(envelope) : null;
      if (envelope.digest('encoder') !== encoderName) {
        encoderName = envelope.digest('encoder');
        encoder = encoderName ? new Network(envelope.section('encoder')) : null;
        last = null;
      }
      if (envelope.digest('real_sprites') === sprites) return;
      sprites = envelope.digest('real_sprites');
      tile.load(sprites ? envelope.section('real_sprites') : null, real?.sprites);
    },

    /** Take what a code was decoded to, and encode it again; the values are lent. */
    decoded(values, code) {
      if (!encoder) return;
      // Of a variational model the log variance follows the code.
      last = { code: Float32Array.from(code), again: encoder.run(values).slice(0, code.length) };
      if (isOfCode(last)) updateVerdict(); // an answer of the server, which comes after the code was shown
    },

    /** Compare a code; returns the nearest real row, for models of table rows. */
    show(newCode) {
      if (!real) return null;
      z = Float32Array.from(newCode);
      density.textContent = real.mixture ? densityWords(real, z) : '';
      density.title = `By the density of Gaussians fitted to these codes (${real.source}); each was measured by one that had not seen it.`;
      nearest.hidden = verdict.hidden = !real.check;
      if (!real.check) {
        reason.hidden = true;
        return null;
      }
      const { index, distance } = updateVerdict();
      tile.show(index);
      caption.textContent = `Nearest real ${real.item_word}: ${real.names[index]}. Distance ${threeDigits(distance)}; between real ones ${threeDigits(real.check.usual)} is usual.`;
      caption.title = `In units of the code; the usual distance is the median over real items (${real.source}).`;
      if (!real.rows) return null;
      const columns = real.rows.length / real.names.length;
      return real.rows.subarray(index * columns, (index + 1) * columns);
    },

    fit: tile.fit,
    destroy: tile.destroy,
  };
}

function densityWords({ mixture, code_words: codes }, z) {
  const share = shareBelow(mixture.densities, mixtureLogDensity(mixture, z));
  if (share === 0) return `Less likely than each of the ${mixture.densities.length.toLocaleString('en-US')} ${codes}`;
  return `More likely than ${percent(share, share < 0.01 ? 1 : 0)} of the ${codes}`;
}
