import{a as st}from"../explorer.shared/shared-YJWFDHIC.js";import{b as at}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as ot,b as rt,c as it}from"../explorer.shared/shared-TK5MQQWK.js";import{a as lt,b as U}from"../explorer.shared/shared-ZVNYXL66.js";import{b as ct}from"../explorer.shared/shared-TJKQGCKI.js";import{b as Y}from"../explorer.shared/shared-T5MM5QQF.js";import{b as n,c as Z,d as B,e as tt,g as et,h as nt}from"../explorer.shared/shared-5WLLZCO3.js";var C={left:46,right:8,top:6,bottom:20};function mt(t,d){let o=d*(t.length-1),r=Math.min(t.length-2,Math.floor(o));return t[r]+(o-r)*(t[r+1]-t[r])}function H(t,d,{hover:o,set:r,release:s,leave:f}){let l=!1,g=h=>Math.min(1,Math.max(0,d(h.clientX-t.getBoundingClientRect().left)));t.addEventListener("pointerdown",h=>{l=!0,t.setPointerCapture(h.pointerId),r(g(h))}),t.addEventListener("pointermove",h=>{l?r(g(h)):h.pointerType==="mouse"&&o(g(h))}),t.addEventListener("pointerleave",()=>{l||f()});for(let h of["pointerup","pointercancel"])t.addEventListener(h,()=>{l&&(l=!1,s())})}function bt(t,d){let[o,r]=d??[1/0,-1/0];for(let f of t)for(let l of f)o=Math.min(o,l),r=Math.max(r,l);let s=.06*(r-o)||1;return[o-s,r+s]}function pt(t,d,o,r){let[s,f]=bt(d,t.band),l=n("g",{class:"axis"}),g=o.map(m=>n("path",{class:"curve",stroke:m.colour,"stroke-dasharray":m.dash||null})),h=n("g",{class:"axis"}),u=n("line",{class:"mark",y1:C.top}),A=o.map(m=>n("circle",{class:"dot",fill:m.colour,r:3})),_=n("svg",{class:"plot",width:"100%",role:"img","aria-label":`${t.title} along the paths`},l,...g,h,u,...A),E=n("span",{class:"number"}),I=n("figure",{class:"chart"},n("figcaption",{class:"chart-title"},n("span",{},t.title),E),_,t.band?n("div",{class:"caption"},n("span",{class:"band-key"}),t.band_title):null),[L,i]=[0,0],v=m=>C.left+m*(L-C.left-C.right),x=m=>C.top+(f-m)/(f-s)*(i-C.top-C.bottom);return H(_,m=>(m-C.left)/(L-C.left-C.right),r),{element:I,resize(m,y){[L,i]=[m,y],_.setAttribute("height",i),u.setAttribute("y2",i-C.bottom);let[c,p]=[v(0),v(1)];l.replaceChildren(...t.band?[n("rect",{class:"band",x:c,width:Math.max(0,p-c),y:x(t.band[1]),height:x(t.band[0])-x(t.band[1])})]:[],...it(s,f,4).flatMap(S=>[n("line",{x1:c,x2:p,y1:x(S.at),y2:x(S.at)}),n("text",{x:c-6,y:x(S.at)+4,"text-anchor":"end"},S.text)])),g.forEach((S,F)=>{let $=d[F].length-1;S.setAttribute("d",Array.from(d[F],(z,R)=>`${R?"L":"M"}${v(R/$).toFixed(1)} ${x(z).toFixed(1)}`).join(""))})},mark(m,y){L&&(g.forEach((c,p)=>c.classList.toggle("chosen",p===m)),u.setAttribute("x1",v(y)),u.setAttribute("x2",v(y)),A.forEach((c,p)=>{c.setAttribute("cx",v(y)),c.setAttribute("cy",x(mt(d[p],y))),c.setAttribute("r",p===m?5:2.5)}),E.textContent=`${ot(mt(d[m],y))} ${t.unit}`.trim(),h.replaceChildren(...o[m].items_at.map((c,p)=>n("text",{x:v(c),y:i-5,"text-anchor":"middle"},String(p+1)))))}}}var At=60,N=1,dt=5,Et=15,Mt=8;function kt(t,d){let o=window.devicePixelRatio||1,r=Math.min(At,t/dt-1)*o/d,s=(r>=1?Math.floor(r):r)/o,f=(d+N)*s,l=Math.min(Et,Math.max(dt,Math.floor((t+N*s)/f)));return{pixel:s,pitch:f,count:l,sharp:r>=2}}function ht(t,d,o,r){let s=d.length===3,[,f,l]=s?d:[0,0,0],g=n("svg",{class:"key",width:28,height:8,"aria-hidden":"true"},n("line",{x1:0,x2:28,y1:4,y2:4,stroke:t.colour,"stroke-width":3,"stroke-dasharray":t.dash||null})),h=n("button",{type:"button",class:"way","aria-pressed":"false",click:r.choose},g,t.title),u=n("canvas",{class:"picture",role:"img","aria-label":`${t.title}: decoded items from the first to the last`}),A=n("div",{class:"cursor"}),_=n("div",{class:"numbers","aria-hidden":"true"}),E=n("div",{class:"film",hidden:!s},u,A,_),I=n("div",{class:"strip"},n("div",{class:"strip-head"},h,n("span",{class:"caption"},t.note)),E),L=n("canvas"),i={pixel:0,pitch:0,count:0,sharp:!1},v=0,x=0,m=c=>(c*(i.count-1)+.5)*i.pitch;s&&H(E,c=>(c/i.pitch-.5)/(i.count-1),r);function y(){let c=performance.now()+Mt,p=u.getContext("2d");for(;v<i.count&&performance.now()<c;)at(L,o(v/(i.count-1)),d),p.drawImage(L,v*(l+N),0),v++;x=v<i.count?requestAnimationFrame(y):0,x||(u.dataset.drawn=String(i.count))}return{element:I,resize(c){if(!s||!c)return;let p=kt(c,l),S=p.count===i.count&&p.pixel===i.pixel;i=p,!S&&(u.width=i.count*(l+N)-N,u.height=f,u.style.width=`${u.width*i.pixel}px`,u.style.height=`${f*i.pixel}px`,u.style.imageRendering=i.sharp?"pixelated":"auto",_.replaceChildren(...t.items_at.map((F,$)=>n("span",{style:`left: ${m(F)}px`},String($+1)))),this.redraw())},redraw(){!s||!i.count||(cancelAnimationFrame(x),v=0,delete u.dataset.drawn,x=requestAnimationFrame(y))},mark(c,p){h.setAttribute("aria-pressed",String(c)),I.classList.toggle("chosen",c),A.style.transform=`translateX(${m(p)}px)`},destroy:()=>cancelAnimationFrame(x)}}var ut=`.live figure {
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
`;var Ct=2.5,Lt=[.25,.5,1,2,4],$t={bounce:"Back and forth",loop:"Loop",once:"Once"},W=.01,ft=.1,Pt=120;function _t(t,d,o){let r=Ft(new Float32Array(t.section("codes").buffer),d,o);if(!t.has("pack")){let f=new Float32Array(t.section("decoded").buffer),l=f.length/(d*o),g=(h,u)=>f.subarray((h*o+u)*l,(h*o+u+1)*l);return{shape:t.header.shape,code:r,at:(h,u)=>g(h,Math.round(u*(o-1)))}}let s=new Y(t.section("pack"));return{shape:s.outputShape,code:r,at:(f,l)=>s.run(r(f,l))}}function Ft(t,d,o){let r=t.length/(d*o),s=new Float32Array(r);return(f,l)=>{let g=l*(o-1),h=Math.min(o-2,Math.floor(g)),u=(f*o+h)*r;for(let A=0;A<r;A++)s[A]=t[u+A]+(g-h)*(t[u+r+A]-t[u+A]);return s}}function Rt(t,d){let o=st("Decoded item on the path"),r=n("div",{class:"caption"}),s=n("div",{class:"charts"}),f=n("div",{class:"strips",role:"group","aria-label":"Ways"}),l=tt(),g=n("input",{type:"range",id:l,min:0,max:1,step:"any"}),h=n("button",{type:"button",class:"play",click:()=>p?X():wt()}),u=gt("Speed",Lt.map(e=>[e,`${e} \xD7`]),1),A=gt("Repeat",Object.entries($t),"bounce"),_=n("div",{class:"stage"},n("figure",{class:"now"},o.element,r),s);t.append(_,n("div",{class:"transport"},h,n("label",{class:"only-read",for:l},"Position on the path"),g,u.element,A.element),f);let E=null,I="",L="",i=null,v=[],x=[],m=0,y=0,c=null,p=0,S=1,F=0,$=0,z=()=>c??{way:m,at:y},R=ct((e,a)=>{i.code(z().way,z().at).every((w,M)=>w===a[M])&&o.show(e)}),J=U(()=>R.decode(i.code(z().way,z().at)),Pt),D=lt(()=>{let e=z();o.show(i.at(e.way,e.at)),R.isServed&&J();for(let b of v)b.mark(e.way,e.at);x.forEach((b,w)=>b.mark(w===e.way,e.at));let a=yt(E.tracks[e.way],e.at);r.textContent=a,g.value=y,g.style.setProperty("--at",`calc(7px + (100% - 14px) * ${y})`),g.setAttribute("aria-valuetext",a)}),T=U(()=>d("place",{codes:L,track:E.tracks[m].key,at:y}),120);function yt(e,a){let b=q=>E.items[q]??`item ${q+1}`,w=e.items_at.findLastIndex(q=>q<=a+1e-9),M=Math.min(Math.max(0,w),e.items_at.length-2),[k,P]=[e.items_at[M],e.items_at[M+1]],O=P>k?(a-k)/(P-k):1;return O<1e-6?`${e.title}: at ${b(M)}`:O>1-1e-6?`${e.title}: at ${b(M+1)}`:`${e.title}: ${rt(O)} of the path from ${b(M)} to ${b(M+1)}`}function V(e){let a=Math.min(.1,(e-F)/1e3);F=e;let b=E.items.length-1,w=y+S*a*u.value()/(Ct*b);if(w>1||w<0){if(A.value()==="once"){y=w>1?1:0,D(),X();return}A.value()==="loop"?w-=Math.floor(w):(S=w>1?-1:1,w=Math.min(1,Math.max(0,w)))}y=w,D(),p=requestAnimationFrame(V)}function wt(){A.value()!=="bounce"&&(S=1),A.value()==="once"&&y>=1&&(y=0),F=performance.now(),p=requestAnimationFrame(V),G()}function X(){p&&(cancelAnimationFrame(p),p=0,G(),T())}function G(){h.replaceChildren(Z(p?B.pause:B.play),p?"Pause":"Play")}function j(e,a){X(),[m,y,c]=[e,a,null],D()}function K(e){return{choose:()=>{m=e(),D(),T()},hover:a=>{c={way:e(),at:a},D()},set:a=>j(e(),a),release:T,leave:()=>{c=null,D()}}}g.addEventListener("input",()=>j(m,g.valueAsNumber)),g.addEventListener("change",T),g.addEventListener("keydown",e=>{let a={ArrowLeft:-W,ArrowDown:-W,ArrowRight:W,ArrowUp:W,PageDown:-ft,PageUp:ft}[e.key];a&&(e.preventDefault(),j(m,Math.min(1,Math.max(0,y+a))),T())}),G();function Q(){if(!i||!$)return;let e=$<640;o.fit(Math.min(280,e?$-2:$*.36));let a=s.clientWidth,b=a>=560?Math.min(2,v.length):1;s.style.setProperty("--columns",b);let w=b===v.length&&!e;for(let M of v)M.resize((a-16*(b-1))/b,w?220:120);for(let M of x)M.resize($);D()}let vt=et(t,e=>{$=e,Q()});function xt(e){let{tracks:a,measures:b}=E,w=e.has("measures")?new Float32Array(e.section("measures").buffer):new Float32Array(0),M=(k,P)=>w.subarray((k*a.length+P)*E.frames,(k*a.length+P+1)*E.frames);i=_t(e,a.length,E.frames),o.prepare(i.shape,E.features),v=b.map((k,P)=>pt(k,a.map((O,q)=>M(P,q)),a,K(()=>m))),s.replaceChildren(...v.map(k=>k.element));for(let k of x)k.destroy();x=a.map((k,P)=>ht(k,i.shape,O=>i.at(P,O),K(()=>P))),f.replaceChildren(...x.map(k=>k.element))}return{update(e){e.header.served?R.update(e):R.destroy();let{start:a,...b}=e.header,w=JSON.stringify(b);w!==I&&(I=w,E=e.header,L=e.digest("codes"),cancelAnimationFrame(p),p=0,G(),xt(e),m=Math.max(0,E.tracks.findIndex(M=>M.key===a.track)),[y,c]=[a.at,null],Q())},destroy(){cancelAnimationFrame(p),D.cancel(),J.cancel(),R.destroy(),T.cancel();for(let e of x)e.destroy();vt()}}}function gt(t,d,o){let r=n("select",{},...d.map(([l,g])=>n("option",{value:l,selected:l===o},g))),s=n("label",{class:"choice"},n("span",{class:"caption"},t),r),f=typeof o=="number";return{element:s,value:()=>f?Number(r.value):r.value}}var Yt=nt(Rt,ut);export{Yt as default};
