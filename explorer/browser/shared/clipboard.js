// Picture files that come by clipboard or by hand, and their way to Python.

import { toBase64 } from './base64.js';

/** @import { PastedPicture } from '../messages.js' */

const MAX_FILE = 8 * 1024 * 1024; // bytes of a picture that is pasted or dropped; larger ones go through the uploader

/**
 * Takes pictures that are pasted anywhere on the page, or dropped on an element.
 *
 * @param {(picture: PastedPicture) => void} send gets a file's name and its bytes in base64.
 * @param {(words: string) => void} say shows what went wrong.
 */
export function pictureReceiver(send, say) {
  /**
   * @param {Blob} file
   * @param {string} name
   */
  async function takeFile(file, name) {
    if (file.size > MAX_FILE) {
      say(`This picture has ${Math.ceil(file.size / 2 ** 20)} MiB; up to 8 can be pasted. Upload it as a file.`);
      return;
    }
    send({ name, data: toBase64(new Uint8Array(await file.arrayBuffer())) });
  }

  /** @param {ClipboardEvent} event */
  function onPaste(event) {
    const target = event.composedPath()[0];
    if (target instanceof Element && target.matches('input, textarea, [contenteditable]')) return;
    const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith('image/'));
    if (!file) return;
    event.preventDefault();
    takeFile(file, 'pasted picture');
  }

  document.addEventListener('paste', onPaste);

  return {
    takeFile,

    async readClipboard() {
      try {
        for (const entry of await navigator.clipboard.read()) {
          const type = entry.types.find((each) => each.startsWith('image/'));
          if (type) {
            await takeFile(await entry.getType(type), 'pasted picture');
            return;
          }
        }
        say('There is no picture in the clipboard.');
      } catch {
        // Without permission, or where the page did not come over a safe connection.
        say('The browser does not let this page read the clipboard: press Ctrl+V instead.');
      }
    },

    destroy: () => document.removeEventListener('paste', onPaste),
  };
}
