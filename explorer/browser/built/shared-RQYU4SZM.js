import{b as A}from"../explorer.shared/shared-ZVNYXL66.js";import{b as o,c as x,e as y,h as w}from"../explorer.shared/shared-XRFZHQUS.js";var k="set",O=150;function P(e,t){let[n,...r]=(new URLSearchParams(location.search).get(k)??"").split(".");for(let a of n===e?r:[]){let[c,s]=a.split("~");c in t&&s!==void 0&&Object.assign(t,{[c]:s})}let{pathname:l}=location,i=A(()=>{let a=new URL(location.href);if(a.pathname!==l)return;let c=Object.entries(t).map(([s,d])=>`${s}~${d}`);a.searchParams.set(k,[e,...c].join(".")),history.replaceState(history.state,"",a)},O);return{settings:t,remember:i}}function T({label:e,low:t,high:n,step:r,value:l,text:i=String},a){let c=y(),s=o("input",{type:"range",id:c,min:t,max:n,step:r,value:l}),d=o("output",{for:c,class:"number"}),m=()=>{let f=(s.valueAsNumber-t)/(n-t);s.style.setProperty("--at",`calc(7px + (100% - 14px) * ${f})`),s.setAttribute("aria-valuetext",i(s.valueAsNumber)),d.textContent=i(s.valueAsNumber)};return s.addEventListener("input",()=>{m(),a(s.valueAsNumber)}),m(),{element:o("div",{class:"control"},o("label",{for:c},e),d,s),set(f){s.value=String(f),m()}}}function G(e,t,n,r){let l=y(),i=o("fieldset",{class:"control choice"},o("legend",{},e)),a=new Map;for(let[c,s]of Object.entries(t)){let d=o("input",{type:"radio",name:l,value:c,checked:c===n,change:()=>r(c)});a.set(c,d),i.append(o("label",{},d,o("span",{},s)))}return{element:i,set(c){let s=a.get(c);s&&(s.checked=!0)}}}function V(e,t,{path:n,primary:r}={}){let l=o("span",{},e),i=o("span",{class:"icon-place"},n?x(n):null);return{element:o("button",{type:"button",class:r?"primary":null,click:t},i,l),show(c,s){l.textContent=c,i.replaceChildren(...s?[x(s)]:[])}}}function W(e){let t=o("dd",{class:"number"}),n=o("dt",{},e);return{element:o("div",{class:"figure"},n,t),show(r){t.textContent!==r&&(t.textContent=r)}}}function C(){let e=new Set,t="";return{get lit(){return t},light(n){if(n!==t){t=n;for(let r of e)r()}},onChange(n){e.add(n)}}}function g(e,t,n){e.setAttribute("data-part",t),e.setAttribute("tabindex","0");let r=()=>n.light(t),l=()=>n.light("");for(let i of["pointerenter","focus","click"])e.addEventListener(i,r);e.addEventListener("blur",l),e.addEventListener("pointerleave",i=>{i.pointerType==="mouse"&&l()}),n.onChange(()=>e.classList.toggle("lit",n.lit===t))}function L(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function H(e,t){let n=!1,r=!0,l=0,i=0,a=0,c=m=>{l=requestAnimationFrame(c),i+=Math.min(.1,(m-a)/1e3),a=m,t(i)},s=()=>{let m=n&&r;m!==l>0&&(cancelAnimationFrame(l),a=performance.now(),l=m?requestAnimationFrame(c):0)},d=new IntersectionObserver(([m])=>{r=m.isIntersecting,s()});return d.observe(e),{get isOn(){return n},start(){[n,i]=[!0,0],s()},stop(){n=!1,s()},destroy(){d.disconnect(),n=!1,s()}}}var b="http://www.w3.org/1998/Math/MathML",j=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function p(e,...t){let n=document.createElementNS(b,e);for(let r of t)n.append(q(r));return n}function q(e){if(e instanceof Node)return e;let t=document.createElementNS(b,"mrow");for(let n of Array.isArray(e)?e:[e])if(n instanceof Node)t.append(n);else for(let[r]of n.matchAll(j))t.append(I(r));return t.childNodes.length===1?t.childNodes[0]:t}function I(e){let t=/\p{L}/u.test(e)?"mi":/\d/.test(e)?"mn":"mo",n=document.createElementNS(b,t);return n.textContent=e,t==="mo"&&n.setAttribute("stretchy","false"),n}var X=(e,t)=>p("mfrac",e,t),Y=(e,t)=>p("msub",e,t),Z=(e,t)=>p("msup",e,t);var _=e=>p("mover",e,"^"),ee=e=>p("mover",e,"~"),te=e=>p("munder","\u2211",e),ne=(...e)=>p("mrow","\u2016",...e,"\u2016");function S(e,t){let n={};for(let[r,{sign:l,says:i}]of Object.entries(e))Object.defineProperty(n,r,{get(){let a=p("mrow",l());return a.setAttribute("class","symbol"),a.setAttribute("role","button"),a.setAttribute("aria-label",i),g(a,r,t),a}});return n}function N(e){let t=p("math",e);return t.setAttribute("display","block"),t}function E(e){return o("p",{},...e.map(t=>$(t)?p("math",t):t))}function $(e){return e instanceof Element&&e.namespaceURI===b}var M=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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

/* Two pictures beside each other, where there is room. */
.live .scene .pair {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr));
  gap: 0.75rem;
  align-items: start;
}

.live .scene .row-title {
  margin: 0 0 0.2rem;
  color: var(--quiet);
  font-size: 0.875rem;
}

.live .scene .plane.unframed {
  border-color: transparent;
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
`;function de(e,t){return w(e,M+t)}function pe(e,t,n={}){let r=C(),l=S(t.symbols,r),[i,a,c]=["stage","buttons","controls"].map(u=>o("div",{class:u})),s=o("dl",{class:"figures"}),d=o("p",{class:"says","aria-live":"polite"}),m=o("div",{class:"buttons"}),f=o("div",{class:"scene"},o("div",{class:"body"},i,o("div",{class:"side"},a,c,s)),o("div",{class:"words"},o("div",{class:"formula"},N(t.formula(l)),d),o("div",{class:"prose"},...t.text(l).map(E)),o("div",{class:"question"},o("p",{},t.question),m)));e.append(f);let h=()=>{let u=t.symbols[r.lit],v=n[r.lit]?.();d.textContent=u?`${u.says}${v?`: ${v}`:""}`:"Point at a symbol, or at the picture."};return r.onChange(h),h(),{links:r,stage:i,buttons:a,controls:c,doing:m,addFigure({element:u},v){g(u,v,r),s.append(u)},drawn(){f.dataset.drawn="",r.lit&&h()},lookUp:()=>i.scrollIntoView({block:"center",behavior:L()?"auto":"smooth"}),strength:(...u)=>!r.lit||u.includes(r.lit)?1:.18}}export{P as a,T as b,G as c,V as d,W as e,g as f,X as g,Y as h,Z as i,_ as j,ee as k,te as l,ne as m,L as n,H as o,de as p,pe as q};
