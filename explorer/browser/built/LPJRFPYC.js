var l=new Map;function n(n){let e=l.get(n)??{wanted:null,look:null,show:null};return l.set(n,e),e}export{n as a};
