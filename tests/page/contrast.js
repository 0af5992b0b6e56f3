// Evaluated on the page: gives every visible text whose contrast with what is behind it is below WCAG's 4.5 to 1.
() => {
  const CLEAR = [0, 0, 0, 0];

  // "rgb(1, 2, 3)", "rgba(1, 2, 3, .5)" or "color(srgb .1 .2 .3 / .5)" as [r, g, b, alpha], r, g, b of 0 to 255.
  function channels(text) {
    const numbers = text.match(/[\d.]+(e-?\d+)?/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [...numbers.slice(0, 3).map((number) => number * scale), numbers[3] ?? 1];
  }

  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);

  function behind(element) {
    if (element.ownerSVGElement) return over(channels(getComputedStyle(element.parentNode.querySelector("rect")).fill), [0, 0, 0, 1]);
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      layers.push(colour === "transparent" ? CLEAR : channels(colour));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((below, top) => over(top, below), [255, 255, 255, 1]);
  }

  function luminance(colour) {
    const linear = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }

  function ratio(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }

  const poor = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.querySelector("dialog[open]") ?? document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true }) || element.closest("title, desc, .unseen, :disabled")) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const colour = over(channels(element.ownerSVGElement ? style.fill : style.color), ground);
    const found = ratio(colour, ground);
    if (found < 4.5) poor.push(`${found.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return { seen, poor };
}
