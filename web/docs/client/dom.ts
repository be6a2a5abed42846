import type { Piece } from '../shared/colours.ts'

type Attributes = Record<string, string | boolean | ((event: Event) => void)>

/** Makes an element. Functions become listeners, `true` an attribute without a value; texts are never read as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value)
    else if (value !== false) element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children)
  return element
}

export function byId(id: string): HTMLElement | null {
  return document.getElementById(id)
}

/** Coloured code as elements. */
export function colouredNodes(pieces: readonly Piece[]): (Node | string)[] {
  return pieces.map(({ text, kind }) => (kind ? make('span', { class: `hljs-${kind}` }, text) : text))
}
