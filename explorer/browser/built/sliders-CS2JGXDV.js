import{a as V}from"../explorer.shared/shared-KWJRFLBD.js";import{c as H}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as N,b as _}from"../explorer.shared/shared-TK5MQQWK.js";import{a as G,b as J}from"../explorer.shared/shared-ZVNYXL66.js";import{b as K}from"../explorer.shared/shared-VONEFBLK.js";import"../explorer.shared/shared-FPCYSUE7.js";import{b as d,c as B,d as U,e as q,g as z,h as j}from"../explorer.shared/shared-ZMNDSNWX.js";function ae(i){let{mixture:r,neighbourhood:e}=i;return{message:i,codes:i.codes.read(),distances:e?.distances.read()??null,verdicts:e?.verdicts??[],rows:i.rows?.read()??null,mixture:r&&{isFull:r.factors.shape.length===3,constants:r.constants.read(),means:r.means.read(),factors:r.factors.read(),densities:r.densities.read()}}}function le(i,r){let e=r.length,[c,l]=[-1,1/0];for(let p=0,n=0;n<i.length;p++,n+=e){let w=0;for(let f=0;f<e&&w<l;f++){let u=i[n+f]-r[f];w+=u*u}w<l&&([c,l]=[p,w])}return{index:c,distance:Math.sqrt(l)}}function ce({isFull:i,constants:r,means:e,factors:c},l){let p=l.length,n=Array.from(r,(f,u)=>{let a=0;for(let m=0;m<p;m++){let g=0;if(i){let b=(u*p+m)*p;for(let s=0;s<=m;s++)g+=(l[s]-e[u*p+s])*c[b+s]}else g=(l[m]-e[u*p+m])*c[u*p+m];a+=g*g}return f-a/2}),w=Math.max(...n);return w+Math.log(n.reduce((f,u)=>f+Math.exp(u-w),0))}function de(i,r){let[e,c]=[0,i.length];for(;e<c;){let l=e+c>>1;i[l]<r?e=l+1:c=l}return e/i.length}function ue(i){let r=d("canvas",{class:"picture",role:"img","aria-label":i,hidden:!0}),e=null,c=null,l=-1,p=0,n=0;function w(){if(!e||l<0)return;let{columns:a,width:m,height:g}=c;r.width=m,r.height=g;let[b,s]=[l%a*m,Math.floor(l/a)*g];r.getContext("2d").drawImage(e,b,s,m,g,0,0,m,g)}function f(){c&&p&&H(r,c.width,c.height,p)}async function u(a,m){let g=++n;if(e?.close(),[e,c]=[null,m],r.hidden=!a,f(),!a)return;let b=await createImageBitmap(new Blob([a],{type:"image/png"}));if(g!==n){b.close();return}e=b,w()}return{canvas:r,load:u,show(a){a!==l&&(l=a,w())},fit(a){p=a,f()},destroy(){n++,e?.close()}}}function Q(){let i=d("div",{class:"verdict"}),r=d("div",{class:"caption"}),e=ue("Nearest real item"),c=d("div",{class:"caption"}),l=d("figure",{class:"nearest"},e.canvas,c),p=d("div",{class:"likeness",hidden:!0},d("div",{},i,r),l),n=null,w;return{element:p,update(f){p.hidden=!f,n=f&&ae(f);let u=f?.sprites??null;u?.png.digest!==w&&(w=u?.png.digest,e.load(u?.png.read()??null,u))},show(f){if(!n||(r.textContent=n.mixture?me(n.mixture,n.message.code_words,f):"",r.title=`By the density of Gaussians fitted to these codes (${n.message.source}).`,l.hidden=i.hidden=!n.distances,!n.distances))return null;let{index:u,distance:a}=le(n.codes,f),{name:m,words:g,hint:b}=n.verdicts.find(({limit:x})=>x===null||a<=x);i.className=`verdict ${m}`,i.textContent=g[0].toUpperCase()+g.slice(1),i.title=b,e.show(u);let s=N(n.distances[n.distances.length>>1]);if(c.textContent=`Nearest real ${n.message.item_word}: ${n.message.names[u]}. Distance ${N(a)}; between real ones ${s} is usual.`,c.title=`In units of the code; the usual distance is the median over real items (${n.message.source}).`,!n.rows)return null;let k=n.rows.length/n.message.names.length;return n.rows.subarray(u*k,(u+1)*k)},fit:e.fit,destroy:e.destroy}}function me(i,r,e){let c=de(i.densities,ce(i,e));return c===0?`Less likely than each of the ${i.densities.length.toLocaleString("en-US")} ${r}`:`More likely than ${_(c,c<.01?1:0)} of the ${r}`}var X=`.live .layout {
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

.live .likeness {
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

  .live .likeness {
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
`;var R=24,fe=64,F=200;function pe(i,r){let e=V("Decoded item"),c=d("div",{class:"caption"}),l=Q(),p=d("div",{class:"sliders directions",role:"group","aria-label":"Directions"}),n=d("div",{class:"sliders",role:"group","aria-label":"Latent dimensions"}),w=d("input",{type:"search","aria-label":"Find dimensions",placeholder:"Find dimensions: z17, z3",input:T}),f=d("span",{class:"quiet","aria-live":"polite"}),u=d("div",{class:"finder"},w,f),a=d("button",{type:"button",hidden:!0,click:se}),m=d("button",{type:"button",click:ne},B(U.reset),"Reset all"),g=d("div",{class:"output"},d("figure",{},e.element,c),l.element),b=d("div",{class:"actions"},a,m);i.append(d("div",{class:"layout"},d("div",{class:"controls"},p,u,n,b),g));let s,k="",x=[],C=[],S=[],A=[],h=new Float32Array(0),y=!1,M=K(t=>e.show(t)),D=G(()=>{for(let t of x)t?.element.isConnected&&t.show(h[t.index]);C.forEach((t,o)=>t.show(A[o])),M.decode(h),e.mark(l.show(h))}),I=J(()=>{let{model:t,token:o,start:v}=s;r("codes",{model:t,token:o,start:v,at:{code:Array.from(h),amounts:A}})},120),ee=z(g,t=>{let o=i.clientWidth<=640;e.fit(Math.min(o?.5*t:t-2,360)),l.fit(o?56:84)});function O(t){return s.directions.reduce((o,v,L)=>o+A[L]*v.vector[t],0)}function P(t){h.forEach((o,v)=>{h[v]=S[v]+O(v)}),D(),t&&I()}function te(t,o,v){S[t]=o-O(t),P(v)}function ie(t,o,v){A[t]=o,P(v)}function ne(){S=[...s.start],A.fill(0),P(!0)}function re(t){let o=s.dims[t];return x[t]??=Y({...o,...ge(o)},s.start[o.index],o.index,(v,L)=>te(o.index,v,L)),x[t]}function T(){let t=s.dims.map(($,E)=>E),o=w.value.toLowerCase().split(/[\s,;]+/).filter(Boolean).map($=>/^\d/.test($)?`z${$}`:$),v=t.filter($=>o.some(E=>s.dims[$].label.toLowerCase().startsWith(E)));v.sort(($,E)=>o.includes(s.dims[E].label)-o.includes(s.dims[$].label));let L=t.length>R,W=o.length?v.slice(0,fe):y?t:t.slice(0,R);n.replaceChildren(...W.map($=>re($).element)),n.classList.toggle("long",W.length>R),u.hidden=!L,f.textContent=o.length?`${v.length} of ${t.length}`:"",a.hidden=!L||o.length>0,a.textContent=y?`Show the first ${R}`:`Show all ${t.length}`,a.setAttribute("aria-expanded",String(y)),D()}function se(){y=!y,T()}function oe(){I.cancel(),A=[...s.first.amounts],h=Float32Array.from(s.first.code),S=s.first.code.map((t,o)=>t-O(o)),x=[],C=s.directions.map((t,o)=>Y(t,0,-1,(v,L)=>ie(o,v,L))),p.hidden=!C.length,p.replaceChildren(...C.map(t=>t.element)),T()}return{update(t){s=t,M.update(t.decoder)&&(D.cancel(),k=""),l.update(t.density_check);let o=JSON.stringify([s.token,s.dims,s.directions,s.start,s.features]);o!==k&&(k=o,e.prepare(M.shape,s.features),oe()),c.textContent=s.caption,D()},destroy(){D.cancel(),I.cancel(),M.destroy(),ee(),l.destroy()}}}function ge({share:i,inactive:r}){let e=i===null?"":_(i);return r?{note:"inactive",hint:"The codes of real items hardly differ along this dimension."}:{note:e,hint:e&&`Carries ${e} of what the codes tell about the items.`}}function Y({label:i,low:r,high:e,note:c,hint:l,inactive:p},n,w,f){let u=q(),a=d("input",{type:"range",id:u,min:0,max:F,step:"any"}),m=d("input",{type:"text",inputmode:"decimal",class:"value","aria-label":`${i}, value`}),g=d("button",{type:"button",class:"plain",title:`Reset ${i}`,"aria-label":`Reset ${i}`},B(U.reset)),b=d("div",{class:p?"slider-row inactive":"slider-row"},d("label",{for:u,title:l},i,d("span",{class:"share"},c??"")),a,m,g),s=e-r||1,k=NaN,x=n,C=(h,y)=>{x=h,f(h,y)},S=()=>r+a.valueAsNumber/F*s,A=()=>C(n,!0);return a.addEventListener("input",()=>C(S(),!1)),a.addEventListener("change",()=>C(S(),!0)),a.addEventListener("dblclick",A),a.addEventListener("keydown",h=>{let y={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-10,PageUp:10}[h.key],M={Home:r,End:e}[h.key];if(!y&&M===void 0)return;h.preventDefault();let D=y?x+y*s/(h.shiftKey?F:F/2):M;C(Math.min(e,Math.max(r,D)),!0)}),g.addEventListener("click",A),m.addEventListener("focus",()=>m.select()),m.addEventListener("change",()=>{let h=Number(m.value.trim().replace("\u2212","-").replace(",","."));m.value.trim()!==""&&Number.isFinite(h)?C(h,!0):m.value=Z(k)}),{index:w,element:b,show(h){if(h===k)return;k=x=h;let y=Math.min(1,Math.max(0,(h-r)/s));a.value=y*F,a.style.setProperty("--at",`calc(7px + (100% - 14px) * ${y})`),a.setAttribute("aria-valuetext",N(h)),m.value=Z(h),g.style.visibility=Math.abs(h-n)<=1e-6*s?"hidden":"visible"}}}function Z(i){return i.toFixed(2).replace("-","\u2212")}var Ee=j(pe,X);export{Ee as default,Z as words};
