import{a as L}from"../explorer.shared/shared-ZVNYXL66.js";import{a as k}from"../explorer.shared/shared-V6K5QLGS.js";import{b as c,c as w,e as A,h as E}from"../explorer.shared/shared-XRFZHQUS.js";function D(t,e){let[o,...n]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let d of o===t?n:[]){let[l,r]=d.split("~");l in e&&r!==void 0&&Object.assign(e,{[l]:r})}return{settings:e,remember(){let d=new URL(location.href),l=Object.entries(e).map(([r,a])=>`${r}~${a}`);d.searchParams.set("set",[t,...l].join(".")),history.replaceState(history.state,"",d)}}}function z({label:t,low:e,high:o,step:n,value:d,text:l=String},r){let a=A(),i=c("input",{type:"range",id:a,min:e,max:o,step:n,value:d}),u=c("output",{for:a,class:"number"}),s=()=>{let p=(i.valueAsNumber-e)/(o-e);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${p})`),i.setAttribute("aria-valuetext",l(i.valueAsNumber)),u.textContent=l(i.valueAsNumber)};return i.addEventListener("input",()=>{s(),r(i.valueAsNumber)}),s(),{element:c("div",{class:"control"},c("label",{for:a},t),u,i),set(p){i.value=String(p),s()}}}function F(t,e,o,n){let d=A(),l=c("fieldset",{class:"control choice"},c("legend",{},t));for(let[r,a]of Object.entries(e)){let i=c("input",{type:"radio",name:d,value:r,checked:r===o,change:()=>n(r)});l.append(c("label",{},i,c("span",{},a)))}return{element:l}}function K(t,e,{path:o,primary:n}={}){let d=c("span",{},t),l=c("span",{class:"icon-place"},o?w(o):null);return{element:c("button",{type:"button",class:n?"primary":null,click:e},l,d),show(a,i){d.textContent=a,l.replaceChildren(...i?[w(i)]:[])}}}function Y(t){let e=c("dd",{class:"number"}),o=c("dt",{},t);return{element:c("div",{class:"figure"},o,e),show(n){e.textContent!==n&&(e.textContent=n)}}}function S(){let t=new Set,e="";return{get lit(){return e},light(o){if(o!==e){e=o;for(let n of t)n()}},onChange(o){t.add(o)}}}function y(t,e,o){t.setAttribute("data-part",e),t.setAttribute("tabindex","0");let n=()=>o.light(e),d=()=>o.light("");for(let l of["pointerenter","focus","click"])t.addEventListener(l,n);t.addEventListener("blur",d),t.addEventListener("pointerleave",l=>{l.pointerType==="mouse"&&d()}),o.onChange(()=>t.classList.toggle("lit",o.lit===e))}var x="http://www.w3.org/1998/Math/MathML",R=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(t,...e){let o=document.createElementNS(x,t);for(let n of e)o.append(j(n));return o}function j(t){if(t instanceof Node)return t;let e=document.createElementNS(x,"mrow");for(let o of Array.isArray(t)?t:[t])if(o instanceof Node)e.append(o);else for(let[n]of o.matchAll(R))e.append(O(n));return e.childNodes.length===1?e.childNodes[0]:e}function O(t){let e=/\p{L}/u.test(t)?"mi":/\d/.test(t)?"mn":"mo",o=document.createElementNS(x,e);return o.textContent=t,e==="mo"&&o.setAttribute("stretchy","false"),o}var J=(t,e)=>b("mfrac",t,e),V=(t,e)=>b("msub",t,e),X=(t,e)=>b("msup",t,e);var Q=t=>b("mover",t,"^");var Z=t=>b("munder","\u2211",t),ee=(...t)=>b("mrow","\u2016",...t,"\u2016");function P(t,e){let o={};for(let[n,{sign:d,says:l}]of Object.entries(t))Object.defineProperty(o,n,{get(){let r=b("mrow",d());return r.setAttribute("class","symbol"),r.setAttribute("role","button"),r.setAttribute("aria-label",l),y(r,n,e),r}});return o}function C(t){let e=b("math",t);return e.setAttribute("display","block"),e}function M(t){return c("p",{},...t.map(e=>$(e)?b("math",e):e))}function $(t){return t instanceof Element&&t.namespaceURI===x}var N=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function le(t,e){return E(t,N+e)}function ce(t,e,o={}){let n=S(),d=P(e.symbols,n),[l,r,a]=["stage","buttons","controls"].map(m=>c("div",{class:m})),i=c("dl",{class:"figures"}),u=c("p",{class:"says","aria-live":"polite"}),s=c("div",{class:"buttons"}),p=c("div",{class:"scene"},c("div",{class:"body"},l,c("div",{class:"side"},r,a,i)),c("div",{class:"words"},c("div",{class:"formula"},C(e.formula(d)),u),c("div",{class:"prose"},...e.text(d).map(M)),c("div",{class:"question"},c("p",{},e.question),s)));t.append(p);let f=()=>{let m=e.symbols[n.lit],g=o[n.lit]?.();u.textContent=m?`${m.says}${g?`: ${g}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:l,buttons:r,controls:a,doing:s,addFigure({element:m},g){y(m,g,n),i.append(m)},drawn(){p.dataset.drawn="",n.lit&&f()},strength:(...m)=>!n.lit||m.includes(n.lit)?1:.18}}function T(t,e){let o=!1,n={x:.5,y:.5},d=r=>{let a=t.getBoundingClientRect();return n={x:(r.clientX-a.left)/a.width,y:(r.clientY-a.top)/a.height},n},l=()=>{o&&e.release?.(),o=!1};t.addEventListener("pointerdown",r=>{if(r.button>0)return;t.setPointerCapture(r.pointerId),o=!0;let{x:a,y:i}=d(r);(e.press??e.point)?.(a,i)}),t.addEventListener("pointermove",r=>{let{x:a,y:i}=d(r);(o?e.drag??e.point:e.point)?.(a,i)});for(let r of["pointerup","pointercancel"])t.addEventListener(r,l);t.addEventListener("pointerleave",r=>{r.pointerType==="mouse"&&e.leave?.()}),t.addEventListener("blur",()=>{l(),e.leave?.()}),t.addEventListener("keydown",r=>{let a={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(r.key===" "||r.key==="Enter"){if(r.preventDefault(),o){l();return}o=!0,(e.press??e.point)?.(n.x,n.y)}else if(r.key in a){r.preventDefault();let i=r.shiftKey?4*.025:.025,[u,s]=a[r.key];n={x:Math.min(1,Math.max(0,n.x+u*i)),y:Math.min(1,Math.max(0,n.y+s*i))},(o?e.drag??e.point:e.point)?.(n.x,n.y)}})}function be({label:t,x:e,y:o,aspect:n=1,hand:d},l){let r=c("canvas",{class:"plane",role:"img","aria-label":t});r.style.aspectRatio=String(n);let a=W(r,e,o),i=L(()=>{r.clientWidth&&(a.begin(),l(a))}),u=new ResizeObserver(i);if(u.observe(r),document.fonts.addEventListener("loadingdone",i),d){r.tabIndex=0,r.setAttribute("role","application"),s(!1);let p=f=>{let m=d[f];return m&&((h,v)=>m?.(e[0]+h*(e[1]-e[0]),o[1]-v*(o[1]-o[0])))};T(r,{...d,point:p("point"),press:p("press"),drag:p("drag")})}function s(p){r.setAttribute("data-hand",p?"drag":"point"),r.style.touchAction=p?"none":"pan-y"}return{element:r,redraw:i,takeFingers:s,units:p=>p*(e[1]-e[0])/Math.max(1,r.clientWidth),destroy(){u.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function W(t,e,o){let n=k(t),[d,l]=[0,0],r,a=s=>(s-e[0])/(e[1]-e[0])*d,i=s=>(o[1]-s)/(o[1]-o[0])*l,u=s=>r.getPropertyValue(s).trim();return{brush:n,px:a,py:i,colour:u,begin(){let s=window.devicePixelRatio||1;[d,l]=[t.clientWidth,t.clientHeight];let[p,f]=[Math.round(d*s),Math.round(l*s)];(t.width!==p||t.height!==f)&&([t.width,t.height]=[p,f]),n.setTransform(s,0,0,s,0,0),n.clearRect(0,0,d,l),r=getComputedStyle(t)},fade(s){n.globalAlpha=s},dots(s,p,f,m){n.fillStyle=u(m),n.beginPath();for(let g=0;g<s.length;g++)n.moveTo(a(s[g])+f,i(p[g])),n.arc(a(s[g]),i(p[g]),f,0,2*Math.PI);n.fill()},line(s,p,f,m,g=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[u(m),f,"round"],n.setLineDash(g),n.beginPath();for(let h=0;h<s.length;h++)n.lineTo(a(s[h]),i(p[h]));n.stroke(),n.setLineDash([])},ties(s,p,f,m,g,h){[n.strokeStyle,n.lineWidth]=[u(h),g],n.beginPath();for(let v=0;v<s.length;v++)n.moveTo(a(s[v]),i(p[v])),n.lineTo(a(f[v]),i(m[v]));n.stroke()},words(s,p,f,m){n.font=`12px ${u("--st-font")||"sans-serif"}`,n.textAlign=p<0?"right":"left",n.fillStyle=u(m),n.fillText(s,p<0?d+p:p,f)}}}export{D as a,z as b,F as c,K as d,Y as e,J as f,V as g,X as h,Q as i,Z as j,ee as k,le as l,ce as m,be as n};
