// The map of codes: every item a point, and under the pointer what the decoder makes of that place.

const CLICK_SLOP = 4; // CSS pixels a press may move and still be a click
const PICK_RADIUS = 24; // CSS pixels around a click in which an item counts as hit
const EDGE = 0.06; // share of the view left free around the points

function createLatentMap(root, report) {
  const surface = createMapSurface();
  const inspector = createInspector();
  const legend = el('div', { class: 'legend', role: 'group', 'aria-label': 'Classes shown' });
  root.append(
    el('div', { class: 'layout' }, el('div', { class: 'map-side' }, surface.element, legend), inspector.element),
  );

  let digests = {};
  let settings = '';
  let index = null;
  let groups = new Uint16Array(0);
  let visible = [];
  let header = null;
  let network = null;
  const code = new Float32Array(2);

  const isVisible = (i) => visible[groups[i]];

  const inspect = oncePerFrame(() => {
    const { x, y } = surface.cursor;
    const found = index.nearest(x, y, isVisible);
    surface.highlight(found.index);
    if (network) {
      code[0] = x;
      code[1] = y;
      inspector.showDecoded(network.run(code), x, y);
    }
    inspector.showNearest(found, found.index >= 0 ? header.names[groups[found.index]] : '', header.item_word);
  });

  // A double click, which shows all points, is two clicks: one report is enough.
  const tell = whenCalm((selection) => report('selected', selection), 200);

  surface.onCursor = inspect;
  surface.onSelect = (x, y) => {
    const found = index.nearest(x, y, isVisible);
    const hit = found.index >= 0 && found.distance <= PICK_RADIUS * surface.unit;
    surface.select(hit ? found.index : -1);
    tell({ points: digests.points, index: hit ? found.index : null, code: [x, y] });
  };

  const stopWatching = watchWidth(root, () => {
    surface.resize();
    inspector.fit(surface.height);
  });

  function showLegend() {
    legend.hidden = header.names.length < 2;
    legend.replaceChildren(
      ...header.names.map((name, group) => {
        const dot = el('span', { class: 'dot', style: `background: ${header.palette[group % header.palette.length]}` });
        const toggle = (only) => {
          if (only) visible = visible.map((_, i) => i === group);
          else visible[group] = !visible[group];
          // Hiding the last one would leave an empty map, so that shows all again.
          if (!visible.some(Boolean)) visible.fill(true);
          recolour();
          inspect();
        };
        return el(
          'button',
          {
            type: 'button',
            class: 'class',
            title: `Click: show or hide ${name}. Double click: only ${name}`,
            click: (event) => toggle(event.detail >= 2 || event.shiftKey),
          },
          dot,
          name,
        );
      }),
    );
    recolour();
  }

  function recolour() {
    [...legend.children].forEach((button, group) => button.setAttribute('aria-pressed', String(visible[group])));
    surface.setPalette(paletteOf(header.palette, visible));
  }

  function readPoints(envelope) {
    const points = new Float32Array(envelope.section('points').buffer);
    groups = new Uint16Array(envelope.section('groups').buffer);
    index = new PointIndex(points);
    surface.setPoints(points, groups);
  }

  return {
    update(envelope) {
      header = envelope.header;
      const changed = (name) => envelope.digest(name) !== digests[name];
      surface.prepare(header.plain_canvas);
      const newPoints = changed('points') || changed('groups');
      if (newPoints) readPoints(envelope);
      if (changed('pack')) {
        network = envelope.has('pack') ? new Network(envelope.section('pack')) : null;
      }
      if (changed('sprites')) inspector.loadSprites(envelope.has('sprites') ? envelope.section('sprites') : null, inspect);
      digests = Object.fromEntries(['points', 'groups', 'pack', 'sprites'].map((name) => [name, envelope.digest(name)]));

      const newSettings = JSON.stringify([header, digests]);
      if (newSettings !== settings) {
        settings = newSettings;
        if (newPoints || visible.length !== header.names.length) visible = header.names.map(() => true);
        showLegend();
        surface.describe(header);
        inspector.prepare(header, network);
        inspector.fit(surface.height);
        if (header.selected !== null) surface.select(header.selected);
      }
      surface.redraw();
      inspect();
    },

    destroy() {
      inspect.cancel();
      tell.cancel();
      stopWatching();
      inspector.destroy();
      surface.destroy();
    },
  };
}

/** RGBA bytes for each class; transparent where it is hidden. */
function paletteOf(colours, visible) {
  const rgba = new Uint8Array(4 * visible.length);
  visible.forEach((shown, group) => {
    const value = parseInt(colours[group % colours.length].slice(1), 16);
    rgba.set([value >> 16, (value >> 8) & 255, value & 255, shown ? 216 : 0], 4 * group);
  });
  return rgba;
}

/** What is under the cursor: the decoded picture and the nearest real item, at the same size. */
function createInspector() {
  const decoded = itemView('Decoded from the cursor position');
  const decodedCaption = el('div', { class: 'caption' });
  const decodedBox = el('figure', {}, decoded.element, decodedCaption);
  const thumbnail = el('canvas', { class: 'picture', role: 'img', 'aria-label': 'Nearest real item' });
  const nearestCaption = el('div', { class: 'caption' });
  const nearestBox = el('figure', {}, thumbnail, nearestCaption);
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const element = el('div', { class: 'inspector' }, decodedBox, nearestBox, spoken);
  const speak = whenCalm((text) => {
    spoken.textContent = text;
  }, 500);

  let sheet = null;
  let sprite = null;
  let loads = 0;
  let drawnTile = -1;

  function drawTile(tile) {
    if (!sheet || !sprite || tile < 0 || tile === drawnTile) return;
    drawnTile = tile;
    const { columns, width, height } = sprite;
    if (thumbnail.width !== width || thumbnail.height !== height) {
      thumbnail.width = width;
      thumbnail.height = height;
    }
    const context = thumbnail.getContext('2d');
    context.clearRect(0, 0, width, height);
    const [left, top] = [(tile % columns) * width, Math.floor(tile / columns) * height];
    context.drawImage(sheet, left, top, width, height, 0, 0, width, height);
  }

  return {
    element,

    prepare(header, network) {
      sprite = header.sprites;
      drawnTile = -1;
      decodedBox.hidden = !network;
      thumbnail.hidden = !sprite;
      if (network) decoded.prepare(network.outputShape, header.features);
    },

    async loadSprites(png, then) {
      const load = ++loads;
      sheet?.close();
      sheet = null;
      drawnTile = -1;
      if (!png) return;
      const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
      if (load !== loads) {
        bitmap.close();
        return;
      }
      sheet = bitmap;
      then();
    },

    showDecoded(values, x, y) {
      decoded.show(values);
      decodedCaption.textContent = `Decoded at (${threeDigits(x)}, ${threeDigits(y)})`;
    },

    showNearest({ index, distance }, name, word) {
      drawTile(index);
      const label = name && name !== word ? `${name}, ` : '';
      nearestCaption.textContent = index < 0 ? '' : `Nearest real ${word}: ${label}at distance ${threeDigits(distance)}`;
      speak(`${decodedCaption.textContent}. ${nearestCaption.textContent}`);
    },

    /** @param {number} height CSS pixels of the map beside it. */
    fit(height) {
      const width = element.clientWidth;
      if (!width) return;
      const beside = getComputedStyle(element).flexDirection === 'row';
      const pictures = [decodedBox, nearestBox].filter((box) => !box.hidden).length;
      const room = beside ? (width - 16) / 2 : Math.min(width, (height - 32 * pictures) / pictures);
      decoded.fit(room - 2);
      if (sprite) fitPicture(thumbnail, sprite.width, sprite.height, room - 2);
    },

    destroy() {
      loads++;
      speak.cancel();
      sheet?.close();
    },
  };
}

export default liveComponent(createLatentMap);
