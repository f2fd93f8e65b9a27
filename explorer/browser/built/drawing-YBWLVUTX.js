import{a as ve}from"../explorer.shared/shared-SYKAXJJT.js";import{a as ge,b as we}from"../explorer.shared/shared-BJXKUCD5.js";import{a as ae}from"../explorer.shared/shared-KWJRFLBD.js";import"../explorer.shared/shared-3FMKFGUZ.js";import{a as oe}from"../explorer.shared/shared-TK5MQQWK.js";import{a as ye,b as Me}from"../explorer.shared/shared-ZVNYXL66.js";import{a as he,b as ne}from"../explorer.shared/shared-FPCYSUE7.js";import{b as g,g as be,h as xe}from"../explorer.shared/shared-ZMNDSNWX.js";function se([p,d,n],r){let i=d*n,s=new Uint8Array(p*i).fill(r),m=new Float64Array(i),u=s.slice(),l=[];function b([a,c],[f,h],y,P){let[A,C]=[f-a,h-c],x=A*A+C*C,[D,L]=[Math.min(a,f)-y-1,Math.max(a,f)+y+1],[N,B]=[Math.min(c,h)-y-1,Math.max(c,h)+y+1];for(let t=Math.max(0,Math.floor(N));t<Math.min(d,Math.ceil(B));t++)for(let k=Math.max(0,Math.floor(D));k<Math.min(n,Math.ceil(L));k++){let[w,v]=[k+.5-a,t+.5-c],O=x?Math.min(1,Math.max(0,(w*A+v*C)/x)):0,[R,q]=[w-O*A,v-O*C],_=Math.min(1,Math.max(0,y+.5-Math.sqrt(R*R+q*q))),F=t*n+k;if(!(_<=m[F])){m[F]=_;for(let U=0;U<p;U++){let z=U*i+F;s[z]=Math.round(u[z]+_*(P[U]-u[z]))}}}}return{pixels:s,segment:b,begin(){l=[...l.slice(-49),s.slice()],u=s.slice(),m.fill(0)},undo(){return l.length?(s.set(l.pop()),!0):!1},clear(){l=[...l.slice(-49),s.slice()],s.fill(r)},reset(a){l=[],a?s.set(a):s.fill(r)},get canUndo(){return l.length>0},get isEmpty(){return s.every(a=>a===r)}}}var Ee=`.live .drawing {
  display: grid;
  grid-template: "frame previews" auto "tools previews" 1fr / minmax(0, 342px) minmax(0, 1fr);
  gap: 0 1.25rem;
  align-items: start;
}

.live .tools {
  grid-area: tools;
}

.live .frame {
  grid-area: frame;
  position: relative;
  width: fit-content;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  overflow: hidden;
  line-height: 0;
}

.live .frame.over {
  outline: 2px dashed var(--accent);
  outline-offset: 2px;
}

.live .surface {
  cursor: crosshair;
  touch-action: none;
}

.live .surface:focus-visible {
  outline-offset: -2px;
}

.live .hint {
  position: absolute;
  inset: 0;
  display: grid;
  place-items: center;
  opacity: 0.55;
  pointer-events: none;
}

.live .cross {
  position: absolute;
  width: 17px;
  height: 17px;
  border: 2px solid var(--accent);
  border-radius: 50%;
  transform: translate(-50%, -50%);
  pointer-events: none;
}

.live .cross.down {
  background: var(--accent);
}

.live .toolbar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.4rem;
  margin-top: 0.5rem;
}

.live .brush {
  display: flex;
  align-items: center;
  gap: 0.5rem;
  width: 8.5rem;
}

.live .toolbar input[type="color"] {
  width: 2rem;
  height: 2rem;
  padding: 0;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: transparent;
}

.live .toolbar button:disabled {
  opacity: 0.45;
  cursor: default;
}

.live .status {
  margin-top: 0.35rem;
  min-height: 1.2em;
}

.live .previews {
  grid-area: previews;
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem 1rem;
}

.live .previews figure {
  margin: 0;
  width: 122px;
}

.live .previews .numbers {
  flex-basis: 100%;
  overflow-wrap: anywhere;
}

@container (max-width: 560px) {
  .live .drawing {
    grid-template: "frame previews" auto "tools tools" auto / auto minmax(0, 1fr);
    gap: 0 0.75rem;
  }

  .live .previews {
    gap: 0.35rem;
  }

  .live .previews figure {
    width: 100%;
  }
}

@container (max-width: 330px) {
  .live .drawing {
    grid-template: "frame" auto "previews" auto "tools" auto / minmax(0, 1fr);
    gap: 0.5rem;
  }

  .live .previews figure {
    width: calc(50% - 0.175rem);
  }

  .live .toolbar {
    margin-top: 0;
  }
}
`;function Be(p,d,n){let r=[...p.subarray(0,n),...p.subarray((d-1)*n,d*n)];for(let i=1;i<d-1;i++)r.push(p[i*n],p[i*n+n-1]);return r}function Ke(p){let d=Float64Array.from(p).sort(),n=d.length>>1;return d.length%2?d[n]:(d[n-1]+d[n])/2}function Re(p,d,n,r,i){let s=new Float64Array(n*r);p.forEach((c,f)=>{for(let h=0;h<c.length;h++)s[h]=Math.max(s[h],Math.abs(c[h]-d[f]))});let m=s.reduce((c,f)=>Math.max(c,f),0);if(!m)return null;let u=[r,n,0,0],[l,b,a]=[0,0,0];for(let c=0,f=0;c<n;c++)for(let h=0;h<r;h++,f++){let y=s[f];y&&(l+=y,b+=y*(h+.5),a+=y*(c+.5),!(y<=i*m)&&(u[0]=Math.min(u[0],h),u[1]=Math.min(u[1],c),u[2]=Math.max(u[2],h+1),u[3]=Math.max(u[3],c+1)))}return{box:u,mass:[b/l,a/l]}}function _e(p,[d,n],[r,i],s){let[m,u,l,b]=s.crop&&p?p.box:[0,0,n,d],a=(l-m)/(s.size*i),c=(b-u)/(s.size*r);if(s.fit!=="stretch"&&(a=c=s.fit==="pad"?Math.max(a,c):Math.min(a,c)),s.centre==="mass"&&p){let[f,h]=p.mass;return{left:f-a*(Math.floor(i/2)+.5),top:h-c*(Math.floor(r/2)+.5),across:a,down:c}}return{left:(m+l-a*i)/2,top:(u+b-c*r)/2,across:a,down:c}}function ke(p,d,n,r){let i=Math.max(1,n);return Array.from({length:p},(s,m)=>{let u=d+(m+.5)*n;if(u<0||u>r)return{first:0,weights:[]};let l=Math.max(0,Math.floor(u-i-.5)),b=Math.min(r-1,Math.ceil(u+i-.5)),a=[];for(let f=l;f<=b;f++)a.push(Math.max(0,1-Math.abs(f+.5-u)/i));let c=a.reduce((f,h)=>f+h,0);return{first:l,weights:c?a.map(f=>f/c):[]}})}function Ae(p,[d,n],[r,i,s],m,u){let l=d*n,b=Array.from({length:r},(A,C)=>{let x=new Float64Array(l);for(let D=0;D<l;D++){let L=Math.fround(p[C*l+D]/255);x[D]=m.invert?1-L:L}return x}),a=b.map(A=>Ke(Be(A,d,n))),c=Re(b,a,d,n,m.content),f=_e(c,[d,n],[i,s],m),h=ke(i,f.top,f.down,d),y=ke(s,f.left,f.across,n),P=new Float64Array(n);return b.forEach((A,C)=>{let x=a[C];h.forEach((D,L)=>{P.fill(0),D.weights.forEach((N,B)=>{let t=(D.first+B)*n;for(let k=0;k<n;k++)P[k]+=N*(A[t+k]-x)}),y.forEach((N,B)=>{let t=x;N.weights.forEach((k,w)=>{t+=k*P[N.first+w]}),u[(C*i+L)*s+B]=Math.min(1,Math.max(0,t))})})}),c!==null}var ze=340,ie=112,Te=560,je=330,We=250,Ce=28;function qe(p,d,n){let r=g("canvas",{class:"surface",tabindex:0,role:"application","aria-label":"Drawing surface"}),i=g("div",{class:"cross",hidden:!0}),s=g("div",{class:"hint","aria-hidden":"true"},"Draw here"),m=g("div",{class:"frame"},r,s,i),u=ae("What the model gets of the drawing"),l=ae("What the model makes of the drawing"),b=g("div",{class:"caption"},"What the model gets"),a=g("div",{class:"caption"}),c=g("div",{class:"caption numbers"}),f=g("div",{class:"caption status",role:"status"}),h=(e,o)=>g("button",{type:"button","aria-pressed":"false",click:()=>ee(e)},o),y={pen:h("pen","Pen"),eraser:h("eraser","Eraser")},P=g("button",{type:"button",click:()=>w.undo()&&V()},"Undo"),A=g("button",{type:"button",click:ce},"Clear"),C=g("button",{type:"button",click:()=>G.readClipboard()},"Paste a picture"),x=g("input",{type:"range",min:2,max:30,step:1,value:10,input:te}),D=g("label",{class:"brush"},g("span",{},"Brush"),x),L=g("input",{type:"color","aria-label":"Colour of the pen"}),N=g("div",{class:"toolbar",role:"group","aria-label":"Drawing tools"});N.append(y.pen,y.eraser,D,L,P,A,C);let B=g("div",{class:"previews"});B.append(g("figure",{},u.element,b),g("figure",{},l.element,a),c),p.append(g("div",{class:"drawing"},m,B,g("div",{class:"tools"},N,f)));let t,k="",w=se([1,1,1],0),v=[1,1],O=new Float32Array(1),R=null,q=null,_="",F=null,U="",z=0,le=new Set,K=0,J="pen",I=null,$=null,T=!1,G=ge(e=>n("picture",e),e=>f.textContent=e),j=ye(Le),Q=Me(Oe,We),De=be(p,e=>{let o=je<e&&e<=Te,E=Math.min(ze,o?e-ie:e-2)/Math.max(...v);r.style.width=`${v[1]*E}px`,r.style.height=`${v[0]*E}px`;for(let S of[u,l])S.fit(o?ie-26:Math.min(ie,e/2-10));pe()}),Z=()=>x.valueAsNumber/200*Math.max(...v);function H(){return J==="eraser"?t.shape[0]===3?Array(3).fill(t.ground):[t.ground]:t.shape[0]===1?[255-t.ground]:[1,3,5].map(e=>parseInt(L.value.slice(e,e+2),16))}function ee(e){J=e;for(let[o,M]of Object.entries(y))M.setAttribute("aria-pressed",String(o===e))}function te(){let e=(x.valueAsNumber-2)/28;x.style.setProperty("--at",`calc(7px + (100% - 14px) * ${e})`),x.setAttribute("aria-valuetext",`${x.value} % of the surface`)}function V(){K=0,j(),Q(),P.disabled=!w.canUndo}function ce(){w.isEmpty||(w.clear(),V())}function ue(e){let o=r.getBoundingClientRect();return[(e.clientX-o.left)/o.width*v[1],(e.clientY-o.top)/o.height*v[0]]}function fe(e){Q.cancel(),K=0,w.begin(),w.segment(e,e,Z(),H()),j()}r.addEventListener("pointerdown",e=>{I||e.button>0||(e.preventDefault(),Y(),I={id:e.pointerId,at:ue(e)},r.focus({preventScroll:!0}),r.setPointerCapture(e.pointerId),i.hidden=!0,fe(I.at))}),r.addEventListener("pointermove",e=>{if(e.pointerId!==I?.id)return;let o=e.getCoalescedEvents?.()??[];for(let M of o.length?o:[e]){let E=ue(M);w.segment(I.at,E,Z(),H()),I.at=E}j()});for(let e of["pointerup","pointercancel"])r.addEventListener(e,o=>{o.pointerId===I?.id&&(I=null,V())});function pe(){i.hidden=!$||r.getRootNode().activeElement!==r,$&&(i.style.left=`${100*$[0]/v[1]}%`,i.style.top=`${100*$[1]/v[0]}%`,i.classList.toggle("down",T))}function Y(){T&&(T=!1,W("Pen up."),V())}function X(e,o,M){let E=Math.max(...v)/(M?4*Ce:Ce),S=$??[v[1]/2,v[0]/2];$=[Math.min(v[1],Math.max(0,S[0]+e*E)),Math.min(v[0],Math.max(0,S[1]+o*E))],T&&(w.segment(S,$,Z(),H()),j())}function Se(){$??=[v[1]/2,v[0]/2],T=!0,fe($),W("Pen down: the arrow keys draw, Space lifts it.")}function de(e){x.value=x.valueAsNumber+e,te(),W(`Brush: ${x.value} % of the surface.`)}let me={ArrowLeft:e=>X(-1,0,e.shiftKey),ArrowRight:e=>X(1,0,e.shiftKey),ArrowUp:e=>X(0,-1,e.shiftKey),ArrowDown:e=>X(0,1,e.shiftKey)," ":()=>T?Y():Se(),Escape:Y,Delete:ce,Backspace:()=>w.undo()&&V(),e:()=>ee(J==="pen"?"eraser":"pen"),"[":()=>de(-1),"]":()=>de(1)};r.addEventListener("keydown",e=>{let o=e.ctrlKey||e.metaKey,E=o&&e.key==="z"?me.Backspace:o||e.altKey?null:me[e.key];!E||I||(e.preventDefault(),E(e),pe())}),r.addEventListener("focus",()=>{I||W("Arrow keys move the pen, Space sets it down and lifts it, E erases, Backspace undoes.")}),r.addEventListener("blur",()=>{Y(),i.hidden=!0,W("")});function W(e){f.textContent=e||"Draw with mouse, finger or pen; paste a picture with Ctrl+V, or drop one here."}p.addEventListener("dragover",e=>{e.preventDefault(),m.classList.add("over")}),p.addEventListener("dragleave",()=>m.classList.remove("over")),p.addEventListener("drop",e=>{e.preventDefault(),m.classList.remove("over");let[o]=e.dataTransfer.files;o&&G.takeFile(o,o.name)});function Le(){Ve(r,w.pixels,t.shape[0],v),s.hidden=!w.isEmpty;let e=Ae(w.pixels,v,t.shape,t.steps,O);if(u.show(O),l.element.parentElement.hidden=!R,!e||!R){l.show(new Float32Array(O.length).fill(t.ground/255)),a.textContent="What it makes of it",c.textContent=e?t.reason:"",F?.publish("unplace",{});return}let o=R.run(O),M=o.slice(0,t.model.latent_dim),E=o.length>M.length?o.slice(M.length).map(re=>Math.exp(re/2)):null,S=q.run(t.model.from_code?M:O);l.show(S);let Pe=S.reduce((re,Fe,Ue)=>re+(Fe-O[Ue])**2,0);a.textContent=`What it makes of it: squared error ${oe(Pe)}`;let Ne=Array.from(M.subarray(0,4),oe).join(", ");c.textContent=`Code (${Ne}${M.length>4?", \u2026":""})`,K&&t.drawn===K?F?.publish("unplace",{}):F?.publish("place",{code:M,std:E,label:t.label})}function Oe(){K=Date.now(),le.add(K),n("drawn",{id:K,data:w.isEmpty?"":we(w.pixels)})}function Ie(){v=t.raw,O=new Float32Array(he(t.shape)),w=se([t.shape[0],...v],t.ground);for(let e of[u,l])e.prepare(t.shape,[]);[r.width,r.height]=[v[1],v[0]],s.style.color=t.ground>127?"#000":"#fff",L.hidden=t.shape[0]!==3,x.value=t.brush,te()}return ee("pen"),W(""),{update(e){t=e;let o=e.model,M=o?[o.encoder.digest,o.rebuilder.digest].join():"";M!==_&&(_=M,R=o?new ne(o.encoder.read()):null,q=o?new ne(o.rebuilder.read()):null),t.link!==U&&(U=t.link,F=U?ve(U):null);let E=JSON.stringify([t.shape,t.raw,t.ground,t.brush]),S=E!==k;k=E,S&&Ie(),(S||t.drawn!==z&&!le.has(t.drawn))&&(w.reset(e.pixels?.read()??null),K=t.drawn,P.disabled=!0),z=t.drawn,j()},destroy(){j.cancel(),Q.cancel(),De(),G.destroy(),F?.publish("unplace",{})}}}function Ve(p,d,n,[r,i]){let s=p.getContext("2d"),m=s.createImageData(i,r),u=r*i;for(let l=0,b=0;l<u;l++,b+=4){for(let a=0;a<3;a++)m.data[b+a]=d[l+(n===3?a*u:0)];m.data[b+3]=255}s.putImageData(m,0,0)}var lt=xe(qe,Ee);export{lt as default};
