// The life cycle of a component inside Streamlit.

import { el } from './dom.js';
import { openMessage } from './envelope.js';
import shared from './style.css';

/** @import { Create, Say } from '../messages.js' */

/**
 * What Streamlit calls a component with.
 *
 * @typedef {{data: Uint8Array, parentElement: ShadowRoot, setStateValue: Say<any>, setTriggerValue: Say<any>}} Mounting
 */

/** @typedef {{root: HTMLElement, calls: number, report: Say<any>, tell: Say<any>, view: ReturnType<Create<any>>}} Mounted */

/** @type {WeakMap<ShadowRoot, Mounted>} */
const mounted = new WeakMap();

const sharedSheet = sheetOf(shared);

/**
 * Make the function that Streamlit calls.
 *
 * Streamlit calls it again in the same element whenever data or theme change, and calls only the last clean-up it got;
 * so the view is kept beside the element and updated, and a clean-up counts only while it is the latest.
 *
 * @param {Create<any>} create
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
 * @param {Create<any>} create
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
  // Streamlit gives new functions with each call; the view says through the newest.
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
