import{a as he}from"../explorer.shared/shared-SYKAXJJT.js";import{a as re}from"../explorer.shared/shared-PCWRJ7CE.js";import{a as de,b as ee}from"../explorer.shared/shared-B44ME2VZ.js";import"../explorer.shared/shared-F3AGMURB.js";import{a as te}from"../explorer.shared/shared-TK5MQQWK.js";import{a as xe,b as ye}from"../explorer.shared/shared-ZVNYXL66.js";import{a as me,b as we}from"../explorer.shared/shared-6O4D3DFG.js";import{a as be}from"../explorer.shared/shared-V6K5QLGS.js";import{b as v,g as ge,h as ve}from"../explorer.shared/shared-XRFZHQUS.js";var Me=4;function Ee(){let i=re("The drawing as model input"),f=re("What the model makes of the drawing"),a=v("div",{class:"caption"}),r=v("figure",{},f.element,a),s=v("div",{class:"caption numbers"}),c=v("div",{class:"previews"},v("figure",{},i.element,v("div",{class:"caption"},"Model input")),r,s),m="",n=null,p="";return{element:c,take(l,t){p=t,r.hidden=!l;let o=l?`${l.encoder.digest} ${l.rebuilder.digest}`:"";o!==m&&(m=o,n=l&&{encoder:new ee(l.encoder.read()),rebuilder:new ee(l.rebuilder.read()),fromCode:l.from_code,latentDim:l.latent_dim})},prepare(l){for(let t of[i,f])t.prepare(l,[])},fit(l){for(let t of[i,f])t.fit(l)},showEmpty(l,t){i.show(l),f.show(new Float32Array(l.length).fill(t)),a.textContent="What it makes of it",s.textContent=""},show(l){if(i.show(l),!n)return s.textContent=p,null;let t=n.encoder.run(l),o=t.slice(0,n.latentDim),w=t.length>o.length?t.slice(o.length).map(E=>Math.exp(E/2)):null,h=n.rebuilder.run(n.fromCode?o:l),F=h.reduce((E,S,g)=>E+(S-l[g])**2,0),M=Array.from(o.subarray(0,Me),te).join(", ");return f.show(h),a.textContent=`What it makes of it: squared error ${te(F)}`,s.textContent=`Code (${M}${o.length>Me?", \u2026":""})`,{code:o,std:w}}}}function oe([i,f,a],r){let s=f*a,c=new Uint8Array(i*s).fill(r),m=new Float64Array(s),n=c.slice(),p=[];function l([t,o],[d,w],h,F){let[M,E]=[d-t,w-o],S=M*M+E*E,[g,U]=[Math.min(t,d)-h-1,Math.max(t,d)+h+1],[b,I]=[Math.min(o,w)-h-1,Math.max(o,w)+h+1];for(let k=Math.max(0,Math.floor(b));k<Math.min(f,Math.ceil(I));k++)for(let A=Math.max(0,Math.floor(g));A<Math.min(a,Math.ceil(U));A++){let[R,V]=[A+.5-t,k+.5-o],P=S?Math.min(1,Math.max(0,(R*M+V*E)/S)):0,[T,C]=[R-P*M,V-P*E],D=Math.min(1,Math.max(0,h+.5-Math.sqrt(T*T+C*C))),N=k*a+A;if(!(D<=m[N])){m[N]=D;for(let _=0;_<i;_++){let $=_*s+N;c[$]=Math.round(n[$]+D*(F[_]-n[$]))}}}}return{pixels:c,segment:l,begin(){p=[...p.slice(-49),c.slice()],n=c.slice(),m.fill(0)},undo(){let t=p.pop();return t&&c.set(t),t!==void 0},clear(){p=[...p.slice(-49),c.slice()],c.fill(r)},reset(t){p=[],t?c.set(t):c.fill(r)},get canUndo(){return p.length>0},get isEmpty(){return c.every(t=>t===r)}}}var ke=`.live .drawing {
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
`;function Fe(i,[f,a]){let r=[...i.subarray(0,a),...i.subarray((f-1)*a,f*a)];for(let s=1;s<f-1;s++)r.push(i[s*a],i[s*a+a-1]);return r}function Ue(i){let f=Float64Array.from(i).sort(),a=f.length>>1;return f.length%2?f[a]:(f[a-1]+f[a])/2}function Be(i,f,[a,r],s){let c=new Float64Array(a*r);i.forEach((o,d)=>{for(let w=0;w<o.length;w++)c[w]=Math.max(c[w],Math.abs(o[w]-f[d]))});let m=c.reduce((o,d)=>Math.max(o,d),0);if(!m)return null;let n=[r,a,0,0],[p,l,t]=[0,0,0];for(let o=0,d=0;o<a;o++)for(let w=0;w<r;w++,d++){let h=c[d];h&&(p+=h,l+=h*(w+.5),t+=h*(o+.5),!(h<=s*m)&&(n[0]=Math.min(n[0],w),n[1]=Math.min(n[1],o),n[2]=Math.max(n[2],w+1),n[3]=Math.max(n[3],o+1)))}return{box:n,mass:[l/p,t/p]}}function Re(i,[f,a],[r,s],c){let[m,n,p,l]=c.crop&&i?i.box:[0,0,a,f],t=(p-m)/(c.size*s),o=(l-n)/(c.size*r);if(c.fit!=="stretch"&&(t=o=c.fit==="pad"?Math.max(t,o):Math.min(t,o)),c.centre==="mass"&&i){let[d,w]=i.mass;return{left:d-t*(Math.floor(s/2)+.5),top:w-o*(Math.floor(r/2)+.5),across:t,down:o}}return{left:(m+p-t*s)/2,top:(n+l-o*r)/2,across:t,down:o}}function Ae(i,f,a,r){let s=Math.max(1,a);return Array.from({length:i},(c,m)=>{let n=f+(m+.5)*a;if(n<0||n>r)return{first:0,weights:[]};let p=Math.max(0,Math.floor(n-s-.5)),l=Math.min(r-1,Math.ceil(n+s-.5)),t=[];for(let d=p;d<=l;d++)t.push(Math.max(0,1-Math.abs(d+.5-n)/s));let o=t.reduce((d,w)=>d+w,0);return{first:p,weights:o?t.map(d=>d/o):[]}})}function Ce(i,[f,a],[r,s,c],m,n){let p=f*a,l=Array.from({length:r},(M,E)=>{let S=new Float64Array(p);for(let g=0;g<p;g++){let U=Math.fround(i[E*p+g]/255);S[g]=m.invert?1-U:U}return S}),t=l.map(M=>Ue(Fe(M,[f,a]))),o=Be(l,t,[f,a],m.content),d=Re(o,[f,a],[s,c],m),w=Ae(s,d.top,d.down,f),h=Ae(c,d.left,d.across,a),F=new Float64Array(a);return l.forEach((M,E)=>{let S=t[E];w.forEach((g,U)=>{F.fill(0),g.weights.forEach((b,I)=>{let k=(g.first+I)*a;for(let A=0;A<a;A++)F[A]+=b*(M[k+A]-S)}),h.forEach((b,I)=>{let k=S;b.weights.forEach((A,R)=>{k+=A*F[b.first+R]}),n[(E*s+U)*c+I]=Math.min(1,Math.max(0,k))})})}),o!==null}var _e=340,ne=112,Ke=560,Te=330,ze=250,De=28;function Ve(i,f,a){let r=v("canvas",{class:"surface",tabindex:0,role:"application","aria-label":"Drawing surface"}),s=v("div",{class:"cross",hidden:!0}),c=v("div",{class:"hint","aria-hidden":"true"},"Draw here"),m=v("div",{class:"frame"},r,c,s),n=Ee(),p=v("div",{class:"caption status",role:"status"}),l=(e,u)=>v("button",{type:"button","aria-pressed":"false",click:()=>Q(e)},u),t={pen:l("pen","Pen"),eraser:l("eraser","Eraser")},o=v("button",{type:"button",click:W},"Undo"),d=v("button",{type:"button",click:ae},"Clear"),w=v("button",{type:"button",click:()=>_.readClipboard()},"Paste a picture"),h=v("input",{type:"range",min:2,max:30,step:1,value:10,input:Z}),F=v("label",{class:"brush"},v("span",{},"Brush"),h),M=v("input",{type:"color","aria-label":"Colour of the pen"}),E=v("div",{class:"toolbar",role:"group","aria-label":"Drawing tools"},t.pen,t.eraser,F,M,o,d,w),S=v("div",{class:"tools"},E,p);i.append(v("div",{class:"drawing"},m,n.element,S));let g,U="",b=oe([1,1,1],0),I=new Float32Array(1),k=null,A="",R=0,V=new Set,P=0,T="pen",C=null,D=null,N=!1,_=we(e=>a("picture",e),e=>p.replaceChildren(e)),$=xe(Pe),Y=ye(Ie,ze),[L,O]=[1,1],Se=ge(i,e=>{let u=Te<e&&e<=Ke,y=Math.min(_e,u?e-ne:e-2)/Math.max(L,O);r.style.width=`${O*y}px`,r.style.height=`${L*y}px`,n.fit(u?ne-26:Math.min(ne,e/2-10)),le()}),J=()=>h.valueAsNumber/200*Math.max(L,O);function G(){let{ground:e}=g,u=g.shape[0];return T==="eraser"?Array(u).fill(e):u===1?[255-e]:[1,3,5].map(x=>Number.parseInt(M.value.slice(x,x+2),16))}function Q(e){T=e;for(let[u,x]of Object.entries(t))x.setAttribute("aria-pressed",String(u===e))}function Z(){let e=(h.valueAsNumber-2)/28;h.style.setProperty("--at",`calc(7px + (100% - 14px) * ${e})`),h.setAttribute("aria-valuetext",`${h.value} % of the surface`)}function j(){P=0,$(),Y(),o.disabled=!b.canUndo}function W(){b.undo()&&j()}function ae(){b.isEmpty||(b.clear(),j())}function se(e){let u=r.getBoundingClientRect();return[(e.clientX-u.left)/u.width*O,(e.clientY-u.top)/u.height*L]}function ie(e){Y.cancel(),P=0,b.begin(),b.segment(e,e,J(),G()),$()}r.addEventListener("pointerdown",e=>{C||e.button>0||(e.preventDefault(),q(),C={id:e.pointerId,at:se(e)},r.focus({preventScroll:!0}),r.setPointerCapture(e.pointerId),s.hidden=!0,ie(C.at))}),r.addEventListener("pointermove",e=>{if(e.pointerId!==C?.id)return;let u=e.getCoalescedEvents?.()??[];for(let x of u.length?u:[e]){let y=se(x);b.segment(C.at,y,J(),G()),C.at=y}$()});for(let e of["pointerup","pointercancel"])r.addEventListener(e,u=>{u.pointerId===C?.id&&(C=null,j())});function le(){s.hidden=!D||!r.matches(":focus"),D&&(s.style.left=`${100*D[0]/O}%`,s.style.top=`${100*D[1]/L}%`,s.classList.toggle("down",N))}function q(){N&&(N=!1,z("Pen up."),j())}let ce=()=>[O/2,L/2];function X(e,u,x){let y=Math.max(L,O)/(x?4*De:De),K=D??ce(),[B,H]=[K[0]+e*y,K[1]+u*y];D=[Math.min(O,Math.max(0,B)),Math.min(L,Math.max(0,H))],N&&(b.segment(K,D,J(),G()),$())}function Le(){D??=ce(),N=!0,ie(D),z("Pen down: the arrow keys draw, Space lifts it.")}function ue(e){h.value=String(h.valueAsNumber+e),Z(),z(`Brush: ${h.value} % of the surface.`)}let Oe={ArrowLeft:e=>X(-1,0,e.shiftKey),ArrowRight:e=>X(1,0,e.shiftKey),ArrowUp:e=>X(0,-1,e.shiftKey),ArrowDown:e=>X(0,1,e.shiftKey)," ":()=>N?q():Le(),Escape:q,Delete:ae,Backspace:W,e:()=>Q(T==="pen"?"eraser":"pen"),"[":()=>ue(-1),"]":()=>ue(1)};r.addEventListener("keydown",e=>{let u=e.ctrlKey||e.metaKey,y=u&&e.key==="z"?W:u||e.altKey?null:Oe[e.key];!y||C||(e.preventDefault(),y(e),le())}),r.addEventListener("focus",()=>{C||z("Arrow keys move the pen, Space sets it down and lifts it, E erases, Backspace undoes.")}),r.addEventListener("blur",()=>{q(),s.hidden=!0,z("")});function z(e){p.textContent=e||"Draw with mouse, finger or pen; paste a picture with Ctrl+V, or drop one here."}i.addEventListener("dragover",e=>{e.preventDefault(),m.classList.add("over")}),i.addEventListener("dragleave",()=>m.classList.remove("over")),i.addEventListener("drop",e=>{e.preventDefault(),m.classList.remove("over");let u=e.dataTransfer?.files[0];u&&_.takeFile(u,u.name)});function Pe(){let{shape:e,ground:u,steps:x,label:y}=g;je(r,b.pixels,e[0]),c.hidden=!b.isEmpty;let K=Ce(b.pixels,[L,O],e,x,I);K||n.showEmpty(I,u/255);let B=K?n.show(I):null;!B||P&&R===P?k?.publish("unplace",{}):k?.publish("place",{...B,label:y})}function Ie(){P=Date.now(),V.add(P),a("drawn",{id:P,data:b.isEmpty?"":me(b.pixels)})}function Ne(){let{shape:e,raw:u,ground:x,brush:y}=g;[L,O]=u,I=new Float32Array(de(e)),b=oe([e[0],L,O],x),n.prepare(e),[r.width,r.height]=[O,L],c.style.color=x>127?"#000":"#fff",M.hidden=e[0]!==3,h.value=String(y),Z()}return Q("pen"),z(""),{update(e){g=e;let{shape:u,raw:x,ground:y,brush:K,link:B,pixels:H}=g;n.take(g.model,g.reason),B!==A&&(A=B,k=B?he(B):null);let fe=JSON.stringify([u,x,y,K]),pe=fe!==U;U=fe,pe&&Ne(),(pe||g.drawn!==R&&!V.has(g.drawn))&&(b.reset(H?.read()??null),P=g.drawn,o.disabled=!0),R=g.drawn,$()},destroy(){$.cancel(),Y.cancel(),Se(),_.destroy(),k?.publish("unplace",{})}}}function je(i,f,a){let r=be(i),s=r.createImageData(i.width,i.height),c=i.width*i.height;for(let m=0,n=0;m<c;m++,n+=4){for(let p=0;p<3;p++)s.data[n+p]=f[m+(a===3?p*c:0)];s.data[n+3]=255}r.putImageData(s,0,0)}var ft=ve(Ve,ke);export{ft as default};
