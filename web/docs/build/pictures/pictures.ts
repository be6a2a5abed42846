import type { Language } from '../content.ts'
import { concepts } from './concepts.ts'
import { howItWorks } from './how-it-works.ts'

/**
 * Drawings that pages show, by the second word of a block's fence, as in "```text concepts.svg". The block itself says the same in
 * characters, for readers of the Markdown.
 */
const pictures: Readonly<Record<string, (language: Language) => string>> = {
  'concepts.svg': concepts,
  'how-it-works.svg': howItWorks,
}

/** Returns the drawing as SVG; undefined for a name that has none. */
export function pictureOf(name: string, language: Language): string | undefined {
  return Object.hasOwn(pictures, name) ? pictures[name]?.(language) : undefined
}
