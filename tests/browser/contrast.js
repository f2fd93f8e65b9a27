// The words of a page whose contrast with the ground they stand on is below `least`, each with its ratio (WCAG 2.2);
// those inside components too.
(least) => {
  const parts = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    const scale = colour.startsWith('color(srgb') ? 255 : 1; // what color-mix() comes out as
    return [scale * red, scale * green, scale * blue, alpha];
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const low = [];
  const texts = (root) =>
    [...root.childNodes].flatMap((node) =>
      node.nodeType === Node.TEXT_NODE ? [node] : [...texts(node), ...(node.shadowRoot ? texts(node.shadowRoot) : [])],
    );
  const above = (node) => node.parentElement ?? node.getRootNode().host;
  for (const text of texts(document.body)) {
    const words = text.textContent.trim();
    const element = text.parentElement;
    if (!element) continue;
    const { width, height } = element.getBoundingClientRect();
    // A slider's value is drawn above its thumb, not on it; what cannot be pressed now may be faint (WCAG 2.2, 1.4.3).
    if (!words || !width || !height || element.closest('style, script, noscript, .stSlider, :disabled')) continue;
    const grounds = [];
    let opacity = 1;
    for (let at = element; at; at = above(at)) {
      const style = getComputedStyle(at);
      opacity *= style.visibility === 'hidden' ? 0 : Number(style.opacity);
      grounds.push(parts(style.backgroundColor));
    }
    if (opacity < 0.05) continue;
    const ground = grounds.reduceRight((under, top) => over(top, under), [255, 255, 255]);
    const [red, green, blue, alpha] = parts(getComputedStyle(element).color);
    const [a, b] = [luminance(over([red, green, blue, alpha * opacity], ground)), luminance(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) low.push(`${ratio.toFixed(2)}: ${words.slice(0, 40)}`);
  }
  return low;
}
