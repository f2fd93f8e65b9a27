// A button that takes the model of a page away as one HTML file: Python makes it, with what the map shows now, and it is
// saved as soon as it comes.

import { channel } from '../shared/channel.js';
import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import css from './style.css';

/** @import { Create } from '../messages.js' */
/** @import { InSight } from '../shared/channel.js' */

/** @type {Create<'page_button'>} */
function createPageButton(root, _report, tell) {
  const status = el('span', { class: 'caption', role: 'status' });
  const button = el('button', { type: 'button', click: ask }, 'This as one HTML file');
  root.append(el('div', { class: 'page-button' }, button, status));
  let asked = 0;
  let link = '';
  let leave = () => {};
  /** @type {InSight['sight']} */
  let sight = null;

  function ask() {
    asked = Date.now();
    button.disabled = true;
    status.textContent = 'Making the page: decoding, measuring, packing …';
    tell('asked', { number: asked, sight });
  }

  /** @param {string} newLink */
  function join(newLink) {
    if (newLink === link) return;
    leave();
    [link, sight] = [newLink, null];
    leave = !link
      ? () => {}
      : channel(link).subscribe((kind, detail) => {
          if (kind === 'sight') sight = /** @type {InSight} */ (detail).sight;
        });
  }

  return {
    update(message) {
      join(message.link);
      if (!asked || message.number !== asked) return;
      button.disabled = false;
      asked = 0;
      if (!message.page) {
        status.textContent = '';
        return;
      }
      const content = message.page.read();
      const url = URL.createObjectURL(new Blob([content], { type: 'text/html' }));
      el('a', { href: url, download: message.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      status.textContent = `${message.name}, ${(content.length / 1e6).toFixed(1)} MB: opens in any browser, offline.`;
    },

    destroy: () => leave(),
  };
}

export default liveComponent(createPageButton, css);
