import{b as d,h as k}from"../explorer.shared/shared-5WLLZCO3.js";var w=`.live .picture-grid {
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
`;function A(a,p){let s=d("div",{class:"picture-grid",role:"group"});a.append(s);let r=null,u="",l="",b="",o=[],v=0;function y(e){let{titles:t,width:n,height:i,size:f,sheet_columns:h}=r,g=f/Math.max(n,i),c=g>=1?Math.floor(g):g,$=d("span",{class:c>=1?"picture crisp":"picture",style:[`width: ${n*c}px`,`height: ${i*c}px`,`background-image: url("${l}")`,`background-size: ${h*n*c}px auto`,`background-position: ${-(e%h)*n*c}px ${-Math.floor(e/h)*i*c}px`].join("; ")});return d("button",{type:"button",class:"plain cell","aria-label":`${r.label} ${t[e]}`,title:t[e],tabindex:-1,click:()=>R(e)},$)}function x(e){o.forEach((t,n)=>{t.setAttribute("aria-pressed",String(n===e)),t.tabIndex=n===Math.max(0,e??0)?0:-1})}function R(e){x(e),p("picked",{index:e,sheet:u,picks:++v})}function m(){let e=o[0].offsetTop,t=o.findIndex(n=>n.offsetTop>e);return t<0?o.length:t}return s.addEventListener("keydown",e=>{let t=o.indexOf(e.target),n={ArrowLeft:-1,ArrowRight:1,ArrowUp:-m(),ArrowDown:m(),Home:-t,End:o.length-1-t},i=t+n[e.key];t<0||!(i>=0&&i<o.length)||(e.preventDefault(),o[t].tabIndex=-1,o[i].tabIndex=0,o[i].focus())}),{update(e){r=e.header;let t=JSON.stringify([r,e.digest("sheet")]);if(t===b)return;b=t,e.digest("sheet")!==u&&(u=e.digest("sheet"),URL.revokeObjectURL(l),l=URL.createObjectURL(new Blob([e.section("sheet")],{type:"image/png"})));let n=s.contains(s.getRootNode().activeElement);o=Array.from({length:r.n},(i,f)=>y(f)),s.setAttribute("aria-label",r.label),s.style.maxWidth=r.columns?`${r.columns*(U(r)+4)}px`:"",s.replaceChildren(...o),x(r.selected),n&&o.find(i=>i.tabIndex===0)?.focus()},destroy:()=>URL.revokeObjectURL(l)}}function U({width:a,height:p,size:s}){let r=s/Math.max(a,p);return a*(r>=1?Math.floor(r):r)+6}var E=k(A,w);export{E as default};
