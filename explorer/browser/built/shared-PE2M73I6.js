import{a as E,b as S}from"../explorer.shared/shared-ZVNYXL66.js";import{a as L}from"../explorer.shared/shared-V6K5QLGS.js";import{b as p,c as w,e as A,h as k}from"../explorer.shared/shared-XRFZHQUS.js";var C="set",j=150;function K(t,e){let[r,...n]=(new URLSearchParams(location.search).get(C)??"").split(".");for(let o of r===t?n:[]){let[s,i]=o.split("~");s in e&&i!==void 0&&Object.assign(e,{[s]:i})}let{pathname:l}=location,c=S(()=>{let o=new URL(location.href);if(o.pathname!==l)return;let s=Object.entries(e).map(([i,m])=>`${i}~${m}`);o.searchParams.set(C,[t,...s].join(".")),history.replaceState(history.state,"",o)},j);return{settings:e,remember:c}}function _({label:t,low:e,high:r,step:n,value:l,text:c=String},o){let s=A(),i=p("input",{type:"range",id:s,min:e,max:r,step:n,value:l}),m=p("output",{for:s,class:"number"}),a=()=>{let d=(i.valueAsNumber-e)/(r-e);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${d})`),i.setAttribute("aria-valuetext",c(i.valueAsNumber)),m.textContent=c(i.valueAsNumber)};return i.addEventListener("input",()=>{a(),o(i.valueAsNumber)}),a(),{element:p("div",{class:"control"},p("label",{for:s},t),m,i),set(d){i.value=String(d),a()}}}function V(t,e,r,n){let l=A(),c=p("fieldset",{class:"control choice"},p("legend",{},t)),o=new Map;for(let[s,i]of Object.entries(e)){let m=p("input",{type:"radio",name:l,value:s,checked:s===r,change:()=>n(s)});o.set(s,m),c.append(p("label",{},m,p("span",{},i)))}return{element:c,set(s){let i=o.get(s);i&&(i.checked=!0)}}}function B(t,e,{path:r,primary:n}={}){let l=p("span",{},t),c=p("span",{class:"icon-place"},r?w(r):null);return{element:p("button",{type:"button",class:n?"primary":null,click:e},c,l),show(s,i){l.textContent=s,c.replaceChildren(...i?[w(i)]:[])}}}function G(t){let e=p("dd",{class:"number"}),r=p("dt",{},t);return{element:p("div",{class:"figure"},r,e),show(n){e.textContent!==n&&(e.textContent=n)}}}function P(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function X(t,e){let r=!1,n=!0,l=0,c=0,o=0,s=a=>{l=requestAnimationFrame(s),c+=Math.min(.1,(a-o)/1e3),o=a,e(c)},i=()=>{let a=r&&n;a!==l>0&&(cancelAnimationFrame(l),o=performance.now(),l=a?requestAnimationFrame(s):0)},m=new IntersectionObserver(([a])=>{n=a.isIntersecting,i()});return m.observe(t),{get isOn(){return r},start(){[r,c]=[!0,0],i()},stop(){r=!1,i()},destroy(){m.disconnect(),r=!1,i()}}}function M(){let t=new Set,e="";return{get lit(){return e},light(r){if(r!==e){e=r;for(let n of t)n()}},onChange(r){t.add(r)}}}function y(t,e,r){t.setAttribute("data-part",e),t.setAttribute("tabindex","0");let n=()=>r.light(e),l=()=>r.light("");for(let c of["pointerenter","focus","click"])t.addEventListener(c,n);t.addEventListener("blur",l),t.addEventListener("pointerleave",c=>{c.pointerType==="mouse"&&l()}),r.onChange(()=>t.classList.toggle("lit",r.lit===e))}var x="http://www.w3.org/1998/Math/MathML",q=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function h(t,...e){let r=document.createElementNS(x,t);for(let n of e)r.append(F(n));return r}function F(t){if(t instanceof Node)return t;let e=document.createElementNS(x,"mrow");for(let r of Array.isArray(t)?t:[t])if(r instanceof Node)e.append(r);else for(let[n]of r.matchAll(q))e.append($(n));return e.childNodes.length===1?e.childNodes[0]:e}function $(t){let e=/\p{L}/u.test(t)?"mi":/\d/.test(t)?"mn":"mo",r=document.createElementNS(x,e);return r.textContent=t,e==="mo"&&r.setAttribute("stretchy","false"),r}var ne=(t,e)=>h("mfrac",t,e),re=(t,e)=>h("msub",t,e),oe=(t,e)=>h("msup",t,e);var ie=t=>h("mover",t,"^"),se=t=>h("mover",t,"~"),ae=t=>h("munder","\u2211",t),ce=(...t)=>h("mrow","\u2016",...t,"\u2016");function T(t,e){let r={};for(let[n,{sign:l,says:c}]of Object.entries(t))Object.defineProperty(r,n,{get(){let o=h("mrow",l());return o.setAttribute("class","symbol"),o.setAttribute("role","button"),o.setAttribute("aria-label",c),y(o,n,e),o}});return r}function N(t){let e=h("math",t);return e.setAttribute("display","block"),e}function O(t){return p("p",{},...t.map(e=>z(e)?h("math",e):e))}function z(t){return t instanceof Element&&t.namespaceURI===x}var I=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function be(t,e){return k(t,I+e)}function ve(t,e,r={}){let n=M(),l=T(e.symbols,n),[c,o,s]=["stage","buttons","controls"].map(u=>p("div",{class:u})),i=p("dl",{class:"figures"}),m=p("p",{class:"says","aria-live":"polite"}),a=p("div",{class:"buttons"}),d=p("div",{class:"scene"},p("div",{class:"body"},c,p("div",{class:"side"},o,s,i)),p("div",{class:"words"},p("div",{class:"formula"},N(e.formula(l)),m),p("div",{class:"prose"},...e.text(l).map(O)),p("div",{class:"question"},p("p",{},e.question),a)));t.append(d);let f=()=>{let u=e.symbols[n.lit],g=r[n.lit]?.();m.textContent=u?`${u.says}${g?`: ${g}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:c,buttons:o,controls:s,doing:a,addFigure({element:u},g){y(u,g,n),i.append(u)},drawn(){d.dataset.drawn="",n.lit&&f()},lookUp:()=>c.scrollIntoView({block:"center",behavior:P()?"auto":"smooth"}),strength:(...u)=>!n.lit||u.includes(n.lit)?1:.18}}function R(t,e){let r=!1,n={x:.5,y:.5},l=o=>{let s=t.getBoundingClientRect();return n={x:(o.clientX-s.left)/s.width,y:(o.clientY-s.top)/s.height},n},c=()=>{r&&e.release?.(),r=!1};t.addEventListener("pointerdown",o=>{if(o.button>0)return;t.setPointerCapture(o.pointerId),r=!0;let{x:s,y:i}=l(o);(e.press??e.point)?.(s,i)}),t.addEventListener("pointermove",o=>{let{x:s,y:i}=l(o);(r?e.drag??e.point:e.point)?.(s,i)});for(let o of["pointerup","pointercancel"])t.addEventListener(o,c);t.addEventListener("pointerleave",o=>{o.pointerType==="mouse"&&e.leave?.()}),t.addEventListener("blur",()=>{c(),e.leave?.()}),t.addEventListener("keydown",o=>{let s={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(o.key===" "||o.key==="Enter"){if(o.preventDefault(),r){c();return}r=!0,(e.press??e.point)?.(n.x,n.y)}else if(o.key in s){o.preventDefault();let i=o.shiftKey?4*.025:.025,[m,a]=s[o.key];n={x:Math.min(1,Math.max(0,n.x+m*i)),y:Math.min(1,Math.max(0,n.y+a*i))},(r?e.drag??e.point:e.point)?.(n.x,n.y)}})}function Ee({label:t,x:e,y:r,aspect:n=1,hand:l},c){let o=p("canvas",{class:"plane",role:"img","aria-label":t});o.style.aspectRatio=String(n);let s=W(o,e,r),i=E(()=>{o.clientWidth&&(s.begin(),c(s))}),m=new ResizeObserver(i);if(m.observe(o),document.fonts.addEventListener("loadingdone",i),l){o.tabIndex=0,o.setAttribute("role","application"),a(!1);let d=f=>{let u=l[f];return u&&((b,v)=>u?.(e[0]+b*(e[1]-e[0]),r[1]-v*(r[1]-r[0])))};R(o,{...l,point:d("point"),press:d("press"),drag:d("drag")})}function a(d){o.setAttribute("data-hand",d?"drag":"point"),o.style.touchAction=d?"none":"pan-y"}return{element:o,redraw:i,takeFingers:a,units:d=>d*(e[1]-e[0])/Math.max(1,o.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function W(t,e,r){let n=L(t),[l,c]=[0,0],o,s=a=>(a-e[0])/(e[1]-e[0])*l,i=a=>(r[1]-a)/(r[1]-r[0])*c,m=a=>o.getPropertyValue(a).trim();return{brush:n,px:s,py:i,colour:m,begin(){let a=window.devicePixelRatio||1;[l,c]=[t.clientWidth,t.clientHeight];let[d,f]=[Math.round(l*a),Math.round(c*a)];(t.width!==d||t.height!==f)&&([t.width,t.height]=[d,f]),n.setTransform(a,0,0,a,0,0),n.clearRect(0,0,l,c),o=getComputedStyle(t)},fade(a){n.globalAlpha=a},dots(a,d,f,u){n.fillStyle=m(u),n.beginPath();for(let g=0;g<a.length;g++)n.moveTo(s(a[g])+f,i(d[g])),n.arc(s(a[g]),i(d[g]),f,0,2*Math.PI);n.fill()},line(a,d,f,u,g=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[m(u),f,"round"],n.setLineDash(g),n.beginPath();for(let b=0;b<a.length;b++)n.lineTo(s(a[b]),i(d[b]));n.stroke(),n.setLineDash([])},ties(a,d,f,u,g,b){[n.strokeStyle,n.lineWidth]=[m(b),g],n.beginPath();for(let v=0;v<a.length;v++)n.moveTo(s(a[v]),i(d[v])),n.lineTo(s(f[v]),i(u[v]));n.stroke()},words(a,d,f,u){n.font=`12px ${m("--st-font")||"sans-serif"}`,n.textAlign=d<0?"right":"left",n.fillStyle=m(u),n.fillText(a,d<0?l+d:d,f)}}}export{K as a,_ as b,V as c,B as d,G as e,ne as f,re as g,oe as h,ie as i,se as j,ae as k,ce as l,P as m,X as n,be as o,ve as p,Ee as q};
