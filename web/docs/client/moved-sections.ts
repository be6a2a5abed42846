import { movedSections } from '../content/moved.ts'

/** Goes on to the page that tells a section which this page had formerly and the address still names. */
export function followMovedSection(): void {
  const [, language = '', name = ''] = /^\/docs(\/en)?\/(.+)$/.exec(location.pathname) ?? []
  const former = Object.entries(movedSections[name] ?? {})
  // The browser encodes what is not ASCII in the address.
  const [, page] = former.find(([anchor]) => `#${encodeURIComponent(anchor)}` === location.hash) ?? []
  if (page) location.replace(`/docs${language}/${page}`)
}
