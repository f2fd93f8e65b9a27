// Two pictures of one size under a divider that follows the pointer, and what differs between them as a third view; zoom
// and place are one for all, and a click pins a detail. Nothing here asks the server.

import { liveComponent } from '../shared/component.js';
import { el, ICONS, icon, watchWidth } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { pictureHolder } from '../shared/picture.js';
import { oncePerFrame } from '../shared/timing.js';
import { createDetail } from './detail.js';
import css from './style.css';

/** @import { Create, Swipe } from '../messages.js' */

const ZOOMS = 1.5; // a step of the zoom buttons

const STEP = 0.02; // of an arrow key, as a share of the width

const LARGEST_SCALE = 32; // CSS pixels a picture pixel

const STILL = 4; // CSS pixels: a press that moves less is a click

const HINT = 'Click: pin a detail. Keys: arrows, + and −, 1, 0, R, P.';

/** @type {Create<'swipe'>} */
function createSwipe(root) {
  const kinds = ['before', 'after', 'residual'];
  const images = Object.fromEntries(
    kinds.map((kind) => [kind, el('img', { class: kind, alt: '', draggable: 'false' })]),
  );
  const holders = Object.fromEntries(kinds.map((kind) => [kind, pictureHolder(images[kind])]));
  const tags = Object.fromEntries(kinds.map((kind) => [kind, el('span', { class: `tag ${kind}` })]));
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
  const tool = (name, title, path, click) =>
    el('button', { type: 'button', class: 'plain', 'aria-label': name, title, click }, icon(path));
  const toOne = el(
    'button',
    { type: 'button', title: 'One picture pixel a screen pixel (1)', click: () => oneToOne() },
    '1:1',
  );
  const residualButton = el(
    'button',
    {
      type: 'button',
      'aria-pressed': 'false',
      title: 'What was taken away (R)',
      click: () => showResidual(!residualShown),
    },
    'Residual',
  );
  const scaleText = el('span', { class: 'quiet number' });
  const legend = el('span', { class: 'legend', hidden: true });
  const tools = el(
    'div',
    { class: 'tools' },
    tool('Zoom out', 'Zoom out (−)', ICONS.minus, () => zoomBy(1 / ZOOMS)),
    tool('Zoom in', 'Zoom in (+)', ICONS.plus, () => zoomBy(ZOOMS)),
    tool('Fit the picture', 'Fit (0)', ICONS.reset, () => fitAll()),
    toOne,
    residualButton,
    scaleText,
    legend,
  );
  const detail = createDetail(images, () => unpin());
  root.append(el('div', { class: 'box' }, frame, tools), detail.element, el('div', { class: 'caption hint' }, HINT));

  const digests = {};
  /** @type {Swipe} */
  let header;
  let size = [1, 1];
  let share = 0.5;
  let scale = 1; // CSS pixels a picture pixel
  let fitScale = 1;
  let offset = [0, 0]; // of the picture's corner, in CSS pixels
  let width = 0;
  let residualShown = false;
  let pinned = null; // middle of the pinned detail, in picture pixels

  const isZoomed = () => scale > fitScale * 1.001;

  const place = oncePerFrame(() => {
    const [w, h] = size;
    const crisp = scale * (window.devicePixelRatio || 1) >= 2 && Math.max(w, h) <= 256;
    for (const image of Object.values(images)) {
      image.style.width = `${w * scale}px`;
      image.style.height = `${h * scale}px`;
      image.style.transform = `translate(${offset[0]}px, ${offset[1]}px)`;
      image.style.imageRendering = crisp || scale > fitScale * 2 ? 'pixelated' : 'auto';
    }
    const x = share * frame.clientWidth;
    divider.style.transform = `translateX(${x}px)`;
    images.after.style.clipPath = `inset(0 0 0 ${Math.max(0, x - offset[0])}px)`;
    images.residual.hidden = tags.residual.hidden = legend.hidden = !residualShown;
    divider.hidden = tags.before.hidden = tags.after.hidden = residualShown;
    residualButton.setAttribute('aria-pressed', String(residualShown));
    frame.style.touchAction = isZoomed() ? 'none' : '';
    frame.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    frame.setAttribute('aria-valuetext', `${percent(share)} ${header?.labels[0] ?? ''}`);
    scaleText.textContent = `${threeDigits(scale * (window.devicePixelRatio || 1))} ×`;
    placeMark();
  });

  function placeMark() {
    mark.hidden = !pinned;
    if (!pinned) return;
    const side = detail.side(size);
    mark.style.width = mark.style.height = `${side * scale}px`;
    const [x, y] = pinned.map((middle, i) => (middle - side / 2) * scale + offset[i]);
    mark.style.transform = `translate(${x}px, ${y}px)`;
  }

  function fitAll() {
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    const room = Math.min(width / size[0], 640 / size[1]);
    const whole = room * ratio >= 1 ? Math.floor(room * ratio) / ratio : room;
    fitScale = scale = Math.max(size[0], size[1]) <= 256 ? whole : Math.min(room, 1);
    offset = [0, 0];
    frame.style.width = `${size[0] * scale}px`;
    frame.style.height = `${size[1] * scale}px`;
    place();
  }

  const middle = () => [frame.clientWidth / 2, frame.clientHeight / 2];

  function zoomTo(wanted, at = middle()) {
    const least = Math.min(fitScale, 1 / (window.devicePixelRatio || 1));
    const next = Math.min(LARGEST_SCALE, Math.max(least, wanted));
    offset = offset.map((o, i) => at[i] - ((at[i] - o) * next) / scale);
    scale = next;
    keepInside();
  }

  const zoomBy = (factor, at) => zoomTo(scale * factor, at);
  const oneToOne = () => zoomTo(1 / (window.devicePixelRatio || 1));

  function moveBy(dx, dy) {
    offset = [offset[0] + dx, offset[1] + dy];
    keepInside();
  }

  function keepInside() {
    const room = [frame.clientWidth, frame.clientHeight];
    offset = offset.map((o, i) => Math.min(0, Math.max(room[i] - size[i] * scale, o)));
    place();
  }

  function showResidual(shown) {
    residualShown = shown && digests.residual !== undefined;
    place();
  }

  /** Where in the frame an event is, in CSS pixels. */
  function placeOf(event) {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left - 1, event.clientY - box.top - 1];
  }

  function follow(event) {
    share = Math.min(1, Math.max(0, placeOf(event)[0] / frame.clientWidth));
    place();
  }

  function pinAt(at) {
    const wanted = at.map((x, i) => (x - offset[i]) / scale);
    const half = detail.side(size) / 2;
    pinned = wanted.map((x, i) => Math.round(Math.min(size[i] - half, Math.max(half, x))));
    detail.show(pinned, size, header);
    place();
  }

  function unpin() {
    pinned = null;
    detail.hide();
    place();
  }

  // --- Pointers: one moves the divider, or a zoomed picture where it is a pressed mouse; two zoom and move ---

  const pressed = new Map(); // pointer -> where it is in the frame
  let start = null; // of a press that may become a click

  frame.addEventListener('pointerdown', (event) => {
    frame.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, placeOf(event));
    start = pressed.size === 1 ? placeOf(event) : null;
    if (event.pointerType !== 'mouse' && pressed.size === 1) follow(event);
  });
  frame.addEventListener('pointermove', (event) => {
    const before = pressed.get(event.pointerId);
    const now = placeOf(event);
    if (start && before && Math.hypot(now[0] - start[0], now[1] - start[1]) > STILL) start = null;
    if (before) pressed.set(event.pointerId, now);
    if (before && pressed.size === 2) {
      const other = [...pressed].find(([id]) => id !== event.pointerId)[1];
      const spread = (place) => Math.max(1, Math.hypot(place[0] - other[0], place[1] - other[1]));
      moveBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      zoomBy(spread(now) / spread(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    } else if (before && isZoomed() && event.pointerType === 'mouse') {
      if (!start) moveBy(now[0] - before[0], now[1] - before[1]);
    } else {
      follow(event);
    }
  });
  frame.addEventListener('pointerup', (event) => {
    if (start && pressed.has(event.pointerId)) pinAt(placeOf(event));
  });
  for (const name of ['pointerup', 'pointercancel']) {
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

  const shares = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
  const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const actions = {
    '+': () => zoomBy(ZOOMS),
    '=': () => zoomBy(ZOOMS),
    '-': () => zoomBy(1 / ZOOMS),
    0: () => fitAll(),
    1: () => oneToOne(),
    r: () => showResidual(!residualShown),
    p: () => pinAt([share * frame.clientWidth, frame.clientHeight / 2]),
    Escape: () => unpin(),
    Home: () => (share = 0),
    End: () => (share = 1),
  };
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.shiftKey && event.key in moves) {
      moveBy(...moves[event.key].map((direction) => direction * 0.1 * frame.clientWidth));
    } else if (event.key in shares) share = Math.min(1, Math.max(0, share + shares[event.key] * STEP));
    else if (action) action();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit runs the page again on R
    place();
  });

  // --- Pictures ---

  images.before.addEventListener('load', () => {
    const natural = [images.before.naturalWidth, images.before.naturalHeight];
    const same = natural[0] === size[0] && natural[1] === size[1];
    size = natural;
    // A new strength gives new pictures of one size: the user's zoom and pin stay.
    if (!same) unpin();
    if (same && width) place();
    else fitAll();
  });
  for (const image of Object.values(images)) {
    image.addEventListener('load', () => pinned && detail.show(pinned, size, header));
  }
  const unwatch = watchWidth(root, (newWidth) => {
    if (newWidth - 2 === width) return;
    width = newWidth - 2;
    fitAll();
  });

  return {
    update(message) {
      header = message;
      const pictures = { before: message.before, after: message.after, residual: message.residual?.png };
      for (const kind of kinds) {
        const digest = pictures[kind]?.digest;
        if (digest !== digests[kind]) holders[kind].show(pictures[kind]?.read() ?? null);
        digests[kind] = digest;
      }
      tags.before.textContent = header.labels[0];
      tags.after.textContent = header.labels[1];
      residualButton.hidden = digests.residual === undefined;
      if (header.residual) {
        tags.residual.textContent = header.residual.label;
        legend.replaceChildren(...legendParts(header.residual));
      }
      frame.setAttribute('aria-label', `Divider: ${header.labels[0]} on the left, ${header.labels[1]} on the right`);
      showResidual(residualShown);
    },

    destroy() {
      place.cancel();
      unwatch();
      Object.values(holders).forEach((holder) => holder.destroy());
    },
  };
}

/** A scale for colours: its ends with their unit, and the colours between. */
function legendParts({ limit, unit, colours }) {
  const bar = el('span', { class: 'ramp' });
  bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
  return [el('span', {}, `−${threeDigits(limit)}`), bar, el('span', {}, `+${threeDigits(limit)} ${unit}`)];
}

export default liveComponent(createSwipe, css);
