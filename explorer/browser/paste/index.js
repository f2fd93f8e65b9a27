// A button that takes a picture from the clipboard; Ctrl+V anywhere on the page does the same.

import { pictureReceiver } from '../shared/clipboard.js';
import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import css from './style.css';

/** @import { Create } from '../messages.js' */

/** @type {Create<'paste'>} */
function createPaste(root, _report, tell) {
  const status = el('span', { class: 'caption', role: 'status' });
  const receiver = pictureReceiver(
    (picture) => tell('picture', picture),
    (words) => status.replaceChildren(words),
  );
  const button = el('button', { type: 'button', click: () => receiver.readClipboard() }, 'Paste a picture');
  root.append(el('div', { class: 'paste' }, button, status));

  return {
    update: () => status.replaceChildren('or press Ctrl+V'),
    destroy: receiver.destroy,
  };
}

export default liveComponent(createPaste, css);
