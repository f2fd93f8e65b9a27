// One slider: label, track, value to type in, reset.

import { el, ICONS, icon, newId } from '../shared/dom.js';
import { threeDigits } from '../shared/numbers.js';

const STEPS = 200; // of a slider over its range: finer than a pixel of its track

/**
 * @typedef {object} SliderWords
 * @property {string} label
 * @property {number} low end of the track, as is `high`.
 * @property {number} high
 * @property {string} [note] beside the label.
 * @property {string} hint what the slider does, on hover.
 * @property {boolean} [inactive]
 */

/** @typedef {(value: number, released: boolean) => void} Move is told of each new value. */

/**
 * @param {SliderWords} words
 * @param {number} startValue that a reset goes back to.
 * @param {Move} move
 */
export function createSliderRow({ label, low, high, note, hint, inactive }, startValue, move) {
  const id = newId();
  const range = el('input', { type: 'range', id, min: 0, max: STEPS, step: 'any' });
  const value = el('input', { type: 'text', inputmode: 'decimal', class: 'value', 'aria-label': `${label}, value` });
  const reset = el(
    'button',
    { type: 'button', class: 'plain', title: `Reset ${label}`, 'aria-label': `Reset ${label}` },
    icon(ICONS.reset),
  );
  const name = el('label', { for: id, title: hint }, label, el('span', { class: 'share' }, note ?? ''));
  const element = el('div', { class: inactive ? 'slider-row inactive' : 'slider-row' }, name, range, value, reset);
  const span = high - low || 1;
  let shown = NaN;
  let at = startValue; // ahead of what is shown until the next frame

  /** @type {Move} */
  const go = (to, released) => {
    at = to;
    move(to, released);
  };
  const read = () => low + (range.valueAsNumber / STEPS) * span;
  const back = () => go(startValue, true);
  range.addEventListener('input', () => go(read(), false));
  range.addEventListener('change', () => go(read(), true));
  range.addEventListener('dblclick', back);
  range.addEventListener('keydown', (event) => {
    const small = span / (event.shiftKey ? STEPS : STEPS / 2);
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: at - small,
      ArrowDown: at - small,
      ArrowRight: at + small,
      ArrowUp: at + small,
      PageDown: at - 10 * small,
      PageUp: at + 10 * small,
      Home: low,
      End: high,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    go(Math.min(high, Math.max(low, targets[event.key])), true);
  });
  reset.addEventListener('click', back);
  value.addEventListener('focus', () => value.select());
  value.addEventListener('change', () => {
    const typed = typedNumber(value.value);
    // A value outside the range is allowed: the slider then rests at its end.
    if (Number.isFinite(typed)) go(typed, true);
    else value.value = twoDecimals(shown);
  });

  return {
    element,

    /** @param {number} x */
    show(x) {
      if (x === shown) return;
      shown = at = x;
      const share = Math.min(1, Math.max(0, (x - low) / span));
      range.value = String(share * STEPS);
      const zero = Math.min(1, Math.max(0, -low / span));
      const [from, to] = [Math.min(zero, share), Math.max(zero, share)].map((s) => `calc(7px + (100% - 14px) * ${s})`);
      range.style.setProperty('--from', from);
      range.style.setProperty('--at', to);
      range.style.setProperty('--zero', low < 0 && high > 0 ? `calc(7px + (100% - 14px) * ${zero})` : '-9px');
      range.setAttribute('aria-valuetext', threeDigits(x));
      value.value = twoDecimals(x);
      reset.style.visibility = Math.abs(x - startValue) <= 1e-6 * span ? 'hidden' : 'visible';
    },
  };
}

/**
 * A slider's value, with two decimals and a true minus sign.
 *
 * @param {number} x
 */
function twoDecimals(x) {
  return x.toFixed(2).replace('-', '−');
}

/**
 * What was typed, with a minus or a true minus sign and a point or a comma; NaN for anything else.
 *
 * @param {string} text
 */
function typedNumber(text) {
  const plain = text.trim().replace('−', '-').replace(',', '.');
  return plain === '' ? NaN : Number(plain);
}
