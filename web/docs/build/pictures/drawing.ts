import { escapeHtml } from '../html.ts'

/** A rectangle of a drawing, in its units; 680 of them are as wide as a page's text. */
export type Place = { x: number; y: number; width: number; height?: number }
export type Drawing = { height: number; label: string; parts: readonly string[] }

/** Returns the drawing as inline SVG. Its colours are in the styles, so that it follows the theme. A page has at most one. */
export function drawing({ height, label, parts }: Drawing): string {
  return `<svg class="picture" viewBox="0 0 680 ${height}" role="img" aria-label="${escapeHtml(label)}">
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker></defs>
${parts.join('\n')}
</svg>`
}

/** A thing with its name in the middle; `kind` is a class of the styles. */
export function box({ x, y, width, height = 44 }: Place, name: string, kind = ''): string {
  return `<g class="${kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/><text x="${x + width / 2}" y="${y + height / 2 + 5}">${escapeHtml(name)}</text></g>`
}

/** A thing that contains others, with its name at the top. */
export function frame({ x, y, width, height = 44 }: Place, name: string): string {
  return `<g class="frame"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="12"/><text x="${x + 18}" y="${y + 26}">${escapeHtml(name)}</text></g>`
}

export function arrow(path: string): string {
  return `<path d="${path}" marker-end="url(#head)"/>`
}

export function note(x: number, y: number, text: string): string {
  return `<text class="note" x="${x}" y="${y}">${escapeHtml(text)}</text>`
}
