// Lasso and box: their buttons and keys, and the line that is drawn with them.

import { el, icon } from '../shared/dom.js';

/** @import { Mode } from './choice.js' */
/** @import { Frame } from './layers.js' */
/** @import { Place } from './view.js' */

const STEP = 2; // CSS pixels between two corners of a lasso
const TOOL_ICONS = {
  move: 'M8 2v12M2 8h12M6.4 3.6 8 2l1.6 1.6M6.4 12.4 8 14l1.6-1.6M3.6 6.4 2 8l1.6 1.6M12.4 6.4 14 8l-1.6 1.6',
  lasso:
    'M6 11.3C3.7 10.8 2.2 9.2 2.2 7.2 2.2 4.7 4.8 2.8 8 2.8s5.8 1.9 5.8 4.4-2.6 4.4-5.8 4.4M6 11.3a1.3 1.3 0 1 1-1.5 1.9c1 .2 1.6-.6 1.5-1.9',
  box: 'M3 3h2.5M7 3h2M10.5 3H13v2.5M13 7v2M13 10.5V13h-2.5M9 13H7M5.5 13H3v-2.5M3 9V7M3 5.5V3',
  add: 'M2.5 2.5h7.5v7.5h-7.5zM12 9.5v5M9.5 12h5',
  remove: 'M2.5 2.5h7.5v7.5h-7.5zM9.5 12h5',
  clear: 'M4 4l8 8M12 4l-8 8',
};
/** @type {Record<string, Tool>} */
const TOOL_KEYS = { l: 'lasso', b: 'box', m: 'move' };

/** @typedef {'move' | 'lasso' | 'box'} Tool */

/** @typedef {{shiftKey?: boolean, altKey?: boolean}} Keys that are held. */

/**
 * @typedef {object} Hooks
 * @property {() => void} onChange something must be drawn anew.
 * @property {(corners: Place[], mode: Mode) => void} onRegion what is drawn around items, and what to do with them.
 * @property {() => void} onClear
 */

/** @param {Hooks} hooks */
export function createMapTools({ onChange, onRegion, onClear }) {
  /** @type {Tool} */
  let tool = 'move';
  /** @type {Mode} */
  let sticky = 'new'; // what the buttons say to do with the items inside; keys held come first
  /** @type {Place[] | null} */
  let corners = null; // of the region being drawn, in map units
  /** @type {Place} */
  let tip = [0, 0]; // its moving end
  let count = 0;

  /**
   * @param {keyof typeof TOOL_ICONS} name
   * @param {string} title
   * @param {() => void} click
   */
  const button = (name, title, click) =>
    el('button', { type: 'button', class: 'plain', title, 'aria-label': title, click }, icon(TOOL_ICONS[name]));
  const buttons = {
    move: button('move', 'Move (M)', () => take('move')),
    lasso: button('lasso', 'Lasso (L)', () => take('lasso')),
    box: button('box', 'Box (B)', () => take('box')),
  };
  const modes = {
    add: button('add', 'Add to the selection (or hold Shift)', () => stick('add')),
    remove: button('remove', 'Remove from the selection (or hold Alt)', () => stick('remove')),
  };
  const clear = button('clear', 'Clear the selection (Esc)', () => empty());
  const counted = el('span', { class: 'count', role: 'status' });
  const modeBox = el('span', { class: 'tool-group' }, modes.add, modes.remove);
  const element = el(
    'div',
    { class: 'tool-group', role: 'group', 'aria-label': 'Selection' },
    counted,
    ...Object.values(buttons),
    modeBox,
    clear,
  );
  const hint = el('div', { class: 'map-hint', hidden: true });

  /** @param {Tool} next */
  function take(next) {
    cancel();
    tool = next === tool ? 'move' : next;
    hint.hidden = tool === 'move';
    if (tool === 'move') sticky = 'new';
    show();
  }

  /** @param {Mode} mode */
  function stick(mode) {
    sticky = mode === sticky ? 'new' : mode;
    show();
  }

  function empty() {
    cancel();
    if (count) onClear();
  }

  function show() {
    for (const [name, node] of Object.entries(buttons)) node.setAttribute('aria-pressed', String(name === tool));
    for (const [name, node] of Object.entries(modes)) node.setAttribute('aria-pressed', String(name === sticky));
    modeBox.hidden = tool === 'move';
    clear.hidden = !count;
    counted.textContent = count ? `${count.toLocaleString('en-US')} selected` : '';
    const fingers = window.matchMedia('(pointer: coarse)').matches;
    const what = tool === 'box' ? 'Drag a box over points' : 'Draw around points';
    hint.textContent = fingers ? `${what}. Two fingers move the map.` : `${what}. Shift adds, Alt removes, Esc clears.`;
    onChange();
  }

  function cancel() {
    if (!corners) return;
    corners = null;
    onChange();
  }

  /**
   * The corners with the moving end; of a box, its four corners.
   *
   * @param {Place[]} set
   * @returns {Place[]}
   */
  function outline(set) {
    if (tool === 'lasso') return [...set, tip];
    const [[x1, y1], [x2, y2]] = [set[0], tip];
    return [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
    ];
  }

  const tools = {
    element,
    hint,

    /** Whether dragging draws, and does not move the map. */
    get active() {
      return tool !== 'move';
    },

    get drawing() {
      return corners !== null;
    },

    /** @param {boolean} yes whether there are tools at all. */
    offer(yes) {
      element.hidden = !yes;
      if (!yes && tool !== 'move') take('move');
      else show();
    },

    /** @param {number} selected items. */
    counts(selected) {
      count = selected;
      show();
    },

    /** @param {Place} place */
    begin(place) {
      corners = [place];
      tip = place;
      onChange();
    },

    /**
     * @param {Place} place
     * @param {number} unit map units for each CSS pixel.
     */
    extend(place, unit) {
      if (!corners) return;
      const [x, y] = corners[corners.length - 1];
      if (tool === 'lasso' && Math.hypot(place[0] - x, place[1] - y) >= STEP * unit) corners.push(place);
      tip = place;
      onChange();
    },

    cancel,

    /**
     * Hand over the region. Shift adds, Alt removes.
     *
     * @param {Keys} keys
     */
    finish({ shiftKey = false, altKey = false } = {}) {
      const region = corners ? outline(corners) : [];
      cancel();
      hint.hidden = true; // it has been read
      if (region.length > 2) onRegion(region, altKey ? 'remove' : shiftKey ? 'add' : sticky);
    },

    /**
     * A corner set by key: two make a box; a lasso is closed by setting its last corner twice.
     *
     * @param {Place} place
     * @param {Keys} keys
     */
    corner(place, keys) {
      if (!corners) tools.begin(place);
      else if (tool === 'box' || String(place) === String(corners.at(-1))) {
        tip = place;
        tools.finish(keys);
      } else {
        corners.push(place);
        tip = place;
        onChange();
      }
    },

    /**
     * The moving end follows the cursor while corners are set by key.
     *
     * @param {Place} place
     */
    follow(place) {
      if (corners) tip = place;
    },

    /**
     * True where the key was one of the tools'.
     *
     * @param {KeyboardEvent} event
     */
    key(event) {
      if (element.hidden || event.ctrlKey || event.metaKey) return false;
      const name = TOOL_KEYS[event.key.toLowerCase()];
      if (name) take(name);
      else if (event.key !== 'Escape') return false;
      else if (corners) cancel();
      else if (count) empty();
      else take('move');
      return true;
    },

    /** @param {Frame} frame */
    draw({ context, view, text, accent }) {
      if (!corners) return;
      const places = outline(corners).map(([x, y]) => view.toScreen(x, y));
      context.beginPath();
      places.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      context.globalAlpha = 0.12;
      context.fillStyle = accent;
      context.fill('evenodd');
      context.globalAlpha = 0.9;
      context.strokeStyle = text;
      context.lineWidth = 1.25;
      context.setLineDash([5, 4]);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    },
  };
  return tools;
}
