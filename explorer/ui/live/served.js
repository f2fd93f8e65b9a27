// Has the server decode codes for another component of the page, and says so.

const PAUSE = 100; // ms between two questions
const PATIENCE = 5000; // ms after which an answer counts as lost

function createServed(root, report) {
  const note = el('div', { class: 'note' });
  const pace = el('span', { class: 'pace' });
  root.append(el('div', { class: 'served' }, note, pace));
  let header = null;
  let channel = null;
  let asked = null; // what was asked for last

  const questions = oneAtATime((number) => {
    asked = channel.wanted;
    report('asked', { model: header.model, code: asked.code, number });
  });

  /** Ask for what is wanted, unless it is another model's or is being decoded already. */
  function look() {
    if (channel.wanted && channel.wanted.model === header.model && channel.wanted !== asked) questions.ask();
  }

  return {
    update(envelope) {
      header = envelope.header;
      channel = servedChannel(header.channel);
      channel.look = look;
      note.textContent = header.note;
      const seconds = envelope.has('decoded') ? questions.answered(header.number) : null;
      if (seconds !== null) {
        pace.textContent = `The last picture took ${threeDigits(1000 * seconds)} ms.`;
        const values = new Float32Array(envelope.section('decoded').buffer);
        channel.show?.({ model: header.model, code: header.code, values });
      }
      look();
    },

    destroy() {
      questions.cancel();
      if (channel.look === look) channel.look = null;
    },
  };
}

/**
 * Questions to the server: one at a time, with a pause between them.
 *
 * @param {(number: number) => void} send asks for the newest that is wanted.
 */
function oneAtATime(send) {
  let question = Date.now(); // unlike any number that an earlier component of this page has used
  let waiting = false; // for an answer
  let wanted = false; // to ask again
  let sent = 0; // ms, when the last question went
  let timer = 0;

  function go() {
    clearTimeout(timer);
    if (!wanted) return;
    const early = sent + PAUSE - performance.now();
    if (sent && early > 0) {
      timer = setTimeout(go, early);
      return;
    }
    [wanted, waiting, sent] = [false, true, performance.now()];
    send(++question);
    timer = setTimeout(proceed, PATIENCE);
  }

  function proceed() {
    waiting = false;
    go();
  }

  return {
    ask() {
      wanted = true;
      if (!waiting) go();
    },

    /** Seconds since the question that this answers; null where it answers an earlier one, or none. */
    answered(number) {
      if (number !== question || !waiting) return null;
      const seconds = (performance.now() - sent) / 1000;
      proceed();
      return seconds;
    },

    cancel: () => clearTimeout(timer),
  };
}

export default liveComponent(createServed);
