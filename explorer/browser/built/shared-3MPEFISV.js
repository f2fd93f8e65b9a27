import{a as E,b as S}from"../explorer.shared/shared-ZVNYXL66.js";import{a as L}from"../explorer.shared/shared-V6K5QLGS.js";import{b as p,c as w,e as A,h as k}from"../explorer.shared/shared-XRFZHQUS.js";var C="set",j=150;function K(t,e){let[o,...n]=(new URLSearchParams(location.search).get(C)??"").split(".");for(let r of o===t?n:[]){let[a,i]=r.split("~");a in e&&i!==void 0&&Object.assign(e,{[a]:i})}let{pathname:l}=location,c=S(()=>{let r=new URL(location.href);if(r.pathname!==l)return;let a=Object.entries(e).map(([i,m])=>`${i}~${m}`);r.searchParams.set(C,[t,...a].join(".")),history.replaceState(history.state,"",r)},j);return{settings:e,remember:c}}function _({label:t,low:e,high:o,step:n,value:l,text:c=String},r){let a=A(),i=p("input",{type:"range",id:a,min:e,max:o,step:n,value:l}),m=p("output",{for:a,class:"number"}),s=()=>{let d=(i.valueAsNumber-e)/(o-e);i.style.setProperty("--at",`calc(7px + (100% - 14px) * ${d})`),i.setAttribute("aria-valuetext",c(i.valueAsNumber)),m.textContent=c(i.valueAsNumber)};return i.addEventListener("input",()=>{s(),r(i.valueAsNumber)}),s(),{element:p("div",{class:"control"},p("label",{for:a},t),m,i),set(d){i.value=String(d),s()}}}function V(t,e,o,n){let l=A(),c=p("fieldset",{class:"control choice"},p("legend",{},t));for(let[r,a]of Object.entries(e)){let i=p("input",{type:"radio",name:l,value:r,checked:r===o,change:()=>n(r)});c.append(p("label",{},i,p("span",{},a)))}return{element:c}}function B(t,e,{path:o,primary:n}={}){let l=p("span",{},t),c=p("span",{class:"icon-place"},o?w(o):null);return{element:p("button",{type:"button",class:n?"primary":null,click:e},c,l),show(a,i){l.textContent=a,c.replaceChildren(...i?[w(i)]:[])}}}function G(t){let e=p("dd",{class:"number"}),o=p("dt",{},t);return{element:p("div",{class:"figure"},o,e),show(n){e.textContent!==n&&(e.textContent=n)}}}function P(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function X(t,e){let o=!1,n=!0,l=0,c=0,r=0,a=s=>{l=requestAnimationFrame(a),c+=Math.min(.1,(s-r)/1e3),r=s,e(c)},i=()=>{let s=o&&n;s!==l>0&&(cancelAnimationFrame(l),r=performance.now(),l=s?requestAnimationFrame(a):0)},m=new IntersectionObserver(([s])=>{n=s.isIntersecting,i()});return m.observe(t),{get isOn(){return o},start(){[o,c]=[!0,0],i()},stop(){o=!1,i()},destroy(){m.disconnect(),o=!1,i()}}}function M(){let t=new Set,e="";return{get lit(){return e},light(o){if(o!==e){e=o;for(let n of t)n()}},onChange(o){t.add(o)}}}function y(t,e,o){t.setAttribute("data-part",e),t.setAttribute("tabindex","0");let n=()=>o.light(e),l=()=>o.light("");for(let c of["pointerenter","focus","click"])t.addEventListener(c,n);t.addEventListener("blur",l),t.addEventListener("pointerleave",c=>{c.pointerType==="mouse"&&l()}),o.onChange(()=>t.classList.toggle("lit",o.lit===e))}var x="http://www.w3.org/1998/Math/MathML",F=/\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;function b(t,...e){let o=document.createElementNS(x,t);for(let n of e)o.append($(n));return o}function $(t){if(t instanceof Node)return t;let e=document.createElementNS(x,"mrow");for(let o of Array.isArray(t)?t:[t])if(o instanceof Node)e.append(o);else for(let[n]of o.matchAll(F))e.append(q(n));return e.childNodes.length===1?e.childNodes[0]:e}function q(t){let e=/\p{L}/u.test(t)?"mi":/\d/.test(t)?"mn":"mo",o=document.createElementNS(x,e);return o.textContent=t,e==="mo"&&o.setAttribute("stretchy","false"),o}var ne=(t,e)=>b("mfrac",t,e),re=(t,e)=>b("msub",t,e),oe=(t,e)=>b("msup",t,e);var ie=t=>b("mover",t,"^"),se=t=>b("mover",t,"~"),ae=t=>b("munder","\u2211",t),ce=(...t)=>b("mrow","\u2016",...t,"\u2016");function N(t,e){let o={};for(let[n,{sign:l,says:c}]of Object.entries(t))Object.defineProperty(o,n,{get(){let r=b("mrow",l());return r.setAttribute("class","symbol"),r.setAttribute("role","button"),r.setAttribute("aria-label",c),y(r,n,e),r}});return o}function T(t){let e=b("math",t);return e.setAttribute("display","block"),e}function O(t){return p("p",{},...t.map(e=>U(e)?b("math",e):e))}function U(t){return t instanceof Element&&t.namespaceURI===x}var I=`/* Shared by all scenes of Learn. What is data, what was rebuilt, and what it is compared with look the same in each. */
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
`;function he(t,e){return k(t,I+e)}function ve(t,e,o={}){let n=M(),l=N(e.symbols,n),[c,r,a]=["stage","buttons","controls"].map(u=>p("div",{class:u})),i=p("dl",{class:"figures"}),m=p("p",{class:"says","aria-live":"polite"}),s=p("div",{class:"buttons"}),d=p("div",{class:"scene"},p("div",{class:"body"},c,p("div",{class:"side"},r,a,i)),p("div",{class:"words"},p("div",{class:"formula"},T(e.formula(l)),m),p("div",{class:"prose"},...e.text(l).map(O)),p("div",{class:"question"},p("p",{},e.question),s)));t.append(d);let f=()=>{let u=e.symbols[n.lit],g=o[n.lit]?.();m.textContent=u?`${u.says}${g?`: ${g}`:""}`:"Point at a symbol, or at the picture."};return n.onChange(f),f(),{links:n,stage:c,buttons:r,controls:a,doing:s,addFigure({element:u},g){y(u,g,n),i.append(u)},drawn(){d.dataset.drawn="",n.lit&&f()},lookUp:()=>c.scrollIntoView({block:"center",behavior:P()?"auto":"smooth"}),strength:(...u)=>!n.lit||u.includes(n.lit)?1:.18}}function R(t,e){let o=!1,n={x:.5,y:.5},l=r=>{let a=t.getBoundingClientRect();return n={x:(r.clientX-a.left)/a.width,y:(r.clientY-a.top)/a.height},n},c=()=>{o&&e.release?.(),o=!1};t.addEventListener("pointerdown",r=>{if(r.button>0)return;t.setPointerCapture(r.pointerId),o=!0;let{x:a,y:i}=l(r);(e.press??e.point)?.(a,i)}),t.addEventListener("pointermove",r=>{let{x:a,y:i}=l(r);(o?e.drag??e.point:e.point)?.(a,i)});for(let r of["pointerup","pointercancel"])t.addEventListener(r,c);t.addEventListener("pointerleave",r=>{r.pointerType==="mouse"&&e.leave?.()}),t.addEventListener("blur",()=>{c(),e.leave?.()}),t.addEventListener("keydown",r=>{let a={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};if(r.key===" "||r.key==="Enter"){if(r.preventDefault(),o){c();return}o=!0,(e.press??e.point)?.(n.x,n.y)}else if(r.key in a){r.preventDefault();let i=r.shiftKey?4*.025:.025,[m,s]=a[r.key];n={x:Math.min(1,Math.max(0,n.x+m*i)),y:Math.min(1,Math.max(0,n.y+s*i))},(o?e.drag??e.point:e.point)?.(n.x,n.y)}})}function Ee({label:t,x:e,y:o,aspect:n=1,hand:l},c){let r=p("canvas",{class:"plane",role:"img","aria-label":t});r.style.aspectRatio=String(n);let a=z(r,e,o),i=E(()=>{r.clientWidth&&(a.begin(),c(a))}),m=new ResizeObserver(i);if(m.observe(r),document.fonts.addEventListener("loadingdone",i),l){r.tabIndex=0,r.setAttribute("role","application"),s(!1);let d=f=>{let u=l[f];return u&&((h,v)=>u?.(e[0]+h*(e[1]-e[0]),o[1]-v*(o[1]-o[0])))};R(r,{...l,point:d("point"),press:d("press"),drag:d("drag")})}function s(d){r.setAttribute("data-hand",d?"drag":"point"),r.style.touchAction=d?"none":"pan-y"}return{element:r,redraw:i,takeFingers:s,units:d=>d*(e[1]-e[0])/Math.max(1,r.clientWidth),destroy(){m.disconnect(),document.fonts.removeEventListener("loadingdone",i),i.cancel()}}}function z(t,e,o){let n=L(t),[l,c]=[0,0],r,a=s=>(s-e[0])/(e[1]-e[0])*l,i=s=>(o[1]-s)/(o[1]-o[0])*c,m=s=>r.getPropertyValue(s).trim();return{brush:n,px:a,py:i,colour:m,begin(){let s=window.devicePixelRatio||1;[l,c]=[t.clientWidth,t.clientHeight];let[d,f]=[Math.round(l*s),Math.round(c*s)];(t.width!==d||t.height!==f)&&([t.width,t.height]=[d,f]),n.setTransform(s,0,0,s,0,0),n.clearRect(0,0,l,c),r=getComputedStyle(t)},fade(s){n.globalAlpha=s},dots(s,d,f,u){n.fillStyle=m(u),n.beginPath();for(let g=0;g<s.length;g++)n.moveTo(a(s[g])+f,i(d[g])),n.arc(a(s[g]),i(d[g]),f,0,2*Math.PI);n.fill()},line(s,d,f,u,g=[]){[n.strokeStyle,n.lineWidth,n.lineJoin]=[m(u),f,"round"],n.setLineDash(g),n.beginPath();for(let h=0;h<s.length;h++)n.lineTo(a(s[h]),i(d[h]));n.stroke(),n.setLineDash([])},ties(s,d,f,u,g,h){[n.strokeStyle,n.lineWidth]=[m(h),g],n.beginPath();for(let v=0;v<s.length;v++)n.moveTo(a(s[v]),i(d[v])),n.lineTo(a(f[v]),i(u[v]));n.stroke()},words(s,d,f,u){n.font=`12px ${m("--st-font")||"sans-serif"}`,n.textAlign=d<0?"right":"left",n.fillStyle=m(u),n.fillText(s,d<0?l+d:d,f)}}}export{K as a,_ as b,V as c,B as d,G as e,ne as f,re as g,oe as h,ie as i,se as j,ae as k,ce as l,X as m,he as n,ve as o,Ee as p};
