import{b as V}from"../explorer.shared/shared-ZVNYXL66.js";import{a as j}from"../explorer.shared/shared-OMIHRXNT.js";import"../explorer.shared/shared-V6K5QLGS.js";import{b as n,c as w,d as I,e as H,h as P}from"../explorer.shared/shared-XRFZHQUS.js";function z(d,C){let a=-1,p=-1;function m(){for(let s of d.children)s.classList.remove("dragged","target")}function g(s){let u=Array.from(d.children,f=>{let c=f.getBoundingClientRect();return Math.hypot(s.clientX-(c.left+c.right)/2,s.clientY-(c.top+c.bottom)/2)});return u.indexOf(Math.min(...u))}d.addEventListener("pointerdown",s=>{let u=s.target instanceof Element?s.target.closest(".grip"):null;!u||s.button!==0||(a=p=[...d.children].findIndex(f=>f.contains(u)),d.setPointerCapture(s.pointerId))}),d.addEventListener("pointermove",s=>{a<0||(p=g(s),m(),p!==a&&(d.children[a].classList.add("dragged"),d.children[p].classList.add("target")))}),d.addEventListener("pointerup",()=>{m(),a>=0&&p!==a&&C(a,p),a=p=-1}),d.addEventListener("pointercancel",()=>{m(),a=p=-1})}var U=`.live .chosen {
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
`;var X=64,_={left:"M10 3.5 5.5 8l4.5 4.5",right:"M6 3.5 10.5 8 6 12.5",remove:"M4 4l8 8M12 4l-8 8",reverse:"M3 6h9M9.5 3.5 12 6l-2.5 2.5M13 10H4M6.5 7.5 4 10l2.5 2.5"};function ne(d,C){let a=n("ol",{class:"chosen","aria-label":"Chosen items, in order"}),p=n("button",{type:"button",click:()=>S([...i].reverse())},w(_.reverse),"Reverse the order"),m=n("span",{class:"quiet"}),g=n("button",{type:"button","aria-expanded":"false",click:()=>D(!!L.hidden)},w(I.plus),"Add items"),s=n("div",{class:"tabs",role:"group","aria-label":"Groups of items"}),u=n("div",{class:"shelf"}),f=H(),c=n("input",{type:"number",id:f,min:0,step:1,inputmode:"numeric"}),T=n("button",{type:"submit"},w(I.plus),"Add"),N=n("form",{class:"by-number",submit:J},n("label",{for:f},"Row number"),c,T),R=n("div",{class:"only-read","aria-live":"polite"}),L=n("div",{class:"shelves",hidden:!0},n("div",{class:"from"},s,N),u);d.append(a,n("div",{class:"about"},g,p,m),L,R);let M=j(),i=[],h=[],[v,x]=[0,0],O="",y="",k=0,q=V(()=>C("picked",{names:i.map(e=>e.name),stamp:k}),150);function S(e,t){i=e,k=Math.max(k+1,Date.now()),A(),R.textContent=`${i.length} chosen: ${i.map(r=>r.caption).join(", ")}`,t&&G(`li:nth-child(${t.index+1}) [data-does=${t.does}]:not(:disabled)`,t.index),q()}function G(e,t){let r=a.querySelector(e)??a.children[t]?.querySelector("button:not(:disabled)");r instanceof HTMLElement&&r.focus()}function B(e){i.length<v&&S([...i,e])}function J(e){e.preventDefault();let t=c.valueAsNumber;if(!Number.isInteger(t)||t<0||t>=x){c.setCustomValidity(`A whole number from 0 to ${(x-1).toLocaleString("en-US")}`),c.reportValidity();return}c.value="",B({name:String(t),caption:`row ${t.toLocaleString("en-US")}`,sprite:-1})}c.addEventListener("input",()=>c.setCustomValidity(""));function $(e,t,r){let o=[...i];o.splice(t,0,...o.splice(e,1)),S(o,r?{index:t,does:r}:void 0)}function W(e){S(i.filter((t,r)=>r!==e),{index:Math.min(e,i.length-2),does:"remove"})}function Y(e,t){let r=(b,l,E,Z)=>{let ee={"data-does":b,"aria-label":`${l} ${e.caption}`,title:l,disabled:!E};return n("button",{type:"button",class:"plain",...ee,click:Z},w(_[b]))},o=n("span",{class:"place"},t+1);return n("li",{},n("div",{class:"grip",title:"Drag to move"},o,M.tile(e.sprite,X)),n("div",{class:"caption"},e.caption),n("div",{class:"acts"},r("left","Move left",t>0,()=>$(t,t-1,"left")),r("remove","Remove",!0,()=>W(t)),r("right","Move right",t<i.length-1,()=>$(t,t+1,"right"))))}function F(e,t){let r=M.tile(e.sprite,X*.75),b={type:"button",class:"pick",...{"aria-label":`Add ${e.caption}`,title:e.caption,disabled:t},click:()=>B(e)};return n("button",b,r??e.caption)}function A(){a.replaceChildren(...i.map(Y));let e=i.length>=v;m.textContent=e?`${v} chosen, the maximum`:`${i.length} of at most ${v} chosen`,p.disabled=i.length<2,T.disabled=e,s.replaceChildren(...h.map(({title:o})=>n("button",{type:"button","aria-pressed":String(o===y),click:()=>K(o)},o)));let{items:t,empty:r}=h.find(({title:o})=>o===y)??{items:[],empty:""};u.replaceChildren(...t.map(o=>F(o,e))),t.length||u.append(n("span",{class:"caption"},r))}function D(e){L.hidden=!e,g.setAttribute("aria-expanded",String(e)),g.setAttribute("aria-pressed",String(e))}function K(e){y=e,A();let t=s.querySelector("[aria-pressed=true]");t instanceof HTMLElement&&t.focus()}function Q(e){let t=0,r=l=>l.map(E=>({...E,sprite:t++})),o=r(e.chosen);if(h=e.shelves.map(l=>({...l,items:r(l.items)})),e.stamp>=k){i=o;return}let b=new Map([...h.flatMap(({items:l})=>l),...o].map(l=>[l.name,l.sprite]));i=i.map(l=>({...l,sprite:b.get(l.name)??-1}))}return z(a,$),{update(e){let t=JSON.stringify(e);t!==O&&(O=t,{most:v,rows:x}=e,M.update(e.sprites),Q(e),h.some(({title:r})=>r===y)||(y=h[0]?.title??""),e.chosen.length<2&&D(!0),c.max=String(x-1),N.hidden=x===0,A())},destroy(){q.cancel(),M.destroy()}}}var pe=P(ne,U);export{pe as default};
