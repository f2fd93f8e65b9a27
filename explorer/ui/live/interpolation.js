// The way from one item to another through the code space, decoded as the slider moves or the film plays.

const SECONDS_PER_LEG = 2.5;

function createInterpolation(root, report) {
  const first = itemView('First item, decoded');
  const last = itemView('Last item, decoded');
  const item = itemView('Item on the way, decoded');
  const captions = [0, 1, 2].map(() => el('div', { class: 'caption' }));
  const id = newId();
  const range = el('input', { type: 'range', id, min: 0, step: 'any' });
  const play = el('button', { type: 'button', click: () => (playing ? stop() : start()) });
  const paths = el('div', { class: 'choice', role: 'group', 'aria-label': 'Path between the codes' });
  const stage = el(
    'div',
    { class: 'stage' },
    el('figure', { class: 'end' }, first.element, captions[0]),
    el('figure', { class: 'middle' }, item.element, captions[1]),
    el('figure', { class: 'end' }, last.element, captions[2]),
  );
  root.append(stage, el('div', { class: 'transport' }, play, el('label', { class: 'only-read', for: id }, 'Way from first to last item'), range, paths));

  let network = null;
  let digests = {};
  let settings = '';
  let codes = [];
  let code = new Float32Array(0);
  let path = 'linear';
  let playing = 0; // the frame that is asked for
  let direction = 1;
  let lastTime = 0;

  const legs = () => codes.length - 1;

  const draw = oncePerFrame(() => {
    const t = range.valueAsNumber;
    const leg = Math.min(legs() - 1, Math.floor(t));
    blend(code, codes[leg], codes[leg + 1], t - leg, path);
    item.show(network.run(code));
    const share = t / legs();
    range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${share})`);
    range.setAttribute('aria-valuetext', `${percent(share)} of the way`);
    captions[1].textContent = `${percent(share)} of the way`;
  });

  const tell = whenCalm(() => report('place', { digests, t: range.valueAsNumber, path }), 120);

  function step(now) {
    const seconds = Math.min(0.1, (now - lastTime) / 1000);
    lastTime = now;
    let t = range.valueAsNumber + (direction * seconds) / SECONDS_PER_LEG;
    if (t >= legs()) [t, direction] = [legs(), -1];
    if (t <= 0) [t, direction] = [0, 1];
    range.value = t;
    draw();
    playing = requestAnimationFrame(step);
  }

  function start() {
    lastTime = performance.now();
    playing = requestAnimationFrame(step);
    showPlay();
  }

  function stop() {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    showPlay();
    tell();
  }

  function showPlay() {
    play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play), playing ? 'Pause' : 'Play');
  }

  function showPaths(kinds) {
    paths.hidden = kinds.length < 2;
    paths.replaceChildren(
      ...kinds.map((kind) =>
        el('button', { type: 'button', 'aria-pressed': String(kind === path), click: () => choose(kind, kinds) }, kind === 'linear' ? 'Straight' : 'Spherical'),
      ),
    );
  }

  function choose(kind, kinds) {
    path = kind;
    showPaths(kinds);
    draw();
    tell();
  }

  range.addEventListener('pointerdown', stop);
  range.addEventListener('input', draw);
  range.addEventListener('change', tell);
  range.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.2, PageUp: 0.2 }[event.key];
    if (!by) return;
    event.preventDefault();
    stop();
    range.value = range.valueAsNumber + by;
    draw();
    tell();
  });
  showPlay();

  const unwatch = watchWidth(stage, (width) => {
    const narrow = width < 560;
    const small = narrow ? (width - 32) / 4 : Math.min(150, width / 5);
    first.fit(small);
    last.fit(small);
    item.fit(Math.min(320, width - 2 * small - 48));
  });

  return {
    update(envelope) {
      const { header } = envelope;
      const newDigests = { pack: envelope.digest('pack'), codes: envelope.digest('codes') };
      if (newDigests.pack !== digests.pack) network = new Network(envelope.section('pack'));
      const newSettings = JSON.stringify([header, newDigests]);
      digests = newDigests;
      if (newSettings !== settings) {
        settings = newSettings;
        stop();
        readCodes(envelope);
        if (!header.paths.includes(path)) path = header.paths[0];
        for (const view of [first, item, last]) view.prepare(network.outputShape, header.features);
        first.show(network.run(codes[0]));
        last.show(network.run(codes[legs()]));
        captions[0].textContent = header.ends[0];
        captions[2].textContent = header.ends[1];
        range.max = legs();
        range.value = header.start;
        showPaths(header.paths);
      }
      draw();
    },

    destroy() {
      cancelAnimationFrame(playing);
      draw.cancel();
      tell.cancel();
      unwatch();
    },
  };

  function readCodes(envelope) {
    const all = new Float32Array(envelope.section('codes').buffer);
    const size = network.input.length;
    codes = Array.from({ length: all.length / size }, (_, i) => all.subarray(i * size, (i + 1) * size));
    code = new Float32Array(size);
  }
}

/** Write the code a share `t` of the way from a to b into `out`; spherical: along the arc between them. */
function blend(out, a, b, t, path) {
  let [wa, wb] = [1 - t, t];
  if (path === 'spherical') {
    let [dot, aa, bb] = [0, 0, 0];
    for (let i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    const cosine = Math.min(1, Math.max(-1, dot / Math.sqrt(aa * bb || 1)));
    const angle = Math.acos(cosine);
    // Codes that are (anti)parallel span no arc; the straight way is its limit.
    if (Math.sin(angle) > 1e-4) [wa, wb] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
  }
  for (let i = 0; i < out.length; i++) out[i] = wa * a[i] + wb * b[i];
}

export default liveComponent(createInterpolation);
