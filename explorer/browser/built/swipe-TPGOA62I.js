import{a as W,b as te}from"../explorer.shared/shared-TK5MQQWK.js";import{a as ee}from"../explorer.shared/shared-ZVNYXL66.js";import{a as Q,d as V}from"../explorer.shared/shared-V6K5QLGS.js";import{b as l,c as Y,d as H,g as q,h as J}from"../explorer.shared/shared-XRFZHQUS.js";var re=48,le=192;function ie(b,c){let s=Object.entries(b).map(([i,y])=>{let z=l("canvas",{class:"picture",role:"img"}),w=l("figcaption",{class:"caption"});return{kind:i,image:y,canvas:z,text:w,figure:l("figure",{},z,w)}}),n=l("div",{class:"caption"}),d=l("button",{type:"button",title:"Let go (Escape)",click:c},"Unpin"),f=l("div",{class:"detail",role:"group","aria-label":"Pinned detail",hidden:!0},...s.map(({figure:i})=>i),l("div",{class:"where"},n,d)),p=i=>Math.max(1,Math.min(re,2*Math.floor(Math.min(...i)/16)));return{element:f,side:p,show([i,y],z,w){let u=p(z);f.hidden=!1;for(let{kind:k,image:I,canvas:h,text:A,figure:o}of s){if(o.hidden=!I.getAttribute("src")||!I.naturalWidth,o.hidden)continue;h.width=h.height=u*Math.max(1,Math.round(le/u));let m=Q(h);m.imageSmoothingEnabled=!1,m.drawImage(I,i-u/2,y-u/2,u,u,0,0,h.width,h.height),h.setAttribute("aria-label",`Detail, ${w[k]}`),A.textContent=w[k]}n.textContent=`${u}x${u} pixels around column ${i}, row ${y}`},hide(){f.hidden=!0}}}var oe=`.live .box {
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
`;var Z=class{size=[1,1];frame=[1,1];offset=[0,0];scale=1;fitScale=1;pixelRatio=1;get isZoomed(){return this.scale>this.fitScale*1.001}get isCrisp(){return Math.max(...this.size)<=256&&this.scale*this.pixelRatio>=2||this.scale>this.fitScale*2}fit(c,s){let[n,d]=this.size,f=Math.min(c/n,640/d),p=f*s>=1?Math.floor(f*s)/s:f;this.pixelRatio=s,this.fitScale=this.scale=Math.max(n,d)<=256?p:Math.min(f,1),this.frame=[n*this.scale,d*this.scale],this.offset=[0,0]}zoomTo(c,s=[this.frame[0]/2,this.frame[1]/2]){let n=Math.min(this.fitScale,1/this.pixelRatio),d=Math.min(32,Math.max(n,c)),[f,p]=this.offset,i=d/this.scale;this.offset=[s[0]-(s[0]-f)*i,s[1]-(s[1]-p)*i],this.scale=d,this.moveBy(0,0)}moveBy(c,s){let[n,d]=this.offset;this.offset=[this.#e(n+c,0),this.#e(d+s,1)]}pixelAt([c,s]){return[(c-this.offset[0])/this.scale,(s-this.offset[1])/this.scale]}#e(c,s){return Math.min(0,Math.max(this.frame[s]-this.size[s]*this.scale,c))}};var D=1.5,de=.02,fe=4,he="Click: pin a detail. Keys: arrows, + and \u2212, 1, 0, R, P.";function pe(b){let c=e=>l("img",{class:e,alt:"",draggable:"false"}),s=e=>l("span",{class:`tag ${e}`}),n={before:c("before"),after:c("after"),residual:c("residual")},d={before:s("before"),after:s("after"),residual:s("residual")},f=l("div",{class:"divider"}),p=l("div",{class:"mark",hidden:!0}),i=l("div",{class:"frame",role:"slider",tabindex:0,"aria-valuemin":0,"aria-valuemax":100},...Object.values(n),f,p,...Object.values(d)),y=(e,t,a,r)=>l("button",{type:"button",class:"plain","aria-label":e,title:t,click:r},Y(a)),z=l("button",{type:"button",title:"One picture pixel a screen pixel (1)",click:G},"1:1"),w=l("button",{type:"button","aria-pressed":"false",title:"What was taken away (R)",click:U},"Residual"),u=l("span",{class:"quiet number"}),k=l("span",{class:"legend",hidden:!0}),I=l("div",{class:"tools"},y("Zoom out","Zoom out (\u2212)",H.minus,()=>$(1/D)),y("Zoom in","Zoom in (+)",H.plus,()=>$(D)),y("Fit the picture","Fit (0)",H.reset,P),z,w,u,k),h=ie(n,B);b.append(l("div",{class:"box"},i,I),h.element,l("div",{class:"caption hint"},he));let A={before:K(n.before),after:K(n.after),residual:K(n.residual)},o=new Z,m={before:"",after:"",residual:""},E=.5,O=0,L=!1,v=null,g=ee(()=>{let[e,t]=o.size.map(r=>r*o.scale);for(let{style:r}of Object.values(n))[r.width,r.height]=[`${e}px`,`${t}px`],r.transform=`translate(${o.offset[0]}px, ${o.offset[1]}px)`,r.imageRendering=o.isCrisp?"pixelated":"auto";let a=E*i.clientWidth;f.style.transform=`translateX(${a}px)`,n.after.style.clipPath=`inset(0 0 0 ${Math.max(0,a-o.offset[0])}px)`;for(let r of[n.residual,d.residual,k])r.hidden=!L;for(let r of[f,d.before,d.after])r.hidden=L;w.setAttribute("aria-pressed",String(L)),i.style.touchAction=o.isZoomed?"none":"",i.setAttribute("aria-valuenow",String(Math.round(100*E))),i.setAttribute("aria-valuetext",`${te(E)} ${m.before}`),u.textContent=`${W(o.scale*o.pixelRatio)} \xD7`,se()});function se(){if(p.hidden=!v,!v)return;let e=h.side(o.size),[t,a]=v.map((r,x)=>(r-e/2)*o.scale+o.offset[x]);p.style.width=p.style.height=`${e*o.scale}px`,p.style.transform=`translate(${t}px, ${a}px)`}function P(){O&&(o.fit(O,window.devicePixelRatio||1),[i.style.width,i.style.height]=o.frame.map(e=>`${e}px`),g())}function $(e,t){o.zoomTo(o.scale*e,t),g()}function G(){o.zoomTo(1/o.pixelRatio),g()}function j(e,t){o.moveBy(e,t),g()}function U(){L=!L&&A.residual.isThere,g()}function R(e){E=Math.min(1,Math.max(0,e)),g()}function C(e){let t=i.getBoundingClientRect();return[e.clientX-t.left-1,e.clientY-t.top-1]}function _(e){let t=h.side(o.size)/2,[a,r]=o.pixelAt(e).map((x,T)=>Math.min(o.size[T]-t,Math.max(t,x)));v=[Math.round(a),Math.round(r)],h.show(v,o.size,m),g()}function B(){v=null,h.hide(),g()}let M=new Map,S=null;i.addEventListener("pointerdown",e=>{i.setPointerCapture(e.pointerId),M.set(e.pointerId,C(e)),S=M.size===1?C(e):null,e.pointerType!=="mouse"&&M.size===1&&R(C(e)[0]/i.clientWidth)}),i.addEventListener("pointermove",e=>{let t=M.get(e.pointerId),[a,r]=C(e);S&&t&&Math.hypot(a-S[0],r-S[1])>fe&&(S=null),t&&M.set(e.pointerId,[a,r]);let x=[...M].find(([T])=>T!==e.pointerId)?.[1];if(t&&x){let T=X=>Math.max(1,Math.hypot(X[0]-x[0],X[1]-x[1]));j((a-t[0])/2,(r-t[1])/2),$(T([a,r])/T(t),[(a+x[0])/2,(r+x[1])/2])}else t&&o.isZoomed&&e.pointerType==="mouse"?S||j(a-t[0],r-t[1]):R(a/i.clientWidth)}),i.addEventListener("pointerup",e=>{S&&M.has(e.pointerId)&&_(C(e))});for(let e of["pointerup","pointercancel"])i.addEventListener(e,t=>{M.delete(t.pointerId),S=null});i.addEventListener("wheel",e=>{!e.ctrlKey&&!e.metaKey||(e.preventDefault(),$(Math.exp(-.005*e.deltaY),C(e)))},{passive:!1});let F={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-5,PageUp:5},N={ArrowLeft:[1,0],ArrowRight:[-1,0],ArrowUp:[0,1],ArrowDown:[0,-1]},ae={"+":()=>$(D),"=":()=>$(D),"-":()=>$(1/D),0:P,1:G,r:U,p:()=>_([E*i.clientWidth,i.clientHeight/2]),Escape:B,Home:()=>R(0),End:()=>R(1)};i.addEventListener("keydown",e=>{if(e.ctrlKey||e.metaKey||e.altKey)return;let t=ae[e.key.length===1?e.key.toLowerCase():e.key];if(e.shiftKey&&e.key in N){let a=.1*i.clientWidth,[r,x]=N[e.key];j(r*a,x*a)}else if(e.key in F)R(E+F[e.key]*de);else if(t)t();else return;e.preventDefault(),e.stopPropagation()}),n.before.addEventListener("load",()=>{let{naturalWidth:e,naturalHeight:t}=n.before,a=e===o.size[0]&&t===o.size[1];o.size=[e,t],a||B(),a&&O?g():P()});for(let e of Object.values(n))e.addEventListener("load",()=>{v&&h.show(v,o.size,m)});let ne=q(b,e=>{e-2!==O&&(O=e-2,P())});return{update({before:e,after:t,residual:a,labels:r}){A.before.update(e),A.after.update(t),A.residual.update(a?.png??null),m={before:r[0],after:r[1],residual:a?.label??""},d.before.textContent=m.before,d.after.textContent=m.after,d.residual.textContent=m.residual,w.hidden=!a,a&&k.replaceChildren(...me(a)),i.setAttribute("aria-label",`Divider: ${m.before} on the left, ${m.after} on the right`),L=L&&a!==null,g()},destroy(){g.cancel(),ne();for(let e of Object.values(A))e.destroy()}}}function K(b){let c=V(b),s="";return{get isThere(){return s!==""},update(n){let d=n?.digest??"";d!==s&&c.show(n?.read()??null),s=d},destroy:c.destroy}}function me({limit:b,unit:c,colours:s}){let n=l("span",{class:"ramp"});return n.style.background=`linear-gradient(to right, ${s.join(", ")})`,[l("span",{},`\u2212${W(b)}`),n,l("span",{},`+${W(b)} ${c}`)]}var ke=J(pe,oe);export{ke as default};
