// One item through a model of each kind, side by side.

import { el } from '../../shared/dom.js';
import { counted, threeDigits } from '../../shared/numbers.js';
import { drawItem } from '../../shared/picture.js';
import { remembered, whole } from '../../stage/address.js';
import { button, choice } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { pictureOf, putPicture } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import css from './style.css';
import { wordsOf } from './words.js';

/** @import { Family, Which } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */

/** @typedef {'clean' | 'noisy' | 'code'} Given */

const GIVEN = { clean: 'The item', noisy: 'The item with noise', code: 'A random code' };

/** @type {CreateScene<'which'>} */
function createWhich(root) {
  /** @type {ReturnType<typeof createView> | null} */
  let view = null;
  let shown = '';
  return {
    update(message) {
      const text = JSON.stringify(message);
      if (view && text === shown) {
        view.draw();
        return;
      }
      view?.destroy();
      root.replaceChildren();
      shown = text;
      view = createView(root, message);
    },

    item: () => view?.item() ?? null,

    destroy: () => view?.destroy(),
  };
}

/**
 * @param {HTMLElement} root
 * @param {Which} message
 */
function createView(root, message) {
  const { shape, families } = message;
  const size = shape[0] * shape[1] * shape[2];
  const items = { clean: message.items.read(), noisy: message.noisy.read() };
  const count = items.clean.length / size;
  const [clean, noisy] = [items.clean, items.noisy].map((values) =>
    Array.from({ length: count }, (_, i) => pictureOf(values.subarray(i * size, (i + 1) * size), shape)),
  );
  const thumbnails = { clean, noisy, code: clean };
  const made = families.map(({ rebuilt, cleaned, decoded }) => ({
    clean: rebuilt.read(),
    noisy: cleaned.read(),
    code: decoded.read(),
  }));
  const { settings, remember } = remembered('which', { given: 'clean', item: '0' });
  if (!(settings.given in GIVEN)) settings.given = 'clean';

  const frame = createFrame(root, wordsOf(message.split, message.noise));
  /** @type {[HTMLElement, string[]][]} elements, and the parts that they are of. */
  const parts = [];
  const given = picture('What all of them get', 'item');
  const words = el('p', {});
  const choices = createPlane(
    {
      label: 'Items: point at one',
      x: [0, count],
      y: [1, 0],
      aspect: count,
      unframed: true,
      hand: { point: pointAt, leave: () => frame.links.light('') },
    },
    paintChoices,
  );
  const outputs = families.map(({ title }) => picture(`What the ${title.toLowerCase()} one makes of it`, 'rebuilt'));
  frame.stage.append(
    el(
      'div',
      { class: 'families' },
      el('div', { class: 'family' }, given, el('div', {}, words, choices.element)),
      ...families.map((family, i) => rowOf(family, outputs[i])),
    ),
  );
  const kind = choice('Give them', GIVEN, /** @type {Given} */ (settings.given), (each) => change({ given: each }));
  const best = frame.figure('Least error, clean', 'error');
  const cleanest = frame.figure('Least error, from noise', 'error');
  const damage = frame.figure('Error of the noise itself', 'item');
  const code = button('', () => {
    change({ given: settings.given === 'code' ? 'clean' : 'code' });
    kind.set(/** @type {Given} */ (settings.given));
  });
  frame.controls.append(kind.element);
  frame.doing.append(code.element);
  frame.links.onChange(draw);
  draw();

  /**
   * @param {string} label
   * @param {string} part
   */
  function picture(label, part) {
    const canvas = el('canvas', { role: 'img', 'aria-label': label });
    parts.push([canvas, [part, 'error']]);
    frame.tie(canvas, part);
    return canvas;
  }

  /**
   * @param {Family} family
   * @param {HTMLCanvasElement} output
   */
  function rowOf(family, output) {
    /** @param {string} part @param {string} name @param {string} value */
    const fact = (part, name, value) => {
      const element = el('span', {}, `${name} `, el('b', { class: 'number' }, value));
      parts.push([element, [part]]);
      frame.tie(element, part);
      return element;
    };
    const [mean, low, high] = family.error;
    // Of the same folder as this page, wherever the app is served.
    const way = el('a', { href: `train?recipe=${encodeURIComponent(family.recipe)}`, target: '_self' }, 'Train one');
    return el(
      'div',
      { class: 'family' },
      output,
      el(
        'div',
        {},
        el('p', { class: 'name' }, el('b', {}, family.title), way),
        el('p', { class: 'caption' }, `For ${family.purpose}. ${family.model}, ${counted(family.weights)} weights.`),
        el(
          'p',
          { class: 'facts' },
          fact('code', 'Code', `${family.code_size} numbers`),
          fact('error', 'Error', `${threeDigits(mean)} (${threeDigits(low)} to ${threeDigits(high)})`),
          fact('error', 'Denoises to', `${threeDigits(family.noisy_error)} of ${threeDigits(message.damage)}`),
          fact('sample', 'Samples', family.samples),
        ),
      ),
    );
  }

  /** @param {number} x */
  function pointAt(x) {
    frame.links.light('item');
    change({ item: String(Math.max(0, Math.min(count - 1, Math.floor(x)))) });
  }

  /** @param {Pen} pen */
  function paintChoices(pen) {
    const { px, py } = pen;
    const isCode = settings.given === 'code';
    pen.fade(frame.strength('item', 'error'));
    thumbnails[/** @type {Given} */ (settings.given)].forEach((picture, i) => {
      if (isCode) pen.middle(String(i + 1), px(i + 0.5), py(0.6));
      else putPicture(pen, picture, px(i + 0.5), py(0.5), px(1) - 4);
      if (i === itemNow()) pen.box('--accent', 2, px(i) + 1, py(0) + 1, px(1) - 2, py(1) - 2);
    });
    pen.fade(1);
  }

  function itemNow() {
    return whole(settings.item, count - 1);
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    Object.assign(settings, changes);
    remember();
    draw();
  }

  function draw() {
    const mode = /** @type {Given} */ (settings.given);
    const [from, to] = [itemNow() * size, (itemNow() + 1) * size];
    drawItem(given, mode === 'code' ? new Float32Array(size) : items[mode].subarray(from, to), shape);
    const says = {
      clean: 'The item x as it is. Each row: what comes back.',
      noisy: `The item with ${message.noise}. Each row: what comes back.`,
      code: `No item: each decodes a code of its own size that was drawn from N(0, I), number ${itemNow() + 1}.`,
    };
    words.textContent = says[mode];
    outputs.forEach((canvas, i) => {
      drawItem(canvas, made[i][mode].subarray(from, to), shape);
    });
    for (const [element, names] of parts) element.style.opacity = String(frame.strength(...names));
    best.show(least(({ error }) => error[0]));
    cleanest.show(least((family) => family.noisy_error));
    damage.show(threeDigits(message.damage));
    code.show(mode === 'code' ? 'Give them the item again' : 'Give all of them a random code');
    choices.redraw();
    frame.drawn();
  }

  /** @param {(family: Family) => number} errorOf whose least value is said, with whose it is. */
  function least(errorOf) {
    const family = families.reduce((one, other) => (errorOf(other) < errorOf(one) ? other : one));
    return `${family.title}, ${threeDigits(errorOf(family))}`;
  }

  return { draw, item: itemNow, destroy: choices.destroy };
}

export default sceneComponent(createWhich, css);
