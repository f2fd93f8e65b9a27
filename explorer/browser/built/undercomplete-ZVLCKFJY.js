import{a as ft,b as Q}from"../explorer.shared/shared-7OXU272Z.js";import{a as N}from"../explorer.shared/shared-TK5MQQWK.js";import{a as mt}from"../explorer.shared/shared-ZVNYXL66.js";import{a as pt}from"../explorer.shared/shared-V6K5QLGS.js";import{b as g,c as X,d as z,e as J,h as dt}from"../explorer.shared/shared-XRFZHQUS.js";function ht(o,t){let[e,...n]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let r of e===o?n:[]){let[s,a]=r.split("~");s in t&&a!==void 0&&Object.assign(t,{[s]:a})}return{settings:t,remember(){let r=new URL(location.href),s=Object.entries(t).map(([a,c])=>`${a}~${c}`);r.searchParams.set("set",[o,...s].join(".")),history.replaceState(history.state,"",r)}}}function gt({label:o,low:t,high:e,step:n,value:r,text:s=String},a){let c=J(),i=g("input",{type:"range",id:c,min:t,max:e,step:n,value:r}),u=g("output",{for:c,class:"number"}),l=()=>{let d=(i.valueAsNumber-t)/(e-t);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${d})`),i.setAttribute("aria-valuetext",s(i.valueAsNumber)),u.textContent=s(i.valueAsNumber)};return i.addEventListener("input",()=>{l(),a(i.valueAsNumber)}),l(),{element:g("div",{class:"control"},g("label",{for:c},o),u,i),set(d){i.value=String(d),l()}}}function tt(o,t,e,n){let r=J(),s=g("fieldset",{class:"control choice"},g("legend",{},o));for(let[a,c]of Object.entries(t)){let i=g("input",{type:"radio",name:r,value:a,checked:a===e,change:()=>n(a)});s.append(g("label",{},i,g("span",{},c)))}return{element:s}}function O(o,t,{path:e,primary:n}={}){let r=g("span",{},o),s=g("span",{class:"icon-place"},e?X(e):null);return{element:g("button",{type:"button",class:n?"primary":null,click:t},s,r),show(c,i){r.textContent=c,s.replaceChildren(...i?[X(i)]:[])}}}function q(o){let t=g("dd",{class:"number"}),e=g("dt",{},o);return{element:g("div",{class:"figure"},e,t),show(n){t.textContent!==n&&(t.textContent=n)}}}function bt(){let o=new Set,t="";return{get lit(){return t},light(e){if(e!==t){t=e;for(let n of o)n()}},onChange(e){o.add(e)}}}function G(o,t,e){o.setAttribute("data-part",t),o.setAttribute("tabindex","0");let n=()=>e.light(t),r=()=>e.light("");for(let s of["pointerenter","focus","click"])o.addEventListener(s,n);o.addEventListener("blur",r),o.addEventListener("pointerleave",s=>{s.pointerType==="mouse"&&r()}),e.onChange(()=>o.classList.toggle("lit",e.lit===t))}var Y="http://www.w3.org/1998/Math/MathML",de=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function k(o,...t){let e=document.createElementNS(Y,o);for(let n of t)e.append(pe(n));return e}function pe(o){if(o instanceof Node)return o;let t=document.createElementNS(Y,"mrow");for(let e of Array.isArray(o)?o:[o])if(e instanceof Node)t.append(e);else for(let[n]of e.matchAll(de))t.append(me(n));return t.childNodes.length===1?t.childNodes[0]:t}function me(o){let t=/\p{L}/u.test(o)?"mi":/\d/.test(o)?"mn":"mo",e=document.createElementNS(Y,t);return e.textContent=o,t==="mo"&&e.setAttribute("stretchy","false"),e}var wt=(o,t)=>k("mfrac",o,t),et=(o,t)=>k("msub",o,t),yt=(o,t)=>k("msup",o,t);var vt=o=>k("mover",o,"^");var xt=o=>k("munder","\u2211",o),Mt=(...o)=>k("mrow","\u2016",...o,"\u2016");function At(o,t){let e={};for(let[n,{sign:r,says:s}]of Object.entries(o))Object.defineProperty(e,n,{get(){let a=k("mrow",r());return a.setAttribute("class","symbol"),a.setAttribute("role","button"),a.setAttribute("aria-label",s),G(a,n,t),a}});return e}function St(o){let t=k("math",o);return t.setAttribute("display","block"),t}function Et(o){return g("p",{},...o.map(t=>fe(t)?k("math",t):t))}function fe(o){return o instanceof Element&&o.namespaceURI===Y}function kt(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function Ct(o,t){let e=!1,n=!0,r=0,s=0,a=0,c=l=>{r=requestAnimationFrame(c),s+=Math.min(.1,(l-a)/1e3),a=l,t(s)},i=()=>{let l=e&&n;l!==r>0&&(cancelAnimationFrame(r),a=performance.now(),r=l?requestAnimationFrame(c):0)},u=new IntersectionObserver(([l])=>{n=l.isIntersecting,i()});return u.observe(o),{get isOn(){return e},start(){[e,s]=[!0,0],i()},stop(){e=!1,i()},destroy(){u.disconnect(),e=!1,i()}}}var Tt=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function It(o,t){return dt(o,Tt+t)}function Lt(o,t,e={}){let n=bt(),r=At(t.symbols,n),[s,a,c]=["stage","buttons","controls"].map(m=>g("div",{class:m})),i=g("dl",{class:"figures"}),u=g("p",{class:"says","aria-live":"polite"}),l=g("div",{class:"buttons"}),d=g("div",{class:"scene"},g("div",{class:"body"},s,g("div",{class:"side"},a,c,i)),g("div",{class:"words"},g("div",{class:"formula"},St(t.formula(r)),u),g("div",{class:"prose"},...t.text(r).map(Et)),g("div",{class:"question"},g("p",{},t.question),l)));o.append(d);let f=()=>{let m=t.symbols[n.lit],h=e[n.lit]?.();u.textContent=m?`${m.says}${h?`: ${h}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:s,buttons:a,controls:c,doing:l,addFigure({element:m},h){G(m,h,n),i.append(m)},drawn(){d.dataset.drawn="",n.lit&&f()},lookUp:()=>s.scrollIntoView({block:"center",behavior:kt()?"auto":"smooth"}),strength:(...m)=>!n.lit||m.includes(n.lit)?1:.18}}function Nt(o,t){let e=!1,n={x:.5,y:.5},r=a=>{let c=o.getBoundingClientRect();return n={x:(a.clientX-c.left)/c.width,y:(a.clientY-c.top)/c.height},n},s=()=>{e&&t.release?.(),e=!1};o.addEventListener("pointerdown",a=>{if(a.button>0)return;o.setPointerCapture(a.pointerId),e=!0;let{x:c,y:i}=r(a);(t.press??t.point)?.(c,i)}),o.addEventListener("pointermove",a=>{let{x:c,y:i}=r(a);(e?t.drag??t.point:t.point)?.(c,i)});for(let a of["pointerup","pointercancel"])o.addEventListener(a,s);o.addEventListener("pointerleave",a=>{a.pointerType==="mouse"&&t.leave?.()}),o.addEventListener("blur",()=>{s(),t.leave?.()}),o.addEventListener("keydown",a=>{let c={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(a.key===" "||a.key==="Enter"){if(a.preventDefault(),e){s();return}e=!0,(t.press??t.point)?.(n.x,n.y)}else if(a.key in c){a.preventDefault();let i=a.shiftKey?4*.025:.025,[u,l]=c[a.key];n={x:Math.min(1,Math.max(0,n.x+u*i)),y:Math.min(1,Math.max(0,n.y+l*i))},(e?t.drag??t.point:t.point)?.(n.x,n.y)}})}function nt({label:o,x:t,y:e,aspect:n=1,hand:r},s){let a=g("canvas",{class:"plane",role:"img","aria-label":o});a.style.aspectRatio=String(n);let c=ge(a,t,e),i=mt(()=>{a.clientWidth&&(c.begin(),s(c))}),u=new ResizeObserver(i);if(u.observe(a),document.fonts.addEventListener("loadingdone",i),r){a.tabIndex=0,a.setAttribute("role","application"),l(!1);let d=f=>{let m=r[f];return m&&((b,y)=>m?.(t[0]+b*(t[1]-t[0]),e[1]-y*(e[1]-e[0])))};Nt(a,{...r,point:d("point"),press:d("press"),drag:d("drag")})}function l(d){a.setAttribute("data-hand",d?"drag":"point"),a.style.touchAction=d?"none":"pan-y"}return{element:a,redraw:i,takeFingers:l,units:d=>d*(t[1]-t[0])/Math.max(1,a.clientWidth),destroy(){u.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function ge(o,t,e){let n=pt(o),[r,s]=[0,0],a,c=l=>(l-t[0])/(t[1]-t[0])*r,i=l=>(e[1]-l)/(e[1]-e[0])*s,u=l=>a.getPropertyValue(l).trim();return{brush:n,px:c,py:i,colour:u,begin(){let l=window.devicePixelRatio||1;[r,s]=[o.clientWidth,o.clientHeight];let[d,f]=[Math.round(r*l),Math.round(s*l)];(o.width!==d||o.height!==f)&&([o.width,o.height]=[d,f]),n.setTransform(l,0,0,l,0,0),n.clearRect(0,0,r,s),a=getComputedStyle(o)},fade(l){n.globalAlpha=l},dots(l,d,f,m){n.fillStyle=u(m),n.beginPath();for(let h=0;h<l.length;h++)n.moveTo(c(l[h])+f,i(d[h])),n.arc(c(l[h]),i(d[h]),f,0,2*Math.PI);n.fill()},line(l,d,f,m,h=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[u(m),f,"round"],n.setLineDash(h),n.beginPath();for(let b=0;b<l.length;b++)n.lineTo(c(l[b]),i(d[b]));n.stroke(),n.setLineDash([])},ties(l,d,f,m,h,b){[n.strokeStyle,n.lineWidth]=[u(b),h],n.beginPath();for(let y=0;y<l.length;y++)n.moveTo(c(l[y]),i(d[y])),n.lineTo(c(f[y]),i(m[y]));n.stroke()},words(l,d,f,m){n.font=`12px ${u("--st-font")||"sans-serif"}`,n.textAlign=d<0?"right":"left",n.fillStyle=u(m),n.fillText(l,d<0?r+d:d,f)}}}var be=8,[we,ye,ve]=[2,3,32],xe="M4 3.5v9l6-4.5zM12 3.5v9",Me="M2.5 6.5h7.2a3 3 0 1 1 0 6H6M5.3 3.5l-3 3 3 3";function Ot(o,{step:t,restart:e,draw:n}){let r=Ct(o,l=>{let d=performance.now()+be,f=Math.min(ve,we+ye*l);for(let m=0;m<f&&performance.now()<d;m++)t();n()}),s=O("Train",()=>r.isOn?c():a(),{path:z.play,primary:!0}),a=()=>{r.start(),s.show("Pause",z.pause)},c=()=>{r.stop(),s.show("Train",z.play)},i=O("One step",()=>{c(),t(),n()},{path:xe}),u=O("Other weights",()=>{e(),n()},{path:Me});return{elements:[s.element,i.element,u.element],start:a,pause:c,destroy:r.destroy}}var[Pt,ot,Ae]=[.9,.999,1e-8],Z=class{constructor(t,e){this.parameters=t,this.gradient=e,this.mean=new Float32Array(t.length),this.square=new Float32Array(t.length),this.steps=0}step(t){let{parameters:e,gradient:n,mean:r,square:s}=this;this.steps+=1;let a=t/(1-Pt**this.steps),c=Math.sqrt(1-ot**this.steps);for(let i=0;i<e.length;i++){let u=n[i];r[i]+=(1-Pt)*(u-r[i]),s[i]=ot*s[i]+(1-ot)*u*u,e[i]-=a*r[i]/(Math.sqrt(s[i])/c+Ae)}}};var Rt={squared_error:{loss(o,t,e){let n=0;for(let r=0;r<o.length;r++)n+=(o[r]-t[r])**2;return n/e},backward(o,t,e,n){for(let r=0;r<t.length;r++)o[r]=2*(t[r]-e[r])/n}},bernoulli:{loss(o,t,e){let n=0;for(let r=0;r<o.length;r++){let s=o[r];n+=Math.max(s,0)-s*t[r]+Math.log1p(Math.exp(-Math.abs(s)))}return n/e},backward(o,t,e,n){for(let r=0;r<t.length;r++)o[r]=(1/(1+Math.exp(-t[r]))-e[r])/n}}};var Ft={relu:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=Math.max(t[e],0)},backward(o,t,e){for(let n=0;n<e.length;n++)o[n]=e[n]>0?t[n]:0}},leaky_relu:{forward(o,t,e){for(let n=0;n<t.length;n++)o[n]=t[n]>0?t[n]:e*t[n]},backward(o,t,e,n,r){for(let s=0;s<e.length;s++)o[s]=e[s]>0?t[s]:r*t[s]}},elu:{forward(o,t,e){for(let n=0;n<t.length;n++){let r=_(.5*t[n]);o[n]=t[n]>0?t[n]:e*2*r/(1-r)}},backward(o,t,e,n,r){for(let s=0;s<e.length;s++)o[s]=e[s]>0?t[s]:t[s]*(n[s]+r)}},silu:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=t[e]*(.5+.5*_(.5*t[e]))},backward(o,t,e,n){for(let r=0;r<e.length;r++){let s=.5+.5*_(.5*e[r]);o[r]=t[r]*(s+n[r]*(1-s))}}},tanh:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=_(t[e])},backward(o,t,e,n){for(let r=0;r<n.length;r++)o[r]=t[r]*(1-n[r]*n[r])}},sigmoid:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=.5+.5*_(.5*t[e])},backward(o,t,e,n){for(let r=0;r<n.length;r++)o[r]=t[r]*n[r]*(1-n[r])}}};function _(o){let t=Math.max(-9.02,Math.min(9.02,o)),e=t*t,n=7905853580625+e*(1159525191825+e*(41247931725+e*(523783260+e*(2552550+e*(4095+e))))),r=7905853580625+e*(3794809718700+e*(252070693875+e*(5237832600+e*(41351310+e*(120120+e*91)))));return t*n/r}function D(o,t,e){return{rows:t,values:o.allocate(t*e),gradient:o.allocate(t*e)}}function qt(o,t,e,n){return o.op==="linear"?Se(o,t,e,n):o.op==="activation"?Ee(o,t,n):ke(o,t,n)}function Se({rows:o},t,e,{kernel:n,batch:r,ones:s}){let a=t.rows,[c,i]=[Ut(e,0,o*a),Ut(e,o*a,o*(a+1))],u=n.allocate(a*o),l=D(n,o,r),d=Array.from({length:o},(f,m)=>({weightGradient:c.gradient.subarray(m*a,(m+1)*a),gradient:l.gradient.subarray(m*r,(m+1)*r)}));return{output:l,forward(){n.matmul(l.values,c.values,t.values,i.values,o,a,r,r)},backward(){for(let{weightGradient:f,gradient:m}of d)n.matmul(f,t.values,m,null,a,r,1,1);n.matmul(i.gradient,l.gradient,s,null,o,r,1,1);for(let f=0,m=0;f<o;f++)for(let h=0;h<a;h++)u[h*o+f]=c.values[m++];n.matmul(t.gradient,u,l.gradient,null,a,o,r,r)},start(f){let m=1/Math.sqrt(a);f.fillUniform(c.values,-m,m),f.fillUniform(i.values,-m,m)}}}function Ut({values:o,gradient:t},e,n){return{values:o.subarray(e,n),gradient:t.subarray(e,n)}}function Ee({kind:o,parameter:t=0},e,{kernel:n,batch:r}){let{forward:s,backward:a}=Ft[o],c=D(n,e.rows,r);return{output:c,forward:()=>s(c.values,e.values,t),backward:()=>a(e.gradient,c.gradient,e.values,c.values,t)}}function ke(o,t,{kernel:e,batch:n,random:r}){let s=D(e,t.rows/2,n),a=new Float32Array(s.values.length),c=a.length;return{output:s,forward(){o.isNoisy===!1?a.fill(0):r.fillNormal(a);let{values:i}=t;for(let u=0;u<c;u++)s.values[u]=i[u]+Math.exp(i[c+u]/2)*a[u]},backward(){let{values:i,gradient:u}=t,l=o.beta/n;for(let d=0;d<c;d++){let[f,m]=[i[d],i[c+d]];u[d]=s.gradient[d]+l*f,u[c+d]=s.gradient[d]*a[d]*Math.exp(m/2)/2+l*(Math.exp(m)-1)/2}},loss(){let{values:i}=t,u=0;for(let l=0;l<c;l++){let[d,f]=[i[l],i[c+l]];u+=d*d+Math.exp(f)-1-f}return o.beta*u/(2*n)}}}var R=class{constructor(t){this.state=new Uint32Array(624),this.next=624,this.state[0]=t;for(let e=1;e<624;e++){let n=this.state[e-1];this.state[e]=Math.imul(1812433253,n^n>>>30)+e}}bits(){this.next===624&&this.#t();let t=this.state[this.next++];return t^=t>>>11,t^=t<<7&2636928640,t^=t<<15&4022730752,(t^t>>>18)>>>0}#t(){let{state:t}=this;for(let e=0;e<624;e++){let n=t[e]&2147483648|t[(e+1)%624]&2147483647;t[e]=t[(e+397)%624]^n>>>1^(n&1?2567483615:0)}this.next=0}uniform(){return(this.bits()&16777215)/16777216}fillUniform(t,e,n){for(let r=0;r<t.length;r++)t[r]=this.uniform()*(n-e)+e}fillNormal(t){for(let e=0;e<t.length;e+=16){for(let n=0;n<16;n++)P[n]=this.uniform();for(let n=0;n<16/2;n++){let r=Math.sqrt(-2*Math.log(1-P[n])),s=2*Math.PI*P[n+16/2];P[n]=r*Math.cos(s),P[n+16/2]=r*Math.sin(s)}for(let n=0;n<Math.min(16,t.length-e);n++)t[e+n]=P[n]}}},P=new Float64Array(16);var K=class{constructor({inputs:t,layers:e,batch:n,reconstruction:r="squared_error",seed:s=0},a){this.batch=n,this.random=new R(s);let c=ft();_t(t,e,n,this.random,c);let{input:i,steps:u,starts:l,parameters:d}=_t(t,e,n,this.random,a(c.bytes));this.starts=l,this.steps=u,this.input=i.values,this.inputGradient=i.gradient,this.target=this.input,this.last=u[u.length-1].output,this.output=this.last.values,this.parameters=d,this.reconstruction=Rt[r],this.adam=new Z(d.values,d.gradient);for(let f of u)f.start?.(this.random)}take(t,e=0){let n=t.starts[e];this.parameters.values.set(t.parameters.values.subarray(n,n+this.parameters.values.length))}forward(){for(let t of this.steps)t.forward();return this.output}loss(){let t=this.reconstruction.loss(this.output,this.target,this.batch);for(let e of this.steps)t+=e.loss?.()??0;return t}backward(){this.reconstruction.backward(this.last.gradient,this.output,this.target,this.batch);for(let t=this.steps.length-1;t>=0;t--)this.steps[t].backward()}step(t){this.forward(),this.backward(),this.adam.step(t)}};function _t(o,t,e,n,r){let s=Ce(o,t),a=s.at(-1),c={values:r.allocate(a),gradient:r.allocate(a)},i=r.allocate(e).fill(1),u=D(r,o,e),l=[],d=u;return t.forEach((f,m)=>{let h={values:c.values.subarray(s[m],s[m+1]),gradient:c.gradient.subarray(s[m],s[m+1])},b=qt(f,d,h,{kernel:r,batch:e,ones:i,random:n});l.push(b),d=b.output}),{input:u,steps:l,starts:s,parameters:c}}function Ce(o,t){let e=[0],n=o;for(let r of t){let s=r.op==="linear"?r.rows*(n+1):0;e.push(e[e.length-1]+s),r.op==="linear"&&(n=r.rows),r.op==="sample"&&(n/=2)}return e}var x=256,Te=1,Dt=.035,Ie={ring:o=>[.85*Math.cos(2*Math.PI*o),.85*Math.sin(2*Math.PI*o)],spiral(o){let[t,e]=[.12+.8*o,3.5*Math.PI*o];return[t*Math.cos(e),t*Math.sin(e)]},moons(o){let t=2*Math.PI*o%Math.PI,[e,n]=[.6*Math.cos(t),.6*Math.sin(t)];return o<.5?[e-.3,n-.15]:[.3-e,.15-n]}};function Bt(o){return Wt(t=>Ie[o]((t+.5)/x))}function jt(o){let t=[0];for(let n=1;n<o.length;n++){let[[r,s],[a,c]]=[o[n-1],o[n]];t.push(t[n-1]+Math.hypot(a-r,c-s))}let e=1;return Wt(n=>{let r=t[t.length-1]*(n+.5)/x;for(;e<o.length-1&&t[e]<r;)e++;let[s,a]=[o[Math.max(0,e-1)],o[Math.min(e,o.length-1)]],c=t[e]-t[e-1]||1,i=o.length>1?(r-t[e-1])/c:0;return[s[0]+i*(a[0]-s[0]),s[1]+i*(a[1]-s[1])]})}function Wt(o){let t=new Float32Array(2*x);new R(Te).fillNormal(t);let e={x:new Float32Array(x),y:new Float32Array(x)};for(let n=0;n<x;n++){let[r,s]=o(n);e.x[n]=r+Dt*t[2*n],e.y[n]=s+Dt*t[2*n+1]}return e}var Kt=16,$t=99;function Ht(o){let t=n=>String(Math.round((Math.max(-1,Math.min(1,n))+1)/2*$t)).padStart(2,"0");return Array.from({length:Kt},(n,r)=>o[Math.round(r*(o.length-1)/(Kt-1))]).map(([n,r])=>t(n)+t(r)).join("")}function zt(o){if(!/^(\d{4})+$/.test(o))return[];let t=e=>Number(e)/$t*2-1;return(o.match(/\d{4}/g)??[]).map(e=>[t(e.slice(0,2)),t(e.slice(2))])}var Le=16,Ne=.01,C=240,F=6,B=C/F/2,Oe=.04;function Gt(o,t,e){let n=[];for(let r=0;r<o;r++)n.push({op:"linear",rows:Le}),t!=="linear"&&n.push({op:"activation",kind:t});return[...n,{op:"linear",rows:e}]}function Yt(o,{depth:t,codes:e,activation:n,seed:r}){let[s,a]=[Gt(t,n,e),Gt(t,n,2)],c=new K({inputs:2,layers:[...s,...a],batch:x,seed:r},Q),i=new K({inputs:e,layers:a,batch:C},Q);c.input.set(o.x),c.input.set(o.y,x);let u=c.steps[s.length-1].output.values;function l(f){let[m,h]=[1/0,-1/0];for(let y=f*x;y<(f+1)*x;y++)m=Math.min(m,u[y]),h=Math.max(h,u[y]);let b=Oe*(h-m)||.001;return[m-b,h+b]}function d(){let f=l(0),m=([b,y],I)=>b+I*(y-b);if(e===1){for(let b=0;b<C;b++)i.input[b]=m(f,b/(C-1));return}let h=l(1);for(let b=0;b<C;b++){let y=Math.floor(b/B),I=y%F/(F-1),U=b%B/(B-1);i.input[b]=m(f,y<F?I:U),i.input[C+b]=m(h,y<F?U:I)}}return{code:u,range:l,lines:e===1?[[0,C]]:Array.from({length:2*F},(f,m)=>[m*B,(m+1)*B]),rebuilt:{x:c.output.subarray(0,x),y:c.output.subarray(x)},curve:{x:i.output.subarray(0,C),y:i.output.subarray(C)},step:()=>c.step(Ne),look(){return c.forward(),i.take(c,s.length),d(),i.forward(),c.loss()}}}function rt({x:o,y:t}){let e=o.length,[n,r]=[0,0];for(let l=0;l<e;l++)n+=o[l]/e,r+=t[l]/e;let[s,a,c]=[0,0,0];for(let l=0;l<e;l++){let[d,f]=[o[l]-n,t[l]-r];s+=d*d/e,a+=d*f/e,c+=f*f/e}let i=Math.atan2(2*a,s-c)/2,u=(s+c-Math.hypot(s-c,2*a))/2;return{meanX:n,meanY:r,angle:i,error:u}}var Zt="";var Vt={symbols:{points:{sign:()=>et("x","i"),says:"a point of the data: two numbers"},rebuilt:{sign:()=>et(vt("x"),"i"),says:"what comes back for it: always a place on the green curve"},code:{sign:()=>"z",says:"the code: what the encoder keeps of a point"},curve:{sign:()=>"g",says:"the decoder: the curve that it draws as its code goes from end to end"},error:{sign:()=>"L",says:"the loss: the mean squared length of the thin lines"},pca:{sign:()=>"PCA",says:"the straight line that loses least, and what it loses"}},formula:o=>[o.error,"=",wt("1","n"),xt("i"),yt(Mt(o.points,"\u2212",o.rebuilt),"2"),",",o.rebuilt,"=",o.curve,"(",o.code,"),",o.code,"= f (",o.points,")"],text:o=>[["The encoder f makes one number ",o.code," of each point, and the decoder ",o.curve," makes a point of that ","number again. One number can only say how far along a curve one is, so all that comes back lies on one curve. ","Training bends it to where the points are."],["Without a bend between its layers an autoencoder can only draw a straight line. Choose Linear: the best one is ","that of ",o.pca,", and the angle between the two falls to 0. Bent ones do more with the same one number."]],question:"A ring has no end, and a line has two. Train on the ring: where does the curve tear it open? And if the code had two numbers, as each point has, would anything have to be learnt?"};var Re=[-1.5,1.5],Fe=[-1.1,1.1],Ue=14,Xt={ring:"Ring",spiral:"Spiral",moons:"Two moons",own:"Draw"},qe={tanh:"tanh",relu:"ReLU",silu:"SiLU",linear:"Linear"},_e=[[-.9,-.4],[-.3,.5],[.3,-.5],[.9,.4]];function De(o){let{settings:t,remember:e}=ht("undercomplete",{data:"ring",depth:"2",activation:"tanh",codes:"1",seed:"2",line:""}),n=zt(t.line);n.length||(n=_e);let r=null,s=-1,a=0,c=0,i=at(),u=it(),l=rt(i),d=Lt(o,Vt,{points:()=>s<0?"":Jt(i.x[s],i.y[s]),rebuilt:()=>s<0?"":Jt(u.rebuilt.x[s],u.rebuilt.y[s]),code:()=>s<0?"":le(s).map(N).join(", "),error:()=>N(c),pca:()=>N(l.error)}),f=nt({label:"Points, what comes back for them, the curve of the decoder and the line of PCA",x:Re,y:Fe,aspect:3/2.2,hand:{point:V,press:V,drag:ne,release:oe,leave:lt}},re),m=nt({label:"The codes of the points",x:[0,1],y:[0,1],aspect:11,hand:{point:ee,leave:lt}},se),h=Ot(d.stage,{step:te,restart:Qt,draw:E}),b=tt("Points",Xt,t.data,p=>L({data:p})),y=gt({label:"Hidden layers on each side",low:0,high:3,step:1,value:Number(t.depth)},p=>L({depth:String(p)})),I=tt("Between them",qe,t.activation,p=>L({activation:p})),U=O("",()=>{L({codes:t.codes==="1"?"2":"1"}),d.lookUp(),h.start()}),S={steps:q("Steps of training"),loss:q("Mean squared error"),pca:q("The same with PCA\u2019s line"),angle:q("Angle between the two lines")};d.stage.append(f.element,m.element),d.buttons.append(...h.elements),d.controls.append(b.element,y.element,I.element),d.addFigure(S.steps,"curve"),d.addFigure(S.loss,"error"),d.addFigure(S.pca,"pca"),d.addFigure(S.angle,"pca"),d.doing.append(U.element),d.links.onChange(E),f.takeFingers(t.data==="own"),E();function at(){let p=t.data;return p==="own"||!(p in Xt)?jt(n):Bt(p)}function it(){return a=0,Yt(i,{depth:Number(t.depth),codes:Number(t.codes),activation:t.activation,seed:Number(t.seed)})}function L(p){Object.assign(t,p),e(),s=-1,i=at(),l=rt(i),u=it(),f.takeFingers(t.data==="own"),E()}function Qt(){L({seed:String(Number(t.seed)+1)})}function te(){u.step(),a+=1}function V(p,w){let v=f.units(Ue),[A,M]=st(i,p,w),[,T]=st(u.rebuilt,p,w),[,W]=st(u.curve,p,w),$=Math.abs((p-l.meanX)*Math.sin(l.angle)-(w-l.meanY)*Math.cos(l.angle));s=A;let H={points:M,rebuilt:1.2*T,curve:1.1*W,pca:1.5*$},[ce,ue]=Object.entries(H).reduce((ct,ut)=>ut[1]<ct[1]?ut:ct);d.links.light(ue<v?ce:""),E()}function ee(p){let w=j(0);s=w.reduce((v,A,M)=>Math.abs(A-p)<Math.abs(w[v]-p)?M:v,0),d.links.light("code"),E()}function lt(){s=-1,d.links.light(""),E()}function ne(p,w){if(t.data!=="own"){V(p,w);return}r||h.pause(),r??=[];let v=A=>Math.max(-1,Math.min(1,A));r.push([v(p),v(w)]),E()}function oe(){r&&(n=r,r=null,L({line:Ht(n)}),h.start())}function E(){c=u.look(),f.redraw(),m.redraw()}function re(p){let{strength:w}=d;if(r){p.line(r.map(([M])=>M),r.map(([,M])=>M),3,"--data");return}let[v,A]=[3*Math.cos(l.angle),3*Math.sin(l.angle)];p.fade(w("pca")),p.line([l.meanX-v,l.meanX+v],[l.meanY-A,l.meanY+A],2,"--other",[7,5]),p.fade(w("error","points","rebuilt")),p.ties(i.x,i.y,u.rebuilt.x,u.rebuilt.y,1,"--tie"),p.fade(w("points","error")),p.dots(i.x,i.y,3,"--data"),p.fade(w("curve"));for(let[M,T]of u.lines)p.line(u.curve.x.subarray(M,T),u.curve.y.subarray(M,T),u.lines.length>1?1.5:3.5,"--rebuilt");if(p.fade(w("rebuilt","error","code")),p.dots(u.rebuilt.x,u.rebuilt.y,2.5,"--rebuilt"),p.fade(1),s>=0){let M=[s,s+1],[T,W]=[i.x.subarray(...M),i.y.subarray(...M)],[$,H]=[u.rebuilt.x.subarray(...M),u.rebuilt.y.subarray(...M)];p.ties(T,W,$,H,2.5,"--st-text-color"),p.dots(T,W,6,"--data"),p.dots($,H,6,"--rebuilt")}p.words("points",10,20,"--data"),p.words("what comes back",10,36,"--rebuilt"),p.words("PCA",10,52,"--other"),t.data==="own"&&p.words("Draw a line of your own",-10,20,"--st-text-color"),ae()}function se(p){let w=t.codes==="2";m.element.style.aspectRatio=w?"2":"11",p.fade(d.strength("code","points"));let v=j(0);if(w?p.dots(v,j(1),3,"--data"):p.ties(v,new Float32Array(x).fill(.08),v,new Float32Array(x).fill(.58),1.5,"--data"),p.fade(1),s>=0){let A=v.subarray(s,s+1);w?p.dots(A,j(1).subarray(s,s+1),6,"--rebuilt"):p.ties(A,[0],A,[.66],4,"--rebuilt")}p.words(w?"their codes: two numbers each":"their codes z",10,16,"--data")}function ae(){S.steps.show(a.toLocaleString("en-US")),S.loss.show(N(c)),S.pca.show(N(l.error));let p=t.codes==="1"&&(t.activation==="linear"||t.depth==="0");S.angle.element.hidden=!p,p&&S.angle.show(`${ie().toFixed(1)}\xB0`),U.show(t.codes==="1"?"Give the code two numbers":"Back to one number"),d.drawn()}function ie(){let{x:p,y:w}=u.curve,v=Math.atan2(w[w.length-1]-w[0],p[p.length-1]-p[0])-l.angle;return Math.acos(Math.min(1,Math.abs(Math.cos(v))))*180/Math.PI}function j(p){let[w,v]=u.range(p);return u.code.slice(p*x,(p+1)*x).map(A=>(A-w)/(v-w))}function le(p){return t.codes==="1"?[u.code[p]]:[u.code[p],u.code[x+p]]}return{update:E,destroy(){h.destroy(),f.destroy(),m.destroy()}}}function Jt(o,t){return`(${o.toFixed(2)}, ${t.toFixed(2)})`.replaceAll("-","\u2212")}function st(o,t,e){let[n,r]=[-1,1/0];for(let s=0;s<o.x.length;s++){let a=Math.hypot(o.x[s]-t,o.y[s]-e);a<r&&([n,r]=[s,a])}return[n,r]}var zn=It(De,Zt);export{zn as default};
