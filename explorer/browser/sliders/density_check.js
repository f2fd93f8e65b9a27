// Says, while a code moves, how likely it is among those of real items, and which of them is nearest.

import { el } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { createThumbnail } from '../shared/thumbnail.js';
import { logDensityOf, nearestCode, shareBelow } from './densities.js';

/** @import { DensityCheck } from '../messages.js' */

/** @typedef {ReturnType<typeof read>} Real items to compare with. */

export function createDensityCheck() {
  const verdict = el('div', { class: 'verdict' });
  const density = el('div', { class: 'caption' });
  const thumbnail = createThumbnail('Nearest real item');
  const caption = el('div', { class: 'caption' });
  const nearest = el('figure', { class: 'nearest' }, thumbnail.canvas, caption);
  const element = el('div', { class: 'density-check', hidden: true }, el('div', {}, verdict, density), nearest);
  /** @type {Real | null} */
  let real = null;
  let settings = '';

  return {
    element,

    /** @param {DensityCheck | null} check */
    update(check) {
      const newSettings = JSON.stringify(check);
      if (newSettings === settings) return;
      settings = newSettings;
      element.hidden = !check;
      real = check && read(check);
      thumbnail.update(check?.sprites ?? null);
    },

    /**
     * Compare a code.
     *
     * @param {Float32Array} z
     * @returns {Float32Array | null} the nearest real row, for models of table rows.
     */
    show(z) {
      if (!real) return null;
      const { check, codes, distances, rows, columns } = real;
      density.textContent = real.densityWords(z);
      density.title = `By the density of Gaussians fitted to these codes (${check.source}).`;
      nearest.hidden = verdict.hidden = !check.neighbourhood;
      if (!check.neighbourhood) return null;
      const { index, distance } = nearestCode(codes, z);
      const { verdicts } = check.neighbourhood;
      const { name, words, hint } = verdicts.find(({ limit }) => limit === null || distance <= limit) ?? verdicts[0];
      verdict.className = `verdict ${name}`;
      verdict.textContent = words[0].toUpperCase() + words.slice(1);
      verdict.title = hint;
      thumbnail.show(index);
      const usual = threeDigits(distances[distances.length >> 1]);
      caption.textContent =
        `Nearest real ${check.item_word}: ${check.names[index]}. ` +
        `Distance ${threeDigits(distance)}; between real ones ${usual} is usual.`;
      caption.title = `In units of the code; the usual distance is the median over real items (${check.source}).`;
      return rows?.subarray(index * columns, (index + 1) * columns) ?? null;
    },

    fit: thumbnail.fit,
    destroy: thumbnail.destroy,
  };
}

/** @param {DensityCheck} check */
function read(check) {
  const densities = check.mixture?.densities.read();
  const logDensity = check.mixture && logDensityOf(check.mixture);

  /** @param {Float32Array} z */
  function densityWords(z) {
    if (!densities || !logDensity) return '';
    const share = shareBelow(densities, logDensity(z));
    const codes = check.code_words;
    if (share === 0) return `Less likely than each of the ${densities.length.toLocaleString('en-US')} ${codes}`;
    return `More likely than ${percent(share, share < 0.01 ? 1 : 0)} of the ${codes}`;
  }

  return {
    check,
    codes: check.codes.read(),
    distances: check.neighbourhood?.distances.read() ?? new Float32Array(0),
    rows: check.rows?.read() ?? null,
    columns: check.rows?.shape[1] ?? 0,
    densityWords,
  };
}
