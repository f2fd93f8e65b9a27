// Pictures in place of points, where these stand apart: drawn over them from what has come, asked for as they come into sight.

import { el, icon } from '../shared/dom.js';
import { brushOf, pngBlob } from '../shared/picture.js';
import { pictureChannel } from '../shared/picture_channel.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { inSight, levelFor, mostIn, sideOf } from './picture_choice.js';
import { PointIndex } from './point_index.js';
import { SpriteCache } from './sprite_cache.js';

/** @import { FinerPictures, LatentMap } from '../messages.js' */
/** @import { PictureChannel, PicturesMade } from '../shared/picture_channel.js' */
/** @import { Sheet, Sprite } from './sprite_cache.js' */
/** @import { MapView, Sight } from './view.js' */

const KEPT_PIXELS = 6_000_000; // of the larger pictures: 24 MB
const WANTED = 0.7; // share of them that one view may take
const ASKED = 512; // pictures in one question, as in message.py
const ASKED_PIXELS = 2_000_000; // in one answer
const MARGIN = 0.25; // of the view, at each of its edges: what moves into sight has been drawn
const CALM_MS = 80;
const FADED = 0.25; // opacity of pictures that are not chosen
const FRAME = 1.5; // CSS pixels
const NAME = 'Pictures where points stand apart (P)';
const ICON = 'M2.5 3h11v10h-11zM2.5 11l3.5-3.5 2.5 2.5 2-2 3 3M10.4 6.2h.1';

/**
 * @param {MapView} view that the hand moves.
 * @param {(group: number) => boolean} isShown whether a class is not hidden.
 */
export function createPictures(view, isShown) {
  const canvas = el('canvas', { class: 'pictures', 'aria-hidden': 'true', hidden: true });
  const words = el('div', { class: 'map-pictures', role: 'status', hidden: true });
  const button = el(
    'button',
    { type: 'button', class: 'plain', title: NAME, 'aria-label': NAME, 'aria-pressed': 'true', click: toggle },
    icon(ICON),
  );
  const tool = el('span', { class: 'tool-group', hidden: true }, button);
  const cache = new SpriteCache(KEPT_PIXELS);
  let points = new Float32Array(0);
  let groups = new Uint16Array(0);
  let index = new PointIndex(points);
  let palette = new Uint8Array(0);
  /** @type {Uint32Array | null} */
  let chosen = null;
  /** @type {Sheet | null} */
  let packed = null; // the thumbnails that came with the map
  /** @type {FinerPictures | null} */
  let finer = null;
  /** @type {PictureChannel | null} */
  let channel = null;
  let word = 'image';
  let isOn = true;
  let isDrawn = false;
  let drawn = view.copy();

  const hasPictures = () => packed !== null || finer !== null;

  // --- Where the last drawing lies ---

  function move() {
    if (!isDrawn) return;
    const [left, top, scale] = view.shiftFrom(drawn);
    const [across, down] = [view.width, view.height].map((side) => MARGIN * side * (1 - scale));
    canvas.style.transform = `translate(${left + across}px, ${top + down}px) scale(${scale})`;
  }

  function isFar() {
    const [dx, dy] = [(drawn.x - view.x) / view.unit, (drawn.y - view.y) / view.unit];
    const scale = drawn.unit / view.unit;
    return Math.abs(dx) > MARGIN * view.width || Math.abs(dy) > MARGIN * view.height || scale > 1.6 || scale < 0.6;
  }

  const redraw = oncePerFrame(draw);
  const redrawWhenCalm = whenCalm(redraw, CALM_MS);

  // --- Drawing ---

  /** What is in sight, or a little more where that is not too much. */
  function choose() {
    const [left, bottom, right, top] = view.sight;
    const most = mostIn(view.width, view.height);
    const allowed = (/** @type {number} */ item) => isShown(groups[item]);
    const seen = inSight(index, [left, bottom, right, top], most, allowed);
    const side = seen ? sideOf(seen, points, view.unit) : 0;
    if (!seen || !side) return null;
    const [dx, dy] = [MARGIN * (right - left), MARGIN * (top - bottom)];
    /** @type {Sight} */
    const wider = [left - dx, bottom - dy, right + dx, top + dy];
    return { seen: seen.length, side, positions: inSight(index, wider, 4 * most, allowed) ?? seen };
  }

  function draw() {
    if (!view.width) return;
    const choice = isOn && hasPictures() ? choose() : null;
    canvas.hidden = !choice?.seen;
    isDrawn = !canvas.hidden;
    tell(choice?.seen ?? null);
    if (!choice || !isDrawn) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [view.width, view.height].map((side) => (1 + 2 * MARGIN) * side);
    const pixels = [width, height].map((side) => Math.round(side * ratio));
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
    Object.assign(canvas.style, { left: `${-MARGIN * view.width}px`, top: `${-MARGIN * view.height}px` });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    drawn = view.copy();
    canvas.style.transform = '';
    const brush = brushOf(canvas);
    brush.setTransform(ratio, 0, 0, ratio, ratio * MARGIN * view.width, ratio * MARGIN * view.height);
    brush.clearRect(-width, -height, 3 * width, 3 * height);
    const level = levelFor(sides(), choice.side * ratio);
    cache.tick();
    const lacking = new Set(choice.positions.filter((item) => !drawOne(brush, item, choice.side, ratio, level)));
    if (lacking.size) ask(choice.positions, lacking, level);
  }

  /** Longer sides of all sizes, falling; the thumbnails that came with the map are the last. */
  function sides() {
    const all = finer ? finer.steps.map((step) => Math.floor(Math.max(of().width, of().height) / step)) : [];
    return packed ? [...all, Math.max(packed.width, packed.height)] : all;
  }

  const of = () => /** @type {{width: number, height: number}} */ (finer ?? packed);

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {number} item
   * @param {number} side CSS pixels of the longer side.
   * @param {number} ratio device pixels for each.
   * @param {number} level
   * @returns {boolean} whether it is as fine as it is to be.
   */
  function drawOne(brush, item, side, ratio, level) {
    const isPacked = level >= (finer?.steps.length ?? 0);
    /** @type {Sprite | null} */
    const found = (isPacked && packed ? null : cache.find(item, level)) ?? (packed && { sheet: packed, slot: item });
    if (!found) return false;
    const { sheet, slot } = found;
    const scale = side / Math.max(sheet.width, sheet.height);
    const [width, height] = [sheet.width * scale, sheet.height * scale];
    const [x, y] = view.toScreen(points[2 * item], points[2 * item + 1]);
    brush.imageSmoothingEnabled = scale * ratio < 2;
    brush.globalAlpha = chosen && !isChosen(item) ? FADED : 1;
    const from = [(slot % sheet.columns) * sheet.width, Math.floor(slot / sheet.columns) * sheet.height];
    const [left, top] = [Math.round((x - width / 2) * ratio) / ratio, Math.round((y - height / 2) * ratio) / ratio];
    brush.drawImage(sheet.bitmap, from[0], from[1], sheet.width, sheet.height, left, top, width, height);
    const colour = palette.subarray(4 * groups[item], 4 * groups[item] + 3);
    brush.strokeStyle = `rgb(${colour.join()})`;
    brush.lineWidth = FRAME;
    brush.strokeRect(left - FRAME / 2, top - FRAME / 2, width + FRAME, height + FRAME);
    return isPacked || cache.has(item, level);
  }

  /** @param {number} item */
  function isChosen(item) {
    let [low, high] = [0, chosen?.length ?? 0];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (chosen && chosen[middle] < item) low = middle + 1;
      else high = middle;
    }
    return chosen?.[low] === item;
  }

  /** @param {number | null} seen pictures; null: points do not stand apart. */
  function tell(seen) {
    tool.hidden = words.hidden = !hasPictures();
    if (!isOn) words.textContent = `Points alone. P: ${word}s where points stand apart`;
    else if (seen === null)
      words.textContent = `Zoom in: where points stand apart, their ${word}s are shown. P: points alone`;
    else {
      const many = seen === 0 ? `No ${word}` : seen === 1 ? `1 ${word}` : `${seen.toLocaleString('en-US')} ${word}s`;
      words.textContent = `${many} in sight${seen ? ', each in place of its point' : ''}. P: points alone`;
    }
  }

  function toggle() {
    isOn = !isOn;
    button.setAttribute('aria-pressed', String(isOn));
    redraw();
  }

  // --- Larger pictures ---

  /**
   * Ask for pictures, those in the middle of the view first.
   *
   * @param {Uint32Array} positions that are drawn.
   * @param {Set<number>} lacking those whose pictures are too small, or not there.
   * @param {number} level
   */
  function ask(positions, lacking, level) {
    if (!finer || !channel || level >= finer.steps.length) return;
    const step = finer.steps[level];
    const each = Math.floor(finer.width / step) * Math.floor(finer.height / step);
    const distance = (/** @type {number} */ i) => (points[2 * i] - view.x) ** 2 + (points[2 * i + 1] - view.y) ** 2;
    const nearest = Array.from(positions).sort((a, b) => distance(a) - distance(b));
    // No more than can be kept: what is drawn would else be dropped for the rest of it, and asked for without end.
    const wanted = nearest.slice(0, Math.floor((WANTED * KEPT_PIXELS) / each)).filter((item) => lacking.has(item));
    if (!wanted.length) return;
    const few = Math.max(1, Math.min(ASKED, Math.floor(ASKED_PIXELS / each)));
    channel.wanted = { items: finer.items, step, positions: wanted.slice(0, few) };
    channel.look?.();
  }

  /** @param {PicturesMade} made */
  async function take({ items, step, positions, png, columns, width, height }) {
    const bitmap = await createImageBitmap(pngBlob(png));
    const level = finer?.items === items ? finer.steps.indexOf(step) : -1;
    if (level < 0 || positions.some((item) => item >= groups.length)) {
      bitmap.close();
      return;
    }
    cache.add(level, positions, { bitmap, columns, width, height });
    redraw();
  }

  function leave() {
    if (channel?.take === take) channel.take = null;
    channel = null;
  }

  return {
    canvas,
    words,
    tool,
    redraw,

    /** The view has moved. */
    follow() {
      if (!hasPictures()) return;
      move();
      if (isDrawn && isFar()) redraw();
      else if (view.x !== drawn.x || view.y !== drawn.y || view.unit !== drawn.unit) redrawWhenCalm();
    },

    /**
     * @param {Float32Array<ArrayBuffer>} newPoints
     * @param {Uint16Array<ArrayBuffer>} newGroups
     * @param {PointIndex} newIndex
     */
    setPoints(newPoints, newGroups, newIndex) {
      [points, groups, index] = [newPoints, newGroups, newIndex];
      redraw();
    },

    /** @param {Uint8Array<ArrayBuffer>} rgba */
    setPalette(rgba) {
      palette = rgba;
      redraw();
    },

    /** @param {Uint32Array | null} positions rising. */
    setChosen(positions) {
      chosen = positions;
      redraw();
    },

    /** @param {Sheet | null} sheet the thumbnails that came with the map, once they can be drawn. */
    setPacked(sheet) {
      packed = sheet;
      redraw();
    },

    /** @param {LatentMap} message */
    describe({ nearest, points: items }) {
      word = items.item_word;
      if (nearest.finer?.items !== finer?.items || nearest.finer?.channel !== finer?.channel) {
        leave();
        cache.clear();
      }
      finer = nearest.finer;
      if (finer) {
        channel = pictureChannel(finer.channel);
        channel.take = take;
      }
      redraw();
    },

    /**
     * True where the key was the pictures' own.
     *
     * @param {KeyboardEvent} event
     */
    key(event) {
      if (tool.hidden || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== 'p') return false;
      toggle();
      return true;
    },

    destroy() {
      redraw.cancel();
      redrawWhenCalm.cancel();
      leave();
      cache.clear();
    },
  };
}
