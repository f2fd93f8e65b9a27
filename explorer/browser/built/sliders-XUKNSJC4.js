import{a as V}from"../explorer.shared/shared-YJWFDHIC.js";import{c as H}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as E,b as F}from"../explorer.shared/shared-TK5MQQWK.js";import{a as G,b as J}from"../explorer.shared/shared-ZVNYXL66.js";import{b as K}from"../explorer.shared/shared-TJKQGCKI.js";import"../explorer.shared/shared-T5MM5QQF.js";import{b as d,c as z,d as B,e as W,g as q,h as j}from"../explorer.shared/shared-5WLLZCO3.js";function ae(i){let{likeness:s}=i.header,e=l=>new Float32Array(i.section(l).buffer);return{...s,codes:e("real_codes"),distances:i.has("real_distances")?e("real_distances"):null,rows:i.has("real_rows")?e("real_rows"):null,mixture:s.mixture&&{full:s.mixture.full,constants:new Float64Array(i.section("mixture_constants").buffer),means:e("mixture_means"),factors:e("mixture_factors"),densities:e("mixture_densities")}}}function le(i,s){let e=s.length,[l,c]=[-1,1/0];for(let f=0,n=0;n<i.length;f++,n+=e){let v=0;for(let m=0;m<e&&v<c;m++){let p=i[n+m]-s[m];v+=p*p}v<c&&([l,c]=[f,v])}return{index:l,distance:Math.sqrt(c)}}function ce({full:i,constants:s,means:e,factors:l},c){let f=c.length,n=Array.from(s,(m,p)=>{let a=0;for(let u=0;u<f;u++){let g=0;if(i){let y=(p*f+u)*f;for(let r=0;r<=u;r++)g+=(c[r]-e[p*f+r])*l[y+r]}else g=(c[u]-e[p*f+u])*l[p*f+u];a+=g*g}return m-a/2}),v=Math.max(...n);return v+Math.log(n.reduce((m,p)=>m+Math.exp(p-v),0))}function de(i,s){let[e,l]=[0,i.length];for(;e<l;){let c=e+l>>1;i[c]<s?e=c+1:l=c}return e/i.length}function ue(i){let s=d("canvas",{class:"picture",role:"img","aria-label":i,hidden:!0}),e=null,l=null,c=-1,f=0,n=0;function v(){if(!e||c<0)return;let{columns:a,width:u,height:g}=l;s.width=u,s.height=g;let[y,r]=[c%a*u,Math.floor(c/a)*g];s.getContext("2d").drawImage(e,y,r,u,g,0,0,u,g)}function m(){l&&f&&H(s,l.width,l.height,f)}async function p(a,u){let g=++n;if(e?.close(),[e,l]=[null,u],s.hidden=!a,m(),!a)return;let y=await createImageBitmap(new Blob([a],{type:"image/png"}));if(g!==n){y.close();return}e=y,v()}return{canvas:s,load:p,show(a){a!==c&&(c=a,v())},fit(a){f=a,m()},destroy(){n++,e?.close()}}}function Q(){let i=d("div",{class:"verdict"}),s=d("div",{class:"caption"}),e=ue("Nearest real item"),l=d("div",{class:"caption"}),c=d("figure",{class:"nearest"},e.canvas,l),f=d("div",{class:"likeness",hidden:!0},d("div",{},i,s),c),n=null,v;return{element:f,update(m){f.hidden=!m.header.likeness,n=m.header.likeness?ae(m):null,m.digest("real_sprites")!==v&&(v=m.digest("real_sprites"),e.load(v?m.section("real_sprites"):null,n?.sprites))},show(m){if(!n||(s.textContent=n.mixture?me(n,m):"",s.title=`By the density of Gaussians fitted to these codes (${n.source}).`,c.hidden=i.hidden=!n.distances,!n.distances))return null;let{index:p,distance:a}=le(n.codes,m),{name:u,words:g,hint:y}=n.verdicts.find(({limit:x})=>x===null||a<=x);i.className=`verdict ${u}`,i.textContent=g[0].toUpperCase()+g.slice(1),i.title=y,e.show(p);let r=E(n.distances[n.distances.length>>1]);if(l.textContent=`Nearest real ${n.item_word}: ${n.names[p]}. Distance ${E(a)}; between real ones ${r} is usual.`,l.title=`In units of the code; the usual distance is the median over real items (${n.source}).`,!n.rows)return null;let k=n.rows.length/n.names.length;return n.rows.subarray(p*k,(p+1)*k)},fit:e.fit,destroy:e.destroy}}function me({mixture:i,code_words:s},e){let l=de(i.densities,ce(i,e));return l===0?`Less likely than each of the ${i.densities.length.toLocaleString("en-US")} ${s}`:`More likely than ${F(l,l<.01?1:0)} of the ${s}`}var X=`.live .layout {
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
`;var R=24,fe=64,N=200;function pe(i,s){let e=V("Decoded item"),l=d("div",{class:"caption"}),c=Q(),f=d("div",{class:"sliders directions",role:"group","aria-label":"Directions"}),n=d("div",{class:"sliders",role:"group","aria-label":"Latent dimensions"}),v=d("input",{type:"search","aria-label":"Find dimensions",placeholder:"Find dimensions: z17, z3",input:T}),m=d("span",{class:"quiet","aria-live":"polite"}),p=d("div",{class:"finder"},v,m),a=d("button",{type:"button",hidden:!0,click:se}),u=d("button",{type:"button",click:ne},z(B.reset),"Reset all"),g=d("div",{class:"output"},d("figure",{},e.element,l),c.element),y=d("div",{class:"actions"},a,u);i.append(d("div",{class:"layout"},d("div",{class:"controls"},f,p,n,y),g));let r=null,k="",x=[],$=[],L=[],A=[],h=new Float32Array(0),b=!1,S=K(t=>e.show(t)),M=G(()=>{for(let t of x)t?.element.isConnected&&t.show(h[t.index]);$.forEach((t,o)=>t.show(A[o])),S.decode(h),e.mark(c.show(h))}),I=J(()=>{let{model:t,token:o,start:w}=r;s("codes",{model:t,token:o,start:w,z:Array.from(h),amounts:A})},120),ee=q(g,t=>{let o=i.clientWidth<=640;e.fit(Math.min(o?.5*t:t-2,360)),c.fit(o?56:84)});function O(t){return r.directions.reduce((o,w,C)=>o+A[C]*w.vector[t],0)}function P(t){h.forEach((o,w)=>{h[w]=L[w]+O(w)}),M(),t&&I()}function te(t,o,w){L[t]=o-O(t),P(w)}function ie(t,o,w){A[t]=o,P(w)}function ne(){L=[...r.start],A.fill(0),P(!0)}function re(t){let o=r.dims[t];return x[t]??=Y({...o,...ge(o)},r.start[o.index],o.index,(w,C)=>te(o.index,w,C)),x[t]}function T(){let t=r.dims.map((_,D)=>D),o=v.value.toLowerCase().split(/[\s,;]+/).filter(Boolean).map(_=>/^\d/.test(_)?`z${_}`:_),w=t.filter(_=>o.some(D=>r.dims[_].label.toLowerCase().startsWith(D)));w.sort((_,D)=>o.includes(r.dims[D].label)-o.includes(r.dims[_].label));let C=t.length>R,U=o.length?w.slice(0,fe):b?t:t.slice(0,R);n.replaceChildren(...U.map(_=>re(_).element)),n.classList.toggle("long",U.length>R),p.hidden=!C,m.textContent=o.length?`${w.length} of ${t.length}`:"",a.hidden=!C||o.length>0,a.textContent=b?`Show the first ${R}`:`Show all ${t.length}`,a.setAttribute("aria-expanded",String(b)),M()}function se(){b=!b,T()}function oe(){I.cancel(),A=[...r.amounts],h=Float32Array.from(r.code),L=r.code.map((t,o)=>t-O(o)),x=[],$=r.directions.map((t,o)=>Y(t,0,-1,(w,C)=>ie(o,w,C))),f.hidden=!$.length,f.replaceChildren(...$.map(t=>t.element)),T()}return{update(t){r=t.header,S.update(t)&&(M.cancel(),k=""),c.update(t);let o=JSON.stringify([r.token,r.dims,r.directions,r.start,r.features]);o!==k&&(k=o,e.prepare(S.shape,r.features),oe()),l.textContent=r.caption,M()},destroy(){M.cancel(),I.cancel(),S.destroy(),ee(),c.destroy()}}}function ge({share:i,inactive:s}){let e=i===null?"":F(i);return s?{note:"inactive",hint:"The codes of real items hardly differ along this dimension."}:{note:e,hint:e&&`Carries ${e} of what the codes tell about the items.`}}function Y({label:i,low:s,high:e,note:l,hint:c,inactive:f},n,v,m){let p=W(),a=d("input",{type:"range",id:p,min:0,max:N,step:"any"}),u=d("input",{type:"text",inputmode:"decimal",class:"value","aria-label":`${i}, value`}),g=d("button",{type:"button",class:"plain",title:`Reset ${i}`,"aria-label":`Reset ${i}`},z(B.reset)),y=d("div",{class:f?"slider-row inactive":"slider-row"},d("label",{for:p,title:c},i,d("span",{class:"share"},l??"")),a,u,g),r=e-s||1,k=NaN,x=n,$=(h,b)=>{x=h,m(h,b)},L=()=>s+a.valueAsNumber/N*r,A=()=>$(n,!0);return a.addEventListener("input",()=>$(L(),!1)),a.addEventListener("change",()=>$(L(),!0)),a.addEventListener("dblclick",A),a.addEventListener("keydown",h=>{let b={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-10,PageUp:10}[h.key],S={Home:s,End:e}[h.key];if(!b&&S===void 0)return;h.preventDefault();let M=b?x+b*r/(h.shiftKey?N:N/2):S;$(Math.min(e,Math.max(s,M)),!0)}),g.addEventListener("click",A),u.addEventListener("focus",()=>u.select()),u.addEventListener("change",()=>{let h=Number(u.value.trim().replace("\u2212","-").replace(",","."));u.value.trim()!==""&&Number.isFinite(h)?$(h,!0):u.value=Z(k)}),{index:v,element:y,show(h){if(h===k)return;k=x=h;let b=Math.min(1,Math.max(0,(h-s)/r));a.value=b*N,a.style.setProperty("--at",`calc(7px + (100% - 14px) * ${b})`),a.setAttribute("aria-valuetext",E(h)),u.value=Z(h),g.style.visibility=Math.abs(h-n)<=1e-6*r?"hidden":"visible"}}}function Z(i){return i.toFixed(2).replace("-","\u2212")}var De=j(pe,X);export{De as default,Z as words};
