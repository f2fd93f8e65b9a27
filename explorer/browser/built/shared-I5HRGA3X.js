import{a as k}from"../explorer.shared/shared-ZVNYXL66.js";import{a as L}from"../explorer.shared/shared-V6K5QLGS.js";import{b as d,c as E,e as S,h as A}from"../explorer.shared/shared-IW56BFUN.js";function q(r,e){let[n,...t]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let s of n===r?t:[]){let[l,o]=s.split("~");l in e&&o!==void 0&&Object.assign(e,{[l]:o})}return{settings:e,remember(){let s=new URL(location.href),l=Object.entries(e).map(([o,c])=>`${o}~${c}`);s.searchParams.set("set",[r,...l].join(".")),history.replaceState(history.state,"",s)}}}function W({label:r,low:e,high:n,step:t,value:s,text:l=String},o){let c=S(),i=d("input",{type:"range",id:c,min:e,max:n,step:t,value:s}),m=d("output",{for:c,class:"number"}),a=()=>{let p=(i.valueAsNumber-e)/(n-e);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${p})`),i.setAttribute("aria-valuetext",l(i.valueAsNumber)),m.textContent=l(i.valueAsNumber)};return i.addEventListener("input",()=>{a(),o(i.valueAsNumber)}),a(),{element:d("div",{class:"control"},d("label",{for:c},r),m,i),set(p){i.value=String(p),a()}}}function D(r,e,n,t){let s=S(),l=d("fieldset",{class:"control choice"},d("legend",{},r)),o=new Map;for(let[c,i]of Object.entries(e)){let m=d("input",{type:"radio",name:s,value:c,checked:c===n,change:()=>t(c)});o.set(c,m),l.append(d("label",{},m,d("span",{},i)))}return{element:l,set(c){let i=o.get(c);i&&(i.checked=!0)}}}function H(r,e,{path:n,primary:t}={}){let s=d("span",{},r),l=d("span",{class:"icon-place"},n?E(n):null);return{element:d("button",{type:"button",class:t?"primary":null,click:e},l,s),show(c,i){s.textContent=c,l.replaceChildren(...i?[E(i)]:[])}}}function z(r){let e=d("dd",{class:"number"}),n=d("dt",{},r);return{element:d("div",{class:"figure"},n,e),show(t){e.textContent!==t&&(e.textContent=t)}}}function C(){let r=new Set,e="";return{get lit(){return e},light(n){if(n!==e){e=n;for(let t of r)t()}},onChange(n){r.add(n)}}}function y(r,e,n){r.setAttribute("data-part",e),r.setAttribute("tabindex","0");let t=()=>n.light(e),s=()=>n.light("");for(let l of["pointerenter","focus","click"])r.addEventListener(l,t);r.addEventListener("blur",s),r.addEventListener("pointerleave",l=>{l.pointerType==="mouse"&&s()}),n.onChange(()=>r.classList.toggle("lit",n.lit===e))}var w="http://www.w3.org/1998/Math/MathML",K=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function g(r,...e){let n=document.createElementNS(w,r);for(let t of e)n.append(F(t));return n}function F(r){if(r instanceof Node)return r;let e=document.createElementNS(w,"mrow");for(let n of Array.isArray(r)?r:[r])if(n instanceof Node)e.append(n);else for(let[t]of n.matchAll(K))e.append(B(t));return e.childNodes.length===1?e.childNodes[0]:e}function B(r){let e=/\p{L}/u.test(r)?"mi":/\d/.test(r)?"mn":"mo",n=document.createElementNS(w,e);return n.textContent=r,e==="mo"&&n.setAttribute("stretchy","false"),n}var V=(r,e)=>g("mfrac",r,e),X=(r,e)=>g("msub",r,e),Q=(r,e)=>g("msup",r,e);var ee=r=>g("mover",r,"^");var te=r=>g("munder","\u2211",r),ne=(...r)=>g("mrow","\u2016",...r,"\u2016");function M(r,e){let n={};for(let[t,{sign:s,says:l}]of Object.entries(r))Object.defineProperty(n,t,{get(){let o=g("mrow",s());return o.setAttribute("class","symbol"),o.setAttribute("role","button"),o.setAttribute("aria-label",l),y(o,t,e),o}});return n}function P(r){let e=g("math",r);return e.setAttribute("display","block"),e}function I(r){return d("p",{},...r.map(e=>R(e)?g("math",e):e))}function R(r){return r instanceof Element&&r.namespaceURI===w}var O=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function de(r,e){return A(r,O+e)}function pe(r,e,n={}){let t=C(),s=M(e.symbols,t),[l,o,c]=["stage","buttons","controls"].map(u=>d("div",{class:u})),i=d("dl",{class:"figures"}),m=d("p",{class:"says","aria-live":"polite"}),a=d("div",{class:"buttons"}),p=d("div",{class:"scene"},d("div",{class:"body"},l,d("div",{class:"side"},o,c,i)),d("div",{class:"words"},d("div",{class:"formula"},P(e.formula(s)),m),d("div",{class:"prose"},...e.text(s).map(I)),d("div",{class:"question"},d("p",{},e.question),a)));r.append(p);let f=()=>{let u=e.symbols[t.lit],h=n[t.lit]?.();m.textContent=u?`${u.says}${h?`: ${h}`:""}`:"Point at a symbol, or at the picture."};return t.onChange(f),f(),{links:t,stage:l,buttons:o,controls:c,doing:a,addFigure({element:u},h){y(u,h,t),i.append(u)},drawn(){p.dataset.drawn="",t.lit&&f()},strength:(...u)=>!t.lit||u.includes(t.lit)?1:.18}}function N(r,e){let n=!1,t={x:.5,y:.5},s=o=>{let c=r.getBoundingClientRect();return t={x:(o.clientX-c.left)/c.width,y:(o.clientY-c.top)/c.height},t},l=()=>{n&&e.release?.(),n=!1};r.addEventListener("pointerdown",o=>{if(o.button>0)return;r.setPointerCapture(o.pointerId),n=!0;let{x:c,y:i}=s(o);(e.press??e.point)?.(c,i)}),r.addEventListener("pointermove",o=>{let{x:c,y:i}=s(o);(n?e.drag??e.point:e.point)?.(c,i)});for(let o of["pointerup","pointercancel"])r.addEventListener(o,l);r.addEventListener("pointerleave",o=>{o.pointerType==="mouse"&&e.leave?.()}),r.addEventListener("blur",()=>{l(),e.leave?.()}),r.addEventListener("keydown",o=>{let c={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(o.key===" "||o.key==="Enter"){if(o.preventDefault(),n){l();return}n=!0,(e.press??e.point)?.(t.x,t.y)}else if(o.key in c){o.preventDefault();let i=o.shiftKey?4*.025:.025,[m,a]=c[o.key];t={x:Math.min(1,Math.max(0,t.x+m*i)),y:Math.min(1,Math.max(0,t.y+a*i))},(n?e.drag??e.point:e.point)?.(t.x,t.y)}})}function ve({label:r,x:e,y:n,aspect:t=1,hand:s},l){let o=d("canvas",{class:"plane",role:"img","aria-label":r});o.style.aspectRatio=String(t);let c=j(o,e,n),i=k(()=>{o.clientWidth&&(c.begin(),l(c))}),m=new ResizeObserver(i);if(m.observe(o),document.fonts.addEventListener("loadingdone",i),s){o.tabIndex=0,o.setAttribute("role","application"),a(!1);let p=f=>{let u=s[f];return u&&((b,v)=>u?.(e[0]+b*(e[1]-e[0]),n[1]-v*(n[1]-n[0])))};N(o,{...s,point:p("point"),press:p("press"),drag:p("drag")})}function a(p){o.setAttribute("data-hand",p?"drag":"point"),o.style.touchAction=p?"none":"pan-y"}return{element:o,redraw:i,takeFingers:a,units:p=>p*(e[1]-e[0])/Math.max(1,o.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function j(r,e,n){let t=L(r),[s,l]=[0,0],o,c=a=>(a-e[0])/(e[1]-e[0])*s,i=a=>(n[1]-a)/(n[1]-n[0])*l,m=a=>o.getPropertyValue(a).trim();return{brush:t,px:c,py:i,colour:m,begin(){let a=window.devicePixelRatio||1;[s,l]=[r.clientWidth,r.clientHeight];let[p,f]=[Math.round(s*a),Math.round(l*a)];(r.width!==p||r.height!==f)&&([r.width,r.height]=[p,f]),t.setTransform(a,0,0,a,0,0),t.clearRect(0,0,s,l),o=getComputedStyle(r)},fade(a){t.globalAlpha=a},dots(a,p,f,u){t.fillStyle=m(u),t.beginPath();for(let h=0;h<a.length;h++)t.moveTo(c(a[h])+f,i(p[h])),t.arc(c(a[h]),i(p[h]),f,0,2*Math.PI);t.fill()},line(a,p,f,u,h=[]){[t.strokeStyle,t.lineWidth,t.lineJoin]=[m(u),f,"round"],t.setLineDash(h),t.beginPath();for(let b=0;b<a.length;b++)t.lineTo(c(a[b]),i(p[b]));t.stroke(),t.setLineDash([])},ties(a,p,f,u,h,b){[t.strokeStyle,t.lineWidth]=[m(b),h],t.beginPath();for(let v=0;v<a.length;v++)t.moveTo(c(a[v]),i(p[v])),t.lineTo(c(f[v]),i(u[v]));t.stroke()},words(a,p,f,u){t.font=`12px ${m("--st-font")||"sans-serif"}`,t.textAlign=p<0?"right":"left",t.fillStyle=m(u),t.fillText(a,p<0?s+p:p,f)}}}function ye(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function we(r,e){let n=!1,t=!0,s=0,l=0,o=0,c=a=>{s=requestAnimationFrame(c),l+=Math.min(.1,(a-o)/1e3),o=a,e(l)},i=()=>{let a=n&&t;a!==s>0&&(cancelAnimationFrame(s),o=performance.now(),s=a?requestAnimationFrame(c):0)},m=new IntersectionObserver(([a])=>{t=a.isIntersecting,i()});return m.observe(r),{get isOn(){return n},start(){[n,l]=[!0,0],i()},stop(){n=!1,i()},destroy(){m.disconnect(),n=!1,i()}}}var T=class{constructor(e){this.state=new Uint32Array(624),this.next=624,this.state[0]=e;for(let n=1;n<624;n++){let t=this.state[n-1];this.state[n]=Math.imul(1812433253,t^t>>>30)+n}}bits(){this.next===624&&this.#e();let e=this.state[this.next++];return e^=e>>>11,e^=e<<7&2636928640,e^=e<<15&4022730752,(e^e>>>18)>>>0}#e(){let{state:e}=this;for(let n=0;n<624;n++){let t=e[n]&2147483648|e[(n+1)%624]&2147483647;e[n]=e[(n+397)%624]^t>>>1^(t&1?2567483615:0)}this.next=0}uniform(){return(this.bits()&16777215)/16777216}fillUniform(e,n,t){for(let s=0;s<e.length;s++)e[s]=this.uniform()*(t-n)+n}fillNormal(e){for(let n=0;n<e.length;n+=16){for(let t=0;t<16;t++)x[t]=this.uniform();for(let t=0;t<16/2;t++){let s=Math.sqrt(-2*Math.log(1-x[t])),l=2*Math.PI*x[t+16/2];x[t]=s*Math.cos(l),x[t+16/2]=s*Math.sin(l)}for(let t=0;t<Math.min(16,e.length-n);t++)e[n+t]=x[t]}}},x=new Float64Array(16);export{q as a,W as b,D as c,H as d,z as e,V as f,X as g,Q as h,ee as i,te as j,ne as k,de as l,pe as m,ve as n,ye as o,we as p,T as q};
