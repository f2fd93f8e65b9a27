import{a as T,b as ce,c as de}from"../explorer.shared/shared-TK5MQQWK.js";import{a as Se,b as he}from"../explorer.shared/shared-ZVNYXL66.js";import{b as l,g as Le,h as Ie}from"../explorer.shared/shared-ZMNDSNWX.js";var F={left:10,right:10,top:24,bottom:38},et={size:150,left:30,bottom:30,top:8,right:8};function Ee([e,o],t,a){let r=t?Math.log10:h=>h,i=t?h=>10**h:h=>h,[s,p]=[r(e),r(o)],d=a-F.left-F.right,$=h=>Math.min(1,Math.max(0,(r(t?Math.max(h,e):h)-s)/(p-s))),u=a>500?390:280;return{low:e,high:o,room:d,height:u,floor:u-F.bottom,share:$,at:h=>i(s+Math.min(1,Math.max(0,h))*(p-s)),toScreen:h=>F.left+$(h)*d,placeOf:h=>(h-F.left)/d,ticks:t?tt(s,p,a/90):de(e,o,a/110)}}function tt(e,o,t){let a=o-e<t/3?[1,2,5]:[1],r=Math.max(1,Math.ceil((o-e)/t)),i=[];for(let s=Math.floor(e);s<=o;s++)if(!(s%r))for(let p of a){let d=p*10**s;Math.log10(d)>=e&&Math.log10(d)<=o&&i.push({at:d,text:nt(d)})}return i.length>1?i:de(10**e,10**o,t)}function nt(e){return e>=1e6||e<1e-4?e.toExponential(0).replace("e+","e").replace("-","\u2212"):e>=1?e.toLocaleString("en-US"):String(Number(e.toPrecision(3)))}function ze(e,o,t,a,r){let i=Math.max(16,Math.min(90,Math.floor(t.room/8))),s=t.room/i,p=a.map(({scores:u})=>{let h=new Float64Array(i);for(let A of u)h[Math.min(i-1,Math.floor(t.share(A)*i))]+=1/u.length;return h}),d=Math.max(1e-9,...p.map(u=>Math.max(...u)));e.replaceChildren(...p.flatMap((u,h)=>Array.from(u,(A,S)=>{let x=A/d*(t.floor-F.top-8),q={x:F.left+S*s+.5,width:Math.max(1,s-1),y:t.floor-x,height:x};return A?l("rect",{class:a[h].kind,...q}):null}).filter(Boolean)));let $=F.left+t.room;o.replaceChildren(l("line",{x1:F.left,x2:$,y1:t.floor,y2:t.floor}),...t.ticks.map(u=>{let h=t.toScreen(u.at);return l("text",{x:h,y:t.floor+18,"text-anchor":h<30?"start":h>$-20?"end":"middle"},u.text)}),l("text",{class:"title",x:$,y:t.floor+34,"text-anchor":"end"},r))}function me(e,o,t){let{size:a,left:r,bottom:i,top:s,right:p}=et,[d,$]=[r+a+p,s+a+i],u=w=>r+w*a,h=w=>s+(1-w)*a,A=l("path",{class:"curve"}),S=l("path",{class:"guide"}),x=l("circle",{class:"point",r:5}),q=l("svg",{viewBox:`0 0 ${d} ${$}`,class:"curve-chart",role:"img","aria-label":e},l("path",{class:"frame",d:`M${r} ${s}V${s+a}H${r+a}`}),S,A,x,...[0,1].map(w=>l("text",{x:u(w),y:s+a+13,"text-anchor":w?"end":"start"},w)),...[0,1].map(w=>l("text",{x:r-4,y:h(w)+(w?9:0),"text-anchor":"end"},w)),l("text",{x:r+a/2,y:$-3,"text-anchor":"middle"},o),l("text",{x:0,y:0,transform:`translate(10 ${s+a/2}) rotate(-90)`,"text-anchor":"middle"},t));return{element:l("figure",{class:"curve-box"},l("figcaption",{},e),q),draw(w,z,B,re){A.setAttribute("d",ot(w.map(u),z.map(h),B));let[ae,Y,V,_]=re;S.setAttribute("d",`M${u(ae)} ${h(Y)}L${u(V)} ${h(_)}`)},mark(w,z){let B=Number.isFinite(w)&&Number.isFinite(z);x.toggleAttribute("hidden",!B),B&&H(x,{cx:u(w),cy:h(z),"data-x":w,"data-y":z})}}}function ot(e,o,t){let a="",r=-1;for(let i=0;i<e.length;i++){if(!Number.isFinite(o[i])||!(r<0||i===e.length-1||Math.hypot(e[i]-e[r],o[i]-o[r])>.4))continue;let[p,d]=[e[i].toFixed(2),o[i].toFixed(2)];a+=r<0?`M${p} ${d}`:t?`V${d}H${p}`:`L${p} ${d}`,r=i}return a}function H(e,o){for(let[t,a]of Object.entries(o))e.setAttribute(t,a)}function ee(e){return Number.isFinite(e)?ce(e,Pe(e)):"\u2013"}function pe(e){return Number.isFinite(e.value)?`${ee(e.value)} (${ue(e).replace(" %","")})`:"\u2013"}function ue({value:e,low:o,high:t}){let a=Pe(e);return`${(100*o).toFixed(a)} to ${ce(t,a)}`}function Pe(e){return e>0?Math.min(6,Math.max(1,Math.ceil(-Math.log10(100*e))+1)):1}function I(e){return e.toLocaleString("en-US")}function O(e,o=4){return Number.isFinite(e)?String(Number(e.toPrecision(o))).replace("-","\u2212"):""}function rt(e){let o=e.replaceAll("\u2212","-").replace("%","").trim();return o===""?NaN:Number(/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(o)?o.replaceAll(",",""):o.replace(",","."))}function R(e,o,t,a){let r=l("input",{type:"text",inputmode:"decimal",class:"field-input","aria-label":e}),i="";return r.addEventListener("focus",()=>r.select()),r.addEventListener("change",()=>{let s=rt(r.value);Number.isFinite(s)&&a(s)?t(s):r.value=i}),r.addEventListener("keydown",s=>{s.key==="Escape"&&(r.value=i)}),{element:l("label",{class:"field"},l("span",{},e),l("span",{class:"field-row"},r,o&&l("span",{},o))),show(s){i=s,r.value=s}}}function Oe(e){let o=e.map(()=>[0,1].map(()=>l("td"))),t=e.map((r,i)=>l("th",{scope:"row"},l("span",{class:`dot ${i?"novel":"normal"}`}),r));return{element:l("table",{class:"confusion"},l("thead",{},l("tr",{},l("td"),l("th",{scope:"col"},"Alarm"),l("th",{scope:"col"},"No alarm"))),l("tbody",{},...e.map((r,i)=>l("tr",{},t[i],...o[i])))),show(r){r.forEach((i,s)=>i.forEach(({name:p,rate:d,wrong:$},u)=>{o[s][u].classList.toggle("wrong",$),o[s][u].replaceChildren(l("span",{class:"count"},I(d.count)),l("span",{class:"cell-name"},p),l("span",{class:"caption"},d.n?pe(d):"none to count"))}))}}}function fe(e,o,...t){return l("section",{class:"panel"},l("h4",{},e),l("div",{class:"fields"},...o.map(a=>a.element)),...t)}function te(e,o,t){return l("div",{class:"fact"},l("span",{},e),l("strong",{},o),l("span",{class:"caption"},t))}function Re([e,o,t]){return`${e.toFixed(3)} (${o.toFixed(3)} to ${t.toFixed(3)})`}function ne(e){return e<1e6?Number(e.toPrecision(6)).toLocaleString("en-US",{maximumFractionDigits:2}):T(e)}function D(e,o){let[t,a]=[0,e.length];for(;t<a;){let r=t+a>>1;e[r]>o?a=r:t=r+1}return e.length-t}function W(e,o){if(!o)return{value:NaN,low:0,high:1,count:e,n:o};let t=e?oe(e,o-e+1,.025):0,a=e<o?oe(e+1,o-e,1-.025):1;return{value:e/o,low:t,high:a,count:e,n:o}}function De(e,o){let t=e.length,a=t-D(e,o),r=(t+1-a)/(t+1);return a?{value:r,low:oe(t+1-a,a,.025),high:oe(t+1-a,a,1-.025),n:t}:{value:r,low:1,high:1,n:t}}function Be(e,o){let t=e.length,a=Math.ceil(Number(((t+1)*(1-o)).toFixed(9)));return e[Math.min(t,Math.max(1,a))-1]}function Ue(e,o){let t={alarms:[0],found:[0],cuts:[]},[a,r]=[e.length,o.length],i=()=>Math.max(a?e[a-1]:-1/0,r?o[r-1]:-1/0);for(t.cuts.push(i());a||r;){let s=i();for(;a&&e[a-1]===s;)a--;for(;r&&o[r-1]===s;)r--;let p=i(),d=(s+p)/2;t.alarms.push(e.length-a),t.found.push(o.length-r),t.cuts.push(a||r?d<s?d:p:at(s))}return t}function at(e){return e>0?.99*e:e-.01*Math.max(1,Math.abs(e))}function je(e,o,t){let a=e.found.at(-1),[r,i]=[0,1/0];for(let s=0;s<e.cuts.length;s++){let p=(a-e.found[s])*o+e.alarms[s]*t;p<i&&([r,i]=[s,p])}return{threshold:e.cuts[r],cost:i}}function ve({calibration:e,novel:o},{daily:t,share:a},r){let i=o?.length?t*a:0,s=i?i*D(o,r)/o.length:0,p=(t-i)*((1+D(e,r))/(e.length+1));return{alarms:p+s,falseAlarms:p,found:s,missed:i-s}}function qe(e,o,t){let a=Float64Array.from([...e.calibration,...e.novel??[]]).sort(),[r,i]=[0,a.length-1];for(;r<i;){let s=r+i>>1;ve(e,o,a[s]).alarms<=t*(1+1e-12)?i=s:r=s+1}return a[r]}function oe(e,o,t){let[a,r]=[0,1];for(let i=0;i<64&&r-a>1e-15*r;i++){let s=(a+r)/2;Ge(e,o,s)<t?a=s:r=s}return(a+r)/2}function Ge(e,o,t){if(t<=0||t>=1)return t<=0?0:1;if(t>(e+1)/(e+o+2))return 1-Ge(o,e,1-t);let a=e*Math.log(t)+o*Math.log1p(-t)+ge(e+o)-ge(e)-ge(o)-Math.log(e);return Math.exp(a)*lt(e,o,t)}function lt(e,o,t){let r=1,i=0,s=1;for(let p=1;p<2e4;p++){let d=p>>1,$=d*(o-d)*t/((e+2*d-1)*(e+2*d)),u=-(e+d)*(e+o+d)*t/((e+2*d)*(e+2*d+1)),h=p%2?u:$;i=1/(1+h*i||1e-300),r=1+h/r||1e-300;let A=r*i;if(s*=A,Math.abs(A-1)<1e-15)break}return 1/s}function ge(e){let o=0;for(;e<12;e++)o+=Math.log(e);let t=1/(e*e),a=(1/12-t*(1/360-t*(1/1260-t/1680)))/e;return(e-.5)*Math.log(e)-e+.5*Math.log(2*Math.PI)+a-o}var He=`.live .threshold-view {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1.25rem 2rem;
}

@container (min-width: 860px) {
  .live .threshold-view {
    grid-template-columns: minmax(0, 1.7fr) minmax(21rem, 1fr);
  }

  .live .panels {
    grid-column: 1 / -1;
    grid-template-columns: 1fr 1fr;
  }
}

.live .top {
  display: flex;
  justify-content: space-between;
  align-items: flex-start;
  gap: 0.5rem;
  min-height: 2rem;
}

.live .axis-button {
  flex: none;
  padding: 0.1rem 0.6rem;
  font-size: 0.8125rem;
}

.live .plot {
  display: block;
  cursor: ew-resize;
  touch-action: pan-y;
  user-select: none;
}

.live rect.normal {
  fill: var(--normal);
  fill-opacity: 0.6;
}

.live rect.novel {
  fill: var(--novel);
  fill-opacity: 0.6;
}

.live .axis line {
  stroke: var(--line);
}

.live .own line {
  stroke: var(--text);
  stroke-width: 1.5;
}

.live .cheapest {
  fill: var(--text);
}

.live svg text {
  fill: var(--quiet);
  font-size: 12px;
}

.live svg .value-text {
  fill: var(--text);
  font-weight: 600;
}

.live .mark {
  stroke: var(--text);
  stroke-width: 2;
}

.live .grip {
  fill: var(--st-background-color);
  stroke: var(--text);
  stroke-width: 1.5;
}

.live .handle:focus {
  outline: none;
}

.live .handle:focus-visible .grip {
  fill: var(--accent);
  stroke: var(--accent);
}

.live .legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.25rem;
}

.live .dot {
  display: inline-block;
  width: 0.65rem;
  height: 0.65rem;
  margin-right: 0.4rem;
  border-radius: 2px;
}

.live .dot.normal {
  background: var(--normal);
}

.live .dot.novel {
  background: var(--novel);
}

.live .own-sign {
  display: inline-block;
  width: 2px;
  height: 0.75rem;
  margin-right: 0.4rem;
  background: var(--text);
  vertical-align: -0.05rem;
}

.live .fields {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 1.25rem;
}

.live .field {
  display: grid;
  gap: 0.15rem;
  color: var(--quiet);
  font-size: 0.8125rem;
}

.live .field-row {
  display: flex;
  align-items: center;
  gap: 0.4rem;
  white-space: nowrap;
}

.live .field-input {
  width: 6.5rem;
  padding: 0.25rem 0.5rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--st-secondary-background-color);
  color: var(--text);
  font: inherit;
  font-size: 0.875rem;
  font-variant-numeric: tabular-nums;
}

.live p {
  margin: 0.5rem 0 0;
}

.live .confusion {
  width: 100%;
  border-collapse: collapse;
  table-layout: fixed;
}

.live .confusion th {
  padding: 0.25rem 0.5rem 0.25rem 0;
  font-weight: 600;
  text-align: left;
  vertical-align: top;
  overflow-wrap: anywhere;
}

.live .confusion thead th {
  padding-left: 0.6rem;
  color: var(--quiet);
  font-weight: 400;
  font-size: 0.8125rem;
}

.live .confusion tbody th {
  padding-top: 0.55rem;
}

.live .confusion thead td,
.live .confusion thead th:first-child {
  width: 26%;
}

.live .confusion tbody td {
  padding: 0.4rem 0.6rem;
  border: 1px solid var(--line);
  vertical-align: top;
}

.live .confusion tbody td.wrong {
  background: var(--fill);
}

.live .confusion td span {
  display: block;
}

.live .count {
  font-size: 1.25rem;
  line-height: 1.25;
}

.live .cell-name {
  font-size: 0.8125rem;
}

.live .facts {
  display: grid;
  gap: 0.35rem;
  margin-top: 0.75rem;
}

.live .fact {
  display: flex;
  flex-wrap: wrap;
  gap: 0 0.5rem;
  align-items: baseline;
}

.live .fact strong,
.live .panel strong {
  font-weight: 600;
}

.live .curves {
  display: grid;
  grid-template-columns: 1fr 1fr;
  gap: 0.75rem;
  margin-top: 0.75rem;
}

.live .curve-box {
  margin: 0;
}

.live .curve-box figcaption {
  font-size: 0.8125rem;
}

.live .curve-chart {
  display: block;
  width: 100%;
  max-width: 15rem;
}

.live .curve-chart .frame {
  fill: none;
  stroke: var(--line);
}

.live .curve-chart .guide {
  fill: none;
  stroke: var(--line);
  stroke-dasharray: 4 4;
}

.live .curve-chart .curve {
  fill: none;
  stroke: var(--quiet);
  stroke-width: 2;
}

.live .curve-chart .point {
  fill: var(--accent);
  stroke: var(--st-background-color);
  stroke-width: 1.5;
}

.live .panels {
  display: grid;
  gap: 1rem;
}

.live .panels:empty {
  display: none;
}

.live .side > .panel {
  margin-top: 1rem;
}

.live .panel {
  padding: 0.75rem 1rem 0.9rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
}

.live .panel h4 {
  margin: 0 0 0.5rem;
  padding: 0;
  color: var(--text);
  font-size: 0.9375rem;
  font-weight: 600;
}

.live .panel button {
  margin-top: 0.6rem;
}

.live .panel button:disabled {
  opacity: 0.45;
  cursor: default;
}
`;function it(e,o){let t=l("div",{class:"legend"}),a=l("button",{type:"button",class:"axis-button",click:Je}),r=l("svg",{class:"plot",role:"presentation",width:"100%"}),i=l("g"),s=l("g",{class:"axis"}),p=l("g",{class:"own"}),d=l("path",{class:"cheapest"}),$=l("line",{class:"mark"}),u=l("rect",{class:"grip",width:10,height:26,rx:4}),h=l("text",{class:"value-text"}),A=l("g",{class:"handle",role:"slider",tabindex:0,"aria-label":"Threshold"},$,u,h);r.append(i,s,p,d,A);let S=n=>n>=0,x={threshold:R("Threshold","",n=>j(n,!0),()=>!0),rate:R("False alarms expected","% of normal",n=>j(Be(m.calibration,n/100),!0),n=>n>0&&n<100),alarms:R("Alarms a day","",n=>j(qe(m,g,n),!0),S),daily:R("Items a day","",n=>Q({daily:n}),S),share:R("Of them novel","%",n=>Q({share:n/100}),n=>n>=0&&n<=100),miss:R("Price of a miss","",n=>Q({miss:n}),S),alarm:R("Price of a false alarm","",n=>Q({alarm:n}),S)},q=l("p",{class:"caption"}),w=l("div",{class:"side"}),z=l("div",{class:"panels"}),B=l("div",{class:"only-read","aria-live":"polite"}),re=l("div",{class:"fields"},x.threshold.element,x.rate.element),ae=l("div",{class:"main"},l("div",{class:"top"},t,a),r,re,q);e.append(l("div",{class:"threshold-view"},ae,w,z),B);let Y=l("div",{class:"facts"}),V=me("ROC","false alarms","found"),_=me("Precision-recall","found","alarms that are right"),xe=l("p",{class:"cost-line"}),we=l("p",{class:"caption"}),be=l("button",{type:"button",click:()=>j(E.threshold,!0)},"Go to the cheapest"),le=l("p",{class:"day-line"}),ye=l("p",{class:"caption"}),se=null,y,ke="",$e={},m={normal:new Float64Array(0),novel:null,calibration:new Float64Array(0),own:new Float64Array(0)},U=null,E=null,g={},M=0,b=null,J=0,X=he(()=>o("threshold",{digests:$e,start:y.start,value:M,wishes:g}),120),Ae=he(n=>{B.textContent=n},500),K=Se(()=>{if(!b)return;We();let n=[Ve(),Xe()],c=De(m.calibration,M);x.threshold.show(O(M,5)),x.rate.show(O(100*c.value,3)),q.textContent=`On new normal items like the ${I(c.n)} held-out ones that set this: 95 % interval ${ue(c)}. No alarm has a p-value above ${ee(c.value)}.`,Ae(n.join(" "))});function We(){let n=b.toScreen(M);H($,{x1:n,x2:n,y1:F.top,y2:b.floor}),H(u,{x:n-5,y:(F.top+b.floor)/2-13});let c=n>J-140;H(h,{x:c?n-8:n+8,y:F.top-8,"text-anchor":c?"end":"start"}),h.textContent=`threshold ${T(M)}`;let f={"aria-valuemin":b.low,"aria-valuemax":b.high,"aria-valuenow":M};H(A,{...f,"aria-valuetext":T(M)})}function Ve(){let n=D(m.normal,M),c=m.normal.length,f=m.novel!==null,k=[[{name:f?"false alarms":"alarms",rate:W(n,c),wrong:f},{name:f?"rightly passed":"passed",rate:W(c-n,c),wrong:!1}]],C=[];if(f){let[v,L]=[D(m.novel,M),m.novel.length],N=W(v,v+n);k.push([{name:"found",rate:W(v,L),wrong:!1},{name:"missed",rate:W(L-v,L),wrong:!0}]),C.push(te("Alarms that are right",N.n?pe(N):"no alarms","in this mix of items")),y.area&&C.push(te("AUROC",Re(y.area),"the same for every threshold")),V.mark(n/c,v/L),_.mark(v/L,N.value),E&&_e(n,L-v)}if(m.own.length){let v=D(m.own,M);C.push(te("Your own items",`${I(v)} of ${I(m.own.length)} above`,"ticks under the bars"))}return se.show(k),Y.replaceChildren(...C),`Threshold ${T(M)}. ${k.flat().map(v=>`${v.rate.count} ${v.name}`).join(", ")}.`}function _e(n,c){let f=c*g.miss+n*g.alarm;xe.replaceChildren("Cost on these items: ",l("strong",{},ne(f)));let k=f-E.cost>1e-9*f;we.textContent=`The cheapest threshold here, ${T(E.threshold)} (\u25B2), costs ${ne(E.cost)}. It was chosen on these very items: on new ones expect to pay more.`,be.disabled=!k}function Xe(){let n=ve(m,g,M);x.alarms.show(O(n.alarms,3));let c=m.novel?.length>0,f=n.alarms?n.found/n.alarms:NaN;le.textContent=c?`${T(n.falseAlarms)} false alarms and ${T(n.found)} found: ${ee(f)} of the alarms are right. ${T(n.missed)} missed; the mistakes cost ${ne(n.missed*g.miss+n.falseAlarms*g.alarm)}.`:"If all items were normal. Novel ones add to this.";let k=(c?g.daily*(1-g.share):g.daily)/(m.calibration.length+1);return ye.textContent=`Expected values; the false-alarm rate is that of the held-out items. With ${I(m.calibration.length)} of them, fewer than ${T(k)} false alarms a day cannot be promised.`,c?le.textContent:`${T(n.alarms)} alarms a day if all are normal.`}function ie(){if(!y||!J)return;let n=g.log&&y.ranges.log!==null;b=Ee(y.ranges[n?"log":"linear"],n,J),r.setAttribute("height",b.height);let c=[{scores:m.normal,kind:"normal"},...m.novel?[{scores:m.novel,kind:"novel"}]:[]],f=c.reduce((C,{scores:v})=>C+D(v,b.high),0),k=`${n?", log axis":""}${f?`, last bar with the ${I(f)} beyond`:""}`;ze(i,s,b,c,y.title+k),p.replaceChildren(...Array.from(m.own,C=>{let v=b.toScreen(C);return l("line",{x1:v,x2:v,y1:b.floor-9,y2:b.floor+3})})),a.hidden=y.ranges.log===null,a.textContent=n?"Even axis":"Log axis",Me(),K()}function Me(){if(E===null||!b)return;let n=b.toScreen(E.threshold);d.setAttribute("d",`M${n} ${b.floor+1}l5 8h-10z`)}function Fe(){E=U&&m.normal.length&&m.novel.length?je(U,g.miss,g.alarm):null,d.toggleAttribute("hidden",E===null),Me()}function Ye(){let n=m.novel!==null,c=n&&m.normal.length>0&&m.novel.length>0,f=y.labels.slice(0,n?2:1),k=[m.normal,m.novel];if(t.replaceChildren(...f.map((N,P)=>l("span",{},l("span",{class:`dot ${P?"novel":"normal"}`}),`${N}, n = ${I(k[P].length)}`)),m.own.length?l("span",{},l("span",{class:"own-sign"}),`yours, n = ${I(m.own.length)}`):"",y.left_out?l("span",{class:"quiet"},`${I(y.left_out)} without a score left out`):""),se=Oe(f),U=n?Ue(m.normal,m.novel):null,c){let[N,P]=[m.normal.length,m.novel.length],Ne=U.found.map(G=>G/P),Qe=U.found.map((G,Ze)=>G/(G+U.alarms[Ze]));V.draw(U.alarms.map(G=>G/N),Ne,!1,[0,0,1,1]),_.draw(Ne,Qe,!0,[0,P/(N+P),1,P/(N+P)])}w.replaceChildren(se.element,Y,...c?[l("div",{class:"curves"},V.element,_.element)]:[]);let C=[x.daily,...n&&m.novel.length?[x.share]:[],x.alarms],v=fe("In a day",C,le,ye),L=fe("What mistakes cost",[x.miss,x.alarm],xe,we,be);w.append(...c?[]:[v]),z.replaceChildren(...c?[L,v]:[])}function j(n,c){M=n,K(),c&&X()}function Q(n){g={...g,...n},Ce(),Fe(),K(),X()}function Ce(){x.daily.show(O(g.daily,9)),x.share.show(O(100*g.share)),x.miss.show(O(g.miss,9)),x.alarm.show(O(g.alarm,9))}function Je(){g={...g,log:!g.log},ie(),X()}let Z=!1,Te=n=>b.at(b.placeOf(n.clientX-r.getBoundingClientRect().left));r.addEventListener("pointerdown",n=>{b&&(Z=!0,r.setPointerCapture(n.pointerId),A.focus({preventScroll:!0}),j(Te(n),!1),n.preventDefault())}),r.addEventListener("pointermove",n=>{Z&&j(Te(n),!1)});for(let n of["pointerup","pointercancel"])r.addEventListener(n,()=>{Z&&X(),Z=!1});A.addEventListener("keydown",n=>{let c=n.shiftKey?.001:.005,f={ArrowLeft:-c,ArrowDown:-c,ArrowRight:c,ArrowUp:c,PageDown:-10*c,PageUp:10*c}[n.key],k={Home:0,End:1}[n.key];f===void 0&&k===void 0||(n.preventDefault(),j(b.at(k??b.share(M)+f),!0))});let Ke=Le(r,n=>{J=n,ie()});return{update(n){y=n;let{normal:c,novel:f,calibration:k,own:C}=n.scores;$e={normal:c.digest,calibration:k.digest,...f&&{novel:f.digest}};let v=JSON.stringify([n.scores,y.labels,y.title,y.start]);if(v!==ke){ke=v,m={normal:c.read(),novel:f?.read()??null,calibration:k.read(),own:C?.read()??new Float64Array(0)},g={...y.wishes,log:y.wishes.log??y.log},M=y.threshold;for(let[L,N]of Object.entries(y.colours))e.style.setProperty(`--${L}`,N);Ye(),Ce(),Fe(),ie()}},destroy(){K.cancel(),X.cancel(),Ae.cancel(),Ke()}}}var Mt=Ie(it,He);export{Mt as default};
