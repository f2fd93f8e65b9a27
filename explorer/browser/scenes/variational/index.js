// A picture goes through a variational autoencoder: a cloud of codes, a draw from it, and what that decodes to.

import { el } from '../../shared/dom.js';
import { threeDigits } from '../../shared/numbers.js';
import { oncePerFrame } from '../../shared/timing.js';
import { button, choice, rowTitle, slider } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { createLoop } from '../../stage/loop.js';
import { pictureOf } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import { drawBars, drawDivergence, drawPad } from './charts.js';
import { drawDiagram, HEIGHT, pair, partAt, WIDTH } from './diagram.js';
import { codeOf, divergence, divergenceOf, normalQuantile, surprise } from './gaussian.js';
import { createMap } from './map.js';
import { createRows } from './rows.js';
import { createState, MILLI } from './state.js';
import css from './style.css';
import { WORDS } from './words.js';

/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { Vae } from './vae.js' */

const MOST = 3; // standard deviations that epsilon is dragged to
const LAP = 4; // seconds of a walk
const MODES = { one: 'One picture', walk: 'A walk between two', prior: 'No picture: the prior' };

/** @typedef {keyof typeof MODES} Mode */

/** @type {CreateScene<'variational'>} */
function createVariational(root) {
  const state = createState();
  const { settings, remember, isLadder, model, itemOf, share, posterior, epsilon, ghosts } = state;
  /** @type {Vae} */
  let last; // the model that was shown before a change
  const pictures = { x: el('canvas'), rebuilt: el('canvas') };
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
  const rows = createRows(state, frame, { chooseItem, setEpsilon, walkTo, away, redraw });
  const map = createMap(state, frame, { chooseItem, setEpsilon, walkTo, away, redraw });
  /** @type {((x: number, y: number) => string)[]} */
  const partsOf = [];
  const divergences = [0, 1].map((d) =>
    createPlane(
      {
        label: `KL of number ${d + 1} of the code: drag epsilon along it`,
        aspect: 1,
        hand: {
          point: (x, y) => light(partsOf[d]?.(x, y) ?? 'kl'),
          press: (x) => setEpsilonAlong(d, x),
          drag: (x) => setEpsilonAlong(d, x),
          release: remember,
          leave: away,
        },
      },
      (pen) => {
        const { mu, sigma } = posterior();
        const title = `z${'₁₂'[d]}: KL ${threeDigits(divergence(mu[d], sigma[d]))} nats`;
        partsOf[d] = drawDivergence(pen, mu[d], sigma[d], epsilon()[d], title, strength);
      },
    ),
  );
  const bars = createPlane(
    {
      label: 'Reconstruction and KL, held-out means',
      aspect: 1.9,
      hand: { point: pointAtBars, press: pressBars, leave: away },
    },
    (pen) => drawBars(pen, [state.current, ...state.ladder], model(), strength),
  );
  const barsTitle = rowTitle();
  const planes = [diagram, pad, map, ...divergences, bars, ...rows.planes];

  // --- Controls ---------------------------------------------------------------------------------------------------------

  const again = button('', pressAgain, { primary: true });
  const ten = button('', () => change({ ghosts: String(Number(settings.ghosts) + 1) }));
  const mode = choice('What is drawn', MODES, /** @type {Mode} */ (settings.mode), (value) => change({ mode: value }));
  const numbers = {
    error: frame.figure('−log p(x | z), this draw', 'error'),
    kl: frame.figure('KL, this picture', 'kl'),
    elbo: frame.figure('ELBO, held-out mean', 'beta'),
  };
  const toLadder = button('', () => {
    takeRung(isLadder() && model() === state.ladder.at(-1) ? 0 : state.ladder.length - 1);
  });
  frame.stage.append(
    el('div', { class: 'pair' }, el('div', { class: 'diagram' }, diagram.element, pad.element), map.element),
    ...rows.elements,
    el('div', { class: 'pair' },
      el('div', { class: 'charts' }, ...divergences.map((each) => each.element)),
      el('div', {}, barsTitle, bars.element)),
  ); // biome-ignore format: as it is laid out
  frame.buttons.append(again.element, ten.element);
  frame.controls.append(mode.element);
  links.onChange(() => {
    for (const plane of planes) plane.redraw();
  });

  /** Controls over the models, once it is known which there are. */
  /** @type {ReturnType<typeof slider> | null} */
  let beta = null;
  /** @type {{element: HTMLElement, set: (value: 'current' | 'ladder') => void} | null} */
  let models = null;
  function offerModels() {
    if (models || !state.ladder.length) return;
    const offered = { current: state.current.title, ladder: 'One for each β' };
    models = choice('Model', offered, /** @type {keyof typeof offered} */ (settings.model), (value) =>
      change({ model: value }),
    );
    beta = slider(
      {
        label: 'β, the price of KL',
        low: 0,
        high: state.ladder.length - 1,
        step: 1,
        value: Number(settings.rung),
        text: (i) => String(state.ladder[i].beta),
      },
      (i) => change({ rung: String(i) }),
    );
    frame.controls.append(models.element, beta.element);
    frame.doing.append(toLadder.element);
  }

  // --- What is set ------------------------------------------------------------------------------------------------------

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    if (changes.mode) {
      walk.stop();
      if (changes.mode !== settings.mode) settings.epsilon = '';
    }
    Object.assign(settings, changes);
    remember();
    if (model() !== last) {
      map.moveFrom(last);
      last = model();
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
    rows.pointAway();
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
    const place = Math.floor(x * (state.ladder.length + 1)) - 1;
    if (state.ladder[place]) takeRung(place);
    else takeModel('current');
  }

  /** @param {number} rung */
  function takeRung(rung) {
    beta?.set(rung);
    settings.rung = String(rung);
    takeModel('ladder');
  }

  /** @param {'current' | 'ladder'} name */
  function takeModel(name) {
    models?.set(name);
    change({ model: name });
  }

  // --- What is drawn ----------------------------------------------------------------------------------------------------

  function draw() {
    const { shown } = state;
    if (!shown) return;
    const z = codeOf(posterior(), epsilon());
    const item = itemOf(settings.mode === 'walk' && share() < 0.5 ? settings.before : settings.item);
    const x = state.pictureAt(item);
    const decoded = model().decode(z);
    error = surprise(x, decoded);
    pictureOf(x, shown.shape, pictures.x);
    pictureOf(decoded, shown.shape, pictures.rebuilt);
    rows.fill();
    say(shown.measured);
    for (const plane of planes) plane.redraw();
    frame.drawn();
  }

  /** @param {string} measured which items the means are over. */
  function say(measured) {
    const isWalk = settings.mode === 'walk';
    const isPrior = settings.mode === 'prior';
    again.show(isWalk ? (walk.isOn ? 'Pause' : 'Walk') : isPrior ? 'Draw z again' : 'Draw ε again');
    ten.element.hidden = isWalk;
    ten.show(isPrior ? 'Ten other samples' : 'Ten other draws');
    if (beta) beta.element.hidden = !isLadder();
    toLadder.show(
      isLadder() && model() === state.ladder.at(-1) ? 'Take β to 0' : `Take β to ${state.ladder.at(-1)?.beta ?? ''}`,
    );
    rows.say(isWalk, isPrior);
    const about = isLadder() ? 'Small models, all trained on from the same one' : model().title;
    barsTitle.textContent = `${about}: means, ${measured}`;
    numbers.error.show(isPrior ? '–' : `${threeDigits(error)} nats`);
    numbers.kl.show(isPrior ? '–' : `${threeDigits(divergenceOf(posterior()))} nats`);
    const { reconstruction, kl } = model().means;
    numbers.elbo.show(`${threeDigits(-reconstruction - kl)} nats`);
  }

  /** @param {Pen} pen */
  function paintDiagram(pen) {
    const { shown } = state;
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

  return {
    update(message) {
      state.open(message);
      message.colours.forEach((colour, i) => frame.stage.style.setProperty(`--class-${i}`, colour));
      rows.forget();
      last = model();
      offerModels();
      draw();
    },

    item: () => (settings.mode === 'prior' ? null : itemOf(settings.item)),

    destroy() {
      redraw.cancel();
      walk.destroy();
      for (const plane of planes) plane.destroy();
    },
  };
}

export default sceneComponent(createVariational, css);
