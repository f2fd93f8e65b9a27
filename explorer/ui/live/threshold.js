// Histograms of scores and a threshold to drag; every count follows in the browser.

const MARGIN = { left: 8, right: 8, top: 22, bottom: 34 };
const HEIGHT = 280;

function createThreshold(root, report) {
  const plot = el('svg', { class: 'plot', role: 'presentation', width: '100%', height: HEIGHT });
  const bars = el('g');
  const axis = el('g', { class: 'axis' });
  const mark = el('line', { class: 'mark' });
  const grip = el('rect', { class: 'grip', width: 9, height: 22, rx: 3 });
  const value = el('text', { class: 'value-text' });
  const handle = el('g', { class: 'handle', role: 'slider', tabindex: 0, 'aria-label': 'Threshold' }, mark, grip, value);
  plot.append(bars, axis, handle);
  const legend = el('div', { class: 'legend' });
  const figures = el('div', { class: 'figures' });
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  root.append(legend, plot, figures, spoken);

  let header = null;
  let settings = '';
  let digests = {};
  let normal = new Float32Array(0);
  let novel = null;
  let threshold = 0;
  let low = 0;
  let high = 1;
  let width = 0;

  const tell = whenCalm(() => report('threshold', { digests, value: threshold }), 120);
  const speak = whenCalm((text) => {
    spoken.textContent = text;
  }, 500);

  const toScreen = (score) => MARGIN.left + ((score - low) / (high - low)) * (width - MARGIN.left - MARGIN.right);
  const toScore = (px) => low + ((px - MARGIN.left) / (width - MARGIN.left - MARGIN.right)) * (high - low);

  const follow = oncePerFrame(() => {
    if (!width) return;
    const x = toScreen(threshold);
    const bottom = HEIGHT - MARGIN.bottom;
    setAll(mark, { x1: x, x2: x, y1: MARGIN.top, y2: bottom });
    setAll(grip, { x: x - 4.5, y: (MARGIN.top + bottom) / 2 - 11 });
    const right = x > width - 130;
    setAll(value, { x: right ? x - 8 : x + 8, y: MARGIN.top - 7, 'text-anchor': right ? 'end' : 'start' });
    value.textContent = `threshold ${threeDigits(threshold)}`;
    setAll(handle, { 'aria-valuemin': low, 'aria-valuemax': high, 'aria-valuenow': threshold, 'aria-valuetext': threeDigits(threshold) });
    showFigures();
  });

  function showFigures() {
    const alarms = countAbove(normal, threshold);
    const cells = [rate('False alarms', alarms, normal.length, header.labels[0], 'normal')];
    if (novel) {
      const caught = countAbove(novel, threshold);
      cells.push(rate('Caught', caught, novel.length, header.labels[1], 'novel'));
      cells.push(rate('Missed', novel.length - caught, novel.length, header.labels[1], 'novel'));
    }
    figures.replaceChildren(...cells.map((cell) => cell.element));
    speak(cells.map((cell) => cell.text).join('. '));
  }

  function drawBars() {
    const sets = [normal, ...(novel ? [novel] : [])];
    const count = Math.max(16, Math.min(80, Math.floor(width / 9)));
    const histograms = sets.map((scores) => histogram(scores, low, high, count));
    // As shares, so that a small set is not lost beside a large one.
    const shares = histograms.map((bins, i) => bins.map((n) => n / Math.max(1, sets[i].length)));
    const top = Math.max(...shares.flat(), 1e-9);
    const bottom = HEIGHT - MARGIN.bottom;
    const step = (width - MARGIN.left - MARGIN.right) / count;
    bars.replaceChildren(
      ...shares.flatMap((bins, set) =>
        bins.map((share, i) => {
          const h = (share / top) * (bottom - MARGIN.top - 6);
          return share === 0
            ? ''
            : el('rect', { class: set === 0 ? 'normal' : 'novel', x: MARGIN.left + i * step + 0.5, width: Math.max(1, step - 1), y: bottom - h, height: h });
        }),
      ),
    );
    axis.replaceChildren(
      el('line', { x1: MARGIN.left, x2: width - MARGIN.right, y1: bottom, y2: bottom }),
      ...ticksBetween(low, high, width / 110).map((tick) => el('text', { x: toScreen(tick.at), y: bottom + 15, 'text-anchor': 'middle' }, tick.text)),
      el('text', { class: 'title', x: width - MARGIN.right, y: bottom + 31, 'text-anchor': 'end' }, header.title),
    );
  }

  function showLegend() {
    const names = header.labels.slice(0, novel ? 2 : 1);
    const sizes = [normal, novel].map((scores) => scores?.length.toLocaleString('en-US'));
    legend.replaceChildren(
      ...names.map((name, i) => el('span', {}, el('span', { class: `dot ${i === 0 ? 'normal' : 'novel'}` }), `${name}, n = ${sizes[i]}`)),
    );
  }

  function set(score, released) {
    threshold = Math.min(high, Math.max(low, score));
    follow();
    if (released) tell();
  }

  let dragging = false;
  const under = (event) => toScore(event.clientX - plot.getBoundingClientRect().left);
  plot.addEventListener('pointerdown', (event) => {
    dragging = true;
    plot.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    set(under(event), false);
    event.preventDefault();
  });
  plot.addEventListener('pointermove', (event) => {
    if (dragging) set(under(event), false);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    plot.addEventListener(name, () => {
      if (dragging) tell();
      dragging = false;
    });
  }
  handle.addEventListener('keydown', (event) => {
    const step = (high - low) / (event.shiftKey ? 1000 : 200);
    const to = {
      ArrowLeft: threshold - step,
      ArrowDown: threshold - step,
      ArrowRight: threshold + step,
      ArrowUp: threshold + step,
      PageDown: threshold - 10 * step,
      PageUp: threshold + 10 * step,
      Home: low,
      End: high,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to, true);
  });
  const unwatch = watchWidth(root, (newWidth) => {
    width = newWidth;
    if (header) {
      drawBars();
      follow();
    }
  });

  return {
    update(envelope) {
      header = envelope.header;
      digests = Object.fromEntries(['normal', 'novel'].filter((name) => envelope.has(name)).map((name) => [name, envelope.digest(name)]));
      const newSettings = JSON.stringify([header, digests]);
      if (newSettings !== settings) {
        settings = newSettings;
        normal = new Float32Array(envelope.section('normal').buffer);
        novel = envelope.has('novel') ? new Float32Array(envelope.section('novel').buffer) : null;
        [low, high] = header.range;
        threshold = header.threshold;
        for (const [name, colour] of Object.entries(header.colours)) root.style.setProperty(`--${name}`, colour);
        showLegend();
        if (width) drawBars();
      }
      follow();
    },

    destroy() {
      follow.cancel();
      tell.cancel();
      speak.cancel();
      unwatch();
    },
  };
}

function rate(name, count, of, what, kind) {
  const share = of ? percent(count / of, 1) : '–';
  const total = `${count.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} ${what}`;
  return {
    text: `${name}: ${share}, ${total}`,
    element: el(
      'div',
      { class: `figure ${kind}` },
      el('div', { class: 'caption' }, name),
      el('div', { class: 'rate' }, share),
      el('div', { class: 'caption' }, total),
    ),
  };
}

/** How many of the sorted scores lie above the threshold. */
function countAbove(sorted, threshold) {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] > threshold) to = middle;
    else from = middle + 1;
  }
  return sorted.length - from;
}

/** Scores in each of `count` equal bins; those outside the range fall into the first or last. */
function histogram(scores, low, high, count) {
  const bins = new Array(count).fill(0);
  for (const score of scores) {
    bins[Math.min(count - 1, Math.max(0, Math.floor(((score - low) / (high - low)) * count)))]++;
  }
  return bins;
}

function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

export default liveComponent(createThreshold);
