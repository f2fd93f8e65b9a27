// Questions to the server, one at a time.

const PAUSE = 100; // ms between two questions
const PATIENCE = 5000; // ms after which an answer counts as lost
const TRIES = 3;

/**
 * Questions to the server: one at a time, with a pause between them; one that stays without an answer is asked again.
 *
 * @param {(number: number) => void} send asks for the newest that is wanted.
 */
export function oneAtATime(send) {
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
