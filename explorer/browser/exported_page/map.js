// The script of a page that shows a map alone.

import filters from '../filters/index.js';
import latentMap from '../latent_map/index.js';
import { showParts } from './page.js';

showParts({ filters, latent_map: latentMap });
