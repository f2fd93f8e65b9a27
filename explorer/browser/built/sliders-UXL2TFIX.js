import{a as G}from"../explorer.shared/shared-YJWFDHIC.js";import{c as H}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as D,b as E}from"../explorer.shared/shared-TK5MQQWK.js";import{a as J,b as K}from"../explorer.shared/shared-ZVNYXL66.js";import{b as Q}from"../explorer.shared/shared-TJKQGCKI.js";import{b as U}from"../explorer.shared/shared-T5MM5QQF.js";import{b as m,c as q,d as T,e as W,g as j,h as V}from"../explorer.shared/shared-5WLLZCO3.js";function ce(e){let{density:n}=e.header,t=i=>new Float32Array(e.section(i).buffer);return{...n,codes:t("real_codes"),check:n.check&&{...n.check,means:t("check_means"),stds:t("check_stds")},rows:e.has("real_rows")?t("real_rows"):null,mixture:n.mixture&&{full:n.mixture.full,constants:new Float64Array(e.section("mixture_constants").buffer),means:t("mixture_means"),factors:t("mixture_factors"),densities:t("mixture_densities")}}}function de(e,n){let t=n.length,[i,o]=[-1,1/0];for(let p=0,g=0;g<e.length;p++,g+=t){let a=0;for(let w=0;w<t&&a<o;w++){let v=e[g+w]-n[w];a+=v*v}a<o&&([i,o]=[p,a])}return{index:i,distance:Math.sqrt(o)}}function X({inactive:e,means:n},t){let i=Float64Array.from(t);for(let o of e)i[o]=n[o];return i}function ue(e,n){let t=0;for(let i=0;i<e.length;i++)t+=(e[i]-n[i])**2;return Math.sqrt(t)}function me(e,n,t,i){let o=X(e,t),{index:p,distance:g}=de(n,o),a=Math.sqrt(o.reduce((r,k,l)=>r+((k-e.means[l])/e.stds[l])**2,0)),v=[Math.abs(a-e.centre),g,i?ue(X(e,i),o):0].map((r,k)=>e.scales[k]===null?0:r/e.scales[k]),c=Math.max(...v),u=e.verdicts.find(({limit:r})=>r===null||c<=r),f=[a<e.centre?"near_middle":"far_out","alone","changed"],x=u===e.verdicts[0]?"":e.reasons[f[v.indexOf(c)]];return{index:p,distance:g,verdict:u,reason:x}}function fe({full:e,constants:n,means:t,factors:i},o){let p=o.length,g=Array.from(n,(w,v)=>{let c=0;for(let u=0;u<p;u++){let f=0;if(e){let x=(v*p+u)*p;for(let r=0;r<=u;r++)f+=(o[r]-t[v*p+r])*i[x+r]}else f=(o[u]-t[v*p+u])*i[v*p+u];c+=f*f}return w-c/2}),a=Math.max(...g);return a+Math.log(g.reduce((w,v)=>w+Math.exp(v-a),0))}function he(e,n){let[t,i]=[0,e.length];for(;t<i;){let o=t+i>>1;e[o]<n?t=o+1:i=o}return t/e.length}function pe(e){let n=m("canvas",{class:"picture",role:"img","aria-label":e,hidden:!0}),t=null,i=null,o=-1,p=0,g=0;function a(){if(!t||o<0)return;let{columns:c,width:u,height:f}=i;n.width=u,n.height=f;let[x,r]=[o%c*u,Math.floor(o/c)*f];n.getContext("2d").drawImage(t,x,r,u,f,0,0,u,f)}function w(){i&&p&&H(n,i.width,i.height,p)}async function v(c,u){let f=++g;if(t?.close(),[t,i]=[null,u],n.hidden=!c,w(),!c)return;let x=await createImageBitmap(new Blob([c],{type:"image/png"}));if(f!==g){x.close();return}t=x,a()}return{canvas:n,load:v,show(c){c!==o&&(o=c,a())},fit(c){p=c,w()},destroy(){g++,t?.close()}}}function Y(){let e=m("div",{class:"verdict"}),n=m("div",{class:"caption"}),t=m("div",{class:"caption"}),i=pe("Nearest real item"),o=m("div",{class:"caption"}),p=m("figure",{class:"nearest"},i.canvas,o),g=m("div",{class:"density-check",hidden:!0},m("div",{},e,n,t),p),a=null,w,v=null,c,u=new Float32Array(0),f=null,x=l=>l&&u.length===l.code.length&&u.every((y,C)=>y===Math.fround(l.code[C]));function r(){return[f,a.check.at_rest].find(x)?.again??null}function k(){let l=me(a.check,a.codes,u,r());return e.className=`verdict ${l.verdict.name}`,e.textContent=l.verdict.words[0].toUpperCase()+l.verdict.words.slice(1),e.title=l.verdict.hint,n.textContent=l.reason,n.hidden=!l.reason,l}return{element:g,update(l){g.hidden=!l.header.density,a=l.header.density?ce(l):null,l.digest("encoder")!==c&&(c=l.digest("encoder"),v=c?new U(l.section("encoder")):null,f=null),l.digest("real_sprites")!==w&&(w=l.digest("real_sprites"),i.load(w?l.section("real_sprites"):null,a?.sprites))},decoded(l,y){v&&(f={code:Float32Array.from(y),again:v.run(l).slice(0,y.length)},x(f)&&k())},show(l){if(!a)return null;if(u=Float32Array.from(l),t.textContent=a.mixture?ge(a,u):"",t.title=`By the density of Gaussians fitted to these codes (${a.source}); each was measured by one that had not seen it.`,p.hidden=e.hidden=!a.check,!a.check)return n.hidden=!0,null;let{index:y,distance:C}=k();if(i.show(y),o.textContent=`Nearest real ${a.item_word}: ${a.names[y]}. Distance ${D(C)}; between real ones ${D(a.check.usual)} is usual.`,o.title=`In units of the code; the usual distance is the median over real items (${a.source}).`,!a.rows)return null;let A=a.rows.length/a.names.length;return a.rows.subarray(y*A,(y+1)*A)},fit:i.fit,destroy:i.destroy}}function ge({mixture:e,code_words:n},t){let i=he(e.densities,fe(e,t));return i===0?`Less likely than each of the ${e.densities.length.toLocaleString("en-US")} ${n}`:`More likely than ${E(i,i<.01?1:0)} of the ${n}`}var Z=`.live .layout {
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
`;var O=24,we=64,N=200;function ye(e,n){let t=G("Decoded item"),i=m("div",{class:"caption"}),o=Y(),p=m("div",{class:"sliders directions",role:"group","aria-label":"Directions"}),g=m("div",{class:"sliders",role:"group","aria-label":"Latent dimensions"}),a=m("input",{type:"search","aria-label":"Find dimensions",placeholder:"Find dimensions: z17, z3",input:P}),w=m("span",{class:"quiet","aria-live":"polite"}),v=m("div",{class:"finder"},a,w),c=m("button",{type:"button",hidden:!0,click:ae}),u=m("button",{type:"button",click:se},q(T.reset),"Reset all"),f=m("div",{class:"output"},m("figure",{},t.element,i),o.element),x=m("div",{class:"actions"},c,u);e.append(m("div",{class:"layout"},m("div",{class:"controls"},p,v,g,x),f));let r=null,k="",l=[],y=[],C=[],A=[],h=new Float32Array(0),_=!1,L=Q((s,d)=>{t.show(s),o.decoded(s,d)}),F=J(()=>{for(let s of l)s?.element.isConnected&&s.show(h[s.index]);y.forEach((s,d)=>s.show(A[d])),L.decode(h),t.mark(o.show(h))}),R=K(()=>{let{model:s,token:d,start:b}=r;n("codes",{model:s,token:d,start:b,z:Array.from(h),amounts:A})},120),ne=j(f,s=>{let d=e.clientWidth<=640;t.fit(Math.min(d?.5*s:s-2,360)),o.fit(d?56:84)});function z(s){return r.directions.reduce((d,b,M)=>d+A[M]*b.vector[s],0)}function I(s){h.forEach((d,b)=>{h[b]=C[b]+z(b)}),F(),s&&R()}function ie(s,d,b){C[s]=d-z(s),I(b)}function re(s,d,b){A[s]=d,I(b)}function se(){C=[...r.start],A.fill(0),I(!0)}function oe(s){let d=r.dims[s];return l[s]??=ee({...d,...be(d)},r.start[d.index],d.index,(b,M)=>ie(d.index,b,M)),l[s]}function P(){let s=r.dims.map(($,S)=>S),d=a.value.toLowerCase().split(/[\s,;]+/).filter(Boolean).map($=>/^\d/.test($)?`z${$}`:$),b=s.filter($=>d.some(S=>r.dims[$].label.toLowerCase().startsWith(S)));b.sort(($,S)=>d.includes(r.dims[S].label)-d.includes(r.dims[$].label));let M=s.length>O,B=d.length?b.slice(0,we):_?s:s.slice(0,O);g.replaceChildren(...B.map($=>oe($).element)),g.classList.toggle("long",B.length>O),v.hidden=!M,w.textContent=d.length?`${b.length} of ${s.length}`:"",c.hidden=!M||d.length>0,c.textContent=_?`Show the first ${O}`:`Show all ${s.length}`,c.setAttribute("aria-expanded",String(_)),F()}function ae(){_=!_,P()}function le(){R.cancel(),A=[...r.amounts],h=Float32Array.from(r.code),C=r.code.map((s,d)=>s-z(d)),l=[],y=r.directions.map((s,d)=>ee(s,0,-1,(b,M)=>re(d,b,M))),p.hidden=!y.length,p.replaceChildren(...y.map(s=>s.element)),P()}return{update(s){r=s.header,L.update(s)&&(F.cancel(),k=""),o.update(s);let d=JSON.stringify([r.token,r.dims,r.directions,r.start,r.features]);d!==k&&(k=d,t.prepare(L.shape,r.features),le()),i.textContent=r.caption,F()},destroy(){F.cancel(),R.cancel(),L.destroy(),ne(),o.destroy()}}}function be({share:e,inactive:n}){let t=e===null?"":E(e);return n?{note:"inactive",hint:"The codes of real items hardly differ along this dimension."}:{note:t,hint:t&&`Carries ${t} of what the codes tell about the items.`}}function ee({label:e,low:n,high:t,note:i,hint:o,inactive:p},g,a,w){let v=W(),c=m("input",{type:"range",id:v,min:0,max:N,step:"any"}),u=m("input",{type:"text",inputmode:"decimal",class:"value","aria-label":`${e}, value`}),f=m("button",{type:"button",class:"plain",title:`Reset ${e}`,"aria-label":`Reset ${e}`},q(T.reset)),x=m("div",{class:p?"slider-row inactive":"slider-row"},m("label",{for:v,title:o},e,m("span",{class:"share"},i??"")),c,u,f),r=t-n||1,k=NaN,l=g,y=(h,_)=>{l=h,w(h,_)},C=()=>n+c.valueAsNumber/N*r,A=()=>y(g,!0);return c.addEventListener("input",()=>y(C(),!1)),c.addEventListener("change",()=>y(C(),!0)),c.addEventListener("dblclick",A),c.addEventListener("keydown",h=>{let _={ArrowLeft:-1,ArrowDown:-1,ArrowRight:1,ArrowUp:1,PageDown:-10,PageUp:10}[h.key],L={Home:n,End:t}[h.key];if(!_&&L===void 0)return;h.preventDefault();let F=_?l+_*r/(h.shiftKey?N:N/2):L;y(Math.min(t,Math.max(n,F)),!0)}),f.addEventListener("click",A),u.addEventListener("focus",()=>u.select()),u.addEventListener("change",()=>{let h=Number(u.value.trim().replace("\u2212","-").replace(",","."));u.value.trim()!==""&&Number.isFinite(h)?y(h,!0):u.value=te(k)}),{index:a,element:x,show(h){if(h===k)return;k=l=h;let _=Math.min(1,Math.max(0,(h-n)/r));c.value=_*N,c.style.setProperty("--at",`calc(7px + (100% - 14px) * ${_})`),c.setAttribute("aria-valuetext",D(h)),u.value=te(h),f.style.visibility=Math.abs(h-g)<=1e-6*r?"hidden":"visible"}}}function te(e){return e.toFixed(2).replace("-","\u2212")}var Re=V(ye,Z);export{Re as default,te as words};
