import{a as W,b as _,c as D,d as M,e as g,f as $,i as O,j,m as U,p as V,q as J}from"../explorer.shared/shared-RQYU4SZM.js";import{a as m}from"../explorer.shared/shared-TK5MQQWK.js";import"../explorer.shared/shared-ZVNYXL66.js";import{e as x}from"../explorer.shared/shared-V6K5QLGS.js";import{b as a}from"../explorer.shared/shared-XRFZHQUS.js";var R=`.live .families {
  display: grid;
  gap: 0.75rem;
}

.live .family {
  display: grid;
  grid-template-columns: 84px minmax(0, 1fr);
  gap: 0.25rem 1rem;
  align-items: start;
  padding-bottom: 0.75rem;
  border-bottom: 1px solid var(--line);
}

.live .family canvas {
  width: 84px;
  height: 84px;
  border-radius: var(--radius);
  image-rendering: pixelated;
}

.live .family p {
  margin: 0;
}

.live .family .facts {
  display: flex;
  flex-wrap: wrap;
  gap: 0.1rem 1.25rem;
}

.live .family .name {
  display: flex;
  flex-wrap: wrap;
  gap: 0 1rem;
  justify-content: space-between;
}

.live .family a {
  color: var(--accent);
}
`;function B(l,r){return{symbols:{item:{sign:()=>"x",says:"the item that all of them get"},rebuilt:{sign:()=>j("x"),says:"what each makes of it"},code:{sign:()=>"z",says:"the code: so many numbers are kept of an item"},error:{sign:()=>"L",says:`squared error an item, the mean of held-out ones (${l})`},sample:{sign:()=>["N","(","0",",","I",")"],says:"where a random code is drawn from: only a variational one was taught to expect it"}},formula:o=>[o.item,"\u2192",o.code,"\u2192",o.rebuilt,",",o.error,"=",O(U(o.item,"\u2212",o.rebuilt),"2"),",",o.code,"\u223C",o.sample],text:o=>[["All of them squeeze ",o.item," into a code ",o.code," and rebuild it. They differ in what they were asked for. A ","small error ",o.error," alone is no reason to choose one: a larger code has a smaller one, and a code whose values ","are pressed to ",o.sample," pays with error for being able to sample."],["Denoising is a way of training, not a shape: any of the others can be trained so. A narrow code takes away some ",`noise by itself. Errors are means of ${l}; the noisy ones have ${r}, and are compared with the clean ones.`]],question:"Which of them would you take to clean pictures, and which to draw new ones? Give all of them noise, then a random code."}}var H={clean:"The item",noisy:"The item with noise",code:"A random code"};function te(l){let r=null,o="";return{update(d){let h=JSON.stringify(d);if(r&&h===o){r.draw();return}l.replaceChildren(),o=h,r=re(l,d)},destroy(){}}}function re(l,r){let{shape:o,families:d}=r,h=o[0]*o[1]*o[2],k={clean:r.items.read(),noisy:r.noisy.read()},C=k.clean.length/h,K=d.map(({rebuilt:e,cleaned:n,decoded:t})=>({clean:e.read(),noisy:n.read(),code:t.read()})),{settings:c,remember:P}=W("which",{given:"clean",item:"1"});c.given in H||(c.given="clean");let i=J(l,B(r.split,r.noise)),y=[],E=G("What all of them get","item"),N=a("p",{}),S=d.map(({title:e})=>G(`What the ${e.toLowerCase()} one makes of it`,"rebuilt"));i.stage.append(a("div",{class:"families"},a("div",{class:"family"},E,N),...d.map((e,n)=>X(e,S[n]))));let A=D("Give them",H,c.given,e=>v({given:e})),Q=_({label:"Item",low:1,high:C,step:1,value:u()+1},e=>v({item:String(e)})),F=g("Least error, clean"),I=g("Least error, from noise"),T=g("Error of the noise itself"),z=M("",()=>{v({given:c.given==="noisy"?"code":"noisy"});for(let e of A.element.querySelectorAll("input"))e.checked=e.value===c.given});i.controls.append(A.element,Q.element),i.addFigure(F,"error"),i.addFigure(I,"error"),i.addFigure(T,"item"),i.doing.append(z.element),i.links.onChange(w),w();function G(e,n){let t=a("canvas",{role:"img","aria-label":e});return y.push([t,[n,"error"]]),$(t,n,i.links),t}function X(e,n){let t=(q,Z,ee)=>{let b=a("span",{},`${Z} `,a("b",{class:"number"},ee));return y.push([b,[q]]),$(b,q,i.links),b},[p,s,f]=e.error,Y=a("a",{href:`train?recipe=${encodeURIComponent(e.recipe)}`,target:"_self"},"Train one");return a("div",{class:"family"},n,a("div",{},a("p",{class:"name"},a("b",{},e.title),Y),a("p",{class:"caption"},`For ${e.purpose}. ${e.model}, ${e.weights.toLocaleString("en-US")} weights.`),a("p",{class:"facts"},t("code","Code",`${e.code_size} numbers`),t("error","Error",`${m(p)} (${m(s)} to ${m(f)})`),t("error","Denoises to",`${m(e.noisy_error)} of ${m(r.damage)}`),t("sample","Samples",e.samples))))}function u(){return Math.min(C,Math.max(1,Math.floor(Number(c.item))||1))-1}function v(e){Object.assign(c,e),P(),w()}function w(){let e=c.given,[n,t]=[u()*h,(u()+1)*h];x(E,e==="code"?new Float32Array(h):k[e].subarray(n,t),o);let p={clean:"The item x as it is. Each row: what comes back.",noisy:`The item with ${r.noise}. Each row: what comes back.`,code:`No item: each decodes a code of its own size that was drawn from N(0, I), number ${u()+1}.`};N.textContent=p[e],S.forEach((s,f)=>{x(s,K[f][e].subarray(n,t),o)});for(let[s,f]of y)s.style.opacity=String(i.strength(...f));F.show(L(({error:s})=>s[0])),I.show(L(s=>s.noisy_error)),T.show(m(r.damage)),z.show(e==="noisy"?"Give all of them a random code":"Give all of them noise"),i.drawn()}function L(e){let n=d.reduce((t,p)=>e(p)<e(t)?p:t);return`${n.title}, ${m(e(n))}`}return{draw:w}}var we=V(te,R);export{we as default};
