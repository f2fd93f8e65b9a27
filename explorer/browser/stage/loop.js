// What moves by itself: once a frame, and only while it is seen.

/** Whether the visitor has asked their system for less motion: then nothing starts by itself. */
export function wantsCalm() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Calls `work` each frame between `start` and `stop`, but not while the element is out of sight or the page hidden.
 *
 * @param {Element} element
 * @param {(seconds: number) => void} work is told the seconds since `start` in which it ran.
 */
export function createLoop(element, work) {
  let isOn = false;
  let isSeen = true;
  let frame = 0;
  let seconds = 0;
  let last = 0;

  /** @param {number} time */
  const tick = (time) => {
    frame = requestAnimationFrame(tick);
    // A frame that was long in coming, as after another tab, does not count in full.
    seconds += Math.min(0.1, (time - last) / 1000);
    last = time;
    work(seconds);
  };
  const update = () => {
    const runs = isOn && isSeen;
    if (runs === frame > 0) return;
    cancelAnimationFrame(frame);
    last = performance.now();
    frame = runs ? requestAnimationFrame(tick) : 0;
  };
  const observer = new IntersectionObserver(([entry]) => {
    isSeen = entry.isIntersecting;
    update();
  });
  observer.observe(element);

  return {
    get isOn() {
      return isOn;
    },

    /** @param {boolean} byHand whether somebody has asked for it: out of sight it would rest, so it is brought into sight. */
    start(byHand = true) {
      [isOn, seconds] = [true, 0];
      if (byHand) element.scrollIntoView({ block: 'nearest' });
      update();
    },

    stop() {
      isOn = false;
      update();
    },

    destroy() {
      observer.disconnect();
      isOn = false;
      update();
    },
  };
}
