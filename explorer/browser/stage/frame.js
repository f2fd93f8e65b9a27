// What all scenes look like: the picture, its buttons, controls and figures, then the formula, the text and a question.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import { button, figure } from './controls.js';
import { createSymbols, formula, paragraph } from './formula.js';
import { createLinks, tie } from './links.js';
import { wantsCalm } from './loop.js';
import css from './style.css';

/** @import { Components, LeadPressed, Say } from '../messages.js' */
/** @import { Meaning, Symbols } from './formula.js' */

/** @typedef {ReturnType<typeof createFrame>} Frame */

/**
 * The words of a scene; each symbol is named after the part of the picture that it stands for.
 *
 * @typedef {object} Words
 * @property {Record<string, Meaning>} symbols
 * @property {(symbols: Symbols) => (string | Node)[]} formula
 * @property {(symbols: Symbols) => (string | Node)[][]} text paragraphs: what is seen, in a few sentences.
 * @property {string} question whose answer is seen by doing it.
 */

/**
 * @typedef {{[Name in keyof Components]: Components[Name]['events'] extends {lead: LeadPressed} ? Name : never}[keyof Components]} SceneName
 */

/**
 * Builds a scene in an empty element; `item` gives the position of the item that it shows, where there is one.
 *
 * @template {SceneName} Name
 * @typedef {(root: HTMLElement) => {
 *   update: (message: Components[Name]['message']) => void, destroy: () => void, item?: () => number | null
 * }} CreateScene
 */

/**
 * A scene's component: its style stands on that of all scenes, and below it are its ways into other pages.
 *
 * @param {CreateScene<any>} create
 * @param {string} style
 */
export function sceneComponent(create, style) {
  /** @param {HTMLElement} root @param {unknown} _report @param {Say<{lead: LeadPressed}>} tell */
  const withLeads = (root, _report, tell) => {
    const own = el('div');
    const leads = el('div', { class: 'leads' });
    root.append(own, leads);
    const view = create(own);
    return {
      destroy: view.destroy,

      /** @param {Components[SceneName]['message']} message */
      update(message) {
        view.update(message);
        const rows = message.rows.read();
        const item = () => rows[view.item?.() ?? -1] ?? null;
        const press = (/** @type {number} */ lead) => tell('lead', { lead, item: item() });
        leads.replaceChildren(...message.leads.map((words, i) => button(words, () => press(i)).element));
      },
    };
  };
  return liveComponent(withLeads, css + style);
}

/**
 * What a scene does on news from Python, where it is built once for a model: another model builds it anew, and anything
 * else, such as another theme, only draws it again.
 *
 * @template {{pack: {digest: string}}} Given
 * @param {HTMLElement} root
 * @param {(root: HTMLElement, message: Given) => {draw: () => void, destroy: () => void, item?: () => number | null}} build
 */
export function anewForEachModel(root, build) {
  /** @type {ReturnType<typeof build> | null} */
  let view = null;
  let model = '';
  return {
    /** @param {Given} message */
    update(message) {
      if (view && message.pack.digest === model) {
        view.draw();
        return;
      }
      view?.destroy();
      root.replaceChildren();
      model = message.pack.digest;
      view = build(root, message);
    },

    destroy: () => view?.destroy(),
    item: () => view?.item?.() ?? null,
  };
}

/**
 * Builds the empty scene; the script puts its pictures, buttons, controls and figures into their places.
 *
 * @param {HTMLElement} root
 * @param {Words} words
 * @param {Record<string, () => string>} [values] what symbols are in the picture as it stands, by name.
 */
export function createFrame(root, words, values = {}) {
  const links = createLinks();
  const symbols = createSymbols(words.symbols, links);
  const [stage, buttons, controls] = ['stage', 'buttons', 'controls'].map((name) => el('div', { class: name }));
  const figures = el('dl', { class: 'figures' });
  const says = el('p', { class: 'says', 'aria-live': 'polite' });
  const doing = el('div', { class: 'buttons' });
  const scene = el(
    'div',
    { class: 'scene' },
    el('div', { class: 'body' }, stage, el('div', { class: 'side' }, buttons, controls, figures)),
    el(
      'div',
      { class: 'words' },
      el('div', { class: 'formula' }, ...formula(words.formula(symbols)), says),
      el(
        'details',
        { open: matchMedia('(min-width: 48rem)').matches },
        el('summary', {}, 'In words'),
        ...words.text(symbols).map(paragraph),
      ),
      el('div', { class: 'question' }, el('p', {}, words.question), doing),
    ),
  );
  root.append(scene);

  const explain = () => {
    const meaning = words.symbols[links.lit];
    const value = values[links.lit]?.();
    says.textContent = meaning
      ? `${meaning.says}${value ? `: ${value}` : ''}`
      : 'Point at a symbol, or at the picture.';
  };
  links.onChange(explain);
  explain();

  return {
    links,
    /** For pictures. */
    stage,
    /** For what starts, stops and begins again. */
    buttons,
    /** For at most three controls that are seen at a time. */
    controls,
    /** For what tries the question's answer. */
    doing,

    /** @param {Element} element that shows a part. @param {string} part */
    tie: (element, part) => tie(element, part, links),

    /**
     * A new figure, which lights a part with its symbol.
     *
     * @param {string} label
     * @param {string} part
     */
    figure(label, part) {
      const added = figure(label);
      tie(added.element, part, links);
      figures.append(added.element);
      return added;
    },

    /** To be called when the picture has changed: what is said of the lit symbol may have changed, too. */
    drawn() {
      scene.dataset.drawn = '';
      if (links.lit) explain();
    },

    /** Bring the picture into sight, for what is tried further down. */
    lookUp: () => stage.scrollIntoView({ block: 'center', behavior: wantsCalm() ? 'auto' : 'smooth' }),

    /**
     * How strongly a part is drawn while another one is lit.
     *
     * @param {...string} parts names that it goes by.
     */
    strength: (...parts) => (!links.lit || parts.includes(links.lit) ? 1 : 0.18),
  };
}
