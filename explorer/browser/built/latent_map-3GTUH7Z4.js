import{a as pt}from"../explorer.shared/shared-SYKAXJJT.js";import{a as wt}from"../explorer.shared/shared-KWJRFLBD.js";import{a as bt,c as yt}from"../explorer.shared/shared-3FMKFGUZ.js";import{a as Q,c as lt}from"../explorer.shared/shared-TK5MQQWK.js";import{a as X,b as j}from"../explorer.shared/shared-ZVNYXL66.js";import{b as xt}from"../explorer.shared/shared-VONEFBLK.js";import"../explorer.shared/shared-FPCYSUE7.js";import{b as k,c as G,d as J,f as H,g as mt,h as gt}from"../explorer.shared/shared-ZMNDSNWX.js";var tt=class{constructor(t){let e=t.length/2;this.points=t;let n=B(t);this.left=n.left,this.bottom=n.bottom,this.side=Math.max(1,Math.min(512,Math.ceil(Math.sqrt(e/2)))),this.cellWidth=(n.right-n.left)/this.side||1,this.cellHeight=(n.top-n.bottom)/this.side||1;let s=new Uint32Array(e);this.starts=new Uint32Array(this.side*this.side+1);for(let a=0;a<e;a++)s[a]=this.row(t[2*a+1])*this.side+this.column(t[2*a]),this.starts[s[a]+1]++;for(let a=0;a<this.side*this.side;a++)this.starts[a+1]+=this.starts[a];let r=this.starts.slice();this.items=new Uint32Array(e);for(let a=0;a<e;a++)this.items[r[s[a]]++]=a}column(t){return Math.max(0,Math.min(this.side-1,Math.floor((t-this.left)/this.cellWidth)))}row(t){return Math.max(0,Math.min(this.side-1,Math.floor((t-this.bottom)/this.cellHeight)))}nearest(t,e,n){return this.nearestFew(t,e,1,n)[0]??{index:-1,distance:1/0}}nearestFew(t,e,n,s){let r=this.column(t),a=this.row(e),f=Math.min(this.cellWidth,this.cellHeight),c=[],d=1/0;for(let i=0;i<this.side&&!(((i-1)*f)**2>d);i++)for(let l=a-i;l<=a+i;l++){if(l<0||l>=this.side)continue;let b=l===a-i||l===a+i;for(let u=r-i;u<=r+i;u+=b||i===0?1:2*i){if(u<0||u>=this.side)continue;let w=l*this.side+u;for(let A=this.starts[w];A<this.starts[w+1];A++){let h=this.items[A],m=(this.points[2*h]-t)**2+(this.points[2*h+1]-e)**2;if(m>=d||!s(h))continue;c.length===n&&c.pop();let x=c.length;for(;x&&c[x-1].square>m;)x--;c.splice(x,0,{index:h,square:m}),c.length===n&&(d=c[n-1].square)}}}return c.map(({index:i,square:l})=>({index:i,distance:Math.sqrt(l)}))}};function B(o){let[t,e,n,s]=[1/0,-1/0,1/0,-1/0];for(let r=0;r<o.length;r+=2)t=Math.min(t,o[r]),e=Math.max(e,o[r]),n=Math.min(n,o[r+1]),s=Math.max(s,o[r+1]);return t<=e?{left:t,right:e,bottom:n,top:s}:{left:-1,right:1,bottom:-1,top:1}}var ct=512;function Mt(o,t){let e=B(t.flat()),n=e.top-e.bottom;if(t.length<3||!(n>0))return new Uint32Array(0);let s=c=>Math.min(ct-1,Math.floor((c-e.bottom)/n*ct)),r=Array.from({length:ct},()=>[]);t.forEach(([c,d],i)=>{let[l,b]=t[(i+1)%t.length];if(d===b)return;let u=s(Math.max(d,b));for(let w=s(Math.min(d,b));w<=u;w++)r[w].push({x1:c,y1:d,y2:b,slope:(l-c)/(b-d)})});let a=new Uint32Array(o.length/2),f=0;for(let c=0;c<a.length;c++){let[d,i]=[o[2*c],o[2*c+1]];if(d<e.left||d>e.right||i<e.bottom||i>e.top)continue;let l=!1;for(let{x1:b,y1:u,y2:w,slope:A}of r[s(i)])u>i!=w>i&&d<b+(i-u)*A&&(l=!l);l&&(a[f++]=c)}return a.slice(0,f)}var Y=class{constructor(t){this.flags=new Uint8Array(t),this.count=0}change(t,e){e==="new"&&(this.flags.fill(0),this.count=0);let n=e==="remove"?0:1;for(let s of t)s>=this.flags.length||(this.count+=n-this.flags[s],this.flags[s]=n)}positions(){let t=new Uint32Array(this.count);for(let e=0,n=0;n<this.count;e++)this.flags[e]&&(t[n++]=e);return t}bits(){let t=new Uint8Array(Math.ceil(this.flags.length/8));for(let e=0;e<this.flags.length;e++)t[e>>3]|=this.flags[e]<<(e&7);return Array.from(t,e=>e.toString(16).padStart(2,"0")).join("")}};var et=16,At=40,zt=200;function St(){let o=wt("Decoded from the cursor position"),t=k("div",{class:"caption"}),e=k("figure",{class:"wide",hidden:!0},o.element,t),n=vt("Nearest real item"),s=vt("Its reconstruction");s.caption.textContent="Its reconstruction";let r=k("dl",{class:"details"}),a=k("div",{class:"only-read","aria-live":"polite"}),f=k("div",{class:"inspector"},e,n.element,s.element,r,a),c=j(i=>{a.textContent=i},500),d=[];return{element:f,prepare({nearest:i,decoding:l,points:b},u){e.hidden=!u,u&&o.prepare(u,l.features),n.prepare(i.sprites,!0),n.call(`Nearest ${b.item_kind} item`),s.prepare(i.reconstructions,!1),n.element.classList.toggle("wide",!i.reconstructions),d=i.details.map(({name:w,unit:A,values:h})=>({unit:A,values:h.read(),value:k("dd",{class:"number"}),name:k("dt",{},w)})),r.hidden=!d.length,r.replaceChildren(...d.map(({name:w,value:A})=>k("div",{},w,A)))},loadItems:(i,l)=>n.load(i,l),loadReconstructions:(i,l)=>s.load(i,l),showDecoded(i,l){o.show(i),t.textContent=l},showItem(i,l){n.draw(i),s.draw(i),n.caption.textContent=l,d.forEach(({value:u,values:w,unit:A})=>{let h=i<0?NaN:w[i];u.textContent=Number.isFinite(h)?`${Q(h)} ${A}`.trim():"\u2013"});let b=d.map(({name:u,value:w})=>`${u.textContent} ${w.textContent}`);c([t.textContent,l,...b].filter(Boolean).join(". "))},fit(i){let l=f.clientWidth;if(!l)return;let b=[e,n.element,s.element].filter(m=>!m.hidden).length,u=s.element.hidden?l:(l-et)/2;if(getComputedStyle(f).display==="flex"){let m=Math.min(zt,(l-et*(b-1))/b);for(let x of[o,n,s])x.fit(m-2);return}let w=i-r.clientHeight-et-At,A=(w-et-At)/2;o.fit(Math.min(l,A)-2);let h=Math.min(u,e.hidden?w:A)-2;n.fit(h),s.fit(h)},destroy(){c.cancel(),n.destroy(),s.destroy()}}}function vt(o){let t=k("canvas",{class:"picture",role:"img","aria-label":o}),e=k("div",{class:"caption"}),n=k("figure",{},t,e),s=null,r=null,a=0,f=-1;return{element:n,caption:e,call:c=>t.setAttribute("aria-label",c),prepare(c,d){r=c,f=-1,t.hidden=!r,n.hidden=!r&&!d},async load(c,d){let i=++a;if(s?.close(),s=null,f=-1,!c)return;let l=await createImageBitmap(new Blob([c],{type:"image/png"}));if(i!==a){l.close();return}s=l,d()},draw(c){if(!s||!r||c<0||c===f)return;f=c;let{columns:d,width:i,height:l}=r;(t.width!==i||t.height!==l)&&([t.width,t.height]=[i,l]);let b=t.getContext("2d");b.clearRect(0,0,i,l);let[u,w]=[c%d*i,Math.floor(c/d)*l];b.drawImage(s,u,w,i,l,0,0,i,l)},fit(c){r&&yt(t,r.width,r.height,c)},destroy(){a++,s?.close()}}}var Wt=2e3,Et=12;function ht(o,t){let e=o.width/t.width,n=o.getContext("2d");n.setTransform(e,0,0,e,0,0),n.clearRect(0,0,t.width,t.height),n.font=`12px ${H(o,"font")||"sans-serif"}`;let s=H(o,"text-color")||"#333",r=H(o,"background-color")||"#fff";return{context:n,view:t,text:s,background:r,accent:H(o,"primary-color")||s}}function kt(){let o=k("img",{class:"underlay",alt:"","aria-hidden":"true",hidden:!0,draggable:"false"}),t=bt(o),e=null,n=null;o.addEventListener("load",()=>n&&s(n));function s(r){n=r;let{naturalWidth:a,naturalHeight:f}=o;if(!e||!a)return;let[c,d]=r.toScreen(e.left,e.top),[i,l]=r.toScreen(e.right,e.bottom);o.style.transform=`translate(${c}px, ${d}px) scale(${(i-c)/a}, ${(l-d)/f})`}return{element:o,show(r){e=r,o.hidden=!r,t.show(r?.png.read()??null)},place:s,destroy:t.destroy}}var nt=class{constructor(t){this.levels=t.map(({label:e,dashed:n,lengths:s,places:r})=>{let a=r.read(),f=0,c=new Path2D,d=[],i=Math.max(0,...s);for(let l of s){let b=a.subarray(2*f,2*(f+l));f+=l;for(let u=0;u<l;u++)u?c.lineTo(b[2*u],b[2*u+1]):c.moveTo(b[0],b[1]);if(l===i&&!d.length)for(let u=0;u<Et;u++){let w=Math.floor((u+.5)*l/Et);d.push([b[2*w],b[2*w+1]])}}return{name:e,dashed:n,path:c,anchors:d}})}draw({context:t,view:e,text:n,background:s}){let r=1/e.unit;t.save(),t.translate(e.width/2-e.x*r,e.height/2+e.y*r),t.scale(r,-r),t.lineJoin="round";for(let[a,f,c]of[[s,.55,3],[n,.75,1]]){t.strokeStyle=a,t.globalAlpha=f,t.lineWidth=c*e.unit;for(let{path:d,dashed:i}of this.levels)t.setLineDash(i?[6*e.unit,4*e.unit]:[]),t.stroke(d)}t.restore(),this.drawNames({context:t,view:e,text:n,background:s})}drawNames({context:t,view:e,text:n,background:s}){let r=[];for(let{name:a,anchors:f}of this.levels){let c=t.measureText(a).width/2+4,d=([l,b])=>l>c+24&&l<e.width-c-24&&b>44&&b<e.height-40&&r.every(u=>Math.abs(u.x-l)>c+u.half||Math.abs(u.y-b)>16),i=a&&f.map(([l,b])=>e.toScreen(l,b)).find(d);i&&(r.push({x:i[0],y:i[1],half:c}),K(t,n,s,a,...i,"center","middle"))}}};function Ct({context:o,view:t,text:e,background:n},s){let[r,a]=t.toData(0,0),[f,c]=t.toData(t.width,t.height);o.globalAlpha=.75;for(let d of lt(r,f,t.width/70)){let[i]=t.toScreen(d.at,0);i<30||i>t.width-60||(Z(o,e,.4,[i,t.height-5],[i,t.height]),K(o,e,n,d.text,i,t.height-8,"center","bottom"))}for(let d of lt(c,a,t.height/70)){let[,i]=t.toScreen(0,d.at);i<36||i>t.height-30||(Z(o,e,.4,[0,i],[5,i]),K(o,e,n,d.text,9,i,"left","middle"))}K(o,e,n,s[0],t.width-9,t.height-8,"right","bottom"),K(o,e,n,s[1],9,9,"left","top"),o.globalAlpha=1}function Tt({context:o,view:t,text:e,background:n},s,r){let[a,f]=t.toScreen(s.x,s.y);if(r){let[c,d]=t.toScreen(...r);Z(o,e,.5,[a,f],[c,d]),Dt(o,e,n,c,d,6,1.5)}Z(o,e,.9,[a-7,f],[a+7,f]),Z(o,e,.9,[a,f-7],[a,f+7])}function ot({context:o,view:t,background:e},n,s,r,a){for(let[f,c]of[[e,a+2.5],[s,a]]){o.beginPath();let d=0;for(let[i,l]of n){if(!t.sees(i,l))continue;if(++d>Wt)break;let[b,u]=t.toScreen(i,l);o.moveTo(b+r,u),o.arc(b,u,r,0,2*Math.PI)}o.strokeStyle=f,o.lineWidth=c,o.stroke()}}function dt({context:o,view:t,text:e,background:n},s){let[r,a]=t.toScreen(s.x,s.y);if(s.ellipse){let[f,c,d]=s.ellipse;for(let i of[1,2])for(let[l,b]of[[n,3.5],[e,1.5]])o.beginPath(),o.ellipse(r,a,i*f/t.unit,i*c/t.unit,-d,0,2*Math.PI),o.setLineDash(i===2&&l===e?[5,4]:[]),o.strokeStyle=l,o.lineWidth=b,o.stroke();o.setLineDash([])}Dt(o,e,n,r,a,8,2),K(o,e,n,s.label,r+13,a,"left","middle")}function Lt({origin:o,matrix:t},{code:e,std:n,label:s}){if(e.length!==o.length)return null;let[r,a,f,c,d]=[0,0,0,0,0];if(t.forEach(([u,w],A)=>{r+=(e[A]-o[A])*u,a+=(e[A]-o[A])*w;let h=n?n[A]**2:0;f+=h*u*u,c+=h*u*w,d+=h*w*w}),!Number.isFinite(r+a+f+c+d))return null;let i=(f+d)/2,l=Math.hypot((f-d)/2,c),b=[Math.sqrt(i+l),Math.sqrt(Math.max(0,i-l))];return{x:r,y:a,label:s,ellipse:n?[...b,Math.atan2(2*c,f-d)/2]:null}}function Z(o,t,e,n,s){let r=o.globalAlpha;o.globalAlpha=e,o.strokeStyle=t,o.lineWidth=1,o.beginPath(),o.moveTo(...n),o.lineTo(...s),o.stroke(),o.globalAlpha=r}function Dt(o,t,e,n,s,r,a){for(let[f,c]of[[e,a+2.5],[t,a]])o.beginPath(),o.arc(n,s,r,0,2*Math.PI),o.strokeStyle=f,o.lineWidth=c,o.stroke()}function K(o,t,e,n,s,r,a,f){o.textAlign=a,o.textBaseline=f,o.lineWidth=3,o.lineJoin="round",o.strokeStyle=e,o.fillStyle=t;let c=o.globalAlpha;o.globalAlpha=1,o.strokeText(n,s,r),o.globalAlpha=c,o.fillText(n,s,r)}function Rt(o){let t=k("div",{class:"legend",role:"group","aria-label":"Classes shown"}),e=[],n=[];function s(){[...t.children].forEach((a,f)=>a.setAttribute("aria-pressed",String(e[f])))}function r(a,f){f?e=e.map((c,d)=>d===a):e[a]=!e[a],e.some(Boolean)||e.fill(!0),s(),o()}return{element:t,shows:a=>e[a],describe({names:a,palette:f},c){let d=a.length?a:[""];n=f,(c||e.length!==d.length)&&(e=d.map(()=>!0)),t.hidden=d.length<2,t.replaceChildren(...d.map((i,l)=>k("button",{type:"button",class:"class",title:`Click: show or hide ${i}. Double click: only ${i}`,click:b=>r(l,b.detail>=2||b.shiftKey)},k("span",{class:"dot",style:`background: ${n[l%n.length]}`}),i))),s()},palette(){let a=new Uint8Array(4*e.length);return e.forEach((f,c)=>{let d=parseInt(n[c%n.length].slice(1),16);a.set([d>>16,d>>8&255,d&255,f?216:0],4*c)}),a}}}function Ot(o){let t="",e=null,n=()=>{},s=-1;return{join(r){r!==t&&(t=r,n(),e=t?pt(t):null,n=e?e.subscribe((a,f)=>o[a](f)):()=>{})},publish:(r,a)=>e?.publish(r,a),hover(r){r!==s&&(s=r,e?.publish("hover",{position:r}))}}}var Pt=`.live .layout {
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
`;function It(o,t,{view:e,cursor:n,tools:s,moveCursor:r,zoomAt:a,pan:f,reset:c,select:d,leave:i}){let l=new Map,b=0,u=h=>{let m=t.getBoundingClientRect();return[h.clientX-m.left,h.clientY-m.top]};t.addEventListener("pointerdown",h=>{h.button>0||(t.setPointerCapture(h.pointerId),l.size||(b=0),l.set(h.pointerId,u(h)),l.size>1?s.cancel():s.active?s.begin(e.toData(...u(h))):h.pointerType!=="mouse"&&r(...e.toData(...u(h))))}),t.addEventListener("pointermove",h=>{let m=u(h),x=l.get(h.pointerId);if(!x){s.drawing||r(...e.toData(...m));return}l.set(h.pointerId,m);let[M,L]=[m[0]-x[0],m[1]-x[1]];if(b+=Math.hypot(M,L),l.size===2){let D=[...l].find(([y])=>y!==h.pointerId)[1],P=y=>Math.max(1,Math.hypot(y[0]-D[0],y[1]-D[1]));a((m[0]+D[0])/2,(m[1]+D[1])/2,P(x)/P(m)),f(M/2,L/2)}else if(s.drawing){let D=h.getCoalescedEvents?.()??[];for(let P of D.length?D:[h])s.extend(e.toData(...u(P)),e.unit)}else h.pointerType==="mouse"?b>4&&!s.active&&f(M,L):s.active||r(...e.toData(...m))});let w=h=>{if(!l.delete(h.pointerId)||l.size)return;let m=h.type==="pointerup";m&&b<=4?(s.cancel(),d(...e.toData(...u(h)))):m&&s.drawing?s.finish(h):s.cancel()};t.addEventListener("pointerup",w),t.addEventListener("pointercancel",w),t.addEventListener("pointerleave",h=>h.pointerType==="mouse"&&i()),t.addEventListener("blur",i),t.addEventListener("dblclick",c),t.addEventListener("wheel",h=>{h.preventDefault();let m=h.deltaMode===1?16:1;a(...u(h),Math.exp(.0015*m*h.deltaY))},{passive:!1}),o.addEventListener("keydown",h=>{s.key(h)&&h.preventDefault()}),t.addEventListener("keydown",h=>{let m=(h.shiftKey?50:10)*e.unit,x={ArrowLeft:[-m,0],ArrowRight:[m,0],ArrowUp:[0,m],ArrowDown:[0,-m]};if(h.key in x){let[M,L]=x[h.key];s.follow([n.x+M,n.y+L]),r(n.x+M,n.y+L),A()}else if(h.key==="+"||h.key==="=")a(...e.toScreen(n.x,n.y),.8);else if(h.key==="-")a(...e.toScreen(n.x,n.y),1.25);else if(h.key==="0")c();else if(h.key==="Enter"&&s.active)s.corner([n.x,n.y],h);else if(h.key==="Enter")d(n.x,n.y);else return;h.preventDefault()});function A(){let[h,m]=e.toScreen(n.x,n.y),x=(D,P)=>Math.max(0,D-P+20)+Math.min(0,D-20),[M,L]=[x(h,e.width),x(m,e.height)];(M||L)&&f(-M,-L)}}var jt=`#version 300 es
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
  }`,Vt=`#version 300 es
  precision mediump float;
  in vec4 colour;
  uniform highp float size;
  out vec4 fragment;
  void main() {
    float distance = length(gl_PointCoord - 0.5) * size;
    float cover = size < 3.0 ? 1.0 : clamp(size * 0.5 - distance + 0.5, 0.0, 1.0);
    fragment = vec4(colour.rgb, 1.0) * colour.a * cover;
  }`;function _t(o,t){let e=t?null:o.getContext("webgl2",{antialias:!1,premultipliedAlpha:!0});return e?Gt(o,e):Xt(o)}var Ft=1.25;function Gt(o,t){let e={values:new Float32Array(0),array:null,buffer:null},n={values:new Float32Array(0),array:null,buffer:null},s=null,r=null,a=null;function f(m,x){let M=t.createShader(m);return t.shaderSource(M,x),t.compileShader(M),M}function c(){let m=t.createProgram();if(t.attachShader(m,f(t.VERTEX_SHADER,jt)),t.attachShader(m,f(t.FRAGMENT_SHADER,Vt)),t.linkProgram(m),!t.getProgramParameter(m,t.LINK_STATUS)&&!t.isContextLost())throw new Error(`The map's shaders do not link: ${t.getProgramInfoLog(m)}`);t.useProgram(m),r=Object.fromEntries(["centre","scale","size","fade"].map(M=>[M,t.getUniformLocation(m,M)])),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA);for(let M of[e,n])M.array=t.createVertexArray(),M.buffer=t.createBuffer(),t.bindVertexArray(M.array),t.bindBuffer(t.ARRAY_BUFFER,M.buffer),t.enableVertexAttribArray(0),t.vertexAttribPointer(0,2,t.FLOAT,!1,12,0),t.enableVertexAttribArray(1),t.vertexAttribPointer(1,1,t.FLOAT,!1,12,8);t.bindTexture(t.TEXTURE_2D,t.createTexture()),t.texParameteri(t.TEXTURE_2D,t.TEXTURE_MIN_FILTER,t.NEAREST),t.texParameteri(t.TEXTURE_2D,t.TEXTURE_MAG_FILTER,t.NEAREST)}function d(m){t.bindBuffer(t.ARRAY_BUFFER,m.buffer),t.bufferData(t.ARRAY_BUFFER,m.values,t.STATIC_DRAW)}function i(){s&&t.texImage2D(t.TEXTURE_2D,0,t.RGBA,s.length/4,1,0,t.RGBA,t.UNSIGNED_BYTE,s)}let l=m=>m.preventDefault(),b=()=>{c(),d(e),d(n),i(),a&&w(...a)};o.addEventListener("webglcontextlost",l),o.addEventListener("webglcontextrestored",b),c();function u({array:m,values:x},M,L){x.length&&(t.bindVertexArray(m),t.uniform1f(r.size,M),t.uniform4f(r.fade,...L),t.drawArrays(t.POINTS,0,x.length/3))}function w(m,x,M){a=[m,x,M];let L=o.width/m.width;t.viewport(0,0,o.width,o.height),t.clearColor(0,0,0,0),t.clear(t.COLOR_BUFFER_BIT),t.uniform2f(r.centre,m.x,m.y),t.uniform2f(r.scale,2/(m.width*m.unit),2/(m.height*m.unit));let D=n.values.length>0;u(e,x*L,D&&M?M:[0,0,0,0]),u(n,Ft*x*L,[0,0,0,0])}let A=null;function h(m){A=m,n.values=new Float32Array(3*(A?.length??0));for(let x=0;x<n.values.length;x++)n.values[x]=e.values[3*A[Math.floor(x/3)]+x%3];d(n)}return{kind:"webgl2",setPoints(m,x){e.values=new Float32Array(3*x.length);for(let M=0;M<x.length;M++)e.values[3*M]=m[2*M],e.values[3*M+1]=m[2*M+1],e.values[3*M+2]=x[M];d(e),h(A)},setPalette(m){s=m,i()},setChosen:h,draw:w,finish(){t.readPixels(0,0,1,1,t.RGBA,t.UNSIGNED_BYTE,new Uint8Array(4))},destroy(){o.removeEventListener("webglcontextlost",l),o.removeEventListener("webglcontextrestored",b),t.getExtension("WEBGL_lose_context")?.loseContext()}}}function Xt(o){let t=o.getContext("2d"),e=new Float32Array(0),n=[],s=[],r=[],a=null,f=new Uint8Array(0),c=l=>Uint32Array.from(l).sort((b,u)=>n[b]-n[u]);function d(l){a=l,r=c(a??[])}function i(l,b,u,w){let A=o.width/b.width,h=-1;for(let m of l){if(n[m]!==h){h=n[m];let L=[0,1,2].map(D=>f[4*h+D]+w[3]*(255*w[D]-f[4*h+D]));t.fillStyle=`rgba(${L.map(Math.round)}, ${f[4*h+3]/255})`}if(!f[4*h+3])continue;let x=((e[2*m]-b.x)/b.unit+b.width/2)*A,M=(b.height/2-(e[2*m+1]-b.y)/b.unit)*A;x>-u&&M>-u&&x<o.width+u&&M<o.height+u&&t.fillRect(x-u/2,M-u/2,u,u)}}return{kind:"canvas",setPoints(l,b){e=l,n=b,s=c(n.keys()),d(a)},setChosen:d,setPalette(l){f=l},draw(l,b,u){let w=Math.max(1,b*o.width/l.width);t.clearRect(0,0,o.width,o.height),i(s,l,w,r.length&&u?u:[0,0,0,0]),i(r,l,Ft*w,[0,0,0,0])},finish(){t.getImageData(0,0,1,1)},destroy(){}}}var Kt=2,qt={move:"M8 2v12M2 8h12M6.4 3.6 8 2l1.6 1.6M6.4 12.4 8 14l1.6-1.6M3.6 6.4 2 8l1.6 1.6M12.4 6.4 14 8l-1.6 1.6",lasso:"M6 11.3C3.7 10.8 2.2 9.2 2.2 7.2 2.2 4.7 4.8 2.8 8 2.8s5.8 1.9 5.8 4.4-2.6 4.4-5.8 4.4M6 11.3a1.3 1.3 0 1 1-1.5 1.9c1 .2 1.6-.6 1.5-1.9",box:"M3 3h2.5M7 3h2M10.5 3H13v2.5M13 7v2M13 10.5V13h-2.5M9 13H7M5.5 13H3v-2.5M3 9V7M3 5.5V3",add:"M2.5 2.5h7.5v7.5h-7.5zM12 9.5v5M9.5 12h5",remove:"M2.5 2.5h7.5v7.5h-7.5zM9.5 12h5",clear:"M4 4l8 8M12 4l-8 8"},Yt={l:"lasso",b:"box",m:"move"};function Ut({onChange:o,onRegion:t,onClear:e}){let n="move",s="new",r=null,a=null,f=0,c=(y,C,R)=>k("button",{type:"button",class:"plain",title:C,"aria-label":C,click:R},G(qt[y])),d={move:c("move","Move (M)",()=>h("move")),lasso:c("lasso","Lasso (L)",()=>h("lasso")),box:c("box","Box (B)",()=>h("box"))},i={add:c("add","Add to the selection (or hold Shift)",()=>m("add")),remove:c("remove","Remove from the selection (or hold Alt)",()=>m("remove"))},l=c("clear","Clear the selection (Esc)",()=>x()),b=k("span",{class:"count",role:"status"}),u=k("span",{class:"tool-group"},i.add,i.remove),w=k("div",{class:"tool-group",role:"group","aria-label":"Selection"},b,...Object.values(d),u,l),A=k("div",{class:"map-hint",hidden:!0});function h(y){L(),n=y===n?"move":y,A.hidden=n==="move",n==="move"&&(s="new"),M()}function m(y){s=y===s?"new":y,M()}function x(){L(),f&&e()}function M(){for(let[R,I]of Object.entries(d))I.setAttribute("aria-pressed",String(R===n));for(let[R,I]of Object.entries(i))I.setAttribute("aria-pressed",String(R===s));u.hidden=n==="move",l.hidden=!f,b.textContent=f?`${f.toLocaleString("en-US")} selected`:"";let y=window.matchMedia("(pointer: coarse)").matches,C=n==="box"?"Drag a box over points":"Draw around points";A.textContent=y?`${C}. Two fingers move the map.`:`${C}. Shift adds, Alt removes, Esc clears.`,o()}function L(){r&&(r=a=null,o())}function D(){if(n==="lasso")return[...r,a];let[[y,C],[R,I]]=[r[0],a];return[[y,C],[R,C],[R,I],[y,I]]}let P={element:w,hint:A,get active(){return n!=="move"},get drawing(){return r!==null},offer(y){w.hidden=!y,!y&&n!=="move"?h("move"):M()},counts(y){f=y,M()},begin(y){r=[y],a=y,o()},extend(y,C){let[R,I]=r.at(-1);n==="lasso"&&Math.hypot(y[0]-R,y[1]-I)>=Kt*C&&r.push(y),a=y,o()},cancel:L,finish({shiftKey:y=!1,altKey:C=!1}={}){let R=D();L(),A.hidden=!0,R.length>2&&t(R,C?"remove":y?"add":s)},corner(y,C){r?n==="box"||String(y)===String(r.at(-1))?(a=y,P.finish(C)):(r.push(y),a=y,o()):P.begin(y)},follow(y){r&&(a=y)},key(y){if(w.hidden||y.ctrlKey||y.metaKey)return!1;let C=Yt[y.key.toLowerCase()];if(C)h(C);else{if(y.key!=="Escape")return!1;r?L():f?x():h("move")}return!0},draw({context:y,view:C,text:R,accent:I}){if(!r)return;let z=D().map(([F,_])=>C.toScreen(F,_));y.beginPath(),z.forEach(([F,_],V)=>V?y.lineTo(F,_):y.moveTo(F,_)),y.closePath(),y.globalAlpha=.12,y.fillStyle=I,y.fill("evenodd"),y.globalAlpha=.9,y.strokeStyle=R,y.lineWidth=1.25,y.setLineDash([5,4]),y.stroke(),y.setLineDash([]),y.globalAlpha=1}};return P}var Zt=.06,Jt=500,Qt=4,it=class o{constructor(){[this.x,this.y,this.unit,this.width,this.height]=[0,0,1,0,0],this.bounds=B([]),this.moved=!1}toScreen(t,e){return[(t-this.x)/this.unit+this.width/2,this.height/2-(e-this.y)/this.unit]}toData(t,e){return[this.x+(t-this.width/2)*this.unit,this.y-(e-this.height/2)*this.unit]}sees(t,e){let[n,s]=this.toScreen(t,e);return n>=0&&s>=0&&n<=this.width&&s<=this.height}unitFor({left:t,right:e,bottom:n,top:s}){let r=1-2*Zt;return Math.max((e-t)/(this.width*r||1),(s-n)/(this.height*r||1))}get wholeUnit(){return this.unitFor(this.bounds)||1}showAll(){this.centre(this.bounds),this.unit=this.wholeUnit,this.moved=!1}moveTo(t){this.centre(t),this.unit=Math.max(this.unit,this.unitFor(t)),this.moved=!0}centre({left:t,right:e,bottom:n,top:s}){this.x=(t+e)/2,this.y=(n+s)/2}zoomAt(t,e,n){let[s,r]=this.toData(t,e),a=this.wholeUnit;this.unit=Math.min(a*Qt,Math.max(a/Jt,this.unit*n)),this.x=s-(t-this.width/2)*this.unit,this.y=r+(e-this.height/2)*this.unit,this.moved=!0}pan(t,e){this.x-=t*this.unit,this.y+=e*this.unit,this.moved=!0}shiftFrom(t){let e=t.unit/this.unit,n=(t.x-this.x)/this.unit,s=(this.y-t.y)/this.unit;return[n+(1-e)*this.width/2,s+(1-e)*this.height/2,e]}copy(){return Object.assign(new o,this)}};var te=4,ee=100,ne=.8,oe=.15;function Nt(){let o=k("canvas",{class:"points","aria-hidden":"true"}),t=k("canvas",{class:"lines","aria-hidden":"true",hidden:!0}),e=k("canvas",{class:"overlay",tabindex:0,role:"application"}),n=kt(),s=k("button",{type:"button",class:"plain",title:"Zoom in","aria-label":"Zoom in"},G(J.plus)),r=k("button",{type:"button",class:"plain",title:"Zoom out","aria-label":"Zoom out"},G(J.minus)),a=k("button",{type:"button",class:"plain",title:"Show all","aria-label":"Show all points"},G(J.reset)),f=Ut({onChange:()=>$(),onRegion:(p,S)=>F.onRegion(p,S),onClear:()=>F.onClear()}),c=k("div",{class:"map-tools"},f.element,k("span",{class:"tool-group"},s,r,a)),d=k("div",{class:"map"},n.element,o,t,e,f.hint,c),i=new it,l={x:0,y:0,shown:!1},b=new Float32Array(0),u=null,w=null,A=null,h=null,m=null,x=null,M=["",""],L=[],D=null,P=[],y="",C={nearest:-1,linked:-1,selected:-1},R=i.copy(),I=null,z=p=>[b[2*p],b[2*p+1]],F={element:d,cursor:l,onCursor:()=>{},onLeave:()=>{},onSelect:()=>{},onRegion:()=>{},onClear:()=>{},get unit(){return i.unit},get height(){return i.height},prepare(p){if(!(h&&p===m)){if(m=p,I=null,h){h.destroy();let S=k("canvas",{class:"points","aria-hidden":"true"});o.replaceWith(S),o=S}h=_t(o,p),d.dataset.renderer=h.kind,u&&h.setPoints(b,u),w&&h.setPalette(w),h.setChosen(A),F.resize()}},setPoints(p,S){b=p,F.setGroups(S),Object.assign(C,{nearest:-1,linked:-1,selected:-1}),P=[],y="",I=null,i.bounds=B(b),v(),Object.assign(l,{x:i.x,y:i.y,shown:!1})},setGroups(p){u=p,h.setPoints(b,u),_()},setPalette(p){w=p,h.setPalette(p),_()},setChosen(p){A=p?.length?p:null,h.setChosen(A),f.counts(A?A.length:0),_()},setFound(p){P=Array.from(p,S=>z(S)),P.length&&i.width&&!P.some(S=>i.sees(...S))?(i.moveTo(B(P.flat())),_()):$()},setUnderlay(p){n.show(p),n.place(i)},setContours(p){x=p,t.hidden=!x,_()},describe({points:{axes:p},layers:S,spoken:T,cursor:O,tools:U,height:N}){M=p,L=S.marks,f.offer(U),d.style.height=N?`${N}px`:"",d.classList.toggle("fixed",!!N),e.setAttribute("aria-label",T),O&&String(O)!==y&&Object.assign(l,{x:O[0],y:O[1],shown:!0}),y=String(O),F.resize()},ring(p,S){C[p]!==S&&(C[p]=S,$())},setMade(p){D=p,$()},resize(){let{clientWidth:p,clientHeight:S}=d,T=window.devicePixelRatio||1,O=[Math.round(p*T),Math.round(S*T)];if(!(!p||!S)&&!(i.width===p&&i.height===S&&o.width===O[0]&&o.height===O[1])){Object.assign(i,{width:p,height:S});for(let U of[o,t,e])[U.width,U.height]=O;i.moved||i.showAll(),_()}},redraw:()=>_(),drawOverlay:()=>$(),destroy(){_.cancel(),q.cancel(),V.cancel(),$.cancel(),n.destroy(),h?.destroy()}},_=X(()=>{if(!i.width||!u)return;let p=performance.now();h.draw(i,st(),A&&rt()),I===null&&(h.finish(),I=performance.now()-p>te),R=i.copy(),o.style.transform=t.style.transform="",n.place(i),x&&x.draw(ht(t,i)),g()}),V=j(_,ee),q=X(()=>{let[p,S,T]=i.shiftFrom(R),[O,U]=[(R.x-i.x)/i.unit,(i.y-R.y)/i.unit],N=Math.abs(O)>i.width/3||Math.abs(U)>i.height/3||T>2||T<.7;if(!I||N){_();return}o.style.transform=t.style.transform=`translate(${p}px, ${S}px) scale(${T})`,n.place(i),g(),V()}),$=X(g);function st(){let p=Math.sqrt(i.width*i.height/Math.max(1,u.length)),S=i.wholeUnit/i.unit;return Math.min(7,Math.max(1.5,Math.min(5,.35*p))*S**.35)}function rt(){let[p,S]=["text-color","background-color"].map(T=>ie(H(d,T)));return[...S.map((T,O)=>T+oe*(p[O]-T)),ne]}function g(){if(!i.width)return;let p=ht(e,i);Ct(p,M);let S=T=>T>=0?[z(T)]:[];ot(p,P,p.accent,6.5,1.75),ot(p,S(C.linked),p.text,9,2.5),l.shown&&!f.drawing&&Tt(p,l,S(C.nearest)[0]),ot(p,S(C.selected),p.accent,8,2.5);for(let T of L)T.label!==D?.label&&dt(p,T);D&&dt(p,D),f.draw(p)}function v(){i.showAll(),_()}let E=(...p)=>{i.zoomAt(...p),q()};return s.addEventListener("click",()=>E(i.width/2,i.height/2,1/1.5)),r.addEventListener("click",()=>E(i.width/2,i.height/2,1.5)),a.addEventListener("click",v),It(d,e,{view:i,cursor:l,tools:f,zoomAt:E,reset:v,pan(p,S){i.pan(p,S),q()},moveCursor(p,S){Object.assign(l,{x:p,y:S,shown:!0}),F.onCursor(),$()},select:(p,S)=>F.onSelect(p,S),leave:()=>F.onLeave()}),F}function ie(o){let t=new OffscreenCanvas(1,1).getContext("2d");return t.fillStyle="#888888",t.fillStyle=o,t.fillRect(0,0,1,1),Array.from(t.getImageData(0,0,1,1).data.subarray(0,3),e=>e/255)}var se=24,$t=4;function re(o,t){let e=Nt(),n=St(),s=Rt(()=>{e.setPalette(s.palette()),C()});o.append(k("div",{class:"layout"},k("div",{class:"map-side"},e.element,s.element),n.element));let r={},a="",f,c=new Float32Array(0),d=new Uint16Array(0),i=null,l=null,b=null,u=new Y(0),w=0,A="",h="",m=Ot({hover:({position:g})=>R(g),selection:({positions:g})=>F(g,"new"),place:g=>e.setMade(f.drop?Lt(f.drop,g):null),unplace:()=>e.setMade(null)}),x=g=>s.shows(d[g]),M=xt((g,v)=>n.showDecoded(g,L(v)));function L(g){if(!l)return`Decoded at (${Bt(g[0],e.unit)}, ${Bt(g[1],e.unit)})`;let v=Math.min($t,c.length/2);return v>1?`Decoded from the mean of the ${v} nearest codes`:"Decoded from the nearest code"}function D(g,v){if(!l)return Float32Array.of(g,v);let E=b.nearestFew(g,v,$t,x),p=f.decoding.codes.shape[1],S=new Float32Array(p),T=E[0].distance?E.map(({distance:U})=>1/U):[1],O=T.reduce((U,N)=>U+N,0);return T.forEach((U,N)=>{let at=E[N].index*p;for(let W=0;W<p;W++)S[W]+=U/O*l[at+W]}),S}function P({index:g,distance:v},E,p){M.shape&&M.decode(D(E,p)),n.showItem(g,g<0?"":y(g,v))}function y(g,v){let{item_word:E,item_kind:p,names:S,label_names:T}=f.points,O=i?T[i[g]]:S[d[g]];return`Nearest ${p} ${E}: ${O?`${O}, `:""}at distance ${Q(v)}`}let C=X(()=>{let{x:g,y:v}=e.cursor,E=b.nearest(g,v,x);e.ring("nearest",E.index),e.ring("linked",-1),e.cursor.shown&&m.hover(E.index),P(E,g,v)});function R(g){let v=g>=0&&g<d.length;e.ring("linked",v?g:-1),v&&P({index:g,distance:0},c[2*g],c[2*g+1])}let I=j(g=>t("selected",g),200),z=j(()=>{t("chosen",{points:r.points,n:d.length,bits:u.bits(),stamp:w})},30);e.onCursor=C,e.onLeave=()=>m.hover(-1),e.onSelect=(g,v)=>{let E=b.nearest(g,v,x),p=E.index>=0&&E.distance<=se*e.unit;e.ring("selected",p?E.index:-1),I({points:r.points,index:p?E.index:null,code:[g,v]})},e.onRegion=(g,v)=>_(Mt(c,g).filter(x),v),e.onClear=()=>_([],"new");function F(g,v){u.change(g,v),e.setChosen(u.positions())}function _(g,v){F(g,v),w=Math.max(Date.now(),w+1),m.publish("selection",{positions:u.positions()}),z()}let V=mt(o,()=>{e.resize(),n.fit(e.height)});function q({points:g,decoding:v},E){(E("groups",g.groups)||E("points",g.places))&&(d=g.groups?.read()??new Uint16Array(g.places.shape[0])),E("labels",g.labels)&&(i=g.labels?.read()??null),E("points",g.places)?(c=g.places.read(),b=new tt(c),u=new Y(d.length),[w,A]=[0,""],e.setChosen(null),e.setPoints(c,d)):E("groups",g.groups)&&e.setGroups(d),E("codes",v.codes)&&(l=v.codes?.read()??null)}function $({nearest:g},v){let{sprites:E,reconstructions:p}=g;v("sprites",E?.png)&&n.loadItems(E?.png.read()??null,C),v("reconstructions",p?.png)&&n.loadReconstructions(p?.png.read()??null,C)}function st({layers:g},v){v("underlay",g.underlay?.png)&&e.setUnderlay(g.underlay);let E=JSON.stringify(g.contours);E!==h&&e.setContours(g.contours.length?new nt(g.contours):null),h=E}function rt(){let{chosen:g,answers:v}=f.selection;if(!g||w&&v!==w)return;let E=`${g.digest}|${w}`;E!==A&&(A=E,F(g.read(),"new"))}return{update(g){f=g;let{points:v,decoding:E,selection:p}=g,S={},T=(ft,ut)=>(S[ft]=ut?.digest,ut?.digest!==r[ft]),O=T("points",v.places),U=T("groups",v.groups)||O,N=T("found",p.found)||O;e.prepare(g.plain_canvas),q(g,T),$(g,T),st(g,T),r=S;let at=M.update(E.decoder),W=JSON.stringify({...g,selection:{...p,chosen:null,answers:0}});(W!==a||at)&&(a=W,s.describe(v,U),e.setPalette(s.palette()),e.describe(g),n.prepare(g,M.shape),n.fit(e.height),m.join(g.link),p.ringed!==null&&e.ring("selected",p.ringed)),N&&e.setFound(p.found?.read()??new Uint32Array(0)),rt(),e.redraw(),C()},destroy(){C.cancel(),I.cancel(),z.cancel(),m.join(""),V(),M.destroy(),n.destroy(),e.destroy()}}}function Bt(o,t){let e=Math.min(6,Math.max(0,Math.ceil(-Math.log10(t)))),n=o.toFixed(e);return Number(n)?n.replace("-","\u2212"):n.replace("-","")}var Qe=gt(re,Pt);export{Qe as default};
