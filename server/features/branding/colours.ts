/** The colours that pages make of an organisation's colour: `fill` carries white text, `text` stands on the page and on `chosen`. */
export type Shades = { fill: string; hover: string; text: string; chosen: string }
export type Colours = { light: Shades; dark: Shades }

/** wisp's, where none was chosen. */
export const ownColour = '#2468f2'

type Rgb = readonly [number, number, number]

/** What WCAG 2.2 asks of text, and of the edge of a button. */
const textContrast = 4.5
const edgeContrast = 3

const white: Rgb = [255, 255, 255]
const black: Rgb = [0, 0, 0]
/** The backgrounds on which text of the colour stands, as web/ui/base.css and web/workbench/workbench.css have them. */
const grounds = {
  light: ['#ffffff', '#f5f7fa', '#eef2f9'].map(rgbOf),
  dark: ['#181b21', '#101216', '#232833'].map(rgbOf),
}
const darkSurface = rgbOf('#181b21')

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text)
}

/** `colour` is #rrggbb. Where it has too little contrast it is darkened for light pages, and lightened for dark ones. */
export function coloursOf(colour: string): Colours {
  const fill = towards(rgbOf(colour), black, one => contrast(one, white) >= textContrast)
  const chosen = mixed(white, fill, 0.1)
  const text = towards(fill, black, isLegibleOn([...grounds.light, chosen]))
  // Against a dark page a button must be seen, and its white text read.
  const darkFill = towards(fill, white, one => contrast(one, darkSurface) >= edgeContrast)
  const darkChosen = mixed(darkSurface, darkFill, 0.25)
  const darkText = towards(fill, white, isLegibleOn([...grounds.dark, darkChosen]))
  return {
    light: shades(fill, text, chosen),
    dark: shades(darkFill, darkText, darkChosen),
  }
}

function shades(fill: Rgb, text: Rgb, chosen: Rgb): Shades {
  const [own, hover, ...rest] = [fill, mixed(fill, black, 0.12), text, chosen].map(hexOf)
  return { fill: own!, hover: hover!, text: rest[0]!, chosen: rest[1]! }
}

const isLegibleOn = (backs: readonly Rgb[]) => (one: Rgb) =>
  backs.every(back => contrast(one, back) >= textContrast)

/** The colour nearest to `from` that is enough, on the way to `to`. */
function towards(from: Rgb, to: Rgb, isEnough: (one: Rgb) => boolean): Rgb {
  for (let step = 0; step < 256; step++) {
    const one = mixed(from, to, step / 256)
    if (isEnough(one)) return one
  }
  return to
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (n: 0 | 1 | 2) => Math.round(from[n] + (to[n] - from[n]) * share)
  return [at(0), at(1), at(2)]
}

function rgbOf(colour: string): Rgb {
  const number = Number.parseInt(colour.slice(1), 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}

function hexOf(colour: Rgb): string {
  return `#${colour.map(part => part.toString(16).padStart(2, '0')).join('')}`
}

/** WCAG's contrast ratio of two colours, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return contrast(rgbOf(one), rgbOf(other))
}

function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(part: number): number {
  const share = part / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
