import{a as U}from"../explorer.shared/shared-4HXC72YA.js";import{a as F}from"../explorer.shared/shared-ZVNYXL66.js";import{a as R}from"../explorer.shared/shared-V6K5QLGS.js";import{b as f,c as k,d as A,e as C,h as P}from"../explorer.shared/shared-IW56BFUN.js";function yt(r,t){let[e,...n]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let o of e===r?n:[]){let[s,i]=o.split("~");s in t&&i!==void 0&&Object.assign(t,{[s]:i})}return{settings:t,remember(){let o=new URL(location.href),s=Object.entries(t).map(([i,l])=>`${i}~${l}`);o.searchParams.set("set",[r,...s].join(".")),history.replaceState(history.state,"",o)}}}function St({label:r,low:t,high:e,step:n,value:o,text:s=String},i){let l=C(),a=f("input",{type:"range",id:l,min:t,max:e,step:n,value:o}),p=f("output",{for:l,class:"number"}),c=()=>{let u=(a.valueAsNumber-t)/(e-t);a.style.setProperty("--at",`calc(7px + (100% - 14px) * ${u})`),a.setAttribute("aria-valuetext",s(a.valueAsNumber)),p.textContent=s(a.valueAsNumber)};return a.addEventListener("input",()=>{c(),i(a.valueAsNumber)}),c(),{element:f("div",{class:"control"},f("label",{for:l},r),p,a),set(u){a.value=String(u),c()}}}function Et(r,t,e,n){let o=C(),s=f("fieldset",{class:"control choice"},f("legend",{},r));for(let[i,l]of Object.entries(t)){let a=f("input",{type:"radio",name:o,value:i,checked:i===e,change:()=>n(i)});s.append(f("label",{},a,f("span",{},l)))}return{element:s}}function S(r,t,{path:e,primary:n}={}){let o=f("span",{},r),s=f("span",{class:"icon-place"},e?k(e):null);return{element:f("button",{type:"button",class:n?"primary":null,click:t},s,o),show(l,a){o.textContent=l,s.replaceChildren(...a?[k(a)]:[])}}}function It(r){let t=f("dd",{class:"number"}),e=f("dt",{},r);return{element:f("div",{class:"figure"},e,t),show(n){t.textContent!==n&&(t.textContent=n)}}}function q(){let r=new Set,t="";return{get lit(){return t},light(e){if(e!==t){t=e;for(let n of r)n()}},onChange(e){r.add(e)}}}function E(r,t,e){r.setAttribute("data-part",t),r.setAttribute("tabindex","0");let n=()=>e.light(t),o=()=>e.light("");for(let s of["pointerenter","focus","click"])r.addEventListener(s,n);r.addEventListener("blur",o),r.addEventListener("pointerleave",s=>{s.pointerType==="mouse"&&o()}),e.onChange(()=>r.classList.toggle("lit",e.lit===t))}var I="http://www.w3.org/1998/Math/MathML",et=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(r,...t){let e=document.createElementNS(I,r);for(let n of t)e.append(nt(n));return e}function nt(r){if(r instanceof Node)return r;let t=document.createElementNS(I,"mrow");for(let e of Array.isArray(r)?r:[r])if(e instanceof Node)t.append(e);else for(let[n]of e.matchAll(et))t.append(rt(n));return t.childNodes.length===1?t.childNodes[0]:t}function rt(r){let t=/\p{L}/u.test(r)?"mi":/\d/.test(r)?"mn":"mo",e=document.createElementNS(I,t);return e.textContent=r,t==="mo"&&e.setAttribute("stretchy","false"),e}var Ot=(r,t)=>b("mfrac",r,t),Nt=(r,t)=>b("msub",r,t),Pt=(r,t)=>b("msup",r,t);var Rt=r=>b("mover",r,"^"),Ft=r=>b("mover",r,"~"),Ut=r=>b("munder","\u2211",r),qt=(...r)=>b("mrow","\u2016",...r,"\u2016");function K(r,t){let e={};for(let[n,{sign:o,says:s}]of Object.entries(r))Object.defineProperty(e,n,{get(){let i=b("mrow",o());return i.setAttribute("class","symbol"),i.setAttribute("role","button"),i.setAttribute("aria-label",s),E(i,n,t),i}});return e}function _(r){let t=b("math",r);return t.setAttribute("display","block"),t}function B(r){return f("p",{},...r.map(t=>ot(t)?b("math",t):t))}function ot(r){return r instanceof Element&&r.namespaceURI===I}var D=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function $t(r,t){return P(r,D+t)}function Gt(r,t,e={}){let n=q(),o=K(t.symbols,n),[s,i,l]=["stage","buttons","controls"].map(d=>f("div",{class:d})),a=f("dl",{class:"figures"}),p=f("p",{class:"says","aria-live":"polite"}),c=f("div",{class:"buttons"}),u=f("div",{class:"scene"},f("div",{class:"body"},s,f("div",{class:"side"},i,l,a)),f("div",{class:"words"},f("div",{class:"formula"},_(t.formula(o)),p),f("div",{class:"prose"},...t.text(o).map(B)),f("div",{class:"question"},f("p",{},t.question),c)));r.append(u);let m=()=>{let d=t.symbols[n.lit],h=e[n.lit]?.();p.textContent=d?`${d.says}${h?`: ${h}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(m),m(),{links:n,stage:s,buttons:i,controls:l,doing:c,addFigure({element:d},h){E(d,h,n),a.append(d)},drawn(){u.dataset.drawn="",n.lit&&m()},strength:(...d)=>!n.lit||d.includes(n.lit)?1:.18}}function j(r,t){let e=!1,n={x:.5,y:.5},o=i=>{let l=r.getBoundingClientRect();return n={x:(i.clientX-l.left)/l.width,y:(i.clientY-l.top)/l.height},n},s=()=>{e&&t.release?.(),e=!1};r.addEventListener("pointerdown",i=>{if(i.button>0)return;r.setPointerCapture(i.pointerId),e=!0;let{x:l,y:a}=o(i);(t.press??t.point)?.(l,a)}),r.addEventListener("pointermove",i=>{let{x:l,y:a}=o(i);(e?t.drag??t.point:t.point)?.(l,a)});for(let i of["pointerup","pointercancel"])r.addEventListener(i,s);r.addEventListener("pointerleave",i=>{i.pointerType==="mouse"&&t.leave?.()}),r.addEventListener("blur",()=>{s(),t.leave?.()}),r.addEventListener("keydown",i=>{let l={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(i.key===" "||i.key==="Enter"){if(i.preventDefault(),e){s();return}e=!0,(t.press??t.point)?.(n.x,n.y)}else if(i.key in l){i.preventDefault();let a=i.shiftKey?4*.025:.025,[p,c]=l[i.key];n={x:Math.min(1,Math.max(0,n.x+p*a)),y:Math.min(1,Math.max(0,n.y+c*a))},(e?t.drag??t.point:t.point)?.(n.x,n.y)}})}function Qt({label:r,x:t,y:e,aspect:n=1,hand:o},s){let i=f("canvas",{class:"plane",role:"img","aria-label":r});i.style.aspectRatio=String(n);let l=it(i,t,e),a=F(()=>{i.clientWidth&&(l.begin(),s(l))}),p=new ResizeObserver(a);if(p.observe(i),document.fonts.addEventListener("loadingdone",a),o){i.tabIndex=0,i.setAttribute("role","application"),c(!1);let u=m=>{let d=o[m];return d&&((g,v)=>d?.(t[0]+g*(t[1]-t[0]),e[1]-v*(e[1]-e[0])))};j(i,{...o,point:u("point"),press:u("press"),drag:u("drag")})}function c(u){i.setAttribute("data-hand",u?"drag":"point"),i.style.touchAction=u?"none":"pan-y"}return{element:i,redraw:a,takeFingers:c,units:u=>u*(t[1]-t[0])/Math.max(1,i.clientWidth),destroy(){p.disconnect(),document.fonts.removeEventListener("loadingdone",a),a.cancel()}}}function it(r,t,e){let n=R(r),[o,s]=[0,0],i,l=c=>(c-t[0])/(t[1]-t[0])*o,a=c=>(e[1]-c)/(e[1]-e[0])*s,p=c=>i.getPropertyValue(c).trim();return{brush:n,px:l,py:a,colour:p,begin(){let c=window.devicePixelRatio||1;[o,s]=[r.clientWidth,r.clientHeight];let[u,m]=[Math.round(o*c),Math.round(s*c)];(r.width!==u||r.height!==m)&&([r.width,r.height]=[u,m]),n.setTransform(c,0,0,c,0,0),n.clearRect(0,0,o,s),i=getComputedStyle(r)},fade(c){n.globalAlpha=c},dots(c,u,m,d){n.fillStyle=p(d),n.beginPath();for(let h=0;h<c.length;h++)n.moveTo(l(c[h])+m,a(u[h])),n.arc(l(c[h]),a(u[h]),m,0,2*Math.PI);n.fill()},line(c,u,m,d,h=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[p(d),m,"round"],n.setLineDash(h),n.beginPath();for(let g=0;g<c.length;g++)n.lineTo(l(c[g]),a(u[g]));n.stroke(),n.setLineDash([])},ties(c,u,m,d,h,g){[n.strokeStyle,n.lineWidth]=[p(g),h],n.beginPath();for(let v=0;v<c.length;v++)n.moveTo(l(c[v]),a(u[v])),n.lineTo(l(m[v]),a(d[v]));n.stroke()},words(c,u,m,d){n.font=`12px ${p("--st-font")||"sans-serif"}`,n.textAlign=u<0?"right":"left",n.fillStyle=p(d),n.fillText(c,u<0?o+u:u,m)}}}function z(r,t){let e=!1,n=!0,o=0,s=0,i=0,l=c=>{o=requestAnimationFrame(l),s+=Math.min(.1,(c-i)/1e3),i=c,t(s)},a=()=>{let c=e&&n;c!==o>0&&(cancelAnimationFrame(o),i=performance.now(),o=c?requestAnimationFrame(l):0)},p=new IntersectionObserver(([c])=>{n=c.isIntersecting,a()});return p.observe(r),{get isOn(){return e},start(){[e,s]=[!0,0],a()},stop(){e=!1,a()},destroy(){p.disconnect(),e=!1,a()}}}var at=8,[lt,ct,ut]=[2,3,32],pt="M4 3.5v9l6-4.5zM12 3.5v9",dt="M2.5 6.5h7.2a3 3 0 1 1 0 6H6M5.3 3.5l-3 3 3 3";function se(r,{step:t,restart:e,draw:n}){let o=z(r,c=>{let u=performance.now()+at,m=Math.min(ut,lt+ct*c);for(let d=0;d<m&&performance.now()<u;d++)t();n()}),s=S("Train",()=>o.isOn?l():i(),{path:A.play,primary:!0}),i=()=>{o.start(),s.show("Pause",A.pause)},l=()=>{o.stop(),s.show("Train",A.play)},a=S("One step",()=>{l(),t(),n()},{path:pt}),p=S("Other weights",()=>{e(),n()},{path:dt});return{elements:[s.element,a.element,p.element],start:i,pause:l,destroy:o.destroy}}var x=class{constructor(t){this.state=new Uint32Array(624),this.next=624,this.state[0]=t;for(let e=1;e<624;e++){let n=this.state[e-1];this.state[e]=Math.imul(1812433253,n^n>>>30)+e}}bits(){this.next===624&&this.#t();let t=this.state[this.next++];return t^=t>>>11,t^=t<<7&2636928640,t^=t<<15&4022730752,(t^t>>>18)>>>0}#t(){let{state:t}=this;for(let e=0;e<624;e++){let n=t[e]&2147483648|t[(e+1)%624]&2147483647;t[e]=t[(e+397)%624]^n>>>1^(n&1?2567483615:0)}this.next=0}uniform(){return(this.bits()&16777215)/16777216}fillUniform(t,e,n){for(let o=0;o<t.length;o++)t[o]=this.uniform()*(n-e)+e}fillNormal(t){for(let e=0;e<t.length;e+=16){for(let n=0;n<16;n++)w[n]=this.uniform();for(let n=0;n<16/2;n++){let o=Math.sqrt(-2*Math.log(1-w[n])),s=2*Math.PI*w[n+16/2];w[n]=o*Math.cos(s),w[n+16/2]=o*Math.sin(s)}for(let n=0;n<Math.min(16,t.length-e);n++)t[e+n]=w[n]}}},w=new Float64Array(16);var y=256,mt=1,Z=.035,ft={ring:r=>[.85*Math.cos(2*Math.PI*r),.85*Math.sin(2*Math.PI*r)],spiral(r){let[t,e]=[.12+.8*r,3.5*Math.PI*r];return[t*Math.cos(e),t*Math.sin(e)]},moons(r){let t=2*Math.PI*r%Math.PI,[e,n]=[.6*Math.cos(t),.6*Math.sin(t)];return r<.5?[e-.3,n-.15]:[.3-e,.15-n]}};function ce(r){return G(t=>ft[r]((t+.5)/y))}function ue(r){let t=[0];for(let n=1;n<r.length;n++){let[[o,s],[i,l]]=[r[n-1],r[n]];t.push(t[n-1]+Math.hypot(i-o,l-s))}let e=1;return G(n=>{let o=t[t.length-1]*(n+.5)/y;for(;e<r.length-1&&t[e]<o;)e++;let[s,i]=[r[Math.max(0,e-1)],r[Math.min(e,r.length-1)]],l=t[e]-t[e-1]||1,a=r.length>1?(o-t[e-1])/l:0;return[s[0]+a*(i[0]-s[0]),s[1]+a*(i[1]-s[1])]})}function G(r){let t=new Float32Array(2*y);new x(mt).fillNormal(t);let e={x:new Float32Array(y),y:new Float32Array(y)};for(let n=0;n<y;n++){let[o,s]=r(n);e.x[n]=o+Z*t[2*n],e.y[n]=s+Z*t[2*n+1]}return e}var $=16,H=99;function pe(r){let t=n=>String(Math.round((Math.max(-1,Math.min(1,n))+1)/2*H)).padStart(2,"0");return Array.from({length:$},(n,o)=>r[Math.round(o*(r.length-1)/($-1))]).map(([n,o])=>t(n)+t(o)).join("")}function de(r){if(!/^(\d{4})+$/.test(r))return[];let t=e=>Number(e)/H*2-1;return(r.match(/\d{4}/g)??[]).map(e=>[t(e.slice(0,2)),t(e.slice(2))])}var[W,L,ht]=[.9,.999,1e-8],T=class{constructor(t,e){this.parameters=t,this.gradient=e,this.mean=new Float32Array(t.length),this.square=new Float32Array(t.length),this.steps=0}step(t){let{parameters:e,gradient:n,mean:o,square:s}=this;this.steps+=1;let i=t/(1-W**this.steps),l=Math.sqrt(1-L**this.steps);for(let a=0;a<e.length;a++){let p=n[a];o[a]+=(1-W)*(p-o[a]),s[a]=L*s[a]+(1-L)*p*p,e[a]-=i*o[a]/(Math.sqrt(s[a])/l+ht)}}};var V={squared_error:{loss(r,t,e){let n=0;for(let o=0;o<r.length;o++)n+=(r[o]-t[o])**2;return n/e},backward(r,t,e,n){for(let o=0;o<t.length;o++)r[o]=2*(t[o]-e[o])/n}},bernoulli:{loss(r,t,e){let n=0;for(let o=0;o<r.length;o++){let s=r[o];n+=Math.max(s,0)-s*t[o]+Math.log1p(Math.exp(-Math.abs(s)))}return n/e},backward(r,t,e,n){for(let o=0;o<t.length;o++)r[o]=(1/(1+Math.exp(-t[o]))-e[o])/n}}};var Y={relu:{forward(r,t){for(let e=0;e<t.length;e++)r[e]=Math.max(t[e],0)},backward(r,t,e){for(let n=0;n<e.length;n++)r[n]=e[n]>0?t[n]:0}},leaky_relu:{forward(r,t,e){for(let n=0;n<t.length;n++)r[n]=t[n]>0?t[n]:e*t[n]},backward(r,t,e,n,o){for(let s=0;s<e.length;s++)r[s]=e[s]>0?t[s]:o*t[s]}},elu:{forward(r,t,e){for(let n=0;n<t.length;n++)r[n]=t[n]>0?t[n]:e*gt(t[n])},backward(r,t,e,n,o){for(let s=0;s<e.length;s++)r[s]=e[s]>0?t[s]:t[s]*(n[s]+o)}},silu:{forward(r,t){for(let e=0;e<t.length;e++)r[e]=t[e]*O(t[e])},backward(r,t,e,n){for(let o=0;o<e.length;o++){let s=O(e[o]);r[o]=t[o]*(s+n[o]*(1-s))}}},tanh:{forward(r,t){for(let e=0;e<t.length;e++)r[e]=N(t[e])},backward(r,t,e,n){for(let o=0;o<n.length;o++)r[o]=t[o]*(1-n[o]*n[o])}},sigmoid:{forward(r,t){for(let e=0;e<t.length;e++)r[e]=O(t[e])},backward(r,t,e,n){for(let o=0;o<n.length;o++)r[o]=t[o]*n[o]*(1-n[o])}}};function N(r){let t=Math.max(-9.02,Math.min(9.02,r)),e=t*t,n=7905853580625+e*(1159525191825+e*(41247931725+e*(523783260+e*(2552550+e*(4095+e))))),o=7905853580625+e*(3794809718700+e*(252070693875+e*(5237832600+e*(41351310+e*(120120+e*91)))));return t*n/o}function O(r){return .5+.5*N(.5*r)}function gt(r){let t=N(.5*r);return 2*t/(1-t)}function M(r,t,e){return{rows:t,values:r.allocate(t*e),gradient:r.allocate(t*e)}}function X(r,t,e,n){return r.op==="linear"?bt(r,t,e,n):r.op==="activation"?vt(r,t,n):wt(r,t,n)}function bt({rows:r},t,e,{kernel:n,batch:o,ones:s}){let i=t.rows,[l,a]=[J(e,0,r*i),J(e,r*i,r*(i+1))],p=n.allocate(i*r),c=M(n,r,o),u=Array.from({length:r},(m,d)=>({weightGradient:l.gradient.subarray(d*i,(d+1)*i),gradient:c.gradient.subarray(d*o,(d+1)*o)}));return{output:c,forward(){n.matmul(c.values,l.values,t.values,a.values,r,i,o,o)},backward(){for(let{weightGradient:m,gradient:d}of u)n.matmul(m,t.values,d,null,i,o,1,1);n.matmul(a.gradient,c.gradient,s,null,r,o,1,1);for(let m=0,d=0;m<r;m++)for(let h=0;h<i;h++)p[h*r+m]=l.values[d++];n.matmul(t.gradient,p,c.gradient,null,i,r,o,o)},start(m){let d=1/Math.sqrt(i);m.fillUniform(l.values,-d,d),m.fillUniform(a.values,-d,d)}}}function J({values:r,gradient:t},e,n){return{values:r.subarray(e,n),gradient:t.subarray(e,n)}}function vt({kind:r,parameter:t=0},e,{kernel:n,batch:o}){let{forward:s,backward:i}=Y[r],l=M(n,e.rows,o);return{output:l,forward:()=>s(l.values,e.values,t),backward:()=>i(e.gradient,l.gradient,e.values,l.values,t)}}function wt(r,t,{kernel:e,batch:n,random:o}){let s=M(e,t.rows/2,n),i=new Float32Array(s.values.length),l=i.length;return{output:s,forward(){r.isNoisy===!1?i.fill(0):o.fillNormal(i);let{values:a}=t;for(let p=0;p<l;p++)s.values[p]=a[p]+Math.exp(a[l+p]/2)*i[p]},backward(){let{values:a,gradient:p}=t,c=r.beta/n;for(let u=0;u<l;u++){let[m,d]=[a[u],a[l+u]];p[u]=s.gradient[u]+c*m,p[l+u]=s.gradient[u]*i[u]*Math.exp(d/2)/2+c*(Math.exp(d)-1)/2}},loss(){let{values:a}=t,p=0;for(let c=0;c<l;c++){let[u,m]=[a[c],a[l+c]];p+=u*u+Math.exp(m)-1-m}return r.beta*p/(2*n)}}}var Q=class{constructor({inputs:t,layers:e,batch:n,reconstruction:o="squared_error",seed:s=0},i){this.batch=n,this.random=new x(s);let l=U();tt(t,e,n,this.random,l);let{input:a,steps:p,starts:c,parameters:u}=tt(t,e,n,this.random,i(l.bytes));this.starts=c,this.steps=p,this.input=a.values,this.inputGradient=a.gradient,this.target=this.input,this.last=p[p.length-1].output,this.output=this.last.values,this.parameters=u,this.reconstruction=V[o],this.adam=new T(u.values,u.gradient);for(let m of p)m.start?.(this.random)}take(t,e=0){let n=t.starts[e];this.parameters.values.set(t.parameters.values.subarray(n,n+this.parameters.values.length))}forward(){for(let t of this.steps)t.forward();return this.output}loss(){let t=this.reconstruction.loss(this.output,this.target,this.batch);for(let e of this.steps)t+=e.loss?.()??0;return t}backward(){this.reconstruction.backward(this.last.gradient,this.output,this.target,this.batch);for(let t=this.steps.length-1;t>=0;t--)this.steps[t].backward()}step(t){this.forward(),this.backward(),this.adam.step(t)}};function tt(r,t,e,n,o){let s=xt(r,t),i=s.at(-1),l={values:o.allocate(i),gradient:o.allocate(i)},a=o.allocate(e).fill(1),p=M(o,r,e),c=[],u=p;return t.forEach((m,d)=>{let h={values:l.values.subarray(s[d],s[d+1]),gradient:l.gradient.subarray(s[d],s[d+1])},g=X(m,u,h,{kernel:o,batch:e,ones:a,random:n});c.push(g),u=g.output}),{input:p,steps:c,starts:s,parameters:l}}function xt(r,t){let e=[0],n=r;for(let o of t){let s=o.op==="linear"?o.rows*(n+1):0;e.push(e[e.length-1]+s),o.op==="linear"&&(n=o.rows),o.op==="sample"&&(n/=2)}return e}export{yt as a,St as b,Et as c,S as d,It as e,Ot as f,Nt as g,Pt as h,Rt as i,Ft as j,Ut as k,qt as l,$t as m,Gt as n,Qt as o,se as p,x as q,y as r,ce as s,ue as t,pe as u,de as v,Q as w};
