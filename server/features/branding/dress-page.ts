import { escapeHtml } from '../../platform/http/answers/escape-html.ts'
import type { Brand } from './brand.ts'
import { coloursOf, type Shades } from './colours.ts'

/** What a page's script reads of the brand; web/ui/brand.ts has it. */
export type PageBrand = Pick<Brand, 'name' | 'corpId' | 'logo' | 'icpNumber' | 'policeNumber' | 'privacy'>

/**
 * Writes the organisation's own into a built page, before any script runs: so nothing is asked for, and no other name or colour is
 * seen first. `nonce` is that of the answer's styles.
 */
export function dressPage(html: string, brand: Brand, nonce: string): string {
  const { name, corpId, logo, colour, icpNumber, policeNumber, privacy } = brand
  const told: PageBrand = { name, corpId, logo, icpNumber, policeNumber, privacy }
  const head = [
    `<meta name="brand" content="${escapeHtml(JSON.stringify(told))}" />`,
    colour === '' ? '' : `<style nonce="${nonce}">${styleOf(colour)}</style>`,
  ]
  const icon = logo && `<link rel="icon" href="${logo.path}" type="image/png" />`
  // Each is given by a function, because `$` has a meaning in a replacement that is text.
  return html
    .replace(/<title>(.*?) · wisp<\/title>/, (whole, page: string) =>
      name === '' ? whole : `<title>${page} · ${escapeHtml(name)}</title>`,
    )
    .replace(/<link rel="icon"[^>]*>/, whole => icon ?? whole)
    .replace('</head>', () => `${head.join('')}</head>`)
}

/** Doubled, so that they outweigh the defaults wherever those are loaded. */
function styleOf(colour: string): string {
  const { light, dark } = coloursOf(colour)
  return `:root:root{${variables(light)}}:root:root[data-theme="dark"]{${variables(dark)}}`
}

function variables({ fill, hover, text, chosen }: Shades): string {
  return `--wisp-primary:${text};--wb-primary-text:${text};--wb-chosen:${chosen};--wb-fill:${fill};--wb-fill-hover:${hover}`
}
