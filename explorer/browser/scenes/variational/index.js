// A picture goes through a variational autoencoder: a cloud of codes, a draw from it, and what that decodes to.

import { el } from '../../shared/dom.js';
import { threeDigits } from '../../shared/numbers.js';
import { oncePerFrame } from '../../shared/timing.js';
import { remembered } from '../../stage/address.js';
import { button, choice, figure, slider } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { createLoop, wantsCalm } from '../../stage/loop.js';
import { pictureOf, putPicture } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import { Random } from '../../training/random.js';
import { drawBars, drawDivergence, drawLens, drawMap, drawPad } from './charts.js';
import { drawDiagram, HEIGHT, pair, partAt, WIDTH } from './diagram.js';
import { between, codeOf, divergence, divergenceOf, normalQuantile, PRIOR, surprise } from './gaussian.js';
import css from './style.css';
import { Vae } from './vae.js';
import { WORDS } from './words.js';

/** @import { Create, Variational } from '../../messages.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { Posterior } from './gaussian.js' */

const ROW = 10; // pictures in a row
const MOST = 3; // standard deviations that epsilon is dragged to
const MILLI = 1000;
const ASIDE = 0.25; // of the map's half height: the room to the left is the lens's
const MOVE = 0.5; // seconds in which the points move from one model's map to the next
const LAP = 4; // seconds of a walk
const MODES = { one: 'One picture', walk: 'A walk between two', prior: 'No picture: the prior' };

/** @typedef {keyof typeof MODES} Mode */

/** @type {Create<'variational'>} */
function createVariational(root) {
  const { settings, remember } = remembered('variational', {
    mode: 'one',
    model: 'hand',
    rung: '2',
    item: '0',
    before: '3',
    share: '500',
    seed: '1',
    epsilon: '',
    ghosts: '1',
  });
  /** @type {Variational} */
  let shown;
  let items = new Float32Array();
  let labels = new Uint8Array();
  /** @type {Vae} */
  let hand;
  /** @type {Vae} */
  let last; // the model that was shown before a change
  /** @type {Vae[]} */
  let ladder = [];
  /** @type {{mu: Float32Array, sigma: Float32Array} | null} */
  let movedFrom = null;
  let moved = 1; // share of the way between two maps
  let pointed = -1; // the place in the row that is pointed at
  let pointedItem = -1;
  const pictures = { x: el('canvas'), rebuilt: el('canvas') };
  /** @type {HTMLCanvasElement[][]} */
  const strip = [[], []];
  /** @type {HTMLCanvasElement[]} */
  let row = [];
  let [stripOf, rowOf] = ['', ''];
  let error = 0;

  const frame = createFrame(root, WORDS, {
    mu: () => pair(posterior().mu),
    sigma: () => posterior().sigma.map(threeDigits).join(', '),
    epsilon: () => pair(epsilon()),
    z: () => pair(codeOf(posterior(), epsilon())),
    kl: () => threeDigits(divergenceOf(posterior())),
    error: () => threeDigits(error),
    beta: () => threeDigits(model().beta),
  });
  const { strength, links } = frame;
  const redraw = oncePerFrame(draw);
  const walk = createLoop(frame.stage, (seconds) => {
    const lap = (seconds / LAP + startShare) % 2;
    settings.share = String(Math.round(MILLI * (lap > 1 ? 2 - lap : lap)));
    redraw();
  });
  let startShare = 0;
  const move = createLoop(frame.stage, (seconds) => {
    moved = Math.min(1, seconds / MOVE);
    if (moved === 1) move.stop();
    redraw();
  });

  // --- Pictures ---------------------------------------------------------------------------------------------------------

  const diagram = createPlane(
    {
      label: 'The way from the picture through mu, sigma, epsilon and z to what is decoded',
      x: [0, WIDTH],
      y: [HEIGHT, 0],
      aspect: WIDTH / HEIGHT,
      hand: { point: (x, y) => light(partAt(x, y)), leave: () => light('') },
    },
    paintDiagram,
  );
  const pad = createPlane(
    {
      label: 'Epsilon: drag it',
      x: [-MOST - 0.3, MOST + 0.3],
      y: [-MOST - 0.3, MOST + 0.3],
      hand: { point: () => light('epsilon'), press: setEpsilon, drag: setEpsilon, release: remember, leave: away },
    },
    (pen) => drawPad(pen, epsilon(), ghosts(), strength),
  );
  pad.element.classList.add('pad');
  pad.takeFingers(true);
  const map = createPlane(
    {
      label: 'The plane of codes: press a point to encode its picture',
      x: [-WIDTH / HEIGHT - ASIDE, WIDTH / HEIGHT - ASIDE],
      y: [-1, 1],
      aspect: WIDTH / HEIGHT,
      hand: { point: pointAtMap, press: pressMap, drag: dragMap, release: remember, leave: away },
    },
    paintMap,
  );
  const divergences = [0, 1].map((d) =>
    createPlane(
      {
        label: `KL of number ${d + 1} of the code: drag epsilon along it`,
        x: [0, 1],
        y: [0, 1],
        aspect: 1,
        hand: {
          point: () => light('kl'),
          press: (x) => setEpsilonAlong(d, x),
          drag: (x) => setEpsilonAlong(d, x),
          release: remember,
          leave: away,
        },
      },
      (pen) => {
        const { mu, sigma } = posterior();
        const title = `z${'₁₂'[d]}: KL ${threeDigits(divergence(mu[d], sigma[d]))} nats`;
        drawDivergence(pen, mu[d], sigma[d], epsilon()[d], title, strength);
      },
    ),
  );
  const bars = createPlane(
    {
      label: 'Reconstruction and KL, held-out means',
      x: [0, 1],
      y: [0, 1],
      aspect: 1.9,
      hand: { point: pointAtBars, press: pressBars, leave: away },
    },
    (pen) => drawBars(pen, [hand, ...ladder], model(), strength),
  );
  const choose = createPlane(
    {
      label: 'Pictures to encode, and what comes back for each',
      x: [0, ROW],
      y: [2, 0],
      aspect: ROW / 2,
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
      hand: { point: pointAtRow, press: pressRow, drag: pressRow, release: remember, leave: away },
    },
    paintRow,
  );
  for (const { element } of [choose, draws]) element.classList.add('unframed');
  const titles = {
    strip: el('p', { class: 'row-title' }),
    row: el('p', { class: 'row-title' }),
    bars: el('p', { class: 'row-title' }),
  };
  const planes = [diagram, pad, map, ...divergences, bars, choose, draws];

  // --- Controls ---------------------------------------------------------------------------------------------------------

  const again = button('', pressAgain, { primary: true });
  const ten = button('', () => change({ ghosts: String(Number(settings.ghosts) + 1) }));
  const mode = choice('What is drawn', MODES, /** @type {Mode} */ (settings.mode), (value) => change({ mode: value }));
  const numbers = {
    error: figure('−log p(x | z), this draw'),
    kl: figure('KL, this picture'),
    elbo: figure('ELBO, held-out mean'),
  };
  const toLadder = button('', () => {
    takeRung(isLadder() && model() === ladder.at(-1) ? 0 : ladder.length - 1);
  });
  frame.stage.append(
    el('div', { class: 'pair' }, el('div', { class: 'diagram' }, diagram.element, pad.element), map.element),
    el('div', {}, titles.strip, choose.element),
    el('div', {}, titles.row, draws.element),
    el('div', { class: 'pair' },
      el('div', { class: 'charts' }, ...divergences.map((each) => each.element)),
      el('div', {}, titles.bars, bars.element)),
  ); // biome-ignore format: as it is laid out
  frame.buttons.append(again.element, ten.element);
  frame.controls.append(mode.element);
  frame.addFigure(numbers.error, 'error');
  frame.addFigure(numbers.kl, 'kl');
  frame.addFigure(numbers.elbo, 'beta');
  links.onChange(redraw);

  /** Controls over the models, once it is known which there are. */
  /** @type {ReturnType<typeof slider> | null} */
  let beta = null;
  /** @type {{element: HTMLElement, set: (value: 'hand' | 'ladder') => void} | null} */
  let models = null;
  function offerModels() {
    if (models || !ladder.length) return;
    const offered = { hand: hand.title, ladder: 'One for each β' };
    models = choice('Model', offered, /** @type {keyof typeof offered} */ (settings.model), (value) =>
      change({ model: value }),
    );
    beta = slider(
      {
        label: 'β, the price of KL',
        low: 0,
        high: ladder.length - 1,
        step: 1,
        value: Number(settings.rung),
        text: (i) => String(ladder[i].beta),
      },
      (i) => change({ rung: String(i) }),
    );
    frame.controls.append(models.element, beta.element);
    frame.doing.append(toLadder.element);
  }

  // --- What is set ------------------------------------------------------------------------------------------------------

  function isLadder() {
    return settings.model === 'ladder' && ladder.length > 0;
  }

  function model() {
    return isLadder() ? ladder[Math.min(ladder.length - 1, Math.max(0, Number(settings.rung) || 0))] : hand;
  }

  /** @param {string} text */
  function itemOf(text) {
    return Math.min(labels.length - 1, Math.max(0, Number(text) || 0));
  }

  function share() {
    return Math.min(1, Math.max(0, Number(settings.share) / MILLI));
  }

  /** @returns {Posterior} */
  function posterior() {
    if (settings.mode === 'prior') return PRIOR;
    const own = model().posterior(itemOf(settings.item));
    return settings.mode === 'walk' ? between(model().posterior(itemOf(settings.before)), own, share()) : own;
  }

  /** @returns {[number, number]} */
  function epsilon() {
    if (settings.epsilon) {
      const [a, b] = settings.epsilon.split(',').map((text) => Number(text) / MILLI);
      return [a || 0, b || 0];
    }
    if (settings.mode === 'walk') return [0, 0];
    const values = new Float32Array(2);
    new Random(Number(settings.seed) || 1).fillNormal(values);
    return [values[0], values[1]];
  }

  /** @returns {[number, number][]} */
  function ghosts() {
    if (settings.mode === 'walk') return [];
    const values = new Float32Array(2 * ROW);
    new Random(MILLI + (Number(settings.ghosts) || 1)).fillNormal(values);
    return Array.from({ length: ROW }, (_, i) => [values[2 * i], values[2 * i + 1]]);
  }

  /** The codes of the row: ten draws, or ten places of the walk. */
  function codesOfRow() {
    if (settings.mode !== 'walk') return ghosts().map((each) => codeOf(posterior(), each));
    const ends = [settings.before, settings.item].map((text) => model().posterior(itemOf(text)));
    return Array.from({ length: ROW }, (_, i) => between(ends[0], ends[1], i / (ROW - 1)).mu);
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    if (changes.mode) {
      walk.stop();
      if (changes.mode !== settings.mode) settings.epsilon = '';
    }
    Object.assign(settings, changes);
    remember();
    if (model() !== last) {
      movedFrom = { mu: last.mu, sigma: last.sigma };
      last = model();
      moved = wantsCalm() ? 1 : 0;
      if (moved === 0) move.start();
    }
    redraw();
  }

  function pressAgain() {
    if (settings.mode !== 'walk') {
      change({ seed: String(Number(settings.seed) + 1), epsilon: '' });
      return;
    }
    if (walk.isOn) {
      walk.stop();
      remember();
    } else {
      startShare = share();
      walk.start();
    }
    redraw();
  }

  /** @param {number} item that is encoded from now on; the one before it is where a walk begins. */
  function chooseItem(item) {
    if (item === itemOf(settings.item)) return;
    change({ before: settings.item, item: String(item) });
  }

  // --- Hands ------------------------------------------------------------------------------------------------------------

  /** @param {string} part */
  function light(part) {
    links.light(part);
  }

  function away() {
    [pointed, pointedItem] = [-1, -1];
    light('');
    redraw();
  }

  /** @param {number} a @param {number} b */
  function setEpsilon(a, b) {
    const limit = (/** @type {number} */ v) => Math.round(MILLI * Math.max(-MOST, Math.min(MOST, v)));
    settings.epsilon = `${limit(a)},${limit(b)}`;
    light('epsilon');
    redraw();
  }

  /** @param {number} d @param {number} at share of the draws below. */
  function setEpsilonAlong(d, at) {
    const values = epsilon();
    values[d] = normalQuantile(at, MOST);
    setEpsilon(values[0], values[1]);
  }

  /** @param {number} x @param {number} y */
  function pointAtMap(x, y) {
    const z = codeOf(posterior(), epsilon());
    const [a, b] = [x * shown.reach, y * shown.reach];
    const { mu, sigma } = posterior();
    const isInside = ((a - mu[0]) / (2 * sigma[0])) ** 2 + ((b - mu[1]) / (2 * sigma[1])) ** 2 < 1;
    const reach = map.units(12) * shown.reach;
    if (Math.hypot(a - z[0], b - z[1]) < reach) light('z');
    else if (isInside && settings.mode !== 'prior') light('posterior');
    else if (nearestItem(a, b)[1] < reach / 2) light('mu');
    else light('prior');
  }

  /** @param {number} a @param {number} b @returns {[number, number]} */
  function nearestItem(a, b) {
    const { mu } = model();
    let [best, least] = [0, Infinity];
    for (let i = 0; i < labels.length; i++) {
      const distance = Math.hypot(mu[2 * i] - a, mu[2 * i + 1] - b);
      if (distance < least) [best, least] = [i, distance];
    }
    return [best, least];
  }

  /** @param {number} x @param {number} y */
  function pressMap(x, y) {
    if (settings.mode === 'one') chooseItem(nearestItem(x * shown.reach, y * shown.reach)[0]);
    else dragMap(x, y);
    pointAtMap(x, y);
  }

  /** @param {number} x @param {number} y */
  function dragMap(x, y) {
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

  /** @param {number} along */
  function walkTo(along) {
    walk.stop();
    settings.share = String(Math.round(MILLI * Math.max(0, Math.min(1, along))));
    redraw();
  }

  /** @param {number} _x @param {number} y */
  function pointAtBars(_x, y) {
    light(y < 0.1 || y > 0.95 ? 'beta' : y < 0.54 ? 'error' : 'kl');
  }

  /** @param {number} x @param {number} y */
  function pressBars(x, y) {
    pointAtBars(x, y);
    const place = Math.floor(x * (ladder.length + 1)) - 1;
    if (ladder[place]) takeRung(place);
    else takeModel('hand');
  }

  /** @param {number} rung */
  function takeRung(rung) {
    beta?.set(rung);
    settings.rung = String(rung);
    takeModel('ladder');
  }

  /** @param {'hand' | 'ladder'} name */
  function takeModel(name) {
    models?.set(name);
    change({ model: name });
  }

  /** @param {number} x @param {number} y */
  function pointAtStrip(x, y) {
    pointedItem = placeInRow(x);
    light(y < 1 ? 'x' : 'rebuilt');
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
    light('z');
    redraw();
  }

  /** @param {number} x */
  function pressRow(x) {
    pointAtRow(x);
    if (settings.mode === 'walk') walkTo(pointed / (ROW - 1));
    else setEpsilon(...ghosts()[pointed]);
    light('z');
  }

  /** @param {number} x */
  function placeInRow(x) {
    return Math.max(0, Math.min(ROW - 1, Math.floor(x)));
  }

  // --- What is drawn ----------------------------------------------------------------------------------------------------

  function draw() {
    if (!shown) return;
    const z = codeOf(posterior(), epsilon());
    const item = itemOf(settings.mode === 'walk' && share() < 0.5 ? settings.before : settings.item);
    const x = pictureAt(item);
    const decoded = model().decode(z);
    error = surprise(x, decoded);
    pictureOf(x, shown.shape, pictures.x);
    pictureOf(decoded, shown.shape, pictures.rebuilt);
    fillRows();
    say();
    for (const plane of planes) plane.redraw();
    frame.drawn();
  }

  /** @param {number} item */
  function pictureAt(item) {
    const size = shown.shape[0] * shown.shape[1] * shown.shape[2];
    return items.subarray(item * size, (item + 1) * size);
  }

  /** Decodes the rows that are no longer those of what is set. */
  function fillRows() {
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

  function say() {
    const isWalk = settings.mode === 'walk';
    const isPrior = settings.mode === 'prior';
    again.show(isWalk ? (walk.isOn ? 'Pause' : 'Walk') : isPrior ? 'Draw z again' : 'Draw ε again');
    ten.element.hidden = isWalk;
    ten.show(isPrior ? 'Ten other samples' : 'Ten other draws');
    if (beta) beta.element.hidden = !isLadder();
    toLadder.show(isLadder() && model() === ladder.at(-1) ? 'Take β to 0' : `Take β to ${ladder.at(-1)?.beta ?? ''}`);
    titles.strip.textContent = isWalk
      ? 'Press two pictures, one after the other: the walk goes between them. Below: what their means decode to.'
      : 'Press a picture to encode it. Below each: what the mean of its cloud decodes to.';
    titles.row.textContent = isWalk
      ? 'Ten places of the walk, decoded'
      : isPrior
        ? 'Ten samples: z drawn from N(0, I), decoded'
        : 'Ten draws of ε for this one picture, decoded';
    const about = isLadder() ? 'Seven models that differ in β alone' : model().title;
    titles.bars.textContent = `${about}: means, ${shown.measured}`;
    numbers.error.show(isPrior ? '–' : `${threeDigits(error)} nats`);
    numbers.kl.show(isPrior ? '–' : `${threeDigits(divergenceOf(posterior()))} nats`);
    const { reconstruction, kl } = model().means;
    numbers.elbo.show(`${threeDigits(-reconstruction - kl)} nats`);
  }

  /** @param {Pen} pen */
  function paintDiagram(pen) {
    if (!shown) return;
    const passage = {
      ...pictures,
      posterior: posterior(),
      epsilon: epsilon(),
      z: codeOf(posterior(), epsilon()),
      size: shown.shape[0] * shown.shape[1] * shown.shape[2],
      isPrior: settings.mode === 'prior',
    };
    drawDiagram(pen, passage, strength);
  }

  /** @param {Pen} pen */
  function paintMap(pen) {
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
      labels,
      names: shown.names,
      unit: 1 / reach,
      posterior: { mu: scaled(middle), sigma: scaled(spread) },
      z: scaled(codeOf(posterior(), epsilon())),
      ghosts: settings.mode === 'walk' ? [] : codesOfRow().map(scaled),
      walk: settings.mode === 'walk' ? [codesOfRow()[0], codesOfRow()[ROW - 1]].map(scaled) : [],
    };
    drawMap(pen, plane, strength);
    if (settings.mode === 'one') drawLens(pen, plane, strength);
    pen.words('N(0, I): circles of 1 and 2 standard deviations', 8, 18, '--st-text-color');
  }

  /** @param {Pen} pen */
  function paintStrip(pen) {
    if (!shown) return;
    strip.forEach((pictures_, line) => {
      pen.fade(strength(...(line ? ['rebuilt', 'beta'] : ['x'])));
      pictures_.forEach((picture, i) =>
        put(pen, picture, i, line, line === 0 && i === itemOf(settings.item), pointedItem === i),
      );
    });
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintRow(pen) {
    if (!shown) return;
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
    const { brush, px, py } = pen;
    const { left, top, width, height } = putPicture(pen, picture, px(column + 0.5), py(line + 0.5), px(1) - px(0) - 6);
    if (!isChosen && !isPointed) return;
    [brush.strokeStyle, brush.lineWidth] = [
      pen.colour(isChosen ? '--st-primary-color' : '--st-text-color'),
      isChosen ? 3 : 1.5,
    ];
    brush.strokeRect(left - 1, top - 1, width + 2, height + 2);
  }

  return {
    update(message) {
      shown = message;
      [items, labels] = [message.items.read(), message.labels.read()];
      hand = new Vae(message.hand);
      ladder = message.ladder.map((each) => new Vae(each));
      message.colours.forEach((colour, i) => frame.stage.style.setProperty(`--class-${i}`, colour));
      [stripOf, rowOf] = ['', ''];
      last = model();
      offerModels();
      draw();
    },

    destroy() {
      redraw.cancel();
      walk.destroy();
      move.destroy();
      for (const plane of planes) plane.destroy();
    },
  };
}

export default sceneComponent(createVariational, css);
