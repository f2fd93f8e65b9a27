var y=Uint8Array.fromBase64||(()=>{for(var r=new Uint8Array(128),e=0;e<64;e++)r[e<26?e+65:e<52?e+71:e<62?e-4:e*4-205]=e;return i=>{for(var a=i.length,n=new Uint8Array((a-(i[a-1]=="=")-(i[a-2]=="="))*3/4|0),t=0,o=0;t<a;){var l=r[i.charCodeAt(t++)],s=r[i.charCodeAt(t++)],u=r[i.charCodeAt(t++)],f=r[i.charCodeAt(t++)];n[o++]=l<<2|s>>4,n[o++]=s<<4|u>>2,n[o++]=u<<6|f}return n}})();var g=["svg","path","line","rect","g","text","circle"];function c(r,e={},...i){let n=g.includes(r)?document.createElementNS("http://www.w3.org/2000/svg",r):document.createElement(r);for(let[t,o]of Object.entries(e))typeof o=="function"?n.addEventListener(t,o):o!=null&&o!==!1&&n.setAttribute(t,o===!0?"":String(o));for(let t of i)t!=null&&t!==!1&&n.append(typeof t=="number"?String(t):t);return n}function S(r){return c("svg",{viewBox:"0 0 16 16",width:16,height:16,"aria-hidden":"true",class:"icon"},c("path",{d:r,fill:"none",stroke:"currentColor","stroke-width":1.5,"stroke-linecap":"round"}))}var z={reset:"M3.5 8a4.5 4.5 0 1 0 1.6-3.4M3.2 2.8v2.6h2.6",play:"M5 3.2v9.6l7.6-4.8z",pause:"M5.5 3.5v9M10.5 3.5v9",plus:"M8 3.5v9M3.5 8h9",minus:"M3.5 8h9"},v=0;function M(){return v+=1,`live-${v}`}function C(r,e){return getComputedStyle(r).getPropertyValue(`--st-${e}`).trim()}function O(r,e){let i=new ResizeObserver(([a])=>e(a.contentRect.width));return i.observe(r),()=>i.disconnect()}var d=class{constructor(e){let i=new DataView(e.buffer,e.byteOffset,e.byteLength);this.start=4+i.getUint32(0,!0),this.bytes=e,this.header=JSON.parse(new TextDecoder().decode(e.subarray(4,this.start)))}has(e){return e in this.header.sections}section(e){let[i,a]=this.header.sections[e];return this.bytes.slice(this.start+i,this.start+i+a)}digest(e){return this.header.sections[e]?.[2]}};var h=`/* Shared by all components. Colours, fonts and radii are Streamlit's own, so both themes follow. */
.live {
  --text: var(--st-text-color);
  --quiet: color-mix(in srgb, var(--st-text-color) 62%, transparent);
  --line: color-mix(in srgb, var(--st-text-color) 18%, transparent);
  --fill: color-mix(in srgb, var(--st-text-color) 10%, transparent);
  --accent: var(--st-primary-color);
  --radius: var(--st-base-radius, 0.5rem);
  container-type: inline-size;
  color: var(--text);
  font-family: var(--st-font);
  font-size: 0.875rem;
  line-height: 1.4;
  font-variant-numeric: tabular-nums;
}

.live *,
.live *::before,
.live *::after {
  box-sizing: border-box;
}

.live [hidden] {
  display: none !important;
}

.live .quiet {
  color: var(--quiet);
}

.live .number {
  text-align: right;
  white-space: nowrap;
}

.live .caption {
  color: var(--quiet);
  font-size: 0.8125rem;
}

.live button {
  display: inline-flex;
  align-items: center;
  gap: 0.35rem;
  padding: 0.25rem 0.65rem;
  border: 1px solid var(--line);
  border-radius: var(--st-button-radius, var(--radius));
  background: transparent;
  color: inherit;
  font: inherit;
  cursor: pointer;
}

.live button:hover {
  border-color: var(--accent);
  color: var(--accent);
}

.live button[aria-pressed="true"] {
  border-color: var(--accent);
  color: var(--accent);
}

.live button.plain {
  padding: 0.25rem;
  border-color: transparent;
  color: var(--quiet);
}

.live button.plain:hover {
  color: var(--accent);
}

.live :focus-visible {
  outline: 2px solid color-mix(in srgb, var(--accent) 65%, transparent);
  outline-offset: 2px;
}

.live .picture {
  display: block;
  border: 1px solid var(--line);
  box-sizing: content-box;
  background: var(--fill);
}

.live input[type="range"] {
  --at: 50%;
  appearance: none;
  width: 100%;
  height: 1.5rem;
  margin: 0;
  background: transparent;
  cursor: pointer;
  touch-action: pan-y;
}

.live input[type="range"]::-webkit-slider-runnable-track {
  height: 4px;
  border-radius: 2px;
  background: linear-gradient(to right, var(--accent) var(--at), var(--fill) var(--at));
}

.live input[type="range"]::-moz-range-track {
  height: 4px;
  border-radius: 2px;
  background: linear-gradient(to right, var(--accent) var(--at), var(--fill) var(--at));
}

.live input[type="range"]::-webkit-slider-thumb {
  appearance: none;
  width: 14px;
  height: 14px;
  margin-top: -5px;
  border: 0;
  border-radius: 50%;
  background: var(--accent);
}

.live input[type="range"]::-moz-range-thumb {
  width: 14px;
  height: 14px;
  border: 0;
  border-radius: 50%;
  background: var(--accent);
}

.live .features {
  max-height: 30rem;
  overflow-y: auto;
  border-top: 1px solid var(--line);
}

.live .feature {
  display: grid;
  grid-template-columns: minmax(6rem, 1fr) minmax(3rem, 1fr) 4.5rem;
  align-items: center;
  gap: 0.75rem;
  padding: 0.2rem 0;
  border-bottom: 1px solid var(--fill);
}

.live .feature-name {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.live .bar {
  position: relative;
  height: 6px;
  border-radius: 3px;
  background: var(--fill);
}

.live .bar-fill {
  display: block;
  height: 100%;
  border-radius: 3px;
  background: var(--accent);
  transform-origin: left;
}

.live .bar-tick {
  position: absolute;
  top: -3px;
  width: 2px;
  height: 12px;
  margin-left: -1px;
  background: var(--text);
}

.live .only-read {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
`;var p=new WeakMap,x=b(h);function G(r,e){let i=b(e);return({data:a,parentElement:n,setStateValue:t,setTriggerValue:o})=>{let l=p.get(n)??w(r,n,i);[l.report,l.tell]=[t,o],l.view.update(new d(a));let s=++l.calls;return()=>{l.calls===s&&(l.view.destroy(),l.root.remove(),p.delete(n))}}}function w(r,e,i){let a=c("div",{class:"live"});e.adoptedStyleSheets=[x,i],e.append(a);let n=()=>{},t={root:a,calls:0,report:n,tell:n,view:{update:n,destroy:n}};return t.view=r(a,(o,l)=>t.report(o,l),(o,l)=>t.tell(o,l)),p.set(e,t),t}function b(r){let e=new CSSStyleSheet;return e.replaceSync(r),e}export{y as a,c as b,S as c,z as d,M as e,C as f,O as g,G as h};
