// The life cycle of a component inside Streamlit.

import { el } from './dom.js';
import { openMessage } from './envelope.js';
import shared from './style.css';

/**
 * What Streamlit calls a component with.
 *
 * @typedef {object} Mounting
 * @property {Uint8Array} data
 * @property {ShadowRoot} parentElement
 * @property {Tell} setStateValue
 * @property {Tell} setTriggerValue
 */

/** @typedef {(name: string, value: unknown) => void} Tell */

/**
 * What a component shows.
 *
 * @template {object} Header
 * @typedef {{update: (envelope: Envelope<Header>) => void, destroy: () => void}} View
 */

/** @typedef {{root: HTMLElement, calls: number, report: Tell, tell: Tell, view: View<any>}} Mounted */

/** @type {WeakMap<ShadowRoot, Mounted>} */
const mounted = new WeakMap();

const sharedSheet = sheetOf(shared);

/**
 * Make the function that Streamlit calls.
 *
 * Streamlit calls it again in the same element whenever data or theme change, and calls only the last clean-up it got;
 * so the view is kept beside the element and updated, and a clean-up counts only while it is the latest.
 *
 * @template {object} Header
 * @param {(root: HTMLElement, report: Tell, tell: Tell) => View<Header>} create builds a view in an empty element; what
 *   it reports is kept and sent with every rerun, what it tells is an event that Python hears of once.
 * @param {string} css the component's own style.
 * @returns {(mounting: Mounting) => () => void}
 */
export function liveComponent(create, css) {
  const sheet = sheetOf(css);
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    const entry = mounted.get(parentElement) ?? mount(create, parentElement, sheet);
    [entry.report, entry.tell] = [setStateValue, setTriggerValue];
    entry.view.update(openMessage(data));
    const call = ++entry.calls;
    return () => {
      if (entry.calls !== call) return;
      entry.view.destroy();
      entry.root.remove();
      mounted.delete(parentElement);
    };
  };
}

/**
 * @param {(root: HTMLElement, report: Tell, tell: Tell) => View<any>} create
 * @param {ShadowRoot} parent
 * @param {CSSStyleSheet} sheet
 */
function mount(create, parent, sheet) {
  const root = el('div', { class: 'live' });
  parent.adoptedStyleSheets = [sharedSheet, sheet];
  parent.append(root);
  const silent = () => {};
  /** @type {Mounted} */
  const entry = { root, calls: 0, report: silent, tell: silent, view: { update: silent, destroy: silent } };
  entry.view = create(
    root,
    (name, value) => entry.report(name, value),
    (name, value) => entry.tell(name, value),
  );
  mounted.set(parent, entry);
  return entry;
}

/** @param {string} css */
function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
