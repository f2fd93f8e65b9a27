import{a as ht,b as Q}from"../explorer.shared/shared-7OXU272Z.js";import{a as O}from"../explorer.shared/shared-TK5MQQWK.js";import{a as mt,b as ft}from"../explorer.shared/shared-ZVNYXL66.js";import{a as pt}from"../explorer.shared/shared-V6K5QLGS.js";import{b as g,c as X,d as z,e as J,h as dt}from"../explorer.shared/shared-XRFZHQUS.js";var gt="set",me=150;function bt(o,t){let[e,...n]=(new URLSearchParams(location.search).get(gt)??"").split(".");for(let s of e===o?n:[]){let[a,l]=s.split("~");a in t&&l!==void 0&&Object.assign(t,{[a]:l})}let r=ft(()=>{let s=new URL(location.href),a=Object.entries(t).map(([l,i])=>`${l}~${i}`);s.searchParams.set(gt,[o,...a].join(".")),history.replaceState(history.state,"",s)},me);return{settings:t,remember:r}}function wt({label:o,low:t,high:e,step:n,value:r,text:s=String},a){let l=J(),i=g("input",{type:"range",id:l,min:t,max:e,step:n,value:r}),u=g("output",{for:l,class:"number"}),c=()=>{let d=(i.valueAsNumber-t)/(e-t);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${d})`),i.setAttribute("aria-valuetext",s(i.valueAsNumber)),u.textContent=s(i.valueAsNumber)};return i.addEventListener("input",()=>{c(),a(i.valueAsNumber)}),c(),{element:g("div",{class:"control"},g("label",{for:l},o),u,i),set(d){i.value=String(d),c()}}}function tt(o,t,e,n){let r=J(),s=g("fieldset",{class:"control choice"},g("legend",{},o));for(let[a,l]of Object.entries(t)){let i=g("input",{type:"radio",name:r,value:a,checked:a===e,change:()=>n(a)});s.append(g("label",{},i,g("span",{},l)))}return{element:s}}function P(o,t,{path:e,primary:n}={}){let r=g("span",{},o),s=g("span",{class:"icon-place"},e?X(e):null);return{element:g("button",{type:"button",class:n?"primary":null,click:t},s,r),show(l,i){r.textContent=l,s.replaceChildren(...i?[X(i)]:[])}}}function q(o){let t=g("dd",{class:"number"}),e=g("dt",{},o);return{element:g("div",{class:"figure"},e,t),show(n){t.textContent!==n&&(t.textContent=n)}}}function yt(){let o=new Set,t="";return{get lit(){return t},light(e){if(e!==t){t=e;for(let n of o)n()}},onChange(e){o.add(e)}}}function G(o,t,e){o.setAttribute("data-part",t),o.setAttribute("tabindex","0");let n=()=>e.light(t),r=()=>e.light("");for(let s of["pointerenter","focus","click"])o.addEventListener(s,n);o.addEventListener("blur",r),o.addEventListener("pointerleave",s=>{s.pointerType==="mouse"&&r()}),e.onChange(()=>o.classList.toggle("lit",e.lit===t))}var Y="http://www.w3.org/1998/Math/MathML",fe=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function k(o,...t){let e=document.createElementNS(Y,o);for(let n of t)e.append(he(n));return e}function he(o){if(o instanceof Node)return o;let t=document.createElementNS(Y,"mrow");for(let e of Array.isArray(o)?o:[o])if(e instanceof Node)t.append(e);else for(let[n]of e.matchAll(fe))t.append(ge(n));return t.childNodes.length===1?t.childNodes[0]:t}function ge(o){let t=/\p{L}/u.test(o)?"mi":/\d/.test(o)?"mn":"mo",e=document.createElementNS(Y,t);return e.textContent=o,t==="mo"&&e.setAttribute("stretchy","false"),e}var vt=(o,t)=>k("mfrac",o,t),et=(o,t)=>k("msub",o,t),xt=(o,t)=>k("msup",o,t);var Mt=o=>k("mover",o,"^");var At=o=>k("munder","\u2211",o),St=(...o)=>k("mrow","\u2016",...o,"\u2016");function Et(o,t){let e={};for(let[n,{sign:r,says:s}]of Object.entries(o))Object.defineProperty(e,n,{get(){let a=k("mrow",r());return a.setAttribute("class","symbol"),a.setAttribute("role","button"),a.setAttribute("aria-label",s),G(a,n,t),a}});return e}function kt(o){let t=k("math",o);return t.setAttribute("display","block"),t}function Ct(o){return g("p",{},...o.map(t=>be(t)?k("math",t):t))}function be(o){return o instanceof Element&&o.namespaceURI===Y}function Tt(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function It(o,t){let e=!1,n=!0,r=0,s=0,a=0,l=c=>{r=requestAnimationFrame(l),s+=Math.min(.1,(c-a)/1e3),a=c,t(s)},i=()=>{let c=e&&n;c!==r>0&&(cancelAnimationFrame(r),a=performance.now(),r=c?requestAnimationFrame(l):0)},u=new IntersectionObserver(([c])=>{n=c.isIntersecting,i()});return u.observe(o),{get isOn(){return e},start(){[e,s]=[!0,0],i()},stop(){e=!1,i()},destroy(){u.disconnect(),e=!1,i()}}}var Lt=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function Ot(o,t){return dt(o,Lt+t)}function Pt(o,t,e={}){let n=yt(),r=Et(t.symbols,n),[s,a,l]=["stage","buttons","controls"].map(m=>g("div",{class:m})),i=g("dl",{class:"figures"}),u=g("p",{class:"says","aria-live":"polite"}),c=g("div",{class:"buttons"}),d=g("div",{class:"scene"},g("div",{class:"body"},s,g("div",{class:"side"},a,l,i)),g("div",{class:"words"},g("div",{class:"formula"},kt(t.formula(r)),u),g("div",{class:"prose"},...t.text(r).map(Ct)),g("div",{class:"question"},g("p",{},t.question),c)));o.append(d);let f=()=>{let m=t.symbols[n.lit],h=e[n.lit]?.();u.textContent=m?`${m.says}${h?`: ${h}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:s,buttons:a,controls:l,doing:c,addFigure({element:m},h){G(m,h,n),i.append(m)},drawn(){d.dataset.drawn="",n.lit&&f()},lookUp:()=>s.scrollIntoView({block:"center",behavior:Tt()?"auto":"smooth"}),strength:(...m)=>!n.lit||m.includes(n.lit)?1:.18}}function Nt(o,t){let e=!1,n={x:.5,y:.5},r=a=>{let l=o.getBoundingClientRect();return n={x:(a.clientX-l.left)/l.width,y:(a.clientY-l.top)/l.height},n},s=()=>{e&&t.release?.(),e=!1};o.addEventListener("pointerdown",a=>{if(a.button>0)return;o.setPointerCapture(a.pointerId),e=!0;let{x:l,y:i}=r(a);(t.press??t.point)?.(l,i)}),o.addEventListener("pointermove",a=>{let{x:l,y:i}=r(a);(e?t.drag??t.point:t.point)?.(l,i)});for(let a of["pointerup","pointercancel"])o.addEventListener(a,s);o.addEventListener("pointerleave",a=>{a.pointerType==="mouse"&&t.leave?.()}),o.addEventListener("blur",()=>{s(),t.leave?.()}),o.addEventListener("keydown",a=>{let l={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(a.key===" "||a.key==="Enter"){if(a.preventDefault(),e){s();return}e=!0,(t.press??t.point)?.(n.x,n.y)}else if(a.key in l){a.preventDefault();let i=a.shiftKey?4*.025:.025,[u,c]=l[a.key];n={x:Math.min(1,Math.max(0,n.x+u*i)),y:Math.min(1,Math.max(0,n.y+c*i))},(e?t.drag??t.point:t.point)?.(n.x,n.y)}})}function nt({label:o,x:t,y:e,aspect:n=1,hand:r},s){let a=g("canvas",{class:"plane",role:"img","aria-label":o});a.style.aspectRatio=String(n);let l=ye(a,t,e),i=mt(()=>{a.clientWidth&&(l.begin(),s(l))}),u=new ResizeObserver(i);if(u.observe(a),document.fonts.addEventListener("loadingdone",i),r){a.tabIndex=0,a.setAttribute("role","application"),c(!1);let d=f=>{let m=r[f];return m&&((b,y)=>m?.(t[0]+b*(t[1]-t[0]),e[1]-y*(e[1]-e[0])))};Nt(a,{...r,point:d("point"),press:d("press"),drag:d("drag")})}function c(d){a.setAttribute("data-hand",d?"drag":"point"),a.style.touchAction=d?"none":"pan-y"}return{element:a,redraw:i,takeFingers:c,units:d=>d*(t[1]-t[0])/Math.max(1,a.clientWidth),destroy(){u.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function ye(o,t,e){let n=pt(o),[r,s]=[0,0],a,l=c=>(c-t[0])/(t[1]-t[0])*r,i=c=>(e[1]-c)/(e[1]-e[0])*s,u=c=>a.getPropertyValue(c).trim();return{brush:n,px:l,py:i,colour:u,begin(){let c=window.devicePixelRatio||1;[r,s]=[o.clientWidth,o.clientHeight];let[d,f]=[Math.round(r*c),Math.round(s*c)];(o.width!==d||o.height!==f)&&([o.width,o.height]=[d,f]),n.setTransform(c,0,0,c,0,0),n.clearRect(0,0,r,s),a=getComputedStyle(o)},fade(c){n.globalAlpha=c},dots(c,d,f,m){n.fillStyle=u(m),n.beginPath();for(let h=0;h<c.length;h++)n.moveTo(l(c[h])+f,i(d[h])),n.arc(l(c[h]),i(d[h]),f,0,2*Math.PI);n.fill()},line(c,d,f,m,h=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[u(m),f,"round"],n.setLineDash(h),n.beginPath();for(let b=0;b<c.length;b++)n.lineTo(l(c[b]),i(d[b]));n.stroke(),n.setLineDash([])},ties(c,d,f,m,h,b){[n.strokeStyle,n.lineWidth]=[u(b),h],n.beginPath();for(let y=0;y<c.length;y++)n.moveTo(l(c[y]),i(d[y])),n.lineTo(l(f[y]),i(m[y]));n.stroke()},words(c,d,f,m){n.font=`12px ${u("--st-font")||"sans-serif"}`,n.textAlign=d<0?"right":"left",n.fillStyle=u(m),n.fillText(c,d<0?r+d:d,f)}}}var ve=8,[xe,Me,Ae]=[2,3,32],Se="M4 3.5v9l6-4.5zM12 3.5v9",Ee="M2.5 6.5h7.2a3 3 0 1 1 0 6H6M5.3 3.5l-3 3 3 3";function Rt(o,{step:t,restart:e,draw:n}){let r=It(o,c=>{let d=performance.now()+ve,f=Math.min(Ae,xe+Me*c);for(let m=0;m<f&&performance.now()<d;m++)t();n()}),s=P("Train",()=>r.isOn?l():a(),{path:z.play,primary:!0}),a=()=>{r.start(),s.show("Pause",z.pause)},l=()=>{r.stop(),s.show("Train",z.play)},i=P("One step",()=>{l(),t(),n()},{path:Se}),u=P("Other weights",()=>{e(),n()},{path:Ee});return{elements:[s.element,i.element,u.element],start:a,pause:l,destroy:r.destroy}}var[Ft,ot,ke]=[.9,.999,1e-8],Z=class{constructor(t,e){this.parameters=t,this.gradient=e,this.mean=new Float32Array(t.length),this.square=new Float32Array(t.length),this.steps=0}step(t){let{parameters:e,gradient:n,mean:r,square:s}=this;this.steps+=1;let a=t/(1-Ft**this.steps),l=Math.sqrt(1-ot**this.steps);for(let i=0;i<e.length;i++){let u=n[i];r[i]+=(1-Ft)*(u-r[i]),s[i]=ot*s[i]+(1-ot)*u*u,e[i]-=a*r[i]/(Math.sqrt(s[i])/l+ke)}}};var Ut={squared_error:{loss(o,t,e){let n=0;for(let r=0;r<o.length;r++)n+=(o[r]-t[r])**2;return n/e},backward(o,t,e,n){for(let r=0;r<t.length;r++)o[r]=2*(t[r]-e[r])/n}},bernoulli:{loss(o,t,e){let n=0;for(let r=0;r<o.length;r++){let s=o[r];n+=Math.max(s,0)-s*t[r]+Math.log1p(Math.exp(-Math.abs(s)))}return n/e},backward(o,t,e,n){for(let r=0;r<t.length;r++)o[r]=(1/(1+Math.exp(-t[r]))-e[r])/n}}};var qt={relu:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=Math.max(t[e],0)},backward(o,t,e){for(let n=0;n<e.length;n++)o[n]=e[n]>0?t[n]:0}},leaky_relu:{forward(o,t,e){for(let n=0;n<t.length;n++)o[n]=t[n]>0?t[n]:e*t[n]},backward(o,t,e,n,r){for(let s=0;s<e.length;s++)o[s]=e[s]>0?t[s]:r*t[s]}},elu:{forward(o,t,e){for(let n=0;n<t.length;n++){let r=_(.5*t[n]);o[n]=t[n]>0?t[n]:e*2*r/(1-r)}},backward(o,t,e,n,r){for(let s=0;s<e.length;s++)o[s]=e[s]>0?t[s]:t[s]*(n[s]+r)}},silu:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=t[e]*(.5+.5*_(.5*t[e]))},backward(o,t,e,n){for(let r=0;r<e.length;r++){let s=.5+.5*_(.5*e[r]);o[r]=t[r]*(s+n[r]*(1-s))}}},tanh:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=_(t[e])},backward(o,t,e,n){for(let r=0;r<n.length;r++)o[r]=t[r]*(1-n[r]*n[r])}},sigmoid:{forward(o,t){for(let e=0;e<t.length;e++)o[e]=.5+.5*_(.5*t[e])},backward(o,t,e,n){for(let r=0;r<n.length;r++)o[r]=t[r]*n[r]*(1-n[r])}}};function _(o){let t=Math.max(-9.02,Math.min(9.02,o)),e=t*t,n=7905853580625+e*(1159525191825+e*(41247931725+e*(523783260+e*(2552550+e*(4095+e))))),r=7905853580625+e*(3794809718700+e*(252070693875+e*(5237832600+e*(41351310+e*(120120+e*91)))));return t*n/r}function D(o,t,e){return{rows:t,values:o.allocate(t*e),gradient:o.allocate(t*e)}}function Dt(o,t,e,n){return o.op==="linear"?Ce(o,t,e,n):o.op==="activation"?Te(o,t,n):Ie(o,t,n)}function Ce({rows:o},t,e,{kernel:n,batch:r,ones:s}){let a=t.rows,[l,i]=[_t(e,0,o*a),_t(e,o*a,o*(a+1))],u=n.allocate(a*o),c=D(n,o,r),d=Array.from({length:o},(f,m)=>({weightGradient:l.gradient.subarray(m*a,(m+1)*a),gradient:c.gradient.subarray(m*r,(m+1)*r)}));return{output:c,forward(){n.matmul(c.values,l.values,t.values,i.values,o,a,r,r)},backward(){for(let{weightGradient:f,gradient:m}of d)n.matmul(f,t.values,m,null,a,r,1,1);n.matmul(i.gradient,c.gradient,s,null,o,r,1,1);for(let f=0,m=0;f<o;f++)for(let h=0;h<a;h++)u[h*o+f]=l.values[m++];n.matmul(t.gradient,u,c.gradient,null,a,o,r,r)},start(f){let m=1/Math.sqrt(a);f.fillUniform(l.values,-m,m),f.fillUniform(i.values,-m,m)}}}function _t({values:o,gradient:t},e,n){return{values:o.subarray(e,n),gradient:t.subarray(e,n)}}function Te({kind:o,parameter:t=0},e,{kernel:n,batch:r}){let{forward:s,backward:a}=qt[o],l=D(n,e.rows,r);return{output:l,forward:()=>s(l.values,e.values,t),backward:()=>a(e.gradient,l.gradient,e.values,l.values,t)}}function Ie(o,t,{kernel:e,batch:n,random:r}){let s=D(e,t.rows/2,n),a=new Float32Array(s.values.length),l=a.length;return{output:s,forward(){o.isNoisy===!1?a.fill(0):r.fillNormal(a);let{values:i}=t;for(let u=0;u<l;u++)s.values[u]=i[u]+Math.exp(i[l+u]/2)*a[u]},backward(){let{values:i,gradient:u}=t,c=o.beta/n;for(let d=0;d<l;d++){let[f,m]=[i[d],i[l+d]];u[d]=s.gradient[d]+c*f,u[l+d]=s.gradient[d]*a[d]*Math.exp(m/2)/2+c*(Math.exp(m)-1)/2}},loss(){let{values:i}=t,u=0;for(let c=0;c<l;c++){let[d,f]=[i[c],i[l+c]];u+=d*d+Math.exp(f)-1-f}return o.beta*u/(2*n)}}}var R=class{constructor(t){this.state=new Uint32Array(624),this.next=624,this.state[0]=t;for(let e=1;e<624;e++){let n=this.state[e-1];this.state[e]=Math.imul(1812433253,n^n>>>30)+e}}bits(){this.next===624&&this.#t();let t=this.state[this.next++];return t^=t>>>11,t^=t<<7&2636928640,t^=t<<15&4022730752,(t^t>>>18)>>>0}#t(){let{state:t}=this;for(let e=0;e<624;e++){let n=t[e]&2147483648|t[(e+1)%624]&2147483647;t[e]=t[(e+397)%624]^n>>>1^(n&1?2567483615:0)}this.next=0}uniform(){return(this.bits()&16777215)/16777216}fillUniform(t,e,n){for(let r=0;r<t.length;r++)t[r]=this.uniform()*(n-e)+e}fillNormal(t){for(let e=0;e<t.length;e+=16){for(let n=0;n<16;n++)N[n]=this.uniform();for(let n=0;n<16/2;n++){let r=Math.sqrt(-2*Math.log(1-N[n])),s=2*Math.PI*N[n+16/2];N[n]=r*Math.cos(s),N[n+16/2]=r*Math.sin(s)}for(let n=0;n<Math.min(16,t.length-e);n++)t[e+n]=N[n]}}},N=new Float64Array(16);var K=class{constructor({inputs:t,layers:e,batch:n,reconstruction:r="squared_error",seed:s=0},a){this.batch=n,this.random=new R(s);let l=ht();Kt(t,e,n,this.random,l);let{input:i,steps:u,starts:c,parameters:d}=Kt(t,e,n,this.random,a(l.bytes));this.starts=c,this.steps=u,this.input=i.values,this.inputGradient=i.gradient,this.target=this.input,this.last=u[u.length-1].output,this.output=this.last.values,this.parameters=d,this.reconstruction=Ut[r],this.adam=new Z(d.values,d.gradient);for(let f of u)f.start?.(this.random)}take(t,e=0){let n=t.starts[e];this.parameters.values.set(t.parameters.values.subarray(n,n+this.parameters.values.length))}forward(){for(let t of this.steps)t.forward();return this.output}loss(){let t=this.reconstruction.loss(this.output,this.target,this.batch);for(let e of this.steps)t+=e.loss?.()??0;return t}backward(){this.reconstruction.backward(this.last.gradient,this.output,this.target,this.batch);for(let t=this.steps.length-1;t>=0;t--)this.steps[t].backward()}step(t){this.forward(),this.backward(),this.adam.step(t)}};function Kt(o,t,e,n,r){let s=Le(o,t),a=s.at(-1),l={values:r.allocate(a),gradient:r.allocate(a)},i=r.allocate(e).fill(1),u=D(r,o,e),c=[],d=u;return t.forEach((f,m)=>{let h={values:l.values.subarray(s[m],s[m+1]),gradient:l.gradient.subarray(s[m],s[m+1])},b=Dt(f,d,h,{kernel:r,batch:e,ones:i,random:n});c.push(b),d=b.output}),{input:u,steps:c,starts:s,parameters:l}}function Le(o,t){let e=[0],n=o;for(let r of t){let s=r.op==="linear"?r.rows*(n+1):0;e.push(e[e.length-1]+s),r.op==="linear"&&(n=r.rows),r.op==="sample"&&(n/=2)}return e}var x=256,Oe=1,Bt=.035,Pe={ring:o=>[.85*Math.cos(2*Math.PI*o),.85*Math.sin(2*Math.PI*o)],spiral(o){let[t,e]=[.12+.8*o,3.5*Math.PI*o];return[t*Math.cos(e),t*Math.sin(e)]},moons(o){let t=2*Math.PI*o%Math.PI,[e,n]=[.6*Math.cos(t),.6*Math.sin(t)];return o<.5?[e-.3,n-.15]:[.3-e,.15-n]}};function Wt(o){return Ht(t=>Pe[o]((t+.5)/x))}function $t(o){let t=[0];for(let n=1;n<o.length;n++){let[[r,s],[a,l]]=[o[n-1],o[n]];t.push(t[n-1]+Math.hypot(a-r,l-s))}let e=1;return Ht(n=>{let r=t[t.length-1]*(n+.5)/x;for(;e<o.length-1&&t[e]<r;)e++;let[s,a]=[o[Math.max(0,e-1)],o[Math.min(e,o.length-1)]],l=t[e]-t[e-1]||1,i=o.length>1?(r-t[e-1])/l:0;return[s[0]+i*(a[0]-s[0]),s[1]+i*(a[1]-s[1])]})}function Ht(o){let t=new Float32Array(2*x);new R(Oe).fillNormal(t);let e={x:new Float32Array(x),y:new Float32Array(x)};for(let n=0;n<x;n++){let[r,s]=o(n);e.x[n]=r+Bt*t[2*n],e.y[n]=s+Bt*t[2*n+1]}return e}var jt=16,zt=99;function Gt(o){let t=n=>String(Math.round((Math.max(-1,Math.min(1,n))+1)/2*zt)).padStart(2,"0");return Array.from({length:jt},(n,r)=>o[Math.round(r*(o.length-1)/(jt-1))]).map(([n,r])=>t(n)+t(r)).join("")}function Yt(o){if(!/^(\d{4})+$/.test(o))return[];let t=e=>Number(e)/zt*2-1;return(o.match(/\d{4}/g)??[]).map(e=>[t(e.slice(0,2)),t(e.slice(2))])}var Ne=16,Re=.01,C=240,F=6,B=C/F/2,Fe=.04;function Zt(o,t,e){let n=[];for(let r=0;r<o;r++)n.push({op:"linear",rows:Ne}),t!=="linear"&&n.push({op:"activation",kind:t});return[...n,{op:"linear",rows:e}]}function Vt(o,{depth:t,codes:e,activation:n,seed:r}){let[s,a]=[Zt(t,n,e),Zt(t,n,2)],l=new K({inputs:2,layers:[...s,...a],batch:x,seed:r},Q),i=new K({inputs:e,layers:a,batch:C},Q);l.input.set(o.x),l.input.set(o.y,x);let u=l.steps[s.length-1].output.values;function c(f){let[m,h]=[1/0,-1/0];for(let y=f*x;y<(f+1)*x;y++)m=Math.min(m,u[y]),h=Math.max(h,u[y]);let b=Fe*(h-m)||.001;return[m-b,h+b]}function d(){let f=c(0),m=([b,y],I)=>b+I*(y-b);if(e===1){for(let b=0;b<C;b++)i.input[b]=m(f,b/(C-1));return}let h=c(1);for(let b=0;b<C;b++){let y=Math.floor(b/B),I=y%F/(F-1),U=b%B/(B-1);i.input[b]=m(f,y<F?I:U),i.input[C+b]=m(h,y<F?U:I)}}return{code:u,range:c,lines:e===1?[[0,C]]:Array.from({length:2*F},(f,m)=>[m*B,(m+1)*B]),rebuilt:{x:l.output.subarray(0,x),y:l.output.subarray(x)},curve:{x:i.output.subarray(0,C),y:i.output.subarray(C)},step:()=>l.step(Re),look(){return l.forward(),i.take(l,s.length),d(),i.forward(),l.loss()}}}function rt({x:o,y:t}){let e=o.length,[n,r]=[0,0];for(let c=0;c<e;c++)n+=o[c]/e,r+=t[c]/e;let[s,a,l]=[0,0,0];for(let c=0;c<e;c++){let[d,f]=[o[c]-n,t[c]-r];s+=d*d/e,a+=d*f/e,l+=f*f/e}let i=Math.atan2(2*a,s-l)/2,u=(s+l-Math.hypot(s-l,2*a))/2;return{meanX:n,meanY:r,angle:i,error:u}}var Xt="";var Jt={symbols:{points:{sign:()=>et("x","i"),says:"a point of the data: two numbers"},rebuilt:{sign:()=>et(Mt("x"),"i"),says:"what comes back for it: always a place on the green curve"},code:{sign:()=>"z",says:"the code: what the encoder keeps of a point"},curve:{sign:()=>"g",says:"the decoder: the curve that it draws as its code goes from end to end"},error:{sign:()=>"L",says:"the loss: the mean squared length of the thin lines"},pca:{sign:()=>"PCA",says:"the straight line that loses least, and what it loses"}},formula:o=>[o.error,"=",vt("1","n"),At("i"),xt(St(o.points,"\u2212",o.rebuilt),"2"),",",o.rebuilt,"=",o.curve,"(",o.code,"),",o.code,"= f (",o.points,")"],text:o=>[["The encoder f makes one number ",o.code," of each point, and the decoder ",o.curve," makes a point of that ","number again. One number can only say how far along a curve one is, so all that comes back lies on one curve. ","Training bends it to where the points are."],["Without a bend between its layers an autoencoder can only draw a straight line. Choose Linear: the best one is ","that of ",o.pca,", and the angle between the two falls to 0. Bent ones do more with the same one number."]],question:"A ring has no end, and a line has two. Train on the ring: where does the curve tear it open? And if the code had two numbers, as each point has, would anything have to be learnt?"};var qe=[-1.5,1.5],_e=[-1.1,1.1],De=14,Qt={ring:"Ring",spiral:"Spiral",moons:"Two moons",own:"Draw"},Ke={tanh:"tanh",relu:"ReLU",silu:"SiLU",linear:"Linear"},Be=[[-.9,-.4],[-.3,.5],[.3,-.5],[.9,.4]];function je(o){let{settings:t,remember:e}=bt("undercomplete",{data:"ring",depth:"2",activation:"tanh",codes:"1",seed:"2",line:""}),n=Yt(t.line);n.length||(n=Be);let r=null,s=-1,a=0,l=0,i=at(),u=it(),c=rt(i),d=Pt(o,Jt,{points:()=>s<0?"":te(i.x[s],i.y[s]),rebuilt:()=>s<0?"":te(u.rebuilt.x[s],u.rebuilt.y[s]),code:()=>s<0?"":ue(s).map(O).join(", "),error:()=>O(l),pca:()=>O(c.error)}),f=nt({label:"Points, what comes back for them, the curve of the decoder and the line of PCA",x:qe,y:_e,aspect:3/2.2,hand:{point:V,press:V,drag:re,release:se,leave:lt}},ae),m=nt({label:"The codes of the points",x:[0,1],y:[0,1],aspect:11,hand:{point:oe,leave:lt}},ie),h=Rt(d.stage,{step:ne,restart:ee,draw:E}),b=tt("Points",Qt,t.data,p=>L({data:p})),y=wt({label:"Hidden layers on each side",low:0,high:3,step:1,value:Number(t.depth)},p=>L({depth:String(p)})),I=tt("Between them",Ke,t.activation,p=>L({activation:p})),U=P("",()=>{L({codes:t.codes==="1"?"2":"1"}),d.lookUp(),h.start()}),S={steps:q("Steps of training"),loss:q("Mean squared error"),pca:q("The same with PCA\u2019s line"),angle:q("Angle between the two lines")};d.stage.append(f.element,m.element),d.buttons.append(...h.elements),d.controls.append(b.element,y.element,I.element),d.addFigure(S.steps,"curve"),d.addFigure(S.loss,"error"),d.addFigure(S.pca,"pca"),d.addFigure(S.angle,"pca"),d.doing.append(U.element),d.links.onChange(E),f.takeFingers(t.data==="own"),E();function at(){let p=t.data;return p==="own"||!(p in Qt)?$t(n):Wt(p)}function it(){return a=0,Vt(i,{depth:Number(t.depth),codes:Number(t.codes),activation:t.activation,seed:Number(t.seed)})}function L(p){Object.assign(t,p),e(),s=-1,i=at(),c=rt(i),u=it(),f.takeFingers(t.data==="own"),E()}function ee(){L({seed:String(Number(t.seed)+1)})}function ne(){u.step(),a+=1}function V(p,w){let v=f.units(De),[A,M]=st(i,p,w),[,T]=st(u.rebuilt,p,w),[,W]=st(u.curve,p,w),$=Math.abs((p-c.meanX)*Math.sin(c.angle)-(w-c.meanY)*Math.cos(c.angle));s=A;let H={points:M,rebuilt:1.2*T,curve:1.1*W,pca:1.5*$},[de,pe]=Object.entries(H).reduce((ct,ut)=>ut[1]<ct[1]?ut:ct);d.links.light(pe<v?de:""),E()}function oe(p){let w=j(0);s=w.reduce((v,A,M)=>Math.abs(A-p)<Math.abs(w[v]-p)?M:v,0),d.links.light("code"),E()}function lt(){s=-1,d.links.light(""),E()}function re(p,w){if(t.data!=="own"){V(p,w);return}r||h.pause(),r??=[];let v=A=>Math.max(-1,Math.min(1,A));r.push([v(p),v(w)]),E()}function se(){r&&(n=r,r=null,L({line:Gt(n)}),h.start())}function E(){l=u.look(),f.redraw(),m.redraw()}function ae(p){let{strength:w}=d;if(r){p.line(r.map(([M])=>M),r.map(([,M])=>M),3,"--data");return}let[v,A]=[3*Math.cos(c.angle),3*Math.sin(c.angle)];p.fade(w("pca")),p.line([c.meanX-v,c.meanX+v],[c.meanY-A,c.meanY+A],2,"--other",[7,5]),p.fade(w("error","points","rebuilt")),p.ties(i.x,i.y,u.rebuilt.x,u.rebuilt.y,1,"--tie"),p.fade(w("points","error")),p.dots(i.x,i.y,3,"--data"),p.fade(w("curve"));for(let[M,T]of u.lines)p.line(u.curve.x.subarray(M,T),u.curve.y.subarray(M,T),u.lines.length>1?1.5:3.5,"--rebuilt");if(p.fade(w("rebuilt","error","code")),p.dots(u.rebuilt.x,u.rebuilt.y,2.5,"--rebuilt"),p.fade(1),s>=0){let M=[s,s+1],[T,W]=[i.x.subarray(...M),i.y.subarray(...M)],[$,H]=[u.rebuilt.x.subarray(...M),u.rebuilt.y.subarray(...M)];p.ties(T,W,$,H,2.5,"--st-text-color"),p.dots(T,W,6,"--data"),p.dots($,H,6,"--rebuilt")}p.words("points",10,20,"--data"),p.words("what comes back",10,36,"--rebuilt"),p.words("PCA",10,52,"--other"),t.data==="own"&&p.words("Draw a line of your own",-10,20,"--st-text-color"),le()}function ie(p){let w=t.codes==="2";m.element.style.aspectRatio=w?"2":"11",p.fade(d.strength("code","points"));let v=j(0);if(w?p.dots(v,j(1),3,"--data"):p.ties(v,new Float32Array(x).fill(.08),v,new Float32Array(x).fill(.58),1.5,"--data"),p.fade(1),s>=0){let A=v.subarray(s,s+1);w?p.dots(A,j(1).subarray(s,s+1),6,"--rebuilt"):p.ties(A,[0],A,[.66],4,"--rebuilt")}p.words(w?"their codes: two numbers each":"their codes z",10,16,"--data")}function le(){S.steps.show(a.toLocaleString("en-US")),S.loss.show(O(l)),S.pca.show(O(c.error));let p=t.codes==="1"&&(t.activation==="linear"||t.depth==="0");S.angle.element.hidden=!p,p&&S.angle.show(`${ce().toFixed(1)}\xB0`),U.show(t.codes==="1"?"Give the code two numbers":"Back to one number"),d.drawn()}function ce(){let{x:p,y:w}=u.curve,v=Math.atan2(w[w.length-1]-w[0],p[p.length-1]-p[0])-c.angle;return Math.acos(Math.min(1,Math.abs(Math.cos(v))))*180/Math.PI}function j(p){let[w,v]=u.range(p);return u.code.slice(p*x,(p+1)*x).map(A=>(A-w)/(v-w))}function ue(p){return t.codes==="1"?[u.code[p]]:[u.code[p],u.code[x+p]]}return{update:E,destroy(){e.cancel(),h.destroy(),f.destroy(),m.destroy()}}}function te(o,t){return`(${o.toFixed(2)}, ${t.toFixed(2)})`.replaceAll("-","\u2212")}function st(o,t,e){let[n,r]=[-1,1/0];for(let s=0;s<o.x.length;s++){let a=Math.hypot(o.x[s]-t,o.y[s]-e);a<r&&([n,r]=[s,a])}return[n,r]}var Vn=Ot(je,Xt);export{Vn as default};
