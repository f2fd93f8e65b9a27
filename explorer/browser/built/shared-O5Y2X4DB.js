import{a as L}from"../explorer.shared/shared-ZVNYXL66.js";import{a as E}from"../explorer.shared/shared-V6K5QLGS.js";import{b as d,c as w,e as A,h as k}from"../explorer.shared/shared-XRFZHQUS.js";function z(t,e){let[r,...n]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let l of r===t?n:[]){let[c,o]=l.split("~");c in e&&o!==void 0&&Object.assign(e,{[c]:o})}return{settings:e,remember(){let l=new URL(location.href),c=Object.entries(e).map(([o,a])=>`${o}~${a}`);l.searchParams.set("set",[t,...c].join(".")),history.replaceState(history.state,"",l)}}}function D({label:t,low:e,high:r,step:n,value:l,text:c=String},o){let a=A(),i=d("input",{type:"range",id:a,min:e,max:r,step:n,value:l}),m=d("output",{for:a,class:"number"}),s=()=>{let p=(i.valueAsNumber-e)/(r-e);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${p})`),i.setAttribute("aria-valuetext",c(i.valueAsNumber)),m.textContent=c(i.valueAsNumber)};return i.addEventListener("input",()=>{s(),o(i.valueAsNumber)}),s(),{element:d("div",{class:"control"},d("label",{for:a},t),m,i),set(p){i.value=String(p),s()}}}function K(t,e,r,n){let l=A(),c=d("fieldset",{class:"control choice"},d("legend",{},t)),o=new Map;for(let[a,i]of Object.entries(e)){let m=d("input",{type:"radio",name:l,value:a,checked:a===r,change:()=>n(a)});o.set(a,m),c.append(d("label",{},m,d("span",{},i)))}return{element:c,set(a){let i=o.get(a);i&&(i.checked=!0)}}}function Y(t,e,{path:r,primary:n}={}){let l=d("span",{},t),c=d("span",{class:"icon-place"},r?w(r):null);return{element:d("button",{type:"button",class:n?"primary":null,click:e},c,l),show(a,i){l.textContent=a,c.replaceChildren(...i?[w(i)]:[])}}}function H(t){let e=d("dd",{class:"number"}),r=d("dt",{},t);return{element:d("div",{class:"figure"},r,e),show(n){e.textContent!==n&&(e.textContent=n)}}}function S(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function V(t,e){let r=!1,n=!0,l=0,c=0,o=0,a=s=>{l=requestAnimationFrame(a),c+=Math.min(.1,(s-o)/1e3),o=s,e(c)},i=()=>{let s=r&&n;s!==l>0&&(cancelAnimationFrame(l),o=performance.now(),l=s?requestAnimationFrame(a):0)},m=new IntersectionObserver(([s])=>{n=s.isIntersecting,i()});return m.observe(t),{get isOn(){return r},start(){[r,c]=[!0,0],i()},stop(){r=!1,i()},destroy(){m.disconnect(),r=!1,i()}}}function P(){let t=new Set,e="";return{get lit(){return e},light(r){if(r!==e){e=r;for(let n of t)n()}},onChange(r){t.add(r)}}}function y(t,e,r){t.setAttribute("data-part",e),t.setAttribute("tabindex","0");let n=()=>r.light(e),l=()=>r.light("");for(let c of["pointerenter","focus","click"])t.addEventListener(c,n);t.addEventListener("blur",l),t.addEventListener("pointerleave",c=>{c.pointerType==="mouse"&&l()}),r.onChange(()=>t.classList.toggle("lit",r.lit===e))}var x="http://www.w3.org/1998/Math/MathML",I=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(t,...e){let r=document.createElementNS(x,t);for(let n of e)r.append(R(n));return r}function R(t){if(t instanceof Node)return t;let e=document.createElementNS(x,"mrow");for(let r of Array.isArray(t)?t:[t])if(r instanceof Node)e.append(r);else for(let[n]of r.matchAll(I))e.append(j(n));return e.childNodes.length===1?e.childNodes[0]:e}function j(t){let e=/\p{L}/u.test(t)?"mi":/\d/.test(t)?"mn":"mo",r=document.createElementNS(x,e);return r.textContent=t,e==="mo"&&r.setAttribute("stretchy","false"),r}var Q=(t,e)=>b("mfrac",t,e),Z=(t,e)=>b("msub",t,e),ee=(t,e)=>b("msup",t,e);var te=t=>b("mover",t,"^"),ne=t=>b("mover",t,"~"),re=t=>b("munder","\u2211",t),oe=(...t)=>b("mrow","\u2016",...t,"\u2016");function C(t,e){let r={};for(let[n,{sign:l,says:c}]of Object.entries(t))Object.defineProperty(r,n,{get(){let o=b("mrow",l());return o.setAttribute("class","symbol"),o.setAttribute("role","button"),o.setAttribute("aria-label",c),y(o,n,e),o}});return r}function M(t){let e=b("math",t);return e.setAttribute("display","block"),e}function N(t){return d("p",{},...t.map(e=>q(e)?b("math",e):e))}function q(t){return t instanceof Element&&t.namespaceURI===x}var T=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function ue(t,e){return k(t,T+e)}function fe(t,e,r={}){let n=P(),l=C(e.symbols,n),[c,o,a]=["stage","buttons","controls"].map(u=>d("div",{class:u})),i=d("dl",{class:"figures"}),m=d("p",{class:"says","aria-live":"polite"}),s=d("div",{class:"buttons"}),p=d("div",{class:"scene"},d("div",{class:"body"},c,d("div",{class:"side"},o,a,i)),d("div",{class:"words"},d("div",{class:"formula"},M(e.formula(l)),m),d("div",{class:"prose"},...e.text(l).map(N)),d("div",{class:"question"},d("p",{},e.question),s)));t.append(p);let f=()=>{let u=e.symbols[n.lit],g=r[n.lit]?.();m.textContent=u?`${u.says}${g?`: ${g}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:c,buttons:o,controls:a,doing:s,addFigure({element:u},g){y(u,g,n),i.append(u)},drawn(){p.dataset.drawn="",n.lit&&f()},lookUp:()=>c.scrollIntoView({block:"center",behavior:S()?"auto":"smooth"}),strength:(...u)=>!n.lit||u.includes(n.lit)?1:.18}}function O(t,e){let r=!1,n={x:.5,y:.5},l=o=>{let a=t.getBoundingClientRect();return n={x:(o.clientX-a.left)/a.width,y:(o.clientY-a.top)/a.height},n},c=()=>{r&&e.release?.(),r=!1};t.addEventListener("pointerdown",o=>{if(o.button>0)return;t.setPointerCapture(o.pointerId),r=!0;let{x:a,y:i}=l(o);(e.press??e.point)?.(a,i)}),t.addEventListener("pointermove",o=>{let{x:a,y:i}=l(o);(r?e.drag??e.point:e.point)?.(a,i)});for(let o of["pointerup","pointercancel"])t.addEventListener(o,c);t.addEventListener("pointerleave",o=>{o.pointerType==="mouse"&&e.leave?.()}),t.addEventListener("blur",()=>{c(),e.leave?.()}),t.addEventListener("keydown",o=>{let a={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(o.key===" "||o.key==="Enter"){if(o.preventDefault(),r){c();return}r=!0,(e.press??e.point)?.(n.x,n.y)}else if(o.key in a){o.preventDefault();let i=o.shiftKey?4*.025:.025,[m,s]=a[o.key];n={x:Math.min(1,Math.max(0,n.x+m*i)),y:Math.min(1,Math.max(0,n.y+s*i))},(r?e.drag??e.point:e.point)?.(n.x,n.y)}})}function we({label:t,x:e,y:r,aspect:n=1,hand:l},c){let o=d("canvas",{class:"plane",role:"img","aria-label":t});o.style.aspectRatio=String(n);let a=$(o,e,r),i=L(()=>{o.clientWidth&&(a.begin(),c(a))}),m=new ResizeObserver(i);if(m.observe(o),document.fonts.addEventListener("loadingdone",i),l){o.tabIndex=0,o.setAttribute("role","application"),s(!1);let p=f=>{let u=l[f];return u&&((h,v)=>u?.(e[0]+h*(e[1]-e[0]),r[1]-v*(r[1]-r[0])))};O(o,{...l,point:p("point"),press:p("press"),drag:p("drag")})}function s(p){o.setAttribute("data-hand",p?"drag":"point"),o.style.touchAction=p?"none":"pan-y"}return{element:o,redraw:i,takeFingers:s,units:p=>p*(e[1]-e[0])/Math.max(1,o.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function $(t,e,r){let n=E(t),[l,c]=[0,0],o,a=s=>(s-e[0])/(e[1]-e[0])*l,i=s=>(r[1]-s)/(r[1]-r[0])*c,m=s=>o.getPropertyValue(s).trim();return{brush:n,px:a,py:i,colour:m,begin(){let s=window.devicePixelRatio||1;[l,c]=[t.clientWidth,t.clientHeight];let[p,f]=[Math.round(l*s),Math.round(c*s)];(t.width!==p||t.height!==f)&&([t.width,t.height]=[p,f]),n.setTransform(s,0,0,s,0,0),n.clearRect(0,0,l,c),o=getComputedStyle(t)},fade(s){n.globalAlpha=s},dots(s,p,f,u){n.fillStyle=m(u),n.beginPath();for(let g=0;g<s.length;g++)n.moveTo(a(s[g])+f,i(p[g])),n.arc(a(s[g]),i(p[g]),f,0,2*Math.PI);n.fill()},line(s,p,f,u,g=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[m(u),f,"round"],n.setLineDash(g),n.beginPath();for(let h=0;h<s.length;h++)n.lineTo(a(s[h]),i(p[h]));n.stroke(),n.setLineDash([])},ties(s,p,f,u,g,h){[n.strokeStyle,n.lineWidth]=[m(h),g],n.beginPath();for(let v=0;v<s.length;v++)n.moveTo(a(s[v]),i(p[v])),n.lineTo(a(f[v]),i(u[v]));n.stroke()},words(s,p,f,u){n.font=`12px ${m("--st-font")||"sans-serif"}`,n.textAlign=p<0?"right":"left",n.fillStyle=m(u),n.fillText(s,p<0?l+p:p,f)}}}export{z as a,D as b,K as c,Y as d,H as e,Q as f,Z as g,ee as h,te as i,ne as j,re as k,oe as l,S as m,V as n,ue as o,fe as p,we as q};
