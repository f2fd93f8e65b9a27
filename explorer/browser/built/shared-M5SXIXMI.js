import{a as L}from"../explorer.shared/shared-ZVNYXL66.js";import{a as E}from"../explorer.shared/shared-V6K5QLGS.js";import{b as d,c as w,e as A,h as k}from"../explorer.shared/shared-XRFZHQUS.js";function U(t,e){let[r,...n]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let c of r===t?n:[]){let[a,o]=c.split("~");a in e&&o!==void 0&&Object.assign(e,{[a]:o})}return{settings:e,remember(){let c=new URL(location.href),a=Object.entries(e).map(([o,l])=>`${o}~${l}`);c.searchParams.set("set",[t,...a].join(".")),history.replaceState(history.state,"",c)}}}function D({label:t,low:e,high:r,step:n,value:c,text:a=String},o){let l=A(),s=d("input",{type:"range",id:l,min:e,max:r,step:n,value:c}),m=d("output",{for:l,class:"number"}),i=()=>{let p=(s.valueAsNumber-e)/(r-e);s.style.setProperty("--at",`calc(7px + (100% - 14px) * ${p})`),s.setAttribute("aria-valuetext",a(s.valueAsNumber)),m.textContent=a(s.valueAsNumber)};return s.addEventListener("input",()=>{i(),o(s.valueAsNumber)}),i(),{element:d("div",{class:"control"},d("label",{for:l},t),m,s),set(p){s.value=String(p),i()}}}function K(t,e,r,n){let c=A(),a=d("fieldset",{class:"control choice"},d("legend",{},t));for(let[o,l]of Object.entries(e)){let s=d("input",{type:"radio",name:c,value:o,checked:o===r,change:()=>n(o)});a.append(d("label",{},s,d("span",{},l)))}return{element:a}}function Y(t,e,{path:r,primary:n}={}){let c=d("span",{},t),a=d("span",{class:"icon-place"},r?w(r):null);return{element:d("button",{type:"button",class:n?"primary":null,click:e},a,c),show(l,s){c.textContent=l,a.replaceChildren(...s?[w(s)]:[])}}}function H(t){let e=d("dd",{class:"number"}),r=d("dt",{},t);return{element:d("div",{class:"figure"},r,e),show(n){e.textContent!==n&&(e.textContent=n)}}}function S(){let t=new Set,e="";return{get lit(){return e},light(r){if(r!==e){e=r;for(let n of t)n()}},onChange(r){t.add(r)}}}function y(t,e,r){t.setAttribute("data-part",e),t.setAttribute("tabindex","0");let n=()=>r.light(e),c=()=>r.light("");for(let a of["pointerenter","focus","click"])t.addEventListener(a,n);t.addEventListener("blur",c),t.addEventListener("pointerleave",a=>{a.pointerType==="mouse"&&c()}),r.onChange(()=>t.classList.toggle("lit",r.lit===e))}var x="http://www.w3.org/1998/Math/MathML",I=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(t,...e){let r=document.createElementNS(x,t);for(let n of e)r.append(R(n));return r}function R(t){if(t instanceof Node)return t;let e=document.createElementNS(x,"mrow");for(let r of Array.isArray(t)?t:[t])if(r instanceof Node)e.append(r);else for(let[n]of r.matchAll(I))e.append(j(n));return e.childNodes.length===1?e.childNodes[0]:e}function j(t){let e=/\p{L}/u.test(t)?"mi":/\d/.test(t)?"mn":"mo",r=document.createElementNS(x,e);return r.textContent=t,e==="mo"&&r.setAttribute("stretchy","false"),r}var J=(t,e)=>b("mfrac",t,e),X=(t,e)=>b("msub",t,e),Q=(t,e)=>b("msup",t,e);var Z=t=>b("mover",t,"^"),ee=t=>b("mover",t,"~"),te=t=>b("munder","\u2211",t),ne=(...t)=>b("mrow","\u2016",...t,"\u2016");function P(t,e){let r={};for(let[n,{sign:c,says:a}]of Object.entries(t))Object.defineProperty(r,n,{get(){let o=b("mrow",c());return o.setAttribute("class","symbol"),o.setAttribute("role","button"),o.setAttribute("aria-label",a),y(o,n,e),o}});return r}function C(t){let e=b("math",t);return e.setAttribute("display","block"),e}function M(t){return d("p",{},...t.map(e=>F(e)?b("math",e):e))}function F(t){return t instanceof Element&&t.namespaceURI===x}function N(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function oe(t,e){let r=!1,n=!0,c=0,a=0,o=0,l=i=>{c=requestAnimationFrame(l),a+=Math.min(.1,(i-o)/1e3),o=i,e(a)},s=()=>{let i=r&&n;i!==c>0&&(cancelAnimationFrame(c),o=performance.now(),c=i?requestAnimationFrame(l):0)},m=new IntersectionObserver(([i])=>{n=i.isIntersecting,s()});return m.observe(t),{get isOn(){return r},start(){[r,a]=[!0,0],s()},stop(){r=!1,s()},destroy(){m.disconnect(),r=!1,s()}}}var T=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function ue(t,e){return k(t,T+e)}function fe(t,e,r={}){let n=S(),c=P(e.symbols,n),[a,o,l]=["stage","buttons","controls"].map(u=>d("div",{class:u})),s=d("dl",{class:"figures"}),m=d("p",{class:"says","aria-live":"polite"}),i=d("div",{class:"buttons"}),p=d("div",{class:"scene"},d("div",{class:"body"},a,d("div",{class:"side"},o,l,s)),d("div",{class:"words"},d("div",{class:"formula"},C(e.formula(c)),m),d("div",{class:"prose"},...e.text(c).map(M)),d("div",{class:"question"},d("p",{},e.question),i)));t.append(p);let f=()=>{let u=e.symbols[n.lit],g=r[n.lit]?.();m.textContent=u?`${u.says}${g?`: ${g}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:a,buttons:o,controls:l,doing:i,addFigure({element:u},g){y(u,g,n),s.append(u)},drawn(){p.dataset.drawn="",n.lit&&f()},lookUp:()=>a.scrollIntoView({block:"center",behavior:N()?"auto":"smooth"}),strength:(...u)=>!n.lit||u.includes(n.lit)?1:.18}}function O(t,e){let r=!1,n={x:.5,y:.5},c=o=>{let l=t.getBoundingClientRect();return n={x:(o.clientX-l.left)/l.width,y:(o.clientY-l.top)/l.height},n},a=()=>{r&&e.release?.(),r=!1};t.addEventListener("pointerdown",o=>{if(o.button>0)return;t.setPointerCapture(o.pointerId),r=!0;let{x:l,y:s}=c(o);(e.press??e.point)?.(l,s)}),t.addEventListener("pointermove",o=>{let{x:l,y:s}=c(o);(r?e.drag??e.point:e.point)?.(l,s)});for(let o of["pointerup","pointercancel"])t.addEventListener(o,a);t.addEventListener("pointerleave",o=>{o.pointerType==="mouse"&&e.leave?.()}),t.addEventListener("blur",()=>{a(),e.leave?.()}),t.addEventListener("keydown",o=>{let l={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(o.key===" "||o.key==="Enter"){if(o.preventDefault(),r){a();return}r=!0,(e.press??e.point)?.(n.x,n.y)}else if(o.key in l){o.preventDefault();let s=o.shiftKey?4*.025:.025,[m,i]=l[o.key];n={x:Math.min(1,Math.max(0,n.x+m*s)),y:Math.min(1,Math.max(0,n.y+i*s))},(r?e.drag??e.point:e.point)?.(n.x,n.y)}})}function we({label:t,x:e,y:r,aspect:n=1,hand:c},a){let o=d("canvas",{class:"plane",role:"img","aria-label":t});o.style.aspectRatio=String(n);let l=q(o,e,r),s=L(()=>{o.clientWidth&&(l.begin(),a(l))}),m=new ResizeObserver(s);if(m.observe(o),document.fonts.addEventListener("loadingdone",s),c){o.tabIndex=0,o.setAttribute("role","application"),i(!1);let p=f=>{let u=c[f];return u&&((h,v)=>u?.(e[0]+h*(e[1]-e[0]),r[1]-v*(r[1]-r[0])))};O(o,{...c,point:p("point"),press:p("press"),drag:p("drag")})}function i(p){o.setAttribute("data-hand",p?"drag":"point"),o.style.touchAction=p?"none":"pan-y"}return{element:o,redraw:s,takeFingers:i,units:p=>p*(e[1]-e[0])/Math.max(1,o.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",s),s.cancel()}}}function q(t,e,r){let n=E(t),[c,a]=[0,0],o,l=i=>(i-e[0])/(e[1]-e[0])*c,s=i=>(r[1]-i)/(r[1]-r[0])*a,m=i=>o.getPropertyValue(i).trim();return{brush:n,px:l,py:s,colour:m,begin(){let i=window.devicePixelRatio||1;[c,a]=[t.clientWidth,t.clientHeight];let[p,f]=[Math.round(c*i),Math.round(a*i)];(t.width!==p||t.height!==f)&&([t.width,t.height]=[p,f]),n.setTransform(i,0,0,i,0,0),n.clearRect(0,0,c,a),o=getComputedStyle(t)},fade(i){n.globalAlpha=i},dots(i,p,f,u){n.fillStyle=m(u),n.beginPath();for(let g=0;g<i.length;g++)n.moveTo(l(i[g])+f,s(p[g])),n.arc(l(i[g]),s(p[g]),f,0,2*Math.PI);n.fill()},line(i,p,f,u,g=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[m(u),f,"round"],n.setLineDash(g),n.beginPath();for(let h=0;h<i.length;h++)n.lineTo(l(i[h]),s(p[h]));n.stroke(),n.setLineDash([])},ties(i,p,f,u,g,h){[n.strokeStyle,n.lineWidth]=[m(h),g],n.beginPath();for(let v=0;v<i.length;v++)n.moveTo(l(i[v]),s(p[v])),n.lineTo(l(f[v]),s(u[v]));n.stroke()},words(i,p,f,u){n.font=`12px ${m("--st-font")||"sans-serif"}`,n.textAlign=p<0?"right":"left",n.fillStyle=m(u),n.fillText(i,p<0?c+p:p,f)}}}export{U as a,D as b,K as c,Y as d,H as e,J as f,X as g,Q as h,Z as i,ee as j,te as k,ne as l,oe as m,ue as n,fe as o,we as p};
