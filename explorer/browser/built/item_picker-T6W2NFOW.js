import{b as P}from"../explorer.shared/shared-ZVNYXL66.js";import{b as r,c as M,d as O,e as z,h as D}from"../explorer.shared/shared-5WLLZCO3.js";function q(n,b){let c=-1,a=-1,m=()=>{for(let s of n.children)s.classList.remove("dragged","target")},f=s=>{let p=Array.from(n.children,v=>{let o=v.getBoundingClientRect();return Math.hypot(s.clientX-(o.left+o.right)/2,s.clientY-(o.top+o.bottom)/2)});return p.indexOf(Math.min(...p))};n.addEventListener("pointerdown",s=>{let p=s.target.closest(".grip");!p||s.button!==0||(c=a=[...n.children].indexOf(p.parentElement),n.setPointerCapture(s.pointerId))}),n.addEventListener("pointermove",s=>{c<0||(a=f(s),m(),a!==c&&(n.children[c].classList.add("dragged"),n.children[a].classList.add("target")))}),n.addEventListener("pointerup",()=>{m(),c>=0&&a!==c&&b(c,a),c=a=-1}),n.addEventListener("pointercancel",()=>{m(),c=a=-1})}function B(){let n=null,b="",c="";return{has:()=>n!==null,read(a){n=a.header.sprites;let m=n?a.digest("sprites"):"";m!==c&&(c=m,URL.revokeObjectURL(b),b=n?URL.createObjectURL(new Blob([a.section("sprites")],{type:"image/png"})):"")},tile(a,m){if(!n)return null;let f=m/Math.max(n.width,n.height),s=f>=1?Math.floor(f):f,[p,v]=[n.width*s,n.height*s],o=r("span",{class:"picture tile","aria-hidden":"true"});if(o.style.cssText=`width: ${p}px; height: ${v}px;`,a.sprite>=0){let[S,L]=[a.sprite%n.columns*p,Math.floor(a.sprite/n.columns)*v];o.style.backgroundImage=`url(${b})`,o.style.backgroundPosition=`${-S}px ${-L}px`,o.style.backgroundSize=`${n.columns*p}px auto`,o.style.imageRendering=s>=2?"pixelated":"auto"}return o},destroy:()=>URL.revokeObjectURL(b)}}var V=`.live .chosen {
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
`;var X=64,_={left:"M10 3.5 5.5 8l4.5 4.5",right:"M6 3.5 10.5 8 6 12.5",remove:"M4 4l8 8M12 4l-8 8",turn:"M3 6h9M9.5 3.5 12 6l-2.5 2.5M13 10H4M6.5 7.5 4 10l2.5 2.5"};function Y(n,b){let c=r("ol",{class:"chosen","aria-label":"Chosen items, in order"}),a=r("button",{type:"button",click:()=>C([...l].reverse())},M(_.turn),"Reverse the order"),m=r("span",{class:"quiet"}),f=r("button",{type:"button","aria-expanded":"false",click:()=>j(R.hidden)},M(O.plus),"Add items"),s=r("div",{class:"tabs",role:"group","aria-label":"Groups of items"}),p=r("div",{class:"shelf"}),v=z(),o=r("input",{type:"number",id:v,min:0,step:1,inputmode:"numeric"}),S=r("button",{type:"submit"},M(O.plus),"Add"),L=r("form",{class:"by-number",submit:G},r("label",{for:v},"Row number"),o,S),U=r("div",{class:"only-read","aria-live":"polite"}),R=r("div",{class:"shelves",hidden:!0},r("div",{class:"from"},s,L),p);n.append(c,r("div",{class:"about"},f,a,m),R,U);let d=null,E="",l=[],y=[],w="",$=0,k=B(),N=P(()=>b("picked",{names:l.map(t=>t.name),stamp:$}),150);function C(t,e=null){l=t,$=Math.max($+1,Date.now()),I(),U.textContent=`${l.length} chosen: ${l.map(i=>i.caption).join(", ")}`,e&&c.children[e.index]?.querySelector(`[data-does=${e.does}]:not(:disabled), button:not(:disabled)`)?.focus(),N()}function T(t){l.length<d.most&&C([...l,t])}function G(t){t.preventDefault();let e=o.valueAsNumber;if(!Number.isInteger(e)||e<0||e>=d.rows){o.setCustomValidity(`A whole number from 0 to ${(d.rows-1).toLocaleString("en-US")}`),o.reportValidity();return}o.value="",T({name:String(e),caption:`row ${e.toLocaleString("en-US")}`,sprite:-1})}o.addEventListener("input",()=>o.setCustomValidity(""));function A(t,e,i){let h=[...l];h.splice(e,0,...h.splice(t,1)),C(h,i&&{index:e,does:i})}function H(t,e){let i=(h,x,g,u)=>r("button",{type:"button",class:"plain","data-does":h,"aria-label":`${x} ${t.caption}`,title:x,disabled:!g,click:u},M(_[h]));return r("li",{},r("div",{class:"grip",title:"Drag to move"},r("span",{class:"place"},String(e+1)),k.tile(t,X)),r("div",{class:"caption"},t.caption),r("div",{class:"acts"},i("left","Move left",e>0,()=>A(e,e-1,"left")),i("remove","Remove",!0,()=>C(l.filter((h,x)=>x!==e),{index:Math.min(e,l.length-2),does:"remove"})),i("right","Move right",e<l.length-1,()=>A(e,e+1,"right"))))}function I(){c.replaceChildren(...l.map(H));let t=l.length>=d.most;m.textContent=t?`${d.most} chosen, the maximum`:`${l.length} of at most ${d.most} chosen`,a.disabled=l.length<2,S.disabled=t,s.replaceChildren(...y.map(i=>r("button",{type:"button","aria-pressed":String(i.title===w),click:()=>J(i.title)},i.title)));let e=y.find(i=>i.title===w);p.replaceChildren(...e?.items.map(i=>r("button",{type:"button",class:"pick","aria-label":`Add ${i.caption}`,title:i.caption,disabled:t,click:()=>T(i)},k.tile(i,X*.75),k.has()?null:i.caption))??[],...e&&!e.items.length?[r("span",{class:"caption"},e.empty)]:[])}function j(t){R.hidden=!t,f.setAttribute("aria-expanded",String(t)),f.setAttribute("aria-pressed",String(t))}function J(t){w=t,I(),s.querySelector("[aria-pressed=true]")?.focus()}return q(c,(t,e)=>A(t,e,null)),{update(t){let e=JSON.stringify(t.header);if(e===E)return;E=e,d=t.header,k.read(t);let i=0,h=g=>g.map(u=>({...u,sprite:i++})),x=h(d.chosen);if(y=d.shelves.map(g=>({...g,items:h(g.items)})),y.some(g=>g.title===w)||(w=y[0]?.title??""),d.chosen.length<2&&j(!0),o.max=d.rows-1,L.hidden=d.rows===0,d.stamp>=$)l=x;else{let g=new Map([...y.flatMap(u=>u.items),...x].map(u=>[u.name,u.sprite]));l=l.map(u=>({...u,sprite:g.get(u.name)??-1}))}I()},destroy(){N.cancel(),k.destroy()}}}var ae=D(Y,V);export{ae as default};
