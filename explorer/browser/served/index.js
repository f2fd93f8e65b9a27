// Has the server decode codes for another component of the page, and says so.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import { oneAtATime } from '../shared/questions.js';
import { servedChannel } from '../shared/served_channel.js';
import css from './style.css';

/** @import { Create } from '../messages.js' */
/** @import { ServedChannel, Wanted } from '../shared/served_channel.js' */

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

export default liveComponent(createServed, css);
