// The script of a page that shows a model.

import drawing from '../drawing/index.js';
import entryGrid from '../entry_grid/index.js';
import interpolation from '../interpolation/index.js';
import latentMap from '../latent_map/index.js';
import sliders from '../sliders/index.js';
import { showParts } from './page.js';

showParts({ drawing, entry_grid: entryGrid, interpolation, latent_map: latentMap, sliders });
