import{a as dt}from"../explorer.shared/shared-SYKAXJJT.js";import{a as gt}from"../explorer.shared/shared-YJWFDHIC.js";import{a as mt,c as pt}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as tt,c as at}from"../explorer.shared/shared-TK5MQQWK.js";import{a as X,b as j}from"../explorer.shared/shared-ZVNYXL66.js";import{b as bt}from"../explorer.shared/shared-TJKQGCKI.js";import"../explorer.shared/shared-T5MM5QQF.js";import{b as v,c as G,d as Q,f as H,g as ft,h as ut}from"../explorer.shared/shared-5WLLZCO3.js";var et=class{constructor(t){let e=t.length/2;this.points=t;let n=z(t);this.left=n.left,this.bottom=n.bottom,this.side=Math.max(1,Math.min(512,Math.ceil(Math.sqrt(e/2)))),this.cellWidth=(n.right-n.left)/this.side||1,this.cellHeight=(n.top-n.bottom)/this.side||1;let s=new Uint32Array(e);this.starts=new Uint32Array(this.side*this.side+1);for(let a=0;a<e;a++)s[a]=this.row(t[2*a+1])*this.side+this.column(t[2*a]),this.starts[s[a]+1]++;for(let a=0;a<this.side*this.side;a++)this.starts[a+1]+=this.starts[a];let r=this.starts.slice();this.items=new Uint32Array(e);for(let a=0;a<e;a++)this.items[r[s[a]]++]=a}column(t){return Math.max(0,Math.min(this.side-1,Math.floor((t-this.left)/this.cellWidth)))}row(t){return Math.max(0,Math.min(this.side-1,Math.floor((t-this.bottom)/this.cellHeight)))}nearest(t,e,n){return this.nearestFew(t,e,1,n)[0]??{index:-1,distance:1/0}}nearestFew(t,e,n,s){let r=this.column(t),a=this.row(e),l=Math.min(this.cellWidth,this.cellHeight),c=[],f=1/0;for(let i=0;i<this.side&&!(((i-1)*l)**2>f);i++)for(let d=a-i;d<=a+i;d++){if(d<0||d>=this.side)continue;let u=d===a-i||d===a+i;for(let m=r-i;m<=r+i;m+=u||i===0?1:2*i){if(m<0||m>=this.side)continue;let A=d*this.side+m;for(let S=this.starts[A];S<this.starts[A+1];S++){let h=this.items[S],p=(this.points[2*h]-t)**2+(this.points[2*h+1]-e)**2;if(p>=f||!s(h))continue;c.length===n&&c.pop();let w=c.length;for(;w&&c[w-1].square>p;)w--;c.splice(w,0,{index:h,square:p}),c.length===n&&(f=c[n-1].square)}}}return c.map(({index:i,square:d})=>({index:i,distance:Math.sqrt(d)}))}};function z(o){let[t,e,n,s]=[1/0,-1/0,1/0,-1/0];for(let r=0;r<o.length;r+=2)t=Math.min(t,o[r]),e=Math.max(e,o[r]),n=Math.min(n,o[r+1]),s=Math.max(s,o[r+1]);return t<=e?{left:t,right:e,bottom:n,top:s}:{left:-1,right:1,bottom:-1,top:1}}var lt=512;function yt(o,t){let e=z(t.flat()),n=e.top-e.bottom;if(t.length<3||!(n>0))return new Uint32Array(0);let s=c=>Math.min(lt-1,Math.floor((c-e.bottom)/n*lt)),r=Array.from({length:lt},()=>[]);t.forEach(([c,f],i)=>{let[d,u]=t[(i+1)%t.length];if(f===u)return;let m=s(Math.max(f,u));for(let A=s(Math.min(f,u));A<=m;A++)r[A].push({x1:c,y1:f,y2:u,slope:(d-c)/(u-f)})});let a=new Uint32Array(o.length/2),l=0;for(let c=0;c<a.length;c++){let[f,i]=[o[2*c],o[2*c+1]];if(f<e.left||f>e.right||i<e.bottom||i>e.top)continue;let d=!1;for(let{x1:u,y1:m,y2:A,slope:S}of r[s(i)])m>i!=A>i&&f<u+(i-m)*S&&(d=!d);d&&(a[l++]=c)}return a.slice(0,l)}var Y=class{constructor(t){this.flags=new Uint8Array(t),this.count=0}change(t,e){e==="new"&&(this.flags.fill(0),this.count=0);let n=e==="remove"?0:1;for(let s of t)s>=this.flags.length||(this.count+=n-this.flags[s],this.flags[s]=n)}positions(){let t=new Uint32Array(this.count);for(let e=0,n=0;n<this.count;e++)this.flags[e]&&(t[n++]=e);return t}bits(){let t=new Uint8Array(Math.ceil(this.flags.length/8));for(let e=0;e<this.flags.length;e++)t[e>>3]|=this.flags[e]<<(e&7);return Array.from(t,e=>e.toString(16).padStart(2,"0")).join("")}};var nt=16,wt=40,Nt=200;function Mt(){let o=gt("Decoded from the cursor position"),t=v("div",{class:"caption"}),e=v("figure",{class:"wide",hidden:!0},o.element,t),n=xt("Nearest real item"),s=xt("Its reconstruction");s.caption.textContent="Its reconstruction";let r=v("dl",{class:"details"}),a=v("div",{class:"only-read","aria-live":"polite"}),l=v("div",{class:"inspector"},e,n.element,s.element,r,a),c=j(u=>{a.textContent=u},500),f=[],i=new Float32Array(0),d=0;return{element:l,prepare(u,m){e.hidden=!m,m&&o.prepare(m,u.features),n.prepare(u.sprites,!0),n.call(`Nearest ${u.item_kind} item`),s.prepare(u.reconstructions,!1),n.element.classList.toggle("wide",!u.reconstructions),f=u.details.map(({name:A,unit:S})=>({unit:S,value:v("dd",{class:"number"}),name:v("dt",{},A)})),r.hidden=!f.length,r.replaceChildren(...f.map(({name:A,value:S})=>v("div",{},A,S)))},loadItems:(u,m)=>n.load(u,m),loadReconstructions:(u,m)=>s.load(u,m),setDetails(u,m){i=u,d=m},showDecoded(u,m){o.show(u),t.textContent=m},showItem(u,m){n.draw(u),s.draw(u),n.caption.textContent=m,f.forEach(({value:S,unit:h},p)=>{let w=u<0?NaN:i[p*d+u];S.textContent=Number.isFinite(w)?`${tt(w)} ${h}`.trim():"\u2013"});let A=f.map(({name:S,value:h})=>`${S.textContent} ${h.textContent}`);c([t.textContent,m,...A].filter(Boolean).join(". "))},fit(u){let m=l.clientWidth;if(!m)return;let A=[e,n.element,s.element].filter(x=>!x.hidden).length,S=s.element.hidden?m:(m-nt)/2;if(getComputedStyle(l).display==="flex"){let x=Math.min(Nt,(m-nt*(A-1))/A);for(let C of[o,n,s])C.fit(x-2);return}let h=u-r.clientHeight-nt-wt,p=(h-nt-wt)/2;o.fit(Math.min(m,p)-2);let w=Math.min(S,e.hidden?h:p)-2;n.fit(w),s.fit(w)},destroy(){c.cancel(),n.destroy(),s.destroy()}}}function xt(o){let t=v("canvas",{class:"picture",role:"img","aria-label":o}),e=v("div",{class:"caption"}),n=v("figure",{},t,e),s=null,r=null,a=0,l=-1;return{element:n,caption:e,call:c=>t.setAttribute("aria-label",c),prepare(c,f){r=c,l=-1,t.hidden=!r,n.hidden=!r&&!f},async load(c,f){let i=++a;if(s?.close(),s=null,l=-1,!c)return;let d=await createImageBitmap(new Blob([c],{type:"image/png"}));if(i!==a){d.close();return}s=d,f()},draw(c){if(!s||!r||c<0||c===l)return;l=c;let{columns:f,width:i,height:d}=r;(t.width!==i||t.height!==d)&&([t.width,t.height]=[i,d]);let u=t.getContext("2d");u.clearRect(0,0,i,d);let[m,A]=[c%f*i,Math.floor(c/f)*d];u.drawImage(s,m,A,i,d,0,0,i,d)},fit(c){r&&pt(t,r.width,r.height,c)},destroy(){a++,s?.close()}}}var $t=2e3,At=12;function ct(o,t){let e=o.width/t.width,n=o.getContext("2d");n.setTransform(e,0,0,e,0,0),n.clearRect(0,0,t.width,t.height),n.font=`12px ${H(o,"font")||"sans-serif"}`;let s=H(o,"text-color")||"#333",r=H(o,"background-color")||"#fff";return{context:n,view:t,text:s,background:r,accent:H(o,"primary-color")||s}}function St(){let o=v("img",{class:"underlay",alt:"","aria-hidden":"true",hidden:!0,draggable:"false"}),t=mt(o),e=null,n=null;o.addEventListener("load",()=>n&&s(n));function s(r){n=r;let{naturalWidth:a,naturalHeight:l}=o;if(!e||!a)return;let[c,f]=r.toScreen(e[0],e[3]),[i,d]=r.toScreen(e[2],e[1]);o.style.transform=`translate(${c}px, ${f}px) scale(${(i-c)/a}, ${(d-f)/l})`}return{element:o,show(r,a){e=a,o.hidden=!e,t.show(r)},place:s,destroy:t.destroy}}var ot=class{constructor(t,e){let n=0;this.levels=t.map(({label:s,dashed:r,lengths:a})=>{let l=new Path2D,c=[],f=Math.max(0,...a);for(let i of a){let d=e.subarray(2*n,2*(n+i));n+=i;for(let u=0;u<i;u++)u?l.lineTo(d[2*u],d[2*u+1]):l.moveTo(d[0],d[1]);if(i===f&&!c.length)for(let u=0;u<At;u++){let m=Math.floor((u+.5)*i/At);c.push([d[2*m],d[2*m+1]])}}return{name:s,dashed:r,path:l,anchors:c}})}draw({context:t,view:e,text:n,background:s}){let r=1/e.unit;t.save(),t.translate(e.width/2-e.x*r,e.height/2+e.y*r),t.scale(r,-r),t.lineJoin="round";for(let[a,l,c]of[[s,.55,3],[n,.75,1]]){t.strokeStyle=a,t.globalAlpha=l,t.lineWidth=c*e.unit;for(let{path:f,dashed:i}of this.levels)t.setLineDash(i?[6*e.unit,4*e.unit]:[]),t.stroke(f)}t.restore(),this.drawNames({context:t,view:e,text:n,background:s})}drawNames({context:t,view:e,text:n,background:s}){let r=[];for(let{name:a,anchors:l}of this.levels){let c=t.measureText(a).width/2+4,f=([d,u])=>d>c+24&&d<e.width-c-24&&u>44&&u<e.height-40&&r.every(m=>Math.abs(m.x-d)>c+m.half||Math.abs(m.y-u)>16),i=a&&l.map(([d,u])=>e.toScreen(d,u)).find(f);i&&(r.push({x:i[0],y:i[1],half:c}),K(t,n,s,a,...i,"center","middle"))}}};function Et({context:o,view:t,text:e,background:n},s){let[r,a]=t.toData(0,0),[l,c]=t.toData(t.width,t.height);o.globalAlpha=.75;for(let f of at(r,l,t.width/70)){let[i]=t.toScreen(f.at,0);i<30||i>t.width-60||(Z(o,e,.4,[i,t.height-5],[i,t.height]),K(o,e,n,f.text,i,t.height-8,"center","bottom"))}for(let f of at(c,a,t.height/70)){let[,i]=t.toScreen(0,f.at);i<36||i>t.height-30||(Z(o,e,.4,[0,i],[5,i]),K(o,e,n,f.text,9,i,"left","middle"))}K(o,e,n,s[0],t.width-9,t.height-8,"right","bottom"),K(o,e,n,s[1],9,9,"left","top"),o.globalAlpha=1}function vt({context:o,view:t,text:e,background:n},s,r){let[a,l]=t.toScreen(s.x,s.y);if(r){let[c,f]=t.toScreen(...r);Z(o,e,.5,[a,l],[c,f]),Ct(o,e,n,c,f,6,1.5)}Z(o,e,.9,[a-7,l],[a+7,l]),Z(o,e,.9,[a,l-7],[a,l+7])}function it({context:o,view:t,background:e},n,s,r,a){for(let[l,c]of[[e,a+2.5],[s,a]]){o.beginPath();let f=0;for(let[i,d]of n){if(!t.sees(i,d))continue;if(++f>$t)break;let[u,m]=t.toScreen(i,d);o.moveTo(u+r,m),o.arc(u,m,r,0,2*Math.PI)}o.strokeStyle=l,o.lineWidth=c,o.stroke()}}function ht({context:o,view:t,text:e,background:n},s){let[r,a]=t.toScreen(s.x,s.y);if(s.ellipse){let[l,c,f]=s.ellipse;for(let i of[1,2])for(let[d,u]of[[n,3.5],[e,1.5]])o.beginPath(),o.ellipse(r,a,i*l/t.unit,i*c/t.unit,-f,0,2*Math.PI),o.setLineDash(i===2&&d===e?[5,4]:[]),o.strokeStyle=d,o.lineWidth=u,o.stroke();o.setLineDash([])}Ct(o,e,n,r,a,8,2),K(o,e,n,s.label,r+13,a,"left","middle")}function kt({origin:o,matrix:t},{code:e,std:n,label:s}){if(e.length!==o.length)return null;let[r,a,l,c,f]=[0,0,0,0,0];if(t.forEach(([m,A],S)=>{r+=(e[S]-o[S])*m,a+=(e[S]-o[S])*A;let h=n?n[S]**2:0;l+=h*m*m,c+=h*m*A,f+=h*A*A}),!Number.isFinite(r+a+l+c+f))return null;let i=(l+f)/2,d=Math.hypot((l-f)/2,c),u=[Math.sqrt(i+d),Math.sqrt(Math.max(0,i-d))];return{x:r,y:a,label:s,ellipse:n?[...u,Math.atan2(2*c,l-f)/2]:null}}function Z(o,t,e,n,s){let r=o.globalAlpha;o.globalAlpha=e,o.strokeStyle=t,o.lineWidth=1,o.beginPath(),o.moveTo(...n),o.lineTo(...s),o.stroke(),o.globalAlpha=r}function Ct(o,t,e,n,s,r,a){for(let[l,c]of[[e,a+2.5],[t,a]])o.beginPath(),o.arc(n,s,r,0,2*Math.PI),o.strokeStyle=l,o.lineWidth=c,o.stroke()}function K(o,t,e,n,s,r,a,l){o.textAlign=a,o.textBaseline=l,o.lineWidth=3,o.lineJoin="round",o.strokeStyle=e,o.fillStyle=t;let c=o.globalAlpha;o.globalAlpha=1,o.strokeText(n,s,r),o.globalAlpha=c,o.fillText(n,s,r)}function Tt(o){let t=v("div",{class:"legend",role:"group","aria-label":"Classes shown"}),e=[],n=[];function s(){[...t.children].forEach((a,l)=>a.setAttribute("aria-pressed",String(e[l])))}function r(a,l){l?e=e.map((c,f)=>f===a):e[a]=!e[a],e.some(Boolean)||e.fill(!0),s(),o()}return{element:t,shows:a=>e[a],describe({names:a,palette:l},c){n=l,(c||e.length!==a.length)&&(e=a.map(()=>!0)),t.hidden=a.length<2,t.replaceChildren(...a.map((f,i)=>v("button",{type:"button",class:"class",title:`Click: show or hide ${f}. Double click: only ${f}`,click:d=>r(i,d.detail>=2||d.shiftKey)},v("span",{class:"dot",style:`background: ${n[i%n.length]}`}),f))),s()},palette(){let a=new Uint8Array(4*e.length);return e.forEach((l,c)=>{let f=parseInt(n[c%n.length].slice(1),16);a.set([f>>16,f>>8&255,f&255,l?216:0],4*c)}),a}}}function Dt(o){let t="",e=null,n=()=>{},s=-1;return{join(r){r!==t&&(t=r,n(),e=t?dt(t):null,n=e?e.subscribe((a,l)=>o[a](l)):()=>{})},publish:(r,a)=>e?.publish(r,a),hover(r){r!==s&&(s=r,e?.publish("hover",{position:r}))}}}var Lt=`.live .layout {
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
`;function Rt(o,t,{view:e,cursor:n,tools:s,moveCursor:r,zoomAt:a,pan:l,reset:c,select:f,leave:i}){let d=new Map,u=0,m=h=>{let p=t.getBoundingClientRect();return[h.clientX-p.left,h.clientY-p.top]};t.addEventListener("pointerdown",h=>{h.button>0||(t.setPointerCapture(h.pointerId),d.size||(u=0),d.set(h.pointerId,m(h)),d.size>1?s.cancel():s.active?s.begin(e.toData(...m(h))):h.pointerType!=="mouse"&&r(...e.toData(...m(h))))}),t.addEventListener("pointermove",h=>{let p=m(h),w=d.get(h.pointerId);if(!w){s.drawing||r(...e.toData(...p));return}d.set(h.pointerId,p);let[x,C]=[p[0]-w[0],p[1]-w[1]];if(u+=Math.hypot(x,C),d.size===2){let D=[...d].find(([y])=>y!==h.pointerId)[1],I=y=>Math.max(1,Math.hypot(y[0]-D[0],y[1]-D[1]));a((p[0]+D[0])/2,(p[1]+D[1])/2,I(w)/I(p)),l(x/2,C/2)}else if(s.drawing){let D=h.getCoalescedEvents?.()??[];for(let I of D.length?D:[h])s.extend(e.toData(...m(I)),e.unit)}else h.pointerType==="mouse"?u>4&&!s.active&&l(x,C):s.active||r(...e.toData(...p))});let A=h=>{if(!d.delete(h.pointerId)||d.size)return;let p=h.type==="pointerup";p&&u<=4?(s.cancel(),f(...e.toData(...m(h)))):p&&s.drawing?s.finish(h):s.cancel()};t.addEventListener("pointerup",A),t.addEventListener("pointercancel",A),t.addEventListener("pointerleave",h=>h.pointerType==="mouse"&&i()),t.addEventListener("blur",i),t.addEventListener("dblclick",c),t.addEventListener("wheel",h=>{h.preventDefault();let p=h.deltaMode===1?16:1;a(...m(h),Math.exp(.0015*p*h.deltaY))},{passive:!1}),o.addEventListener("keydown",h=>{s.key(h)&&h.preventDefault()}),t.addEventListener("keydown",h=>{let p=(h.shiftKey?50:10)*e.unit,w={ArrowLeft:[-p,0],ArrowRight:[p,0],ArrowUp:[0,p],ArrowDown:[0,-p]};if(h.key in w){let[x,C]=w[h.key];s.follow([n.x+x,n.y+C]),r(n.x+x,n.y+C),S()}else if(h.key==="+"||h.key==="=")a(...e.toScreen(n.x,n.y),.8);else if(h.key==="-")a(...e.toScreen(n.x,n.y),1.25);else if(h.key==="0")c();else if(h.key==="Enter"&&s.active)s.corner([n.x,n.y],h);else if(h.key==="Enter")f(n.x,n.y);else return;h.preventDefault()});function S(){let[h,p]=e.toScreen(n.x,n.y),w=(D,I)=>Math.max(0,D-I+20)+Math.min(0,D-20),[x,C]=[w(h,e.width),w(p,e.height)];(x||C)&&l(-x,-C)}}var zt=`#version 300 es
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
  }`,Wt=`#version 300 es
  precision mediump float;
  in vec4 colour;
  uniform highp float size;
  out vec4 fragment;
  void main() {
    float distance = length(gl_PointCoord - 0.5) * size;
    float cover = size < 3.0 ? 1.0 : clamp(size * 0.5 - distance + 0.5, 0.0, 1.0);
    fragment = vec4(colour.rgb, 1.0) * colour.a * cover;
  }`;function It(o,t){let e=t?null:o.getContext("webgl2",{antialias:!1,premultipliedAlpha:!0});return e?Ht(o,e):jt(o)}var Ot=1.25;function Ht(o,t){let e={values:new Float32Array(0),array:null,buffer:null},n={values:new Float32Array(0),array:null,buffer:null},s=null,r=null,a=null;function l(p,w){let x=t.createShader(p);return t.shaderSource(x,w),t.compileShader(x),x}function c(){let p=t.createProgram();if(t.attachShader(p,l(t.VERTEX_SHADER,zt)),t.attachShader(p,l(t.FRAGMENT_SHADER,Wt)),t.linkProgram(p),!t.getProgramParameter(p,t.LINK_STATUS)&&!t.isContextLost())throw new Error(`The map's shaders do not link: ${t.getProgramInfoLog(p)}`);t.useProgram(p),r=Object.fromEntries(["centre","scale","size","fade"].map(x=>[x,t.getUniformLocation(p,x)])),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA);for(let x of[e,n])x.array=t.createVertexArray(),x.buffer=t.createBuffer(),t.bindVertexArray(x.array),t.bindBuffer(t.ARRAY_BUFFER,x.buffer),t.enableVertexAttribArray(0),t.vertexAttribPointer(0,2,t.FLOAT,!1,12,0),t.enableVertexAttribArray(1),t.vertexAttribPointer(1,1,t.FLOAT,!1,12,8);t.bindTexture(t.TEXTURE_2D,t.createTexture()),t.texParameteri(t.TEXTURE_2D,t.TEXTURE_MIN_FILTER,t.NEAREST),t.texParameteri(t.TEXTURE_2D,t.TEXTURE_MAG_FILTER,t.NEAREST)}function f(p){t.bindBuffer(t.ARRAY_BUFFER,p.buffer),t.bufferData(t.ARRAY_BUFFER,p.values,t.STATIC_DRAW)}function i(){s&&t.texImage2D(t.TEXTURE_2D,0,t.RGBA,s.length/4,1,0,t.RGBA,t.UNSIGNED_BYTE,s)}let d=p=>p.preventDefault(),u=()=>{c(),f(e),f(n),i(),a&&A(...a)};o.addEventListener("webglcontextlost",d),o.addEventListener("webglcontextrestored",u),c();function m({array:p,values:w},x,C){w.length&&(t.bindVertexArray(p),t.uniform1f(r.size,x),t.uniform4f(r.fade,...C),t.drawArrays(t.POINTS,0,w.length/3))}function A(p,w,x){a=[p,w,x];let C=o.width/p.width;t.viewport(0,0,o.width,o.height),t.clearColor(0,0,0,0),t.clear(t.COLOR_BUFFER_BIT),t.uniform2f(r.centre,p.x,p.y),t.uniform2f(r.scale,2/(p.width*p.unit),2/(p.height*p.unit));let D=n.values.length>0;m(e,w*C,D&&x?x:[0,0,0,0]),m(n,Ot*w*C,[0,0,0,0])}let S=null;function h(p){S=p,n.values=new Float32Array(3*(S?.length??0));for(let w=0;w<n.values.length;w++)n.values[w]=e.values[3*S[Math.floor(w/3)]+w%3];f(n)}return{kind:"webgl2",setPoints(p,w){e.values=new Float32Array(3*w.length);for(let x=0;x<w.length;x++)e.values[3*x]=p[2*x],e.values[3*x+1]=p[2*x+1],e.values[3*x+2]=w[x];f(e),h(S)},setPalette(p){s=p,i()},setChosen:h,draw:A,finish(){t.readPixels(0,0,1,1,t.RGBA,t.UNSIGNED_BYTE,new Uint8Array(4))},destroy(){o.removeEventListener("webglcontextlost",d),o.removeEventListener("webglcontextrestored",u),t.getExtension("WEBGL_lose_context")?.loseContext()}}}function jt(o){let t=o.getContext("2d"),e=new Float32Array(0),n=[],s=[],r=[],a=null,l=new Uint8Array(0),c=d=>Uint32Array.from(d).sort((u,m)=>n[u]-n[m]);function f(d){a=d,r=c(a??[])}function i(d,u,m,A){let S=o.width/u.width,h=-1;for(let p of d){if(n[p]!==h){h=n[p];let C=[0,1,2].map(D=>l[4*h+D]+A[3]*(255*A[D]-l[4*h+D]));t.fillStyle=`rgba(${C.map(Math.round)}, ${l[4*h+3]/255})`}if(!l[4*h+3])continue;let w=((e[2*p]-u.x)/u.unit+u.width/2)*S,x=(u.height/2-(e[2*p+1]-u.y)/u.unit)*S;w>-m&&x>-m&&w<o.width+m&&x<o.height+m&&t.fillRect(w-m/2,x-m/2,m,m)}}return{kind:"canvas",setPoints(d,u){e=d,n=u,s=c(n.keys()),f(a)},setChosen:f,setPalette(d){l=d},draw(d,u,m){let A=Math.max(1,u*o.width/d.width);t.clearRect(0,0,o.width,o.height),i(s,d,A,r.length&&m?m:[0,0,0,0]),i(r,d,Ot*A,[0,0,0,0])},finish(){t.getImageData(0,0,1,1)},destroy(){}}}var Vt=2,Gt={move:"M8 2v12M2 8h12M6.4 3.6 8 2l1.6 1.6M6.4 12.4 8 14l1.6-1.6M3.6 6.4 2 8l1.6 1.6M12.4 6.4 14 8l-1.6 1.6",lasso:"M6 11.3C3.7 10.8 2.2 9.2 2.2 7.2 2.2 4.7 4.8 2.8 8 2.8s5.8 1.9 5.8 4.4-2.6 4.4-5.8 4.4M6 11.3a1.3 1.3 0 1 1-1.5 1.9c1 .2 1.6-.6 1.5-1.9",box:"M3 3h2.5M7 3h2M10.5 3H13v2.5M13 7v2M13 10.5V13h-2.5M9 13H7M5.5 13H3v-2.5M3 9V7M3 5.5V3",add:"M2.5 2.5h7.5v7.5h-7.5zM12 9.5v5M9.5 12h5",remove:"M2.5 2.5h7.5v7.5h-7.5zM9.5 12h5",clear:"M4 4l8 8M12 4l-8 8"},Xt={l:"lasso",b:"box",m:"move"};function Pt({onChange:o,onRegion:t,onClear:e}){let n="move",s="new",r=null,a=null,l=0,c=(y,T,R)=>v("button",{type:"button",class:"plain",title:T,"aria-label":T,click:R},G(Gt[y])),f={move:c("move","Move (M)",()=>h("move")),lasso:c("lasso","Lasso (L)",()=>h("lasso")),box:c("box","Box (B)",()=>h("box"))},i={add:c("add","Add to the selection (or hold Shift)",()=>p("add")),remove:c("remove","Remove from the selection (or hold Alt)",()=>p("remove"))},d=c("clear","Clear the selection (Esc)",()=>w()),u=v("span",{class:"count",role:"status"}),m=v("span",{class:"tool-group"},i.add,i.remove),A=v("div",{class:"tool-group",role:"group","aria-label":"Selection"},u,...Object.values(f),m,d),S=v("div",{class:"map-hint",hidden:!0});function h(y){C(),n=y===n?"move":y,S.hidden=n==="move",n==="move"&&(s="new"),x()}function p(y){s=y===s?"new":y,x()}function w(){C(),l&&e()}function x(){for(let[R,O]of Object.entries(f))O.setAttribute("aria-pressed",String(R===n));for(let[R,O]of Object.entries(i))O.setAttribute("aria-pressed",String(R===s));m.hidden=n==="move",d.hidden=!l,u.textContent=l?`${l.toLocaleString("en-US")} selected`:"";let y=window.matchMedia("(pointer: coarse)").matches,T=n==="box"?"Drag a box over points":"Draw around points";S.textContent=y?`${T}. Two fingers move the map.`:`${T}. Shift adds, Alt removes, Esc clears.`,o()}function C(){r&&(r=a=null,o())}function D(){if(n==="lasso")return[...r,a];let[[y,T],[R,O]]=[r[0],a];return[[y,T],[R,T],[R,O],[y,O]]}let I={element:A,hint:S,get active(){return n!=="move"},get drawing(){return r!==null},offer(y){A.hidden=!y,!y&&n!=="move"?h("move"):x()},counts(y){l=y,x()},begin(y){r=[y],a=y,o()},extend(y,T){let[R,O]=r.at(-1);n==="lasso"&&Math.hypot(y[0]-R,y[1]-O)>=Vt*T&&r.push(y),a=y,o()},cancel:C,finish({shiftKey:y=!1,altKey:T=!1}={}){let R=D();C(),S.hidden=!0,R.length>2&&t(R,T?"remove":y?"add":s)},corner(y,T){r?n==="box"||String(y)===String(r.at(-1))?(a=y,I.finish(T)):(r.push(y),a=y,o()):I.begin(y)},follow(y){r&&(a=y)},key(y){if(A.hidden||y.ctrlKey||y.metaKey)return!1;let T=Xt[y.key.toLowerCase()];if(T)h(T);else{if(y.key!=="Escape")return!1;r?C():l?w():h("move")}return!0},draw({context:y,view:T,text:R,accent:O}){if(!r)return;let B=D().map(([U,_])=>T.toScreen(U,_));y.beginPath(),B.forEach(([U,_],V)=>V?y.lineTo(U,_):y.moveTo(U,_)),y.closePath(),y.globalAlpha=.12,y.fillStyle=O,y.fill("evenodd"),y.globalAlpha=.9,y.strokeStyle=R,y.lineWidth=1.25,y.setLineDash([5,4]),y.stroke(),y.setLineDash([]),y.globalAlpha=1}};return I}var Kt=.06,qt=500,Yt=4,st=class o{constructor(){[this.x,this.y,this.unit,this.width,this.height]=[0,0,1,0,0],this.bounds=z([]),this.moved=!1}toScreen(t,e){return[(t-this.x)/this.unit+this.width/2,this.height/2-(e-this.y)/this.unit]}toData(t,e){return[this.x+(t-this.width/2)*this.unit,this.y-(e-this.height/2)*this.unit]}sees(t,e){let[n,s]=this.toScreen(t,e);return n>=0&&s>=0&&n<=this.width&&s<=this.height}unitFor({left:t,right:e,bottom:n,top:s}){let r=1-2*Kt;return Math.max((e-t)/(this.width*r||1),(s-n)/(this.height*r||1))}get wholeUnit(){return this.unitFor(this.bounds)||1}showAll(){this.centre(this.bounds),this.unit=this.wholeUnit,this.moved=!1}moveTo(t){this.centre(t),this.unit=Math.max(this.unit,this.unitFor(t)),this.moved=!0}centre({left:t,right:e,bottom:n,top:s}){this.x=(t+e)/2,this.y=(n+s)/2}zoomAt(t,e,n){let[s,r]=this.toData(t,e),a=this.wholeUnit;this.unit=Math.min(a*Yt,Math.max(a/qt,this.unit*n)),this.x=s-(t-this.width/2)*this.unit,this.y=r+(e-this.height/2)*this.unit,this.moved=!0}pan(t,e){this.x-=t*this.unit,this.y+=e*this.unit,this.moved=!0}shiftFrom(t){let e=t.unit/this.unit,n=(t.x-this.x)/this.unit,s=(this.y-t.y)/this.unit;return[n+(1-e)*this.width/2,s+(1-e)*this.height/2,e]}copy(){return Object.assign(new o,this)}};var Zt=4,Jt=100,Qt=.8,te=.15;function Ft(){let o=v("canvas",{class:"points","aria-hidden":"true"}),t=v("canvas",{class:"lines","aria-hidden":"true",hidden:!0}),e=v("canvas",{class:"overlay",tabindex:0,role:"application"}),n=St(),s=v("button",{type:"button",class:"plain",title:"Zoom in","aria-label":"Zoom in"},G(Q.plus)),r=v("button",{type:"button",class:"plain",title:"Zoom out","aria-label":"Zoom out"},G(Q.minus)),a=v("button",{type:"button",class:"plain",title:"Show all","aria-label":"Show all points"},G(Q.reset)),l=Pt({onChange:()=>$(),onRegion:(b,E)=>U.onRegion(b,E),onClear:()=>U.onClear()}),c=v("div",{class:"map-tools"},l.element,v("span",{class:"tool-group"},s,r,a)),f=v("div",{class:"map"},n.element,o,t,e,l.hint,c),i=new st,d={x:0,y:0,shown:!1},u=new Float32Array(0),m=null,A=null,S=null,h=null,p=null,w=null,x=["",""],C=[],D=null,I=[],y="",T={nearest:-1,linked:-1,selected:-1},R=i.copy(),O=null,B=b=>[u[2*b],u[2*b+1]],U={element:f,cursor:d,onCursor:()=>{},onLeave:()=>{},onSelect:()=>{},onRegion:()=>{},onClear:()=>{},get unit(){return i.unit},get height(){return i.height},prepare(b){if(!(h&&b===p)){if(p=b,O=null,h){h.destroy();let E=v("canvas",{class:"points","aria-hidden":"true"});o.replaceWith(E),o=E}h=It(o,b),f.dataset.renderer=h.kind,m&&h.setPoints(u,m),A&&h.setPalette(A),h.setChosen(S),U.resize()}},setPoints(b,E){u=b,U.setGroups(E),Object.assign(T,{nearest:-1,linked:-1,selected:-1}),I=[],y="",O=null,i.bounds=z(u),k(),Object.assign(d,{x:i.x,y:i.y,shown:!1})},setGroups(b){m=b,h.setPoints(u,m),_()},setPalette(b){A=b,h.setPalette(b),_()},setChosen(b){S=b?.length?b:null,h.setChosen(S),l.counts(S?S.length:0),_()},setFound(b){I=Array.from(b,E=>B(E)),I.length&&i.width&&!I.some(E=>i.sees(...E))?(i.moveTo(z(I.flat())),_()):$()},setUnderlay(b,E){n.show(b,E),n.place(i)},setContours(b){w=b,t.hidden=!w,_()},describe({axes:b,marks:E,label:L,cursor:F,tools:N,height:W}){x=b,C=E,l.offer(N),f.style.height=W?`${W}px`:"",f.classList.toggle("fixed",!!W),e.setAttribute("aria-label",L),F&&String(F)!==y&&Object.assign(d,{x:F[0],y:F[1],shown:!0}),y=String(F),U.resize()},ring(b,E){T[b]!==E&&(T[b]=E,$())},setMade(b){D=b,$()},resize(){let{clientWidth:b,clientHeight:E}=f,L=window.devicePixelRatio||1,F=[Math.round(b*L),Math.round(E*L)];if(!(!b||!E)&&!(i.width===b&&i.height===E&&o.width===F[0]&&o.height===F[1])){Object.assign(i,{width:b,height:E});for(let N of[o,t,e])[N.width,N.height]=F;i.moved||i.showAll(),_()}},redraw:()=>_(),drawOverlay:()=>$(),destroy(){_.cancel(),q.cancel(),V.cancel(),$.cancel(),n.destroy(),h?.destroy()}},_=X(()=>{if(!i.width||!m)return;let b=performance.now();h.draw(i,rt(),S&&g()),O===null&&(h.finish(),O=performance.now()-b>Zt),R=i.copy(),o.style.transform=t.style.transform="",n.place(i),w&&w.draw(ct(t,i)),M()}),V=j(_,Jt),q=X(()=>{let[b,E,L]=i.shiftFrom(R),[F,N]=[(R.x-i.x)/i.unit,(i.y-R.y)/i.unit],W=Math.abs(F)>i.width/3||Math.abs(N)>i.height/3||L>2||L<.7;if(!O||W){_();return}o.style.transform=t.style.transform=`translate(${b}px, ${E}px) scale(${L})`,n.place(i),M(),V()}),$=X(M);function rt(){let b=Math.sqrt(i.width*i.height/Math.max(1,m.length)),E=i.wholeUnit/i.unit;return Math.min(7,Math.max(1.5,Math.min(5,.35*b))*E**.35)}function g(){let[b,E]=["text-color","background-color"].map(L=>ee(H(f,L)));return[...E.map((L,F)=>L+te*(b[F]-L)),Qt]}function M(){if(!i.width)return;let b=ct(e,i);Et(b,x);let E=L=>L>=0?[B(L)]:[];it(b,I,b.accent,6.5,1.75),it(b,E(T.linked),b.text,9,2.5),d.shown&&!l.drawing&&vt(b,d,E(T.nearest)[0]),it(b,E(T.selected),b.accent,8,2.5);for(let L of C)L.label!==D?.label&&ht(b,L);D&&ht(b,D),l.draw(b)}function k(){i.showAll(),_()}let P=(...b)=>{i.zoomAt(...b),q()};return s.addEventListener("click",()=>P(i.width/2,i.height/2,1/1.5)),r.addEventListener("click",()=>P(i.width/2,i.height/2,1.5)),a.addEventListener("click",k),Rt(f,e,{view:i,cursor:d,tools:l,zoomAt:P,reset:k,pan(b,E){i.pan(b,E),q()},moveCursor(b,E){Object.assign(d,{x:b,y:E,shown:!0}),U.onCursor(),$()},select:(b,E)=>U.onSelect(b,E),leave:()=>U.onLeave()}),U}function ee(o){let t=new OffscreenCanvas(1,1).getContext("2d");return t.fillStyle="#888888",t.fillStyle=o,t.fillRect(0,0,1,1),Array.from(t.getImageData(0,0,1,1).data.subarray(0,3),e=>e/255)}var ne=24,_t=4,oe=["points","groups","labels","codes","sprites","reconstructions","details","underlay","contours","found"];function ie(o,t){let e=Ft(),n=Mt(),s=Tt(()=>{e.setPalette(s.palette()),y()});o.append(v("div",{class:"layout"},v("div",{class:"map-side"},e.element,s.element),n.element));let r={},a="",l=null,c=new Float32Array(0),f=new Uint16Array(0),i=null,d=null,u=null,m=new Y(0),A=0,S="",h=Dt({hover:({position:g})=>T(g),selection:({positions:g})=>B(g,"new"),place:g=>e.setMade(l.drop?kt(l.drop,g):null),unplace:()=>e.setMade(null)}),p=g=>s.shows(f[g]),w=bt((g,M)=>n.showDecoded(g,x(M)));function x(g){if(!d)return`Decoded at (${Ut(g[0],e.unit)}, ${Ut(g[1],e.unit)})`;let M=Math.min(_t,c.length/2);return M>1?`Decoded from the mean of the ${M} nearest codes`:"Decoded from the nearest code"}function C(g,M){if(!d)return Float32Array.of(g,M);let k=u.nearestFew(g,M,_t,p),P=l.code_size,b=new Float32Array(P),E=k[0].distance?k.map(({distance:F})=>1/F):[1],L=E.reduce((F,N)=>F+N,0);return E.forEach((F,N)=>{let W=k[N].index*P;for(let J=0;J<P;J++)b[J]+=F/L*d[W+J]}),b}function D({index:g,distance:M},k,P){w.shape&&w.decode(C(k,P)),n.showItem(g,g<0?"":I(g,M))}function I(g,M){let{item_word:k,item_kind:P}=l,b=i?l.label_names[i[g]]:l.names[f[g]];return`Nearest ${P} ${k}: ${b&&b!==k?`${b}, `:""}at distance ${tt(M)}`}let y=X(()=>{let{x:g,y:M}=e.cursor,k=u.nearest(g,M,p);e.ring("nearest",k.index),e.ring("linked",-1),e.cursor.shown&&h.hover(k.index),D(k,g,M)});function T(g){let M=g>=0&&g<f.length;e.ring("linked",M?g:-1),M&&D({index:g,distance:0},c[2*g],c[2*g+1])}let R=j(g=>t("selected",g),200),O=j(()=>{t("chosen",{points:r.points,n:f.length,bits:m.bits(),stamp:A})},30);e.onCursor=y,e.onLeave=()=>h.hover(-1),e.onSelect=(g,M)=>{let k=u.nearest(g,M,p),P=k.index>=0&&k.distance<=ne*e.unit;e.ring("selected",P?k.index:-1),R({points:r.points,index:P?k.index:null,code:[g,M]})},e.onRegion=(g,M)=>U(yt(c,g).filter(p),M),e.onClear=()=>U([],"new");function B(g,M){m.change(g,M),e.setChosen(m.positions())}function U(g,M){B(g,M),A=Math.max(Date.now(),A+1),h.publish("selection",{positions:m.positions()}),O()}let _=ft(o,()=>{e.resize(),n.fit(e.height)});function V(g,M){M("groups")&&(f=new Uint16Array(g.section("groups").buffer)),M("labels")&&(i=g.has("labels")?new Uint16Array(g.section("labels").buffer):null),M("points")?(c=new Float32Array(g.section("points").buffer),u=new et(c),m=new Y(f.length),[A,S]=[0,""],e.setChosen(null),e.setPoints(c,f)):M("groups")&&e.setGroups(f),M("codes")&&(d=g.has("codes")?new Float32Array(g.section("codes").buffer):null)}function q(g,M){let k=P=>g.has(P)?g.section(P):null;M("sprites")&&n.loadItems(k("sprites"),y),M("reconstructions")&&n.loadReconstructions(k("reconstructions"),y),M("details")&&n.setDetails(new Float32Array(k("details")?.buffer??0),f.length)}function $(g,M){if(M("underlay")&&e.setUnderlay(g.has("underlay")?g.section("underlay"):null,l.underlay),M("contours")){let k=g.has("contours")?new Float32Array(g.section("contours").buffer):null;e.setContours(k&&new ot(l.contours,k))}}function rt(g){if(!g.has("selection")||A&&l.chosen_stamp!==A)return;let M=`${g.digest("selection")}|${A}`;M!==S&&(S=M,B(new Uint32Array(g.section("selection").buffer),"new"))}return{update(g){l=g.header;let M=L=>g.digest(L)!==r[L],k=M("points")||M("groups"),P=M("points")||M("found");e.prepare(l.plain_canvas),V(g,M),q(g,M),$(g,M),r=Object.fromEntries(oe.map(L=>[L,g.digest(L)]));let b=w.update(g),E=JSON.stringify([{...l,chosen_stamp:0,sections:null},r]);(E!==a||b)&&(a=E,s.describe(l,k),e.setPalette(s.palette()),e.describe(l),n.prepare(l,w.shape),n.fit(e.height),h.join(l.link),l.selected!==null&&e.ring("selected",l.selected)),P&&e.setFound(new Uint32Array(g.has("found")?g.section("found").buffer:0)),rt(g),e.redraw(),y()},destroy(){y.cancel(),R.cancel(),O.cancel(),h.join(""),_(),w.destroy(),n.destroy(),e.destroy()}}}function Ut(o,t){let e=Math.min(6,Math.max(0,Math.ceil(-Math.log10(t)))),n=o.toFixed(e);return Number(n)?n.replace("-","\u2212"):n.replace("-","")}var Ze=ut(ie,Lt);export{Ze as default};
