import{a as L}from"../explorer.shared/shared-ZVNYXL66.js";import{a as k}from"../explorer.shared/shared-V6K5QLGS.js";import{b as l,c as w,e as A,h as E}from"../explorer.shared/shared-XRFZHQUS.js";function D(t,e){let[o,...n]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let d of o===t?n:[]){let[c,r]=d.split("~");c in e&&r!==void 0&&Object.assign(e,{[c]:r})}return{settings:e,remember(){let d=new URL(location.href),c=Object.entries(e).map(([r,s])=>`${r}~${s}`);d.searchParams.set("set",[t,...c].join(".")),history.replaceState(history.state,"",d)}}}function z({label:t,low:e,high:o,step:n,value:d,text:c=String},r){let s=A(),i=l("input",{type:"range",id:s,min:e,max:o,step:n,value:d}),m=l("output",{for:s,class:"number"}),a=()=>{let p=(i.valueAsNumber-e)/(o-e);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${p})`),i.setAttribute("aria-valuetext",c(i.valueAsNumber)),m.textContent=c(i.valueAsNumber)};return i.addEventListener("input",()=>{a(),r(i.valueAsNumber)}),a(),{element:l("div",{class:"control"},l("label",{for:s},t),m,i),set(p){i.value=String(p),a()}}}function F(t,e,o,n){let d=A(),c=l("fieldset",{class:"control choice"},l("legend",{},t)),r=new Map;for(let[s,i]of Object.entries(e)){let m=l("input",{type:"radio",name:d,value:s,checked:s===o,change:()=>n(s)});r.set(s,m),c.append(l("label",{},m,l("span",{},i)))}return{element:c,set(s){let i=r.get(s);i&&(i.checked=!0)}}}function K(t,e,{path:o,primary:n}={}){let d=l("span",{},t),c=l("span",{class:"icon-place"},o?w(o):null);return{element:l("button",{type:"button",class:n?"primary":null,click:e},c,d),show(s,i){d.textContent=s,c.replaceChildren(...i?[w(i)]:[])}}}function Y(t){let e=l("dd",{class:"number"}),o=l("dt",{},t);return{element:l("div",{class:"figure"},o,e),show(n){e.textContent!==n&&(e.textContent=n)}}}function S(){let t=new Set,e="";return{get lit(){return e},light(o){if(o!==e){e=o;for(let n of t)n()}},onChange(o){t.add(o)}}}function y(t,e,o){t.setAttribute("data-part",e),t.setAttribute("tabindex","0");let n=()=>o.light(e),d=()=>o.light("");for(let c of["pointerenter","focus","click"])t.addEventListener(c,n);t.addEventListener("blur",d),t.addEventListener("pointerleave",c=>{c.pointerType==="mouse"&&d()}),o.onChange(()=>t.classList.toggle("lit",o.lit===e))}var x="http://www.w3.org/1998/Math/MathML",R=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(t,...e){let o=document.createElementNS(x,t);for(let n of e)o.append(j(n));return o}function j(t){if(t instanceof Node)return t;let e=document.createElementNS(x,"mrow");for(let o of Array.isArray(t)?t:[t])if(o instanceof Node)e.append(o);else for(let[n]of o.matchAll(R))e.append(O(n));return e.childNodes.length===1?e.childNodes[0]:e}function O(t){let e=/\p{L}/u.test(t)?"mi":/\d/.test(t)?"mn":"mo",o=document.createElementNS(x,e);return o.textContent=t,e==="mo"&&o.setAttribute("stretchy","false"),o}var J=(t,e)=>b("mfrac",t,e),V=(t,e)=>b("msub",t,e),X=(t,e)=>b("msup",t,e);var Q=t=>b("mover",t,"^");var Z=t=>b("munder","\u2211",t),ee=(...t)=>b("mrow","\u2016",...t,"\u2016");function P(t,e){let o={};for(let[n,{sign:d,says:c}]of Object.entries(t))Object.defineProperty(o,n,{get(){let r=b("mrow",d());return r.setAttribute("class","symbol"),r.setAttribute("role","button"),r.setAttribute("aria-label",c),y(r,n,e),r}});return o}function C(t){let e=b("math",t);return e.setAttribute("display","block"),e}function M(t){return l("p",{},...t.map(e=>$(e)?b("math",e):e))}function $(t){return t instanceof Element&&t.namespaceURI===x}var N=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function ce(t,e){return E(t,N+e)}function le(t,e,o={}){let n=S(),d=P(e.symbols,n),[c,r,s]=["stage","buttons","controls"].map(u=>l("div",{class:u})),i=l("dl",{class:"figures"}),m=l("p",{class:"says","aria-live":"polite"}),a=l("div",{class:"buttons"}),p=l("div",{class:"scene"},l("div",{class:"body"},c,l("div",{class:"side"},r,s,i)),l("div",{class:"words"},l("div",{class:"formula"},C(e.formula(d)),m),l("div",{class:"prose"},...e.text(d).map(M)),l("div",{class:"question"},l("p",{},e.question),a)));t.append(p);let f=()=>{let u=e.symbols[n.lit],g=o[n.lit]?.();m.textContent=u?`${u.says}${g?`: ${g}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:c,buttons:r,controls:s,doing:a,addFigure({element:u},g){y(u,g,n),i.append(u)},drawn(){p.dataset.drawn="",n.lit&&f()},strength:(...u)=>!n.lit||u.includes(n.lit)?1:.18}}function T(t,e){let o=!1,n={x:.5,y:.5},d=r=>{let s=t.getBoundingClientRect();return n={x:(r.clientX-s.left)/s.width,y:(r.clientY-s.top)/s.height},n},c=()=>{o&&e.release?.(),o=!1};t.addEventListener("pointerdown",r=>{if(r.button>0)return;t.setPointerCapture(r.pointerId),o=!0;let{x:s,y:i}=d(r);(e.press??e.point)?.(s,i)}),t.addEventListener("pointermove",r=>{let{x:s,y:i}=d(r);(o?e.drag??e.point:e.point)?.(s,i)});for(let r of["pointerup","pointercancel"])t.addEventListener(r,c);t.addEventListener("pointerleave",r=>{r.pointerType==="mouse"&&e.leave?.()}),t.addEventListener("blur",()=>{c(),e.leave?.()}),t.addEventListener("keydown",r=>{let s={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(r.key===" "||r.key==="Enter"){if(r.preventDefault(),o){c();return}o=!0,(e.press??e.point)?.(n.x,n.y)}else if(r.key in s){r.preventDefault();let i=r.shiftKey?4*.025:.025,[m,a]=s[r.key];n={x:Math.min(1,Math.max(0,n.x+m*i)),y:Math.min(1,Math.max(0,n.y+a*i))},(o?e.drag??e.point:e.point)?.(n.x,n.y)}})}function be({label:t,x:e,y:o,aspect:n=1,hand:d},c){let r=l("canvas",{class:"plane",role:"img","aria-label":t});r.style.aspectRatio=String(n);let s=W(r,e,o),i=L(()=>{r.clientWidth&&(s.begin(),c(s))}),m=new ResizeObserver(i);if(m.observe(r),document.fonts.addEventListener("loadingdone",i),d){r.tabIndex=0,r.setAttribute("role","application"),a(!1);let p=f=>{let u=d[f];return u&&((h,v)=>u?.(e[0]+h*(e[1]-e[0]),o[1]-v*(o[1]-o[0])))};T(r,{...d,point:p("point"),press:p("press"),drag:p("drag")})}function a(p){r.setAttribute("data-hand",p?"drag":"point"),r.style.touchAction=p?"none":"pan-y"}return{element:r,redraw:i,takeFingers:a,units:p=>p*(e[1]-e[0])/Math.max(1,r.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function W(t,e,o){let n=k(t),[d,c]=[0,0],r,s=a=>(a-e[0])/(e[1]-e[0])*d,i=a=>(o[1]-a)/(o[1]-o[0])*c,m=a=>r.getPropertyValue(a).trim();return{brush:n,px:s,py:i,colour:m,begin(){let a=window.devicePixelRatio||1;[d,c]=[t.clientWidth,t.clientHeight];let[p,f]=[Math.round(d*a),Math.round(c*a)];(t.width!==p||t.height!==f)&&([t.width,t.height]=[p,f]),n.setTransform(a,0,0,a,0,0),n.clearRect(0,0,d,c),r=getComputedStyle(t)},fade(a){n.globalAlpha=a},dots(a,p,f,u){n.fillStyle=m(u),n.beginPath();for(let g=0;g<a.length;g++)n.moveTo(s(a[g])+f,i(p[g])),n.arc(s(a[g]),i(p[g]),f,0,2*Math.PI);n.fill()},line(a,p,f,u,g=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[m(u),f,"round"],n.setLineDash(g),n.beginPath();for(let h=0;h<a.length;h++)n.lineTo(s(a[h]),i(p[h]));n.stroke(),n.setLineDash([])},ties(a,p,f,u,g,h){[n.strokeStyle,n.lineWidth]=[m(h),g],n.beginPath();for(let v=0;v<a.length;v++)n.moveTo(s(a[v]),i(p[v])),n.lineTo(s(f[v]),i(u[v]));n.stroke()},words(a,p,f,u){n.font=`12px ${m("--st-font")||"sans-serif"}`,n.textAlign=p<0?"right":"left",n.fillStyle=m(u),n.fillText(a,p<0?d+p:p,f)}}}export{D as a,z as b,F as c,K as d,Y as e,J as f,V as g,X as h,Q as i,Z as j,ee as k,ce as l,le as m,be as n};
