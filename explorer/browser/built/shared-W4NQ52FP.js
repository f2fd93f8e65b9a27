import{b as A}from"../explorer.shared/shared-ZVNYXL66.js";import{b as o,c as x,e as y,h as w}from"../explorer.shared/shared-XRFZHQUS.js";var C="set",O=150;function z(e,t){let[n,...r]=(new URLSearchParams(location.search).get(C)??"").split(".");for(let i of n===e?r:[]){let[l,s]=i.split("~");l in t&&s!==void 0&&Object.assign(t,{[l]:s})}let{pathname:c}=location,a=A(()=>{let i=new URL(location.href);if(i.pathname!==c)return;let l=Object.entries(t).map(([s,d])=>`${s}~${d}`);i.searchParams.set(C,[e,...l].join(".")),history.replaceState(history.state,"",i)},O);return{settings:t,remember:a}}function G({label:e,low:t,high:n,step:r,value:c,text:a=String},i){let l=y(),s=o("input",{type:"range",id:l,min:t,max:n,step:r,value:c}),d=o("output",{for:l,class:"number"}),m=()=>{let f=(s.valueAsNumber-t)/(n-t);s.style.setProperty("--at",`calc(7px + (100% - 14px) * ${f})`),s.setAttribute("aria-valuetext",a(s.valueAsNumber)),d.textContent=a(s.valueAsNumber)};return s.addEventListener("input",()=>{m(),i(s.valueAsNumber)}),m(),{element:o("div",{class:"control"},o("label",{for:l},e),d,s),set(f){s.value=String(f),m()}}}function T(e,t,n,r){let c=y(),a=o("fieldset",{class:"control choice"},o("legend",{},e));for(let[i,l]of Object.entries(t)){let s=o("input",{type:"radio",name:c,value:i,checked:i===n,change:()=>r(i)});a.append(o("label",{},s,o("span",{},l)))}return{element:a}}function V(e,t,{path:n,primary:r}={}){let c=o("span",{},e),a=o("span",{class:"icon-place"},n?x(n):null);return{element:o("button",{type:"button",class:r?"primary":null,click:t},a,c),show(l,s){c.textContent=l,a.replaceChildren(...s?[x(s)]:[])}}}function W(e){let t=o("dd",{class:"number"}),n=o("dt",{},e);return{element:o("div",{class:"figure"},n,t),show(r){t.textContent!==r&&(t.textContent=r)}}}function k(){let e=new Set,t="";return{get lit(){return t},light(n){if(n!==t){t=n;for(let r of e)r()}},onChange(n){e.add(n)}}}function b(e,t,n){e.setAttribute("data-part",t),e.setAttribute("tabindex","0");let r=()=>n.light(t),c=()=>n.light("");for(let a of["pointerenter","focus","click"])e.addEventListener(a,r);e.addEventListener("blur",c),e.addEventListener("pointerleave",a=>{a.pointerType==="mouse"&&c()}),n.onChange(()=>e.classList.toggle("lit",n.lit===t))}function L(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function H(e,t){let n=!1,r=!0,c=0,a=0,i=0,l=m=>{c=requestAnimationFrame(l),a+=Math.min(.1,(m-i)/1e3),i=m,t(a)},s=()=>{let m=n&&r;m!==c>0&&(cancelAnimationFrame(c),i=performance.now(),c=m?requestAnimationFrame(l):0)},d=new IntersectionObserver(([m])=>{r=m.isIntersecting,s()});return d.observe(e),{get isOn(){return n},start(){[n,a]=[!0,0],s()},stop(){n=!1,s()},destroy(){d.disconnect(),n=!1,s()}}}var g="http://www.w3.org/1998/Math/MathML",j=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function p(e,...t){let n=document.createElementNS(g,e);for(let r of t)n.append(q(r));return n}function q(e){if(e instanceof Node)return e;let t=document.createElementNS(g,"mrow");for(let n of Array.isArray(e)?e:[e])if(n instanceof Node)t.append(n);else for(let[r]of n.matchAll(j))t.append(I(r));return t.childNodes.length===1?t.childNodes[0]:t}function I(e){let t=/\p{L}/u.test(e)?"mi":/\d/.test(e)?"mn":"mo",n=document.createElementNS(g,t);return n.textContent=e,t==="mo"&&n.setAttribute("stretchy","false"),n}var X=(e,t)=>p("mfrac",e,t),Y=(e,t)=>p("msub",e,t),Z=(e,t)=>p("msup",e,t);var _=e=>p("mover",e,"^"),ee=e=>p("mover",e,"~"),te=e=>p("munder","\u2211",e),ne=(...e)=>p("mrow","\u2016",...e,"\u2016");function S(e,t){let n={};for(let[r,{sign:c,says:a}]of Object.entries(e))Object.defineProperty(n,r,{get(){let i=p("mrow",c());return i.setAttribute("class","symbol"),i.setAttribute("role","button"),i.setAttribute("aria-label",a),b(i,r,t),i}});return n}function N(e){let t=p("math",e);return t.setAttribute("display","block"),t}function E(e){return o("p",{},...e.map(t=>$(t)?p("math",t):t))}function $(e){return e instanceof Element&&e.namespaceURI===g}var M=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function de(e,t){return w(e,M+t)}function pe(e,t,n={}){let r=k(),c=S(t.symbols,r),[a,i,l]=["stage","buttons","controls"].map(u=>o("div",{class:u})),s=o("dl",{class:"figures"}),d=o("p",{class:"says","aria-live":"polite"}),m=o("div",{class:"buttons"}),f=o("div",{class:"scene"},o("div",{class:"body"},a,o("div",{class:"side"},i,l,s)),o("div",{class:"words"},o("div",{class:"formula"},N(t.formula(c)),d),o("div",{class:"prose"},...t.text(c).map(E)),o("div",{class:"question"},o("p",{},t.question),m)));e.append(f);let h=()=>{let u=t.symbols[r.lit],v=n[r.lit]?.();d.textContent=u?`${u.says}${v?`: ${v}`:""}`:"Point at a symbol, or at the picture."};return r.onChange(h),h(),{links:r,stage:a,buttons:i,controls:l,doing:m,addFigure({element:u},v){b(u,v,r),s.append(u)},drawn(){f.dataset.drawn="",r.lit&&h()},lookUp:()=>a.scrollIntoView({block:"center",behavior:L()?"auto":"smooth"}),strength:(...u)=>!r.lit||u.includes(r.lit)?1:.18}}export{z as a,G as b,T as c,V as d,W as e,b as f,X as g,Y as h,Z as i,_ as j,ee as k,te as l,ne as m,H as n,de as o,pe as p};
