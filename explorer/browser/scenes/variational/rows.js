// Two rows of pictures: those that can be chosen with what comes back for each, and ten that are decoded from what is set.

import { el } from '../../shared/dom.js';
import { rowTitle } from '../../stage/controls.js';
import { pictureOf, putPicture } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import { ROW } from './state.js';

/** @import { Frame } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { State } from './state.js' */

/**
 * @typedef {object} Hands what a press sets.
 * @property {(item: number) => void} chooseItem
 * @property {(a: number, b: number) => void} setEpsilon
 * @property {(along: number) => void} walkTo
 * @property {() => void} away
 * @property {() => void} redraw
 */

/**
 * @param {State} state
 * @param {Frame} frame
 * @param {Hands} hands
 */
export function createRows(state, { strength, links }, { chooseItem, setEpsilon, walkTo, away, redraw }) {
  const { settings, remember, model, itemOf, share, codesOfRow, pictureAt, ghosts } = state;
  let [pointed, pointedItem] = [-1, -1]; // the places that are pointed at
  /** @type {HTMLCanvasElement[][]} */
  const strip = [[], []];
  /** @type {HTMLCanvasElement[]} */
  let row = [];
  let [stripOf, rowOf] = ['', ''];
  const choose = createPlane(
    {
      label: 'Pictures to encode, and what comes back for each',
      x: [0, ROW],
      y: [2, 0],
      aspect: ROW / 2,
      unframed: true,
      hand: { point: pointAtStrip, press: pressStrip, leave: away },
    },
    paintStrip,
  );
  const draws = createPlane(
    {
      label: 'Ten pictures: press one to have its code',
      x: [0, ROW],
      y: [1, 0],
      aspect: ROW,
      unframed: true,
      hand: { point: pointAtRow, press: pressRow, drag: pressRow, release: remember, leave: away },
    },
    paintRow,
  );
  const titles = [choose, draws].map(() => rowTitle());

  /** Decodes the rows that are no longer those of what is set. */
  function fill() {
    const { shown, labels } = state;
    if (!shown) return;
    const { shape } = shown;
    const name = `${settings.model} ${settings.rung}`;
    if (stripOf !== name) {
      stripOf = name;
      for (let i = 0; i < Math.min(ROW, labels.length); i++) {
        strip[0][i] = pictureOf(pictureAt(i), shape, strip[0][i]);
        strip[1][i] = pictureOf(model().decode(model().posterior(i).mu), shape, strip[1][i]);
      }
    }
    const codes = codesOfRow();
    const rowName = `${name} ${codes.join(' ')}`;
    if (rowOf !== rowName) {
      rowOf = rowName;
      row = codes.map((code, i) => pictureOf(model().decode(code), shape, row[i]));
    }
  }

  /** @param {Pen} pen */
  function paintStrip(pen) {
    strip.forEach((pictures, line) => {
      pen.fade(strength(...(line ? ['rebuilt', 'beta'] : ['x'])));
      pictures.forEach((picture, i) =>
        put(pen, picture, i, line, line === 0 && i === itemOf(settings.item), pointedItem === i),
      );
    });
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintRow(pen) {
    pen.fade(strength('z', 'epsilon', 'prior', 'beta'));
    const place = settings.mode === 'walk' ? Math.round(share() * (ROW - 1)) : -1;
    row.forEach((picture, i) => put(pen, picture, i, 0, i === place, i === pointed));
    pen.fade(1);
  }

  /**
   * @param {Pen} pen
   * @param {HTMLCanvasElement} picture
   * @param {number} column
   * @param {number} line
   * @param {boolean} isChosen
   * @param {boolean} isPointed
   */
  function put(pen, picture, column, line, isChosen, isPointed) {
    const { px, py } = pen;
    const mark = isChosen ? '--accent' : isPointed ? '--text' : '';
    putPicture(pen, picture, px(column + 0.5), py(line + 0.5), px(1) - px(0) - 6, mark);
  }

  /** @param {number} x @param {number} y */
  function pointAtStrip(x, y) {
    pointedItem = placeInRow(x);
    links.light(y < 1 ? 'x' : 'rebuilt');
    redraw();
  }

  /** @param {number} x @param {number} y */
  function pressStrip(x, y) {
    pointAtStrip(x, y);
    chooseItem(placeInRow(x));
  }

  /** @param {number} x */
  function pointAtRow(x) {
    pointed = placeInRow(x);
    links.light('z');
    redraw();
  }

  /** @param {number} x */
  function pressRow(x) {
    pointAtRow(x);
    if (settings.mode === 'walk') walkTo(pointed / (ROW - 1));
    else setEpsilon(...ghosts()[pointed]);
    links.light('z');
  }

  /** @param {number} x */
  function placeInRow(x) {
    return Math.max(0, Math.min(ROW - 1, Math.floor(x)));
  }

  return {
    planes: [choose, draws],
    elements: [choose, draws].map(({ element }, i) => el('div', {}, titles[i], element)),
    fill,

    pointAway() {
      [pointed, pointedItem] = [-1, -1];
    },

    /** @param {boolean} isWalk @param {boolean} isPrior */
    say(isWalk, isPrior) {
      titles[0].textContent = isWalk
        ? 'Press two pictures, one after the other: the walk goes between them. Below: what their means decode to.'
        : 'Press a picture to encode it. Below each: what the mean of its cloud decodes to.';
      titles[1].textContent = isWalk
        ? 'Ten places of the walk, decoded'
        : isPrior
          ? 'Ten samples: z drawn from N(0, I), decoded'
          : 'Ten draws of ε for this one picture, decoded';
    },

    /** Other models have come. */
    forget() {
      [stripOf, rowOf] = ['', ''];
    },
  };
}
