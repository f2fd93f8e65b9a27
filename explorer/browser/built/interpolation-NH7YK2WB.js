import{a as mt}from"../explorer.shared/shared-VBMPPOGF.js";import{a as pt}from"../explorer.shared/shared-PCWRJ7CE.js";import{b as at}from"../explorer.shared/shared-B44ME2VZ.js";import"../explorer.shared/shared-F3AGMURB.js";import{a as st,b as ct,c as lt}from"../explorer.shared/shared-TK5MQQWK.js";import{a as it,b as K}from"../explorer.shared/shared-ZVNYXL66.js";import{a as rt,e as ot}from"../explorer.shared/shared-V6K5QLGS.js";import"../explorer.shared/shared-EW7ZPMOL.js";import{b as n,c as Z,d as X,e as tt,g as et,h as nt}from"../explorer.shared/shared-XRFZHQUS.js";function ut(e,o){let s=new Float32Array(o);return(t,i)=>{let a=e[t],c=a.length/o,u=i*(c-1),x=Math.min(c-2,Math.floor(u)),l=x*o;for(let d=0;d<o;d++)s[d]=a[l+d]+(u-x)*(a[l+o+d]-a[l+d]);return s}}function dt({tracks:e,decoder:o,decoded:s}){let t=ut(e.map(a=>a.codes.read()),e[0].codes.shape[1]);if(!o.pack){let[,a,...c]=s?.shape??[0,0],u=s?.read()??new Float32Array(0),x=c.reduce((d,$)=>d*$,1);return{shape:c,code:t,item:(d,$)=>{let g=d*a+Math.round($*(a-1));return u.subarray(g*x,(g+1)*x)}}}let i=new at(o.pack.read());return{shape:i.outputShape,code:t,item:(a,c)=>i.run(t(a,c))}}function U(e,o,s){let t=n("select",{},...o.map(([i,a])=>n("option",{value:i,selected:i===s},a)));return{element:n("label",{class:"choice"},n("span",{class:"caption"},e),t),value:()=>t.value}}function q(e,o,{hover:s,set:t,release:i,leave:a}){let c=!1,u=h=>Math.min(1,Math.max(0,o(h.clientX-e.getBoundingClientRect().left))),x=h=>{c=!0,e.setPointerCapture(h.pointerId),t(u(h))},l=h=>{c?t(u(h)):h.pointerType==="mouse"&&s(u(h))},d=()=>{c&&(c=!1,i())},g={pointerdown:x,pointermove:l,pointerup:d,pointercancel:d,pointerleave:()=>{c||a()}};for(let[h,O]of Object.entries(g))e.addEventListener(h,O)}var I={left:46,right:8,top:6,bottom:20};function ft(e,o){let s=o*(e.length-1),t=Math.min(e.length-2,Math.floor(s));return e[t]+(s-t)*(e[t+1]-e[t])}function Ct(e,o){let[s,t]=o??[1/0,-1/0];for(let a of e)for(let c of a)s=Math.min(s,c),t=Math.max(t,c);let i=.06*(t-s)||1;return[s-i,t+i]}function ht(e,o,s){let{band:t}=e,i=e.values.shape[1],a=e.values.read(),c=o.map((p,k)=>a.subarray(k*i,(k+1)*i)),[u,x]=Ct(c,t),l=n("g",{class:"axis"}),d=o.map(p=>n("path",{class:"curve",stroke:p.colour,"stroke-dasharray":p.dash||null})),$=n("g",{class:"axis"}),g=n("line",{class:"mark",y1:I.top}),h=o.map(p=>n("circle",{class:"dot",fill:p.colour,r:3})),O=n("svg",{class:"plot",width:"100%",role:"img","aria-label":`${e.title} along the paths`},l,...d,$,g,...h),F=n("span",{class:"number"}),f=n("figcaption",{class:"chart-title"},n("span",{},e.title),F),M=t&&n("div",{class:"caption"},n("span",{class:"band-key"}),e.band_title),b=n("figure",{class:"chart"},f,O,M),[_,S]=[0,0],v=p=>I.left+p*(_-I.left-I.right),y=p=>I.top+(x-p)/(x-u)*(S-I.top-I.bottom);q(O,p=>(p-I.left)/(_-I.left-I.right),s);function R(){let[p,k]=[v(0),v(1)],T=lt(u,x,4).flatMap(w=>[n("line",{x1:p,x2:k,y1:y(w.at),y2:y(w.at)}),n("text",{x:p-6,y:y(w.at)+4,"text-anchor":"end"},w.text)]);if(l.replaceChildren(...T),!t)return;let A={x:p,width:Math.max(0,k-p),y:y(t[1]),height:y(t[0])-y(t[1])};l.prepend(n("rect",{class:"band",...A}))}return{element:b,resize(p,k){[_,S]=[p,k],O.setAttribute("height",String(S)),g.setAttribute("y2",String(S-I.bottom)),R(),d.forEach((T,A)=>{let w=Array.from(c[A],(N,G)=>`${v(G/(i-1)).toFixed(1)} ${y(N).toFixed(1)}`);T.setAttribute("d",`M${w.join("L")}`)})},mark(p,k){if(!_)return;let T=String(v(k));d.forEach((A,w)=>A.classList.toggle("chosen",w===p)),g.setAttribute("x1",T),g.setAttribute("x2",T),h.forEach((A,w)=>{A.setAttribute("cx",T),A.setAttribute("cy",String(y(ft(c[w],k)))),A.setAttribute("r",w===p?"5":"2.5")}),F.textContent=`${st(ft(c[p],k))} ${e.unit}`.trim(),$.replaceChildren(...o[p].items_at.map((A,w)=>n("text",{x:v(A),y:S-5,"text-anchor":"middle"},w+1)))}}}var Lt=60,D=1,gt=5,Pt=15,$t=8;function Ft(e,o,s){let t=Math.min(Lt,e/gt-1)*s/o,i=(t>=1?Math.floor(t):t)/s,a=(o+D)*i,c=Math.min(Pt,Math.max(gt,Math.floor((e+D*i)/a)));return{pixel:i,pitch:a,count:c,sharp:t>=2}}function _t({colour:e,dash:o}){let t=n("line",{x1:0,x2:28,y1:4,y2:4,...{stroke:e,"stroke-width":3,"stroke-dasharray":o||null}});return n("svg",{class:"key",width:28,height:8,"aria-hidden":"true"},t)}function vt(e,o,s,t){let i=o.length===3,[,a,c]=i?o:[0,0,0],u=n("button",{type:"button",class:"way","aria-pressed":"false",click:t.choose},_t(e),e.title),x=`${e.title}: decoded items from the first to the last`,l=n("canvas",{class:"picture",role:"img","aria-label":x}),d=n("div",{class:"cursor"}),$=n("div",{class:"numbers","aria-hidden":"true"}),g=n("div",{class:"film",hidden:!i},l,d,$),h=n("div",{class:"strip-head"},u,n("span",{class:"caption"},e.note)),O=n("div",{class:"strip"},h,g),F=n("canvas"),f={pixel:0,pitch:0,count:0,sharp:!1},M=0,b=0,_=v=>(v*(f.count-1)+.5)*f.pitch;i&&q(g,v=>(v/f.pitch-.5)/(f.count-1),t);function S(){let v=performance.now()+$t,y=rt(l);for(;M<f.count&&performance.now()<v;)ot(F,s(M/(f.count-1)),o),y.drawImage(F,M*(c+D),0),M++;b=M<f.count?requestAnimationFrame(S):0,b||(l.dataset.drawn=String(f.count))}return{element:O,resize(v){if(!i||!v)return;let y=Ft(v,c,window.devicePixelRatio||1),R=y.count===f.count&&y.pixel===f.pixel;f=y,!R&&(l.width=f.count*(c+D)-D,l.height=a,l.style.width=`${l.width*f.pixel}px`,l.style.height=`${a*f.pixel}px`,l.style.imageRendering=f.sharp?"pixelated":"auto",$.replaceChildren(...e.items_at.map((p,k)=>n("span",{style:`left: ${_(p)}px`},k+1))),cancelAnimationFrame(b),M=0,delete l.dataset.drawn,b=requestAnimationFrame(S))},mark(v,y){u.setAttribute("aria-pressed",String(v)),O.classList.toggle("chosen",v),d.style.transform=`translateX(${_(y)}px)`},destroy:()=>cancelAnimationFrame(b)}}function xt(e,o,s,t){let i=e+o*s;if(i>=0&&i<=1)return{at:i,direction:o,isOver:!1};let a=i>1?1:0;return t==="once"?{at:a,direction:o,isOver:!0}:t==="loop"?{at:i-Math.floor(i),direction:o,isOver:!1}:{at:a,direction:a?-1:1,isOver:!1}}function yt(e,o,s){let t=l=>o[l]??`item ${l+1}`,i=e.findLastIndex(l=>l<=s+1e-9),a=Math.min(Math.max(0,i),e.length-2),[c,u]=[e[a],e[a+1]],x=u>c?(s-c)/(u-c):1;return x<1e-6?`at ${t(a)}`:x>1-1e-6?`at ${t(a+1)}`:`${ct(x)} of the path from ${t(a)} to ${t(a+1)}`}var wt=`.live figure {
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
`;var It=2.5,Rt=[.25,.5,1,2,4],z=.01,bt=.1,Tt=120;function Dt(e,o){let s=pt("Decoded item on the path"),t=n("div",{class:"caption"}),i=n("div",{class:"charts"}),a=n("div",{class:"strips",role:"group","aria-label":"Paths"}),c=tt(),u=n("input",{type:"range",id:c,min:0,max:1,step:"any"}),x=n("button",{type:"button",class:"play",click:()=>S?W():G()}),l=U("Speed",Rt.map(r=>[String(r),`${r} \xD7`]),"1"),d=U("Repeat",[["bounce","Back and forth"],["loop","Loop"],["once","Once"]],"bounce"),$=n("label",{class:"only-read",for:c},"Position on the path");e.append(n("div",{class:"stage"},n("figure",{class:"now"},s.element,t),i),n("div",{class:"transport"},x,$,u,l.element,d.element),a);let g,h=null,O="",F=[],f=[],[M,b]=[0,0],_=null,S=0,v=1,y=0,R=0,p=()=>_??{path:M,share:b},k=mt((r,m)=>{let{path:L,share:C}=p();h?.code(L,C).every((E,P)=>E===m[P])&&s.show(r)}),T=K(()=>{let{path:r,share:m}=p();h&&k.decode(h.code(r,m))},Tt),A=it(()=>{if(!h)return;let{path:r,share:m}=p(),L=g.tracks[r];s.show(h.item(r,m)),k.isServed&&T();for(let E of F)E.mark(r,m);f.forEach((E,P)=>E.mark(P===r,m));let C=`${L.title}: ${yt(L.items_at,g.items,m)}`;t.textContent=C,u.value=String(b),u.style.setProperty("--at",`calc(7px + (100% - 14px) * ${b})`),u.setAttribute("aria-valuetext",C)}),w=K(()=>{let r=g.tracks.map(m=>m.codes.digest);o("place",{codes:r,track:g.tracks[M].key,at:b})},120);function N(r){let m=Math.min(.1,(r-y)/1e3);y=r;let L=g.items.length-1,C=m*Number(l.value())/(It*L),E=xt(b,v,C,d.value());[b,v]=[E.at,E.direction],A(),E.isOver?W():S=requestAnimationFrame(N)}function G(){d.value()!=="bounce"&&(v=1),d.value()==="once"&&b>=1&&(b=0),y=performance.now(),S=requestAnimationFrame(N),j()}function W(){S&&(J(),w())}function J(){cancelAnimationFrame(S),S=0,j()}function j(){x.replaceChildren(Z(S?X.pause:X.play),S?"Pause":"Play")}function B(r,m){W(),[M,b,_]=[r,m,null],A()}function V(r){_=r,A()}function H(r){return{choose:()=>{M=r(),A(),w()},hover:m=>V({path:r(),share:m}),set:m=>B(r(),m),release:w,leave:()=>V(null)}}u.addEventListener("input",()=>B(M,u.valueAsNumber)),u.addEventListener("change",w);let kt={ArrowLeft:-z,ArrowDown:-z,ArrowRight:z,ArrowUp:z,PageDown:-bt,PageUp:bt};u.addEventListener("keydown",r=>{let m=kt[r.key];m&&(r.preventDefault(),B(M,Math.min(1,Math.max(0,b+m))),w())}),j();function Q(){if(!h||!R)return;let r=R<640;s.fit(Math.min(280,r?R-2:R*.36));let m=i.clientWidth,L=m>=560?Math.min(2,F.length):1;i.style.setProperty("--columns",String(L));let C=L===F.length&&!r;for(let E of F)E.resize((m-16*(L-1))/L,C?220:120);for(let E of f)E.resize(R);A()}let St=et(e,r=>{R=r,Q()});function At(){let{tracks:r,measures:m,features:L}=g,C=dt(g);h=C,s.prepare(C.shape,L);let E=H(()=>M);F=m.map(P=>ht(P,r,E)),i.replaceChildren(...F.map(P=>P.element));for(let P of f)P.destroy();f=r.map((P,Y)=>{let Mt=H(()=>Y);return vt(P,C.shape,Et=>C.item(Y,Et),Mt)}),a.replaceChildren(...f.map(P=>P.element))}return{update(r){r.decoder.served?k.update(r.decoder):k.destroy();let{start:m,...L}=r,C=JSON.stringify(L);if(C===O)return;O=C,g=r,J(),At();let E=g.tracks.findIndex(P=>P.key===m.track);[M,b,_]=[Math.max(0,E),m.at,null],Q()},destroy(){cancelAnimationFrame(S),A.cancel(),T.cancel(),k.destroy(),w.cancel();for(let r of f)r.destroy();St()}}}var de=nt(Dt,wt);export{de as default};
