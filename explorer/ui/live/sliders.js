// One slider for each latent dimension; the picture follows the hand.

const SHOWN_AT_FIRST = 16;
const STEPS = 200; // of a slider over its range: finer than a pixel of its track

function createSliders(root, report) {
  const item = itemView('Decoded item');
  const caption = el('div', { class: 'caption' });
  const nearestImage = el('img', { class: 'picture', alt: 'Nearest real item' });
  const nearest = pictureHolder(nearestImage);
  const nearestCaption = el('div', { class: 'caption' });
  const nearestBox = el('figure', { class: 'nearest', hidden: true }, nearestImage, nearestCaption);
  const list = el('div', { class: 'sliders', role: 'group', 'aria-label': 'Latent dimensions' });
  const more = el('button', { type: 'button', hidden: true, click: () => showAll(!allShown) });
  const resetAll = el('button', { type: 'button', click: resetEverything }, icon(ICONS.reset), 'Reset all');
  const output = el('div', { class: 'output' }, el('figure', {}, item.element, caption), nearestBox);
  const controls = el('div', { class: 'controls' }, list, el('div', { class: 'actions' }, more, resetAll));
  root.append(el('div', { class: 'layout' }, controls, output));

  let model = '';
  let nearestDigest = '';
  let settings = '';
  let rows = [];
  let start = [];
  let z = new Float32Array(0);
  let allShown = false;

  let nearestRoom = 120;
  const fitNearest = () => {
    const { naturalWidth: width, naturalHeight: height } = nearestImage;
    if (width) fitPicture(nearestImage, width, height, nearestRoom);
  };
  nearestImage.addEventListener('load', fitNearest);

  const decoder = createDecoder((values) => item.show(values));
  const draw = oncePerFrame(() => decoder.decode(z));
  const tell = whenCalm(() => report('codes', { model, start, z: Array.from(z) }), 120);
  const unwatch = watchWidth(output, (width) => {
    // On a narrow screen the nearest item stands beside the picture, and the sliders need room below.
    const narrow = root.clientWidth <= 640;
    item.fit(Math.min(narrow ? 0.6 * width : width - 2, 360));
    nearestRoom = narrow ? 0.3 * width : 120;
    fitNearest();
  });

  function move(row, value, { released }) {
    z[row.index] = value;
    row.show(value);
    draw();
    if (released) tell();
  }

  function resetEverything() {
    rows.forEach((row) => move(row, start[row.index], { released: true }));
  }

  function showAll(all) {
    allShown = all;
    rows.forEach((row, i) => {
      row.element.hidden = !all && i >= SHOWN_AT_FIRST;
    });
    more.hidden = rows.length <= SHOWN_AT_FIRST;
    more.textContent = all ? `Show the first ${SHOWN_AT_FIRST}` : `Show all ${rows.length}`;
    more.setAttribute('aria-expanded', String(all));
  }

  function build(header) {
    start = header.start;
    z = Float32Array.from(start);
    rows = header.dims.map((dim) => sliderRow(dim, start[dim.index], move));
    list.replaceChildren(...rows.map((row) => row.element));
    showAll(allShown);
  }

  return {
    update(envelope) {
      const { header } = envelope;
      if (decoder.update(envelope)) {
        draw.cancel();
        model = header.model;
        settings = '';
      }
      const newSettings = JSON.stringify([header.dims, header.start, header.features]);
      if (newSettings !== settings) {
        settings = newSettings;
        build(header);
        item.prepare(decoder.shape, header.features);
      }
      caption.textContent = header.caption;
      nearestBox.hidden = !envelope.has('nearest');
      nearestCaption.textContent = header.nearest_caption;
      if (envelope.digest('nearest') !== nearestDigest) {
        nearestDigest = envelope.digest('nearest');
        nearest.show(envelope.has('nearest') ? envelope.section('nearest') : null);
      }
      draw();
    },

    destroy() {
      draw.cancel();
      tell.cancel();
      decoder.destroy();
      unwatch();
      nearest.destroy();
    },
  };
}

/** One dimension: label, slider, value to type in, reset. */
function sliderRow(dim, startValue, move) {
  const id = newId();
  const range = el('input', { type: 'range', id, min: 0, max: STEPS, step: 'any' });
  const value = el('input', { type: 'text', inputmode: 'decimal', class: 'value', 'aria-label': `${dim.label}, value` });
  const reset = el('button', { type: 'button', class: 'plain', title: `Reset ${dim.label}`, 'aria-label': `Reset ${dim.label}` }, icon(ICONS.reset));
  const share = dim.share === null ? '' : percent(dim.share);
  const note = dim.inactive ? 'inactive' : share;
  const hint = dim.inactive
    ? 'The codes of real items hardly differ along this dimension.'
    : share && `Carries ${share} of what the codes tell about the items.`;
  const element = el(
    'div',
    { class: dim.inactive ? 'slider-row inactive' : 'slider-row' },
    el('label', { for: id, title: hint }, dim.label, el('span', { class: 'share' }, note)),
    range,
    value,
    reset,
  );
  const span = dim.high - dim.low || 1;
  const row = {
    index: dim.index,
    element,
    show(x) {
      const share = Math.min(1, Math.max(0, (x - dim.low) / span));
      range.value = share * STEPS;
      range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${share})`);
      range.setAttribute('aria-valuetext', threeDigits(x));
      value.value = x.toFixed(2).replace('-', '−');
      reset.style.visibility = x === startValue ? 'hidden' : 'visible';
    },
  };
  const read = () => dim.low + (range.valueAsNumber / STEPS) * span;
  const back = () => move(row, startValue, { released: true });
  range.addEventListener('input', () => move(row, read(), { released: false }));
  range.addEventListener('change', () => move(row, read(), { released: true }));
  range.addEventListener('dblclick', back);
  range.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (!step) return;
    event.preventDefault();
    const to = read() + (step * span) / (event.shiftKey ? STEPS : STEPS / 2);
    move(row, Math.min(dim.high, Math.max(dim.low, to)), { released: true });
  });
  reset.addEventListener('click', back);
  value.addEventListener('focus', () => value.select());
  value.addEventListener('change', () => {
    const typed = Number(value.value.trim().replace('−', '-').replace(',', '.'));
    // A value outside the range is allowed: the slider then rests at its end.
    const legible = value.value.trim() !== '' && Number.isFinite(typed);
    move(row, legible ? typed : read(), { released: legible });
  });
  row.show(startValue);
  return row;
}

export default liveComponent(createSliders);
