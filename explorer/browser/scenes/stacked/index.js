// Every unit of a stacked autoencoder, and the film of its training.

import { Network } from '../../runtime/network.js';
import { ICONS } from '../../shared/dom.js';
import { counted, threeDigits } from '../../shared/numbers.js';
import { remembered } from '../../stage/address.js';
import { button, choice, slider } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { createLoop } from '../../stage/loop.js';
import { createFilm, errorOf } from './film.js';
import { createHourglass } from './hourglass.js';
import { cosine, denseLayers, draws, looksFor, nameOf } from './stack.js';
import css from './style.css';
import { createUnit } from './unit.js';
import { WORDS } from './words.js';

/** @import { Stacked } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Film } from './film.js' */
/** @import { Place } from './hourglass.js' */
/** @import { Dense } from './stack.js' */

const TOP = 6; // items that excite a unit most
const FRAMES_A_SECOND = 2;

/** @type {CreateScene<'stacked'>} */
function createStacked(root) {
  const { settings, remember } = remembered('stacked', { item: '0', at: '', frame: '3', decoder: 'own' });
  /** @type {Network | null} */
  let network = null;
  let opened = ''; // digest of the first model's pack
  /** @type {Dense[]} */
  let layers = [];
  /** @type {Float32Array[]} */
  let values = []; // of each level
  /** @type {{message: Stacked, tied: boolean, items: Float32Array, seen: Uint8Array, exciting: Uint32Array, ranges: Float32Array}} */
  let given;
  /** @type {Film} */
  let film;
  /** @type {Map<number, number>} */
  let cosines = new Map();
  /** @type {Place} */
  let kept = { level: 1, unit: 0 };
  /** @type {Place | null} */
  let pointed = null;
  let playedFrom = 0;

  const frame = createFrame(root, WORDS, {
    unit: () => `${threeDigits(valueNow())}, ${placeInWords()}`,
    encoder: () => weightsIn(layers.slice(0, layers.length / 2)),
    decoder: () => weightsIn(layers.slice(layers.length / 2)),
    mirror: () => `cosine ${cosineNow().toFixed(2)}`,
    code: () => `${values[layers.length / 2].length} numbers`,
    error: () => film.reels.map((reel) => `${reel.name} ${errorOf(reel, Number(settings.frame))}`).join('; '),
  });
  const { links, strength } = frame;
  const hourglass = createHourglass({
    state: () => ({ layers, values, width: width(), tied: given.tied, chosen: chosen() }),
    point: pointAt,
    press: keep,
    leave: pointAway,
    strength,
  });
  const unit = createUnit(unitLook, strength, frame.drawn);
  const shown = createFilm(() => ({ film, frame: Number(settings.frame) }), strength, frame.drawn);
  const pictures = [hourglass, unit, shown];
  const loop = createLoop(shown.element, (seconds) => {
    const wanted = playedFrom + Math.floor(seconds * FRAMES_A_SECOND);
    if (wanted >= last()) pause();
    if (wanted !== Number(settings.frame)) goTo(Math.min(wanted, last()));
  });
  const play = button('Play the training', () => (loop.isOn ? pause() : start()), { path: ICONS.play, primary: true });
  const another = button('Another picture', () => {
    settings.item = String((Number(settings.item) + 1) % given.message.names.length);
    remember();
    run();
  });
  /** @type {ReturnType<typeof slider> | null} */
  let scrubber = null;
  const figures = {
    item: frame.figure('Picture', 'data'),
    unit: frame.figure('Unit', 'unit'),
    value: frame.figure('Its value now', 'unit'),
    cosine: frame.figure('Cosine of W_d and W_eᵀ', 'mirror'),
    byLayer: frame.figure('Error, layer by layer', 'error'),
    atOnce: frame.figure('Error, at once', 'error'),
  };
  const end = button('', () => {
    pause();
    goTo(Number(settings.frame) === last() ? 0 : last());
  });
  frame.stage.append(...pictures.map((picture) => picture.element));
  frame.buttons.append(play.element, another.element);
  frame.doing.append(end.element);
  frame.tie(unit.element, 'unit');
  frame.tie(shown.element, 'error');
  links.onChange(draw);

  // --- Hands ----------------------------------------------------------------------------------------------------------

  /** @param {Place | null} place @param {string} [between] the part, where there is no place. */
  function pointAt(place, between = '') {
    pointed = place;
    links.light(place ? partOf(place) : between);
    drawUnit();
  }

  /** @param {Place} place */
  function partOf({ level }) {
    if (level === 0) return 'data';
    if (level === layers.length) return 'rebuilt';
    return level === layers.length / 2 ? 'code' : 'unit';
  }

  /** @param {Place | null} place */
  function keep(place) {
    pointAt(place);
    if (!place) return;
    kept = place;
    settings.at = `${kept.level}-${kept.unit}`;
    remember();
  }

  function pointAway() {
    pointed = null;
    links.light('');
    drawUnit();
  }

  // --- The film -------------------------------------------------------------------------------------------------------

  const last = () => film.reels[0].stages.length - 1;

  /** @param {number} to */
  function goTo(to) {
    settings.frame = String(to);
    scrubber?.set(to);
    remember();
    draw();
  }

  function start() {
    playedFrom = Number(settings.frame) === last() ? 0 : Number(settings.frame);
    loop.start();
    play.show('Pause', ICONS.pause);
  }

  function pause() {
    loop.stop();
    play.show('Play the training', ICONS.play);
  }

  /** @param {number} i */
  const stageOf = (i) => film.reels[0].stages[i];

  // --- What is shown --------------------------------------------------------------------------------------------------

  const chosen = () => pointed ?? kept;
  const width = () => network?.inputShape[2] ?? 1;
  const valueNow = () => values[chosen().level][chosen().unit];

  function placeInWords() {
    const { level, unit: which } = chosen();
    const place = `${counted(which + 1)} of ${counted(values[level].length)}`;
    if (level === 0) return `pixel ${place}`;
    return level === layers.length ? `pixel ${place}, rebuilt` : `${place} behind ${matrix(level - 1)}`;
  }

  /** @param {number} layer */
  const matrix = (layer) => nameOf(layer, layers.length, given.tied);

  /** @param {Dense[]} some */
  function weightsIn(some) {
    return `${counted(some.reduce((sum, { weight }) => sum + weight.length, 0))} in all`;
  }

  /** The level on the encoder's side that a unit, or the one that mirrors it, is in; the pixels' is the first. */
  const innerLevel = () => Math.max(1, Math.min(chosen().level, layers.length - chosen().level));

  function cosineNow() {
    const level = innerLevel();
    const known = cosines.get(level) ?? cosine(layers[level - 1], layers[layers.length - level]);
    cosines.set(level, known);
    return known;
  }

  function unitLook() {
    const { level, unit: which } = chosen();
    const height = network?.inputShape[1] ?? 1;
    const picture = { width: width(), height };
    const { seen, exciting, ranges, message } = given;
    const isPixel = level === 0 || level === layers.length;
    const inner = isPixel ? kept.level : level;
    const shownUnit = isPixel ? kept.unit : which;
    const encoding = Math.min(inner, layers.length - inner);
    /** @type {[string, Float32Array][]} */
    const weights =
      encoding < 1
        ? []
        : [
            [title('looks for', 0, encoding - 1), looksFor(layers, encoding, shownUnit)],
            [
              title('draws', layers.length - encoding, layers.length - 1),
              draws(layers, layers.length - encoding, shownUnit),
            ],
          ];
    const number = isPixel ? -1 : layers.slice(0, level - 1).reduce((sum, { units }) => sum + units, 0) + which;
    const area = width() * height;
    const items = isPixel
      ? []
      : Array.from(exciting.subarray(number * TOP, (number + 1) * TOP), (i) =>
          Float32Array.from(seen.subarray(i * area, (i + 1) * area)),
        );
    return {
      weights,
      range: isPixel ? null : /** @type {[number, number]} */ ([ranges[2 * number], ranges[2 * number + 1]]),
      value: valueNow(),
      items,
      among: message.seen_in_words,
      picture,
    };
  }

  /**
   * @param {string} verb
   * @param {number} from first and last matrix.
   * @param {number} to
   */
  function title(verb, from, to) {
    return from === to ? `${verb}: ${matrix(from)}` : `${verb}: ${matrix(to)} … ${matrix(from)}`;
  }

  function run() {
    if (!network) return;
    const size = given.items.length / given.message.names.length;
    const start = (Number(settings.item) % given.message.names.length) * size;
    const x = given.items.subarray(start, start + size);
    const trace = network.trace(x);
    values = [x, ...layers.map((layer) => trace[layer.last])];
    draw();
  }

  /** What the address names, else the unit of the first layer with the largest value. */
  function first() {
    const [level, which] = settings.at.split('-').map(Number);
    if (settings.at && level > 0 && level < layers.length && which < values[level].length)
      return { level, unit: which };
    return { level: 1, unit: values[1].indexOf(Math.max(...values[1])) };
  }

  function draw() {
    if (!network) return;
    shown.redraw();
    drawUnit();
    figures.item.show(given.message.names[Number(settings.item) % given.message.names.length]);
    const at = Number(settings.frame);
    figures.byLayer.show(errorOf(film.reels[0], at));
    figures.atOnce.show(errorOf(film.reels[1], at));
    end.show(at === last() ? 'Back to the start of the film' : 'Go to the end of the film');
  }

  /** What follows the pointer; the film does not. */
  function drawUnit() {
    hourglass.redraw();
    unit.redraw();
    figures.unit.show(placeInWords());
    figures.value.show(threeDigits(valueNow()));
    figures.cosine.show(given.tied ? '1: tied' : cosineNow().toFixed(2));
  }

  /** @param {Stacked} message */
  function open(message) {
    const {
      network: pack,
      tied,
      exciting,
      ranges,
    } = message.models[settings.decoder === 'tied' ? message.models.length - 1 : 0];
    network = new Network(pack.read());
    layers = denseLayers(network.layers);
    cosines = new Map();
    given = {
      message,
      tied,
      items: message.x.read(),
      seen: message.seen.read(),
      exciting: exciting.read(),
      ranges: ranges.read(),
    };
  }

  /** @param {Stacked} message */
  function offerBoth(message) {
    const decoder = choice(
      'Decoder',
      { own: 'Its own weights', tied: 'Tied: W_d = W_eᵀ' },
      /** @type {'own' | 'tied'} */ (settings.decoder),
      (value) => {
        [settings.decoder, settings.at] = [value, ''];
        remember();
        open(message);
        pointed = null;
        run();
        kept = first();
        run();
      },
    );
    frame.controls.prepend(decoder.element);
  }

  return {
    /** @param {Stacked} message */
    update(message) {
      if (message.models[0].network.digest !== opened) {
        opened = message.models[0].network.digest;
        open(message);
        film = filmOf(message);
        if (!(Number(settings.frame) <= last())) settings.frame = '0';
        scrubber = slider(
          { label: 'The film', low: 0, high: last(), step: 1, value: Number(settings.frame), text: stageOf },
          (value) => {
            pause();
            goTo(value);
          },
        );
        frame.controls.replaceChildren(scrubber.element);
        if (message.models[1]) offerBoth(message);
        run();
        kept = first();
      }
      run();
    },

    item: () => Number(settings.item) % given.message.names.length,

    destroy() {
      loop.destroy();
      for (const each of pictures) each.destroy();
    },
  };
}

/**
 * @param {Stacked} message
 * @returns {Film}
 */
function filmOf({ film }) {
  return {
    measured: film.measured,
    x: film.x.read(),
    width: film.x.shape[2],
    height: film.x.shape[1],
    reels: film.reels.map((reel) => ({
      name: reel.name,
      stages: reel.stages,
      weights: reel.weights.read(),
      rebuilt: reel.rebuilt.read(),
      errors: reel.errors.read(),
    })),
  };
}

export default sceneComponent(createStacked, css);
