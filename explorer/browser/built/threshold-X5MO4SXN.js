import{a as F,b as ge,c as ve}from"../explorer.shared/shared-TK5MQQWK.js";import{a as Be,b as fe}from"../explorer.shared/shared-ZVNYXL66.js";import{b as s,g as Re,h as ze}from"../explorer.shared/shared-XRFZHQUS.js";var T={left:10,right:10,top:24,bottom:38};function Oe([e,t],r,o){let a=r?Math.log10:u=>u,[l,i]=[a(e),a(t)],d=o-T.left-T.right,m=o>500?390:280;function w(u){let f=r?Math.max(u,e):u;return Math.min(1,Math.max(0,(a(f)-l)/(i-l)))}return{low:e,high:t,room:d,height:m,floor:m-T.bottom,share:w,at(u){let f=l+Math.min(1,Math.max(0,u))*(i-l);return r?10**f:f},toScreen:u=>T.left+w(u)*d,placeOf:u=>(u-T.left)/d,ticks:r?ht(l,i,o/90):ve(e,t,o/110)}}function ht(e,t,r){let o=t-e<r/3?[1,2,5]:[1],a=Math.max(1,Math.ceil((t-e)/r)),l=[];for(let i=Math.floor(e);i<=t;i++)if(!(i%a))for(let d of o){let m=d*10**i;Math.log10(m)>=e&&Math.log10(m)<=t&&l.push({at:m,text:mt(m)})}return l.length>1?l:ve(10**e,10**t,r)}function mt(e){return e>=1e6||e<1e-4?e.toExponential(0).replace("e+","e").replace("-","\u2212"):e>=1?e.toLocaleString("en-US"):String(Number(e.toPrecision(3)))}var pt={size:150,left:30,bottom:30,top:8,right:8},ut=.4;function De(e,t,r){let o=Math.max(16,Math.min(90,Math.floor(t.room/8))),a=t.room/o,l=r.map(({scores:d})=>{let m=new Float64Array(o);for(let w of d)m[Math.min(o-1,Math.floor(t.share(w)*o))]+=1/d.length;return m}),i=Math.max(1e-9,...l.map(d=>Math.max(...d)));e.replaceChildren(),l.forEach((d,m)=>{d.forEach((w,u)=>{if(!w)return;let f=w/i*(t.floor-T.top-8),E={x:T.left+u*a+.5,width:Math.max(1,a-1),y:t.floor-f,height:f};e.append(s("rect",{class:r[m].kind,...E}))})})}function Ue(e,t,r){let o=T.left+t.room,a=l=>l<30?"start":l>o-20?"end":"middle";e.replaceChildren(s("line",{x1:T.left,x2:o,y1:t.floor,y2:t.floor}),...t.ticks.map(l=>{let i=t.toScreen(l.at);return s("text",{x:i,y:t.floor+18,"text-anchor":a(i)},l.text)}),s("text",{class:"title",x:o,y:t.floor+34,"text-anchor":"end"},r))}function xe(e,t,r){let{size:o,left:a,bottom:l,top:i,right:d}=pt,[m,w]=[a+o+d,i+o+l],u=b=>a+b*o,f=b=>i+(1-b)*o,E=s("path",{class:"curve"}),B=s("path",{class:"guide"}),V=s("circle",{class:"point",r:5}),U=`translate(10 ${i+o/2}) rotate(-90)`,ie=s("svg",{viewBox:`0 0 ${m} ${w}`,class:"curve-chart",role:"img","aria-label":e},s("path",{class:"frame",d:`M${a} ${i}V${i+o}H${a+o}`}),B,E,V,...[0,1].map(b=>s("text",{x:u(b),y:i+o+13,"text-anchor":b?"end":"start"},b)),...[0,1].map(b=>s("text",{x:a-4,y:f(b)+(b?9:0),"text-anchor":"end"},b)),s("text",{x:a+o/2,y:w-3,"text-anchor":"middle"},t),s("text",{x:0,y:0,transform:U,"text-anchor":"middle"},r));return{element:s("figure",{class:"curve-box"},s("figcaption",{},e),ie),draw(b,O,G,k){E.setAttribute("d",ft(b.map(u),O.map(f),G));let[J,j,X,Q]=k;B.setAttribute("d",`M${u(J)} ${f(j)}L${u(X)} ${f(Q)}`)},mark(b,O){let G=Number.isFinite(b)&&Number.isFinite(O);V.toggleAttribute("hidden",!G),G&&H(V,{cx:u(b),cy:f(O),"data-x":b,"data-y":O})}}}function ft(e,t,r){let o="",a=-1;for(let l=0;l<e.length;l++){if(!Number.isFinite(t[l])||!(a<0||l===e.length-1)&&Math.hypot(e[l]-e[a],t[l]-t[a])<=ut)continue;let[d,m]=[e[l].toFixed(2),t[l].toFixed(2)];a<0?o+=`M${d} ${m}`:o+=r?`V${m}H${d}`:`L${d} ${m}`,a=l}return o}function H(e,t){for(let[r,o]of Object.entries(t))e.setAttribute(r,String(o))}function ne(e){return Number.isFinite(e)?ge(e,Ge(e)):"\u2013"}function oe(e){return Number.isFinite(e.value)?`${ne(e.value)} (${we(e).replace(" %","")})`:"\u2013"}function we({value:e,low:t,high:r}){let o=Ge(e);return`${(100*t).toFixed(o)} to ${ge(r,o)}`}function Ge(e){return e>0?Math.min(6,Math.max(1,Math.ceil(-Math.log10(100*e))+1)):1}function L(e){return e.toLocaleString("en-US")}function P(e,t=4){return Number.isFinite(e)?String(Number(e.toPrecision(t))).replace("-","\u2212"):""}function je(e){let t=e.replaceAll("\u2212","-").replace("%","").trim();return t===""?NaN:Number(/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(t)?t.replaceAll(",",""):t.replace(",","."))}function qe([e,t,r]){return`${e.toFixed(3)} (${t.toFixed(3)} to ${r.toFixed(3)})`}function re(e){return e<1e6?Number(e.toPrecision(6)).toLocaleString("en-US",{maximumFractionDigits:2}):F(e)}function R(e,t,r,o){let a=s("input",{type:"text",inputmode:"decimal",class:"field-input","aria-label":e}),l="";a.addEventListener("focus",()=>a.select()),a.addEventListener("change",()=>{let d=je(a.value);Number.isFinite(d)&&o(d)?r(d):a.value=l}),a.addEventListener("keydown",d=>{d.key==="Escape"&&(a.value=l)});let i=s("span",{class:"field-row"},a,t?s("span",{},t):null);return{element:s("label",{class:"field"},s("span",{},e),i),show(d){l=d,a.value=d}}}function be(e){let t=e.map(()=>[s("td"),s("td")]),r=e.map((l,i)=>{let d=s("span",{class:`dot ${i?"novel":"normal"}`});return s("tr",{},s("th",{scope:"row"},d,l),...t[i])}),o=["Alarm","No alarm"].map(l=>s("th",{scope:"col"},l)),a=s("thead",{},s("tr",{},s("td"),...o));return{element:s("table",{class:"confusion"},a,s("tbody",{},...r)),show(l){l.forEach((i,d)=>i.forEach(({name:m,rate:w,wrong:u},f)=>{t[d][f].classList.toggle("wrong",u),t[d][f].replaceChildren(s("span",{class:"count"},L(w.count)),s("span",{class:"cell-name"},m),s("span",{class:"caption"},w.n?oe(w):"none to count"))}))}}}function ye(e,t,...r){let o=s("div",{class:"fields"},...t.map(a=>a.element));return s("section",{class:"panel"},s("h4",{},e),o,...r)}function ae(e,t,r){let o=s("span",{class:"caption"},r);return s("div",{class:"fact"},s("span",{},e),s("strong",{},t),o)}function z(e,t){let[r,o]=[0,e.length];for(;r<o;){let a=r+o>>1;e[a]>t?o=a:r=a+1}return e.length-r}function K(e,t){if(!t)return{value:NaN,low:0,high:1,count:e,n:t};let r=e?se(e,t-e+1,.025):0,o=e<t?se(e+1,t-e,1-.025):1;return{value:e/t,low:r,high:o,count:e,n:t}}function We(e,t){let r=e.length,o=r-z(e,t),a=(r+1-o)/(r+1);return o?{value:a,low:se(r+1-o,o,.025),high:se(r+1-o,o,1-.025),n:r}:{value:a,low:1,high:1,n:r}}function He(e,t){let r=e.length,o=Math.ceil(Number(((r+1)*(1-t)).toFixed(9)));return e[Math.min(r,Math.max(1,o))-1]}function Ke(e,t){let r={alarms:[0],found:[0],cuts:[]},[o,a]=[e.length,t.length],l=()=>Math.max(o?e[o-1]:-1/0,a?t[a-1]:-1/0);for(r.cuts.push(l());o||a;){let i=l();for(;o&&e[o-1]===i;)o--;for(;a&&t[a-1]===i;)a--;let d=l(),m=(i+d)/2;r.alarms.push(e.length-o),r.found.push(t.length-a),r.cuts.push(o||a?m<i?m:d:gt(i))}return r}function gt(e){return e>0?.99*e:e-.01*Math.max(1,Math.abs(e))}function Ve(e,t,r){let o=e.found[e.found.length-1],[a,l]=[0,1/0];for(let i=0;i<e.cuts.length;i++){let d=(o-e.found[i])*t+e.alarms[i]*r;d<l&&([a,l]=[i,d])}return{threshold:e.cuts[a],cost:l}}function $e({calibration:e,novel:t},{daily:r,share:o},a){let l=t?.length?r*o:0,i=t&&l?l*z(t,a)/t.length:0,d=(r-l)*((1+z(e,a))/(e.length+1));return{alarms:d+i,falseAlarms:d,found:i,missed:l-i}}function Xe(e,t,r){let o=Float64Array.from([...e.calibration,...e.novel??[]]).sort(),[a,l]=[0,o.length-1];for(;a<l;){let i=a+l>>1;$e(e,t,o[i]).alarms<=r*(1+1e-12)?l=i:a=i+1}return o[a]}function se(e,t,r){let[o,a]=[0,1];for(let l=0;l<64&&a-o>1e-15*a;l++){let i=(o+a)/2;Ye(e,t,i)<r?o=i:a=i}return(o+a)/2}function Ye(e,t,r){if(r<=0||r>=1)return r<=0?0:1;if(r>(e+1)/(e+t+2))return 1-Ye(t,e,1-r);let o=e*Math.log(r)+t*Math.log1p(-r)+ke(e+t)-ke(e)-ke(t)-Math.log(e);return Math.exp(o)*vt(e,t,r)}function vt(e,t,r){let a=1,l=0,i=1;for(let d=1;d<2e4;d++){let m=d>>1,w=m*(t-m)*r/((e+2*m-1)*(e+2*m)),u=-(e+m)*(e+t+m)*r/((e+2*m)*(e+2*m+1)),f=d%2?u:w;l=1/(1+f*l||1e-300),a=1+f/a||1e-300;let E=a*l;if(i*=E,Math.abs(E-1)<1e-15)break}return 1/i}function ke(e){let t=0;for(;e<12;e++)t+=Math.log(e);let r=1/(e*e),o=(1/12-r*(1/360-r*(1/1260-r/1680)))/e;return(e-.5)*Math.log(e)-e+.5*Math.log(2*Math.PI)+o-t}var Je=`.live .threshold-view {
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
`;var le=new Float64Array(0);function wt(e,t){let r=s("div",{class:"legend"}),o=s("button",{type:"button",class:"axis-button",click:it}),a=s("svg",{class:"plot",role:"presentation",width:"100%"}),l=s("g"),i=s("g",{class:"axis"}),d=s("g",{class:"own"}),m=s("path",{class:"cheapest"}),w=s("line",{class:"mark"}),u=s("rect",{class:"grip",width:10,height:26,rx:4}),f=s("text",{class:"value-text"}),B=s("g",{class:"handle",role:"slider",tabindex:0,"aria-label":"Threshold"},w,u,f);a.append(l,i,d,m,B);let V=()=>!0,U=n=>n>=0,ie=n=>n>=0&&n<=100,b=n=>n>0&&n<100,O=n=>q(He($.calibration,n/100),!0),G=n=>q(Xe($,g,n),!0),k={threshold:R("Threshold","",n=>q(n,!0),V),rate:R("False alarms expected","% of normal",O,b),alarms:R("Alarms a day","",G,U),daily:R("Items a day","",n=>ee({daily:n}),U),share:R("Of them novel","%",n=>ee({share:n/100}),ie),miss:R("Price of a miss","",n=>ee({miss:n}),U),alarm:R("Price of a false alarm","",n=>ee({alarm:n}),U)},J=s("p",{class:"caption"}),j=s("div",{class:"side"}),X=s("div",{class:"panels"}),Q=s("div",{class:"only-read","aria-live":"polite"}),Qe=s("div",{class:"fields"},k.threshold.element,k.rate.element),_e=s("div",{class:"main"},s("div",{class:"top"},r,o),a,Qe,J);e.append(s("div",{class:"threshold-view"},_e,j,X),Q);let Ae=s("div",{class:"facts"}),ce=xe("ROC","false-alarm rate","detection rate"),de=xe("Precision-recall","detection rate","precision"),Me=s("p",{class:"cost-line"}),Ce=s("p",{class:"caption"}),Te=s("button",{type:"button",click:lt},"Go to the cheapest"),he=s("p",{class:"day-line"}),Ne=s("p",{class:"caption"}),me=be([]),x,Fe="",$={normal:le,novel:null,calibration:le,own:le},D=null,S=null,g={miss:0,alarm:0,daily:0,share:0,log:!1},M=0,N=null,_=0,Y=fe(()=>{let{normal:n,novel:c,calibration:h}=x.scores,p={normal:n.digest,calibration:h.digest,...c&&{novel:c.digest}};t("threshold",{digests:p,start:x.start,value:M,wishes:g})},120),Ie=fe(n=>Q.replaceChildren(n),500),Z=Be(()=>{if(!N)return;Ze(N);let n=[et(),nt()],c=We($.calibration,M);k.threshold.show(P(M,5)),k.rate.show(P(100*c.value,3)),J.textContent=`On new normal items like the ${L(c.n)} held-out ones that set this: 95 % interval ${we(c)}. No alarm has a p-value above ${ne(c.value)}.`,Ie(n.join(" "))});function Ze(n){let c=n.toScreen(M);H(w,{x1:c,x2:c,y1:T.top,y2:n.floor}),H(u,{x:c-5,y:(T.top+n.floor)/2-13});let h=c>_-140;H(f,{x:h?c-8:c+8,y:T.top-8,"text-anchor":h?"end":"start"}),f.textContent=`threshold ${F(M)}`;let p={"aria-valuemin":n.low,"aria-valuemax":n.high,"aria-valuenow":M};H(B,{...p,"aria-valuetext":F(M)})}function et(){let{normal:n,novel:c,own:h}=$,p=n.length,y=z(n,M),A=[[{name:c?"false alarms":"alarms",rate:K(y,p),wrong:c!==null},{name:c?"correctly passed":"passed",rate:K(p-y,p),wrong:!1}]],I=[];if(c){let[v,W]=[z(c,M),c.length],ue=K(v,v+y);A.push([{name:"detected",rate:K(v,W),wrong:!1},{name:"missed",rate:K(W-v,W),wrong:!0}]);let dt=ue.n?oe(ue):"no alarms";I.push(ae("Precision",dt,"in this mix of items")),x.area&&I.push(ae("AUROC",qe(x.area),"the same for every threshold")),ce.mark(y/p,v/W),de.mark(v/W,ue.value),tt(y,W-v)}if(h.length){let v=`${L(z(h,M))} of ${L(h.length)} above`;I.push(ae("Your own items",v,"ticks under the bars"))}me.show(A),Ae.replaceChildren(...I);let C=A.flat().map(v=>`${v.rate.count} ${v.name}`);return`Threshold ${F(M)}. ${C.join(", ")}.`}function tt(n,c){if(!S)return;let h=c*g.miss+n*g.alarm;Me.replaceChildren("Cost on these items: ",s("strong",{},re(h))),Ce.textContent=`The cheapest threshold here, ${F(S.threshold)} (\u25B2), costs ${re(S.cost)}. It was chosen on these same items: on new ones expect to pay more.`,Te.disabled=h-S.cost<=1e-9*h}function nt(){let n=$e($,g,M);k.alarms.show(P(n.alarms,3));let c=!!$.novel?.length,h=n.alarms?n.found/n.alarms:NaN,p=re(n.missed*g.miss+n.falseAlarms*g.alarm);he.textContent=c?`${F(n.falseAlarms)} false alarms and ${F(n.found)} detected: ${ne(h)} of the alarms are correct. ${F(n.missed)} missed; the mistakes cost ${p}.`:"If all items were normal. Novel ones add to this.";let A=(c?g.daily*(1-g.share):g.daily)/($.calibration.length+1);return Ne.textContent=`Expected values; the false-alarm rate is that of the held-out items. With ${L($.calibration.length)} of them, fewer than ${F(A)} false alarms a day cannot be promised.`,c?he.textContent:`${F(n.alarms)} alarms a day if all are normal.`}function pe(){if(!x||!_)return;let{ranges:n,title:c}=x,h=g.log===!0&&n.log!==null,p=Oe(h&&n.log||n.linear,h,_);N=p,a.setAttribute("height",String(p.height));let y=[{scores:$.normal,kind:"normal"}];$.novel&&y.push({scores:$.novel,kind:"novel"});let A=y.reduce((C,v)=>C+z(v.scores,p.high),0),I=`${h?", log axis":""}${A?`, last bar with the ${L(A)} beyond`:""}`;De(l,p,y),Ue(i,p,c+I),d.replaceChildren(...Array.from($.own,C=>{let v=p.toScreen(C);return s("line",{x1:v,x2:v,y1:p.floor-9,y2:p.floor+3})})),o.hidden=n.log===null,o.textContent=h?"Linear axis":"Log axis",Le(),Z()}function Le(){if(!S||!N)return;let n=N.toScreen(S.threshold);m.setAttribute("d",`M${n} ${N.floor+1}l5 8h-10z`)}function Se(){let n=D&&$.normal.length&&$.novel?.length;S=D&&n?Ve(D,g.miss,g.alarm):null,m.toggleAttribute("hidden",S===null),Le()}function ot(){let{normal:n,novel:c}=$,h=x.labels.slice(0,c?2:1);at(h),me=be(h),D=c&&Ke(n,c);let p=ye("In a day",rt(),he,Ne),y=D!==null&&n.length>0&&!!c?.length;if(j.replaceChildren(me.element,Ae),X.replaceChildren(),!y||!D||!c){j.append(p);return}st(D,n.length,c.length),j.append(s("div",{class:"curves"},ce.element,de.element)),X.append(ye("What mistakes cost",[k.miss,k.alarm],Me,Ce,Te),p)}function rt(){return $.novel?.length?[k.daily,k.share,k.alarms]:[k.daily,k.alarms]}function at(n){let{normal:c,novel:h,own:p}=$,y=[c.length,h?.length??0];r.replaceChildren(...n.map((I,C)=>{let v=s("span",{class:`dot ${C?"novel":"normal"}`});return s("span",{},v,`${I}, n = ${L(y[C])}`)})),p.length&&r.append(s("span",{},s("span",{class:"own-sign"}),`yours, n = ${L(p.length)}`));let A=x.left_out;A&&r.append(s("span",{class:"quiet"},`${L(A)} without a score left out`))}function st(n,c,h){let p=n.alarms.map(C=>C/c),y=n.found.map(C=>C/h),A=n.found.map((C,v)=>C/(C+n.alarms[v])),I=h/(c+h);ce.draw(p,y,!1,[0,0,1,1]),de.draw(y,A,!0,[0,I,1,I])}function q(n,c){M=n,Z(),c&&Y()}function lt(){S&&q(S.threshold,!0)}function ee(n){g={...g,...n},Ee(),Se(),Z(),Y()}function Ee(){k.daily.show(P(g.daily,9)),k.share.show(P(100*g.share)),k.miss.show(P(g.miss,9)),k.alarm.show(P(g.alarm,9))}function it(){g={...g,log:!g.log},pe(),Y()}let te=!1;function Pe(n){N&&q(N.at(N.placeOf(n.clientX-a.getBoundingClientRect().left)),!1)}a.addEventListener("pointerdown",n=>{N&&(te=!0,a.setPointerCapture(n.pointerId),B.focus({preventScroll:!0}),Pe(n),n.preventDefault())}),a.addEventListener("pointermove",n=>{te&&Pe(n)});for(let n of["pointerup","pointercancel"])a.addEventListener(n,()=>{te&&Y(),te=!1});B.addEventListener("keydown",n=>{if(!N)return;let c=n.shiftKey?.001:.005,h=N.share(M),p={ArrowLeft:h-c,ArrowDown:h-c,ArrowRight:h+c,ArrowUp:h+c,PageDown:h-10*c,PageUp:h+10*c,Home:0,End:1};n.key in p&&(n.preventDefault(),q(N.at(p[n.key]),!0))});let ct=Re(a,n=>{_=n,pe()});return{update(n){x=n;let{normal:c,novel:h,calibration:p,own:y}=x.scores,A=JSON.stringify([x.scores,x.labels,x.title,x.start]);A!==Fe&&(Fe=A,$={normal:c.read(),novel:h?.read()??null,calibration:p.read(),own:y?.read()??le},g={...x.wishes,log:x.wishes.log??x.log},M=x.threshold,e.style.setProperty("--normal",x.colours.normal),e.style.setProperty("--novel",x.colours.novel),ot(),Ee(),Se(),pe())},destroy(){Z.cancel(),Y.cancel(),Ie.cancel(),ct()}}}var jt=ze(wt,Je);export{jt as default};
