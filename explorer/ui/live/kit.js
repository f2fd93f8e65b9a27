// What every component shares: the envelope, the life cycle inside Streamlit, and small pieces of interface.

/** A parsed envelope (see envelope.py): `header`, and byte sections by name. */
class Envelope {
  /** @param {Uint8Array} bytes as they came in the message, at any address. */
  constructor(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.start = 4 + view.getUint32(0, true);
    this.bytes = bytes;
    this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, this.start)));
  }

  has(name) {
    return name in this.header.sections;
  }

  /** A copy of a section, so that its first byte is aligned for any typed array. */
  section(name) {
    const [offset, length] = this.header.sections[name];
    return this.bytes.slice(this.start + offset, this.start + offset + length);
  }

  /** Equal digests mean equal bytes; undefined where there is no such section. */
  digest(name) {
    return this.header.sections[name]?.[2];
  }
}

const mounted = new WeakMap();

/**
 * Make the function that Streamlit calls.
 *
 * Streamlit calls it again in the same element whenever data or theme change, and calls only the last clean-up it got;
 * so the view is kept beside the element and updated, and a clean-up counts only while it is the latest.
 *
 * @param {(root: HTMLElement, report: (name: string, value: any) => void, tell: (name: string, value: any) => void) =>
 *   {update: (envelope: Envelope) => void, destroy: () => void}} create builds a view in an empty element; what it reports
 *   is kept and sent with every rerun, what it tells is an event that Python hears of once.
 */
function liveComponent(create) {
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    let entry = mounted.get(parentElement);
    if (!entry) {
      const root = el('div', { class: 'live' });
      parentElement.appendChild(root);
      entry = { root, calls: 0, report: null, tell: null, view: null };
      entry.view = create(
        root,
        (name, value) => entry.report(name, value),
        (name, value) => entry.tell(name, value),
      );
      mounted.set(parentElement, entry);
    }
    [entry.report, entry.tell] = [setStateValue, setTriggerValue];
    entry.view.update(new Envelope(data));
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
 * A line to the other components of the page that use the same name.
 *
 * Kinds: `hover` {position: the item under the pointer, or -1}; `selection` {positions: Uint32Array}; `place` {code:
 * Float32Array, std: Float32Array or null, label}, a code made in the browser; `unplace` {}. What this line publishes does
 * not come back to it. Components start in any order, so the last `place` is told to whoever subscribes later.
 *
 * @returns {{publish: (kind: string, detail: object) => void,
 *   subscribe: (listener: (kind: string, detail: object) => void) => (() => void)}} subscribe returns its undoing.
 */
function channel(name) {
  // On the window: each component is a module of its own.
  const channels = (window.explorerChannels ??= new Map());
  if (!channels.has(name)) channels.set(name, { listeners: new Map(), place: null });
  const shared = channels.get(name);
  const line = {
    publish(kind, detail) {
      if (kind === 'place') shared.place = detail;
      if (kind === 'unplace') shared.place = null;
      for (const [listener, owner] of [...shared.listeners]) if (owner !== line) listener(kind, detail);
    },
    subscribe(listener) {
      shared.listeners.set(listener, line);
      if (shared.place) listener('place', shared.place);
      return () => shared.listeners.delete(listener);
    },
  };
  return line;
}

/** An element with attributes (functions become listeners) and children (elements or text). */
function el(tag, attributes = {}, ...children) {
  const svg = ['svg', 'path', 'line', 'rect', 'g', 'text', 'circle'].includes(tag);
  const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A small line icon, 16 x 16, drawn in the text's colour. */
function icon(path) {
  return el(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'icon' },
    el('path', { d: path, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5, 'stroke-linecap': 'round' }),
  );
}

const ICONS = {
  reset: 'M3.5 8a4.5 4.5 0 1 0 1.6-3.4M3.2 2.8v2.6h2.6',
  play: 'M5 3.2v9.6l7.6-4.8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
};

/**
 * Run `work` at most once a frame, however often it is asked for; it reads the newest state itself.
 *
 * @returns a function that asks for a run, with `cancel` on it.
 */
function oncePerFrame(work) {
  let frame = 0;
  const ask = () => {
    if (!frame) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        work();
      });
    }
  };
  ask.cancel = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  return ask;
}

/** Run `work` when calls have paused for `wait` milliseconds, with the last arguments. */
function whenCalm(work, wait) {
  let timer = 0;
  const ask = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
  ask.cancel = () => clearTimeout(timer);
  return ask;
}

/** Three significant digits, with a true minus sign. */
function threeDigits(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  let text;
  if (size < 1e-12) text = '0';
  else if (size < 1e-4 || size >= 1e6) text = value.toExponential(2);
  else if (size >= 100) text = Math.round(value).toLocaleString('en-US');
  else text = value.toPrecision(3);
  return text.replaceAll('-', '−');
}

/** The share as a percentage. */
function percent(share, digits = 0) {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Distinguishes labels and inputs of several components on one page. */
let lastId = 0;
function newId() {
  return `live-${++lastId}`;
}

/** A value of the page's theme, such as `text-color`. */
function themeValue(element, name) {
  return getComputedStyle(element).getPropertyValue(`--st-${name}`).trim();
}

/** Shows PNG bytes in an <img>, and frees their address when they change. */
function pictureHolder(image) {
  let address = '';
  return {
    show(bytes) {
      URL.revokeObjectURL(address);
      address = bytes ? URL.createObjectURL(new Blob([bytes], { type: 'image/png' })) : '';
      if (address) image.src = address;
      else image.removeAttribute('src');
    },
    destroy: () => URL.revokeObjectURL(address),
  };
}

/**
 * A decoded item: a picture for events (C, H, W), a list of named values with bars for table rows (D,).
 *
 * @param {string} label what a screen reader calls it.
 */
function itemView(label) {
  const canvas = el('canvas', { class: 'picture', role: 'img', 'aria-label': label });
  const table = el('div', { class: 'features', role: 'table', 'aria-label': label });
  const element = el('div', { class: 'item' }, canvas, table);
  let rows = [];
  let shape = null;
  let room = 0;

  function refit() {
    if (shape?.length === 3 && room) fitPicture(canvas, shape[2], shape[1], room);
  }

  return {
    element,
    canvas,

    /**
     * @param {number[]} newShape of the item.
     * @param {{name: string, low: number, high: number}[]} features of a table row, in order.
     */
    prepare(newShape, features) {
      shape = newShape;
      canvas.hidden = shape.length !== 3;
      table.hidden = shape.length === 3;
      if (shape.length !== 3) {
        rows = Array.from({ length: shape[0] }, (_, i) => featureRow(features[i] ?? { name: `feature ${i + 1}`, low: 0, high: 1 }));
        table.replaceChildren(...rows.map((row) => row.element));
      }
      refit();
    },

    show(values) {
      if (shape.length === 3) drawItem(canvas, values, shape);
      else rows.forEach((row, i) => row.show(values[i]));
    },

    /** Mark another row's values on the bars of a table row; null for none. */
    mark(values) {
      rows.forEach((row, i) => row.mark(values ? values[i] : null));
    },

    /** CSS pixels that the longer side may take. */
    fit(newRoom) {
      room = newRoom;
      refit();
    },
  };
}

function featureRow({ name, low, high }) {
  const bar = el('span', { class: 'bar-fill' });
  const tick = el('span', { class: 'bar-tick', hidden: true });
  const value = el('span', { class: 'number', role: 'cell' });
  const element = el(
    'div',
    { class: 'feature', role: 'row' },
    el('span', { class: 'feature-name', role: 'rowheader', title: name }, name),
    el('span', { class: 'bar', title: `${threeDigits(low)} to ${threeDigits(high)} in the data` }, bar, tick),
    value,
  );
  const place = (x) => Math.min(1, Math.max(0, (x - low) / (high - low || 1)));
  return {
    element,
    show(x) {
      bar.style.transform = `scaleX(${place(x)})`;
      value.textContent = threeDigits(x);
    },
    mark(x) {
      tick.hidden = x === null;
      if (x !== null) tick.style.left = percent(place(x), 1).replace(' ', '');
    },
  };
}

/** Calls `work` with the element's width in CSS pixels, at once and whenever it changes. */
function watchWidth(element, work) {
  const observer = new ResizeObserver(([entry]) => work(entry.contentRect.width));
  observer.observe(element);
  return () => observer.disconnect();
}

/** Round numbers at which to label an axis from `low` to `high`, about `wanted` of them. */
function ticksBetween(low, high, wanted) {
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    found.push({ at: i * step, text: (i * step).toFixed(digits).replace('-', '−') });
  }
  return found;
}
