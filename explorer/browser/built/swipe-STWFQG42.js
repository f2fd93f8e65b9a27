import{a as ie}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as K,b as te}from"../explorer.shared/shared-TK5MQQWK.js";import{a as ne}from"../explorer.shared/shared-ZVNYXL66.js";import{b as o,c as Q,d as H,g as V,h as ee}from"../explorer.shared/shared-ZMNDSNWX.js";function oe(E,v){let l=Object.entries(E).map(([n,h])=>{let R=o("canvas",{class:"picture",role:"img"}),g=o("figcaption",{class:"caption"});return{kind:n,image:h,canvas:R,text:g,figure:o("figure",{},R,g)}}),M=o("div",{class:"caption"}),b=o("button",{type:"button",title:"Let go (Escape)",click:v},"Unpin"),L=o("div",{class:"detail",role:"group","aria-label":"Pinned detail",hidden:!0},...l.map(({figure:n})=>n),o("div",{class:"where"},M,b)),$=([n,h])=>Math.max(1,Math.min(48,2*Math.floor(Math.min(n,h)/16)));return{element:L,side:$,show([n,h],R,g){let f=$(R),I={before:g.labels[0],after:g.labels[1],residual:g.residual?.label};L.hidden=!1;for(let{kind:D,image:x,canvas:m,text:c,figure:r}of l){if(r.hidden=!x.getAttribute("src")||!x.naturalWidth,r.hidden)continue;let u=Math.max(1,Math.round(192/f));m.width=m.height=f*u;let s=m.getContext("2d");s.imageSmoothingEnabled=!1,s.drawImage(x,n-f/2,h-f/2,f,f,0,0,m.width,m.height),m.setAttribute("aria-label",`Detail, ${I[D]}`),c.textContent=I[D]}M.textContent=`${f}x${f} pixels around column ${n}, row ${h}`},hide(){L.hidden=!0}}}var ae=`.live .box {
  width: fit-content;
  max-width: 100%;
}

.live .frame {
  position: relative;
  box-sizing: content-box;
  max-width: 100%;
  border: 1px solid var(--line);
  overflow: hidden;
  cursor: ew-resize;
  touch-action: pan-y;
  user-select: none;
}

.live .frame img {
  position: absolute;
  top: 0;
  left: 0;
  max-width: none;
  transform-origin: top left;
}

.live .divider {
  position: absolute;
  top: 0;
  bottom: 0;
  left: -1px;
  width: 2px;
  background: #fff;
  box-shadow: 0 0 0 1px rgb(0 0 0 / 45%);
}

.live .tag {
  position: absolute;
  bottom: 0.5rem;
  padding: 0.05rem 0.45rem;
  border-radius: calc(var(--radius) / 2);
  background: rgb(0 0 0 / 60%);
  color: #fff;
  font-size: 0.8125rem;
  pointer-events: none;
}

.live .tag.before {
  left: 0.5rem;
}

.live .tag.after {
  right: 0.5rem;
}

.live .tools {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.25rem;
  margin-top: 0.35rem;
}

.live .tag.residual {
  left: 0.5rem;
}

.live .mark {
  position: absolute;
  top: 0;
  left: 0;
  border: 1px solid #fff;
  box-shadow: 0 0 0 1px rgb(0 0 0 / 55%);
  pointer-events: none;
}

.live .legend {
  display: inline-flex;
  align-items: center;
  gap: 0.4rem;
  font-size: 0.8125rem;
}

.live .ramp {
  width: 6rem;
  height: 0.6rem;
  border: 1px solid var(--line);
}

.live .detail {
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem;
  margin-top: 0.5rem;
}

.live .detail figure {
  margin: 0;
}

.live .detail canvas {
  width: 12rem;
  max-width: 100%;
  image-rendering: pixelated;
}

.live .detail .where {
  display: flex;
  flex-direction: column;
  align-items: flex-start;
  gap: 0.4rem;
}

.live .hint {
  margin-top: 0.25rem;
}
`;var z=1.5,pe=.02,fe=32,me=4,ue="Click: pin a detail. Keys: arrows, + and \u2212, 1, 0, R, P.";function he(E){let v=["before","after","residual"],l=Object.fromEntries(v.map(e=>[e,o("img",{class:e,alt:"",draggable:"false"})])),M=Object.fromEntries(v.map(e=>[e,ie(l[e])])),b=Object.fromEntries(v.map(e=>[e,o("span",{class:`tag ${e}`})])),L=o("div",{class:"divider"}),$=o("div",{class:"mark",hidden:!0}),n=o("div",{class:"frame",role:"slider",tabindex:0,"aria-valuemin":0,"aria-valuemax":100},...Object.values(l),L,$,...Object.values(b)),h=(e,t,i,a)=>o("button",{type:"button",class:"plain","aria-label":e,title:t,click:a},Q(i)),R=o("button",{type:"button",title:"One picture pixel a screen pixel (1)",click:()=>X()},"1:1"),g=o("button",{type:"button","aria-pressed":"false",title:"What was taken away (R)",click:()=>B(!O)},"Residual"),f=o("span",{class:"quiet number"}),I=o("span",{class:"legend",hidden:!0}),D=o("div",{class:"tools"},h("Zoom out","Zoom out (\u2212)",H.minus,()=>C(1/z)),h("Zoom in","Zoom in (+)",H.plus,()=>C(z)),h("Fit the picture","Fit (0)",H.reset,()=>W()),R,g,f,I),x=oe(l,()=>U());E.append(o("div",{class:"box"},n,D),x.element,o("div",{class:"caption hint"},ue));let m={},c,r=[1,1],u=.5,s=1,T=1,p=[0,0],j=0,O=!1,k=null,F=()=>s>T*1.001,w=ne(()=>{let[e,t]=r,i=s*(window.devicePixelRatio||1)>=2&&Math.max(e,t)<=256;for(let d of Object.values(l))d.style.width=`${e*s}px`,d.style.height=`${t*s}px`,d.style.transform=`translate(${p[0]}px, ${p[1]}px)`,d.style.imageRendering=i||s>T*2?"pixelated":"auto";let a=u*n.clientWidth;L.style.transform=`translateX(${a}px)`,l.after.style.clipPath=`inset(0 0 0 ${Math.max(0,a-p[0])}px)`,l.residual.hidden=b.residual.hidden=I.hidden=!O,L.hidden=b.before.hidden=b.after.hidden=O,g.setAttribute("aria-pressed",String(O)),n.style.touchAction=F()?"none":"",n.setAttribute("aria-valuenow",String(Math.round(100*u))),n.setAttribute("aria-valuetext",`${te(u)} ${c?.labels[0]??""}`),f.textContent=`${K(s*(window.devicePixelRatio||1))} \xD7`,re()});function re(){if($.hidden=!k,!k)return;let e=x.side(r);$.style.width=$.style.height=`${e*s}px`;let[t,i]=k.map((a,d)=>(a-e/2)*s+p[d]);$.style.transform=`translate(${t}px, ${i}px)`}function W(){if(!j)return;let e=window.devicePixelRatio||1,t=Math.min(j/r[0],640/r[1]),i=t*e>=1?Math.floor(t*e)/e:t;T=s=Math.max(r[0],r[1])<=256?i:Math.min(t,1),p=[0,0],n.style.width=`${r[0]*s}px`,n.style.height=`${r[1]*s}px`,w()}let se=()=>[n.clientWidth/2,n.clientHeight/2];function N(e,t=se()){let i=Math.min(T,1/(window.devicePixelRatio||1)),a=Math.min(fe,Math.max(i,e));p=p.map((d,P)=>t[P]-(t[P]-d)*a/s),s=a,Y()}let C=(e,t)=>N(s*e,t),X=()=>N(1/(window.devicePixelRatio||1));function Z(e,t){p=[p[0]+e,p[1]+t],Y()}function Y(){let e=[n.clientWidth,n.clientHeight];p=p.map((t,i)=>Math.min(0,Math.max(e[i]-r[i]*s,t))),w()}function B(e){O=e&&m.residual!==void 0,w()}function S(e){let t=n.getBoundingClientRect();return[e.clientX-t.left-1,e.clientY-t.top-1]}function q(e){u=Math.min(1,Math.max(0,S(e)[0]/n.clientWidth)),w()}function G(e){let t=e.map((a,d)=>(a-p[d])/s),i=x.side(r)/2;k=t.map((a,d)=>Math.round(Math.min(r[d]-i,Math.max(i,a)))),x.show(k,r,c),w()}function U(){k=null,x.hide(),w()}let y=new Map,A=null;n.addEventListener("pointerdown",e=>{n.setPointerCapture(e.pointerId),y.set(e.pointerId,S(e)),A=y.size===1?S(e):null,e.pointerType!=="mouse"&&y.size===1&&q(e)}),n.addEventListener("pointermove",e=>{let t=y.get(e.pointerId),i=S(e);if(A&&t&&Math.hypot(i[0]-A[0],i[1]-A[1])>me&&(A=null),t&&y.set(e.pointerId,i),t&&y.size===2){let a=[...y].find(([P])=>P!==e.pointerId)[1],d=P=>Math.max(1,Math.hypot(P[0]-a[0],P[1]-a[1]));Z((i[0]-t[0])/2,(i[1]-t[1])/2),C(d(i)/d(t),[(i[0]+a[0])/2,(i[1]+a[1])/2])}else t&&F()&&e.pointerType==="mouse"?A||Z(i[0]-t[0],i[1]-t[1]):q(e)}),n.addEventListener("pointerup",e=>{A&&y.has(e.pointerId)&&G(S(e))});for(let e of["pointerup","pointercancel"])n.addEventListener(e,t=>{y.delete(t.pointerId),A=null});n.addEventListener("wheel",e=>{!e.ctrlKey&&!e.metaKey||(e.preventDefault(),C(Math.exp(-.005*e.deltaY),S(e)))},{passive:!1});let _={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-5,PageUp:5},J={ArrowLeft:[1,0],ArrowRight:[-1,0],ArrowUp:[0,1],ArrowDown:[0,-1]},le={"+":()=>C(z),"=":()=>C(z),"-":()=>C(1/z),0:()=>W(),1:()=>X(),r:()=>B(!O),p:()=>G([u*n.clientWidth,n.clientHeight/2]),Escape:()=>U(),Home:()=>u=0,End:()=>u=1};n.addEventListener("keydown",e=>{if(e.ctrlKey||e.metaKey||e.altKey)return;let t=le[e.key.length===1?e.key.toLowerCase():e.key];if(e.shiftKey&&e.key in J)Z(...J[e.key].map(i=>i*.1*n.clientWidth));else if(e.key in _)u=Math.min(1,Math.max(0,u+_[e.key]*pe));else if(t)t();else return;e.preventDefault(),e.stopPropagation(),w()}),l.before.addEventListener("load",()=>{let e=[l.before.naturalWidth,l.before.naturalHeight],t=e[0]===r[0]&&e[1]===r[1];r=e,t||U(),t&&j?w():W()});for(let e of Object.values(l))e.addEventListener("load",()=>k&&x.show(k,r,c));let de=V(E,e=>{e-2!==j&&(j=e-2,W())});return{update(e){c=e;let t={before:e.before,after:e.after,residual:e.residual?.png};for(let i of v){let a=t[i]?.digest;a!==m[i]&&M[i].show(t[i]?.read()??null),m[i]=a}b.before.textContent=c.labels[0],b.after.textContent=c.labels[1],g.hidden=m.residual===void 0,c.residual&&(b.residual.textContent=c.residual.label,I.replaceChildren(...ge(c.residual))),n.setAttribute("aria-label",`Divider: ${c.labels[0]} on the left, ${c.labels[1]} on the right`),B(O)},destroy(){w.cancel(),de(),Object.values(M).forEach(e=>e.destroy())}}}function ge({limit:E,unit:v,colours:l}){let M=o("span",{class:"ramp"});return M.style.background=`linear-gradient(to right, ${l.join(", ")})`,[o("span",{},`\u2212${K(E)}`),M,o("span",{},`+${K(E)} ${v}`)]}var Le=ee(he,ae);export{Le as default};
