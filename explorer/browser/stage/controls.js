// What a scene is set with. A scene shows at most three of these at a time, beside its buttons.

import { el, icon, newId } from '../shared/dom.js';

/**
 * @typedef {object} SliderWords
 * @property {string} label
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {number} value that it starts at.
 * @property {(value: number) => string} [text] the value in words.
 */

/**
 * @param {SliderWords} words
 * @param {(value: number) => void} move is told of each new value, while the hand moves.
 */
export function slider({ label, low, high, step, value, text = String }, move) {
  const id = newId();
  const range = el('input', { type: 'range', id, min: low, max: high, step, value });
  const shown = el('output', { for: id, class: 'number' });
  const show = () => {
    const share = (range.valueAsNumber - low) / (high - low);
    range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${share})`);
    range.setAttribute('aria-valuetext', text(range.valueAsNumber));
    shown.textContent = text(range.valueAsNumber);
  };
  range.addEventListener('input', () => {
    show();
    move(range.valueAsNumber);
  });
  show();
  return {
    element: el('div', { class: 'control' }, el('label', { for: id }, label), shown, range),

    /** @param {number} to another value, without telling of it. */
    set(to) {
      range.value = String(to);
      show();
    },
  };
}

/**
 * One of a few.
 *
 * @template {string} Value
 * @param {string} label
 * @param {Record<Value, string>} options value and words of each.
 * @param {Value} value that it starts at.
 * @param {(value: Value) => void} pick
 */
export function choice(label, options, value, pick) {
  const name = newId();
  const group = el('fieldset', { class: 'control choice' }, el('legend', {}, label));
  /** @type {Map<Value, HTMLInputElement>} */
  const radios = new Map();
  for (const [each, words] of /** @type {[Value, string][]} */ (Object.entries(options))) {
    const radio = el('input', { type: 'radio', name, value: each, checked: each === value, change: () => pick(each) });
    radios.set(each, radio);
    group.append(el('label', {}, radio, el('span', {}, words)));
  }
  return {
    element: group,

    /** @param {Value} to another value, without telling of it. */
    set(to) {
      const radio = radios.get(to);
      if (radio) radio.checked = true;
    },
  };
}

/**
 * @param {string} label
 * @param {() => void} press
 * @param {{path?: string, primary?: boolean}} [look] an icon's path; one button of a scene is its primary one.
 */
export function button(label, press, { path, primary } = {}) {
  const words = el('span', {}, label);
  const picture = el('span', { class: 'icon-place' }, path ? icon(path) : null);
  const element = el('button', { type: 'button', class: primary ? 'primary' : null, click: press }, picture, words);
  return {
    element,

    /**
     * @param {string} newLabel
     * @param {string} [newPath] of its icon.
     */
    show(newLabel, newPath) {
      words.textContent = newLabel;
      picture.replaceChildren(...(newPath ? [icon(newPath)] : []));
    },
  };
}

/** @param {string} [words] above a row of pictures. */
export function rowTitle(words) {
  return el('p', { class: 'row-title' }, words);
}

/**
 * A number beside the picture, tied to a part of it.
 *
 * @param {string} label
 */
export function figure(label) {
  const value = el('dd', { class: 'number' });
  const name = el('dt', {}, label);
  return {
    element: el('div', { class: 'figure' }, name, value),

    /** @param {string} text */
    show(text) {
      if (value.textContent !== text) value.textContent = text;
    },
  };
}
