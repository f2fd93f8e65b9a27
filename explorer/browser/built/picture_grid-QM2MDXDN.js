import{b as u,h as v}from"../explorer.shared/shared-ZMNDSNWX.js";var k=`.live .picture-grid {
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

.live .crisp {
  image-rendering: pixelated;
}
`;function A(d,f){let c=u("div",{class:"picture-grid",role:"group"});d.append(c);let r,g="",p="",b="",o=[],w=0;function y(e){let{titles:t,size:n}=r,{width:i,height:s,columns:l}=r.sheet,h=n/Math.max(i,s),a=h>=1?Math.floor(h):h,$=u("span",{class:a>=1?"picture crisp":"picture",style:[`width: ${i*a}px`,`height: ${s*a}px`,`background-image: url("${p}")`,`background-size: ${l*i*a}px auto`,`background-position: ${-(e%l)*i*a}px ${-Math.floor(e/l)*s*a}px`].join("; ")});return u("button",{type:"button",class:"plain cell","aria-label":`${r.label} ${t[e]}`,title:t[e],tabindex:-1,click:()=>R(e)},$)}function x(e){o.forEach((t,n)=>{t.setAttribute("aria-pressed",String(n===e)),t.tabIndex=n===Math.max(0,e??0)?0:-1})}function R(e){x(e),f("picked",{index:e,sheet:g,picks:++w})}function m(){let e=o[0].offsetTop,t=o.findIndex(n=>n.offsetTop>e);return t<0?o.length:t}return c.addEventListener("keydown",e=>{let t=o.indexOf(e.target),n={ArrowLeft:-1,ArrowRight:1,ArrowUp:-m(),ArrowDown:m(),Home:-t,End:o.length-1-t},i=t+n[e.key];t<0||!(i>=0&&i<o.length)||(e.preventDefault(),o[t].tabIndex=-1,o[i].tabIndex=0,o[i].focus())}),{update(e){r=e;let t=JSON.stringify(r);if(t===b)return;b=t;let{png:n}=e.sheet;n.digest!==g&&(g=n.digest,URL.revokeObjectURL(p),p=URL.createObjectURL(new Blob([n.read()],{type:"image/png"})));let i=c.contains(c.getRootNode().activeElement);o=Array.from({length:r.titles.length},(s,l)=>y(l)),c.setAttribute("aria-label",r.label),c.style.maxWidth=r.columns?`${r.columns*(U(r.sheet,r.size)+4)}px`:"",c.replaceChildren(...o),x(r.selected),i&&o.find(s=>s.tabIndex===0)?.focus()},destroy:()=>URL.revokeObjectURL(p)}}function U({width:d,height:f},c){let r=c/Math.max(d,f);return d*(r>=1?Math.floor(r):r)+6}var E=v(A,k);export{E as default};
