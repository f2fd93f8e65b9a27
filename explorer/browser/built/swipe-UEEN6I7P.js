import{a as ie}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as K,b as te}from"../explorer.shared/shared-TK5MQQWK.js";import{a as ne}from"../explorer.shared/shared-ZVNYXL66.js";import{b as o,c as Q,d as H,g as V,h as ee}from"../explorer.shared/shared-5WLLZCO3.js";function oe(E,v){let l=Object.entries(E).map(([i,u])=>{let R=o("canvas",{class:"picture",role:"img"}),g=o("figcaption",{class:"caption"});return{kind:i,image:u,canvas:R,text:g,figure:o("figure",{},R,g)}}),M=o("div",{class:"caption"}),b=o("button",{type:"button",title:"Let go (Escape)",click:v},"Unpin"),L=o("div",{class:"detail",role:"group","aria-label":"Pinned detail",hidden:!0},...l.map(({figure:i})=>i),o("div",{class:"where"},M,b)),$=([i,u])=>Math.max(1,Math.min(48,2*Math.floor(Math.min(i,u)/16)));return{element:L,side:$,show([i,u],R,g){let m=$(R),I={before:g.labels[0],after:g.labels[1],residual:g.residual?.label};L.hidden=!1;for(let{kind:D,image:x,canvas:f,text:c,figure:a}of l){if(a.hidden=!x.getAttribute("src")||!x.naturalWidth,a.hidden)continue;let h=Math.max(1,Math.round(192/m));f.width=f.height=m*h;let r=f.getContext("2d");r.imageSmoothingEnabled=!1,r.drawImage(x,i-m/2,u-m/2,m,m,0,0,f.width,f.height),f.setAttribute("aria-label",`Detail, ${I[D]}`),c.textContent=I[D]}M.textContent=`${m}x${m} pixels around column ${i}, row ${u}`},hide(){L.hidden=!0}}}var ae=`.live .box {
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
`;var z=1.5,pe=.02,me=32,fe=4,he="Click: pin a detail. Keys: arrows, + and \u2212, 1, 0, R, P.";function ue(E){let v=["before","after","residual"],l=Object.fromEntries(v.map(e=>[e,o("img",{class:e,alt:"",draggable:"false"})])),M=Object.fromEntries(v.map(e=>[e,ie(l[e])])),b=Object.fromEntries(v.map(e=>[e,o("span",{class:`tag ${e}`})])),L=o("div",{class:"divider"}),$=o("div",{class:"mark",hidden:!0}),i=o("div",{class:"frame",role:"slider",tabindex:0,"aria-valuemin":0,"aria-valuemax":100},...Object.values(l),L,$,...Object.values(b)),u=(e,t,n,s)=>o("button",{type:"button",class:"plain","aria-label":e,title:t,click:s},Q(n)),R=o("button",{type:"button",title:"One picture pixel a screen pixel (1)",click:()=>X()},"1:1"),g=o("button",{type:"button","aria-pressed":"false",title:"What was taken away (R)",click:()=>B(!O)},"Residual"),m=o("span",{class:"quiet number"}),I=o("span",{class:"legend",hidden:!0}),D=o("div",{class:"tools"},u("Zoom out","Zoom out (\u2212)",H.minus,()=>C(1/z)),u("Zoom in","Zoom in (+)",H.plus,()=>C(z)),u("Fit the picture","Fit (0)",H.reset,()=>W()),R,g,m,I),x=oe(l,()=>U());E.append(o("div",{class:"box"},i,D),x.element,o("div",{class:"caption hint"},he));let f={},c=null,a=[1,1],h=.5,r=1,T=1,p=[0,0],j=0,O=!1,k=null,F=()=>r>T*1.001,w=ne(()=>{let[e,t]=a,n=r*(window.devicePixelRatio||1)>=2&&Math.max(e,t)<=256;for(let d of Object.values(l))d.style.width=`${e*r}px`,d.style.height=`${t*r}px`,d.style.transform=`translate(${p[0]}px, ${p[1]}px)`,d.style.imageRendering=n||r>T*2?"pixelated":"auto";let s=h*i.clientWidth;L.style.transform=`translateX(${s}px)`,l.after.style.clipPath=`inset(0 0 0 ${Math.max(0,s-p[0])}px)`,l.residual.hidden=b.residual.hidden=I.hidden=!O,L.hidden=b.before.hidden=b.after.hidden=O,g.setAttribute("aria-pressed",String(O)),i.style.touchAction=F()?"none":"",i.setAttribute("aria-valuenow",String(Math.round(100*h))),i.setAttribute("aria-valuetext",`${te(h)} ${c?.labels[0]??""}`),m.textContent=`${K(r*(window.devicePixelRatio||1))} \xD7`,re()});function re(){if($.hidden=!k,!k)return;let e=x.side(a);$.style.width=$.style.height=`${e*r}px`;let[t,n]=k.map((s,d)=>(s-e/2)*r+p[d]);$.style.transform=`translate(${t}px, ${n}px)`}function W(){if(!j)return;let e=window.devicePixelRatio||1,t=Math.min(j/a[0],640/a[1]),n=t*e>=1?Math.floor(t*e)/e:t;T=r=Math.max(a[0],a[1])<=256?n:Math.min(t,1),p=[0,0],i.style.width=`${a[0]*r}px`,i.style.height=`${a[1]*r}px`,w()}let se=()=>[i.clientWidth/2,i.clientHeight/2];function N(e,t=se()){let n=Math.min(T,1/(window.devicePixelRatio||1)),s=Math.min(me,Math.max(n,e));p=p.map((d,P)=>t[P]-(t[P]-d)*s/r),r=s,Y()}let C=(e,t)=>N(r*e,t),X=()=>N(1/(window.devicePixelRatio||1));function Z(e,t){p=[p[0]+e,p[1]+t],Y()}function Y(){let e=[i.clientWidth,i.clientHeight];p=p.map((t,n)=>Math.min(0,Math.max(e[n]-a[n]*r,t))),w()}function B(e){O=e&&f.residual!==void 0,w()}function S(e){let t=i.getBoundingClientRect();return[e.clientX-t.left-1,e.clientY-t.top-1]}function q(e){h=Math.min(1,Math.max(0,S(e)[0]/i.clientWidth)),w()}function G(e){let t=e.map((s,d)=>(s-p[d])/r),n=x.side(a)/2;k=t.map((s,d)=>Math.round(Math.min(a[d]-n,Math.max(n,s)))),x.show(k,a,c),w()}function U(){k=null,x.hide(),w()}let y=new Map,A=null;i.addEventListener("pointerdown",e=>{i.setPointerCapture(e.pointerId),y.set(e.pointerId,S(e)),A=y.size===1?S(e):null,e.pointerType!=="mouse"&&y.size===1&&q(e)}),i.addEventListener("pointermove",e=>{let t=y.get(e.pointerId),n=S(e);if(A&&t&&Math.hypot(n[0]-A[0],n[1]-A[1])>fe&&(A=null),t&&y.set(e.pointerId,n),t&&y.size===2){let s=[...y].find(([P])=>P!==e.pointerId)[1],d=P=>Math.max(1,Math.hypot(P[0]-s[0],P[1]-s[1]));Z((n[0]-t[0])/2,(n[1]-t[1])/2),C(d(n)/d(t),[(n[0]+s[0])/2,(n[1]+s[1])/2])}else t&&F()&&e.pointerType==="mouse"?A||Z(n[0]-t[0],n[1]-t[1]):q(e)}),i.addEventListener("pointerup",e=>{A&&y.has(e.pointerId)&&G(S(e))});for(let e of["pointerup","pointercancel"])i.addEventListener(e,t=>{y.delete(t.pointerId),A=null});i.addEventListener("wheel",e=>{!e.ctrlKey&&!e.metaKey||(e.preventDefault(),C(Math.exp(-.005*e.deltaY),S(e)))},{passive:!1});let _={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-5,PageUp:5},J={ArrowLeft:[1,0],ArrowRight:[-1,0],ArrowUp:[0,1],ArrowDown:[0,-1]},le={"+":()=>C(z),"=":()=>C(z),"-":()=>C(1/z),0:()=>W(),1:()=>X(),r:()=>B(!O),p:()=>G([h*i.clientWidth,i.clientHeight/2]),Escape:()=>U(),Home:()=>h=0,End:()=>h=1};i.addEventListener("keydown",e=>{if(e.ctrlKey||e.metaKey||e.altKey)return;let t=le[e.key.length===1?e.key.toLowerCase():e.key];if(e.shiftKey&&e.key in J)Z(...J[e.key].map(n=>n*.1*i.clientWidth));else if(e.key in _)h=Math.min(1,Math.max(0,h+_[e.key]*pe));else if(t)t();else return;e.preventDefault(),e.stopPropagation(),w()}),l.before.addEventListener("load",()=>{let e=[l.before.naturalWidth,l.before.naturalHeight],t=e[0]===a[0]&&e[1]===a[1];a=e,t||U(),t&&j?w():W()});for(let e of Object.values(l))e.addEventListener("load",()=>k&&x.show(k,a,c));let de=V(E,e=>{e-2!==j&&(j=e-2,W())});return{update(e){c=e.header;for(let t of v){let n=e.digest(t);n!==f[t]&&M[t].show(n?e.section(t):null),f[t]=n}b.before.textContent=c.labels[0],b.after.textContent=c.labels[1],g.hidden=f.residual===void 0,c.residual&&(b.residual.textContent=c.residual.label,I.replaceChildren(...ge(c.residual))),i.setAttribute("aria-label",`Divider: ${c.labels[0]} on the left, ${c.labels[1]} on the right`),B(O)},destroy(){w.cancel(),de(),Object.values(M).forEach(e=>e.destroy())}}}function ge({limit:E,unit:v,colours:l}){let M=o("span",{class:"ramp"});return M.style.background=`linear-gradient(to right, ${l.join(", ")})`,[o("span",{},`\u2212${K(E)}`),M,o("span",{},`+${K(E)} ${v}`)]}var Le=ee(ue,ae);export{Le as default};
