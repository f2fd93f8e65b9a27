import{a as dt}from"../explorer.shared/shared-NB3OPBZA.js";import{a as yt}from"../explorer.shared/shared-SYKAXJJT.js";import{a as St}from"../explorer.shared/shared-VBMPPOGF.js";import{a as At}from"../explorer.shared/shared-PCWRJ7CE.js";import"../explorer.shared/shared-B44ME2VZ.js";import"../explorer.shared/shared-F3AGMURB.js";import{a as it,c as ht}from"../explorer.shared/shared-TK5MQQWK.js";import{a as X,b as K}from"../explorer.shared/shared-ZVNYXL66.js";import{a as ot,d as Mt}from"../explorer.shared/shared-V6K5QLGS.js";import"../explorer.shared/shared-EW7ZPMOL.js";import{b as v,c as et,d as nt,f as z,g as wt,h as xt}from"../explorer.shared/shared-XRFZHQUS.js";var Y=class{constructor(t){let e=t.length/2;this.points=t;let n=G(t);this.left=n.left,this.bottom=n.bottom,this.side=Math.max(1,Math.min(512,Math.ceil(Math.sqrt(e/2)))),this.cellWidth=(n.right-n.left)/this.side||1,this.cellHeight=(n.top-n.bottom)/this.side||1;let r=new Uint32Array(e);this.starts=new Uint32Array(this.side*this.side+1);for(let s=0;s<e;s++)r[s]=this.row(t[2*s+1])*this.side+this.column(t[2*s]),this.starts[r[s]+1]++;for(let s=0;s<this.side*this.side;s++)this.starts[s+1]+=this.starts[s];let a=this.starts.slice();this.items=new Uint32Array(e);for(let s=0;s<e;s++)this.items[a[r[s]]++]=s}column(t){return Math.max(0,Math.min(this.side-1,Math.floor((t-this.left)/this.cellWidth)))}row(t){return Math.max(0,Math.min(this.side-1,Math.floor((t-this.bottom)/this.cellHeight)))}nearest(t,e,n){return this.nearestFew(t,e,1,n)[0]??{index:-1,distance:1/0}}nearestFew(t,e,n,r){let a=this.column(t),s=this.row(e),c=Math.min(this.cellWidth,this.cellHeight),h=[],m=1/0;for(let i=0;i<this.side&&!(((i-1)*c)**2>m);i++)for(let u=s-i;u<=s+i;u++){if(u<0||u>=this.side)continue;let p=u===s-i||u===s+i;for(let f=a-i;f<=a+i;f+=p||i===0?1:2*i){if(f<0||f>=this.side)continue;let M=u*this.side+f;for(let S=this.starts[M];S<this.starts[M+1];S++){let l=this.items[S],d=(this.points[2*l]-t)**2+(this.points[2*l+1]-e)**2;if(d>=m||!r(l))continue;h.length===n&&h.pop();let y=h.length;for(;y&&h[y-1].square>d;)y--;h.splice(y,0,{index:l,square:d}),h.length===n&&(m=h[n-1].square)}}}return h.map(({index:i,square:u})=>({index:i,distance:Math.sqrt(u)}))}};function G(o){let[t,e,n,r]=[1/0,-1/0,1/0,-1/0];for(let a=0;a<o.length;a+=2)t=Math.min(t,o[a]),e=Math.max(e,o[a]),n=Math.min(n,o[a+1]),r=Math.max(r,o[a+1]);return t<=e?{left:t,right:e,bottom:n,top:r}:{left:-1,right:1,bottom:-1,top:1}}var ft=512;function vt(o,t){let e=G(t.flat()),n=e.top-e.bottom;if(t.length<3||!(n>0))return new Uint32Array(0);let r=h=>Math.min(ft-1,Math.floor((h-e.bottom)/n*ft)),a=Array.from({length:ft},()=>[]);t.forEach(([h,m],i)=>{let[u,p]=t[(i+1)%t.length];if(m===p)return;let f=r(Math.max(m,p));for(let M=r(Math.min(m,p));M<=f;M++)a[M].push({x1:h,y1:m,y2:p,slope:(u-h)/(p-m)})});let s=new Uint32Array(o.length/2),c=0;for(let h=0;h<s.length;h++){let[m,i]=[o[2*h],o[2*h+1]];if(m<e.left||m>e.right||i<e.bottom||i>e.top)continue;let u=!1;for(let{x1:p,y1:f,y2:M,slope:S}of a[r(i)])f>i!=M>i&&m<p+(i-f)*S&&(u=!u);u&&(s[c++]=h)}return s.slice(0,c)}var J=class{constructor(t){this.flags=new Uint8Array(t),this.count=0}change(t,e){e==="new"&&(this.flags.fill(0),this.count=0);let n=e==="remove"?0:1;for(let r=0;r<t.length;r++){let a=t[r];a>=this.flags.length||(this.count+=n-this.flags[a],this.flags[a]=n)}}positions(){let t=new Uint32Array(this.count);for(let e=0,n=0;n<this.count;e++)this.flags[e]&&(t[n++]=e);return t}bits(){let t=new Uint8Array(Math.ceil(this.flags.length/8));for(let e=0;e<this.flags.length;e++)t[e>>3]|=this.flags[e]<<(e&7);return Array.from(t,e=>e.toString(16).padStart(2,"0")).join("")}};function Et({values:o,size:t},e,[n,r],a){let s=e.nearestFew(n,r,4,a),c=s[0].distance?s.map(({distance:i})=>1/i):[1],h=c.reduce((i,u)=>i+u,0),m=new Float32Array(t);return c.forEach((i,u)=>{let p=s[u].index*t;for(let f=0;f<t;f++)m[f]+=i/h*o[p+f]}),m}function kt(o){let t=Math.min(4,o);return t>1?`Decoded from the mean of the ${t} nearest codes`:"Decoded from the nearest code"}function ut(o,t){let e=Math.min(6,Math.max(0,Math.ceil(-Math.log10(t)))),n=o.toFixed(e);return Number(n)?n.replace("-","\u2212"):n.replace("-","")}var rt=16,Ct=40,Kt=200;function Dt(){let o=At("Decoded from the cursor position"),t=v("div",{class:"caption"}),e=v("figure",{class:"wide",hidden:!0},o.element,t),n=dt("Nearest real item"),r=v("div",{class:"caption"}),a=v("figure",{},n.canvas,r),s=dt("Its reconstruction"),c=v("figure",{},s.canvas,v("div",{class:"caption"},"Its reconstruction")),h=v("dl",{class:"details"}),m=v("div",{class:"only-read","aria-live":"polite"}),i=v("div",{class:"inspector"},e,a,c,h,m),u=K(f=>m.replaceChildren(f),500),p=[];return{element:i,describe({nearest:f,decoding:M,points:S},l){e.hidden=!l,l&&o.prepare(l,M.features),n.update(f.sprites),n.canvas.setAttribute("aria-label",`Nearest ${S.item_kind} item`),s.update(f.reconstructions),c.hidden=!f.reconstructions,a.classList.toggle("wide",!f.reconstructions),p=f.details.map(({name:d,unit:y,values:x})=>({name:d,unit:y,values:x.read(),shown:v("dd",{class:"number"})})),h.hidden=!p.length,h.replaceChildren(...p.map(({name:d,shown:y})=>v("div",{},v("dt",{},d),y)))},showDecoded(f,M){o.show(f),t.textContent=M},showItem(f,M){n.show(f),s.show(f),r.textContent=M;for(let{unit:l,values:d,shown:y}of p){let x=f<0?NaN:d[f];y.textContent=Number.isFinite(x)?`${it(x)} ${l}`.trim():"\u2013"}let S=p.map(({name:l,shown:d})=>`${l} ${d.textContent}`);u([t.textContent,M,...S].filter(Boolean).join(". "))},fit(f){let M=i.clientWidth;if(!M)return;if(getComputedStyle(i).display==="flex"){let x=[e,a,c].filter(T=>!T.hidden).length,k=Math.min(Kt,(M-rt*(x-1))/x);for(let T of[o,n,s])T.fit(k-2);return}let S=f-h.clientHeight-rt-Ct,l=(S-rt-Ct)/2,d=c.hidden?M:(M-rt)/2,y=Math.min(d,e.hidden?S:l)-2;o.fit(Math.min(M,l)-2),n.fit(y),s.fit(y)},destroy(){u.cancel(),n.destroy(),s.destroy()}}}var Xt=2e3,Tt=12,Zt=2.5;function mt(o,t){let e=o.width/t.width,n=ot(o);n.setTransform(e,0,0,e,0,0),n.clearRect(0,0,t.width,t.height),n.font=`12px ${z(o,"font")||"sans-serif"}`;let r=z(o,"text-color")||"#333",a=z(o,"background-color")||"#fff";return{context:n,view:t,text:r,background:a,accent:z(o,"primary-color")||r}}function Lt(){let o=v("img",{class:"underlay",alt:"","aria-hidden":"true",hidden:!0,draggable:"false"}),t=Mt(o),e=null,n=null;o.addEventListener("load",()=>{n&&r(n)});function r(a){n=a;let{naturalWidth:s,naturalHeight:c}=o;if(!e||!s)return;let[h,m]=a.toScreen(e.left,e.top),[i,u]=a.toScreen(e.right,e.bottom),[p,f]=[(i-h)/s,(u-m)/c];o.style.transform=`translate(${h}px, ${m}px) scale(${p}, ${f})`}return{element:o,show(a){e=a,o.hidden=!e,t.show(e?.png.read()??null)},place:r,destroy:t.destroy}}var st=class{constructor(t){this.levels=t.map(({label:e,dashed:n,lengths:r,places:a})=>{let s=a.read(),c=new Path2D,h=0,i=r.map(u=>{let p=s.subarray(2*h,2*(h+u));c.moveTo(p[0],p[1]);for(let f=1;f<u;f++)c.lineTo(p[2*f],p[2*f+1]);return h+=u,p}).find(u=>u.length===2*Math.max(...r));return{name:e,dashed:n,path:c,anchors:i?qt(i):[]}})}draw({context:t,view:e,text:n,background:r,accent:a}){let s=1/e.unit;t.save(),t.translate(e.width/2-e.x*s,e.height/2+e.y*s),t.scale(s,-s),t.lineJoin="round";for(let{colour:c,alpha:h,width:m}of[{colour:r,alpha:.55,width:3},{colour:n,alpha:.75,width:1}]){t.strokeStyle=c,t.globalAlpha=h,t.lineWidth=m*e.unit;for(let{path:i,dashed:u}of this.levels)t.setLineDash(u?[6*e.unit,4*e.unit]:[]),t.stroke(i)}t.restore(),this.drawNames({context:t,view:e,text:n,background:r,accent:a})}drawNames({context:t,view:e,text:n,background:r}){let a=[];for(let{name:s,anchors:c}of this.levels){let h=t.measureText(s).width/2+4,m=([u,p])=>u>h+24&&u<e.width-h-24&&p>44&&p<e.height-40&&a.every(f=>Math.abs(f.x-u)>h+f.half||Math.abs(f.y-p)>16),i=c.map(([u,p])=>e.toScreen(u,p)).find(m);!s||!i||(a.push({x:i[0],y:i[1],half:h}),Z(t,n,r,s,i,"center","middle"))}}};function qt(o){return Array.from({length:Tt},(t,e)=>{let n=Math.floor((e+.5)*o.length/2/Tt);return[o[2*n],o[2*n+1]]})}function Ot({context:o,view:t,text:e,background:n},r){let[a,s]=t.toData(0,0),[c,h]=t.toData(t.width,t.height);o.globalAlpha=.75;for(let m of ht(a,c,t.width/70)){let[i]=t.toScreen(m.at,0);i<30||i>t.width-60||(Q(o,e,.4,[i,t.height-5],[i,t.height]),Z(o,e,n,m.text,[i,t.height-8],"center","bottom"))}for(let m of ht(h,s,t.height/70)){let[,i]=t.toScreen(0,m.at);i<36||i>t.height-30||(Q(o,e,.4,[0,i],[5,i]),Z(o,e,n,m.text,[9,i],"left","middle"))}Z(o,e,n,r[0],[t.width-9,t.height-8],"right","bottom"),Z(o,e,n,r[1],[9,9],"left","top"),o.globalAlpha=1}function _t({context:o,view:t,text:e,background:n},r,a){let[s,c]=t.toScreen(r.x,r.y);if(a){let h=t.toScreen(...a);Q(o,e,.5,[s,c],h),Pt(o,e,n,h,6,1.5)}Q(o,e,.9,[s-7,c],[s+7,c]),Q(o,e,.9,[s,c-7],[s,c+7])}function at({context:o,view:t,background:e},n,r,a,s){let c=n.filter(([h,m])=>t.sees(h,m)).slice(0,Xt);o.beginPath();for(let[h,m]of c){let[i,u]=t.toScreen(h,m);o.moveTo(i+a,u),o.arc(i,u,a,0,2*Math.PI)}gt(o,r,e,s)}function pt({context:o,view:t,text:e,background:n},{x:r,y:a,label:s,ellipse:c}){let[h,m]=t.toScreen(r,a);if(c){let[i,u,p]=c;for(let f of[1,2])o.beginPath(),o.ellipse(h,m,f*i/t.unit,f*u/t.unit,-p,0,2*Math.PI),gt(o,e,n,1.5,f===2?[5,4]:[])}Pt(o,e,n,[h,m],8,2),Z(o,e,n,s,[h+13,m],"left","middle")}function It({origin:o,matrix:t},{code:e,std:n,label:r}){if(e.length!==o.length)return null;let[a,s,c,h,m]=[0,0,0,0,0];if(t.forEach(([M,S],l)=>{a+=(e[l]-o[l])*M,s+=(e[l]-o[l])*S;let d=n?n[l]**2:0;c+=d*M*M,h+=d*M*S,m+=d*S*S}),!Number.isFinite(a+s+c+h+m))return null;let i=(c+m)/2,u=Math.hypot((c-m)/2,h),[p,f]=[Math.sqrt(i+u),Math.sqrt(Math.max(0,i-u))];return{x:a,y:s,label:r,ellipse:n?[p,f,Math.atan2(2*h,c-m)/2]:null}}function Q(o,t,e,n,r){let a=o.globalAlpha;o.globalAlpha=e,o.strokeStyle=t,o.lineWidth=1,o.beginPath(),o.moveTo(...n),o.lineTo(...r),o.stroke(),o.globalAlpha=a}function Pt(o,t,e,[n,r],a,s){o.beginPath(),o.arc(n,r,a,0,2*Math.PI),gt(o,t,e,s)}function gt(o,t,e,n,r=[]){o.strokeStyle=e,o.lineWidth=n+Zt,o.stroke(),o.setLineDash(r),o.strokeStyle=t,o.lineWidth=n,o.stroke(),o.setLineDash([])}function Z(o,t,e,n,[r,a],s,c){o.textAlign=s,o.textBaseline=c,o.lineWidth=3,o.lineJoin="round",o.strokeStyle=e,o.fillStyle=t;let h=o.globalAlpha;o.globalAlpha=1,o.strokeText(n,r,a),o.globalAlpha=h,o.fillText(n,r,a)}var Yt=216;function Rt(o){let t=v("div",{class:"legend",role:"group","aria-label":"Classes shown"}),e=[],n=[];function r(){[...t.children].forEach((c,h)=>c.setAttribute("aria-pressed",String(e[h])))}function a(c,h){h?e=e.map((m,i)=>i===c):e[c]=!e[c],e.some(Boolean)||e.fill(!0),r(),o()}function s(c,h){let m=v("span",{class:"dot",style:`background: ${n[h%n.length]}`}),i=`Click: show or hide ${c}. Double click: only ${c}`;return v("button",{type:"button",class:"class",title:i,click:p=>a(h,p.detail>=2||p.shiftKey)},m,c)}return{element:t,shows:c=>e[c],describe(c,h){let m=c.names.length?c.names:[""];n=c.palette,(h||e.length!==m.length)&&(e=m.map(()=>!0)),t.hidden=m.length<2,t.replaceChildren(...m.map(s)),r()},palette(){let c=new Uint8Array(4*e.length);return e.forEach((h,m)=>{let i=Number.parseInt(n[m%n.length].slice(1),16);c.set([i>>16,i>>8&255,i&255,h?Yt:0],4*m)}),c}}}function Ut(o){let t="",e=null,n=()=>{},r=-1;return{join(a){a!==t&&(t=a,n(),e=t?yt(t):null,n=e?e.subscribe((s,c)=>o[s](c)):()=>{})},publish:(a,s)=>e?.publish(a,s),hover(a){a!==r&&(r=a,e?.publish("hover",{position:a}))}}}var Ft=`.live .layout {
  display: grid;
  grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
  gap: 1.5rem;
  align-items: start;
}

.live figure {
  margin: 0;
}

.live .map {
  position: relative;
  width: 100%;
  aspect-ratio: 5 / 4;
  max-height: 620px;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  overflow: hidden;
}

.live .map canvas {
  position: absolute;
  inset: 0;
  width: 100%;
  height: 100%;
}

.live .map.fixed {
  aspect-ratio: auto;
  max-height: none;
}

.live .points,
.live .lines,
.live .underlay {
  transform-origin: 0 0;
}

.live .lines {
  pointer-events: none;
}

.live .underlay {
  position: absolute;
  top: 0;
  left: 0;
  max-width: none;
}

.live .overlay {
  cursor: crosshair;
  touch-action: none;
}

.live .overlay:focus-visible {
  outline-offset: -2px;
  border-radius: var(--radius);
}

.live .map-tools {
  position: absolute;
  top: 0.35rem;
  right: 0.35rem;
  max-width: calc(100% - 4.5rem);
  display: flex;
  flex-wrap: wrap;
  justify-content: flex-end;
  column-gap: 0.5rem;
  pointer-events: none; /* the map can be touched between its tools */
}

.live .tool-group {
  display: flex;
  align-items: center;
  background: color-mix(in srgb, var(--st-background-color) 92%, transparent);
  border-radius: var(--radius);
  pointer-events: auto;
}

.live .map-tools button.plain[aria-pressed="true"] {
  background: var(--fill);
  color: var(--accent);
}

.live .count:not(:empty) {
  padding: 0 0.5rem;
}

.live .map-hint {
  position: absolute;
  bottom: 1.75rem;
  left: 50%;
  transform: translateX(-50%);
  width: max-content;
  max-width: calc(100% - 1rem);
  padding: 0.15rem 0.6rem;
  background: color-mix(in srgb, var(--st-background-color) 88%, transparent);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  font-size: 0.8125rem;
  text-align: center;
  pointer-events: none;
}

.live .legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0.125rem 0.25rem;
  margin-top: 0.5rem;
}

.live button.class {
  padding: 0.125rem 0.45rem;
  border-color: transparent;
}

.live button.class:hover {
  border-color: var(--line);
  color: inherit;
}

.live button.class[aria-pressed="true"] {
  border-color: transparent;
  color: inherit;
}

.live button.class[aria-pressed="false"] {
  opacity: 0.4;
  text-decoration: line-through;
}

.live .dot {
  width: 0.65rem;
  height: 0.65rem;
  border-radius: 50%;
}

.live .inspector {
  display: grid;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 1rem;
  align-items: start;
}

.live .inspector .wide,
.live .details {
  grid-column: 1 / -1;
}

.live .inspector .caption {
  margin-top: 0.35rem;
  min-height: 1.4em;
}

.live .details {
  margin: 0;
}

.live .details > div {
  display: flex;
  justify-content: space-between;
  gap: 1rem;
  padding: 0.2rem 0;
  border-top: 1px solid var(--fill);
}

.live .details dd {
  margin: 0;
}

@container (max-width: 900px) {
  .live .map {
    aspect-ratio: 1;
  }
}

@container (max-width: 640px) {
  .live .layout {
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
  }

  .live .inspector {
    display: flex;
    flex-wrap: wrap;
  }

  .live .inspector figure {
    flex: 1 1 0;
    min-width: 0;
  }

  .live .details {
    flex-basis: 100%;
  }
}
`;function Nt(o,t,{view:e,cursor:n,tools:r,moveCursor:a,zoomAt:s,pan:c,reset:h,select:m,leave:i}){let u=new Map,p=0,f=l=>{let d=t.getBoundingClientRect();return[l.clientX-d.left,l.clientY-d.top]};t.addEventListener("pointerdown",l=>{l.button>0||(t.setPointerCapture(l.pointerId),u.size||(p=0),u.set(l.pointerId,f(l)),u.size>1?r.cancel():r.active?r.begin(e.toData(...f(l))):l.pointerType!=="mouse"&&a(...e.toData(...f(l))))}),t.addEventListener("pointermove",l=>{let d=f(l),y=u.get(l.pointerId);if(!y){r.drawing||a(...e.toData(...d));return}u.set(l.pointerId,d);let[x,k]=[d[0]-y[0],d[1]-y[1]];p+=Math.hypot(x,k);let T=[...u].find(([L])=>L!==l.pointerId)?.[1];if(u.size===2&&T){let L=g=>Math.max(1,Math.hypot(g[0]-T[0],g[1]-T[1]));s((d[0]+T[0])/2,(d[1]+T[1])/2,L(y)/L(d)),c(x/2,k/2)}else if(r.drawing){let L=l.getCoalescedEvents?.()??[];for(let g of L.length?L:[l])r.extend(e.toData(...f(g)),e.unit)}else l.pointerType==="mouse"?p>4&&!r.active&&c(x,k):r.active||a(...e.toData(...d))});let M=l=>{if(!u.delete(l.pointerId)||u.size)return;let d=l.type==="pointerup";d&&p<=4?(r.cancel(),m(...e.toData(...f(l)))):d&&r.drawing?r.finish(l):r.cancel()};t.addEventListener("pointerup",M),t.addEventListener("pointercancel",M),t.addEventListener("pointerleave",l=>{l.pointerType==="mouse"&&i()}),t.addEventListener("blur",i),t.addEventListener("dblclick",h),t.addEventListener("wheel",l=>{l.preventDefault();let d=l.deltaMode===1?16:1;s(...f(l),Math.exp(.0015*d*l.deltaY))},{passive:!1}),o.addEventListener("keydown",l=>{r.key(l)&&l.preventDefault()}),t.addEventListener("keydown",l=>{let d=(l.shiftKey?50:10)*e.unit,y={ArrowLeft:[-d,0],ArrowRight:[d,0],ArrowUp:[0,d],ArrowDown:[0,-d]};if(l.key in y){let[x,k]=y[l.key];r.follow([n.x+x,n.y+k]),a(n.x+x,n.y+k),S()}else if(l.key==="+"||l.key==="=")s(...e.toScreen(n.x,n.y),.8);else if(l.key==="-")s(...e.toScreen(n.x,n.y),1.25);else if(l.key==="0")h();else if(l.key==="Enter"&&r.active)r.corner([n.x,n.y],l);else if(l.key==="Enter")m(n.x,n.y);else return;l.preventDefault()});function S(){let[l,d]=e.toScreen(n.x,n.y),y=(T,L)=>Math.max(0,T-L+20)+Math.min(0,T-20),[x,k]=[y(l,e.width),y(d,e.height)];(x||k)&&c(-x,-k)}}var q=[0,0,0,0];function $t(o){let t=ot(o),e=new Float32Array(0),n=new Uint16Array(0),r=new Uint32Array(0),a=new Uint32Array(0),s=null,c=new Uint8Array(0),h=u=>Uint32Array.from(u).sort((p,f)=>n[p]-n[f]);function m(u){s=u,a=h(s??[])}function i(u,p,f,M){let S=o.width/p.width,l=-1;for(let d of u){if(n[d]!==l){l=n[d];let k=[0,1,2].map(T=>c[4*l+T]+M[3]*(255*M[T]-c[4*l+T]));t.fillStyle=`rgba(${k.map(Math.round)}, ${c[4*l+3]/255})`}if(!c[4*l+3])continue;let y=((e[2*d]-p.x)/p.unit+p.width/2)*S,x=(p.height/2-(e[2*d+1]-p.y)/p.unit)*S;y>-f&&x>-f&&y<o.width+f&&x<o.height+f&&t.fillRect(y-f/2,x-f/2,f,f)}}return{kind:"canvas",setPoints(u,p){e=u,n=p,r=h(n.keys()),m(s)},setChosen:m,setPalette(u){c=u},draw(u,p,f){let M=Math.max(1,p*o.width/u.width);t.clearRect(0,0,o.width,o.height),i(r,u,M,a.length?f:q),i(a,u,1.25*M,q)},finish(){t.getImageData(0,0,1,1)},destroy(){}}}var Qt=`#version 300 es
  layout(location = 0) in vec2 position;
  layout(location = 1) in float group;
  uniform vec2 centre;
  uniform vec2 scale;
  uniform float size;
  uniform vec4 fade;
  uniform sampler2D palette;
  out vec4 colour;
  void main() {
    colour = texelFetch(palette, ivec2(int(group), 0), 0);
    colour.rgb = mix(colour.rgb, fade.rgb, fade.a);
    gl_Position = vec4((position - centre) * scale, 0.0, 1.0);
    // A hidden class is moved out of sight, which costs less than discarding its pixels.
    if (colour.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = size;
  }`,te=`#version 300 es
  precision mediump float;
  in vec4 colour;
  uniform highp float size;
  out vec4 fragment;
  void main() {
    float distance = length(gl_PointCoord - 0.5) * size;
    float cover = size < 3.0 ? 1.0 : clamp(size * 0.5 - distance + 0.5, 0.0, 1.0);
    fragment = vec4(colour.rgb, 1.0) * colour.a * cover;
  }`,Ht=()=>({values:new Float32Array(0),array:null,buffer:null});function Bt(o,t){let e=Ht(),n=Ht(),r=null,a={centre:null,scale:null,size:null,fade:null},s=null,c=null;function h(d,y,x){let k=t.createShader(y);k&&(t.shaderSource(k,x),t.compileShader(k),t.attachShader(d,k))}function m(){let d=t.createProgram();if(h(d,t.VERTEX_SHADER,Qt),h(d,t.FRAGMENT_SHADER,te),t.linkProgram(d),!t.getProgramParameter(d,t.LINK_STATUS)&&!t.isContextLost())throw new Error(`The map's shaders do not link: ${t.getProgramInfoLog(d)}`);t.useProgram(d),a={centre:t.getUniformLocation(d,"centre"),scale:t.getUniformLocation(d,"scale"),size:t.getUniformLocation(d,"size"),fade:t.getUniformLocation(d,"fade")},t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA);for(let y of[e,n])y.array=t.createVertexArray(),y.buffer=t.createBuffer(),t.bindVertexArray(y.array),t.bindBuffer(t.ARRAY_BUFFER,y.buffer),t.enableVertexAttribArray(0),t.vertexAttribPointer(0,2,t.FLOAT,!1,12,0),t.enableVertexAttribArray(1),t.vertexAttribPointer(1,1,t.FLOAT,!1,12,8);t.bindTexture(t.TEXTURE_2D,t.createTexture()),t.texParameteri(t.TEXTURE_2D,t.TEXTURE_MIN_FILTER,t.NEAREST),t.texParameteri(t.TEXTURE_2D,t.TEXTURE_MAG_FILTER,t.NEAREST)}function i(d){t.bindBuffer(t.ARRAY_BUFFER,d.buffer),t.bufferData(t.ARRAY_BUFFER,d.values,t.STATIC_DRAW)}function u(){r?.length&&t.texImage2D(t.TEXTURE_2D,0,t.RGBA,r.length/4,1,0,t.RGBA,t.UNSIGNED_BYTE,r)}let p=d=>d.preventDefault(),f=()=>{m(),i(e),i(n),u(),s&&S(...s)};o.addEventListener("webglcontextlost",p),o.addEventListener("webglcontextrestored",f),m();function M({array:d,values:y},x,k){y.length&&(t.bindVertexArray(d),t.uniform1f(a.size,x),t.uniform4f(a.fade,...k),t.drawArrays(t.POINTS,0,y.length/3))}function S(d,y,x){s=[d,y,x];let k=o.width/d.width;t.viewport(0,0,o.width,o.height),t.clearColor(0,0,0,0),t.clear(t.COLOR_BUFFER_BIT),t.uniform2f(a.centre,d.x,d.y),t.uniform2f(a.scale,2/(d.width*d.unit),2/(d.height*d.unit)),M(e,y*k,n.values.length?x:q),M(n,1.25*y*k,q)}function l(d){c=d,n.values=new Float32Array(3*(c?.length??0)),c?.forEach((y,x)=>{n.values.set(e.values.subarray(3*y,3*y+3),3*x)}),i(n)}return{kind:"webgl2",setPoints(d,y){e.values=new Float32Array(3*y.length);for(let x=0;x<y.length;x++)e.values[3*x]=d[2*x],e.values[3*x+1]=d[2*x+1],e.values[3*x+2]=y[x];i(e),l(c)},setPalette(d){r=d,u()},setChosen:l,draw:S,finish(){t.readPixels(0,0,1,1,t.RGBA,t.UNSIGNED_BYTE,new Uint8Array(4))},destroy(){o.removeEventListener("webglcontextlost",p),o.removeEventListener("webglcontextrestored",f),t.getExtension("WEBGL_lose_context")?.loseContext()}}}function Wt(o,t){let e=t?null:o.getContext("webgl2",{antialias:!1,premultipliedAlpha:!0});return e?Bt(o,e):$t(o)}var ee=2,ne={move:"M8 2v12M2 8h12M6.4 3.6 8 2l1.6 1.6M6.4 12.4 8 14l1.6-1.6M3.6 6.4 2 8l1.6 1.6M12.4 6.4 14 8l-1.6 1.6",lasso:"M6 11.3C3.7 10.8 2.2 9.2 2.2 7.2 2.2 4.7 4.8 2.8 8 2.8s5.8 1.9 5.8 4.4-2.6 4.4-5.8 4.4M6 11.3a1.3 1.3 0 1 1-1.5 1.9c1 .2 1.6-.6 1.5-1.9",box:"M3 3h2.5M7 3h2M10.5 3H13v2.5M13 7v2M13 10.5V13h-2.5M9 13H7M5.5 13H3v-2.5M3 9V7M3 5.5V3",add:"M2.5 2.5h7.5v7.5h-7.5zM12 9.5v5M9.5 12h5",remove:"M2.5 2.5h7.5v7.5h-7.5zM9.5 12h5",clear:"M4 4l8 8M12 4l-8 8"},oe={l:"lasso",b:"box",m:"move"};function zt({onChange:o,onRegion:t,onClear:e}){let n="move",r="new",a=null,s=[0,0],c=0,h=(g,D,_)=>v("button",{type:"button",class:"plain",title:D,"aria-label":D,click:_},et(ne[g])),m={move:h("move","Move (M)",()=>l("move")),lasso:h("lasso","Lasso (L)",()=>l("lasso")),box:h("box","Box (B)",()=>l("box"))},i={add:h("add","Add to the selection (or hold Shift)",()=>d("add")),remove:h("remove","Remove from the selection (or hold Alt)",()=>d("remove"))},u=h("clear","Clear the selection (Esc)",()=>y()),p=v("span",{class:"count",role:"status"}),f=v("span",{class:"tool-group"},i.add,i.remove),M=v("div",{class:"tool-group",role:"group","aria-label":"Selection"},p,...Object.values(m),f,u),S=v("div",{class:"map-hint",hidden:!0});function l(g){k(),n=g===n?"move":g,S.hidden=n==="move",n==="move"&&(r="new"),x()}function d(g){r=g===r?"new":g,x()}function y(){k(),c&&e()}function x(){for(let[_,P]of Object.entries(m))P.setAttribute("aria-pressed",String(_===n));for(let[_,P]of Object.entries(i))P.setAttribute("aria-pressed",String(_===r));f.hidden=n==="move",u.hidden=!c,p.textContent=c?`${c.toLocaleString("en-US")} selected`:"";let g=window.matchMedia("(pointer: coarse)").matches,D=n==="box"?"Drag a box over points":"Draw around points";S.textContent=g?`${D}. Two fingers move the map.`:`${D}. Shift adds, Alt removes, Esc clears.`,o()}function k(){a&&(a=null,o())}function T(g){if(n==="lasso")return[...g,s];let[[D,_],[P,F]]=[g[0],s];return[[D,_],[P,_],[P,F],[D,F]]}let L={element:M,hint:S,get active(){return n!=="move"},get drawing(){return a!==null},offer(g){M.hidden=!g,!g&&n!=="move"?l("move"):x()},counts(g){c=g,x()},begin(g){a=[g],s=g,o()},extend(g,D){if(!a)return;let[_,P]=a[a.length-1];n==="lasso"&&Math.hypot(g[0]-_,g[1]-P)>=ee*D&&a.push(g),s=g,o()},cancel:k,finish({shiftKey:g=!1,altKey:D=!1}={}){let _=a?T(a):[];k(),S.hidden=!0,_.length>2&&t(_,D?"remove":g?"add":r)},corner(g,D){a?n==="box"||String(g)===String(a.at(-1))?(s=g,L.finish(D)):(a.push(g),s=g,o()):L.begin(g)},follow(g){a&&(s=g)},key(g){if(M.hidden||g.ctrlKey||g.metaKey)return!1;let D=oe[g.key.toLowerCase()];if(D)l(D);else{if(g.key!=="Escape")return!1;a?k():c?y():l("move")}return!0},draw({context:g,view:D,text:_,accent:P}){if(!a)return;let F=T(a).map(([I,N])=>D.toScreen(I,N));g.beginPath(),F.forEach(([I,N],V)=>V?g.lineTo(I,N):g.moveTo(I,N)),g.closePath(),g.globalAlpha=.12,g.fillStyle=P,g.fill("evenodd"),g.globalAlpha=.9,g.strokeStyle=_,g.lineWidth=1.25,g.setLineDash([5,4]),g.stroke(),g.setLineDash([]),g.globalAlpha=1}};return L}var ie=.06,re=500,se=4,lt=class o{x=0;y=0;unit=1;width=0;height=0;bounds=G([]);moved=!1;toScreen(t,e){return[(t-this.x)/this.unit+this.width/2,this.height/2-(e-this.y)/this.unit]}toData(t,e){return[this.x+(t-this.width/2)*this.unit,this.y-(e-this.height/2)*this.unit]}sees(t,e){let[n,r]=this.toScreen(t,e);return n>=0&&r>=0&&n<=this.width&&r<=this.height}unitFor({left:t,right:e,bottom:n,top:r}){let a=1-2*ie;return Math.max((e-t)/(this.width*a||1),(r-n)/(this.height*a||1))}get wholeUnit(){return this.unitFor(this.bounds)||1}showAll(){this.centre(this.bounds),this.unit=this.wholeUnit,this.moved=!1}moveTo(t){this.centre(t),this.unit=Math.max(this.unit,this.unitFor(t)),this.moved=!0}centre({left:t,right:e,bottom:n,top:r}){this.x=(t+e)/2,this.y=(n+r)/2}zoomAt(t,e,n){let[r,a]=this.toData(t,e),s=this.wholeUnit;this.unit=Math.min(s*se,Math.max(s/re,this.unit*n)),this.x=r-(t-this.width/2)*this.unit,this.y=a+(e-this.height/2)*this.unit,this.moved=!0}pan(t,e){this.x-=t*this.unit,this.y+=e*this.unit,this.moved=!0}shiftFrom(t){let e=t.unit/this.unit,n=(t.x-this.x)/this.unit,r=(this.y-t.y)/this.unit;return[n+(1-e)*this.width/2,r+(1-e)*this.height/2,e]}copy(){return Object.assign(new o,this)}};var ae=4,le=100,ce=.8,he=.15,Gt=1.5;function jt(o){let t=v("canvas",{class:"points","aria-hidden":"true"}),e=v("canvas",{class:"lines","aria-hidden":"true",hidden:!0}),n=v("canvas",{class:"overlay",tabindex:0,role:"application"}),r=Lt(),a=(b,E,O,U)=>v("button",{type:"button",class:"plain",title:b,"aria-label":E,click:U},et(O)),s=v("span",{class:"tool-group"},a("Zoom in","Zoom in",nt.plus,()=>R(i.width/2,i.height/2,1/Gt)),a("Zoom out","Zoom out",nt.minus,()=>R(i.width/2,i.height/2,Gt)),a("Show all","Show all points",nt.reset,C)),c=zt({onChange:()=>H(),onRegion:o.onRegion,onClear:o.onClear}),h=v("div",{class:"map-tools"},c.element,s),m=v("div",{class:"map"},r.element,t,e,n,c.hint,h),i=new lt,u={x:0,y:0,shown:!1},p=new Float32Array(0),f=new Uint16Array(0),M=new Uint8Array(0),S=null,l=null,d=!1,y=null,x=["",""],k=[],T=null,L=[],g="",D={nearest:-1,linked:-1,selected:-1},_=i.copy(),P=null,F=b=>[p[2*b],p[2*b+1]],I=X(()=>{if(!i.width||!l)return;let b=performance.now();l.draw(i,ct(),w()),P===null&&(l.finish(),P=performance.now()-b>ae),_=i.copy(),t.style.transform=e.style.transform="",r.place(i),y&&y.draw(mt(e,i)),A()}),N=K(I,le),V=X(()=>{let[b,E,O]=i.shiftFrom(_),[U,W]=[(_.x-i.x)/i.unit,(i.y-_.y)/i.unit],$=Math.abs(U)>i.width/3||Math.abs(W)>i.height/3||O>2||O<.7;if(!P||$){I();return}t.style.transform=e.style.transform=`translate(${b}px, ${E}px) scale(${O})`,r.place(i),A(),N()}),H=X(A);function ct(){let b=Math.sqrt(i.width*i.height/Math.max(1,f.length)),E=i.wholeUnit/i.unit;return Math.min(7,Math.max(1.5,Math.min(5,.35*b))*E**.35)}function w(){let b=Vt(z(m,"text-color")),E=Vt(z(m,"background-color")),[O,U,W]=E.map(($,tt)=>$+he*(b[tt]-$));return[O,U,W,ce]}function A(){if(!i.width)return;let b=mt(n,i);Ot(b,x);let E=O=>O>=0?[F(O)]:[];at(b,L,b.accent,6.5,1.75),at(b,E(D.linked),b.text,9,2.5),u.shown&&!c.drawing&&_t(b,u,E(D.nearest)[0]),at(b,E(D.selected),b.accent,8,2.5);for(let O of k)O.label!==T?.label&&pt(b,O);T&&pt(b,T),c.draw(b)}function C(){i.showAll(),I()}function R(b,E,O){i.zoomAt(b,E,O),V()}function j(b){Object.assign(u,b)}Nt(m,n,{view:i,cursor:u,tools:c,zoomAt:R,reset:C,pan(b,E){i.pan(b,E),V()},moveCursor(b,E){j({x:b,y:E,shown:!0}),o.onCursor(),H()},select:o.onSelect,leave:o.onLeave});function B(){let{clientWidth:b,clientHeight:E}=m;if(!b||!E)return;let O=window.devicePixelRatio||1,[U,W]=[Math.round(b*O),Math.round(E*O)];if(!(i.width===b&&i.height===E&&t.width===U&&t.height===W)){[i.width,i.height]=[b,E];for(let tt of[t,e,n])[tt.width,tt.height]=[U,W];i.moved||i.showAll(),I()}}return{element:m,cursor:u,redraw:I,resize:B,get unit(){return i.unit},get height(){return i.height},prepare(b){if(!(l&&b===d)){if(d=b,P=null,l){l.destroy();let E=v("canvas",{class:"points","aria-hidden":"true"});t.replaceWith(E),t=E}l=Wt(t,b),m.dataset.renderer=l.kind,l.setPoints(p,f),l.setPalette(M),l.setChosen(S),B()}},setPoints(b,E){p=b,this.setGroups(E),Object.assign(D,{nearest:-1,linked:-1,selected:-1}),L=[],g="",P=null,i.bounds=G(p),C(),j({x:i.x,y:i.y,shown:!1})},setGroups(b){f=b,l?.setPoints(p,f),I()},setPalette(b){M=b,l?.setPalette(b),I()},setChosen(b){S=b?.length?b:null,l?.setChosen(S),c.counts(S?.length??0),I()},setHits(b){L=Array.from(b,F),L.length&&i.width&&!L.some(([E,O])=>i.sees(E,O))?(i.moveTo(G(L.flat())),I()):H()},setUnderlay(b){r.show(b),r.place(i)},setContours(b){y=b,e.hidden=!y,I()},describe({points:b,layers:E,spoken:O,cursor:U,tools:W,height:$}){x=b.axes,k=E.marks,c.offer(W),m.style.height=$?`${$}px`:"",m.classList.toggle("fixed",!!$),n.setAttribute("aria-label",O),U&&String(U)!==g&&j({x:U[0],y:U[1],shown:!0}),g=String(U),B()},ring(b,E){D[b]!==E&&(D[b]=E,H())},setMade(b){T=b,H()},destroy(){I.cancel(),V.cancel(),N.cancel(),H.cancel(),r.destroy(),l?.destroy()}}}function Vt(o){let t=new OffscreenCanvas(1,1).getContext("2d");return t?(t.fillStyle="#888888",t.fillStyle=o,t.fillRect(0,0,1,1),Array.from(t.getImageData(0,0,1,1).data.subarray(0,3),e=>e/255)):[.5,.5,.5]}var de=24,fe=200,ue=30;function me(o,t){let e=jt({onCursor:()=>L(),onLeave:()=>d.hover(-1),onSelect:P,onRegion:(w,A)=>I(vt(c,w).filter(y),A),onClear:()=>I(new Uint32Array(0),"new")}),n=Dt(),r=Rt(()=>{e.setPalette(r.palette()),L()}),a=v("div",{class:"map-side"},e.element,r.element);o.append(v("div",{class:"layout"},a,n.element));let s,c=new Float32Array(0),h=new Uint16Array(0),m=null,i=null,u=new Y(c),p=new J(0),f=0,M="",S="",l=pe(),d=Ut({hover:({position:w})=>g(w),selection:({positions:w})=>F(w,"new"),place:w=>e.setMade(s.drop?It(s.drop,w):null),unplace:()=>e.setMade(null)}),y=w=>r.shows(h[w]),x=St((w,A)=>{let C=`Decoded at (${ut(A[0],e.unit)}, ${ut(A[1],e.unit)})`;n.showDecoded(w,i?kt(h.length):C)});function k({index:w,distance:A},C,R){x.shape&&x.decode(i?Et(i,u,[C,R],y):Float32Array.of(C,R)),n.showItem(w,w<0?"":T(w,A))}function T(w,A){let{item_word:C,item_kind:R,names:j,label_names:B,titles:b}=s.points,E=m?B[m[w]]:j[h[w]],O=[b[w],E,`at distance ${it(A)}`].filter(Boolean);return`Nearest ${R} ${C}: ${O.join(", ")}`}let L=X(()=>{let{x:w,y:A,shown:C}=e.cursor,R=u.nearest(w,A,y);e.ring("nearest",R.index),e.ring("linked",-1),C&&d.hover(R.index),k(R,w,A)});function g(w){let A=w>=0&&w<h.length;e.ring("linked",A?w:-1),A&&k({index:w,distance:0},c[2*w],c[2*w+1])}let D=K(w=>t("selected",w),fe),_=K(()=>{t("chosen",{points:s.points.places.digest,n:h.length,bits:p.bits(),stamp:f})},ue);function P(w,A){let C=u.nearest(w,A,y),R=C.index>=0&&C.distance<=de*e.unit;e.ring("selected",R?C.index:-1),D({points:s.points.places.digest,index:R?C.index:null,code:[w,A]})}function F(w,A){p.change(w,A),e.setChosen(p.positions())}function I(w,A){F(w,A),f=Math.max(Date.now(),f+1),d.publish("selection",{positions:p.positions()}),_()}let N=wt(o,()=>{e.resize(),n.fit(e.height)});function V(w){let A=l("places",w.places),C=l("groups",w.groups);return l("labels",w.labels)&&(m=w.labels?.read()??null),(A||C)&&(h=w.groups?.read()??new Uint16Array(w.places.shape[0])),A?(c=w.places.read(),u=new Y(c),p=new J(h.length),[f,M]=[0,""],e.setChosen(null),e.setPoints(c,h)):C&&e.setGroups(h),A||C}function H({underlay:w,contours:A}){l("underlay",w)&&e.setUnderlay(w),l("contours",A)&&e.setContours(A.length?new st(A):null)}function ct(){let{chosen:w,answers:A}=s.selection;if(!w||f&&A!==f)return;let C=`${w.digest}|${f}`;C!==M&&(M=C,F(w.read(),"new"))}return{update(w){s=w;let{decoding:A,selection:C}=s;e.prepare(s.plain_canvas);let R=V(s.points);l("codes",A.codes)&&(i=A.codes&&{values:A.codes.read(),size:A.codes.shape[1]}),H(s.layers);let j=x.update(A.decoder),B=JSON.stringify({...s,selection:{...C,chosen:null,answers:0}});(B!==S||j)&&(S=B,r.describe(s.points,R),e.setPalette(r.palette()),e.describe(s),n.describe(s,x.shape),n.fit(e.height),d.join(s.link),C.ringed!==null&&e.ring("selected",C.ringed)),l("hits",[C.hits,s.points.places])&&e.setHits(C.hits?.read()??new Uint32Array(0)),ct(),e.redraw(),L()},destroy(){L.cancel(),D.cancel(),_.cancel(),d.join(""),N(),x.destroy(),n.destroy(),e.destroy()}}}function pe(){let o=new Map;return(t,e)=>{let n=JSON.stringify(e),r=o.get(t)!==n;return o.set(t,n),r}}var wn=xt(me,Ft);export{wn as default};
