// Pictures through a code whose numbers come in order: only the first of them are kept, beside as many components of PCA.

import { el } from '../../shared/dom.js';
import { threeDigits, ticksBetween } from '../../shared/numbers.js';
import { remembered, whole } from '../../stage/address.js';
import { button, rowTitle, slider } from '../../stage/controls.js';
import { drawCurves, ENDS, nearestTo, rowsOf } from '../../stage/curves.js';
import { anewForEachModel, createFrame, sceneComponent } from '../../stage/frame.js';
import { pictureOf, putPicture } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import { codeInOrder } from './code.js';
import css from './style.css';
import { WORDS } from './words.js';

/** @import { Ordered } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */

const ROW = 10; // pictures in a row
const FEW = 2; // numbers that the question asks about

/**
 * @param {HTMLElement} root
 * @param {Ordered} message
 */
function createView(root, message) {
  const code = codeInOrder(message);
  const { most } = code;
  const errors = { rebuilt: rowsOf(message.ordered.read()), pca: rowsOf(message.pca.read()) };
  const highest = 1.05 * Math.max(...errors.rebuilt.high, ...errors.pca.high);
  const { settings, remember } = remembered('ordered', { k: '8', item: '0', page: '0' });
  /** @type {HTMLCanvasElement[][]} */
  const pictures = [[], [], []];

  const frame = createFrame(root, WORDS, {
    k: () => String(kept()),
    z: () => `${most} numbers`,
    error: () => meanOf('rebuilt'),
    pca: () => meanOf('pca'),
  });
  const { strength, links } = frame;
  const rows = ['x', 'rebuilt', 'pca'].map((part, line) =>
    createPlane(
      {
        label: ['Pictures', 'Back from the first k numbers', 'Back from k components of PCA'][line],
        x: [0, ROW],
        y: [1, 0],
        aspect: ROW,
        unframed: true,
        hand: { point: (x) => pointAt(part, x), leave: away },
      },
      (pen) => paintRow(pen, part, line),
    ),
  );
  const bars = createPlane(
    { label: 'The numbers of the code: drag how many are kept', x: [0.5, most + 0.5], y: [-1, 1], aspect: 7, hand: { point: pointAtBars, press: keep, drag: keep, release: remember, leave: away } },
    paintBars,
  ); // biome-ignore format: as it is read
  const chart = createPlane(
    { label: 'Error by how many numbers are kept: drag along it', aspect: 1.15, hand: { point: pointAtChart, press: dragChart, drag: dragChart, release: remember, leave: away } },
    paintChart,
  ); // biome-ignore format: as it is read
  const planes = [...rows, bars, chart];
  for (const plane of [bars, chart]) plane.takeFingers(true);
  const width = slider({ label: 'k, numbers that are kept', low: 1, high: most, step: 1, value: kept() }, (k) => {
    setKept(k);
    remember();
  });
  const others = button('Other pictures', () => change({ page: String((page() + 1) % code.pages(ROW)) }), {
    primary: true,
  });
  const toFew = button('', () => {
    setKept(kept() === FEW ? most : FEW);
    remember();
    frame.lookUp();
  });
  const numbers = {
    rebuilt: frame.figure('Squared error, first k numbers', 'error'),
    pca: frame.figure('The same, k components of PCA', 'pca'),
    needs: frame.figure('Components that PCA needs for that', 'pca'),
  };
  const titles = rows.map(() => rowTitle());
  const title = rowTitle('The code of the marked picture');
  frame.stage.append(
    el('div', {}, ...rows.flatMap(({ element }, i) => [titles[i], element])),
    el('div', { class: 'pair' }, el('div', {}, title, bars.element), chart.element),
    rowTitle(message.measured),
  );
  frame.buttons.append(others.element);
  frame.controls.append(width.element);
  frame.doing.append(toFew.element);
  links.onChange(redraw);
  draw();

  // --- What is set ------------------------------------------------------------------------------------------------------

  function kept() {
    return whole(settings.k, most, 1);
  }

  function page() {
    return whole(settings.page, code.pages(ROW) - 1);
  }

  /** The item whose code is shown. */
  function chosen() {
    return code.inside(page() * ROW + (Number(settings.item) || 0));
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    Object.assign(settings, changes);
    remember();
    draw();
  }

  /** @param {number} k */
  function setKept(k) {
    settings.k = String(k);
    width.set(kept());
    draw();
  }

  // --- Hands ------------------------------------------------------------------------------------------------------------

  function away() {
    links.light('');
  }

  /** @param {string} part @param {number} x */
  function pointAt(part, x) {
    links.light(part);
    change({ item: String(Math.max(0, Math.min(ROW - 1, Math.floor(x)))) });
  }

  /** @param {number} x */
  function pointAtBars(x) {
    links.light(Math.abs(x - 0.5 - kept()) < 0.5 ? 'k' : 'z');
  }

  /** @param {number} x */
  function keep(x) {
    links.light('k');
    setKept(Math.round(x));
  }

  /** @param {number} x @param {number} y */
  function pointAtChart(x, y) {
    const at = widthAt(x) - 1;
    const ends =
      ENDS.bottom + (ENDS.top - ENDS.bottom) * 0.5 * ((errors.rebuilt.mean[at] + errors.pca.mean[at]) / highest);
    links.light(y > ends ? 'pca' : 'error');
  }

  /** @param {number} x @param {number} y */
  function dragChart(x, y) {
    pointAtChart(x, y);
    setKept(widthAt(x));
  }

  /** @param {number} x share of the chart's width. */
  function widthAt(x) {
    return nearestTo(x, across()) + 1;
  }

  // --- What is drawn ----------------------------------------------------------------------------------------------------

  function draw() {
    for (let i = 0; i < ROW; i++) {
      const item = code.inside(page() * ROW + i);
      const shown = [code.picture(item), code.rebuilt(item, kept()), code.byPca(item, kept())];
      shown.forEach((values, line) => {
        pictures[line][i] = pictureOf(values, message.shape, pictures[line][i]);
      });
    }
    const k = kept();
    const words = ['Pictures', `Back from ${k === 1 ? 'one number' : `${k} numbers`}`, `Back from ${k === 1 ? 'one component' : `${k} components`} of PCA`]; // biome-ignore format: as it is read
    titles.forEach((element, i) => {
      element.textContent = words[i];
    });
    numbers.rebuilt.show(meanOf('rebuilt'));
    numbers.pca.show(meanOf('pca'));
    numbers.needs.show(needed() > most ? `more than ${most}` : String(needed()));
    toFew.show(k === FEW ? `Keep all ${most}` : 'Keep two numbers');
    redraw();
    frame.drawn();
  }

  function redraw() {
    for (const plane of planes) plane.redraw();
  }

  /** @param {keyof typeof errors} kind */
  function meanOf(kind) {
    const [mean, low, high] = Object.values(errors[kind]).map((values) => threeDigits(values[kept() - 1]));
    return `${mean} (${low} to ${high})`;
  }

  /** Components with which PCA loses no more than the code does now. */
  function needed() {
    const at = errors.pca.mean.findIndex((error) => error <= errors.rebuilt.mean[kept() - 1]);
    return at < 0 ? most + 1 : at + 1;
  }

  function across() {
    return Array.from(errors.pca.mean, (_, i) => ENDS.left + ((ENDS.right - ENDS.left) * i) / (most - 1 || 1));
  }

  /** @param {Pen} pen @param {string} part @param {number} line */
  function paintRow(pen, part, line) {
    const { px, py } = pen;
    pen.fade(strength(part, 'error', ...(line ? ['k'] : ['z'])));
    pictures[line].forEach((picture, i) => {
      const mark = code.inside(page() * ROW + i) === chosen() ? '--accent' : '';
      putPicture(pen, picture, px(i + 0.5), py(0.5), px(1) - 6, mark);
    });
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintBars(pen) {
    const { brush, px, py, colour } = pen;
    const values = code.numbers(chosen());
    const reach = Math.max(...values.map(Math.abs));
    values.forEach((value, i) => {
      const isKept = i < kept();
      pen.fade(strength('z', ...(isKept ? ['k', 'rebuilt'] : [])));
      brush.fillStyle = colour(isKept ? '--rebuilt' : '--tie');
      brush.fillRect(px(i + 0.6), py(0), px(1.3) - px(0.5), py((0.9 * value) / reach) - py(0));
    });
    pen.fade(strength('k'));
    pen.line([kept() + 0.5, kept() + 0.5], [-1, 1], 2, '--accent');
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintChart(pen) {
    const at = kept() - 1;
    const xs = across();
    const up = (/** @type {number} */ error) => ENDS.bottom + ((ENDS.top - ENDS.bottom) * error) / highest;
    const below = ticksBetween(1, most, 6).map((tick) => ({ ...tick, at: xs[tick.at - 1] }));
    const beside = ticksBetween(0, highest, 5).map((tick) => ({ ...tick, at: up(tick.at) }));
    const curves = [
      { part: 'error', name: 'first k numbers', colour: '--rebuilt', ...errors.rebuilt, now: errors.rebuilt.mean[at] },
      { part: 'pca', name: 'k components of PCA', colour: '--other', ...errors.pca, now: errors.pca.mean[at] },
    ];
    drawCurves(pen, { across: xs, below, beside, up, chosen: at, names: 'top' }, curves, strength);
    pen.fade(strength('error', 'pca'));
    const to = xs[Math.min(most, needed()) - 1];
    const level = up(errors.rebuilt.mean[at]);
    pen.line([xs[at], to], [level, level], 1.5, '--text', [4, 4]);
    pen.fade(1);
  }

  return {
    draw: redraw,
    item: chosen,

    destroy() {
      for (const plane of planes) plane.destroy();
    },
  };
}

/** @type {CreateScene<'ordered'>} */
const createOrdered = (root) => anewForEachModel(root, createView);

export default sceneComponent(createOrdered, css);
