// A surface to draw on, encoded and rebuilt in the browser while the hand moves; pictures can be pasted and dropped.

import { Network } from '../runtime/network.js';
import { sizeOf } from '../runtime/operations.js';
import { channel } from '../shared/channel.js';
import { pictureReceiver, toBase64 } from '../shared/clipboard.js';
import { liveComponent } from '../shared/component.js';
import { el, watchWidth } from '../shared/dom.js';
import { itemView } from '../shared/item_view.js';
import { threeDigits } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { createSketch } from './sketch.js';
import css from './style.css';

/** @import { Create, DrawingSurface } from '../messages.js' */
import { toItem } from './user_image.js';

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
  const given = itemView('What the model gets of the drawing');
  const rebuilt = itemView('What the model makes of the drawing');
  const givenCaption = el('div', { class: 'caption' }, 'What the model gets');
  const rebuiltCaption = el('div', { class: 'caption' });
  const numbers = el('div', { class: 'caption numbers' });
  const status = el('div', { class: 'caption status', role: 'status' });

  const tool = (name, text) => el('button', { type: 'button', 'aria-pressed': 'false', click: () => take(name) }, text);
  const tools = { pen: tool('pen', 'Pen'), eraser: tool('eraser', 'Eraser') };
  const undo = el('button', { type: 'button', click: () => sketch.undo() && changed() }, 'Undo');
  const clear = el('button', { type: 'button', click: empty }, 'Clear');
  const paste = el('button', { type: 'button', click: () => receiver.readClipboard() }, 'Paste a picture');
  const size = el('input', { type: 'range', min: 2, max: 30, step: 1, value: 10, input: showBrush });
  const sizeLabel = el('label', { class: 'brush' }, el('span', {}, 'Brush'), size);
  const colour = el('input', { type: 'color', 'aria-label': 'Colour of the pen' });
  const toolbar = el('div', { class: 'toolbar', role: 'group', 'aria-label': 'Drawing tools' });
  toolbar.append(tools.pen, tools.eraser, sizeLabel, colour, undo, clear, paste);
  const previews = el('div', { class: 'previews' });
  previews.append(
    el('figure', {}, given.element, givenCaption),
    el('figure', {}, rebuilt.element, rebuiltCaption),
    numbers,
  );
  root.append(el('div', { class: 'drawing' }, frame, previews, el('div', { class: 'tools' }, toolbar, status)));

  /** @type {DrawingSurface} */
  let header;
  let settings = '';
  let sketch = createSketch([1, 1, 1], 0);
  let raw = [1, 1]; // height and width of the surface in its own pixels
  let item = new Float32Array(1);
  let encoder = null;
  let rebuilder = null;
  let packs = '';
  let line = null; // to the maps of the page
  let lineName = '';
  let drawn = 0; // number of the drawing that Python holds, as it said last; 0 for none
  const sent = new Set(); // numbers of the drawings that came from here
  let told = 0; // number under which Python has, or will have, what is on the surface now; 0 for none yet
  let active = 'pen';
  let pointer = null; // that draws: {id, at}
  let cursor = null; // of the keyboard, in surface pixels
  let isDown = false; // the keyboard's pen

  const receiver = pictureReceiver(
    (picture) => send('picture', picture),
    (words) => (status.textContent = words),
  );
  const follow = oncePerFrame(show);
  const tell = whenCalm(report, CALM);
  const unwatch = watchWidth(root, (width) => {
    const isColumn = SLIM < width && width <= NARROW;
    const room = Math.min(ROOM, isColumn ? width - PREVIEW : width - 2);
    const scale = room / Math.max(...raw);
    surface.style.width = `${raw[1] * scale}px`;
    surface.style.height = `${raw[0] * scale}px`;
    for (const view of [given, rebuilt]) view.fit(isColumn ? PREVIEW - 26 : Math.min(PREVIEW, width / 2 - 10));
    showCross();
  });

  // --- Drawing ---

  const radius = () => (size.valueAsNumber / 200) * Math.max(...raw);

  function ink() {
    if (active === 'eraser') return header.shape[0] === 3 ? Array(3).fill(header.ground) : [header.ground];
    if (header.shape[0] === 1) return [255 - header.ground];
    return [1, 3, 5].map((at) => parseInt(colour.value.slice(at, at + 2), 16));
  }

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

  function empty() {
    if (sketch.isEmpty) return;
    sketch.clear();
    changed();
  }

  function place(event) {
    const box = surface.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * raw[1], ((event.clientY - box.top) / box.height) * raw[0]];
  }

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
  for (const name of ['pointerup', 'pointercancel']) {
    surface.addEventListener(name, (event) => {
      if (event.pointerId !== pointer?.id) return;
      pointer = null;
      changed();
    });
  }

  // --- By keyboard ---

  function showCross() {
    cross.hidden = !cursor || surface.getRootNode().activeElement !== surface;
    if (!cursor) return;
    cross.style.left = `${(100 * cursor[0]) / raw[1]}%`;
    cross.style.top = `${(100 * cursor[1]) / raw[0]}%`;
    cross.classList.toggle('down', isDown);
  }

  function lift() {
    if (!isDown) return;
    isDown = false;
    say('Pen up.');
    changed();
  }

  function move(dx, dy, fine) {
    const step = Math.max(...raw) / (fine ? 4 * SPLIT : SPLIT);
    const from = cursor ?? [raw[1] / 2, raw[0] / 2];
    cursor = [Math.min(raw[1], Math.max(0, from[0] + dx * step)), Math.min(raw[0], Math.max(0, from[1] + dy * step))];
    if (!isDown) return;
    sketch.segment(from, cursor, radius(), ink());
    follow();
  }

  function putDown() {
    cursor ??= [raw[1] / 2, raw[0] / 2];
    isDown = true;
    start(cursor);
    say('Pen down: the arrow keys draw, Space lifts it.');
  }

  function resize(by) {
    size.value = size.valueAsNumber + by;
    showBrush();
    say(`Brush: ${size.value} % of the surface.`);
  }

  const KEYS = {
    ArrowLeft: (event) => move(-1, 0, event.shiftKey),
    ArrowRight: (event) => move(1, 0, event.shiftKey),
    ArrowUp: (event) => move(0, -1, event.shiftKey),
    ArrowDown: (event) => move(0, 1, event.shiftKey),
    ' ': () => (isDown ? lift() : putDown()),
    Escape: lift,
    Delete: empty,
    Backspace: () => sketch.undo() && changed(),
    e: () => take(active === 'pen' ? 'eraser' : 'pen'),
    '[': () => resize(-1),
    ']': () => resize(1),
  };
  surface.addEventListener('keydown', (event) => {
    const withModifier = event.ctrlKey || event.metaKey;
    const isUndo = withModifier && event.key === 'z';
    const action = isUndo ? KEYS.Backspace : withModifier || event.altKey ? null : KEYS[event.key];
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

  function say(text) {
    status.textContent = text || 'Draw with mouse, finger or pen; paste a picture with Ctrl+V, or drop one here.';
  }

  // --- Pictures from elsewhere ---

  root.addEventListener('dragover', (event) => {
    event.preventDefault();
    frame.classList.add('over');
  });
  root.addEventListener('dragleave', () => frame.classList.remove('over'));
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    frame.classList.remove('over');
    const [file] = event.dataTransfer.files;
    if (file) receiver.takeFile(file, file.name);
  });

  // --- What the model makes of it ---

  function show() {
    paintSurface(surface, sketch.pixels, header.shape[0], raw);
    hint.hidden = !sketch.isEmpty;
    const isThere = toItem(sketch.pixels, raw, header.shape, header.steps, item);
    given.show(item);
    rebuilt.element.parentElement.hidden = !encoder;
    if (!isThere || !encoder) {
      rebuilt.show(new Float32Array(item.length).fill(header.ground / 255));
      rebuiltCaption.textContent = 'What it makes of it';
      numbers.textContent = isThere ? header.reason : '';
      line?.publish('unplace', {});
      return;
    }
    const output = encoder.run(item);
    const code = output.slice(0, header.model.latent_dim);
    const std = output.length > code.length ? output.slice(code.length).map((logvar) => Math.exp(logvar / 2)) : null;
    const x = rebuilder.run(header.model.from_code ? code : item);
    rebuilt.show(x);
    const error = x.reduce((sum, value, i) => sum + (value - item[i]) ** 2, 0);
    rebuiltCaption.textContent = `What it makes of it: squared error ${threeDigits(error)}`;
    const shown = Array.from(code.subarray(0, 4), threeDigits).join(', ');
    numbers.textContent = `Code (${shown}${code.length > 4 ? ', …' : ''})`;
    // Once Python has this drawing, the page marks it itself.
    if (told && header.drawn === told) line?.publish('unplace', {});
    else line?.publish('place', { code, std, label: header.label });
  }

  function report() {
    told = Date.now();
    sent.add(told);
    send('drawn', { id: told, data: sketch.isEmpty ? '' : toBase64(sketch.pixels) });
  }

  function build() {
    raw = header.raw;
    item = new Float32Array(sizeOf(header.shape));
    sketch = createSketch([header.shape[0], ...raw], header.ground);
    for (const view of [given, rebuilt]) view.prepare(header.shape, []);
    [surface.width, surface.height] = [raw[1], raw[0]];
    hint.style.color = header.ground > 127 ? '#000' : '#fff';
    colour.hidden = header.shape[0] !== 3;
    size.value = header.brush;
    showBrush();
  }

  take('pen');
  say('');

  return {
    update(message) {
      header = message;
      const model = message.model;
      const names = model ? [model.encoder.digest, model.rebuilder.digest].join() : '';
      if (names !== packs) {
        packs = names;
        encoder = model ? new Network(model.encoder.read()) : null;
        rebuilder = model ? new Network(model.rebuilder.read()) : null;
      }
      if (header.link !== lineName) {
        lineName = header.link;
        line = lineName ? channel(lineName) : null;
      }
      const surfaceSettings = JSON.stringify([header.shape, header.raw, header.ground, header.brush]);
      const isOther = surfaceSettings !== settings;
      settings = surfaceSettings;
      if (isOther) build();
      // What Python holds counts where it is another drawing than before and did not come from here.
      if (isOther || (header.drawn !== drawn && !sent.has(header.drawn))) {
        sketch.reset(message.pixels?.read() ?? null);
        told = header.drawn;
        undo.disabled = true;
      }
      drawn = header.drawn;
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

/** Show the surface's own pixels; the style sheet makes them larger. */
function paintSurface(canvas, pixels, channels, [height, width]) {
  const context = canvas.getContext('2d');
  const picture = context.createImageData(width, height);
  const area = height * width;
  for (let i = 0, to = 0; i < area; i++, to += 4) {
    for (let c = 0; c < 3; c++) picture.data[to + c] = pixels[i + (channels === 3 ? c * area : 0)];
    picture.data[to + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

export default liveComponent(createDrawing, css);
