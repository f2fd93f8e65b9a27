var k=Uint8Array.fromBase64||(()=>{for(var e=new Uint8Array(128),t=0;t<64;t++)e[t<26?t+65:t<52?t+71:t<62?t-4:t*4-205]=t;return o=>{for(var a=o.length,n=new Uint8Array((a-(o[a-1]=="=")-(o[a-2]=="="))*3/4|0),r=0,i=0;r<a;){var l=e[o.charCodeAt(r++)],s=e[o.charCodeAt(r++)],d=e[o.charCodeAt(r++)],b=e[o.charCodeAt(r++)];n[i++]=l<<2|s>>4,n[i++]=s<<4|d>>2,n[i++]=d<<6|b}return n}})();var m=["svg","path","line","rect","g","text","circle"];function c(e,t={},...o){let n=m.includes(e)?document.createElementNS("http://www.w3.org/2000/svg",e):document.createElement(e);for(let[r,i]of Object.entries(t))typeof i=="function"?n.addEventListener(r,i):i!=null&&i!==!1&&n.setAttribute(r,i===!0?"":String(i));for(let r of o)r!=null&&r!==!1&&n.append(typeof r=="number"?String(r):r);return n}function z(e){return c("svg",{viewBox:"0 0 16 16",width:16,height:16,"aria-hidden":"true",class:"icon"},c("path",{d:e,fill:"none",stroke:"currentColor","stroke-width":1.5,"stroke-linecap":"round"}))}var A={reset:"M3.5 8a4.5 4.5 0 1 0 1.6-3.4M3.2 2.8v2.6h2.6",play:"M5 3.2v9.6l7.6-4.8z",pause:"M5.5 3.5v9M10.5 3.5v9",plus:"M8 3.5v9M3.5 8h9",minus:"M3.5 8h9"},u=0;function O(){return u+=1,`live-${u}`}function C(e,t){return getComputedStyle(e).getPropertyValue(`--st-${t}`).trim()}function q(e,t){let o=new ResizeObserver(([a])=>t(a.contentRect.width));return o.observe(e),()=>o.disconnect()}var g={Uint8Array,Uint16Array,Uint32Array,Float32Array,Float64Array};function v(e){let o=4+new DataView(e.buffer,e.byteOffset,e.byteLength).getUint32(0,!0),a=new TextDecoder().decode(e.subarray(4,o));return JSON.parse(a,(n,r)=>r?.$section?x(r.$section,e.subarray(o)):r)}function x([e,t,o,a,n],r){return{digest:o,shape:n,read:()=>new g[a](r.slice(e,e+t).buffer),toJSON:()=>[o,n]}}var f=`/* Shared by all components. Colours, fonts and radii are Streamlit's own, so both themes follow. */
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
  --from: 0%;
  --at: 50%;
  --zero: -9px;
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
  background: linear-gradient(
    to right,
    var(--fill) var(--from),
    var(--accent) var(--from) var(--at),
    var(--fill) var(--at)
  );
}

.live input[type="range"]::-moz-range-track {
  height: 4px;
  border-radius: 2px;
  background: linear-gradient(
    to right,
    var(--fill) var(--from),
    var(--accent) var(--from) var(--at),
    var(--fill) var(--at)
  );
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
`;var p=new WeakMap,y=h(f);function D(e,t){let o=h(t);return({data:a,parentElement:n,setStateValue:r,setTriggerValue:i})=>{let l=p.get(n)??S(e,n,o);[l.report,l.tell]=[r,i],l.view.update(v(a));let s=++l.calls;return()=>{l.calls===s&&(l.view.destroy(),l.root.remove(),p.delete(n))}}}function S(e,t,o){let a=c("div",{class:"live"});t.adoptedStyleSheets=[y,o],t.append(a);let n=()=>{},r={root:a,calls:0,report:n,tell:n,view:{update:n,destroy:n}};return r.view=e(a,(i,l)=>r.report(i,l),(i,l)=>r.tell(i,l)),p.set(t,r),r}function h(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}export{k as a,c as b,z as c,A as d,O as e,C as f,q as g,D as h};
