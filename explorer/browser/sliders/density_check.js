// Says, while a code moves, whether it is typical of real ones, how likely it is, and which real item is nearest.

import { AnyNetwork } from '../runtime/any_network.js';
import { el } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { createThumbnail } from '../shared/thumbnail.js';
import { logDensityOf, shareBelow } from './densities.js';
import { checkCode } from './typicality.js';

/** @import { DensityPanel, Typicality } from '../messages.js' */
/** @import { RealCodes } from './typicality.js' */

/** @typedef {{code: ArrayLike<number>, again: ArrayLike<number>}} Encoded a code, and the code of what it decodes to. */

export function createDensityCheck() {
  const verdict = el('div', { class: 'verdict' });
  const reason = el('div', { class: 'caption' });
  const density = el('div', { class: 'caption' });
  const thumbnail = createThumbnail('Nearest real item');
  const caption = el('div', { class: 'caption' });
  const nearest = el('figure', { class: 'nearest' }, thumbnail.canvas, caption);
  const words = el('div', {}, verdict, reason, density);
  const element = el('div', { class: 'density-check', hidden: true }, words, nearest);

  let settings = '';
  /** @type {ReturnType<typeof read> | null} */
  let real = null;
  let encoderDigest = '';
  /** @type {AnyNetwork | null} */
  let encoder = null;
  let z = new Float32Array(0);
  /** @type {Encoded | null} */
  let last = null; // of the item decoded last

  /** @param {Encoded | null} encoded */
  function isOfCode(encoded) {
    if (!encoded || encoded.code.length !== z.length) return false;
    const { code } = encoded;
    return z.every((value, d) => value === Math.fround(code[d]));
  }

  /** @param {RealCodes} codes */
  function updateVerdict(codes) {
    const encoded = [last, codes.check.at_rest].find(isOfCode);
    const result = checkCode(codes, z, encoded?.again ?? null);
    verdict.className = `verdict ${result.verdict.name}`;
    verdict.textContent = result.verdict.words[0].toUpperCase() + result.verdict.words.slice(1);
    verdict.title = result.verdict.hint;
    reason.textContent = result.reason;
    reason.hidden = !result.reason;
    return result;
  }

  /** @param {Typicality | null | undefined} check */
  function takeEncoder(check) {
    const digest = check?.encoder?.digest ?? '';
    if (digest === encoderDigest) return;
    encoderDigest = digest;
    encoder = check?.encoder ? new AnyNetwork(check.encoder.read()) : null;
    last = null;
  }

  return {
    element,

    /** @param {DensityPanel | null} panel */
    update(panel) {
      const newSettings = JSON.stringify(panel);
      if (newSettings === settings) return;
      settings = newSettings;
      element.hidden = !panel;
      real = panel && read(panel);
      takeEncoder(panel?.check);
      thumbnail.update(panel?.sprites ?? null);
    },

    /**
     * Take what a code was decoded to, and encode it again.
     *
     * @param {Float32Array} values of the item; lent.
     * @param {ArrayLike<number>} code
     */
    decoded(values, code) {
      if (!encoder) return;
      // Of a variational model the log variance follows the code.
      last = { code: Float32Array.from(code), again: encoder.run(values).slice(0, code.length) };
      if (real?.codes && isOfCode(last)) updateVerdict(real.codes); // an answer of the server, after the code was shown
    },

    /**
     * Compare a code.
     *
     * @param {Float32Array} code
     * @returns {Float32Array | null} the nearest real row, for models of table rows.
     */
    show(code) {
      if (!real) return null;
      const { panel, codes } = real;
      z = code.slice();
      density.textContent = real.densityWords(z);
      density.title =
        `By the density of Gaussians fitted to these codes (${panel.source}); ` +
        'each was measured by one that had not seen it.';
      nearest.hidden = verdict.hidden = !codes;
      reason.hidden ||= !codes;
      if (!codes) return null;
      const { index, distance } = updateVerdict(codes);
      thumbnail.show(index);
      caption.textContent =
        `Nearest real ${panel.item_word}: ${panel.names[index]}. ` +
        `Distance ${threeDigits(distance)}; between real ones ${threeDigits(codes.check.usual)} is usual.`;
      caption.title = `In units of the code; the usual distance is the median over real items (${panel.source}).`;
      return real.rowAt(index);
    },

    fit: thumbnail.fit,
    destroy: thumbnail.destroy,
  };
}

/** @param {DensityPanel} panel */
function read(panel) {
  const { check, mixture, rows } = panel;
  const densities = mixture?.densities.read();
  const logDensity = mixture && logDensityOf(mixture);
  const rowValues = rows?.read();
  const columns = rows?.shape[1] ?? 0;

  /** @type {RealCodes | null} */
  const codes = check && { check, codes: panel.codes.read(), means: check.means.read(), stds: check.stds.read() };

  /** @param {Float32Array} z */
  function densityWords(z) {
    if (!densities || !logDensity) return '';
    const share = shareBelow(densities, logDensity(z));
    const name = panel.code_words;
    if (share === 0) return `Less likely than each of the ${densities.length.toLocaleString('en-US')} ${name}`;
    return `More likely than ${percent(share, share < 0.01 ? 1 : 0)} of the ${name}`;
  }

  /** @param {number} index */
  const rowAt = (index) => rowValues?.subarray(index * columns, (index + 1) * columns) ?? null;
  return { panel, codes, densityWords, rowAt };
}
