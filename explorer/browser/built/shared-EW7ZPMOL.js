var l=new Map;function t(n){let e=l.get(n)??{wanted:null,look:null,show:null};return l.set(n,e),e}export{t as a};
