// A surface to draw on, encoded and rebuilt in the browser while the hand moves; pictures can be pasted and dropped.

import { sizeOf } from '../runtime/operations.js';
import { toBase64 } from '../shared/base64.js';
import { channel } from '../shared/channel.js';
import { pictureReceiver } from '../shared/clipboard.js';
import { liveComponent } from '../shared/component.js';
import { el, watchWidth } from '../shared/dom.js';
import features from '../shared/features.css';
import { brushOf } from '../shared/picture.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { createPreview } from './preview.js';
import { createSketch } from './sketch.js';
import css from './style.css';
import { toItem } from './user_image.js';

/** @import { Create, DrawingSurface } from '../messages.js' */
/** @import { Line } from '../shared/channel.js' */
/** @import { Point } from './sketch.js' */

const ROOM = 340; // CSS pixels of the surface's longer side, where there is room
const PREVIEW = 112; // and of the pictures beside it
// CSS pixels of the whole, as in the style sheet: up to the first the pictures stand in a column beside the surface, to be
// in sight while a hand draws; up to the second there is no room for that, and they stand in a row below it.
const NARROW = 560;
const SLIM = 330;
const CALM = 250; // ms after a stroke before the server hears of it: the next stroke may follow at once
const SPLIT = 28; // steps of the arrow keys from side to side

/** @type {Create<'drawing'>} */
function createDrawing(root, _report, send) {
  const surface = el('canvas', {
    class: 'surface',
    tabindex: 0,
    role: 'application',
    'aria-label': 'Drawing surface',
  });
  const cross = el('div', { class: 'cross', hidden: true });
  const hint = el('div', { class: 'hint', 'aria-hidden': 'true' }, 'Draw here');
  const frame = el('div', { class: 'frame' }, surface, hint, cross);
  const preview = createPreview();
  const status = el('div', { class: 'caption status', role: 'status' });

  /**
   * @param {'pen' | 'eraser'} name
   * @param {string} text
   */
  const tool = (name, text) => el('button', { type: 'button', 'aria-pressed': 'false', click: () => take(name) }, text);
  const tools = { pen: tool('pen', 'Pen'), eraser: tool('eraser', 'Eraser') };
  const undo = el('button', { type: 'button', click: takeBack }, 'Undo');
  const clear = el('button', { type: 'button', click: empty }, 'Clear');
  const paste = el('button', { type: 'button', click: () => receiver.readClipboard() }, 'Paste a picture');
  const size = el('input', { type: 'range', min: 2, max: 30, step: 1, value: 10, input: showBrush });
  const sizeLabel = el('label', { class: 'brush' }, el('span', {}, 'Brush'), size);
  const colour = el('input', { type: 'color', 'aria-label': 'Colour of the pen' });
  const toolbar = el(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': 'Drawing tools' },
    ...[tools.pen, tools.eraser, sizeLabel, colour, undo, clear, paste],
  );
  const toolbox = el('div', { class: 'tools' }, toolbar, status);
  root.append(el('div', { class: 'drawing' }, frame, preview.element, toolbox));

  /** @type {DrawingSurface} */
  let message;
  let settings = '';
  let sketch = createSketch([1, 1, 1], 0);
  let item = new Float32Array(1);
  /** @type {Line | null} */
  let line = null; // to the maps of the page
  let lineName = '';
  let drawn = 0; // number of the drawing that Python holds, as it said last; 0 for none
  /** @type {Set<number>} */
  const sent = new Set(); // numbers of the drawings that came from here
  let told = 0; // number under which Python has, or will have, what is on the surface now; 0 for none yet
  /** @type {'pen' | 'eraser'} */
  let active = 'pen';
  /** @type {{id: number, at: Point} | null} */
  let pointer = null; // that draws
  /** @type {Point | null} */
  let cursor = null; // of the keyboard, in surface pixels
  let isDown = false; // the keyboard's pen

  const receiver = pictureReceiver(
    (picture) => message.takes_pictures && send('picture', picture),
    (words) => status.replaceChildren(words),
  );
  const follow = oncePerFrame(show);
  const tell = whenCalm(report, CALM);
  let [height, width] = [1, 1]; // of the surface in its own pixels
  const unwatch = watchWidth(root, (newWidth) => {
    const isColumn = SLIM < newWidth && newWidth <= NARROW;
    const room = Math.min(ROOM, isColumn ? newWidth - PREVIEW : newWidth - 2);
    const scale = room / Math.max(height, width);
    surface.style.width = `${width * scale}px`;
    surface.style.height = `${height * scale}px`;
    preview.fit(isColumn ? PREVIEW - 26 : Math.min(PREVIEW, newWidth / 2 - 10));
    showCross();
  });

  // --- Drawing ---

  const radius = () => (size.valueAsNumber / 200) * Math.max(height, width);

  /** Brightness of each channel. */
  function ink() {
    const { ground } = message;
    const channels = message.shape[0];
    if (active === 'eraser') return Array(channels).fill(ground);
    if (channels === 1) return [255 - ground];
    return [1, 3, 5].map((at) => Number.parseInt(colour.value.slice(at, at + 2), 16));
  }

  /** @param {'pen' | 'eraser'} name */
  function take(name) {
    active = name;
    for (const [each, button] of Object.entries(tools)) button.setAttribute('aria-pressed', String(each === name));
  }

  function showBrush() {
    const share = (size.valueAsNumber - 2) / 28;
    size.style.setProperty('--at', `calc(7px + (100% - 14px) * ${share})`);
    size.setAttribute('aria-valuetext', `${size.value} % of the surface`);
  }

  function changed() {
    told = 0;
    follow();
    tell();
    undo.disabled = !sketch.canUndo;
  }

  function takeBack() {
    if (sketch.undo()) changed();
  }

  function empty() {
    if (sketch.isEmpty) return;
    sketch.clear();
    changed();
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  function place(event) {
    const box = surface.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  /** @param {Point} at */
  function start(at) {
    tell.cancel();
    told = 0;
    sketch.begin();
    sketch.segment(at, at, radius(), ink());
    follow();
  }

  surface.addEventListener('pointerdown', (event) => {
    if (pointer || event.button > 0) return;
    event.preventDefault();
    lift();
    pointer = { id: event.pointerId, at: place(event) };
    surface.focus({ preventScroll: true });
    surface.setPointerCapture(event.pointerId);
    cross.hidden = true;
    start(pointer.at);
  });
  surface.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer?.id) return;
    // Those that the browser put together into this one, so that a quick curve stays round.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const at = place(each);
      sketch.segment(pointer.at, at, radius(), ink());
      pointer.at = at;
    }
    follow();
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    surface.addEventListener(name, (event) => {
      if (event.pointerId !== pointer?.id) return;
      pointer = null;
      changed();
    });
  }

  // --- By keyboard ---

  function showCross() {
    cross.hidden = !cursor || !surface.matches(':focus');
    if (!cursor) return;
    cross.style.left = `${(100 * cursor[0]) / width}%`;
    cross.style.top = `${(100 * cursor[1]) / height}%`;
    cross.classList.toggle('down', isDown);
  }

  function lift() {
    if (!isDown) return;
    isDown = false;
    say('Pen up.');
    changed();
  }

  /** @returns {Point} */
  const middle = () => [width / 2, height / 2];

  /**
   * @param {number} dx
   * @param {number} dy
   * @param {boolean} fine in smaller steps.
   */
  function move(dx, dy, fine) {
    const step = Math.max(height, width) / (fine ? 4 * SPLIT : SPLIT);
    const from = cursor ?? middle();
    const [x, y] = [from[0] + dx * step, from[1] + dy * step];
    cursor = [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
    if (!isDown) return;
    sketch.segment(from, cursor, radius(), ink());
    follow();
  }

  function putDown() {
    cursor ??= middle();
    isDown = true;
    start(cursor);
    say('Pen down: the arrow keys draw, Space lifts it.');
  }

  /** @param {number} by */
  function resize(by) {
    size.value = String(size.valueAsNumber + by);
    showBrush();
    say(`Brush: ${size.value} % of the surface.`);
  }

  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const keys = {
    ArrowLeft: (event) => move(-1, 0, event.shiftKey),
    ArrowRight: (event) => move(1, 0, event.shiftKey),
    ArrowUp: (event) => move(0, -1, event.shiftKey),
    ArrowDown: (event) => move(0, 1, event.shiftKey),
    ' ': () => (isDown ? lift() : putDown()),
    Escape: lift,
    Delete: empty,
    Backspace: takeBack,
    e: () => take(active === 'pen' ? 'eraser' : 'pen'),
    '[': () => resize(-1),
    ']': () => resize(1),
  };
  surface.addEventListener('keydown', (event) => {
    const withModifier = event.ctrlKey || event.metaKey;
    const isUndo = withModifier && event.key === 'z';
    const action = isUndo ? takeBack : withModifier || event.altKey ? null : keys[event.key];
    if (!action || pointer) return;
    event.preventDefault();
    action(event);
    showCross();
  });
  surface.addEventListener('focus', () => {
    if (!pointer) say('Arrow keys move the pen, Space sets it down and lifts it, E erases, Backspace undoes.');
  });
  surface.addEventListener('blur', () => {
    lift();
    cross.hidden = true;
    say('');
  });

  /** @param {string} text */
  function say(text) {
    const pictures = message?.takes_pictures ? '; paste a picture with Ctrl+V, or drop one here' : '';
    status.textContent = text || `Draw with mouse, finger or pen${pictures}.`;
  }

  // --- Pictures from elsewhere ---

  root.addEventListener('dragover', (event) => {
    if (!message.takes_pictures) return;
    event.preventDefault();
    frame.classList.add('over');
  });
  root.addEventListener('dragleave', () => frame.classList.remove('over'));
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    frame.classList.remove('over');
    const file = event.dataTransfer?.files[0];
    if (file) receiver.takeFile(file, file.name);
  });

  // --- What the model makes of it ---

  function show() {
    const { shape, ground, steps, label } = message;
    paintSurface(surface, sketch.pixels, shape[0]);
    hint.hidden = !sketch.isEmpty;
    const isThere = toItem(sketch.pixels, [height, width], shape, steps, item);
    if (!isThere) preview.showEmpty(item, ground / 255);
    const encoded = isThere ? preview.show(item) : null;
    // Once Python has this drawing, the page marks it itself.
    if (!encoded || (told && drawn === told)) line?.publish('unplace', {});
    else line?.publish('place', { ...encoded, label });
  }

  function report() {
    told = Date.now();
    sent.add(told);
    send('drawn', { id: told, data: sketch.isEmpty ? '' : toBase64(sketch.pixels) });
  }

  function build() {
    const { shape, raw, ground, brush } = message;
    [height, width] = raw;
    item = new Float32Array(sizeOf(shape));
    sketch = createSketch([shape[0], height, width], ground);
    preview.prepare(shape);
    [surface.width, surface.height] = [width, height];
    hint.style.color = ground > 127 ? '#000' : '#fff';
    frame.style.background = `rgb(${ground} ${ground} ${ground})`;
    colour.hidden = shape[0] !== 3;
    size.value = String(brush);
    showBrush();
  }

  take('pen');

  return {
    update(newMessage) {
      message = newMessage;
      const { shape, raw, ground, brush, link, pixels } = message;
      preview.take(message.model, message.reason);
      paste.hidden = !message.takes_pictures;
      if (link !== lineName) {
        lineName = link;
        line = link ? channel(link) : null;
      }
      const newSettings = JSON.stringify([shape, raw, ground, brush]);
      const isOther = newSettings !== settings;
      settings = newSettings;
      if (isOther) {
        build();
        say('');
      }
      // What Python holds counts where it is another drawing than before and did not come from here.
      if (isOther || (message.drawn !== drawn && !sent.has(message.drawn))) {
        sketch.reset(pixels?.read() ?? null);
        told = message.drawn;
        undo.disabled = true;
      }
      drawn = message.drawn;
      follow();
    },

    destroy() {
      follow.cancel();
      tell.cancel();
      unwatch();
      receiver.destroy();
      line?.publish('unplace', {});
    },
  };
}

/**
 * Show the surface's own pixels; the style sheet makes them larger.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} pixels (C, H, W).
 * @param {number} channels 1 or 3.
 */
function paintSurface(canvas, pixels, channels) {
  const brush = brushOf(canvas);
  const picture = brush.createImageData(canvas.width, canvas.height);
  const area = canvas.width * canvas.height;
  for (let i = 0, to = 0; i < area; i++, to += 4) {
    for (let c = 0; c < 3; c++) picture.data[to + c] = pixels[i + (channels === 3 ? c * area : 0)];
    picture.data[to + 3] = 255;
  }
  brush.putImageData(picture, 0, 0);
}

export default liveComponent(createDrawing, features + css);
