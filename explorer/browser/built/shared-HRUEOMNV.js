import{b as A}from"../explorer.shared/shared-ZVNYXL66.js";import{b as o,c as x,e as y,h as w}from"../explorer.shared/shared-XRFZHQUS.js";var C="set",O=150;function z(e,t){let[n,...r]=(new URLSearchParams(location.search).get(C)??"").split(".");for(let s of n===e?r:[]){let[i,l]=s.split("~");i in t&&l!==void 0&&Object.assign(t,{[i]:l})}let c=A(()=>{let s=new URL(location.href),i=Object.entries(t).map(([l,a])=>`${l}~${a}`);s.searchParams.set(C,[e,...i].join(".")),history.replaceState(history.state,"",s)},O);return{settings:t,remember:c}}function G({label:e,low:t,high:n,step:r,value:c,text:s=String},i){let l=y(),a=o("input",{type:"range",id:l,min:t,max:n,step:r,value:c}),u=o("output",{for:l,class:"number"}),m=()=>{let f=(a.valueAsNumber-t)/(n-t);a.style.setProperty("--at",`calc(7px + (100% - 14px) * ${f})`),a.setAttribute("aria-valuetext",s(a.valueAsNumber)),u.textContent=s(a.valueAsNumber)};return a.addEventListener("input",()=>{m(),i(a.valueAsNumber)}),m(),{element:o("div",{class:"control"},o("label",{for:l},e),u,a),set(f){a.value=String(f),m()}}}function T(e,t,n,r){let c=y(),s=o("fieldset",{class:"control choice"},o("legend",{},e));for(let[i,l]of Object.entries(t)){let a=o("input",{type:"radio",name:c,value:i,checked:i===n,change:()=>r(i)});s.append(o("label",{},a,o("span",{},l)))}return{element:s}}function V(e,t,{path:n,primary:r}={}){let c=o("span",{},e),s=o("span",{class:"icon-place"},n?x(n):null);return{element:o("button",{type:"button",class:r?"primary":null,click:t},s,c),show(l,a){c.textContent=l,s.replaceChildren(...a?[x(a)]:[])}}}function W(e){let t=o("dd",{class:"number"}),n=o("dt",{},e);return{element:o("div",{class:"figure"},n,t),show(r){t.textContent!==r&&(t.textContent=r)}}}function k(){let e=new Set,t="";return{get lit(){return t},light(n){if(n!==t){t=n;for(let r of e)r()}},onChange(n){e.add(n)}}}function b(e,t,n){e.setAttribute("data-part",t),e.setAttribute("tabindex","0");let r=()=>n.light(t),c=()=>n.light("");for(let s of["pointerenter","focus","click"])e.addEventListener(s,r);e.addEventListener("blur",c),e.addEventListener("pointerleave",s=>{s.pointerType==="mouse"&&c()}),n.onChange(()=>e.classList.toggle("lit",n.lit===t))}var g="http://www.w3.org/1998/Math/MathML",j=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function d(e,...t){let n=document.createElementNS(g,e);for(let r of t)n.append(q(r));return n}function q(e){if(e instanceof Node)return e;let t=document.createElementNS(g,"mrow");for(let n of Array.isArray(e)?e:[e])if(n instanceof Node)t.append(n);else for(let[r]of n.matchAll(j))t.append(I(r));return t.childNodes.length===1?t.childNodes[0]:t}function I(e){let t=/\p{L}/u.test(e)?"mi":/\d/.test(e)?"mn":"mo",n=document.createElementNS(g,t);return n.textContent=e,t==="mo"&&n.setAttribute("stretchy","false"),n}var K=(e,t)=>d("mfrac",e,t),Q=(e,t)=>d("msub",e,t),X=(e,t)=>d("msup",e,t);var Y=e=>d("mover",e,"^"),Z=e=>d("mover",e,"~"),_=e=>d("munder","\u2211",e),ee=(...e)=>d("mrow","\u2016",...e,"\u2016");function L(e,t){let n={};for(let[r,{sign:c,says:s}]of Object.entries(e))Object.defineProperty(n,r,{get(){let i=d("mrow",c());return i.setAttribute("class","symbol"),i.setAttribute("role","button"),i.setAttribute("aria-label",s),b(i,r,t),i}});return n}function S(e){let t=d("math",e);return t.setAttribute("display","block"),t}function N(e){return o("p",{},...e.map(t=>$(t)?d("math",t):t))}function $(e){return e instanceof Element&&e.namespaceURI===g}function E(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function ne(e,t){let n=!1,r=!0,c=0,s=0,i=0,l=m=>{c=requestAnimationFrame(l),s+=Math.min(.1,(m-i)/1e3),i=m,t(s)},a=()=>{let m=n&&r;m!==c>0&&(cancelAnimationFrame(c),i=performance.now(),c=m?requestAnimationFrame(l):0)},u=new IntersectionObserver(([m])=>{r=m.isIntersecting,a()});return u.observe(e),{get isOn(){return n},start(){[n,s]=[!0,0],a()},stop(){n=!1,a()},destroy(){u.disconnect(),n=!1,a()}}}var M=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
.live .scene {
  --data: var(--st-blue-color);
  --rebuilt: var(--st-green-color);
  --other: var(--st-orange-color);
  --tie: color-mix(in srgb, var(--st-text-color) 35%, transparent);
  --faint: color-mix(in srgb, var(--st-text-color) 12%, transparent);
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1.25rem;
}

.live .scene .body {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1rem 1.5rem;
}

.live .scene .stage,
.live .scene .side {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.75rem;
  align-content: start;
  min-width: 0;
}

.live .scene .plane {
  display: block;
  width: 100%;
  min-height: 3rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
}

.live .scene .buttons {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}

.live .scene button {
  min-height: 2.25rem;
}

.live .scene button.primary {
  border-color: var(--accent);
  background: var(--accent);
  color: #fff;
}

.live .scene .icon-place:empty {
  display: none;
}

.live .scene .icon {
  display: block;
}

.live .scene .controls {
  display: grid;
  gap: 0.9rem;
}

.live .scene .control {
  display: grid;
  grid-template-columns: 1fr auto;
  min-width: 0;
}

.live .scene .control input[type="range"] {
  grid-column: 1 / -1;
}

.live .scene .choice {
  display: flex;
  flex-wrap: wrap;
  gap: 0.35rem;
  margin: 0;
  padding: 0;
  border: 0;
}

.live .scene .choice legend {
  padding: 0 0 0.25rem;
}

.live .scene .choice label {
  position: relative;
  cursor: pointer;
}

.live .scene .choice input {
  position: absolute;
  inset: 0;
  margin: 0;
  opacity: 0;
  cursor: pointer;
}

.live .scene .choice span {
  display: block;
  padding: 0.3rem 0.65rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
}

.live .scene .choice input:hover + span {
  border-color: var(--accent);
}

.live .scene .choice input:checked + span {
  border-color: var(--accent);
  box-shadow: inset 0 0 0 1px var(--accent);
  font-weight: 600;
}

.live .scene .choice input:focus-visible + span {
  outline: 2px solid color-mix(in srgb, var(--accent) 65%, transparent);
  outline-offset: 2px;
}

.live .scene .figures {
  margin: 0;
  border-top: 1px solid var(--line);
}

.live .scene .figure {
  display: flex;
  justify-content: space-between;
  gap: 1rem;
  padding: 0.35rem 0.25rem;
  border-bottom: 1px solid var(--fill);
}

.live .scene .figure dd {
  margin: 0;
}

.live .scene .words {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1rem;
  max-width: 60rem;
  font-size: 1rem;
  line-height: 1.55;
}

.live .scene .words p {
  margin: 0 0 0.6rem;
}

.live .scene .formula {
  padding: 0.75rem 1rem;
  overflow-x: auto;
  border-radius: var(--radius);
  background: var(--st-secondary-background-color);
}

.live .scene .formula math {
  font-size: 1.25rem;
}

.live .scene .formula .says {
  min-height: 1.5em;
  margin: 0.5rem 0 0;
  color: var(--quiet);
  font-size: 0.875rem;
  text-align: center;
}

.live .scene .symbol {
  border-bottom: 1px dotted var(--accent);
  cursor: help;
}

.live .scene [data-part].lit {
  background: color-mix(in srgb, var(--accent) 22%, transparent);
}

.live .scene .question {
  padding-left: 0.9rem;
  border-left: 3px solid var(--accent);
}

@container (min-width: 44rem) {
  .live .scene .body {
    grid-template-columns: minmax(0, 1.7fr) minmax(15rem, 1fr);
  }
}

.live .scene .shown {
  min-width: 0;
  margin: 0;
}

.live .scene .shown .plane {
  box-sizing: content-box;
  outline: 1px solid var(--line);
  border: 0;
}

.live .scene .shown figcaption {
  padding-top: 0.3rem;
}
`;function de(e,t){return w(e,M+t)}function pe(e,t,n={}){let r=k(),c=L(t.symbols,r),[s,i,l]=["stage","buttons","controls"].map(p=>o("div",{class:p})),a=o("dl",{class:"figures"}),u=o("p",{class:"says","aria-live":"polite"}),m=o("div",{class:"buttons"}),f=o("div",{class:"scene"},o("div",{class:"body"},s,o("div",{class:"side"},i,l,a)),o("div",{class:"words"},o("div",{class:"formula"},S(t.formula(c)),u),o("div",{class:"prose"},...t.text(c).map(N)),o("div",{class:"question"},o("p",{},t.question),m)));e.append(f);let h=()=>{let p=t.symbols[r.lit],v=n[r.lit]?.();u.textContent=p?`${p.says}${v?`: ${v}`:""}`:"Point at a symbol, or at the picture."};return r.onChange(h),h(),{links:r,stage:s,buttons:i,controls:l,doing:m,addFigure({element:p},v){b(p,v,r),a.append(p)},drawn(){f.dataset.drawn="",r.lit&&h()},lookUp:()=>s.scrollIntoView({block:"center",behavior:E()?"auto":"smooth"}),strength:(...p)=>!r.lit||p.includes(r.lit)?1:.18}}export{z as a,G as b,T as c,V as d,W as e,b as f,K as g,Q as h,X as i,Y as j,Z as k,_ as l,ee as m,ne as n,de as o,pe as p};
