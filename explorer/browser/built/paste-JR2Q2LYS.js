import{a as p}from"../explorer.shared/shared-BJXKUCD5.js";import{b as t,h as s}from"../explorer.shared/shared-ZMNDSNWX.js";var a=`.live .paste {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.6rem;
}
`;function u(n,m,i){let e=t("span",{class:"caption",role:"status"}),o=p(r=>i("picture",r),r=>e.textContent=r),c=t("button",{type:"button",click:()=>o.readClipboard()},"Paste a picture");return n.append(t("div",{class:"paste"},c,e)),{update(){e.textContent="or press Ctrl+V"},destroy:()=>o.destroy()}}var b=s(u,a);export{b as default};
