// The script of a page that shows a model and scenes of Learn.

import drawing from '../drawing/index.js';
import entryGrid from '../entry_grid/index.js';
import inside from '../inside/index.js';
import interpolation from '../interpolation/index.js';
import latentMap from '../latent_map/index.js';
import convolutional from '../scenes/convolutional/index.js';
import denoising from '../scenes/denoising/index.js';
import features from '../scenes/features/index.js';
import novelty from '../scenes/novelty/index.js';
import ordered from '../scenes/ordered/index.js';
import stacked from '../scenes/stacked/index.js';
import variational from '../scenes/variational/index.js';
import which from '../scenes/which/index.js';
import sliders from '../sliders/index.js';
import { showParts } from './page.js';

const scenes = { convolutional, denoising, features, novelty, ordered, stacked, variational, which };
showParts({ drawing, entry_grid: entryGrid, inside, interpolation, latent_map: latentMap, sliders, ...scenes });
