// When work is done: at most once a frame, or after a pause.

/**
 * Run `work` at most once a frame, however often it is asked for; it reads the newest state itself.
 *
 * @param {() => void} work
 * @returns {(() => void) & {cancel: () => void}} a function that asks for a run.
 */
export function oncePerFrame(work) {
  let frame = 0;
  const ask = () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      work();
    });
  };
  ask.cancel = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  return ask;
}

/**
 * Run `work` when calls have paused, with the last arguments.
 *
 * @template {unknown[]} Args
 * @param {(...args: Args) => void} work
 * @param {number} wait milliseconds.
 * @returns {((...args: Args) => void) & {cancel: () => void}} a function that asks for a run.
 */
export function whenCalm(work, wait) {
  let timer = 0;
  /** @param {Args} args */
  const ask = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
  ask.cancel = () => clearTimeout(timer);
  return ask;
}
