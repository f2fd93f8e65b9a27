import{b as P}from"../explorer.shared/shared-ZVNYXL66.js";import{b as n,c as M,d as O,e as z,h as D}from"../explorer.shared/shared-ZMNDSNWX.js";function q(r,b){let c=-1,o=-1,u=()=>{for(let l of r.children)l.classList.remove("dragged","target")},f=l=>{let p=Array.from(r.children,v=>{let a=v.getBoundingClientRect();return Math.hypot(l.clientX-(a.left+a.right)/2,l.clientY-(a.top+a.bottom)/2)});return p.indexOf(Math.min(...p))};r.addEventListener("pointerdown",l=>{let p=l.target.closest(".grip");!p||l.button!==0||(c=o=[...r.children].indexOf(p.parentElement),r.setPointerCapture(l.pointerId))}),r.addEventListener("pointermove",l=>{c<0||(o=f(l),u(),o!==c&&(r.children[c].classList.add("dragged"),r.children[o].classList.add("target")))}),r.addEventListener("pointerup",()=>{u(),c>=0&&o!==c&&b(c,o),c=o=-1}),r.addEventListener("pointercancel",()=>{u(),c=o=-1})}function B(){let r=null,b="",c="";return{has:()=>r!==null,read(o){r=o;let u=o?.png.digest??"";u!==c&&(c=u,URL.revokeObjectURL(b),b=o?URL.createObjectURL(new Blob([o.png.read()],{type:"image/png"})):"")},tile(o,u){if(!r)return null;let f=u/Math.max(r.width,r.height),l=f>=1?Math.floor(f):f,[p,v]=[r.width*l,r.height*l],a=n("span",{class:"picture tile","aria-hidden":"true"});if(a.style.cssText=`width: ${p}px; height: ${v}px;`,o.sprite>=0){let[S,L]=[o.sprite%r.columns*p,Math.floor(o.sprite/r.columns)*v];a.style.backgroundImage=`url(${b})`,a.style.backgroundPosition=`${-S}px ${-L}px`,a.style.backgroundSize=`${r.columns*p}px auto`,a.style.imageRendering=l>=2?"pixelated":"auto"}return a},destroy:()=>URL.revokeObjectURL(b)}}var V=`.live .chosen {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 0.75rem;
  margin: 0;
  padding: 0;
  list-style: none;
}

.live .chosen li {
  display: flex;
  flex-direction: column;
  align-items: center;
  max-width: 6.5rem;
  text-align: center;
}

.live .grip {
  position: relative;
  min-width: 1.5rem;
  min-height: 1.5rem;
  cursor: grab;
  touch-action: pan-y;
}

.live .place {
  position: absolute;
  top: -0.3rem;
  left: -0.3rem;
  z-index: 1;
  min-width: 1.2rem;
  border-radius: 0.6rem;
  background: var(--accent);
  color: var(--st-background-color);
  font-size: 0.75rem;
  line-height: 1.2rem;
}

.live .dragged {
  opacity: 0.4;
}

.live .target .grip {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

.live .tile {
  display: block;
  background-clip: padding-box; /* the border lets through what is under it: the next thumbnail */
}

.live .acts {
  display: flex;
}

.live button:disabled {
  opacity: 0.35;
  cursor: default;
}

.live .about,
.live .from,
.live .by-number {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem 0.75rem;
}

.live .about {
  margin-top: 0.5rem;
}

.live .shelves {
  margin-top: 0.9rem;
}

.live .from {
  justify-content: space-between;
}

.live .tabs {
  display: flex;
  flex-wrap: wrap;
  gap: 0.35rem;
}

.live .by-number input {
  width: 7rem;
  padding: 0.25rem 0.5rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: transparent;
  color: inherit;
  font: inherit;
}

.live .shelf {
  display: flex;
  flex-wrap: wrap;
  gap: 0.35rem;
  min-height: 3.6rem;
  max-height: 8rem;
  margin-top: 0.5rem;
  overflow-y: auto;
}

.live .pick {
  padding: 2px;
  border-color: transparent;
}

.live .pick:not(:disabled):hover {
  border-color: var(--accent);
}
`;var W=64,X={left:"M10 3.5 5.5 8l4.5 4.5",right:"M6 3.5 10.5 8 6 12.5",remove:"M4 4l8 8M12 4l-8 8",turn:"M3 6h9M9.5 3.5 12 6l-2.5 2.5M13 10H4M6.5 7.5 4 10l2.5 2.5"};function F(r,b){let c=n("ol",{class:"chosen","aria-label":"Chosen items, in order"}),o=n("button",{type:"button",click:()=>C([...s].reverse())},M(X.turn),"Turn around"),u=n("span",{class:"quiet"}),f=n("button",{type:"button","aria-expanded":"false",click:()=>j(R.hidden)},M(O.plus),"Add items"),l=n("div",{class:"tabs",role:"group","aria-label":"Where to choose from"}),p=n("div",{class:"shelf"}),v=z(),a=n("input",{type:"number",id:v,min:0,step:1,inputmode:"numeric"}),S=n("button",{type:"submit"},M(O.plus),"Add"),L=n("form",{class:"by-number",submit:_},n("label",{for:v},"Row number"),a,S),U=n("div",{class:"only-read","aria-live":"polite"}),R=n("div",{class:"shelves",hidden:!0},n("div",{class:"from"},l,L),p);r.append(c,n("div",{class:"about"},f,o,u),R,U);let d,E="",s=[],y=[],w="",$=0,k=B(),T=P(()=>b("picked",{names:s.map(t=>t.name),stamp:$}),150);function C(t,e=null){s=t,$=Math.max($+1,Date.now()),I(),U.textContent=`${s.length} chosen: ${s.map(i=>i.caption).join(", ")}`,e&&c.children[e.index]?.querySelector(`[data-does=${e.does}]:not(:disabled), button:not(:disabled)`)?.focus(),T()}function N(t){s.length<d.most&&C([...s,t])}function _(t){t.preventDefault();let e=a.valueAsNumber;if(!Number.isInteger(e)||e<0||e>=d.rows){a.setCustomValidity(`A whole number from 0 to ${(d.rows-1).toLocaleString("en-US")}`),a.reportValidity();return}a.value="",N({name:String(e),caption:`row ${e.toLocaleString("en-US")}`,sprite:-1})}a.addEventListener("input",()=>a.setCustomValidity(""));function A(t,e,i){let h=[...s];h.splice(e,0,...h.splice(t,1)),C(h,i&&{index:e,does:i})}function H(t,e){let i=(h,x,g,m)=>n("button",{type:"button",class:"plain","data-does":h,"aria-label":`${x} ${t.caption}`,title:x,disabled:!g,click:m},M(X[h]));return n("li",{},n("div",{class:"grip",title:"Drag to move"},n("span",{class:"place"},String(e+1)),k.tile(t,W)),n("div",{class:"caption"},t.caption),n("div",{class:"acts"},i("left","Move left",e>0,()=>A(e,e-1,"left")),i("remove","Remove",!0,()=>C(s.filter((h,x)=>x!==e),{index:Math.min(e,s.length-2),does:"remove"})),i("right","Move right",e<s.length-1,()=>A(e,e+1,"right"))))}function I(){c.replaceChildren(...s.map(H));let t=s.length>=d.most;u.textContent=t?`${d.most} chosen, which is as many as there can be`:`${s.length} of at most ${d.most} chosen`,o.disabled=s.length<2,S.disabled=t,l.replaceChildren(...y.map(i=>n("button",{type:"button","aria-pressed":String(i.title===w),click:()=>J(i.title)},i.title)));let e=y.find(i=>i.title===w);p.replaceChildren(...e?.items.map(i=>n("button",{type:"button",class:"pick","aria-label":`Add ${i.caption}`,title:i.caption,disabled:t,click:()=>N(i)},k.tile(i,W*.75),k.has()?null:i.caption))??[],...e&&!e.items.length?[n("span",{class:"caption"},e.empty)]:[])}function j(t){R.hidden=!t,f.setAttribute("aria-expanded",String(t)),f.setAttribute("aria-pressed",String(t))}function J(t){w=t,I(),l.querySelector("[aria-pressed=true]")?.focus()}return q(c,(t,e)=>A(t,e,null)),{update(t){let e=JSON.stringify(t);if(e===E)return;E=e,d=t,k.read(t.sprites);let i=0,h=g=>g.map(m=>({...m,sprite:i++})),x=h(d.chosen);if(y=d.shelves.map(g=>({...g,items:h(g.items)})),y.some(g=>g.title===w)||(w=y[0]?.title??""),d.chosen.length<2&&j(!0),a.max=d.rows-1,L.hidden=d.rows===0,d.stamp>=$)s=x;else{let g=new Map([...y.flatMap(m=>m.items),...x].map(m=>[m.name,m.sprite]));s=s.map(m=>({...m,sprite:g.get(m.name)??-1}))}I()},destroy(){T.cancel(),k.destroy()}}}var ae=D(F,V);export{ae as default};
