// The map's surface: the points, what is drawn over them, and every way to move on it.

const SLOW_MS = 4; // a longer redraw cannot follow a hand where the same processor also puts it on screen
const CALM_MS = 100;

function createMapSurface() {
  let canvas = el('canvas', { class: 'points', 'aria-hidden': 'true' });
  const overlay = el('canvas', { class: 'overlay', tabindex: 0, role: 'application' });
  const zoomIn = el('button', { type: 'button', class: 'plain', title: 'Zoom in', 'aria-label': 'Zoom in' }, icon(ICONS.plus));
  const zoomOut = el('button', { type: 'button', class: 'plain', title: 'Zoom out', 'aria-label': 'Zoom out' }, icon(ICONS.minus));
  const fit = el('button', { type: 'button', class: 'plain', title: 'Show all', 'aria-label': 'Show all points' }, icon(ICONS.reset));
  const element = el('div', { class: 'map' }, canvas, overlay, el('div', { class: 'map-tools' }, zoomIn, zoomOut, fit));

  const view = { x: 0, y: 0, unit: 1, width: 0, height: 0 };
  const cursor = { x: 0, y: 0, shown: false };
  let bounds = boundsOf([]);
  let points = new Float32Array(0);
  let groups = null;
  let palette = null;
  let scatter = null;
  let plainWanted = null;
  let axes = ['', ''];
  let marks = [];
  let placed = '';
  let highlighted = -1;
  let selected = -1;
  let drawn = { ...view }; // the view of the last full drawing
  let slow = null; // whether full drawings are too slow to follow a hand; null: not yet timed
  let touched = false; // by the user: until then the view keeps all points in sight when resized

  const surface = {
    element,
    cursor,
    onCursor: () => {},
    onSelect: () => {},
    get unit() {
      return view.unit;
    },
    get height() {
      return view.height;
    },

    /** Open the drawing context, again if another kind is wanted. */
    prepare(plain) {
      if (scatter && plain === plainWanted) return;
      plainWanted = plain;
      slow = null;
      if (scatter) {
        scatter.destroy();
        // A canvas keeps its first kind of context for life.
        const fresh = el('canvas', { class: 'points', 'aria-hidden': 'true' });
        canvas.replaceWith(fresh);
        canvas = fresh;
      }
      scatter = createScatter(canvas, plain);
      element.dataset.renderer = scatter.kind;
      if (groups) scatter.setPoints(points, groups);
      if (palette) scatter.setPalette(palette);
      surface.resize();
    },

    setPoints(newPoints, newGroups) {
      points = newPoints;
      groups = newGroups;
      bounds = boundsOf(points);
      highlighted = selected = -1;
      touched = false;
      placed = '';
      slow = null;
      scatter.setPoints(points, groups);
      showAll();
      Object.assign(cursor, { x: view.x, y: view.y, shown: false });
    },

    setPalette(rgba) {
      palette = rgba;
      scatter.setPalette(rgba);
      redraw();
    },

    describe({ axes: titles, marks: ringed, label, cursor: place }) {
      axes = titles;
      marks = ringed;
      overlay.setAttribute('aria-label', label);
      // Only a new place moves the cursor: the page may describe the map again after every click.
      if (place && String(place) !== placed) Object.assign(cursor, { x: place[0], y: place[1], shown: true });
      placed = String(place);
    },

    highlight(index) {
      highlighted = index;
      drawOverlay();
    },

    select(index) {
      selected = index;
      drawOverlay();
    },

    resize() {
      const { clientWidth: width, clientHeight: height } = element;
      if (!width || !height) return;
      const ratio = window.devicePixelRatio || 1;
      Object.assign(view, { width, height });
      for (const layer of [canvas, overlay]) {
        layer.width = Math.round(width * ratio);
        layer.height = Math.round(height * ratio);
      }
      if (touched) redraw();
      else showAll();
    },

    redraw: () => redraw(),

    destroy() {
      redraw.cancel();
      follow.cancel();
      redrawWhenCalm.cancel();
      scatter?.destroy();
    },
  };

  const redraw = oncePerFrame(() => {
    if (!view.width || !groups) return;
    const start = performance.now();
    scatter.draw(view, pointSize());
    if (slow === null) {
      scatter.finish();
      slow = performance.now() - start > SLOW_MS;
    }
    drawn = { ...view };
    canvas.style.transform = '';
    drawOverlay();
  });
  const redrawWhenCalm = whenCalm(redraw, CALM_MS);

  /** Show a view that has moved: where a full drawing is slow, move the last one until the hand rests. */
  const follow = oncePerFrame(() => {
    const scale = drawn.unit / view.unit;
    const dx = (drawn.x - view.x) / view.unit;
    const dy = (view.y - drawn.y) / view.unit;
    const far = Math.abs(dx) > view.width / 3 || Math.abs(dy) > view.height / 3 || scale > 2 || scale < 0.7;
    if (!slow || far) {
      redraw();
      return;
    }
    const [left, top] = [dx + ((1 - scale) * view.width) / 2, dy + ((1 - scale) * view.height) / 2];
    canvas.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    drawOverlay();
    redrawWhenCalm();
  });

  /** Diameter in CSS pixels: small where points are many, a little larger as one zooms in. */
  function pointSize() {
    const spacing = Math.sqrt((view.width * view.height) / Math.max(1, groups.length));
    const zoom = fitUnit() / view.unit;
    return Math.min(7, Math.max(1.5, Math.min(5, 0.35 * spacing)) * zoom ** 0.35);
  }

  function fitUnit() {
    const free = 1 - 2 * EDGE;
    const unit = Math.max(
      (bounds.right - bounds.left) / (view.width * free || 1),
      (bounds.top - bounds.bottom) / (view.height * free || 1),
    );
    return unit || 1;
  }

  function showAll() {
    view.x = (bounds.left + bounds.right) / 2;
    view.y = (bounds.bottom + bounds.top) / 2;
    view.unit = fitUnit();
    redraw();
  }

  const toScreen = (x, y) => [(x - view.x) / view.unit + view.width / 2, view.height / 2 - (y - view.y) / view.unit];
  const toData = (px, py) => [view.x + (px - view.width / 2) * view.unit, view.y - (py - view.height / 2) * view.unit];

  function drawOverlay() {
    if (!view.width) return;
    const ratio = overlay.width / view.width;
    const context = overlay.getContext('2d');
    const text = themeValue(overlay, 'text-color') || '#333';
    const background = themeValue(overlay, 'background-color') || '#fff';
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    context.font = `12px ${themeValue(overlay, 'font') || 'sans-serif'}`;
    drawAxes(context, text, background);
    if (cursor.shown) {
      const [x, y] = toScreen(cursor.x, cursor.y);
      if (highlighted >= 0) {
        const [nx, ny] = toScreen(points[2 * highlighted], points[2 * highlighted + 1]);
        line(context, text, 0.5, [x, y], [nx, ny]);
        ring(context, text, background, nx, ny, 6, 1.5);
      }
      line(context, text, 0.9, [x - 7, y], [x + 7, y]);
      line(context, text, 0.9, [x, y - 7], [x, y + 7]);
    }
    if (selected >= 0) {
      const [x, y] = toScreen(points[2 * selected], points[2 * selected + 1]);
      ring(context, themeValue(overlay, 'primary-color') || text, background, x, y, 8, 2.5);
    }
    for (const mark of marks) {
      const [x, y] = toScreen(mark.x, mark.y);
      ring(context, text, background, x, y, 8, 2);
      label(context, text, background, mark.label, x + 13, y, 'left', 'middle');
    }
  }

  function drawAxes(context, text, background) {
    const [left, top] = toData(0, 0);
    const [right, bottom] = toData(view.width, view.height);
    context.globalAlpha = 0.75;
    for (const tick of ticksBetween(left, right, view.width / 70)) {
      const [x] = toScreen(tick.at, 0);
      if (x < 30 || x > view.width - 60) continue;
      line(context, text, 0.4, [x, view.height - 5], [x, view.height]);
      label(context, text, background, tick.text, x, view.height - 8, 'center', 'bottom');
    }
    for (const tick of ticksBetween(bottom, top, view.height / 70)) {
      const [, y] = toScreen(0, tick.at);
      if (y < 36 || y > view.height - 30) continue;
      line(context, text, 0.4, [0, y], [5, y]);
      label(context, text, background, tick.text, 9, y, 'left', 'middle');
    }
    label(context, text, background, axes[0], view.width - 9, view.height - 8, 'right', 'bottom');
    label(context, text, background, axes[1], 9, 9, 'left', 'top');
    context.globalAlpha = 1;
  }

  function moveCursor(x, y) {
    Object.assign(cursor, { x, y, shown: true });
    surface.onCursor();
  }

  function zoomAt(px, py, factor) {
    const [x, y] = toData(px, py);
    const whole = fitUnit();
    view.unit = Math.min(whole * 4, Math.max(whole / 500, view.unit * factor));
    view.x = x - (px - view.width / 2) * view.unit;
    view.y = y + (py - view.height / 2) * view.unit;
    touched = true;
    follow();
  }

  function pan(dx, dy) {
    view.x -= dx * view.unit;
    view.y += dy * view.unit;
    touched = true;
    follow();
  }

  function reset() {
    touched = false;
    showAll();
  }

  const place = (event) => {
    const box = overlay.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  // A mouse decodes as it moves and pans as it drags; one finger decodes as it drags; two pan and zoom.
  const pressed = new Map();
  let moved = 0;

  overlay.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    overlay.setPointerCapture(event.pointerId);
    if (!pressed.size) moved = 0;
    pressed.set(event.pointerId, place(event));
    if (event.pointerType !== 'mouse') moveCursor(...toData(...place(event)));
  });

  overlay.addEventListener('pointermove', (event) => {
    const now = place(event);
    const before = pressed.get(event.pointerId);
    if (!before) {
      moveCursor(...toData(...now));
      return;
    }
    pressed.set(event.pointerId, now);
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    moved += Math.hypot(dx, dy);
    if (pressed.size === 2) {
      const other = [...pressed].find(([id]) => id !== event.pointerId)[1];
      const distance = (a) => Math.max(1, Math.hypot(a[0] - other[0], a[1] - other[1]));
      zoomAt((now[0] + other[0]) / 2, (now[1] + other[1]) / 2, distance(before) / distance(now));
      pan(dx / 2, dy / 2);
    } else if (event.pointerType === 'mouse') {
      if (moved > CLICK_SLOP) pan(dx, dy);
    } else {
      moveCursor(...toData(...now));
    }
  });

  const release = (event) => {
    if (!pressed.delete(event.pointerId) || pressed.size) return;
    if (event.type === 'pointerup' && moved <= CLICK_SLOP) surface.onSelect(...toData(...place(event)));
  };
  overlay.addEventListener('pointerup', release);
  overlay.addEventListener('pointercancel', release);
  overlay.addEventListener('dblclick', reset);
  overlay.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      zoomAt(...place(event), Math.exp(0.0015 * lines * event.deltaY));
    },
    { passive: false },
  );

  overlay.addEventListener('keydown', (event) => {
    const far = (event.shiftKey ? 50 : 10) * view.unit;
    const moves = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (event.key in moves) {
      const [dx, dy] = moves[event.key];
      moveCursor(cursor.x + dx, cursor.y + dy);
      keepInView();
    } else if (event.key === '+' || event.key === '=') zoomAt(...toScreen(cursor.x, cursor.y), 0.8);
    else if (event.key === '-') zoomAt(...toScreen(cursor.x, cursor.y), 1.25);
    else if (event.key === '0') reset();
    else if (event.key === 'Enter') surface.onSelect(cursor.x, cursor.y);
    else return;
    event.preventDefault();
  });

  function keepInView() {
    const [x, y] = toScreen(cursor.x, cursor.y);
    const over = (at, size) => Math.max(0, at - size + 20) + Math.min(0, at - 20);
    const [dx, dy] = [over(x, view.width), over(y, view.height)];
    if (dx || dy) pan(-dx, -dy);
  }

  zoomIn.addEventListener('click', () => zoomAt(view.width / 2, view.height / 2, 1 / 1.5));
  zoomOut.addEventListener('click', () => zoomAt(view.width / 2, view.height / 2, 1.5));
  fit.addEventListener('click', reset);

  return surface;
}

function line(context, colour, alpha, from, to) {
  const before = context.globalAlpha;
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.globalAlpha = before;
}

/** A circle with a halo in the background's colour, so that it stands out from the points. */
function ring(context, colour, background, x, y, radius, width) {
  for (const [style, thickness] of [[background, width + 2.5], [colour, width]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = style;
    context.lineWidth = thickness;
    context.stroke();
  }
}

function label(context, colour, background, text, x, y, align, baseline) {
  context.textAlign = align;
  context.textBaseline = baseline;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = background;
  context.fillStyle = colour;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
