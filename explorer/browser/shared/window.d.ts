import type { Channel } from './channel.js';

declare global {
  interface Window {
    explorerChannels?: Map<string, Channel>;
  }
}
