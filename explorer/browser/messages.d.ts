// Written by `python -m explorer.browser.declarations` from each component's message.py: change that, and run it again.

/** An array or a file of a message. Equal digests mean equal bytes. */
export interface Section<A> {
  readonly digest: string;
  readonly shape: readonly number[];
  /** A copy of its values, one after the other. */
  read(): A;
}

/** A decoded code. */
export interface Answer {
  number: number;
  code: number[];
  values: Section<Float32Array<ArrayBuffer>>;
}

/** What encoding again makes of the code that the sliders were released at, where the browser cannot encode. */
export interface AtRest {
  code: number[];
  again: number[];
}

/** What makes a step. */
export interface BrowserHistory {
  always: string;
  filled: string[];
  chosen: string[];
}

/** A corruption that can be rubbed on. */
export interface Brush {
  kind: string;
  title: string;
  level: string;
  low: number;
  high: number;
  step: number;
  start: number;
}

/** A code to decode. */
export interface CodeAsked {
  model: string;
  code: number[];
  number: number;
}

/** Of the two kinds of items, as ``#rrggbb``. */
export interface Colours {
  normal: string;
  novel: string;
}

/** Lines at one level of a surface over the map. */
export interface Contour {
  places: Section<Float32Array<ArrayBuffer>>;
  lengths: number[];
  label: string;
  dashed: boolean;
}

/** A convolutional model and pictures to send through it. */
export interface Convolutional {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  network: Section<Uint8Array<ArrayBuffer>>;
  x: Section<Float32Array<ArrayBuffer>>;
  names: string[];
}

/** What decodes for a component: at most one of the two. */
export interface Decoder {
  pack: Section<Uint8Array<ArrayBuffer>> | null;
  served: Served | null;
}

/** A denoising autoencoder, items to damage, and the brushes. */
export interface Denoising {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  pack: Section<Uint8Array<ArrayBuffer>>;
  shape: [number, number, number];
  items: Section<Float32Array<ArrayBuffer>>;
  trained: string;
  kind: string;
  split: string;
  brushes: Brush[];
}

/** Items to compare a code with. */
export interface DensityPanel {
  codes: Section<Float32Array<ArrayBuffer>>;
  names: string[];
  check: Typicality | null;
  mixture: Mixture | null;
  item_word: string;
  source: string;
  code_words: string;
  sprites: SpriteSheet | null;
  rows: Section<Float32Array<ArrayBuffer>> | null;
}

/** A number of every item, shown for the one under the pointer. */
export interface Detail {
  name: string;
  values: Section<Float32Array<ArrayBuffer>>;
  unit: string;
}

/** One latent dimension and its slider. */
export interface Dimension {
  index: number;
  low: number;
  high: number;
  share: number | null;
  inactive: boolean;
  label: string;
}

/** A slider that moves the whole code along a direction. */
export interface Direction {
  vector: number[];
  low: number;
  high: number;
  label: string;
  hint: string;
}

/** What is on the surface. */
export interface DrawingDone {
  id: number;
  data: string;
}

/** The surface with its tools. */
export interface DrawingSurface {
  shape: [number, number, number];
  raw: [number, number];
  ground: number;
  steps: Steps;
  brush: number;
  drawn: number;
  pixels: Section<Uint8Array<ArrayBuffer>> | null;
  model: LiveModel | null;
  reason: string;
  link: string;
  label: string;
  takes_pictures: boolean;
}

/** What the grid holds since the hand let go. */
export interface EntriesChosen {
  model: string;
  token: number;
  numbers: number[];
}

/** A grid of entries and the item that its decoder makes of them. */
export interface EntryGrid {
  decoder: Decoder;
  model: string;
  token: number;
  grid: [number, number];
  codebook: Section<Float32Array<ArrayBuffer>>;
  entries: GridEntry[];
  start: number[];
  first: number[];
  features: Feature[];
  caption: string;
}

/** One kind, with what its model makes of the items. */
export interface Family {
  title: string;
  purpose: string;
  samples: string;
  model: string;
  recipe: string;
  code_size: number;
  weights: number;
  error: [number, number, number];
  noisy_error: number;
  rebuilt: Section<Float32Array<ArrayBuffer>>;
  cleaned: Section<Float32Array<ArrayBuffer>>;
  decoded: Section<Float32Array<ArrayBuffer>>;
}

/** A column of a table, for the bar beside its decoded value. */
export interface Feature {
  name: string;
  low: number;
  high: number;
}

/** Held-out items on the map of codes, and what a classifier with few labels says of them. */
export interface FeatureCodes {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  shape: [number, number, number];
  names: string[];
  colours: string[];
  counts: number[];
  places: Section<Float32Array<ArrayBuffer>>;
  labels: Section<Uint16Array<ArrayBuffer>>;
  pictures: Section<Uint8Array<ArrayBuffer>>;
  labelled: Section<Uint32Array<ArrayBuffer>>;
  pool_places: Section<Float32Array<ArrayBuffer>>;
  pool_labels: Section<Uint16Array<ArrayBuffer>>;
  pool_pictures: Section<Uint8Array<ArrayBuffer>>;
  inputs: Input[];
  axes: string;
  source: string;
  draws: number;
}

/** Two trainings of one architecture. */
export interface Film {
  measured: string;
  x: Section<Uint8Array<ArrayBuffer>>;
  reels: Frames[];
}

/** One column, cut into bars. */
export interface FilterColumn {
  name: string;
  bars: Section<Uint16Array<ArrayBuffer>>;
  titles: string[];
  ordered: boolean;
  missing: boolean;
}

/** What is brushed on all columns together. */
export interface Filtered {
  n: number;
  bits: string;
  stamp: number;
}

/** Columns of the same N items. */
export interface Filters {
  n: number;
  columns: FilterColumn[];
  link: string;
  chosen: Section<Uint32Array<ArrayBuffer>>;
  stamp: number;
}

/** Larger pictures than the thumbnails that come with the map: asked for when their items are in sight. */
export interface FinerPictures {
  channel: string;
  items: string;
  steps: number[];
  width: number;
  height: number;
}

/** One training of the film. */
export interface Frames {
  name: string;
  stages: string[];
  weights: Section<Uint8Array<ArrayBuffer>>;
  rebuilt: Section<Uint8Array<ArrayBuffer>>;
  errors: Section<Float32Array<ArrayBuffer>>;
}

/** One entry of a codebook, as it is shown. */
export interface GridEntry {
  number: number;
  colour: string;
}

/** An image under its map. */
export interface HeatMapView {
  image: Section<Uint8Array<ArrayBuffer>>;
  alt: string;
  map: Section<Float32Array<ArrayBuffer>>;
  unit: string;
  usual: number;
  threshold: number;
  peaks: Section<Float64Array<ArrayBuffer>>;
  ends: [number, number];
  colours: string[];
  box: string;
}

/** One kind of what the classifier sees. */
export interface Input {
  name: string;
  accuracy: Section<Float32Array<ArrayBuffer>>;
  low: Section<Float32Array<ArrayBuffer>>;
  high: Section<Float32Array<ArrayBuffer>>;
  nearest: Section<Uint16Array<ArrayBuffer>>;
}

/** A model, and items that go through it. */
export interface Inside {
  tensors: Tensor[];
  names: string[];
  losses: string[];
  glossary: string;
}

/** Paths as strips and curves, one decoded large. */
export interface Interpolation {
  decoder: Decoder;
  decoded: Section<Float32Array<ArrayBuffer>> | null;
  tracks: Track[];
  items: string[];
  measures: Measure[];
  features: Feature[];
  start: Place;
}

/** One item to choose. */
export interface Item {
  name: string;
  caption: string;
}

/** The chosen items in a row, and shelves of others to add with a press. */
export interface ItemPicker {
  chosen: Item[];
  shelves: Shelf[];
  sprites: SpriteSheet | null;
  most: number;
  rows: number;
  stamp: number;
}

/** Items of one kind. */
export interface Items {
  title: string;
  values: Section<Float32Array<ArrayBuffer>>;
  names: string[];
}

/** A label was chosen for a conditional model. */
export interface LabelChosen {
  label: string;
}

/** The labels of a conditional model, of which one is chosen; the decoder takes its one-hot vector after the code. */
export interface LabelSwitch {
  names: string[];
  offered: number[];
  at: number;
}

/** A map of items whose cursor is decoded as it moves. */
export interface LatentMap {
  points: Points;
  nearest: NearestItem;
  decoding: PlaceDecoder;
  layers: Layers;
  selection: Selection;
  tools: boolean;
  link: string;
  drop: LinearPlace | null;
  cursor: [number, number] | null;
  in_sight: [number, number, number, number] | null;
  height: number | null;
  plain_canvas: boolean;
  spoken: string;
}

/** What is drawn below and over the points. */
export interface Layers {
  underlay: Underlay | null;
  contours: Contour[];
  marks: Mark[];
}

/** A way into another page was pressed. */
export interface LeadPressed {
  lead: number;
  item: number | null;
}

/** The linear way from a code to its place, (code - origin) @ matrix. */
export interface LinearPlace {
  origin: number[];
  matrix: [number, number][];
}

/** A model as the browser runs it. */
export interface LiveModel {
  encoder: Section<Uint8Array<ArrayBuffer>>;
  rebuilder: Section<Uint8Array<ArrayBuffer>>;
  from_code: boolean;
  latent_dim: number;
}

/** One term of the loss. */
export interface LossCurve {
  name: string;
  colour: string;
  dashed: boolean;
  light: boolean;
  epochs: number[];
  values: number[];
}

/** A choice of items. */
export interface MapChosen {
  points: string;
  n: number;
  bits: string;
  stamp: number;
}

/** A click. */
export interface MapClicked {
  points: string;
  index: number | null;
  code: [number, number];
}

/** A ringed place on the map, such as the code of a user's own image. */
export interface Mark {
  x: number;
  y: number;
  label: string;
  ellipse: [number, number, number] | null;
}

/** A number of every frame, drawn as a curve over each path. */
export interface Measure {
  title: string;
  unit: string;
  values: Section<Float32Array<ArrayBuffer>>;
  band: [number, number] | null;
  band_title: string;
}

/** A Gaussian mixture: log p(z) = logsumexp over k of constant_k - |(z - mean_k) factor_k|^2 / 2. */
export interface Mixture {
  constants: Section<Float64Array<ArrayBuffer>>;
  means: Section<Float32Array<ArrayBuffer>>;
  factors: Section<Float32Array<ArrayBuffer>>;
  densities: Section<Float32Array<ArrayBuffer>>;
}

/** What is shown of the items' pictures and of the item nearest to the pointer. */
export interface NearestItem {
  sprites: SpriteSheet | null;
  finer: FinerPictures | null;
  reconstructions: SpriteSheet | null;
  details: Detail[];
  columns: RowColumn[];
}

/** An autoencoder that has seen some of the classes, its errors on held-out items of these, and items to try. */
export interface Novelty {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  pack: Section<Uint8Array<ArrayBuffer>>;
  shape: [number, number, number];
  calibration: Section<Float64Array<ArrayBuffer>>;
  split: string;
  seen: string;
  normal: Items;
  new: Items;
  rebuilt: Items;
}

/** Items, their codes, and what the first numbers of a code are worth. */
export interface Ordered {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  shape: [number, number, number];
  x: Section<Float32Array<ArrayBuffer>>;
  codes: Section<Float32Array<ArrayBuffer>>;
  pack: Section<Uint8Array<ArrayBuffer>>;
  mean: Section<Float32Array<ArrayBuffer>>;
  components: Section<Float32Array<ArrayBuffer>>;
  ordered: Section<Float32Array<ArrayBuffer>>;
  pca: Section<Float32Array<ArrayBuffer>>;
  measured: string;
}

/** A plane of two dimensions, on which a hand sets both of their sliders at once. */
export interface Pad {
  across: number;
  up: number;
  picture: Underlay | null;
  places: Section<Float32Array<ArrayBuffer>>;
  colours: string[];
}

/** The button was pressed. */
export interface PageAsked {
  number: number;
  sight: [number, number, number, number] | null;
}

/** The button, and the file once it is made. */
export interface PageButton {
  link: string;
  name: string;
  number: number;
  page: Section<Uint8Array<ArrayBuffer>> | null;
}

/** The button needs to be told nothing. */
export interface Paste {
}

/** A picture file. */
export interface PastedPicture {
  name: string;
  data: string;
}

/** What the visitor has chosen. */
export interface Picked {
  names: string[];
  stamp: number;
}

/** What the grid shows. */
export interface PictureGrid {
  sheet: SpriteSheet;
  label: string;
  titles: string[];
  selected: number | null;
  columns: number | null;
  size: number;
}

/** The visitor has picked a picture. */
export interface PicturePicked {
  index: number;
  sheet: string;
  picks: number;
}

/** What the server has made of the pictures that a map wants. */
export interface PictureTiles {
  channel: string;
  items: string;
  answer: PicturesMade | null;
}

/** Pictures to make. */
export interface PicturesAsked {
  items: string;
  step: number;
  positions: number[];
  number: number;
}

/** Pictures of some items. */
export interface PicturesMade {
  number: number;
  step: number;
  positions: Section<Uint32Array<ArrayBuffer>>;
  sheet: SpriteSheet;
}

/** A place on a path. */
export interface Place {
  track: string;
  at: number;
}

/** What is decoded under the pointer. */
export interface PlaceDecoder {
  decoder: Decoder;
  codes: Section<Float32Array<ArrayBuffer>> | null;
  features: Feature[];
}

/** Where the hand let go. */
export interface PlaceReached {
  codes: string[];
  track: string;
  at: number;
}

/** The items, each at its place. */
export interface Points {
  places: Section<Float32Array<ArrayBuffer>>;
  groups: Section<Uint16Array<ArrayBuffer>> | null;
  names: string[];
  palette: string[];
  kinds: number;
  kinds_written: boolean;
  labels: Section<Uint16Array<ArrayBuffer>> | null;
  label_names: string[];
  titles: Texts | null;
  numbers: Section<Uint32Array<ArrayBuffer>> | null;
  axes: [string, string];
  item_word: string;
  item_kind: string;
}

/** Ends of either axis; there is no logarithm where a score is not above zero. */
export interface Ranges {
  linear: [number, number];
  log: [number, number] | null;
}

/** What differs between two pictures, in colours around zero. */
export interface Residual {
  png: Section<Uint8Array<ArrayBuffer>>;
  limit: number;
  unit: string;
  label: string;
  colours: string[];
}

/** A column of the items' values, of which the most unusual are shown for the item under the pointer. */
export interface RowColumn {
  name: string;
  values: Section<Float64Array<ArrayBuffer>>;
  kind: "number" | "date";
  names: string[];
  shares: number[];
  middle: number;
  spread: number;
}

/** What is seen of a training. */
export interface RunStage {
  run: string;
  frames: StageFrame[];
  whole: boolean;
  live: boolean;
  epochs: number;
  curves: LossCurve[];
  unit: string;
  groups: Section<Uint16Array<ArrayBuffer>>;
  names: string[];
  palette: string[];
  axes: string[];
  shape: number[];
  given: Section<Uint8Array<ArrayBuffer>>;
  items: Section<Uint8Array<ArrayBuffer>>;
  captions: string[];
  note: string;
}

/** Scores by kind, each (n,) and rising; higher is more anomalous. */
export interface ScoreSets {
  normal: Section<Float64Array<ArrayBuffer>>;
  novel: Section<Float64Array<ArrayBuffer>> | null;
  calibration: Section<Float64Array<ArrayBuffer>>;
  own: Section<Float64Array<ArrayBuffer>> | null;
}

/** Items that are ringed or chosen, by their positions. */
export interface Selection {
  ringed: number | null;
  chosen: Section<Uint32Array<ArrayBuffer>> | null;
  hits: Section<Uint32Array<ArrayBuffer>> | null;
  answers: number;
}

/** A decoder that stays in Python. */
export interface Served {
  channel: string;
  model: string;
  shape: number[];
}

/** The line that says that the server decodes, and what it has decoded. */
export interface ServedCodes {
  channel: string;
  model: string;
  note: string;
  answer: Answer | null;
}

/** Items to choose from, under one heading. */
export interface Shelf {
  title: string;
  items: Item[];
  empty: string;
}

/** Sliders over a code and the item that its decoder makes of it. */
export interface Sliders {
  decoder: Decoder;
  model: string;
  token: number;
  start: number[];
  first: SlidersAt;
  dims: Dimension[];
  directions: Direction[];
  features: Feature[];
  caption: string;
  density: DensityPanel | null;
  pad: Pad | null;
  labels: LabelSwitch | null;
}

/** Where the sliders stand. */
export interface SlidersAt {
  code: number[];
  amounts: number[];
}

/** Where the sliders were released. */
export interface SlidersReleased {
  model: string;
  token: number;
  start: number[];
  at: SlidersAt;
}

/** Thumbnails of items in one picture, item i in row i // columns, column i % columns. */
export interface SpriteSheet {
  png: Section<Uint8Array<ArrayBuffer>>;
  columns: number;
  width: number;
  height: number;
}

/** A stacked model, and what excites its units. */
export interface Stack {
  network: Section<Uint8Array<ArrayBuffer>>;
  tied: boolean;
  exciting: Section<Uint32Array<ArrayBuffer>>;
  ranges: Section<Float32Array<ArrayBuffer>>;
}

/** Stacked models, and pictures to send through them. */
export interface Stacked {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  models: Stack[];
  x: Section<Float32Array<ArrayBuffer>>;
  names: string[];
  seen: Section<Uint8Array<ArrayBuffer>>;
  seen_in_words: string;
  film: Film;
}

/** How items look after an epoch, or within one. */
export interface StageFrame {
  epoch: number;
  placed: Section<Uint16Array<ArrayBuffer>>;
  places: Section<Float32Array<ArrayBuffer>>;
  made: Section<Uint8Array<ArrayBuffer>>;
}

/** How a drawing becomes its item; see ``own_image.Options``. Clearing is left out: a drawing does not need it. */
export interface Steps {
  invert: boolean;
  crop: boolean;
  fit: "pad" | "cut" | "stretch";
  size: number;
  centre: "middle" | "mass";
  content: number;
}

/** Two pictures of one size. */
export interface Swipe {
  before: Section<Uint8Array<ArrayBuffer>>;
  after: Section<Uint8Array<ArrayBuffer>>;
  labels: [string, string];
  residual: Residual | null;
}

/** Values between two layers. */
export interface Tensor {
  name: string;
  role: string;
  shape: number[];
  layers: string;
  weights_name: string;
  weights: number;
  column: number;
  row: number;
  after: number[];
  values: Section<Uint8Array<ArrayBuffer>>;
  low: Section<Float32Array<ArrayBuffer>>;
  high: Section<Float32Array<ArrayBuffer>>;
}

/** A text an item. They travel as bytes, of which the browser makes a text when it shows one. */
export interface Texts {
  text: Section<Uint8Array<ArrayBuffer>>;
  starts: Section<Uint32Array<ArrayBuffer>>;
}

/** Where the threshold was released, and what was set beside it. */
export interface ThresholdReleased {
  digests: Record<string, string>;
  start: number | null;
  value: number;
  wishes: Wishes;
}

/** Histograms and a threshold to drag. */
export interface ThresholdView {
  scores: ScoreSets;
  left_out: number;
  title: string;
  labels: [string, string];
  colours: Colours;
  ranges: Ranges;
  log: boolean;
  area: [number, number, number] | null;
  start: number | null;
  threshold: number;
  wishes: Wishes;
  detailed: boolean;
}

/** One path, in frames. */
export interface Track {
  key: string;
  title: string;
  codes: Section<Float32Array<ArrayBuffer>>;
  items_at: number[];
  colour: string;
  dash: string;
  note: string;
}

/** What is usual among real codes; see ``explorer.latent.density_check``. */
export interface Typicality {
  verdicts: VerdictLimit[];
  reasons: Record<string, string>;
  centre: number;
  scales: [number | null, number | null, number | null];
  usual: number;
  inactive: number[];
  means: Section<Float32Array<ArrayBuffer>>;
  stds: Section<Float32Array<ArrayBuffer>>;
  encoder: Section<Uint8Array<ArrayBuffer>> | null;
  at_rest: AtRest | null;
}

/** Nothing: the points are made in the browser, and the autoencoder is trained there. */
export interface Undercomplete {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
}

/** A picture under a plane of codes. */
export interface Underlay {
  png: Section<Uint8Array<ArrayBuffer>>;
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/** One variational autoencoder with a code of two numbers. */
export interface Vae {
  title: string;
  beta: number;
  decoder: Section<Uint8Array<ArrayBuffer>>;
  mu: Section<Float32Array<ArrayBuffer>>;
  sigma: Section<Float32Array<ArrayBuffer>>;
  reconstruction: number;
  kl: number;
}

/** The items, and what each model makes of them. */
export interface Variational {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  shape: [number, number, number];
  items: Section<Float32Array<ArrayBuffer>>;
  labels: Section<Uint16Array<ArrayBuffer>>;
  names: string[];
  colours: string[];
  current: Vae;
  ladder: Vae[];
  reach: number;
  measured: string;
}

/** A verdict on codes whose largest figure is at most a limit. */
export interface VerdictLimit {
  name: string;
  words: string;
  hint: string;
  limit: number | null;
}

/** The families on the same items. */
export interface Which {
  leads: string[];
  rows: Section<Uint32Array<ArrayBuffer>>;
  shape: [number, number, number];
  items: Section<Float32Array<ArrayBuffer>>;
  noisy: Section<Float32Array<ArrayBuffer>>;
  damage: number;
  noise: string;
  split: string;
  families: Family[];
}

/** What a visitor sets beside the threshold; kept in the session, and in the link under these names. */
export interface Wishes {
  miss: number;
  alarm: number;
  daily: number;
  share: number;
  log: boolean | null;
}

/** What each component's script gets, reports and tells. */
export interface Components {
  drawing: { message: DrawingSurface; states: Record<never, never>; events: { drawn: DrawingDone; picture: PastedPicture } };
  entry_grid: { message: EntryGrid; states: { entries: EntriesChosen }; events: Record<never, never> };
  filters: { message: Filters; states: { filtered: Filtered }; events: Record<never, never> };
  heat_map: { message: HeatMapView; states: Record<never, never>; events: Record<never, never> };
  history: { message: BrowserHistory; states: Record<never, never>; events: Record<never, never> };
  inside: { message: Inside; states: Record<never, never>; events: Record<never, never> };
  interpolation: { message: Interpolation; states: { place: PlaceReached }; events: Record<never, never> };
  item_picker: { message: ItemPicker; states: { picked: Picked }; events: Record<never, never> };
  latent_map: { message: LatentMap; states: { selected: MapClicked; chosen: MapChosen }; events: Record<never, never> };
  page_button: { message: PageButton; states: Record<never, never>; events: { asked: PageAsked } };
  paste: { message: Paste; states: Record<never, never>; events: { picture: PastedPicture } };
  picture_grid: { message: PictureGrid; states: { picked: PicturePicked }; events: Record<never, never> };
  picture_tiles: { message: PictureTiles; states: { asked: PicturesAsked }; events: Record<never, never> };
  run_stage: { message: RunStage; states: Record<never, never>; events: Record<never, never> };
  served: { message: ServedCodes; states: { asked: CodeAsked }; events: Record<never, never> };
  sliders: { message: Sliders; states: { codes: SlidersReleased }; events: { label: LabelChosen } };
  swipe: { message: Swipe; states: Record<never, never>; events: Record<never, never> };
  threshold: { message: ThresholdView; states: { threshold: ThresholdReleased }; events: Record<never, never> };
  denoising: { message: Denoising; states: Record<never, never>; events: { lead: LeadPressed } };
  novelty: { message: Novelty; states: Record<never, never>; events: { lead: LeadPressed } };
  undercomplete: { message: Undercomplete; states: Record<never, never>; events: { lead: LeadPressed } };
  ordered: { message: Ordered; states: Record<never, never>; events: { lead: LeadPressed } };
  features: { message: FeatureCodes; states: Record<never, never>; events: { lead: LeadPressed } };
  variational: { message: Variational; states: Record<never, never>; events: { lead: LeadPressed } };
  convolutional: { message: Convolutional; states: Record<never, never>; events: { lead: LeadPressed } };
  which: { message: Which; states: Record<never, never>; events: { lead: LeadPressed } };
  stacked: { message: Stacked; states: Record<never, never>; events: { lead: LeadPressed } };
}

/** Says what the hand did: a state is kept by Python and sent with every rerun, an event is told once. */
export type Say<Said> = <Name extends keyof Said>(name: Name, value: Said[Name]) => void;

/** Builds the view of a component in an empty element. */
export type Create<Name extends keyof Components> = (
  root: HTMLElement,
  report: Say<Components[Name]['states']>,
  tell: Say<Components[Name]['events']>,
) => { update(message: Components[Name]['message']): void; destroy(): void };
