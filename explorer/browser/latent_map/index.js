// The map of codes: every item a point, and under the pointer what the decoder makes of that place.

import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, watchWidth } from '../shared/dom.js';
import features from '../shared/features.css';
import { threeDigits } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { Choice, pointsInside } from './choice.js';
import { ClassNames } from './class_names.js';
import { codeNear, coordinate, meanInWords } from './codes.js';
import { createInspector } from './inspector.js';
import { Contours, markOf } from './layers.js';
import { createLegend } from './legend.js';
import { createLink } from './link.js';
import { PointIndex } from './point_index.js';
import css from './style.css';
import { createMapSurface } from './surface.js';
import { titlesOf } from './texts.js';

/** @import { Create, LatentMap, Layers, MapClicked, Points } from '../messages.js' */
/** @import { Mode } from './choice.js' */
/** @import { Nearest } from './point_index.js' */

const PICK_RADIUS = 24; // CSS pixels around a click in which an item counts as hit
const CLICK_MS = 200; // a double click, which shows all points, is two clicks: one report is enough
const CHOICE_MS = 30; // after the map has been drawn: the hand sees the choice before the server hears of it

/** @type {Create<'latent_map'>} */
function createLatentMap(root, report) {
  const surface = createMapSurface({
    onCursor: () => inspect(),
    onLeave: () => line.hover(-1),
    onSelect: select,
    onRegion: (corners, mode) => chooseHere(pointsInside(index, corners, legend.showsAll() ? null : isVisible), mode),
    onClear: () => chooseHere(new Uint32Array(0), 'new'),
    isShown: (group) => legend.shows(group),
    onSight: (sight) => line.publish('sight', { sight }),
  });
  const inspector = createInspector((sheet) => surface.pictures.setPacked(sheet));
  const legend = createLegend(() => {
    surface.setPalette(legend.palette());
    inspect();
  });
  const side = el(
    'div',
    { class: 'map-side' },
    surface.element,
    surface.counts,
    surface.pictures.words,
    legend.element,
  );
  root.append(el('div', { class: 'layout' }, side, inspector.element));

  /** @type {LatentMap} */
  let message;
  let points = new Float32Array(0);
  let groups = new Uint16Array(0);
  /** @type {Uint16Array | null} */
  let labels = null; // what the items are called, where that is not their group
  /** @type {((item: number) => string) | null} */
  let titleOf = null;
  /** @type {{values: Float32Array, size: number} | null} */
  let codes = null;
  let index = new PointIndex(points);
  let choice = new Choice(0);
  let stamp = 0; // of the last choice made here, 0 before the first
  let applied = ''; // the page's own selection, as last taken over
  let settings = '';
  const isOther = createWatch();

  const line = createLink({
    hover: ({ position }) => showFromAfar(position),
    selection: ({ positions }) => choose(positions, 'new'),
    place: (made) => surface.setMade(message.drop ? markOf(message.drop, made) : null),
    unplace: () => surface.setMade(null),
    sight: () => {},
  });

  /** @param {number} item */
  const isVisible = (item) => legend.shows(groups[item]);

  // --- Under the pointer ---

  const decoder = createDecoder((values, code) => {
    const place = `Decoded at (${coordinate(code[0], surface.unit)}, ${coordinate(code[1], surface.unit)})`;
    inspector.showDecoded(values, codes ? meanInWords(groups.length) : place);
  });

  /**
   * @param {Nearest} nearest
   * @param {number} x
   * @param {number} y
   */
  function show({ index: item, distance }, x, y) {
    if (decoder.shape) decoder.decode(codes ? codeNear(codes, index, [x, y], isVisible) : Float32Array.of(x, y));
    inspector.showItem(item, item < 0 ? '' : itemCaption(item, distance));
  }

  /**
   * @param {number} item
   * @param {number} distance
   */
  function itemCaption(item, distance) {
    const { item_word: word, item_kind: kind, names, label_names: labelNames } = message.points;
    const label = labels ? labelNames[labels[item]] : names[groups[item]];
    const parts = [titleOf?.(item), label, `at distance ${threeDigits(distance)}`].filter(Boolean);
    return `Nearest ${kind} ${word}: ${parts.join(', ')}`;
  }

  const inspect = oncePerFrame(() => {
    const { x, y, shown } = surface.cursor;
    const nearest = index.nearest(x, y, isVisible);
    surface.ring('nearest', nearest.index);
    surface.ring('linked', -1);
    if (shown) line.hover(nearest.index);
    show(nearest, x, y);
  });

  /**
   * Another map's pointer is on an item: mark it and show it here, too.
   *
   * @param {number} position
   */
  function showFromAfar(position) {
    const isKnown = position >= 0 && position < groups.length;
    surface.ring('linked', isKnown ? position : -1);
    if (isKnown) show({ index: position, distance: 0 }, points[2 * position], points[2 * position + 1]);
  }

  // --- What is clicked and chosen ---

  const tell = whenCalm((/** @type {MapClicked} */ click) => report('selected', click), CLICK_MS);
  const tellChoice = whenCalm(() => {
    report('chosen', { points: message.points.places.digest, n: groups.length, bits: choice.bits(), stamp });
  }, CHOICE_MS);

  /**
   * @param {number} x
   * @param {number} y
   */
  function select(x, y) {
    const nearest = index.nearest(x, y, isVisible);
    const isHit = nearest.index >= 0 && nearest.distance <= PICK_RADIUS * surface.unit;
    surface.ring('selected', isHit ? nearest.index : -1);
    tell({ points: message.points.places.digest, index: isHit ? nearest.index : null, code: [x, y] });
  }

  /**
   * @param {Uint32Array} positions
   * @param {Mode} mode
   */
  function choose(positions, mode) {
    choice.change(positions, mode);
    surface.setChosen(choice.positions());
  }

  /**
   * @param {Uint32Array} positions
   * @param {Mode} mode
   */
  function chooseHere(positions, mode) {
    choose(positions, mode);
    stamp = Math.max(Date.now(), stamp + 1);
    line.publish('selection', { positions: choice.positions() });
    tellChoice();
  }

  // --- What the page sends ---

  const stopWatching = watchWidth(root, () => {
    surface.resize();
    inspector.fit(surface.height);
  });

  /**
   * @param {Points} items
   * @returns {boolean} whether the items or their classes are others than before.
   */
  function takePoints(items) {
    const newPlaces = isOther('places', items.places);
    const newGroups = isOther('groups', items.groups);
    if (isOther('labels', items.labels)) labels = items.labels?.read() ?? null;
    if (isOther('titles', [items.titles, items.numbers])) titleOf = titlesOf(items);
    if (newPlaces || newGroups) groups = items.groups?.read() ?? new Uint16Array(items.places.shape[0]);
    if (newPlaces) {
      points = items.places.read();
      index = new PointIndex(points);
      choice = new Choice(groups.length);
      [stamp, applied] = [0, ''];
      surface.setChosen(null);
      surface.setPoints(points, groups, index);
    } else if (newGroups) surface.setGroups(groups);
    return newPlaces || newGroups;
  }

  /**
   * @param {Points} items
   * @param {boolean} newItems
   */
  function takeNames({ kinds, kinds_written: atFirst, names }, newItems) {
    const named = { kinds, names, atFirst };
    if (!isOther('names', named) && !newItems) return;
    surface.setNames(kinds ? new ClassNames(points, groups, names.slice(0, kinds)) : null, atFirst);
  }

  /** @param {Layers} layers */
  function takeLayers({ underlay, contours }) {
    if (isOther('underlay', underlay)) surface.setUnderlay(underlay);
    if (isOther('contours', contours)) surface.setContours(contours.length ? new Contours(contours) : null);
  }

  /** The page's own selection, unless a newer choice made here is still on its way to it. */
  function takeSelection() {
    const { chosen, answers } = message.selection;
    if (!chosen || (stamp && answers !== stamp)) return;
    const offered = `${chosen.digest}|${stamp}`;
    if (offered === applied) return;
    applied = offered;
    choose(chosen.read(), 'new');
  }

  return {
    update(newMessage) {
      message = newMessage;
      const { decoding, selection } = message;
      surface.prepare(message.plain_canvas, message.points.places.shape[0]);
      const newItems = takePoints(message.points);
      if (isOther('codes', decoding.codes)) {
        codes = decoding.codes && { values: decoding.codes.read(), size: decoding.codes.shape[1] };
      }
      takeLayers(message.layers);
      const newDecoder = decoder.update(decoding.decoder);
      // A choice comes back with each answer, and is taken over below; it alone changes nothing else that is shown.
      const newSettings = JSON.stringify({ ...message, selection: { ...selection, chosen: null, answers: 0 } });
      if (newSettings !== settings || newDecoder) {
        settings = newSettings;
        legend.describe(message.points, newItems);
        surface.setPalette(legend.palette());
        takeNames(message.points, newItems);
        surface.describe(message);
        inspector.describe(message, decoder.shape);
        inspector.fit(surface.height);
        line.join(message.link);
        if (selection.ringed !== null) surface.ring('selected', selection.ringed);
      }
      // Found items are rung anew on other points.
      if (isOther('hits', [selection.hits, message.points.places])) {
        surface.setHits(selection.hits?.read() ?? new Uint32Array(0));
      }
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

/**
 * Tells whether a part of a message is another one than when it was last asked about.
 *
 * @returns {(name: string, part: object | null) => boolean}
 */
function createWatch() {
  /** @type {Map<string, string>} */
  const seen = new Map();
  return (name, part) => {
    const text = JSON.stringify(part);
    const isOther = seen.get(name) !== text;
    seen.set(name, text);
    return isOther;
  };
}

export default liveComponent(createLatentMap, features + css);
