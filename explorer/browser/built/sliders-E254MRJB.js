import{a as Z}from"../explorer.shared/shared-EKGYT6FK.js";import{a as Y}from"../explorer.shared/shared-J2GIEUFV.js";import{c as X}from"../explorer.shared/shared-56VTYVZQ.js";import{a as F,b as _}from"../explorer.shared/shared-TK5MQQWK.js";import{a as K,b as Q}from"../explorer.shared/shared-ZVNYXL66.js";import"../explorer.shared/shared-J35GA2M6.js";import"../explorer.shared/shared-EW7ZPMOL.js";import{b as s,c as R,d as T,e as H,g as J,h as G}from"../explorer.shared/shared-IW56BFUN.js";function V(e,o){let n=o.length,[u,a]=[-1,1/0];for(let p=0,t=0;t<e.length;p++,t+=n){let v=0;for(let m=0;m<n&&v<a;m++){let r=e[t+m]-o[m];v+=r*r}v<a&&([u,a]=[p,v])}return{index:u,distance:Math.sqrt(a)}}function ee(e){let o=e.factors.shape.length===3,[n,u,a]=[e.constants.read(),e.means.read(),e.factors.read()];return p=>{let t=p.length,v=Array.from(n,(r,h)=>{let S=0;for(let w=0;w<t;w++){let L=(h*t+w)*t,y=0;if(o)for(let l=0;l<=w;l++)y+=(p[l]-u[h*t+l])*a[L+l];else y=(p[w]-u[h*t+w])*a[h*t+w];S+=y*y}return r-S/2}),m=Math.max(...v);return m+Math.log(v.reduce((r,h)=>r+Math.exp(h-m),0))}}function te(e,o){let[n,u]=[0,e.length];for(;n<u;){let a=n+u>>1;e[a]<o?n=a+1:u=a}return n/e.length}function ne(){let e=s("div",{class:"verdict"}),o=s("div",{class:"caption"}),n=Z("Nearest real item"),u=s("div",{class:"caption"}),a=s("figure",{class:"nearest"},n.canvas,u),p=s("div",{class:"density-check",hidden:!0},s("div",{},e,o),a),t=null,v="";return{element:p,update(m){let r=JSON.stringify(m);r!==v&&(v=r,p.hidden=!m,t=m&&me(m),n.update(m?.sprites??null))},show(m){if(!t)return null;let{check:r,codes:h,distances:S,rows:w,columns:L}=t;if(o.textContent=t.densityWords(m),o.title=`By the density of Gaussians fitted to these codes (${r.source}).`,a.hidden=e.hidden=!r.neighbourhood,!r.neighbourhood)return null;let{index:y,distance:l}=V(h,m),{verdicts:b}=r.neighbourhood,{name:x,words:$,hint:A}=b.find(({limit:g})=>g===null||l<=g)??b[0];e.className=`verdict ${x}`,e.textContent=$[0].toUpperCase()+$.slice(1),e.title=A,n.show(y);let c=F(S[S.length>>1]);return u.textContent=`Nearest real ${r.item_word}: ${r.names[y]}. Distance ${F(l)}; between real ones ${c} is usual.`,u.title=`In units of the code; the usual distance is the median over real items (${r.source}).`,w?.subarray(y*L,(y+1)*L)??null},fit:n.fit,destroy:n.destroy}}function me(e){let o=e.mixture?.densities.read(),n=e.mixture&&ee(e.mixture);function u(a){if(!o||!n)return"";let p=te(o,n(a)),t=e.code_words;return p===0?`Less likely than each of the ${o.length.toLocaleString("en-US")} ${t}`:`More likely than ${_(p,p<.01?1:0)} of the ${t}`}return{check:e,codes:e.codes.read(),distances:e.neighbourhood?.distances.read()??new Float32Array(0),rows:e.rows?.read()??null,columns:e.rows?.shape[1]??0,densityWords:u}}function ie(e,o){let n=o.toLowerCase().split(/[\s,;]+/).filter(Boolean).map(t=>/^\d/.test(t)?`z${t}`:t);if(!n.length)return null;let u=e.map(t=>t.toLowerCase()),a=u.flatMap((t,v)=>n.some(m=>t.startsWith(m))?[v]:[]),p=a.filter(t=>n.includes(u[t]));return[...p,...a.filter(t=>!p.includes(t))]}var O=200;function z({label:e,low:o,high:n,note:u,hint:a,inactive:p},t,v){let m=H(),r=s("input",{type:"range",id:m,min:0,max:O,step:"any"}),h=s("input",{type:"text",inputmode:"decimal",class:"value","aria-label":`${e}, value`}),S=s("button",{type:"button",class:"plain",title:`Reset ${e}`,"aria-label":`Reset ${e}`},R(T.reset)),w=s("label",{for:m,title:a},e,s("span",{class:"share"},u??"")),L=s("div",{class:p?"slider-row inactive":"slider-row"},w,r,h,S),y=n-o||1,l=NaN,b=t,x=(c,g)=>{b=c,v(c,g)},$=()=>o+r.valueAsNumber/O*y,A=()=>x(t,!0);return r.addEventListener("input",()=>x($(),!1)),r.addEventListener("change",()=>x($(),!0)),r.addEventListener("dblclick",A),r.addEventListener("keydown",c=>{let g=y/(c.shiftKey?O:O/2),N={ArrowLeft:b-g,ArrowDown:b-g,ArrowRight:b+g,ArrowUp:b+g,PageDown:b-10*g,PageUp:b+10*g,Home:o,End:n};c.key in N&&(c.preventDefault(),x(Math.min(n,Math.max(o,N[c.key])),!0))}),S.addEventListener("click",A),h.addEventListener("focus",()=>h.select()),h.addEventListener("change",()=>{let c=ue(h.value);Number.isFinite(c)?x(c,!0):h.value=re(l)}),{element:L,show(c){if(c===l)return;l=b=c;let g=Math.min(1,Math.max(0,(c-o)/y));r.value=String(g*O),r.style.setProperty("--at",`calc(7px + (100% - 14px) * ${g})`),r.setAttribute("aria-valuetext",F(c)),h.value=re(c),S.style.visibility=Math.abs(c-t)<=1e-6*y?"hidden":"visible"}}}function re(e){return e.toFixed(2).replace("-","\u2212")}function ue(e){let o=e.trim().replace("\u2212","-").replace(",",".");return o===""?NaN:Number(o)}var oe=`.live .layout {
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
`;var I=24,fe=64;function he(e,o){let n=X("Decoded item"),u=s("div",{class:"caption"}),a=ne(),p=s("div",{class:"sliders directions",role:"group","aria-label":"Directions"}),t=s("div",{class:"sliders",role:"group","aria-label":"Latent dimensions"}),v=s("input",{type:"search","aria-label":"Find dimensions",placeholder:"Find dimensions: z17, z3",input:q}),m=s("span",{class:"quiet","aria-live":"polite"}),r=s("div",{class:"finder"},v,m),h=s("button",{type:"button",hidden:!0,click:ce}),S=s("button",{type:"button",click:ae},R(T.reset),"Reset all"),w=s("div",{class:"actions"},h,S),L=s("div",{class:"controls"},p,r,t,w),y=s("div",{class:"output"},s("figure",{},n.element,u),a.element);e.append(s("div",{class:"layout"},L,y));let l,b="",x=[],$=[],A=[],c=[],g=new Float32Array(0),N=!1,M=Y(i=>n.show(i)),E=K(()=>{x.forEach((i,d)=>{i.element.isConnected&&i.show(g[l.dims[d].index])}),$.forEach((i,d)=>i.show(c[d])),M.decode(g),n.mark(a.show(g))}),W=Q(()=>{let{model:i,token:d,start:f}=l;o("codes",{model:i,token:d,start:f,at:{code:Array.from(g),amounts:c}})},120),se=J(y,i=>{let d=e.clientWidth<=640;n.fit(Math.min(d?.5*i:i-2,360)),a.fit(d?56:84)});function P(i){return l.directions.reduce((d,f,C)=>d+c[C]*f.vector[i],0)}function U(i){A.forEach((d,f)=>{g[f]=d+P(f)}),E(),i&&W()}function ae(){A=[...l.start],c.fill(0),U(!0)}function le(i){let d=l.dims[i];return x[i]??=z({...d,...ge(d)},l.start[d.index],(f,C)=>{A[d.index]=f-P(d.index),U(C)}),x[i]}function q(){let i=l.dims.map(D=>D.label),d=i.length>I,f=ie(i,v.value),C=f??[...i.keys()],k=C.slice(0,f?fe:N?C.length:I);t.replaceChildren(...k.map(D=>le(D).element)),t.classList.toggle("long",k.length>I),r.hidden=!d,m.textContent=f?`${f.length} of ${i.length}`:"",h.hidden=!d||f!==null,h.textContent=N?`Show the first ${I}`:`Show all ${i.length}`,h.setAttribute("aria-expanded",String(N)),E()}function ce(){N=!N,q()}function de(){let{first:i,directions:d}=l;W.cancel(),c=[...i.amounts],g=Float32Array.from(i.code),A=i.code.map((f,C)=>f-P(C)),x=[],$=d.map((f,C)=>z(f,0,(k,D)=>{c[C]=k,U(D)})),p.hidden=!$.length,p.replaceChildren(...$.map(f=>f.element)),q()}return{update(i){l=i;let{token:d,dims:f,directions:C,start:k,features:D}=l,B=M.update(l.decoder);B&&E.cancel(),a.update(l.density_check);let j=JSON.stringify([d,f,C,k,D]);(B||j!==b)&&(b=j,M.shape&&n.prepare(M.shape,D),de()),u.textContent=l.caption,E()},destroy(){E.cancel(),W.cancel(),M.destroy(),se(),a.destroy()}}}function ge({share:e,inactive:o}){let n=e===null?"":_(e);return o?{note:"inactive",hint:"The codes of real items hardly differ along this dimension."}:{note:n,hint:n&&`Carries ${n} of what the codes tell about the items.`}}var We=G(he,oe);export{We as default};
