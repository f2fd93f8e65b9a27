import{a as h}from"../explorer.shared/shared-OMIHRXNT.js";import"../explorer.shared/shared-V6K5QLGS.js";import{b as a,h as b}from"../explorer.shared/shared-XRFZHQUS.js";var x=`.live .picture-grid {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
}

.live button.cell {
  padding: 2px;
  border-radius: calc(var(--radius) / 2);
}

.live button.cell:hover {
  border-color: var(--accent);
}

.live button.cell[aria-pressed="true"] {
  border-color: var(--accent);
  box-shadow: 0 0 0 1px var(--accent);
}

.live .cell .picture {
  border: 0;
}
`;var k=6,I=4;function E(w,v){let i=a("div",{class:"picture-grid",role:"group"});w.append(i);let l=h(),d="",s="",r=[],p=0;function m({label:t,titles:e,size:n},o){let c={"aria-label":`${t} ${e[o]}`,title:e[o],tabindex:-1};return a("button",{type:"button",class:"plain cell",...c,click:()=>y(o)},l.tile(o,n))}function u(t){r.forEach((e,n)=>{e.setAttribute("aria-pressed",String(n===t)),e.tabIndex=n===Math.max(0,t??0)?0:-1})}function y(t){u(t),p+=1,v("picked",{index:t,sheet:d,picks:p})}function f(){let t=r[0].offsetTop,e=r.findIndex(n=>n.offsetTop>t);return e<0?r.length:e}return i.addEventListener("keydown",t=>{let e=r.findIndex(c=>c.matches(":focus"));if(e<0)return;let n={ArrowLeft:-1,ArrowRight:1,ArrowUp:-f(),ArrowDown:f(),Home:-e,End:r.length-1-e},o=e+n[t.key];o>=0&&o<r.length&&(t.preventDefault(),r[e].tabIndex=-1,r[o].tabIndex=0,r[o].focus())}),{update(t){let e=JSON.stringify(t);if(e===s)return;s=e,d=t.sheet.png.digest,l.update(t.sheet);let n=i.matches(":focus-within");r=t.titles.map((c,A)=>m(t,A));let o=t.columns&&t.columns*(l.widthIn(t.size)+k+I);i.style.maxWidth=o?`${o}px`:"",i.setAttribute("aria-label",t.label),i.replaceChildren(...r),u(t.selected),n&&r.find(c=>c.tabIndex===0)?.focus()},destroy:l.destroy}}var F=b(E,x);export{F as default};
