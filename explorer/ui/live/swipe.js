// Two pictures of one size under a divider that follows the pointer; zoom and place are one for both.

const ZOOMS = 1.5; // a step of the zoom buttons
const STEP = 0.02; // of an arrow key, as a share of the width

function createSwipe(root) {
  const images = ['before', 'after'].map((side) => el('img', { class: side, alt: '', draggable: 'false' }));
  const holders = images.map(pictureHolder);
  const tags = ['before', 'after'].map((side) => el('span', { class: `tag ${side}` }));
  const divider = el('div', { class: 'divider' });
  const frame = el(
    'div',
    { class: 'frame', role: 'slider', tabindex: 0, 'aria-valuemin': 0, 'aria-valuemax': 100 },
    ...images,
    divider,
    ...tags,
  );
  const scaleText = el('span', { class: 'quiet number' });
  const tools = el(
    'div',
    { class: 'tools' },
    el('button', { type: 'button', class: 'plain', 'aria-label': 'Zoom out', title: 'Zoom out', click: () => zoomBy(1 / ZOOMS) }, icon(ICONS.minus)),
    el('button', { type: 'button', class: 'plain', 'aria-label': 'Zoom in', title: 'Zoom in', click: () => zoomBy(ZOOMS) }, icon(ICONS.plus)),
    el('button', { type: 'button', class: 'plain', 'aria-label': 'Fit the picture', title: 'Fit', click: () => fitAll() }, icon(ICONS.reset)),
    scaleText,
  );
  root.append(el('div', { class: 'box' }, frame, tools));

  let digests = [];
  let header = null;
  let size = [1, 1];
  let share = 0.5;
  let scale = 1; // CSS pixels a picture pixel
  let fitScale = 1;
  let offset = [0, 0]; // of the picture's corner, in CSS pixels
  let zoomed = false;
  let width = 0;

  const place = oncePerFrame(() => {
    const [w, h] = size;
    const crisp = scale * (window.devicePixelRatio || 1) >= 2 && Math.max(w, h) <= 256;
    for (const image of images) {
      image.style.width = `${w * scale}px`;
      image.style.height = `${h * scale}px`;
      image.style.transform = `translate(${offset[0]}px, ${offset[1]}px)`;
      image.style.imageRendering = crisp || scale > fitScale * 2 ? 'pixelated' : 'auto';
    }
    const x = share * frame.clientWidth;
    divider.style.transform = `translateX(${x}px)`;
    images[1].style.clipPath = `inset(0 0 0 ${Math.max(0, x - offset[0])}px)`;
    frame.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    frame.setAttribute('aria-valuetext', `${percent(share)} ${header?.labels[0] ?? ''}`);
    scaleText.textContent = `${threeDigits(scale)} ×`;
  });

  function fitAll() {
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    const room = Math.min(width / size[0], 640 / size[1]);
    const whole = room * ratio >= 1 ? Math.floor(room * ratio) / ratio : room;
    fitScale = scale = Math.max(size[0], size[1]) <= 256 ? whole : Math.min(room, 1);
    offset = [0, 0];
    zoomed = false;
    frame.style.width = `${size[0] * scale}px`;
    frame.style.height = `${size[1] * scale}px`;
    place();
  }

  function zoomBy(factor, at = [frame.clientWidth / 2, frame.clientHeight / 2]) {
    const next = Math.min(32, Math.max(fitScale, scale * factor));
    offset = offset.map((o, i) => at[i] - ((at[i] - o) * next) / scale);
    scale = next;
    zoomed = scale > fitScale;
    keepInside();
  }

  function keepInside() {
    const room = [frame.clientWidth, frame.clientHeight];
    offset = offset.map((o, i) => Math.min(0, Math.max(room[i] - size[i] * scale, o)));
    place();
  }

  function follow(event) {
    const box = frame.getBoundingClientRect();
    share = Math.min(1, Math.max(0, (event.clientX - box.left - 1) / frame.clientWidth));
    place();
  }

  let dragged = null;
  frame.addEventListener('pointerdown', (event) => {
    frame.setPointerCapture(event.pointerId);
    dragged = [event.clientX, event.clientY];
    if (event.pointerType !== 'mouse') follow(event);
  });
  frame.addEventListener('pointermove', (event) => {
    if (dragged && zoomed && event.pointerType === 'mouse') {
      offset = [offset[0] + event.clientX - dragged[0], offset[1] + event.clientY - dragged[1]];
      dragged = [event.clientX, event.clientY];
      keepInside();
    } else {
      follow(event);
    }
  });
  for (const name of ['pointerup', 'pointercancel']) {
    frame.addEventListener(name, () => {
      dragged = null;
    });
  }
  frame.addEventListener(
    'wheel',
    (event) => {
      // Without a modifier the wheel scrolls the page, as it does over any picture.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = frame.getBoundingClientRect();
      zoomBy(Math.exp(-0.005 * event.deltaY), [event.clientX - box.left, event.clientY - box.top]);
    },
    { passive: false },
  );
  frame.addEventListener('keydown', (event) => {
    const to = {
      ArrowLeft: share - STEP,
      ArrowDown: share - STEP,
      ArrowRight: share + STEP,
      ArrowUp: share + STEP,
      PageDown: share - 5 * STEP,
      PageUp: share + 5 * STEP,
      Home: 0,
      End: 1,
    }[event.key];
    if (to !== undefined) share = Math.min(1, Math.max(0, to));
    else if (event.key === '+' || event.key === '=') zoomBy(ZOOMS);
    else if (event.key === '-') zoomBy(1 / ZOOMS);
    else if (event.key === '0') fitAll();
    else return;
    event.preventDefault();
    place();
  });
  images[0].addEventListener('load', () => {
    const natural = [images[0].naturalWidth, images[0].naturalHeight];
    const same = natural[0] === size[0] && natural[1] === size[1];
    size = natural;
    // A new strength gives new pictures of one size: the user's zoom stays.
    if (same && width) place();
    else fitAll();
  });
  const unwatch = watchWidth(root, (newWidth) => {
    width = newWidth - 2;
    fitAll();
  });

  return {
    update(envelope) {
      header = envelope.header;
      const newDigests = ['before', 'after'].map((name) => envelope.digest(name));
      newDigests.forEach((value, i) => {
        if (value !== digests[i]) holders[i].show(envelope.section(i === 0 ? 'before' : 'after'));
      });
      digests = newDigests;
      tags.forEach((tag, i) => {
        tag.textContent = header.labels[i];
      });
      frame.setAttribute('aria-label', `Divider: ${header.labels[0]} on the left, ${header.labels[1]} on the right`);
      place();
    },

    destroy() {
      place.cancel();
      unwatch();
      holders.forEach((holder) => holder.destroy());
    },
  };
}

export default liveComponent(createSwipe);
