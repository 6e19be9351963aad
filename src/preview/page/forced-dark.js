// The look of a mail in programs that turn its colours dark by themselves, and heed no rules of the mail for dark mode.
// The sum is that of the check `dark-contrast` (src/check/page/colour.rs): each colour of text, ground and border has its CIE
// lightness turned over and keeps its hue, so white becomes black and navy a light blue. This is how Gmail on iOS does it,
// and it is the hardest test: Gmail on Android and Outlook.com leave alone what is dark already. Pictures stay as they are.

const edges = ["top", "right", "bottom", "left"];

/** Recolours a mail's document; loading it again undoes it. */
export function forceDark(document) {
  const root = document.documentElement;
  // Its own dark colours must not be turned over into light ones.
  root.style.setProperty("color-scheme", "light", "important");
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (rule.media?.mediaText.includes("prefers-color-scheme: dark")) rule.media.mediaText = "not all";
    }
  }
  // All is read before anything is written: elements take colours over from those around them.
  const wishes = [];
  for (const element of root.querySelectorAll("body, body *")) {
    // The page's own marks are not of the mail.
    if (!element.matches("mark[data-field]")) wishes.push([element, darkened(element)]);
  }
  // The ground of the root is that of the whole page; where it has none, the body gives its own, or the page is white.
  const grounds = [root, document.body].map((element) => document.defaultView.getComputedStyle(element).backgroundColor);
  if (!isClear(grounds[0]) || isClear(grounds[1])) {
    wishes.push([root, [["background-color", turnedOver(isClear(grounds[0]) ? "rgb(255, 255, 255)" : grounds[0])]]]);
  }
  for (const [element, colours] of wishes) {
    for (const [name, colour] of colours) element.style.setProperty(name, colour, "important");
  }
}

/** The colours that an element has, turned over. */
function darkened(element) {
  const style = element.ownerDocument.defaultView.getComputedStyle(element);
  const colours = [["color", style.color]];
  if (!isClear(style.backgroundColor)) colours.push(["background-color", style.backgroundColor]);
  for (const edge of edges) {
    const name = `border-${edge}`;
    if (style.getPropertyValue(`${name}-width`) !== "0px") colours.push([`${name}-color`, style.getPropertyValue(`${name}-color`)]);
  }
  return colours.map(([name, colour]) => [name, turnedOver(colour)]);
}

function isClear(colour) {
  return /^rgba\(.*, 0\)$/.test(colour);
}

/** `rgb(…)` or `rgba(…)` with its lightness turned over; another spelling stays. */
export function turnedOver(colour) {
  const values = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(colour);
  if (!values) return colour;
  const channels = values.slice(1, 4).map((value) => linear(value / 255));
  const now = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
  const wanted = luminance(100 - lightness(now));
  // Towards black by scaling, towards white by mixing: both reach any luminance.
  const turned = channels.map((channel) =>
    wanted <= now ? (channel * wanted) / Math.max(now, Number.MIN_VALUE) : channel + ((1 - channel) * (wanted - now)) / (1 - now),
  );
  const [red, green, blue] = turned.map((channel) => Math.round(255 * unlinear(channel)));
  return `rgba(${red}, ${green}, ${blue}, ${values[4] ?? 1})`;
}

function lightness(luminance) {
  const root = luminance > 216 / 24389 ? Math.cbrt(luminance) : ((24389 / 27) * luminance + 16) / 116;
  return 116 * root - 16;
}

function luminance(lightness) {
  return lightness > 8 ? ((lightness + 16) / 116) ** 3 : (lightness * 27) / 24389;
}

function linear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function unlinear(channel) {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
}
