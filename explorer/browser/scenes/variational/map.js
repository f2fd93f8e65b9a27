// The plane of codes under a hand: it chooses pictures, walks from one to another, or draws a code of its own.

import { createLoop, wantsCalm } from '../../stage/loop.js';
import { createPlane } from '../../stage/plane.js';
import { drawLens, drawMap, LENS } from './charts.js';
import { HEIGHT, WIDTH } from './diagram.js';
import { codeOf } from './gaussian.js';
import { ROW } from './state.js';

/** @import { createFrame } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { State } from './state.js' */
/** @import { Vae } from './vae.js' */

const ASIDE = 0.25; // of the map's half height: the room to the left is the lens's
const X = /** @type {[number, number]} */ ([-WIDTH / HEIGHT - ASIDE, WIDTH / HEIGHT - ASIDE]);
const MOVE = 0.5; // seconds in which the points move from one model's map to the next

/**
 * What a hand on the map does.
 *
 * @typedef {object} Actions
 * @property {(item: number) => void} chooseItem
 * @property {(a: number, b: number) => void} setEpsilon
 * @property {(along: number) => void} walkTo
 * @property {() => void} away
 * @property {() => void} redraw
 */

/**
 * @param {State} state
 * @param {ReturnType<typeof createFrame>} frame
 * @param {Actions} actions
 */
export function createMap(state, { stage, strength, links }, { chooseItem, setEpsilon, walkTo, away, redraw }) {
  const { settings, remember, model, itemOf, posterior, epsilon, codesOfRow, nearestItem } = state;
  /** @type {{mu: Float32Array, sigma: Float32Array} | null} */
  let movedFrom = null;
  let hasLens = false;
  let moved = 1; // share of the way between two maps
  const move = createLoop(stage, (seconds) => {
    moved = Math.min(1, seconds / MOVE);
    if (moved === 1) move.stop();
    redraw();
  });

  const map = createPlane(
    {
      label: 'The plane of codes: press a point to encode its picture',
      x: X,
      y: [-1, 1],
      aspect: WIDTH / HEIGHT,
      hand: { point: pointAtMap, press: pressMap, drag: dragMap, release: remember, leave: away },
    },
    paintMap,
  );
  /** @param {number} x @param {number} y */
  function pointAtMap(x, y) {
    const { shown } = state;
    if (!shown) return;
    const z = codeOf(posterior(), epsilon());
    const [a, b] = [x * shown.reach, y * shown.reach];
    const { mu, sigma } = posterior();
    const inLens =
      hasLens && Math.hypot(x - map.units(8) - X[0] - 2 * LENS, y - map.units(8) + 1 - 2 * LENS) < 2 * LENS;
    const isInside = ((a - mu[0]) / (2 * sigma[0])) ** 2 + ((b - mu[1]) / (2 * sigma[1])) ** 2 < 1;
    const reach = map.units(12) * shown.reach;
    if (Math.hypot(a - z[0], b - z[1]) < reach) links.light('z');
    else if ((inLens || isInside) && settings.mode !== 'prior') links.light('posterior');
    else if (nearestItem(a, b)[1] < reach / 2) links.light('mu');
    else links.light('prior');
  }

  /** @param {number} x @param {number} y */
  function pressMap(x, y) {
    const { shown } = state;
    if (!shown) return;
    if (settings.mode === 'one') chooseItem(nearestItem(x * shown.reach, y * shown.reach)[0]);
    else dragMap(x, y);
    pointAtMap(x, y);
  }

  /** @param {number} x @param {number} y */
  function dragMap(x, y) {
    const { shown } = state;
    if (!shown) return;
    const place = [x * shown.reach, y * shown.reach];
    if (settings.mode === 'one') chooseItem(nearestItem(place[0], place[1])[0]);
    else if (settings.mode === 'prior') setEpsilon(place[0], place[1]);
    else {
      const [from, to] = [settings.before, settings.item].map((text) => model().posterior(itemOf(text)).mu);
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const along = ((place[0] - from[0]) * dx + (place[1] - from[1]) * dy) / (dx * dx + dy * dy || 1);
      walkTo(along);
    }
  }

  /** @param {Pen} pen */
  function paintMap(pen) {
    const { shown } = state;
    if (!shown) return;
    const { reach } = shown;
    const { mu, sigma } = model();
    /** @param {Float32Array | undefined} from @param {Float32Array} to */
    const onTheWay = (from, to) =>
      to.map((value, i) => (from && moved < 1 ? from[i] + moved * (value - from[i]) : value) / reach);
    const scaled = (/** @type {[number, number]} */ [a, b]) => /** @type {[number, number]} */ ([a / reach, b / reach]);
    const { mu: middle, sigma: spread } = posterior();
    const plane = {
      mu: onTheWay(movedFrom?.mu, mu),
      sigma: onTheWay(movedFrom?.sigma, sigma),
      labels: state.labels,
      names: shown.names,
      unit: 1 / reach,
      posterior: { mu: scaled(middle), sigma: scaled(spread) },
      z: scaled(codeOf(posterior(), epsilon())),
      ghosts: settings.mode === 'walk' ? [] : codesOfRow().map(scaled),
      walk: settings.mode === 'walk' ? [codesOfRow()[0], codesOfRow()[ROW - 1]].map(scaled) : [],
    };
    drawMap(pen, plane, strength);
    hasLens = settings.mode === 'one' && drawLens(pen, plane, strength);
    pen.words('N(0, I): circles of 1 and 2 standard deviations', 8, 18);
  }

  return {
    element: map.element,
    redraw: map.redraw,

    /** Let the points move from where they are in another model. @param {Vae} other */
    moveFrom({ mu, sigma }) {
      movedFrom = { mu, sigma };
      moved = wantsCalm() ? 1 : 0;
      if (moved === 0) move.start();
    },

    destroy() {
      move.destroy();
      map.destroy();
    },
  };
}
