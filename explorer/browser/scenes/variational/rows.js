// Two rows of pictures: those that can be chosen with what comes back for each, and ten that are decoded from what is set.

import { pictureOf, putPicture } from '../../stage/pictures.js';
import { ROW } from './state.js';

/** @import { Pen } from '../../stage/plane.js' */
/** @import { State } from './state.js' */

/**
 * @param {State} state
 * @param {(...parts: string[]) => number} strength
 */
export function createRows(state, strength) {
  const { settings, model, itemOf, share, codesOfRow, pictureAt } = state;
  /** @type {HTMLCanvasElement[][]} */
  const strip = [[], []];
  /** @type {HTMLCanvasElement[]} */
  let row = [];
  let [stripOf, rowOf] = ['', ''];
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

  /** @param {Pen} pen @param {number} pointed the picture that is pointed at. */
  function paintStrip(pen, pointed) {
    strip.forEach((pictures, line) => {
      pen.fade(strength(...(line ? ['rebuilt', 'beta'] : ['x'])));
      pictures.forEach((picture, i) =>
        put(pen, picture, i, line, line === 0 && i === itemOf(settings.item), pointed === i),
      );
    });
    pen.fade(1);
  }

  /** @param {Pen} pen @param {number} pointed the picture that is pointed at. */
  function paintRow(pen, pointed) {
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
    const { left, top, width, height } = putPicture(pen, picture, px(column + 0.5), py(line + 0.5), px(1) - px(0) - 6);
    if (!isChosen && !isPointed) return;
    pen.box(isChosen ? '--accent' : '--text', isChosen ? 3 : 1.5, left - 1, top - 1, width + 2, height + 2);
  }

  return {
    fill,
    paintStrip,
    paintRow,

    /** Other models have come. */
    forget() {
      [stripOf, rowOf] = ['', ''];
    },
  };
}
