// Makes the browser's Back button undo what a visitor did, one step at a time.

import { liveComponent } from '../shared/component.js';
import { isStep } from './steps.js';
import css from './style.css';

/** @import { Create } from '../messages.js' */
/** @import { Rules } from './steps.js' */

const OURS = 'explorer'; // marks the entries that were written while this script looked
const push = history.pushState.bind(history);
const replace = history.replaceState.bind(history);

/** @type {Rules | null} */
let rules = null;
// After Back the page is drawn as its address says, which it may write anew: no step until a hand does something.
let isAtHand = true;

addEventListener('popstate', () => {
  isAtHand = false;
  // Before this script came, a first page was written without rules: its bare address is an entry of its own, and Back
  // passes over it.
  if (!history.state?.[OURS] && !location.hash) history.back();
});
for (const event of ['pointerdown', 'keydown']) {
  addEventListener(
    event,
    () => {
      isAtHand = true;
    },
    { capture: true },
  );
}

// Streamlit makes a step of every change that Python makes to the address, also of what a page adds while it is first
// drawn, so that Back would lead to the same page; and none of what a visitor sets in a control of the link.
history.pushState = (state, unused, url) => write(true, state, unused, url);
history.replaceState = (state, unused, url) => write(false, state, unused, url);

/**
 * @param {boolean} asStep
 * @param {any} state
 * @param {string} unused
 * @param {string | URL | null} [url]
 */
function write(asStep, state, unused, url) {
  const before = new URL(location.href);
  const after = new URL(url ?? before, before);
  const step = rules === null ? asStep : isStep(asStep, before, after, rules);
  if (step !== null) (step && (asStep || isAtHand) ? push : replace)({ ...state, [OURS]: true }, unused, url);
}

/** @type {Create<'history'>} */
function createHistory() {
  return {
    update(message) {
      rules = message;
      if (!history.state?.[OURS]) replace({ ...history.state, [OURS]: true }, '');
    },
    destroy() {
      rules = null;
    },
  };
}

export default liveComponent(createHistory, css);
