// Two pictures of one size under a divider that follows the pointer, and what differs between them as a third view; zoom
// and place are one for all, and a click pins a detail. Nothing here asks the server.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { pictureHolder } from '../shared/picture.js';
import zoomingCss from '../shared/zooming.css';
import { createZooming } from '../shared/zooming.js';
import { createDetail } from './detail.js';
import css from './style.css';

/** @import { Create, Residual, Section } from '../messages.js' */
/** @import { Point } from '../shared/viewport.js' */

const STEP = 0.02; // of an arrow key, as a share of the width
const STILL = 4; // CSS pixels: a press that moves less is a click
const HINT = 'Click: pin a detail. Keys: arrows, + and −, 1, 0, R, P.';

/** @type {Create<'swipe'>} */
function createSwipe(root) {
  /** @param {string} kind */
  const picture = (kind) => el('img', { class: kind, alt: '', draggable: 'false' });
  /** @param {string} kind */
  const tag = (kind) => el('span', { class: `tag ${kind}` });
  const images = { before: picture('before'), after: picture('after'), residual: picture('residual') };
  const tags = { before: tag('before'), after: tag('after'), residual: tag('residual') };
  const divider = el('div', { class: 'divider' });
  const mark = el('div', { class: 'mark', hidden: true });
  const frame = el(
    'div',
    { class: 'frame', role: 'slider', tabindex: 0, 'aria-valuemin': 0, 'aria-valuemax': 100 },
    ...Object.values(images),
    divider,
    mark,
    ...Object.values(tags),
  );
  const residualButton = el(
    'button',
    { type: 'button', 'aria-pressed': 'false', title: 'What was taken away (R)', click: switchResidual },
    'Residual',
  );
  const legend = el('span', { class: 'legend', hidden: true });
  const zooming = createZooming({ root, frame, pictures: Object.values(images), placed, move });
  const { view, place, placeOf } = zooming;
  const tools = el('div', { class: 'tools' }, ...zooming.tools, residualButton, legend);
  const detail = createDetail(images, unpin);
  root.append(el('div', { class: 'box' }, frame, tools), detail.element, el('div', { class: 'caption hint' }, HINT));

  const shown = {
    before: createShown(images.before),
    after: createShown(images.after),
    residual: createShown(images.residual),
  };
  let names = { before: '', after: '', residual: '' };
  let share = 0.5; // of the width, left of the divider
  let residualShown = false;
  /** @type {Point | null} */
  let pinned = null; // middle of the pinned detail, in picture pixels

  function placed() {
    const x = share * frame.clientWidth;
    divider.style.transform = `translateX(${x}px)`;
    images.after.style.clipPath = `inset(0 0 0 ${Math.max(0, x - view.offset[0])}px)`;
    for (const each of [images.residual, tags.residual, legend]) each.hidden = !residualShown;
    for (const each of [divider, tags.before, tags.after]) each.hidden = residualShown;
    residualButton.setAttribute('aria-pressed', String(residualShown));
    frame.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    frame.setAttribute('aria-valuetext', `${percent(share)} ${names.before}`);
    placeMark();
  }

  function placeMark() {
    mark.hidden = !pinned;
    if (!pinned) return;
    const side = detail.side(view.size);
    const [x, y] = pinned.map((middle, i) => (middle - side / 2) * view.scale + view.offset[i]);
    mark.style.width = mark.style.height = `${side * view.scale}px`;
    mark.style.transform = `translate(${x}px, ${y}px)`;
  }

  function switchResidual() {
    residualShown = !residualShown && shown.residual.isThere;
    place();
  }

  /** @param {number} newShare */
  function divideAt(newShare) {
    share = Math.min(1, Math.max(0, newShare));
    place();
  }

  /** @param {Point} at in the frame. */
  function pinAt(at) {
    const half = detail.side(view.size) / 2;
    const [x, y] = view.pixelAt(at).map((wanted, i) => Math.min(view.size[i] - half, Math.max(half, wanted)));
    pinned = [Math.round(x), Math.round(y)];
    detail.show(pinned, view.size, names);
    place();
  }

  function unpin() {
    pinned = null;
    detail.hide();
    place();
  }

  // --- Pointers: one moves the divider, or a zoomed picture where it is a pressed mouse; two zoom and move ---

  /** @type {Point | null} */
  let start = null; // of a press that may become a click

  frame.addEventListener('pointerdown', (event) => {
    start = zooming.fingers() === 1 ? placeOf(event) : null;
    if (event.pointerType !== 'mouse' && start) divideAt(start[0] / frame.clientWidth);
  });
  frame.addEventListener('pointerup', (event) => {
    if (start) pinAt(placeOf(event));
    start = null;
  });
  frame.addEventListener('pointercancel', () => {
    start = null;
  });

  /**
   * @param {PointerEvent} event
   * @param {Point} to
   * @param {Point | undefined} from
   */
  function move(event, to, from) {
    if (start && Math.hypot(to[0] - start[0], to[1] - start[1]) > STILL) start = null;
    if (!from || !view.isZoomed || event.pointerType !== 'mouse') divideAt(to[0] / frame.clientWidth);
    else if (!start) zooming.moveBy(to[0] - from[0], to[1] - from[1]);
  }

  // --- Keys ---

  /** @type {Record<string, number>} */
  const shares = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
  /** @type {Record<string, () => void>} */
  const actions = {
    r: switchResidual,
    p: () => pinAt([share * frame.clientWidth, frame.clientHeight / 2]),
    Escape: unpin,
    Home: () => divideAt(0),
    End: () => divideAt(1),
  };
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const canDivide = !event.shiftKey && event.key in shares;
    if (canDivide) divideAt(share + shares[event.key] * STEP);
    else if (action) action();
    else if (!zooming.key(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit runs the page again on R
  });

  // --- Pictures ---

  images.before.addEventListener('load', () => {
    const { naturalWidth: w, naturalHeight: h } = images.before;
    // A new strength gives new pictures of one size: the user's zoom and pin stay.
    if (zooming.resize([w, h])) unpin();
  });
  for (const image of Object.values(images)) {
    image.addEventListener('load', () => {
      if (pinned) detail.show(pinned, view.size, names);
    });
  }

  return {
    update({ before, after, residual, labels }) {
      shown.before.update(before);
      shown.after.update(after);
      shown.residual.update(residual?.png ?? null);
      names = { before: labels[0], after: labels[1], residual: residual?.label ?? '' };
      tags.before.textContent = names.before;
      tags.after.textContent = names.after;
      tags.residual.textContent = names.residual;
      residualButton.hidden = !residual;
      if (residual) legend.replaceChildren(...legendParts(residual));
      frame.setAttribute('aria-label', `Divider: ${names.before} on the left, ${names.after} on the right`);
      residualShown = residualShown && residual !== null;
      place();
    },

    destroy() {
      zooming.destroy();
      for (const each of Object.values(shown)) each.destroy();
    },
  };
}

/**
 * An image with the PNG of a message, read only where it is another one.
 *
 * @param {HTMLImageElement} image
 */
function createShown(image) {
  const holder = pictureHolder(image);
  let digest = '';
  return {
    get isThere() {
      return digest !== '';
    },
    /** @param {Section<Uint8Array> | null} png */
    update(png) {
      const newDigest = png?.digest ?? '';
      if (newDigest !== digest) holder.show(png?.read() ?? null);
      digest = newDigest;
    },
    destroy: holder.destroy,
  };
}

/**
 * A scale for colours: its ends with their unit, and the colours between.
 *
 * @param {Residual} residual
 */
function legendParts({ limit, unit, colours }) {
  const bar = el('span', { class: 'ramp' });
  bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
  return [el('span', {}, `−${threeDigits(limit)}`), bar, el('span', {}, `+${threeDigits(limit)} ${unit}`)];
}

export default liveComponent(createSwipe, zoomingCss + css);
