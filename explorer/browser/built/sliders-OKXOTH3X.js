import{a as Z}from"../explorer.shared/shared-VXFWLHTR.js";import{a as Y}from"../explorer.shared/shared-O6LBNKAD.js";import{a as X}from"../explorer.shared/shared-F7QYXRRL.js";import{b as Q}from"../explorer.shared/shared-ZWHEQTD3.js";import"../explorer.shared/shared-AAGQ5DTO.js";import{a as F,b as T}from"../explorer.shared/shared-TK5MQQWK.js";import{a as K,b as V}from"../explorer.shared/shared-ZVNYXL66.js";import"../explorer.shared/shared-V6K5QLGS.js";import"../explorer.shared/shared-EW7ZPMOL.js";import{b as u,c as R,d as _,e as H,g as J,h as G}from"../explorer.shared/shared-IW56BFUN.js";function ee(e,i){let t=i.length,[a,n]=[-1,1/0];for(let p=0,o=0;o<e.length;p++,o+=t){let g=0;for(let w=0;w<t&&g<n;w++){let l=e[o+w]-i[w];g+=l*l}g<n&&([a,n]=[p,g])}return{index:a,distance:Math.sqrt(n)}}function te(e){let i=e.factors.shape.length===3,[t,a,n]=[e.constants.read(),e.means.read(),e.factors.read()];return p=>{let o=p.length,g=Array.from(t,(l,h)=>{let C=0;for(let v=0;v<o;v++){let S=(h*o+v)*o,A=0;if(i)for(let r=0;r<=v;r++)A+=(p[r]-a[h*o+r])*n[S+r];else A=(p[v]-a[h*o+v])*n[h*o+v];C+=A*A}return l-C/2}),w=Math.max(...g);return w+Math.log(g.reduce((l,h)=>l+Math.exp(h-w),0))}}function ne(e,i){let[t,a]=[0,e.length];for(;t<a;){let n=t+a>>1;e[n]<i?t=n+1:a=n}return t/e.length}function re({check:e,codes:i,means:t,stds:a},n,p){let o=r=>fe(r,e.inactive,t),g=o(n),{index:w,distance:l}=ee(i,g),h=Math.sqrt(g.reduce((r,x,s)=>r+((x-t[s])/a[s])**2,0)),v=[{key:h<e.centre?"near_middle":"far_out",value:Math.abs(h-e.centre)},{key:"alone",value:l},{key:"changed",value:p?he(o(p),g):0}].map(({key:r,value:x},s)=>{let m=e.scales[s];return{key:r,value:m===null?0:x/m}}).reduce((r,x)=>x.value>r.value?x:r),{verdicts:S}=e,A=S.find(({limit:r})=>r===null||v.value<=r)??S[0];return{index:w,distance:l,verdict:A,reason:A===S[0]?"":e.reasons[v.key]}}function fe(e,i,t){let a=Float64Array.from(e);for(let n of i)a[n]=t[n];return a}function he(e,i){return Math.sqrt(e.reduce((t,a,n)=>t+(a-i[n])**2,0))}function ie(){let e=u("div",{class:"verdict"}),i=u("div",{class:"caption"}),t=u("div",{class:"caption"}),a=Z("Nearest real item"),n=u("div",{class:"caption"}),p=u("figure",{class:"nearest"},a.canvas,n),o=u("div",{},e,i,t),g=u("div",{class:"density-check",hidden:!0},o,p),w="",l=null,h="",C=null,v=new Float32Array(0),S=null;function A(s){if(!s||s.code.length!==v.length)return!1;let{code:m}=s;return v.every((y,d)=>y===Math.fround(m[d]))}function r(s){let m=[S,s.check.at_rest].find(A),y=re(s,v,m?.again??null);return e.className=`verdict ${y.verdict.name}`,e.textContent=y.verdict.words[0].toUpperCase()+y.verdict.words.slice(1),e.title=y.verdict.hint,i.textContent=y.reason,i.hidden=!y.reason,y}function x(s){let m=s?.encoder?.digest??"";m!==h&&(h=m,C=s?.encoder?new Q(s.encoder.read()):null,S=null)}return{element:g,update(s){let m=JSON.stringify(s);m!==w&&(w=m,g.hidden=!s,l=s&&pe(s),x(s?.check),a.update(s?.sprites??null))},decoded(s,m){C&&(S={code:Float32Array.from(m),again:C.run(s).slice(0,m.length)},l?.codes&&A(S)&&r(l.codes))},show(s){if(!l)return null;let{panel:m,codes:y}=l;if(v=s.slice(),t.textContent=l.densityWords(v),t.title=`By the density of Gaussians fitted to these codes (${m.source}); each was measured by one that had not seen it.`,p.hidden=e.hidden=!y,i.hidden||=!y,!y)return null;let{index:d,distance:k}=r(y);return a.show(d),n.textContent=`Nearest real ${m.item_word}: ${m.names[d]}. Distance ${F(k)}; between real ones ${F(y.check.usual)} is usual.`,n.title=`In units of the code; the usual distance is the median over real items (${m.source}).`,l.rowAt(d)},fit:a.fit,destroy:a.destroy}}function pe(e){let{check:i,mixture:t,rows:a}=e,n=t?.densities.read(),p=t&&te(t),o=a?.read(),g=a?.shape[1]??0,w=i&&{check:i,codes:e.codes.read(),means:i.means.read(),stds:i.stds.read()};function l(C){if(!n||!p)return"";let v=ne(n,p(C)),S=e.code_words;return v===0?`Less likely than each of the ${n.length.toLocaleString("en-US")} ${S}`:`More likely than ${T(v,v<.01?1:0)} of the ${S}`}return{panel:e,codes:w,densityWords:l,rowAt:C=>o?.subarray(C*g,(C+1)*g)??null}}function oe(e,i){let t=i.toLowerCase().split(/[\s,;]+/).filter(Boolean).map(o=>/^\d/.test(o)?`z${o}`:o);if(!t.length)return null;let a=e.map(o=>o.toLowerCase()),n=a.flatMap((o,g)=>t.some(w=>o.startsWith(w))?[g]:[]),p=n.filter(o=>t.includes(a[o]));return[...p,...n.filter(o=>!p.includes(o))]}var O=200;function U({label:e,low:i,high:t,note:a,hint:n,inactive:p},o,g){let w=H(),l=u("input",{type:"range",id:w,min:0,max:O,step:"any"}),h=u("input",{type:"text",inputmode:"decimal",class:"value","aria-label":`${e}, value`}),C=u("button",{type:"button",class:"plain",title:`Reset ${e}`,"aria-label":`Reset ${e}`},R(_.reset)),v=u("label",{for:w,title:n},e,u("span",{class:"share"},a??"")),S=u("div",{class:p?"slider-row inactive":"slider-row"},v,l,h,C),A=t-i||1,r=NaN,x=o,s=(d,k)=>{x=d,g(d,k)},m=()=>i+l.valueAsNumber/O*A,y=()=>s(o,!0);return l.addEventListener("input",()=>s(m(),!1)),l.addEventListener("change",()=>s(m(),!0)),l.addEventListener("dblclick",y),l.addEventListener("keydown",d=>{let k=A/(d.shiftKey?O:O/2),N={ArrowLeft:x-k,ArrowDown:x-k,ArrowRight:x+k,ArrowUp:x+k,PageDown:x-10*k,PageUp:x+10*k,Home:i,End:t};d.key in N&&(d.preventDefault(),s(Math.min(t,Math.max(i,N[d.key])),!0))}),C.addEventListener("click",y),h.addEventListener("focus",()=>h.select()),h.addEventListener("change",()=>{let d=ge(h.value);Number.isFinite(d)?s(d,!0):h.value=se(r)}),{element:S,show(d){if(d===r)return;r=x=d;let k=Math.min(1,Math.max(0,(d-i)/A));l.value=String(k*O),l.style.setProperty("--at",`calc(7px + (100% - 14px) * ${k})`),l.setAttribute("aria-valuetext",F(d)),h.value=se(d),C.style.visibility=Math.abs(d-o)<=1e-6*A?"hidden":"visible"}}}function se(e){return e.toFixed(2).replace("-","\u2212")}function ge(e){let i=e.trim().replace("\u2212","-").replace(",",".");return i===""?NaN:Number(i)}var ae=`.live .layout {
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
`;var I=24,ye=64;function we(e,i){let t=X("Decoded item"),a=u("div",{class:"caption"}),n=ie(),p=u("div",{class:"sliders directions",role:"group","aria-label":"Directions"}),o=u("div",{class:"sliders",role:"group","aria-label":"Latent dimensions"}),g=u("input",{type:"search","aria-label":"Find dimensions",placeholder:"Find dimensions: z17, z3",input:P}),w=u("span",{class:"quiet","aria-live":"polite"}),l=u("div",{class:"finder"},g,w),h=u("button",{type:"button",hidden:!0,click:ue}),C=u("button",{type:"button",click:ce},R(_.reset),"Reset all"),v=u("div",{class:"actions"},h,C),S=u("div",{class:"controls"},p,l,o,v),A=u("div",{class:"output"},u("figure",{},t.element,a),n.element);e.append(u("div",{class:"layout"},S,A));let r,x="",s=[],m=[],y=[],d=[],k=new Float32Array(0),N=!1,M=Y((c,f)=>{t.show(c),n.decoded(c,f)}),E=K(()=>{s.forEach((c,f)=>{c.element.isConnected&&c.show(k[r.dims[f].index])}),m.forEach((c,f)=>c.show(d[f])),M.decode(k),t.mark(n.show(k))}),q=V(()=>{let{model:c,token:f,start:b}=r;i("codes",{model:c,token:f,start:b,at:{code:Array.from(k),amounts:d}})},120),le=J(A,c=>{let f=e.clientWidth<=640;t.fit(Math.min(f?.5*c:c-2,360)),n.fit(f?56:84)});function z(c){return r.directions.reduce((f,b,$)=>f+d[$]*b.vector[c],0)}function W(c){y.forEach((f,b)=>{k[b]=f+z(b)}),E(),c&&q()}function ce(){y=[...r.start],d.fill(0),W(!0)}function de(c){let f=r.dims[c];return s[c]??=U({...f,...be(f)},r.start[f.index],(b,$)=>{y[f.index]=b-z(f.index),W($)}),s[c]}function P(){let c=r.dims.map(D=>D.label),f=c.length>I,b=oe(c,g.value),$=b??[...c.keys()],L=$.slice(0,b?ye:N?$.length:I);o.replaceChildren(...L.map(D=>de(D).element)),o.classList.toggle("long",L.length>I),l.hidden=!f,w.textContent=b?`${b.length} of ${c.length}`:"",h.hidden=!f||b!==null,h.textContent=N?`Show the first ${I}`:`Show all ${c.length}`,h.setAttribute("aria-expanded",String(N)),E()}function ue(){N=!N,P()}function me(){let{first:c,directions:f}=r;q.cancel(),d=[...c.amounts],k=Float32Array.from(c.code),y=c.code.map((b,$)=>b-z($)),s=[],m=f.map((b,$)=>U(b,0,(L,D)=>{d[$]=L,W(D)})),p.hidden=!m.length,p.replaceChildren(...m.map(b=>b.element)),P()}return{update(c){r=c;let{token:f,dims:b,directions:$,start:L,features:D}=r,B=M.update(r.decoder);B&&E.cancel(),n.update(r.density);let j=JSON.stringify([f,b,$,L,D]);(B||j!==x)&&(x=j,M.shape&&t.prepare(M.shape,D),me()),a.textContent=r.caption,E()},destroy(){E.cancel(),q.cancel(),M.destroy(),le(),n.destroy()}}}function be({share:e,inactive:i}){let t=e===null?"":T(e);return i?{note:"inactive",hint:"The codes of real items hardly differ along this dimension."}:{note:t,hint:t&&`Carries ${t} of what the codes tell about the items.`}}var Je=G(we,ae);export{Je as default};
