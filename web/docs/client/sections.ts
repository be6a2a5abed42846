/** The headings that both languages of a page have in the same order. */
const headings = () => [...document.querySelectorAll<HTMLElement>('main :is(h2, h3)[id]')]

/** What is read: the place of the last heading above the upper third of the window; -1 before the first. */
export function sectionRead(): number {
  return headings().findLastIndex(one => one.getBoundingClientRect().top < innerHeight / 3)
}

/** Undefined where the page has no such section. */
export function sectionAt(place: number): HTMLElement | undefined {
  return headings()[place]
}
