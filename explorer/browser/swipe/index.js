// Two pictures of one size under a divider that follows the pointer, and what differs between them as a third view; zoom
// and place are one for all, and a click pins a detail. Nothing here asks the server.

import { liveComponent } from '../shared/component.js';
import { el, watchWidth } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { pictureHolder } from '../shared/picture.js';
import { oncePerFrame } from '../shared/timing.js';
import { Viewport } from '../shared/viewport.js';
import { ZOOMS, zoomButtons } from '../shared/zoom_buttons.js';
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
  const scaleText = el('span', { class: 'quiet number' });
  const legend = el('span', { class: 'legend', hidden: true });
  const tools = el(
    'div',
    { class: 'tools' },
    ...zoomButtons({ zoomBy, fitAll, oneToOne }),
    residualButton,
    scaleText,
    legend,
  );
  const detail = createDetail(images, unpin);
  root.append(el('div', { class: 'box' }, frame, tools), detail.element, el('div', { class: 'caption hint' }, HINT));

  const shown = {
    before: createShown(images.before),
    after: createShown(images.after),
    residual: createShown(images.residual),
  };
  const view = new Viewport();
  let names = { before: '', after: '', residual: '' };
  let share = 0.5; // of the width, left of the divider
  let width = 0; // CSS pixels that there are
  let residualShown = false;
  /** @type {Point | null} */
  let pinned = null; // middle of the pinned detail, in picture pixels

  const place = oncePerFrame(() => {
    const [width, height] = view.size.map((pixels) => pixels * view.scale);
    for (const { style } of Object.values(images)) {
      [style.width, style.height] = [`${width}px`, `${height}px`];
      style.transform = `translate(${view.offset[0]}px, ${view.offset[1]}px)`;
      style.imageRendering = view.isCrisp ? 'pixelated' : 'auto';
    }
    const x = share * frame.clientWidth;
    divider.style.transform = `translateX(${x}px)`;
    images.after.style.clipPath = `inset(0 0 0 ${Math.max(0, x - view.offset[0])}px)`;
    for (const each of [images.residual, tags.residual, legend]) each.hidden = !residualShown;
    for (const each of [divider, tags.before, tags.after]) each.hidden = residualShown;
    residualButton.setAttribute('aria-pressed', String(residualShown));
    frame.style.touchAction = view.isZoomed ? 'none' : '';
    frame.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    frame.setAttribute('aria-valuetext', `${percent(share)} ${names.before}`);
    scaleText.textContent = `${threeDigits(view.scale * view.pixelRatio)} ×`;
    placeMark();
  });

  function placeMark() {
    mark.hidden = !pinned;
    if (!pinned) return;
    const side = detail.side(view.size);
    const [x, y] = pinned.map((middle, i) => (middle - side / 2) * view.scale + view.offset[i]);
    mark.style.width = mark.style.height = `${side * view.scale}px`;
    mark.style.transform = `translate(${x}px, ${y}px)`;
  }

  function fitAll() {
    if (!width) return;
    view.fit(width, window.devicePixelRatio || 1);
    [frame.style.width, frame.style.height] = view.frame.map((pixels) => `${pixels}px`);
    place();
  }

  /**
   * @param {number} factor
   * @param {Point} [at]
   */
  function zoomBy(factor, at) {
    view.zoomTo(view.scale * factor, at);
    place();
  }

  function oneToOne() {
    view.zoomTo(1 / view.pixelRatio);
    place();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  function moveBy(dx, dy) {
    view.moveBy(dx, dy);
    place();
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

  /**
   * Where in the frame an event is, in CSS pixels.
   *
   * @param {MouseEvent} event
   * @returns {Point}
   */
  function placeOf(event) {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left - 1, event.clientY - box.top - 1];
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

  /** @type {Map<number, Point>} */
  const pressed = new Map(); // pointer -> where it is in the frame
  /** @type {Point | null} */
  let start = null; // of a press that may become a click

  frame.addEventListener('pointerdown', (event) => {
    frame.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, placeOf(event));
    start = pressed.size === 1 ? placeOf(event) : null;
    if (event.pointerType !== 'mouse' && pressed.size === 1) divideAt(placeOf(event)[0] / frame.clientWidth);
  });
  frame.addEventListener('pointermove', (event) => {
    const before = pressed.get(event.pointerId);
    const [x, y] = placeOf(event);
    if (start && before && Math.hypot(x - start[0], y - start[1]) > STILL) start = null;
    if (before) pressed.set(event.pointerId, [x, y]);
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (before && other) {
      /** @param {Point} end */
      const spread = (end) => Math.max(1, Math.hypot(end[0] - other[0], end[1] - other[1]));
      moveBy((x - before[0]) / 2, (y - before[1]) / 2);
      zoomBy(spread([x, y]) / spread(before), [(x + other[0]) / 2, (y + other[1]) / 2]);
    } else if (before && view.isZoomed && event.pointerType === 'mouse') {
      if (!start) moveBy(x - before[0], y - before[1]);
    } else {
      divideAt(x / frame.clientWidth);
    }
  });
  frame.addEventListener('pointerup', (event) => {
    if (start && pressed.has(event.pointerId)) pinAt(placeOf(event));
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    frame.addEventListener(name, (event) => {
      pressed.delete(event.pointerId);
      start = null;
    });
  }
  frame.addEventListener(
    'wheel',
    (event) => {
      // Without a modifier the wheel scrolls the page, as it does over any picture.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-0.005 * event.deltaY), placeOf(event));
    },
    { passive: false },
  );

  // --- Keys ---

  /** @type {Record<string, number>} */
  const shares = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
  /** @type {Record<string, Point>} */
  const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  /** @type {Record<string, () => void>} */
  const actions = {
    '+': () => zoomBy(ZOOMS),
    '=': () => zoomBy(ZOOMS),
    '-': () => zoomBy(1 / ZOOMS),
    0: fitAll,
    1: oneToOne,
    r: switchResidual,
    p: () => pinAt([share * frame.clientWidth, frame.clientHeight / 2]),
    Escape: unpin,
    Home: () => divideAt(0),
    End: () => divideAt(1),
  };
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.shiftKey && event.key in moves) {
      const far = 0.1 * frame.clientWidth;
      const [x, y] = moves[event.key];
      moveBy(x * far, y * far);
    } else if (event.key in shares) divideAt(share + shares[event.key] * STEP);
    else if (action) action();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit runs the page again on R
  });

  // --- Pictures ---

  images.before.addEventListener('load', () => {
    const { naturalWidth: w, naturalHeight: h } = images.before;
    const isSame = w === view.size[0] && h === view.size[1];
    view.size = [w, h];
    // A new strength gives new pictures of one size: the user's zoom and pin stay.
    if (!isSame) unpin();
    if (isSame && width) place();
    else fitAll();
  });
  for (const image of Object.values(images)) {
    image.addEventListener('load', () => {
      if (pinned) detail.show(pinned, view.size, names);
    });
  }
  const unwatch = watchWidth(root, (newWidth) => {
    if (newWidth - 2 === width) return;
    width = newWidth - 2;
    fitAll();
  });

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
      place.cancel();
      unwatch();
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

export default liveComponent(createSwipe, css);
