var e=new Map;function l(l){let n=e.get(l)??{wanted:null,look:null,take:null};return e.set(l,n),n}export{l as a};
