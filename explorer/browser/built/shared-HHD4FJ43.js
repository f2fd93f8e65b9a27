import{a as F}from"../explorer.shared/shared-F3AGMURB.js";import{a as R}from"../explorer.shared/shared-ZVNYXL66.js";import{a as P}from"../explorer.shared/shared-V6K5QLGS.js";import{b as f,c as C,d as S,e as L,h as N}from"../explorer.shared/shared-XRFZHQUS.js";function xt(n,t){let[e,...r]=(new URLSearchParams(location.search).get("set")??"").split(".");for(let o of e===n?r:[]){let[s,i]=o.split("~");s in t&&i!==void 0&&Object.assign(t,{[s]:i})}return{settings:t,remember(){let o=new URL(location.href),s=Object.entries(t).map(([i,l])=>`${i}~${l}`);o.searchParams.set("set",[n,...s].join(".")),history.replaceState(history.state,"",o)}}}function At({label:n,low:t,high:e,step:r,value:o,text:s=String},i){let l=L(),a=f("input",{type:"range",id:l,min:t,max:e,step:r,value:o}),p=f("output",{for:l,class:"number"}),c=()=>{let u=(a.valueAsNumber-t)/(e-t);a.style.setProperty("--at",`calc(7px + (100% - 14px) * ${u})`),a.setAttribute("aria-valuetext",s(a.valueAsNumber)),p.textContent=s(a.valueAsNumber)};return a.addEventListener("input",()=>{c(),i(a.valueAsNumber)}),c(),{element:f("div",{class:"control"},f("label",{for:l},n),p,a),set(u){a.value=String(u),c()}}}function St(n,t,e,r){let o=L(),s=f("fieldset",{class:"control choice"},f("legend",{},n));for(let[i,l]of Object.entries(t)){let a=f("input",{type:"radio",name:o,value:i,checked:i===e,change:()=>r(i)});s.append(f("label",{},a,f("span",{},l)))}return{element:s}}function E(n,t,{path:e,primary:r}={}){let o=f("span",{},n),s=f("span",{class:"icon-place"},e?C(e):null);return{element:f("button",{type:"button",class:r?"primary":null,click:t},s,o),show(l,a){o.textContent=l,s.replaceChildren(...a?[C(a)]:[])}}}function Et(n){let t=f("dd",{class:"number"}),e=f("dt",{},n);return{element:f("div",{class:"figure"},e,t),show(r){t.textContent!==r&&(t.textContent=r)}}}function U(){let n=new Set,t="";return{get lit(){return t},light(e){if(e!==t){t=e;for(let r of n)r()}},onChange(e){n.add(e)}}}function I(n,t,e){n.setAttribute("data-part",t),n.setAttribute("tabindex","0");let r=()=>e.light(t),o=()=>e.light("");for(let s of["pointerenter","focus","click"])n.addEventListener(s,r);n.addEventListener("blur",o),n.addEventListener("pointerleave",s=>{s.pointerType==="mouse"&&o()}),e.onChange(()=>n.classList.toggle("lit",e.lit===t))}var k="http://www.w3.org/1998/Math/MathML",et=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(n,...t){let e=document.createElementNS(k,n);for(let r of t)e.append(rt(r));return e}function rt(n){if(n instanceof Node)return n;let t=document.createElementNS(k,"mrow");for(let e of Array.isArray(n)?n:[n])if(e instanceof Node)t.append(e);else for(let[r]of e.matchAll(et))t.append(nt(r));return t.childNodes.length===1?t.childNodes[0]:t}function nt(n){let t=/\p{L}/u.test(n)?"mi":/\d/.test(n)?"mn":"mo",e=document.createElementNS(k,t);return e.textContent=n,t==="mo"&&e.setAttribute("stretchy","false"),e}var Lt=(n,t)=>b("mfrac",n,t),Ot=(n,t)=>b("msub",n,t),Nt=(n,t)=>b("msup",n,t);var Pt=n=>b("mover",n,"^"),Rt=n=>b("mover",n,"~"),Ft=n=>b("munder","\u2211",n),Ut=(...n)=>b("mrow","\u2016",...n,"\u2016");function q(n,t){let e={};for(let[r,{sign:o,says:s}]of Object.entries(n))Object.defineProperty(e,r,{get(){let i=b("mrow",o());return i.setAttribute("class","symbol"),i.setAttribute("role","button"),i.setAttribute("aria-label",s),I(i,r,t),i}});return e}function K(n){let t=b("math",n);return t.setAttribute("display","block"),t}function _(n){return f("p",{},...n.map(t=>ot(t)?b("math",t):t))}function ot(n){return n instanceof Element&&n.namespaceURI===k}function B(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function D(n,t){let e=!1,r=!0,o=0,s=0,i=0,l=c=>{o=requestAnimationFrame(l),s+=Math.min(.1,(c-i)/1e3),i=c,t(s)},a=()=>{let c=e&&r;c!==o>0&&(cancelAnimationFrame(o),i=performance.now(),o=c?requestAnimationFrame(l):0)},p=new IntersectionObserver(([c])=>{r=c.isIntersecting,a()});return p.observe(n),{get isOn(){return e},start(){[e,s]=[!0,0],a()},stop(){e=!1,a()},destroy(){p.disconnect(),e=!1,a()}}}var j=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function Gt(n,t){return N(n,j+t)}function Ht(n,t,e={}){let r=U(),o=q(t.symbols,r),[s,i,l]=["stage","buttons","controls"].map(d=>f("div",{class:d})),a=f("dl",{class:"figures"}),p=f("p",{class:"says","aria-live":"polite"}),c=f("div",{class:"buttons"}),u=f("div",{class:"scene"},f("div",{class:"body"},s,f("div",{class:"side"},i,l,a)),f("div",{class:"words"},f("div",{class:"formula"},K(t.formula(o)),p),f("div",{class:"prose"},...t.text(o).map(_)),f("div",{class:"question"},f("p",{},t.question),c)));n.append(u);let m=()=>{let d=t.symbols[r.lit],h=e[r.lit]?.();p.textContent=d?`${d.says}${h?`: ${h}`:""}`:"Point at a symbol, or at the picture."};return r.onChange(m),m(),{links:r,stage:s,buttons:i,controls:l,doing:c,addFigure({element:d},h){I(d,h,r),a.append(d)},drawn(){u.dataset.drawn="",r.lit&&m()},lookUp:()=>s.scrollIntoView({block:"center",behavior:B()?"auto":"smooth"}),strength:(...d)=>!r.lit||d.includes(r.lit)?1:.18}}function z(n,t){let e=!1,r={x:.5,y:.5},o=i=>{let l=n.getBoundingClientRect();return r={x:(i.clientX-l.left)/l.width,y:(i.clientY-l.top)/l.height},r},s=()=>{e&&t.release?.(),e=!1};n.addEventListener("pointerdown",i=>{if(i.button>0)return;n.setPointerCapture(i.pointerId),e=!0;let{x:l,y:a}=o(i);(t.press??t.point)?.(l,a)}),n.addEventListener("pointermove",i=>{let{x:l,y:a}=o(i);(e?t.drag??t.point:t.point)?.(l,a)});for(let i of["pointerup","pointercancel"])n.addEventListener(i,s);n.addEventListener("pointerleave",i=>{i.pointerType==="mouse"&&t.leave?.()}),n.addEventListener("blur",()=>{s(),t.leave?.()}),n.addEventListener("keydown",i=>{let l={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(i.key===" "||i.key==="Enter"){if(i.preventDefault(),e){s();return}e=!0,(t.press??t.point)?.(r.x,r.y)}else if(i.key in l){i.preventDefault();let a=i.shiftKey?4*.025:.025,[p,c]=l[i.key];r={x:Math.min(1,Math.max(0,r.x+p*a)),y:Math.min(1,Math.max(0,r.y+c*a))},(e?t.drag??t.point:t.point)?.(r.x,r.y)}})}function te({label:n,x:t,y:e,aspect:r=1,hand:o},s){let i=f("canvas",{class:"plane",role:"img","aria-label":n});i.style.aspectRatio=String(r);let l=it(i,t,e),a=R(()=>{i.clientWidth&&(l.begin(),s(l))}),p=new ResizeObserver(a);if(p.observe(i),document.fonts.addEventListener("loadingdone",a),o){i.tabIndex=0,i.setAttribute("role","application"),c(!1);let u=m=>{let d=o[m];return d&&((g,v)=>d?.(t[0]+g*(t[1]-t[0]),e[1]-v*(e[1]-e[0])))};z(i,{...o,point:u("point"),press:u("press"),drag:u("drag")})}function c(u){i.setAttribute("data-hand",u?"drag":"point"),i.style.touchAction=u?"none":"pan-y"}return{element:i,redraw:a,takeFingers:c,units:u=>u*(t[1]-t[0])/Math.max(1,i.clientWidth),destroy(){p.disconnect(),document.fonts.removeEventListener("loadingdone",a),a.cancel()}}}function it(n,t,e){let r=P(n),[o,s]=[0,0],i,l=c=>(c-t[0])/(t[1]-t[0])*o,a=c=>(e[1]-c)/(e[1]-e[0])*s,p=c=>i.getPropertyValue(c).trim();return{brush:r,px:l,py:a,colour:p,begin(){let c=window.devicePixelRatio||1;[o,s]=[n.clientWidth,n.clientHeight];let[u,m]=[Math.round(o*c),Math.round(s*c)];(n.width!==u||n.height!==m)&&([n.width,n.height]=[u,m]),r.setTransform(c,0,0,c,0,0),r.clearRect(0,0,o,s),i=getComputedStyle(n)},fade(c){r.globalAlpha=c},dots(c,u,m,d){r.fillStyle=p(d),r.beginPath();for(let h=0;h<c.length;h++)r.moveTo(l(c[h])+m,a(u[h])),r.arc(l(c[h]),a(u[h]),m,0,2*Math.PI);r.fill()},line(c,u,m,d,h=[]){[r.strokeStyle,r.lineWidth,r.lineJoin]=[p(d),m,"round"],r.setLineDash(h),r.beginPath();for(let g=0;g<c.length;g++)r.lineTo(l(c[g]),a(u[g]));r.stroke(),r.setLineDash([])},ties(c,u,m,d,h,g){[r.strokeStyle,r.lineWidth]=[p(g),h],r.beginPath();for(let v=0;v<c.length;v++)r.moveTo(l(c[v]),a(u[v])),r.lineTo(l(m[v]),a(d[v]));r.stroke()},words(c,u,m,d){r.font=`12px ${p("--st-font")||"sans-serif"}`,r.textAlign=u<0?"right":"left",r.fillStyle=p(d),r.fillText(c,u<0?o+u:u,m)}}}var at=8,[lt,ct,ut]=[2,3,32],pt="M4 3.5v9l6-4.5zM12 3.5v9",dt="M2.5 6.5h7.2a3 3 0 1 1 0 6H6M5.3 3.5l-3 3 3 3";function se(n,{step:t,restart:e,draw:r}){let o=D(n,c=>{let u=performance.now()+at,m=Math.min(ut,lt+ct*c);for(let d=0;d<m&&performance.now()<u;d++)t();r()}),s=E("Train",()=>o.isOn?l():i(),{path:S.play,primary:!0}),i=()=>{o.start(),s.show("Pause",S.pause)},l=()=>{o.stop(),s.show("Train",S.play)},a=E("One step",()=>{l(),t(),r()},{path:pt}),p=E("Other weights",()=>{e(),r()},{path:dt});return{elements:[s.element,a.element,p.element],start:i,pause:l,destroy:o.destroy}}var x=class{constructor(t){this.state=new Uint32Array(624),this.next=624,this.state[0]=t;for(let e=1;e<624;e++){let r=this.state[e-1];this.state[e]=Math.imul(1812433253,r^r>>>30)+e}}bits(){this.next===624&&this.#t();let t=this.state[this.next++];return t^=t>>>11,t^=t<<7&2636928640,t^=t<<15&4022730752,(t^t>>>18)>>>0}#t(){let{state:t}=this;for(let e=0;e<624;e++){let r=t[e]&2147483648|t[(e+1)%624]&2147483647;t[e]=t[(e+397)%624]^r>>>1^(r&1?2567483615:0)}this.next=0}uniform(){return(this.bits()&16777215)/16777216}fillUniform(t,e,r){for(let o=0;o<t.length;o++)t[o]=this.uniform()*(r-e)+e}fillNormal(t){for(let e=0;e<t.length;e+=16){for(let r=0;r<16;r++)w[r]=this.uniform();for(let r=0;r<16/2;r++){let o=Math.sqrt(-2*Math.log(1-w[r])),s=2*Math.PI*w[r+16/2];w[r]=o*Math.cos(s),w[r+16/2]=o*Math.sin(s)}for(let r=0;r<Math.min(16,t.length-e);r++)t[e+r]=w[r]}}},w=new Float64Array(16);var y=256,mt=1,Z=.035,ft={ring:n=>[.85*Math.cos(2*Math.PI*n),.85*Math.sin(2*Math.PI*n)],spiral(n){let[t,e]=[.12+.8*n,3.5*Math.PI*n];return[t*Math.cos(e),t*Math.sin(e)]},moons(n){let t=2*Math.PI*n%Math.PI,[e,r]=[.6*Math.cos(t),.6*Math.sin(t)];return n<.5?[e-.3,r-.15]:[.3-e,.15-r]}};function ce(n){return G(t=>ft[n]((t+.5)/y))}function ue(n){let t=[0];for(let r=1;r<n.length;r++){let[[o,s],[i,l]]=[n[r-1],n[r]];t.push(t[r-1]+Math.hypot(i-o,l-s))}let e=1;return G(r=>{let o=t[t.length-1]*(r+.5)/y;for(;e<n.length-1&&t[e]<o;)e++;let[s,i]=[n[Math.max(0,e-1)],n[Math.min(e,n.length-1)]],l=t[e]-t[e-1]||1,a=n.length>1?(o-t[e-1])/l:0;return[s[0]+a*(i[0]-s[0]),s[1]+a*(i[1]-s[1])]})}function G(n){let t=new Float32Array(2*y);new x(mt).fillNormal(t);let e={x:new Float32Array(y),y:new Float32Array(y)};for(let r=0;r<y;r++){let[o,s]=n(r);e.x[r]=o+Z*t[2*r],e.y[r]=s+Z*t[2*r+1]}return e}var $=16,H=99;function pe(n){let t=r=>String(Math.round((Math.max(-1,Math.min(1,r))+1)/2*H)).padStart(2,"0");return Array.from({length:$},(r,o)=>n[Math.round(o*(n.length-1)/($-1))]).map(([r,o])=>t(r)+t(o)).join("")}function de(n){if(!/^(\d{4})+$/.test(n))return[];let t=e=>Number(e)/H*2-1;return(n.match(/\d{4}/g)??[]).map(e=>[t(e.slice(0,2)),t(e.slice(2))])}var[W,O,ht]=[.9,.999,1e-8],T=class{constructor(t,e){this.parameters=t,this.gradient=e,this.mean=new Float32Array(t.length),this.square=new Float32Array(t.length),this.steps=0}step(t){let{parameters:e,gradient:r,mean:o,square:s}=this;this.steps+=1;let i=t/(1-W**this.steps),l=Math.sqrt(1-O**this.steps);for(let a=0;a<e.length;a++){let p=r[a];o[a]+=(1-W)*(p-o[a]),s[a]=O*s[a]+(1-O)*p*p,e[a]-=i*o[a]/(Math.sqrt(s[a])/l+ht)}}};var V={squared_error:{loss(n,t,e){let r=0;for(let o=0;o<n.length;o++)r+=(n[o]-t[o])**2;return r/e},backward(n,t,e,r){for(let o=0;o<t.length;o++)n[o]=2*(t[o]-e[o])/r}},bernoulli:{loss(n,t,e){let r=0;for(let o=0;o<n.length;o++){let s=n[o];r+=Math.max(s,0)-s*t[o]+Math.log1p(Math.exp(-Math.abs(s)))}return r/e},backward(n,t,e,r){for(let o=0;o<t.length;o++)n[o]=(1/(1+Math.exp(-t[o]))-e[o])/r}}};var Y={relu:{forward(n,t){for(let e=0;e<t.length;e++)n[e]=Math.max(t[e],0)},backward(n,t,e){for(let r=0;r<e.length;r++)n[r]=e[r]>0?t[r]:0}},leaky_relu:{forward(n,t,e){for(let r=0;r<t.length;r++)n[r]=t[r]>0?t[r]:e*t[r]},backward(n,t,e,r,o){for(let s=0;s<e.length;s++)n[s]=e[s]>0?t[s]:o*t[s]}},elu:{forward(n,t,e){for(let r=0;r<t.length;r++){let o=M(.5*t[r]);n[r]=t[r]>0?t[r]:e*2*o/(1-o)}},backward(n,t,e,r,o){for(let s=0;s<e.length;s++)n[s]=e[s]>0?t[s]:t[s]*(r[s]+o)}},silu:{forward(n,t){for(let e=0;e<t.length;e++)n[e]=t[e]*(.5+.5*M(.5*t[e]))},backward(n,t,e,r){for(let o=0;o<e.length;o++){let s=.5+.5*M(.5*e[o]);n[o]=t[o]*(s+r[o]*(1-s))}}},tanh:{forward(n,t){for(let e=0;e<t.length;e++)n[e]=M(t[e])},backward(n,t,e,r){for(let o=0;o<r.length;o++)n[o]=t[o]*(1-r[o]*r[o])}},sigmoid:{forward(n,t){for(let e=0;e<t.length;e++)n[e]=.5+.5*M(.5*t[e])},backward(n,t,e,r){for(let o=0;o<r.length;o++)n[o]=t[o]*r[o]*(1-r[o])}}};function M(n){let t=Math.max(-9.02,Math.min(9.02,n)),e=t*t,r=7905853580625+e*(1159525191825+e*(41247931725+e*(523783260+e*(2552550+e*(4095+e))))),o=7905853580625+e*(3794809718700+e*(252070693875+e*(5237832600+e*(41351310+e*(120120+e*91)))));return t*r/o}function A(n,t,e){return{rows:t,values:n.allocate(t*e),gradient:n.allocate(t*e)}}function X(n,t,e,r){return n.op==="linear"?gt(n,t,e,r):n.op==="activation"?bt(n,t,r):vt(n,t,r)}function gt({rows:n},t,e,{kernel:r,batch:o,ones:s}){let i=t.rows,[l,a]=[J(e,0,n*i),J(e,n*i,n*(i+1))],p=r.allocate(i*n),c=A(r,n,o),u=Array.from({length:n},(m,d)=>({weightGradient:l.gradient.subarray(d*i,(d+1)*i),gradient:c.gradient.subarray(d*o,(d+1)*o)}));return{output:c,forward(){r.matmul(c.values,l.values,t.values,a.values,n,i,o,o)},backward(){for(let{weightGradient:m,gradient:d}of u)r.matmul(m,t.values,d,null,i,o,1,1);r.matmul(a.gradient,c.gradient,s,null,n,o,1,1);for(let m=0,d=0;m<n;m++)for(let h=0;h<i;h++)p[h*n+m]=l.values[d++];r.matmul(t.gradient,p,c.gradient,null,i,n,o,o)},start(m){let d=1/Math.sqrt(i);m.fillUniform(l.values,-d,d),m.fillUniform(a.values,-d,d)}}}function J({values:n,gradient:t},e,r){return{values:n.subarray(e,r),gradient:t.subarray(e,r)}}function bt({kind:n,parameter:t=0},e,{kernel:r,batch:o}){let{forward:s,backward:i}=Y[n],l=A(r,e.rows,o);return{output:l,forward:()=>s(l.values,e.values,t),backward:()=>i(e.gradient,l.gradient,e.values,l.values,t)}}function vt(n,t,{kernel:e,batch:r,random:o}){let s=A(e,t.rows/2,r),i=new Float32Array(s.values.length),l=i.length;return{output:s,forward(){n.isNoisy===!1?i.fill(0):o.fillNormal(i);let{values:a}=t;for(let p=0;p<l;p++)s.values[p]=a[p]+Math.exp(a[l+p]/2)*i[p]},backward(){let{values:a,gradient:p}=t,c=n.beta/r;for(let u=0;u<l;u++){let[m,d]=[a[u],a[l+u]];p[u]=s.gradient[u]+c*m,p[l+u]=s.gradient[u]*i[u]*Math.exp(d/2)/2+c*(Math.exp(d)-1)/2}},loss(){let{values:a}=t,p=0;for(let c=0;c<l;c++){let[u,m]=[a[c],a[l+c]];p+=u*u+Math.exp(m)-1-m}return n.beta*p/(2*r)}}}var Q=class{constructor({inputs:t,layers:e,batch:r,reconstruction:o="squared_error",seed:s=0},i){this.batch=r,this.random=new x(s);let l=F();tt(t,e,r,this.random,l);let{input:a,steps:p,starts:c,parameters:u}=tt(t,e,r,this.random,i(l.bytes));this.starts=c,this.steps=p,this.input=a.values,this.inputGradient=a.gradient,this.target=this.input,this.last=p[p.length-1].output,this.output=this.last.values,this.parameters=u,this.reconstruction=V[o],this.adam=new T(u.values,u.gradient);for(let m of p)m.start?.(this.random)}take(t,e=0){let r=t.starts[e];this.parameters.values.set(t.parameters.values.subarray(r,r+this.parameters.values.length))}forward(){for(let t of this.steps)t.forward();return this.output}loss(){let t=this.reconstruction.loss(this.output,this.target,this.batch);for(let e of this.steps)t+=e.loss?.()??0;return t}backward(){this.reconstruction.backward(this.last.gradient,this.output,this.target,this.batch);for(let t=this.steps.length-1;t>=0;t--)this.steps[t].backward()}step(t){this.forward(),this.backward(),this.adam.step(t)}};function tt(n,t,e,r,o){let s=wt(n,t),i=s.at(-1),l={values:o.allocate(i),gradient:o.allocate(i)},a=o.allocate(e).fill(1),p=A(o,n,e),c=[],u=p;return t.forEach((m,d)=>{let h={values:l.values.subarray(s[d],s[d+1]),gradient:l.gradient.subarray(s[d],s[d+1])},g=X(m,u,h,{kernel:o,batch:e,ones:a,random:r});c.push(g),u=g.output}),{input:p,steps:c,starts:s,parameters:l}}function wt(n,t){let e=[0],r=n;for(let o of t){let s=o.op==="linear"?o.rows*(r+1):0;e.push(e[e.length-1]+s),o.op==="linear"&&(r=o.rows),o.op==="sample"&&(r/=2)}return e}export{xt as a,At as b,St as c,E as d,Et as e,Lt as f,Ot as g,Nt as h,Pt as i,Rt as j,Ft as k,Ut as l,Gt as m,Ht as n,te as o,se as p,x as q,y as r,ce as s,ue as t,pe as u,de as v,Q as w};
