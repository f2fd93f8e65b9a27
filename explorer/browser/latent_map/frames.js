// Drawings of the points: made at once, or in slices while the last one is moved to where the view has it.

import { el } from '../shared/dom.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { createScatter, isCounted } from './scatter.js';

/** @import { Fade, Scatter } from './scatter.js' */
/** @import { MapView } from './view.js' */

const SLOW_MS = 4; // a longer redraw cannot follow a hand where the same processor also puts it on screen
const SLICE_MS = 6; // of a frame, for a drawing that is made in slices while the hand moves
const RESTING_SLICE_MS = 32; // a choice among a million points is drawn within one
const CALM_MS = 100;

/**
 * @param {MapView} view that the hand moves.
 * @param {object} hooks
 * @param {() => number} hooks.size of a point, in CSS pixels.
 * @param {() => Fade} hooks.fade of points that are not chosen.
 * @param {(drawn: MapView | null, transform: string) => void} hooks.onShown something else is seen: a new drawing, of this
 *   view, or (null) the last one; what belongs to it is moved by this CSS transform.
 */
export function createFrames(view, { size, fade, onShown }) {
  const canvasOf = () => el('canvas', { class: 'points', 'aria-hidden': 'true' });
  let canvas = canvasOf();
  let drawn = view.copy(); // the view of the drawing that is seen
  /** @type {MapView | null} */
  let begun = null; // that of one which is being made
  /** @type {Scatter | null} */
  let scatter = null;
  let kind = '';
  let margins = [0, 0]; // CSS pixels of the drawing beyond the view
  /** @type {boolean | null} */
  let slow = null; // whether drawings are too slow to follow a hand; null: not yet timed

  const redraw = oncePerFrame(() => {
    if (!view.width || !scatter) return;
    const start = performance.now();
    scatter.draw(view, size(), fade());
    if (slow === null) {
      scatter.finish();
      slow = isSliced() || performance.now() - start > SLOW_MS;
    }
    begun = view.copy();
    goOn();
  });
  const redrawWhenCalm = whenCalm(redraw, CALM_MS);
  const goOnNext = oncePerFrame(goOn);
  const isSliced = () => scatter?.kind === 'counts';

  function goOn() {
    if (!begun || !scatter) return;
    if (!scatter.goOn(isInPlace() ? RESTING_SLICE_MS : SLICE_MS)) {
      move(false);
      goOnNext();
      return;
    }
    drawn = begun;
    begun = null;
    move(true);
    if (!isInPlace()) follow();
  }

  /** How the drawing that is seen lies in the view: its corner, its scale, and whether it is too far off to serve. */
  function offset() {
    const [left, top, scale] = view.shiftFrom(drawn);
    const [dx, dy] = [(drawn.x - view.x) / view.unit, (view.y - drawn.y) / view.unit];
    // A wider drawing is made anew before its edge comes into sight.
    const limit = isSliced() ? 8 : 3;
    const isMoved = Math.abs(dx) > view.width / limit || Math.abs(dy) > view.height / limit;
    const isScaled = isSliced() ? scale > 1.4 || scale < 0.8 : scale > 2 || scale < 0.7;
    return { left, top, scale, isFar: isMoved || isScaled };
  }

  const isInPlace = () => view.x === drawn.x && view.y === drawn.y && view.unit === drawn.unit;

  /**
   * Show the last drawing where the view has it.
   *
   * @param {boolean} isNew
   */
  function move(isNew) {
    const { left, top, scale } = offset();
    /** @param {number[]} margins of a drawing beyond the view, across and down. */
    const transform = ([across, down]) => {
      if (isInPlace()) return '';
      return `translate(${left + across * (1 - scale)}px, ${top + down * (1 - scale)}px) scale(${scale})`;
    };
    canvas.style.transform = transform(margins);
    onShown(isNew ? drawn : null, transform([0, 0]));
  }

  /** Show a view that has moved: where drawing is slow, move the last one until the hand rests. */
  const follow = oncePerFrame(() => {
    const { isFar } = offset();
    if (!slow || (isFar && !isSliced())) {
      redraw();
      return;
    }
    move(false);
    // One that is being made is not begun anew, or a hand that never rests would never see it.
    if (isFar && !begun) redraw();
    else redrawWhenCalm();
  });

  return {
    redraw,
    follow,

    get canvas() {
      return canvas;
    },
    get kind() {
      return kind;
    },
    /** Most points on one pixel; 0 where they are not counted. */
    get most() {
      return scatter?.most() ?? 0;
    },
    get scatter() {
      return scatter;
    },

    /** Its points are others: how long they take is not known yet. */
    forget() {
      slow = null;
    },

    /**
     * Open the drawing context, again if another kind is wanted.
     *
     * @param {boolean} plain never WebGL2.
     * @param {number} n points.
     * @returns {boolean} whether it is a new one, which knows no points yet.
     */
    prepare(plain, n) {
      const wanted = isCounted(n) ? 'counts' : plain ? 'plain' : 'any';
      if (scatter && wanted === kind) return false;
      kind = wanted;
      slow = begun = null;
      if (scatter) {
        scatter.destroy();
        // A canvas keeps its first kind of context for life.
        const unused = canvasOf();
        canvas.replaceWith(unused);
        canvas = unused;
      }
      scatter = createScatter(canvas, plain, n);
      return true;
    },

    /**
     * @param {number} width of the view in CSS pixels.
     * @param {number} height
     * @param {number} ratio device pixels for each.
     * @returns {boolean} whether the size is another one; then nothing is drawn.
     */
    fit(width, height, ratio) {
      const sides = [width, height];
      margins = sides.map((side) => scatter?.marginOf(side) ?? 0);
      const [across, down] = sides.map((side, i) => side + 2 * margins[i]);
      const pixels = [across, down].map((side) => Math.round(side * ratio));
      if (canvas.width === pixels[0] && canvas.height === pixels[1]) return false;
      [canvas.width, canvas.height] = pixels;
      Object.assign(canvas.style, { left: `${-margins[0]}px`, top: `${-margins[1]}px` });
      Object.assign(canvas.style, { width: `${across}px`, height: `${down}px` });
      return true;
    },

    destroy() {
      redraw.cancel();
      follow.cancel();
      redrawWhenCalm.cancel();
      goOnNext.cancel();
      scatter?.destroy();
    },
  };
}
