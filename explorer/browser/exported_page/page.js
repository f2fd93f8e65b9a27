// Components in an exported page: each gets the message that Python sends it in the app, from the page itself. What it
// would report to Python is an event of its element, which nothing need hear.

import { readMessages } from './carrier.js';

/** @typedef {(mounting: import('../shared/component.js').Mounting) => () => void} Component */

/**
 * Show every part of the page, the first one first.
 *
 * @param {Record<string, Component>} components by name.
 */
export async function showParts(components) {
  const hosts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-component]')]);
  try {
    const messages = await readMessages(document.getElementById('messages')?.textContent ?? '');
    for (const [i, host] of hosts.entries()) {
      show(host, components[host.dataset.component ?? ''], messages[i]);
      await new Promise((painted) => setTimeout(painted)); // what is above is seen while the rest is made
    }
  } catch (error) {
    const words = `This browser cannot show the live parts of this page: ${error}. Browsers of 2023 or later can.`;
    for (const host of hosts) if (!host.shadowRoot) host.textContent = words;
  }
}

/**
 * @param {HTMLElement} host
 * @param {Component} component
 * @param {Uint8Array} data
 */
function show(host, component, data) {
  const parentElement = host.attachShadow({ mode: 'open' });
  /** @type {import('../messages.js').Say<any>} */
  const tell = (name, detail) => host.dispatchEvent(new CustomEvent(String(name), { detail }));
  const draw = () => component({ data, parentElement, setStateValue: tell, setTriggerValue: tell });
  host.replaceChildren();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}
