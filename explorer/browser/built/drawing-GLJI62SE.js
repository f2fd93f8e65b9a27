import{a as ge}from"../explorer.shared/shared-SYKAXJJT.js";import{a as ve,b as we}from"../explorer.shared/shared-BJXKUCD5.js";import{a as oe}from"../explorer.shared/shared-YJWFDHIC.js";import"../explorer.shared/shared-3FMKFGUZ.js";import{a as ne}from"../explorer.shared/shared-TK5MQQWK.js";import{a as ye,b as Me}from"../explorer.shared/shared-ZVNYXL66.js";import{a as me,b as he}from"../explorer.shared/shared-T5MM5QQF.js";import{b as v,g as be,h as xe}from"../explorer.shared/shared-5WLLZCO3.js";function ae([p,d,n],r){let s=d*n,a=new Uint8Array(p*s).fill(r),m=new Float64Array(s),c=a.slice(),i=[];function b([o,l],[f,h],y,P){let[A,C]=[f-o,h-l],x=A*A+C*C,[D,L]=[Math.min(o,f)-y-1,Math.max(o,f)+y+1],[N,B]=[Math.min(l,h)-y-1,Math.max(l,h)+y+1];for(let t=Math.max(0,Math.floor(N));t<Math.min(d,Math.ceil(B));t++)for(let k=Math.max(0,Math.floor(D));k<Math.min(n,Math.ceil(L));k++){let[w,g]=[k+.5-o,t+.5-l],O=x?Math.min(1,Math.max(0,(w*A+g*C)/x)):0,[R,V]=[w-O*A,g-O*C],_=Math.min(1,Math.max(0,y+.5-Math.sqrt(R*R+V*V))),F=t*n+k;if(!(_<=m[F])){m[F]=_;for(let U=0;U<p;U++){let T=U*s+F;a[T]=Math.round(c[T]+_*(P[U]-c[T]))}}}}return{pixels:a,segment:b,begin(){i=[...i.slice(-49),a.slice()],c=a.slice(),m.fill(0)},undo(){return i.length?(a.set(i.pop()),!0):!1},clear(){i=[...i.slice(-49),a.slice()],a.fill(r)},reset(o){i=[],o?a.set(o):a.fill(r)},get canUndo(){return i.length>0},get isEmpty(){return a.every(o=>o===r)}}}var Ee=`.live .drawing {
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
`;function Be(p,d,n){let r=[...p.subarray(0,n),...p.subarray((d-1)*n,d*n)];for(let s=1;s<d-1;s++)r.push(p[s*n],p[s*n+n-1]);return r}function Ke(p){let d=Float64Array.from(p).sort(),n=d.length>>1;return d.length%2?d[n]:(d[n-1]+d[n])/2}function Re(p,d,n,r,s){let a=new Float64Array(n*r);p.forEach((l,f)=>{for(let h=0;h<l.length;h++)a[h]=Math.max(a[h],Math.abs(l[h]-d[f]))});let m=a.reduce((l,f)=>Math.max(l,f),0);if(!m)return null;let c=[r,n,0,0],[i,b,o]=[0,0,0];for(let l=0,f=0;l<n;l++)for(let h=0;h<r;h++,f++){let y=a[f];y&&(i+=y,b+=y*(h+.5),o+=y*(l+.5),!(y<=s*m)&&(c[0]=Math.min(c[0],h),c[1]=Math.min(c[1],l),c[2]=Math.max(c[2],h+1),c[3]=Math.max(c[3],l+1)))}return{box:c,mass:[b/i,o/i]}}function _e(p,[d,n],[r,s],a){let[m,c,i,b]=a.crop&&p?p.box:[0,0,n,d],o=(i-m)/(a.size*s),l=(b-c)/(a.size*r);if(a.fit!=="stretch"&&(o=l=a.fit==="pad"?Math.max(o,l):Math.min(o,l)),a.centre==="mass"&&p){let[f,h]=p.mass;return{left:f-o*(Math.floor(s/2)+.5),top:h-l*(Math.floor(r/2)+.5),across:o,down:l}}return{left:(m+i-o*s)/2,top:(c+b-l*r)/2,across:o,down:l}}function ke(p,d,n,r){let s=Math.max(1,n);return Array.from({length:p},(a,m)=>{let c=d+(m+.5)*n;if(c<0||c>r)return{first:0,weights:[]};let i=Math.max(0,Math.floor(c-s-.5)),b=Math.min(r-1,Math.ceil(c+s-.5)),o=[];for(let f=i;f<=b;f++)o.push(Math.max(0,1-Math.abs(f+.5-c)/s));let l=o.reduce((f,h)=>f+h,0);return{first:i,weights:l?o.map(f=>f/l):[]}})}function Ae(p,[d,n],[r,s,a],m,c){let i=d*n,b=Array.from({length:r},(A,C)=>{let x=new Float64Array(i);for(let D=0;D<i;D++){let L=Math.fround(p[C*i+D]/255);x[D]=m.invert?1-L:L}return x}),o=b.map(A=>Ke(Be(A,d,n))),l=Re(b,o,d,n,m.content),f=_e(l,[d,n],[s,a],m),h=ke(s,f.top,f.down,d),y=ke(a,f.left,f.across,n),P=new Float64Array(n);return b.forEach((A,C)=>{let x=o[C];h.forEach((D,L)=>{P.fill(0),D.weights.forEach((N,B)=>{let t=(D.first+B)*n;for(let k=0;k<n;k++)P[k]+=N*(A[t+k]-x)}),y.forEach((N,B)=>{let t=x;N.weights.forEach((k,w)=>{t+=k*P[N.first+w]}),c[(C*s+L)*a+B]=Math.min(1,Math.max(0,t))})})}),l!==null}var Te=340,se=112,ze=560,je=330,qe=250,Ce=28;function Ve(p,d,n){let r=v("canvas",{class:"surface",tabindex:0,role:"application","aria-label":"Drawing surface"}),s=v("div",{class:"cross",hidden:!0}),a=v("div",{class:"hint","aria-hidden":"true"},"Draw here"),m=v("div",{class:"frame"},r,a,s),c=oe("The drawing as model input"),i=oe("What the model makes of the drawing"),b=v("div",{class:"caption"},"Model input"),o=v("div",{class:"caption"}),l=v("div",{class:"caption numbers"}),f=v("div",{class:"caption status",role:"status"}),h=(e,u)=>v("button",{type:"button","aria-pressed":"false",click:()=>ee(e)},u),y={pen:h("pen","Pen"),eraser:h("eraser","Eraser")},P=v("button",{type:"button",click:()=>w.undo()&&Y()},"Undo"),A=v("button",{type:"button",click:le},"Clear"),C=v("button",{type:"button",click:()=>G.readClipboard()},"Paste a picture"),x=v("input",{type:"range",min:2,max:30,step:1,value:10,input:te}),D=v("label",{class:"brush"},v("span",{},"Brush"),x),L=v("input",{type:"color","aria-label":"Colour of the pen"}),N=v("div",{class:"toolbar",role:"group","aria-label":"Drawing tools"});N.append(y.pen,y.eraser,D,L,P,A,C);let B=v("div",{class:"previews"});B.append(v("figure",{},c.element,b),v("figure",{},i.element,o),l),p.append(v("div",{class:"drawing"},m,B,v("div",{class:"tools"},N,f)));let t=null,k="",w=ae([1,1,1],0),g=[1,1],O=new Float32Array(1),R=null,V=null,_="",F=null,U="",T=0,ie=new Set,K=0,J="pen",I=null,$=null,z=!1,G=ve(e=>n("picture",e),e=>f.textContent=e),j=ye(Le),Q=Me(Oe,qe),De=be(p,e=>{let u=je<e&&e<=ze,E=Math.min(Te,u?e-se:e-2)/Math.max(...g);r.style.width=`${g[1]*E}px`,r.style.height=`${g[0]*E}px`;for(let S of[c,i])S.fit(u?se-26:Math.min(se,e/2-10));fe()}),Z=()=>x.valueAsNumber/200*Math.max(...g);function H(){return J==="eraser"?t.shape[0]===3?Array(3).fill(t.ground):[t.ground]:t.shape[0]===1?[255-t.ground]:[1,3,5].map(e=>parseInt(L.value.slice(e,e+2),16))}function ee(e){J=e;for(let[u,M]of Object.entries(y))M.setAttribute("aria-pressed",String(u===e))}function te(){let e=(x.valueAsNumber-2)/28;x.style.setProperty("--at",`calc(7px + (100% - 14px) * ${e})`),x.setAttribute("aria-valuetext",`${x.value} % of the surface`)}function Y(){K=0,j(),Q(),P.disabled=!w.canUndo}function le(){w.isEmpty||(w.clear(),Y())}function ce(e){let u=r.getBoundingClientRect();return[(e.clientX-u.left)/u.width*g[1],(e.clientY-u.top)/u.height*g[0]]}function ue(e){Q.cancel(),K=0,w.begin(),w.segment(e,e,Z(),H()),j()}r.addEventListener("pointerdown",e=>{I||e.button>0||(e.preventDefault(),W(),I={id:e.pointerId,at:ce(e)},r.focus({preventScroll:!0}),r.setPointerCapture(e.pointerId),s.hidden=!0,ue(I.at))}),r.addEventListener("pointermove",e=>{if(e.pointerId!==I?.id)return;let u=e.getCoalescedEvents?.()??[];for(let M of u.length?u:[e]){let E=ce(M);w.segment(I.at,E,Z(),H()),I.at=E}j()});for(let e of["pointerup","pointercancel"])r.addEventListener(e,u=>{u.pointerId===I?.id&&(I=null,Y())});function fe(){s.hidden=!$||r.getRootNode().activeElement!==r,$&&(s.style.left=`${100*$[0]/g[1]}%`,s.style.top=`${100*$[1]/g[0]}%`,s.classList.toggle("down",z))}function W(){z&&(z=!1,q("Pen up."),Y())}function X(e,u,M){let E=Math.max(...g)/(M?4*Ce:Ce),S=$??[g[1]/2,g[0]/2];$=[Math.min(g[1],Math.max(0,S[0]+e*E)),Math.min(g[0],Math.max(0,S[1]+u*E))],z&&(w.segment(S,$,Z(),H()),j())}function Se(){$??=[g[1]/2,g[0]/2],z=!0,ue($),q("Pen down: the arrow keys draw, Space lifts it.")}function pe(e){x.value=x.valueAsNumber+e,te(),q(`Brush: ${x.value} % of the surface.`)}let de={ArrowLeft:e=>X(-1,0,e.shiftKey),ArrowRight:e=>X(1,0,e.shiftKey),ArrowUp:e=>X(0,-1,e.shiftKey),ArrowDown:e=>X(0,1,e.shiftKey)," ":()=>z?W():Se(),Escape:W,Delete:le,Backspace:()=>w.undo()&&Y(),e:()=>ee(J==="pen"?"eraser":"pen"),"[":()=>pe(-1),"]":()=>pe(1)};r.addEventListener("keydown",e=>{let u=e.ctrlKey||e.metaKey,E=u&&e.key==="z"?de.Backspace:u||e.altKey?null:de[e.key];!E||I||(e.preventDefault(),E(e),fe())}),r.addEventListener("focus",()=>{I||q("Arrow keys move the pen, Space sets it down and lifts it, E erases, Backspace undoes.")}),r.addEventListener("blur",()=>{W(),s.hidden=!0,q("")});function q(e){f.textContent=e||"Draw with mouse, finger or pen; paste a picture with Ctrl+V, or drop one here."}p.addEventListener("dragover",e=>{e.preventDefault(),m.classList.add("over")}),p.addEventListener("dragleave",()=>m.classList.remove("over")),p.addEventListener("drop",e=>{e.preventDefault(),m.classList.remove("over");let[u]=e.dataTransfer.files;u&&G.takeFile(u,u.name)});function Le(){Ye(r,w.pixels,t.shape[0],g),a.hidden=!w.isEmpty;let e=Ae(w.pixels,g,t.shape,t.steps,O);if(c.show(O),i.element.parentElement.hidden=!R,!e||!R){i.show(new Float32Array(O.length).fill(t.ground/255)),o.textContent="What it makes of it",l.textContent=e?t.reason:"",F?.publish("unplace",{});return}let u=R.run(O),M=u.slice(0,t.latent_dim),E=u.length>M.length?u.slice(M.length).map(re=>Math.exp(re/2)):null,S=V.run(t.from_code?M:O);i.show(S);let Pe=S.reduce((re,Fe,Ue)=>re+(Fe-O[Ue])**2,0);o.textContent=`What it makes of it: squared error ${ne(Pe)}`;let Ne=Array.from(M.subarray(0,4),ne).join(", ");l.textContent=`Code (${Ne}${M.length>4?", \u2026":""})`,K&&t.drawn===K?F?.publish("unplace",{}):F?.publish("place",{code:M,std:E,label:t.label})}function Oe(){K=Date.now(),ie.add(K),n("drawn",{id:K,data:w.isEmpty?"":we(w.pixels)})}function Ie(){g=t.raw,O=new Float32Array(me(t.shape)),w=ae([t.shape[0],...g],t.ground);for(let e of[c,i])e.prepare(t.shape,[]);[r.width,r.height]=[g[1],g[0]],a.style.color=t.ground>127?"#000":"#fff",L.hidden=t.shape[0]!==3,x.value=t.brush,te()}return ee("pen"),q(""),{update(e){t=e.header;let u=[e.digest("encoder"),e.digest("rebuilder")].join();u!==_&&(_=u,[R,V]=["encoder","rebuilder"].map(S=>e.has(S)?new he(e.section(S)):null)),t.link!==U&&(U=t.link,F=U?ge(U):null);let M=JSON.stringify([t.shape,t.raw,t.ground,t.brush]),E=M!==k;k=M,E&&Ie(),(E||t.drawn!==T&&!ie.has(t.drawn))&&(w.reset(e.has("pixels")?e.section("pixels"):null),K=t.drawn,P.disabled=!0),T=t.drawn,j()},destroy(){j.cancel(),Q.cancel(),De(),G.destroy(),F?.publish("unplace",{})}}}function Ye(p,d,n,[r,s]){let a=p.getContext("2d"),m=a.createImageData(s,r),c=r*s;for(let i=0,b=0;i<c;i++,b+=4){for(let o=0;o<3;o++)m.data[b+o]=d[i+(n===3?o*c:0)];m.data[b+3]=255}a.putImageData(m,0,0)}var lt=xe(Ve,Ee);export{lt as default};
