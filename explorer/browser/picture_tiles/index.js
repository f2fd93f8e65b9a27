// Has the server make pictures of a map's items, those that are in sight.

import { liveComponent } from '../shared/component.js';
import { pictureChannel } from '../shared/picture_channel.js';
import { oneAtATime } from '../shared/questions.js';
import css from './style.css';

/** @import { Create } from '../messages.js' */
/** @import { PictureChannel, PicturesWanted } from '../shared/picture_channel.js' */

/** @type {Create<'picture_tiles'>} */
function createPictureTiles(_root, report) {
  let items = '';
  /** @type {PictureChannel | null} */
  let channel = null;
  /** @type {PicturesWanted | null} */
  let asked = null; // what was asked for last

  const questions = oneAtATime((number) => {
    asked = channel?.wanted ?? null;
    if (asked?.items === items) report('asked', { ...asked, number });
  });

  function look() {
    if (channel && channel.wanted !== asked) questions.ask();
  }

  return {
    update(message) {
      const { answer } = message;
      items = message.items;
      channel = pictureChannel(message.channel);
      channel.look = look;
      if (answer && questions.answered(answer.number)) {
        const { png, columns, width, height } = answer.sheet;
        const [positions, bytes] = [answer.positions.read(), png.read()];
        channel.take?.({ items, step: answer.step, positions, png: bytes, columns, width, height });
      }
      look();
    },

    destroy() {
      questions.cancel();
      if (channel?.look === look) channel.look = null;
    },
  };
}

export default liveComponent(createPictureTiles, css);
