// Components in a notebook: anywidget's model brings the message that Python sends in the app, and takes what is reported.

import drawing from '../drawing/index.js';
import interpolation from '../interpolation/index.js';
import latentMap from '../latent_map/index.js';
import sliders from '../sliders/index.js';
import threshold from '../threshold/index.js';

/** @typedef {(mounting: import('../shared/component.js').Mounting) => () => void} Component */

/** @type {Record<string, Component>} */
const components = { drawing, interpolation, latent_map: latentMap, sliders, threshold };

/**
 * What the notebook keeps of a view, in Python and here.
 *
 * @typedef {object} NotebookModel
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, call: () => void) => void} on
 * @property {(event: string, call: () => void) => void} off
 */

/**
 * Show a component; what it says goes into the model's reports, the last of each name.
 *
 * @param {{model: NotebookModel, el: HTMLElement}} place
 */
function render({ model, el }) {
  const host = document.createElement('div');
  host.className = 'explorer-view';
  el.append(host);
  const parentElement = host.attachShadow({ mode: 'open' });
  let leave = () => {};
  /** @type {import('../messages.js').Say<any>} */
  const say = (name, detail) => {
    model.set('reports', { ...model.get('reports'), [String(name)]: detail });
    model.save_changes();
  };
  function draw() {
    const bytes = /** @type {DataView} */ (model.get('message'));
    const data = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    leave = components[model.get('component')]({ data, parentElement, setStateValue: say, setTriggerValue: say });
  }
  draw();
  model.on('change:message', draw);
  return () => {
    model.off('change:message', draw);
    leave();
  };
}

export default { render };
