// Has the server decode codes for another component of the page, and says so.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import { servedChannel } from '../shared/served_channel.js';
import css from './style.css';

/** @import { Create } from '../messages.js' */
/** @import { ServedChannel, Wanted } from '../shared/served_channel.js' */

const PAUSE = 100; // ms between two questions
const PATIENCE = 5000; // ms after which an answer counts as lost
const TRIES = 3;

/** @type {Create<'served'>} */
function createServed(root, report) {
  const note = el('div', { class: 'served' });
  root.append(note);
  let model = '';
  /** @type {ServedChannel | null} */
  let channel = null;
  /** @type {Wanted | null} */
  let asked = null; // what was asked for last

  const questions = oneAtATime((number) => {
    asked = channel?.wanted ?? null;
    // The decoder and the component that asks may change one after the other.
    if (asked?.model === model) report('asked', { model, code: asked.code, number });
  });

  function look() {
    if (channel && channel.wanted !== asked) questions.ask();
  }

  return {
    update(message) {
      const { answer } = message;
      model = message.model;
      channel = servedChannel(message.channel);
      channel.look = look;
      note.textContent = message.note;
      if (answer && questions.answered(answer.number)) {
        channel.show?.({ model, code: answer.code, values: answer.values.read() });
      }
      look();
    },

    destroy() {
      questions.cancel();
      if (channel?.look === look) channel.look = null;
    },
  };
}

/**
 * Questions to the server: one at a time, with a pause between them; one that stays without an answer is asked again.
 *
 * @param {(number: number) => void} send asks for the newest that is wanted.
 */
function oneAtATime(send) {
  let question = Date.now(); // unlike any number that an earlier component of this page has used
  let answer = question; // the newest that came
  let wanted = false; // to ask again
  let waiting = false; // for an answer
  let tries = 0; // since the last one
  let sent = -PAUSE; // ms, when the last question went
  let timer = 0;

  function go() {
    clearTimeout(timer);
    if (!wanted) return;
    const early = sent + PAUSE - performance.now();
    if (early > 0) {
      timer = setTimeout(go, early);
      return;
    }
    [wanted, waiting, tries, sent] = [false, true, tries + 1, performance.now()];
    send(++question);
    timer = setTimeout(() => {
      waiting = false;
      wanted ||= tries < TRIES;
      go();
    }, PATIENCE);
  }

  return {
    ask() {
      wanted = true;
      if (!waiting) go();
    },

    /**
     * Whether this answer is newer than the last.
     *
     * @param {number} number
     */
    answered(number) {
      if (!(number > answer && number <= question)) return false;
      [answer, tries] = [number, 0];
      if (number === question) {
        waiting = false;
        go();
      }
      return true;
    },

    cancel: () => clearTimeout(timer),
  };
}

export default liveComponent(createServed, css);
