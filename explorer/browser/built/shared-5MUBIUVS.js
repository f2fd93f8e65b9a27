import{a as k}from"../explorer.shared/shared-ZVNYXL66.js";import{a as L}from"../explorer.shared/shared-V6K5QLGS.js";import{b as d,c as E,e as S,h as A}from"../explorer.shared/shared-XRFZHQUS.js";function q(n,e){let[r,...t]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let i of r===n?t:[]){let[c,o]=i.split("~");c in e&&o!==void 0&&Object.assign(e,{[c]:o})}return{settings:e,remember(){let i=new URL(location.href),c=Object.entries(e).map(([o,l])=>`${o}~${l}`);i.searchParams.set("set",[n,...c].join(".")),history.replaceState(history.state,"",i)}}}function z({label:n,low:e,high:r,step:t,value:i,text:c=String},o){let l=S(),a=d("input",{type:"range",id:l,min:e,max:r,step:t,value:i}),m=d("output",{for:l,class:"number"}),s=()=>{let p=(a.valueAsNumber-e)/(r-e);a.style.setProperty("--at",`calc(7px + (100% - 14px) * ${p})`),a.setAttribute("aria-valuetext",c(a.valueAsNumber)),m.textContent=c(a.valueAsNumber)};return a.addEventListener("input",()=>{s(),o(a.valueAsNumber)}),s(),{element:d("div",{class:"control"},d("label",{for:l},n),m,a),set(p){a.value=String(p),s()}}}function D(n,e,r,t){let i=S(),c=d("fieldset",{class:"control choice"},d("legend",{},n));for(let[o,l]of Object.entries(e)){let a=d("input",{type:"radio",name:i,value:o,checked:o===r,change:()=>t(o)});c.append(d("label",{},a,d("span",{},l)))}return{element:c}}function H(n,e,{path:r,primary:t}={}){let i=d("span",{},n),c=d("span",{class:"icon-place"},r?E(r):null);return{element:d("button",{type:"button",class:t?"primary":null,click:e},c,i),show(l,a){i.textContent=l,c.replaceChildren(...a?[E(a)]:[])}}}function Y(n){let e=d("dd",{class:"number"}),r=d("dt",{},n);return{element:d("div",{class:"figure"},r,e),show(t){e.textContent!==t&&(e.textContent=t)}}}function C(){let n=new Set,e="";return{get lit(){return e},light(r){if(r!==e){e=r;for(let t of n)t()}},onChange(r){n.add(r)}}}function y(n,e,r){n.setAttribute("data-part",e),n.setAttribute("tabindex","0");let t=()=>r.light(e),i=()=>r.light("");for(let c of["pointerenter","focus","click"])n.addEventListener(c,t);n.addEventListener("blur",i),n.addEventListener("pointerleave",c=>{c.pointerType==="mouse"&&i()}),r.onChange(()=>n.classList.toggle("lit",r.lit===e))}var w="http://www.w3.org/1998/Math/MathML",F=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function g(n,...e){let r=document.createElementNS(w,n);for(let t of e)r.append(B(t));return r}function B(n){if(n instanceof Node)return n;let e=document.createElementNS(w,"mrow");for(let r of Array.isArray(n)?n:[n])if(r instanceof Node)e.append(r);else for(let[t]of r.matchAll(F))e.append(R(t));return e.childNodes.length===1?e.childNodes[0]:e}function R(n){let e=/\p{L}/u.test(n)?"mi":/\d/.test(n)?"mn":"mo",r=document.createElementNS(w,e);return r.textContent=n,e==="mo"&&r.setAttribute("stretchy","false"),r}var X=(n,e)=>g("mfrac",n,e),Q=(n,e)=>g("msub",n,e),ee=(n,e)=>g("msup",n,e);var te=n=>g("mover",n,"^"),ne=n=>g("mover",n,"~"),re=n=>g("munder","\u2211",n),oe=(...n)=>g("mrow","\u2016",...n,"\u2016");function M(n,e){let r={};for(let[t,{sign:i,says:c}]of Object.entries(n))Object.defineProperty(r,t,{get(){let o=g("mrow",i());return o.setAttribute("class","symbol"),o.setAttribute("role","button"),o.setAttribute("aria-label",c),y(o,t,e),o}});return r}function I(n){let e=g("math",n);return e.setAttribute("display","block"),e}function P(n){return d("p",{},...n.map(e=>U(e)?g("math",e):e))}function U(n){return n instanceof Element&&n.namespaceURI===w}function O(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function se(n,e){let r=!1,t=!0,i=0,c=0,o=0,l=s=>{i=requestAnimationFrame(l),c+=Math.min(.1,(s-o)/1e3),o=s,e(c)},a=()=>{let s=r&&t;s!==i>0&&(cancelAnimationFrame(i),o=performance.now(),i=s?requestAnimationFrame(l):0)},m=new IntersectionObserver(([s])=>{t=s.isIntersecting,a()});return m.observe(n),{get isOn(){return r},start(){[r,c]=[!0,0],a()},stop(){r=!1,a()},destroy(){m.disconnect(),r=!1,a()}}}var N=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function he(n,e){return A(n,N+e)}function ge(n,e,r={}){let t=C(),i=M(e.symbols,t),[c,o,l]=["stage","buttons","controls"].map(u=>d("div",{class:u})),a=d("dl",{class:"figures"}),m=d("p",{class:"says","aria-live":"polite"}),s=d("div",{class:"buttons"}),p=d("div",{class:"scene"},d("div",{class:"body"},c,d("div",{class:"side"},o,l,a)),d("div",{class:"words"},d("div",{class:"formula"},I(e.formula(i)),m),d("div",{class:"prose"},...e.text(i).map(P)),d("div",{class:"question"},d("p",{},e.question),s)));n.append(p);let f=()=>{let u=e.symbols[t.lit],h=r[t.lit]?.();m.textContent=u?`${u.says}${h?`: ${h}`:""}`:"Point at a symbol, or at the picture."};return t.onChange(f),f(),{links:t,stage:c,buttons:o,controls:l,doing:s,addFigure({element:u},h){y(u,h,t),a.append(u)},drawn(){p.dataset.drawn="",t.lit&&f()},lookUp:()=>c.scrollIntoView({block:"center",behavior:O()?"auto":"smooth"}),strength:(...u)=>!t.lit||u.includes(t.lit)?1:.18}}function T(n,e){let r=!1,t={x:.5,y:.5},i=o=>{let l=n.getBoundingClientRect();return t={x:(o.clientX-l.left)/l.width,y:(o.clientY-l.top)/l.height},t},c=()=>{r&&e.release?.(),r=!1};n.addEventListener("pointerdown",o=>{if(o.button>0)return;n.setPointerCapture(o.pointerId),r=!0;let{x:l,y:a}=i(o);(e.press??e.point)?.(l,a)}),n.addEventListener("pointermove",o=>{let{x:l,y:a}=i(o);(r?e.drag??e.point:e.point)?.(l,a)});for(let o of["pointerup","pointercancel"])n.addEventListener(o,c);n.addEventListener("pointerleave",o=>{o.pointerType==="mouse"&&e.leave?.()}),n.addEventListener("blur",()=>{c(),e.leave?.()}),n.addEventListener("keydown",o=>{let l={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(o.key===" "||o.key==="Enter"){if(o.preventDefault(),r){c();return}r=!0,(e.press??e.point)?.(t.x,t.y)}else if(o.key in l){o.preventDefault();let a=o.shiftKey?4*.025:.025,[m,s]=l[o.key];t={x:Math.min(1,Math.max(0,t.x+m*a)),y:Math.min(1,Math.max(0,t.y+s*a))},(r?e.drag??e.point:e.point)?.(t.x,t.y)}})}function Se({label:n,x:e,y:r,aspect:t=1,hand:i},c){let o=d("canvas",{class:"plane",role:"img","aria-label":n});o.style.aspectRatio=String(t);let l=j(o,e,r),a=k(()=>{o.clientWidth&&(l.begin(),c(l))}),m=new ResizeObserver(a);if(m.observe(o),document.fonts.addEventListener("loadingdone",a),i){o.tabIndex=0,o.setAttribute("role","application"),s(!1);let p=f=>{let u=i[f];return u&&((b,v)=>u?.(e[0]+b*(e[1]-e[0]),r[1]-v*(r[1]-r[0])))};T(o,{...i,point:p("point"),press:p("press"),drag:p("drag")})}function s(p){o.setAttribute("data-hand",p?"drag":"point"),o.style.touchAction=p?"none":"pan-y"}return{element:o,redraw:a,takeFingers:s,units:p=>p*(e[1]-e[0])/Math.max(1,o.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",a),a.cancel()}}}function j(n,e,r){let t=L(n),[i,c]=[0,0],o,l=s=>(s-e[0])/(e[1]-e[0])*i,a=s=>(r[1]-s)/(r[1]-r[0])*c,m=s=>o.getPropertyValue(s).trim();return{brush:t,px:l,py:a,colour:m,begin(){let s=window.devicePixelRatio||1;[i,c]=[n.clientWidth,n.clientHeight];let[p,f]=[Math.round(i*s),Math.round(c*s)];(n.width!==p||n.height!==f)&&([n.width,n.height]=[p,f]),t.setTransform(s,0,0,s,0,0),t.clearRect(0,0,i,c),o=getComputedStyle(n)},fade(s){t.globalAlpha=s},dots(s,p,f,u){t.fillStyle=m(u),t.beginPath();for(let h=0;h<s.length;h++)t.moveTo(l(s[h])+f,a(p[h])),t.arc(l(s[h]),a(p[h]),f,0,2*Math.PI);t.fill()},line(s,p,f,u,h=[]){[t.strokeStyle,t.lineWidth,t.lineJoin]=[m(u),f,"round"],t.setLineDash(h),t.beginPath();for(let b=0;b<s.length;b++)t.lineTo(l(s[b]),a(p[b]));t.stroke(),t.setLineDash([])},ties(s,p,f,u,h,b){[t.strokeStyle,t.lineWidth]=[m(b),h],t.beginPath();for(let v=0;v<s.length;v++)t.moveTo(l(s[v]),a(p[v])),t.lineTo(l(f[v]),a(u[v]));t.stroke()},words(s,p,f,u){t.font=`12px ${m("--st-font")||"sans-serif"}`,t.textAlign=p<0?"right":"left",t.fillStyle=m(u),t.fillText(s,p<0?i+p:p,f)}}}var K=class{constructor(e){this.state=new Uint32Array(624),this.next=624,this.state[0]=e;for(let r=1;r<624;r++){let t=this.state[r-1];this.state[r]=Math.imul(1812433253,t^t>>>30)+r}}bits(){this.next===624&&this.#e();let e=this.state[this.next++];return e^=e>>>11,e^=e<<7&2636928640,e^=e<<15&4022730752,(e^e>>>18)>>>0}#e(){let{state:e}=this;for(let r=0;r<624;r++){let t=e[r]&2147483648|e[(r+1)%624]&2147483647;e[r]=e[(r+397)%624]^t>>>1^(t&1?2567483615:0)}this.next=0}uniform(){return(this.bits()&16777215)/16777216}fillUniform(e,r,t){for(let i=0;i<e.length;i++)e[i]=this.uniform()*(t-r)+r}fillNormal(e){for(let r=0;r<e.length;r+=16){for(let t=0;t<16;t++)x[t]=this.uniform();for(let t=0;t<16/2;t++){let i=Math.sqrt(-2*Math.log(1-x[t])),c=2*Math.PI*x[t+16/2];x[t]=i*Math.cos(c),x[t+16/2]=i*Math.sin(c)}for(let t=0;t<Math.min(16,e.length-r);t++)e[r+t]=x[t]}}},x=new Float64Array(16);export{q as a,z as b,D as c,H as d,Y as e,X as f,Q as g,ee as h,te as i,ne as j,re as k,oe as l,se as m,he as n,ge as o,Se as p,K as q};
