import{b as o}from"../explorer.shared/shared-6O4D3DFG.js";import{b as e,h as a}from"../explorer.shared/shared-XRFZHQUS.js";var s=`.live .paste {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.6rem;
}
`;function u(i,d,c){let t=e("span",{class:"caption",role:"status"}),p=o(r=>c("picture",r),r=>t.replaceChildren(r)),l=e("button",{type:"button",click:()=>p.readClipboard()},"Paste a picture");return i.append(e("div",{class:"paste"},l,t)),{update:()=>t.replaceChildren("or press Ctrl+V"),destroy:p.destroy}}var y=a(u,s);export{y as default};
