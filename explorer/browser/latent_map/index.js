// The map of codes: every item a point, and under the pointer what the decoder makes of that place.

import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, watchWidth } from '../shared/dom.js';
import { threeDigits } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { Choice, pointsInside } from './choice.js';
import { createInspector } from './inspector.js';
import { Contours, markOf } from './layers.js';
import { createLegend } from './legend.js';
import { createLink } from './link.js';
import { PointIndex } from './point_index.js';
import css from './style.css';

/** @import { Create, LatentMap, Section } from '../messages.js' */

/** Whether a section is another one than at the last update. */
/** @typedef {(name: string, section: Section<unknown> | null | undefined) => boolean} Changed */
import { createMapSurface } from './surface.js';

const PICK_RADIUS = 24; // CSS pixels around a click in which an item counts as hit

const MEAN_OF = 4; // nearest codes, where a place has no code of its own

/** @type {Create<'latent_map'>} */
function createLatentMap(root, report) {
  const surface = createMapSurface();
  const inspector = createInspector();
  const legend = createLegend(() => {
    surface.setPalette(legend.palette());
    inspect();
  });
  root.append(
    el(
      'div',
      { class: 'layout' },
      el('div', { class: 'map-side' }, surface.element, legend.element),
      inspector.element,
    ),
  );

  let digests = {};
  let settings = '';
  /** @type {LatentMap} */
  let header;
  let points = new Float32Array(0);
  let groups = new Uint16Array(0);
  let labels = null; // what the items are called, where that is not their group
  let codes = null;
  let index = null;
  let choice = new Choice(0);
  let stamp = 0; // of the last choice made here, 0 before the first
  let applied = ''; // the page's own selection, as last taken over
  let drawnLines = '';
  const line = createLink({
    hover: ({ position }) => pointFromAfar(position),
    selection: ({ positions }) => choose(positions, 'new'),
    place: (made) => surface.setMade(header.drop ? markOf(header.drop, made) : null),
    unplace: () => surface.setMade(null),
  });

  const isVisible = (i) => legend.shows(groups[i]);
  const decoder = createDecoder((values, code) => inspector.showDecoded(values, decodedCaption(code)));

  function decodedCaption(code) {
    if (!codes) return `Decoded at (${coordinate(code[0], surface.unit)}, ${coordinate(code[1], surface.unit)})`;
    const n = Math.min(MEAN_OF, points.length / 2);
    return n > 1 ? `Decoded from the mean of the ${n} nearest codes` : 'Decoded from the nearest code';
  }

  /** The code of a place: itself, or the mean of the nearest items' codes, weighted by nearness. */
  function codeAt(x, y) {
    if (!codes) return Float32Array.of(x, y);
    const near = index.nearestFew(x, y, MEAN_OF, isVisible);
    const size = header.decoding.codes.shape[1];
    const mean = new Float32Array(size);
    // On an item itself, its own code and nothing else.
    const weights = near[0].distance ? near.map(({ distance }) => 1 / distance) : [1];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, k) => {
      const from = near[k].index * size;
      for (let d = 0; d < size; d++) mean[d] += (weight / total) * codes[from + d];
    });
    return mean;
  }

  function show({ index: item, distance }, x, y) {
    if (decoder.shape) decoder.decode(codeAt(x, y));
    inspector.showItem(item, item < 0 ? '' : itemCaption(item, distance));
  }

  function itemCaption(item, distance) {
    const { item_word: word, item_kind: kind, names, label_names: labelNames } = header.points;
    const name = labels ? labelNames[labels[item]] : names[groups[item]];
    return `Nearest ${kind} ${word}: ${name ? `${name}, ` : ''}at distance ${threeDigits(distance)}`;
  }

  const inspect = oncePerFrame(() => {
    const { x, y } = surface.cursor;
    const found = index.nearest(x, y, isVisible);
    surface.ring('nearest', found.index);
    surface.ring('linked', -1);
    if (surface.cursor.shown) line.hover(found.index);
    show(found, x, y);
  });

  /** Another map's pointer is on an item: mark it and show it here, too. */
  function pointFromAfar(position) {
    const known = position >= 0 && position < groups.length;
    surface.ring('linked', known ? position : -1);
    if (known) show({ index: position, distance: 0 }, points[2 * position], points[2 * position + 1]);
  }

  // A double click, which shows all points, is two clicks: one report is enough.
  const tell = whenCalm((selection) => report('selected', selection), 200);

  // After the map has been drawn: the hand sees the choice before the server hears of it.
  const tellChoice = whenCalm(() => {
    report('chosen', { points: digests.points, n: groups.length, bits: choice.bits(), stamp });
  }, 30);

  surface.onCursor = inspect;
  surface.onLeave = () => line.hover(-1);
  surface.onSelect = (x, y) => {
    const found = index.nearest(x, y, isVisible);
    const hit = found.index >= 0 && found.distance <= PICK_RADIUS * surface.unit;
    surface.ring('selected', hit ? found.index : -1);
    tell({ points: digests.points, index: hit ? found.index : null, code: [x, y] });
  };
  surface.onRegion = (corners, mode) => chooseHere(pointsInside(points, corners).filter(isVisible), mode);
  surface.onClear = () => chooseHere([], 'new');

  function choose(positions, mode) {
    choice.change(positions, mode);
    surface.setChosen(choice.positions());
  }

  function chooseHere(positions, mode) {
    choose(positions, mode);
    stamp = Math.max(Date.now(), stamp + 1);
    line.publish('selection', { positions: choice.positions() });
    tellChoice();
  }

  const stopWatching = watchWidth(root, () => {
    surface.resize();
    inspector.fit(surface.height);
  });

  /** @param {LatentMap} message @param {Changed} changed */
  function takePoints({ points: items, decoding }, changed) {
    if (changed('groups', items.groups) || changed('points', items.places)) {
      groups = items.groups?.read() ?? new Uint16Array(items.places.shape[0]);
    }
    if (changed('labels', items.labels)) labels = items.labels?.read() ?? null;
    if (changed('points', items.places)) {
      points = items.places.read();
      index = new PointIndex(points);
      choice = new Choice(groups.length);
      [stamp, applied] = [0, ''];
      surface.setChosen(null);
      surface.setPoints(points, groups);
    } else if (changed('groups', items.groups)) surface.setGroups(groups);
    if (changed('codes', decoding.codes)) codes = decoding.codes?.read() ?? null;
  }

  /** @param {LatentMap} message @param {Changed} changed */
  function takeNearest({ nearest }, changed) {
    const { sprites, reconstructions } = nearest;
    if (changed('sprites', sprites?.png)) inspector.loadItems(sprites?.png.read() ?? null, inspect);
    if (changed('reconstructions', reconstructions?.png)) {
      inspector.loadReconstructions(reconstructions?.png.read() ?? null, inspect);
    }
  }

  /** @param {LatentMap} message @param {Changed} changed */
  function takeLayers({ layers }, changed) {
    if (changed('underlay', layers.underlay?.png)) surface.setUnderlay(layers.underlay);
    const lines = JSON.stringify(layers.contours);
    if (lines !== drawnLines) surface.setContours(layers.contours.length ? new Contours(layers.contours) : null);
    drawnLines = lines;
  }

  /** The page's own selection, unless a newer choice made here is still on its way to it. */
  function takeSelection() {
    const { chosen, answers } = header.selection;
    if (!chosen || (stamp && answers !== stamp)) return;
    const offered = `${chosen.digest}|${stamp}`;
    if (offered === applied) return;
    applied = offered;
    choose(chosen.read(), 'new');
  }

  return {
    update(message) {
      header = message;
      const { points: items, decoding, selection } = message;
      /** @type {Record<string, string | undefined>} */
      const seen = {};
      /** @type {Changed} */
      const changed = (name, section) => {
        seen[name] = section?.digest;
        return section?.digest !== digests[name];
      };
      const newPoints = changed('points', items.places);
      const newClasses = changed('groups', items.groups) || newPoints;
      const newFound = changed('found', selection.found) || newPoints;
      surface.prepare(message.plain_canvas);
      takePoints(message, changed);
      takeNearest(message, changed);
      takeLayers(message, changed);
      digests = seen;

      const newDecoder = decoder.update(decoding.decoder);
      // A choice comes back with each answer, and is taken over below; it alone changes nothing else that is shown.
      const newSettings = JSON.stringify({ ...message, selection: { ...selection, chosen: null, answers: 0 } });
      if (newSettings !== settings || newDecoder) {
        settings = newSettings;
        legend.describe(items, newClasses);
        surface.setPalette(legend.palette());
        surface.describe(message);
        inspector.prepare(message, decoder.shape);
        inspector.fit(surface.height);
        line.join(message.link);
        if (selection.ringed !== null) surface.ring('selected', selection.ringed);
      }
      if (newFound) surface.setFound(selection.found?.read() ?? new Uint32Array(0));
      takeSelection();
      surface.redraw();
      inspect();
    },

    destroy() {
      inspect.cancel();
      tell.cancel();
      tellChoice.cancel();
      line.join('');
      stopWatching();
      decoder.destroy();
      inspector.destroy();
      surface.destroy();
    },
  };
}

/** A coordinate with the decimals that a pixel, `unit` wide, can tell apart. */
function coordinate(value, unit) {
  const decimals = Math.min(6, Math.max(0, Math.ceil(-Math.log10(unit))));
  const text = value.toFixed(decimals);
  return Number(text) ? text.replace('-', '−') : text.replace('-', '');
}

export default liveComponent(createLatentMap, css);
