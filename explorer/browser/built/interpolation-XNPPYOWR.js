import{a as st}from"../explorer.shared/shared-YJWFDHIC.js";import{b as it}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as rt,b as ot,c as at}from"../explorer.shared/shared-TK5MQQWK.js";import{a as lt,b as U}from"../explorer.shared/shared-ZVNYXL66.js";import{b as ct}from"../explorer.shared/shared-TJKQGCKI.js";import{b as Y}from"../explorer.shared/shared-T5MM5QQF.js";import{b as n,c as Z,d as B,e as tt,g as et,h as nt}from"../explorer.shared/shared-5WLLZCO3.js";var C={left:46,right:8,top:6,bottom:20};function mt(t,p){let r=p*(t.length-1),o=Math.min(t.length-2,Math.floor(r));return t[o]+(r-o)*(t[o+1]-t[o])}function H(t,p,{hover:r,set:o,release:s,leave:f}){let l=!1,g=h=>Math.min(1,Math.max(0,p(h.clientX-t.getBoundingClientRect().left)));t.addEventListener("pointerdown",h=>{l=!0,t.setPointerCapture(h.pointerId),o(g(h))}),t.addEventListener("pointermove",h=>{l?o(g(h)):h.pointerType==="mouse"&&r(g(h))}),t.addEventListener("pointerleave",()=>{l||f()});for(let h of["pointerup","pointercancel"])t.addEventListener(h,()=>{l&&(l=!1,s())})}function bt(t,p){let[r,o]=p??[1/0,-1/0];for(let f of t)for(let l of f)r=Math.min(r,l),o=Math.max(o,l);let s=.06*(o-r)||1;return[r-s,o+s]}function dt(t,p,r,o){let[s,f]=bt(p,t.band),l=n("g",{class:"axis"}),g=r.map(m=>n("path",{class:"curve",stroke:m.colour,"stroke-dasharray":m.dash||null})),h=n("g",{class:"axis"}),u=n("line",{class:"mark",y1:C.top}),A=r.map(m=>n("circle",{class:"dot",fill:m.colour,r:3})),F=n("svg",{class:"plot",width:"100%",role:"img","aria-label":`${t.title} along the ways`},l,...g,h,u,...A),E=n("span",{class:"number"}),z=n("figure",{class:"chart"},n("figcaption",{class:"chart-title"},n("span",{},t.title),E),F,t.band?n("div",{class:"caption"},n("span",{class:"band-key"}),t.band_title):null),[L,a]=[0,0],v=m=>C.left+m*(L-C.left-C.right),x=m=>C.top+(f-m)/(f-s)*(a-C.top-C.bottom);return H(F,m=>(m-C.left)/(L-C.left-C.right),o),{element:z,resize(m,y){[L,a]=[m,y],F.setAttribute("height",a),u.setAttribute("y2",a-C.bottom);let[c,d]=[v(0),v(1)];l.replaceChildren(...t.band?[n("rect",{class:"band",x:c,width:Math.max(0,d-c),y:x(t.band[1]),height:x(t.band[0])-x(t.band[1])})]:[],...at(s,f,4).flatMap(S=>[n("line",{x1:c,x2:d,y1:x(S.at),y2:x(S.at)}),n("text",{x:c-6,y:x(S.at)+4,"text-anchor":"end"},S.text)])),g.forEach((S,_)=>{let $=p[_].length-1;S.setAttribute("d",Array.from(p[_],(D,R)=>`${R?"L":"M"}${v(R/$).toFixed(1)} ${x(D).toFixed(1)}`).join(""))})},mark(m,y){L&&(g.forEach((c,d)=>c.classList.toggle("chosen",d===m)),u.setAttribute("x1",v(y)),u.setAttribute("x2",v(y)),A.forEach((c,d)=>{c.setAttribute("cx",v(y)),c.setAttribute("cy",x(mt(p[d],y))),c.setAttribute("r",d===m?5:2.5)}),E.textContent=`${rt(mt(p[m],y))} ${t.unit}`.trim(),h.replaceChildren(...r[m].items_at.map((c,d)=>n("text",{x:v(c),y:a-5,"text-anchor":"middle"},String(d+1)))))}}}var At=60,N=1,pt=5,Et=15,Mt=8;function kt(t,p){let r=window.devicePixelRatio||1,o=Math.min(At,t/pt-1)*r/p,s=(o>=1?Math.floor(o):o)/r,f=(p+N)*s,l=Math.min(Et,Math.max(pt,Math.floor((t+N*s)/f)));return{pixel:s,pitch:f,count:l,sharp:o>=2}}function ht(t,p,r,o){let s=p.length===3,[,f,l]=s?p:[0,0,0],g=n("svg",{class:"key",width:28,height:8,"aria-hidden":"true"},n("line",{x1:0,x2:28,y1:4,y2:4,stroke:t.colour,"stroke-width":3,"stroke-dasharray":t.dash||null})),h=n("button",{type:"button",class:"way","aria-pressed":"false",click:o.choose},g,t.title),u=n("canvas",{class:"picture",role:"img","aria-label":`${t.title}: decoded items from the first to the last`}),A=n("div",{class:"cursor"}),F=n("div",{class:"numbers","aria-hidden":"true"}),E=n("div",{class:"film",hidden:!s},u,A,F),z=n("div",{class:"strip"},n("div",{class:"strip-head"},h,n("span",{class:"caption"},t.note)),E),L=n("canvas"),a={pixel:0,pitch:0,count:0,sharp:!1},v=0,x=0,m=c=>(c*(a.count-1)+.5)*a.pitch;s&&H(E,c=>(c/a.pitch-.5)/(a.count-1),o);function y(){let c=performance.now()+Mt,d=u.getContext("2d");for(;v<a.count&&performance.now()<c;)it(L,r(v/(a.count-1)),p),d.drawImage(L,v*(l+N),0),v++;x=v<a.count?requestAnimationFrame(y):0,x||(u.dataset.drawn=String(a.count))}return{element:z,resize(c){if(!s||!c)return;let d=kt(c,l),S=d.count===a.count&&d.pixel===a.pixel;a=d,!S&&(u.width=a.count*(l+N)-N,u.height=f,u.style.width=`${u.width*a.pixel}px`,u.style.height=`${f*a.pixel}px`,u.style.imageRendering=a.sharp?"pixelated":"auto",F.replaceChildren(...t.items_at.map((_,$)=>n("span",{style:`left: ${m(_)}px`},String($+1)))),this.redraw())},redraw(){!s||!a.count||(cancelAnimationFrame(x),v=0,delete u.dataset.drawn,x=requestAnimationFrame(y))},mark(c,d){h.setAttribute("aria-pressed",String(c)),z.classList.toggle("chosen",c),A.style.transform=`translateX(${m(d)}px)`},destroy:()=>cancelAnimationFrame(x)}}var ut=`.live figure {
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
`;var Ct=2.5,Lt=[.25,.5,1,2,4],$t={bounce:"Back and forth",loop:"From the start again",once:"Once"},W=.01,ft=.1,Pt=120;function Ft(t,p,r){let o=_t(new Float32Array(t.section("codes").buffer),p,r);if(!t.has("pack")){let f=new Float32Array(t.section("decoded").buffer),l=f.length/(p*r),g=(h,u)=>f.subarray((h*r+u)*l,(h*r+u+1)*l);return{shape:t.header.shape,code:o,at:(h,u)=>g(h,Math.round(u*(r-1)))}}let s=new Y(t.section("pack"));return{shape:s.outputShape,code:o,at:(f,l)=>s.run(o(f,l))}}function _t(t,p,r){let o=t.length/(p*r),s=new Float32Array(o);return(f,l)=>{let g=l*(r-1),h=Math.min(r-2,Math.floor(g)),u=(f*r+h)*o;for(let A=0;A<o;A++)s[A]=t[u+A]+(g-h)*(t[u+o+A]-t[u+A]);return s}}function Rt(t,p){let r=st("Item on the way, decoded"),o=n("div",{class:"caption"}),s=n("div",{class:"charts"}),f=n("div",{class:"strips",role:"group","aria-label":"Ways"}),l=tt(),g=n("input",{type:"range",id:l,min:0,max:1,step:"any"}),h=n("button",{type:"button",class:"play",click:()=>d?X():wt()}),u=gt("Speed",Lt.map(e=>[e,`${e} \xD7`]),1),A=gt("Repeat",Object.entries($t),"bounce"),F=n("div",{class:"stage"},n("figure",{class:"now"},r.element,o),s);t.append(F,n("div",{class:"transport"},h,n("label",{class:"only-read",for:l},"Place on the way"),g,u.element,A.element),f);let E=null,z="",L="",a=null,v=[],x=[],m=0,y=0,c=null,d=0,S=1,_=0,$=0,D=()=>c??{way:m,at:y},R=ct((e,i)=>{a.code(D().way,D().at).every((w,M)=>w===i[M])&&r.show(e)}),J=U(()=>R.decode(a.code(D().way,D().at)),Pt),I=lt(()=>{let e=D();r.show(a.at(e.way,e.at)),R.isServed&&J();for(let b of v)b.mark(e.way,e.at);x.forEach((b,w)=>b.mark(w===e.way,e.at));let i=yt(E.tracks[e.way],e.at);o.textContent=i,g.value=y,g.style.setProperty("--at",`calc(7px + (100% - 14px) * ${y})`),g.setAttribute("aria-valuetext",i)}),T=U(()=>p("place",{codes:L,track:E.tracks[m].key,at:y}),120);function yt(e,i){let b=q=>E.items[q]??`item ${q+1}`,w=e.items_at.findLastIndex(q=>q<=i+1e-9),M=Math.min(Math.max(0,w),e.items_at.length-2),[k,P]=[e.items_at[M],e.items_at[M+1]],O=P>k?(i-k)/(P-k):1;return O<1e-6?`${e.title}: at ${b(M)}`:O>1-1e-6?`${e.title}: at ${b(M+1)}`:`${e.title}: ${ot(O)} of the way from ${b(M)} to ${b(M+1)}`}function V(e){let i=Math.min(.1,(e-_)/1e3);_=e;let b=E.items.length-1,w=y+S*i*u.value()/(Ct*b);if(w>1||w<0){if(A.value()==="once"){y=w>1?1:0,I(),X();return}A.value()==="loop"?w-=Math.floor(w):(S=w>1?-1:1,w=Math.min(1,Math.max(0,w)))}y=w,I(),d=requestAnimationFrame(V)}function wt(){A.value()!=="bounce"&&(S=1),A.value()==="once"&&y>=1&&(y=0),_=performance.now(),d=requestAnimationFrame(V),G()}function X(){d&&(cancelAnimationFrame(d),d=0,G(),T())}function G(){h.replaceChildren(Z(d?B.pause:B.play),d?"Pause":"Play")}function j(e,i){X(),[m,y,c]=[e,i,null],I()}function K(e){return{choose:()=>{m=e(),I(),T()},hover:i=>{c={way:e(),at:i},I()},set:i=>j(e(),i),release:T,leave:()=>{c=null,I()}}}g.addEventListener("input",()=>j(m,g.valueAsNumber)),g.addEventListener("change",T),g.addEventListener("keydown",e=>{let i={ArrowLeft:-W,ArrowDown:-W,ArrowRight:W,ArrowUp:W,PageDown:-ft,PageUp:ft}[e.key];i&&(e.preventDefault(),j(m,Math.min(1,Math.max(0,y+i))),T())}),G();function Q(){if(!a||!$)return;let e=$<640;r.fit(Math.min(280,e?$-2:$*.36));let i=s.clientWidth,b=i>=560?Math.min(2,v.length):1;s.style.setProperty("--columns",b);let w=b===v.length&&!e;for(let M of v)M.resize((i-16*(b-1))/b,w?220:120);for(let M of x)M.resize($);I()}let vt=et(t,e=>{$=e,Q()});function xt(e){let{tracks:i,measures:b}=E,w=e.has("measures")?new Float32Array(e.section("measures").buffer):new Float32Array(0),M=(k,P)=>w.subarray((k*i.length+P)*E.frames,(k*i.length+P+1)*E.frames);a=Ft(e,i.length,E.frames),r.prepare(a.shape,E.features),v=b.map((k,P)=>dt(k,i.map((O,q)=>M(P,q)),i,K(()=>m))),s.replaceChildren(...v.map(k=>k.element));for(let k of x)k.destroy();x=i.map((k,P)=>ht(k,a.shape,O=>a.at(P,O),K(()=>P))),f.replaceChildren(...x.map(k=>k.element))}return{update(e){e.header.served?R.update(e):R.destroy();let{start:i,...b}=e.header,w=JSON.stringify(b);w!==z&&(z=w,E=e.header,L=e.digest("codes"),cancelAnimationFrame(d),d=0,G(),xt(e),m=Math.max(0,E.tracks.findIndex(M=>M.key===i.track)),[y,c]=[i.at,null],Q())},destroy(){cancelAnimationFrame(d),I.cancel(),J.cancel(),R.destroy(),T.cancel();for(let e of x)e.destroy();vt()}}}function gt(t,p,r){let o=n("select",{},...p.map(([l,g])=>n("option",{value:l,selected:l===r},g))),s=n("label",{class:"choice"},n("span",{class:"caption"},t),o),f=typeof r=="number";return{element:s,value:()=>f?Number(o.value):o.value}}var Yt=nt(Rt,ut);export{Yt as default};
