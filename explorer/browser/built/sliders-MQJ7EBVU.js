import{a as re}from"../explorer.shared/shared-NB3OPBZA.js";import{a as ne}from"../explorer.shared/shared-VBMPPOGF.js";import{a as te}from"../explorer.shared/shared-PCWRJ7CE.js";import{b as ee}from"../explorer.shared/shared-B44ME2VZ.js";import"../explorer.shared/shared-F3AGMURB.js";import{a as P,b as q}from"../explorer.shared/shared-TK5MQQWK.js";import{a as Q,b as Z}from"../explorer.shared/shared-ZVNYXL66.js";import{a as X,b as Y}from"../explorer.shared/shared-V6K5QLGS.js";import"../explorer.shared/shared-EW7ZPMOL.js";import{b as h,c as z,d as I,e as G,g as _,h as V}from"../explorer.shared/shared-XRFZHQUS.js";function ie(i,a){let o=a.length,[s,n]=[-1,1/0];for(let p=0,l=0;l<i.length;p++,l+=o){let g=0;for(let x=0;x<o&&g<n;x++){let d=i[l+x]-a[x];g+=d*d}g<n&&([s,n]=[p,g])}return{index:s,distance:Math.sqrt(n)}}function oe(i){let a=i.factors.shape.length===3,[o,s,n]=[i.constants.read(),i.means.read(),i.factors.read()];return p=>{let l=p.length,g=Array.from(o,(d,y)=>{let A=0;for(let b=0;b<l;b++){let $=(y*l+b)*l,M=0;if(a)for(let v=0;v<=b;v++)M+=(p[v]-s[y*l+v])*n[$+v];else M=(p[b]-s[y*l+b])*n[y*l+b];A+=M*M}return d-A/2}),x=Math.max(...g);return x+Math.log(g.reduce((d,y)=>d+Math.exp(y-x),0))}}function se(i,a){let[o,s]=[0,i.length];for(;o<s;){let n=o+s>>1;i[n]<a?o=n+1:s=n}return o/i.length}function ae({check:i,codes:a,means:o,stds:s},n,p){let l=v=>ye(v,i.inactive,o),g=l(n),{index:x,distance:d}=ie(a,g),y=Math.sqrt(g.reduce((v,e,t)=>v+((e-o[t])/s[t])**2,0)),b=[{key:y<i.centre?"near_middle":"far_out",value:Math.abs(y-i.centre)},{key:"alone",value:d},{key:"changed",value:p?be(l(p),g):0}].map(({key:v,value:e},t)=>{let r=i.scales[t];return{key:v,value:r===null?0:e/r}}).reduce((v,e)=>e.value>v.value?e:v),{verdicts:$}=i,M=$.find(({limit:v})=>v===null||b.value<=v)??$[0];return{index:x,distance:d,verdict:M,reason:M===$[0]?"":i.reasons[b.key]}}function ye(i,a,o){let s=Float64Array.from(i);for(let n of a)s[n]=o[n];return s}function be(i,a){return Math.sqrt(i.reduce((o,s,n)=>o+(s-a[n])**2,0))}function le(){let i=h("div",{class:"verdict"}),a=h("div",{class:"caption"}),o=h("div",{class:"caption"}),s=re("Nearest real item"),n=h("div",{class:"caption"}),p=h("figure",{class:"nearest"},s.canvas,n),l=h("div",{},i,a,o),g=h("div",{class:"density-check",hidden:!0},l,p),x="",d=null,y="",A=null,b=new Float32Array(0),$=null;function M(t){if(!t||t.code.length!==b.length)return!1;let{code:r}=t;return b.every((u,c)=>u===Math.fround(r[c]))}function v(t){let r=[$,t.check.at_rest].find(M),u=ae(t,b,r?.again??null);return i.className=`verdict ${u.verdict.name}`,i.textContent=u.verdict.words[0].toUpperCase()+u.verdict.words.slice(1),i.title=u.verdict.hint,a.textContent=u.reason,a.hidden=!u.reason,u}function e(t){let r=t?.encoder?.digest??"";r!==y&&(y=r,A=t?.encoder?new ee(t.encoder.read()):null,$=null)}return{element:g,update(t){let r=JSON.stringify(t);r!==x&&(x=r,g.hidden=!t,d=t&&xe(t),e(t?.check),s.update(t?.sprites??null))},decoded(t,r){A&&($={code:Float32Array.from(r),again:A.run(t).slice(0,r.length)},d?.codes&&M($)&&v(d.codes))},show(t){if(!d)return null;let{panel:r,codes:u}=d;if(b=t.slice(),o.textContent=d.densityWords(b),o.title=`By the density of Gaussians fitted to these codes (${r.source}); each was measured by one that had not seen it.`,p.hidden=i.hidden=!u,a.hidden||=!u,!u)return null;let{index:c,distance:f}=v(u);return s.show(c),n.textContent=`Nearest real ${r.item_word}: ${r.names[c]}. Distance ${P(f)}; between real ones ${P(u.check.usual)} is usual.`,n.title=`In units of the code; the usual distance is the median over real items (${r.source}).`,d.rowAt(c)},fit:s.fit,destroy:s.destroy}}function xe(i){let{check:a,mixture:o,rows:s}=i,n=o?.densities.read(),p=o&&oe(o),l=s?.read(),g=s?.shape[1]??0,x=a&&{check:a,codes:i.codes.read(),means:a.means.read(),stds:a.stds.read()};function d(A){if(!n||!p)return"";let b=se(n,p(A)),$=i.code_words;return b===0?`Less likely than each of the ${n.length.toLocaleString("en-US")} ${$}`:`More likely than ${q(b,b<.01?1:0)} of the ${$}`}return{panel:i,codes:x,densityWords:d,rowAt:A=>l?.subarray(A*g,(A+1)*g)??null}}var W=3,ce=.01;function de(i){let a=h("canvas",{"aria-hidden":"true"}),o=h("div",{class:"pad-mark"}),s=h("div",{class:"pad",role:"application",tabindex:0,hidden:!0},a,o),n=null,p={left:0,right:1,bottom:0,top:1},l=null,g="",x=[0,0],d=!1,y=_(s,b),A=(e,t)=>[(e-p.left)/(p.right-p.left),(p.top-t)/(p.top-p.bottom)];function b(){let e=s.clientWidth;if(!n||!e)return;let t=devicePixelRatio;a.width=a.height=Math.round(e*t);let r=X(a);if(r.scale(t,t),l&&n.picture){let[c,f]=A(n.picture.left,n.picture.top),[C,D]=A(n.picture.right,n.picture.bottom);r.drawImage(l,c*e,f*e,(C-c)*e,(D-f)*e)}let u=n.places.read();n.colours.forEach((c,f)=>{let[C,D]=A(u[2*f],u[2*f+1]);r.fillStyle=c,r.fillRect(C*e-W/2,D*e-W/2,W,W)})}function $(e,t){let r=s.getBoundingClientRect();M((e.clientX-r.left)/r.width,(e.clientY-r.top)/r.height,t)}function M(e,t,r){let[u,c]=[e,t].map(E=>Math.min(1,Math.max(0,E))),{left:f,right:C,bottom:D,top:L}=p;i(f+u*(C-f),L-c*(L-D),r)}s.addEventListener("pointerdown",e=>{d=!0,s.setPointerCapture(e.pointerId),s.focus({preventScroll:!0}),e.preventDefault(),$(e,!1)}),s.addEventListener("pointermove",e=>{d&&$(e,!1)});for(let e of["pointerup","pointercancel"])s.addEventListener(e,t=>{d&&$(t,!0),d=!1});s.addEventListener("keydown",e=>{let t=e.shiftKey?10*ce:ce,r={ArrowLeft:[-t,0],ArrowRight:[t,0],ArrowUp:[0,-t],ArrowDown:[0,t]};if(!(e.key in r))return;e.preventDefault();let[u,c]=A(x[0],x[1]);M(u+r[e.key][0],c+r[e.key][1],!0)});async function v(e){let t=g,r=await createImageBitmap(Y(e));t===g&&(l=r,b())}return{element:s,update(e,t){n=e,s.hidden=!n;let[r,u]=[n?.across,n?.up].map(C=>t.find(D=>D.index===C));if(!n||!r||!u)return;p={left:r.low,right:r.high,bottom:u.low,top:u.high};let c=`${r.label} and ${u.label}`;s.setAttribute("aria-label",`Plane of ${c}. Press or drag to set both; arrow keys move the code.`);let f=n.picture?.png.digest??"";f!==g&&(g=f,l=null,n.picture&&v(n.picture.png.read())),b()},show(e,t){x=[e,t];let[r,u]=A(e,t);o.style.left=`${100*r}%`,o.style.top=`${100*u}%`,s.setAttribute("aria-description",`${P(e)}, ${P(t)}`)},destroy:y}}function ue(i,a){let o=a.toLowerCase().split(/[\s,;]+/).filter(Boolean).map(l=>/^\d/.test(l)?`z${l}`:l);if(!o.length)return null;let s=i.map(l=>l.toLowerCase()),n=s.flatMap((l,g)=>o.some(x=>l.startsWith(x))?[g]:[]),p=n.filter(l=>o.includes(s[l]));return[...p,...n.filter(l=>!p.includes(l))]}var R=200;function H({label:i,low:a,high:o,note:s,hint:n,inactive:p},l,g){let x=G(),d=h("input",{type:"range",id:x,min:0,max:R,step:"any"}),y=h("input",{type:"text",inputmode:"decimal",class:"value","aria-label":`${i}, value`}),A=h("button",{type:"button",class:"plain",title:`Reset ${i}`,"aria-label":`Reset ${i}`},z(I.reset)),b=h("label",{for:x,title:n},i,h("span",{class:"share"},s??"")),$=h("div",{class:p?"slider-row inactive":"slider-row"},b,d,y,A),M=o-a||1,v=NaN,e=l,t=(c,f)=>{e=c,g(c,f)},r=()=>a+d.valueAsNumber/R*M,u=()=>t(l,!0);return d.addEventListener("input",()=>t(r(),!1)),d.addEventListener("change",()=>t(r(),!0)),d.addEventListener("dblclick",u),d.addEventListener("keydown",c=>{let f=M/(c.shiftKey?R:R/2),C={ArrowLeft:e-f,ArrowDown:e-f,ArrowRight:e+f,ArrowUp:e+f,PageDown:e-10*f,PageUp:e+10*f,Home:a,End:o};c.key in C&&(c.preventDefault(),t(Math.min(o,Math.max(a,C[c.key])),!0))}),A.addEventListener("click",u),y.addEventListener("focus",()=>y.select()),y.addEventListener("change",()=>{let c=ke(y.value);Number.isFinite(c)?t(c,!0):y.value=me(v)}),{element:$,show(c){if(c===v)return;v=e=c;let f=Math.min(1,Math.max(0,(c-a)/M));d.value=String(f*R);let C=Math.min(1,Math.max(0,-a/M)),[D,L]=[Math.min(C,f),Math.max(C,f)].map(E=>`calc(7px + (100% - 14px) * ${E})`);d.style.setProperty("--from",D),d.style.setProperty("--at",L),d.style.setProperty("--zero",a<0&&o>0?`calc(7px + (100% - 14px) * ${C})`:"-9px"),d.setAttribute("aria-valuetext",P(c)),y.value=me(c),A.style.visibility=Math.abs(c-l)<=1e-6*M?"hidden":"visible"}}}function me(i){return i.toFixed(2).replace("-","\u2212")}function ke(i){let a=i.trim().replace("\u2212","-").replace(",",".");return a===""?NaN:Number(a)}var pe=`.live .layout {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(0, 362px);
  gap: 1.5rem;
  align-items: start;
}

.live figure {
  margin: 0;
}

.live .output {
  position: sticky;
  top: 4rem;
}

.live .output .caption {
  margin-top: 0.35rem;
}

.live .density-check {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.75rem;
  margin-top: 0.75rem;
}

.live .nearest {
  display: flex;
  gap: 0.75rem;
  align-items: center;
}

.live .verdict {
  font-weight: 600;
}

/* A full, a half and an empty circle: told apart without colour. */
.live .verdict::before {
  content: "";
  display: inline-block;
  width: 0.7em;
  height: 0.7em;
  margin-right: 0.5em;
  border: 2px solid var(--accent);
  border-radius: 50%;
}

.live .verdict.inside::before {
  background: var(--accent);
}

.live .verdict.edge::before {
  background: linear-gradient(to right, var(--accent) 50%, transparent 50%);
}

.live .pad {
  position: relative;
  max-width: 26rem;
  aspect-ratio: 1;
  margin: 0 0 0.75rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  overflow: hidden;
  cursor: crosshair;
  touch-action: none;
}

.live .pad[hidden] {
  display: none;
}

.live .pad canvas {
  display: block;
  width: 100%;
  height: 100%;
}

/* A ring that shows on black and on white. */
.live .pad-mark {
  position: absolute;
  width: 16px;
  height: 16px;
  border: 3px solid var(--accent);
  border-radius: 50%;
  outline: 1px solid #fff;
  box-shadow: inset 0 0 0 1px #fff;
  transform: translate(-50%, -50%);
  pointer-events: none;
}

.live .directions {
  margin-bottom: 0.75rem;
  padding-bottom: 0.75rem;
  border-bottom: 1px solid var(--line);
}

.live .finder {
  display: flex;
  align-items: center;
  gap: 0.75rem;
  margin-bottom: 0.5rem;
}

.live .finder input {
  width: 15rem;
  max-width: 100%;
  padding: 0.25rem 0.65rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: transparent;
  color: inherit;
  font: inherit;
}

/* Many sliders scroll beside their picture, and those out of sight cost nothing. */
.live .long {
  max-height: 70vh;
  overflow-y: auto;
  padding-right: 0.5rem;
}

.live .long .slider-row {
  content-visibility: auto;
  contain-intrinsic-height: 2rem;
}

.live .slider-row {
  display: grid;
  grid-template-columns: 5.5rem minmax(0, 1fr) 3.75rem 1.75rem;
  align-items: center;
  gap: 0.75rem;
  min-height: 2rem;
}

/* A tick where the code is zero. */
.live .slider-row input[type="range"] {
  background: linear-gradient(var(--quiet), var(--quiet)) var(--zero) center / 2px 12px no-repeat;
}

.live .slider-row label {
  display: flex;
  justify-content: space-between;
  gap: 0.5rem;
}

.live .share {
  color: var(--quiet);
  font-size: 0.8125rem;
}

.live .inactive label {
  color: var(--quiet);
}

.live .value {
  width: 100%;
  padding: 0.125rem 0.35rem;
  border: 1px solid transparent;
  border-radius: calc(var(--radius) / 2);
  background: transparent;
  color: inherit;
  font: inherit;
  font-variant-numeric: tabular-nums;
  text-align: right;
  cursor: text;
}

.live .value:hover,
.live .value:focus {
  border-color: var(--line);
}

.live .actions {
  display: flex;
  justify-content: space-between;
  flex-direction: row-reverse;
  gap: 0.5rem;
  margin-top: 0.75rem;
}

@container (max-width: 640px) {
  .live .layout {
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
  }

  /* The picture comes first and stays in sight while the sliders move under it. */
  .live .output {
    order: -1;
    display: flex;
    gap: 1rem;
    z-index: 1;
    padding-bottom: 0.5rem;
    background: var(--st-background-color);
  }

  .live .output > figure {
    flex: 1;
    min-width: 0;
  }

  .live .density-check {
    flex: 1;
    min-width: 0;
    align-content: start;
    margin-top: 0;
  }

  .live .nearest {
    display: block;
  }

  .live .long {
    max-height: none;
    overflow-y: visible;
    padding-right: 0;
  }

  .live .features {
    max-height: 14rem;
  }

  .live .slider-row {
    grid-template-columns: 4.75rem minmax(0, 1fr) 3.5rem 1.75rem;
    gap: 0.5rem;
  }
}
`;var B=24,$e=64;function Ce(i,a){let o=te("Decoded item"),s=h("div",{class:"caption"}),n=le(),p=h("div",{class:"sliders directions",role:"group","aria-label":"Directions"}),l=h("div",{class:"sliders",role:"group","aria-label":"Latent dimensions"}),g=h("input",{type:"search","aria-label":"Find dimensions",placeholder:"Find dimensions: z17, z3",input:j}),x=h("span",{class:"quiet","aria-live":"polite"}),d=h("div",{class:"finder"},g,x),y=h("button",{type:"button",hidden:!0,click:ve}),A=h("button",{type:"button",click:he},z(I.reset),"Reset all"),b=h("div",{class:"actions"},y,A),$=de((m,w,k)=>{e.pad&&(c[e.pad.across]=m-O(e.pad.across),c[e.pad.up]=w-O(e.pad.up),T(k))}),M=h("div",{class:"controls"},$.element,p,d,l,b),v=h("div",{class:"output"},h("figure",{},o.element,s),n.element);i.append(h("div",{class:"layout"},M,v));let e,t="",r=[],u=[],c=[],f=[],C=new Float32Array(0),D=!1,L=ne((m,w)=>{o.show(m),n.decoded(m,w)}),E=Q(()=>{r.forEach((m,w)=>{m.element.isConnected&&m.show(C[e.dims[w].index])}),u.forEach((m,w)=>m.show(f[w])),e.pad&&$.show(C[e.pad.across],C[e.pad.up]),L.decode(C),o.mark(n.show(C))}),U=Z(()=>{let{model:m,token:w,start:k}=e;a("codes",{model:m,token:w,start:k,at:{code:Array.from(C),amounts:f}})},120),fe=_(v,m=>{let w=i.clientWidth<=640;o.fit(Math.min(w?.5*m:m-2,360)),n.fit(w?56:84)});function O(m){return e.directions.reduce((w,k,S)=>w+f[S]*k.vector[m],0)}function T(m){c.forEach((w,k)=>{C[k]=w+O(k)}),E(),m&&U()}function he(){c=[...e.start],f.fill(0),T(!0)}function ge(m){let w=e.dims[m];return r[m]??=H({...w,...Me(w)},e.start[w.index],(k,S)=>{c[w.index]=k-O(w.index),T(S)}),r[m]}function j(){let m=e.dims.map(N=>N.label),w=m.length>B,k=ue(m,g.value),S=k??[...m.keys()],F=S.slice(0,k?$e:D?S.length:B);l.replaceChildren(...F.map(N=>ge(N).element)),l.classList.toggle("long",F.length>B),d.hidden=!w,x.textContent=k?`${k.length} of ${m.length}`:"",y.hidden=!w||k!==null,y.textContent=D?`Show the first ${B}`:`Show all ${m.length}`,y.setAttribute("aria-expanded",String(D)),E()}function ve(){D=!D,j()}function we(){let{first:m,directions:w}=e;U.cancel(),f=[...m.amounts],C=Float32Array.from(m.code),c=m.code.map((k,S)=>k-O(S)),r=[],u=w.map((k,S)=>H(k,0,(F,N)=>{f[S]=F,T(N)})),p.hidden=!u.length,p.replaceChildren(...u.map(k=>k.element)),j()}return{update(m){e=m;let{token:w,dims:k,directions:S,start:F,features:N}=e,J=L.update(e.decoder);J&&E.cancel(),n.update(e.density),$.update(e.pad,k);let K=JSON.stringify([w,k,S,F,N]);(J||K!==t)&&(t=K,L.shape&&o.prepare(L.shape,N),we()),s.textContent=e.caption,E()},destroy(){E.cancel(),U.cancel(),L.destroy(),fe(),$.destroy(),n.destroy()}}}function Me({share:i,inactive:a}){let o=i===null?"":q(i);return a?{note:"inactive",hint:"The codes of real items hardly differ along this dimension."}:{note:o,hint:o&&`Carries ${o} of what the codes tell about the items.`}}var rt=V(Ce,pe);export{rt as default};
