// How points look, by whatever means they are drawn.

/** @import { Fade } from './scatter.js' */

export const CHOSEN_SIZE = 1.25; // of a chosen point, in sizes of the others

/** @type {Fade} */
export const UNFADED = [0, 0, 0, 0];
