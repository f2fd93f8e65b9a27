import{a as it}from"../explorer.shared/shared-KWJRFLBD.js";import{b as at}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as nt,b as ot,c as rt}from"../explorer.shared/shared-TK5MQQWK.js";import{a as st,b as U}from"../explorer.shared/shared-ZVNYXL66.js";import{b as lt}from"../explorer.shared/shared-VONEFBLK.js";import{b as Q}from"../explorer.shared/shared-FPCYSUE7.js";import{b as n,c as Y,d as B,e as Z,g as tt,h as et}from"../explorer.shared/shared-ZMNDSNWX.js";var $={left:46,right:8,top:6,bottom:20};function ct(e,p){let a=p*(e.length-1),i=Math.min(e.length-2,Math.floor(a));return e[i]+(a-i)*(e[i+1]-e[i])}function H(e,p,{hover:a,set:i,release:c,leave:g}){let u=!1,o=l=>Math.min(1,Math.max(0,p(l.clientX-e.getBoundingClientRect().left)));e.addEventListener("pointerdown",l=>{u=!0,e.setPointerCapture(l.pointerId),i(o(l))}),e.addEventListener("pointermove",l=>{u?i(o(l)):l.pointerType==="mouse"&&a(o(l))}),e.addEventListener("pointerleave",()=>{u||g()});for(let l of["pointerup","pointercancel"])e.addEventListener(l,()=>{u&&(u=!1,c())})}function xt(e,p){let[a,i]=p??[1/0,-1/0];for(let g of e)for(let u of g)a=Math.min(a,u),i=Math.max(i,u);let c=.06*(i-a)||1;return[a-c,i+c]}function pt(e,p,a,i){let[c,g]=xt(p,e.band),u=n("g",{class:"axis"}),o=a.map(s=>n("path",{class:"curve",stroke:s.colour,"stroke-dasharray":s.dash||null})),l=n("g",{class:"axis"}),y=n("line",{class:"mark",y1:$.top}),S=a.map(s=>n("circle",{class:"dot",fill:s.colour,r:3})),P=n("svg",{class:"plot",width:"100%",role:"img","aria-label":`${e.title} along the ways`},u,...o,l,y,...S),E=n("span",{class:"number"}),k=n("figure",{class:"chart"},n("figcaption",{class:"chart-title"},n("span",{},e.title),E),P,e.band?n("div",{class:"caption"},n("span",{class:"band-key"}),e.band_title):null),[w,d]=[0,0],x=s=>$.left+s*(w-$.left-$.right),v=s=>$.top+(g-s)/(g-c)*(d-$.top-$.bottom);return H(P,s=>(s-$.left)/(w-$.left-$.right),i),{element:k,resize(s,M){[w,d]=[s,M],P.setAttribute("height",d),y.setAttribute("y2",d-$.bottom);let[r,b]=[x(0),x(1)];u.replaceChildren(...e.band?[n("rect",{class:"band",x:r,width:Math.max(0,b-r),y:v(e.band[1]),height:v(e.band[0])-v(e.band[1])})]:[],...rt(c,g,4).flatMap(C=>[n("line",{x1:r,x2:b,y1:v(C.at),y2:v(C.at)}),n("text",{x:r-6,y:v(C.at)+4,"text-anchor":"end"},C.text)])),o.forEach((C,L)=>{let _=p[L].length-1;C.setAttribute("d",Array.from(p[L],(R,T)=>`${T?"L":"M"}${x(T/_).toFixed(1)} ${v(R).toFixed(1)}`).join(""))})},mark(s,M){w&&(o.forEach((r,b)=>r.classList.toggle("chosen",b===s)),y.setAttribute("x1",x(M)),y.setAttribute("x2",x(M)),S.forEach((r,b)=>{r.setAttribute("cx",x(M)),r.setAttribute("cy",v(ct(p[b],M))),r.setAttribute("r",b===s?5:2.5)}),E.textContent=`${nt(ct(p[s],M))} ${e.unit}`.trim(),l.replaceChildren(...a[s].items_at.map((r,b)=>n("text",{x:x(r),y:d-5,"text-anchor":"middle"},String(b+1)))))}}}var bt=60,q=1,mt=5,At=15,Et=8;function Mt(e,p){let a=window.devicePixelRatio||1,i=Math.min(bt,e/mt-1)*a/p,c=(i>=1?Math.floor(i):i)/a,g=(p+q)*c,u=Math.min(At,Math.max(mt,Math.floor((e+q*c)/g)));return{pixel:c,pitch:g,count:u,sharp:i>=2}}function dt(e,p,a,i){let c=p.length===3,[,g,u]=c?p:[0,0,0],o=n("svg",{class:"key",width:28,height:8,"aria-hidden":"true"},n("line",{x1:0,x2:28,y1:4,y2:4,stroke:e.colour,"stroke-width":3,"stroke-dasharray":e.dash||null})),l=n("button",{type:"button",class:"way","aria-pressed":"false",click:i.choose},o,e.title),y=n("canvas",{class:"picture",role:"img","aria-label":`${e.title}: decoded items from the first to the last`}),S=n("div",{class:"cursor"}),P=n("div",{class:"numbers","aria-hidden":"true"}),E=n("div",{class:"film",hidden:!c},y,S,P),k=n("div",{class:"strip"},n("div",{class:"strip-head"},l,n("span",{class:"caption"},e.note)),E),w=n("canvas"),d={pixel:0,pitch:0,count:0,sharp:!1},x=0,v=0,s=r=>(r*(d.count-1)+.5)*d.pitch;c&&H(E,r=>(r/d.pitch-.5)/(d.count-1),i);function M(){let r=performance.now()+Et,b=y.getContext("2d");for(;x<d.count&&performance.now()<r;)at(w,a(x/(d.count-1)),p),b.drawImage(w,x*(u+q),0),x++;v=x<d.count?requestAnimationFrame(M):0,v||(y.dataset.drawn=String(d.count))}return{element:k,resize(r){if(!c||!r)return;let b=Mt(r,u),C=b.count===d.count&&b.pixel===d.pixel;d=b,!C&&(y.width=d.count*(u+q)-q,y.height=g,y.style.width=`${y.width*d.pixel}px`,y.style.height=`${g*d.pixel}px`,y.style.imageRendering=d.sharp?"pixelated":"auto",P.replaceChildren(...e.items_at.map((L,_)=>n("span",{style:`left: ${s(L)}px`},String(_+1)))),this.redraw())},redraw(){!c||!d.count||(cancelAnimationFrame(v),x=0,delete y.dataset.drawn,v=requestAnimationFrame(M))},mark(r,b){l.setAttribute("aria-pressed",String(r)),k.classList.toggle("chosen",r),S.style.transform=`translateX(${s(b)}px)`},destroy:()=>cancelAnimationFrame(v)}}var ut=`.live figure {
  margin: 0;
  min-width: 0;
}

.live .stage {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  align-items: start;
  gap: 1.25rem;
}

.live .now .caption {
  max-width: 282px;
  min-height: 2.8em;
  margin-top: 0.35rem;
}

.live .charts {
  display: grid;
  grid-template-columns: repeat(var(--columns, 1), minmax(0, 1fr));
  gap: 0.75rem 1rem;
}

.live .chart-title {
  display: flex;
  justify-content: space-between;
  gap: 0.75rem;
}

.live .plot {
  display: block;
  cursor: ew-resize;
  touch-action: pan-y;
}

.live .plot text {
  fill: var(--quiet);
  font-size: 11px;
}

.live .axis line {
  stroke: var(--fill);
}

.live .curve {
  fill: none;
  stroke-width: 2;
}

.live .curve.chosen {
  stroke-width: 3.5;
}

.live .mark {
  stroke: var(--quiet);
}

.live .dot {
  stroke: var(--st-background-color);
  stroke-width: 1;
}

.live .band,
.live .band-key {
  fill: var(--fill);
}

.live .band-key {
  display: inline-block;
  width: 0.8rem;
  height: 0.8rem;
  margin-right: 0.35rem;
  background: var(--fill);
  vertical-align: -0.1rem;
}

.live .transport {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem 0.75rem;
  margin: 0.75rem 0;
}

.live .transport input {
  flex: 1 1 12rem;
  width: auto;
  min-width: 0;
}

.live .play {
  min-width: 5.5rem;
  justify-content: center;
}

.live .choice {
  display: flex;
  align-items: center;
  gap: 0.35rem;
}

.live select {
  padding: 0.25rem 0.35rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--st-background-color);
  color: inherit;
  font: inherit;
}

.live .strip + .strip {
  margin-top: 0.6rem;
}

.live .strip-head {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.25rem 0.75rem;
  margin-bottom: 0.25rem;
}

.live .film {
  position: relative;
  width: fit-content;
  max-width: 100%;
  padding-bottom: 1.1rem;
  overflow: hidden;
  cursor: ew-resize;
  touch-action: pan-y;
}

.live .film .picture {
  border: 0;
}

.live .cursor {
  position: absolute;
  top: 0;
  bottom: 1.1rem;
  left: -1px;
  width: 2px;
  background: var(--accent);
  opacity: 0.35;
  pointer-events: none;
}

.live .chosen .cursor {
  opacity: 1;
}

.live .numbers {
  position: absolute;
  right: 0;
  bottom: 0;
  left: 0;
  height: 1.1rem;
  color: var(--quiet);
  font-size: 0.75rem;
  pointer-events: none;
}

.live .numbers span {
  position: absolute;
  transform: translateX(-50%);
}

@container (max-width: 640px) {
  .live .stage {
    grid-template-columns: minmax(0, 1fr);
  }

  .live .now {
    display: flex;
    gap: 0.75rem;
  }

  .live .features {
    max-height: 14rem;
  }
}
`;var kt=2.5,Ct=[.25,.5,1,2,4],Lt={bounce:"Back and forth",loop:"From the start again",once:"Once"},G=.01,ht=.1,$t=120;function Pt({tracks:e,decoder:p,decoded:a}){let i=e.map(o=>_t(o.codes.read(),o.codes.shape[1])),c=(o,l)=>i[o](l);if(a){let[,o,...l]=a.shape,y=a.read(),S=y.length/(e.length*o),P=(k,w)=>y.subarray((k*o+w)*S,(k*o+w+1)*S);return{shape:l,code:c,at:(k,w)=>P(k,Math.round(w*(o-1)))}}let g=new Q(p.pack.read()),u=(o,l)=>g.run(c(o,l));return{shape:g.outputShape,code:c,at:u}}function _t(e,p){let a=e.length/p-1,i=new Float32Array(p);return c=>{let g=Math.min(a-1,Math.floor(c*a)),u=c*a-g,o=g*p;for(let l=0;l<p;l++)i[l]=e[o+l]+u*(e[o+p+l]-e[o+l]);return i}}function Ft(e,p){let a=it("Item on the way, decoded"),i=n("div",{class:"caption"}),c=n("div",{class:"charts"}),g=n("div",{class:"strips",role:"group","aria-label":"Ways"}),u=Z(),o=n("input",{type:"range",id:u,min:0,max:1,step:"any"}),l=n("button",{type:"button",class:"play",click:()=>r?W():vt()}),y=ft("Speed",Ct.map(t=>[t,`${t} \xD7`]),1),S=ft("Repeat",Object.entries(Lt),"bounce"),P=n("div",{class:"stage"},n("figure",{class:"now"},a.element,i),c);e.append(P,n("div",{class:"transport"},l,n("label",{class:"only-read",for:u},"Place on the way"),o,y.element,S.element),g);let E,k="",w=null,d=[],x=[],v=0,s=0,M=null,r=0,b=1,C=0,L=0,_=()=>M??{way:v,at:s},R=lt((t,h)=>{w.code(_().way,_().at).every((f,A)=>f===h[A])&&a.show(t)}),T=U(()=>R.decode(w.code(_().way,_().at)),$t),F=st(()=>{let t=_();a.show(w.at(t.way,t.at)),R.isServed&&T();for(let m of d)m.mark(t.way,t.at);x.forEach((m,f)=>m.mark(f===t.way,t.at));let h=gt(E.tracks[t.way],t.at);i.textContent=h,o.value=s,o.style.setProperty("--at",`calc(7px + (100% - 14px) * ${s})`),o.setAttribute("aria-valuetext",h)}),I=U(()=>p("place",{codes:E.tracks.map(t=>t.codes.digest),track:E.tracks[v].key,at:s}),120);function gt(t,h){let m=z=>E.items[z]??`item ${z+1}`,f=t.items_at.findLastIndex(z=>z<=h+1e-9),A=Math.min(Math.max(0,f),t.items_at.length-2),[O,j]=[t.items_at[A],t.items_at[A+1]],D=j>O?(h-O)/(j-O):1;return D<1e-6?`${t.title}: at ${m(A)}`:D>1-1e-6?`${t.title}: at ${m(A+1)}`:`${t.title}: ${ot(D)} of the way from ${m(A)} to ${m(A+1)}`}function J(t){let h=Math.min(.1,(t-C)/1e3);C=t;let m=E.items.length-1,f=s+b*h*y.value()/(kt*m);if(f>1||f<0){if(S.value()==="once"){s=f>1?1:0,F(),W();return}S.value()==="loop"?f-=Math.floor(f):(b=f>1?-1:1,f=Math.min(1,Math.max(0,f)))}s=f,F(),r=requestAnimationFrame(J)}function vt(){S.value()!=="bounce"&&(b=1),S.value()==="once"&&s>=1&&(s=0),C=performance.now(),r=requestAnimationFrame(J),N()}function W(){r&&(cancelAnimationFrame(r),r=0,N(),I())}function N(){l.replaceChildren(Y(r?B.pause:B.play),r?"Pause":"Play")}function X(t,h){W(),[v,s,M]=[t,h,null],F()}function V(t){return{choose:()=>{v=t(),F(),I()},hover:h=>{M={way:t(),at:h},F()},set:h=>X(t(),h),release:I,leave:()=>{M=null,F()}}}o.addEventListener("input",()=>X(v,o.valueAsNumber)),o.addEventListener("change",I),o.addEventListener("keydown",t=>{let h={ArrowLeft:-G,ArrowDown:-G,ArrowRight:G,ArrowUp:G,PageDown:-ht,PageUp:ht}[t.key];h&&(t.preventDefault(),X(v,Math.min(1,Math.max(0,s+h))),I())}),N();function K(){if(!w||!L)return;let t=L<640;a.fit(Math.min(280,t?L-2:L*.36));let h=c.clientWidth,m=h>=560?Math.min(2,d.length):1;c.style.setProperty("--columns",m);let f=m===d.length&&!t;for(let A of d)A.resize((h-16*(m-1))/m,f?220:120);for(let A of x)A.resize(L);F()}let yt=tt(e,t=>{L=t,K()});function wt(){let{tracks:t,measures:h}=E;w=Pt(E),a.prepare(w.shape,E.features),d=h.map(m=>{let f=m.values.read(),A=m.values.shape[1],O=t.map((j,D)=>f.subarray(D*A,(D+1)*A));return pt(m,O,t,V(()=>v))}),c.replaceChildren(...d.map(m=>m.element));for(let m of x)m.destroy();x=t.map((m,f)=>dt(m,w.shape,A=>w.at(f,A),V(()=>f))),g.replaceChildren(...x.map(m=>m.element))}return{update(t){t.decoder.served?R.update(t.decoder):R.destroy();let{start:h,...m}=t,f=JSON.stringify(m);f!==k&&(k=f,E=t,cancelAnimationFrame(r),r=0,N(),wt(),v=Math.max(0,E.tracks.findIndex(A=>A.key===h.track)),[s,M]=[h.at,null],K())},destroy(){cancelAnimationFrame(r),F.cancel(),T.cancel(),R.destroy(),I.cancel();for(let t of x)t.destroy();yt()}}}function ft(e,p,a){let i=n("select",{},...p.map(([u,o])=>n("option",{value:u,selected:u===a},o))),c=n("label",{class:"choice"},n("span",{class:"caption"},e),i),g=typeof a=="number";return{element:c,value:()=>g?Number(i.value):i.value}}var Qt=et(Ft,ut);export{Qt as default};
