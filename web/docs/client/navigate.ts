import { byId } from './dom.ts'
import { sectionAt, sectionRead } from './sections.ts'

const isPage = /^\/docs(\/[^.]*)?$/

/**
 * Follows links within the site without reloading the page, so that a devToken, which is in memory only, survives.
 * Whatever goes wrong, the browser follows the link itself.
 */
export function followLinks(startPage: () => void): void {
  document.addEventListener('click', event => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]')
    const isPlain = !event.defaultPrevented && event.button === 0
    const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    if (!link || !isPlain || hasModifier || link.target) return
    const to = new URL(link.href)
    if (to.origin !== location.origin || !isPage.test(to.pathname)) return
    // The browser scrolls to a place on the same page.
    if (to.pathname === location.pathname && to.hash) return
    event.preventDefault()
    // The other language shows the same section.
    void go(to, startPage, link.id === 'language' ? sectionRead() : -1)
  })
  addEventListener('popstate', () => {
    if (shown !== location.pathname) void show(new URL(location.href), startPage, history.state?.y ?? 0, -1)
  })
}

let shown = location.pathname
let latest = 0

/** Goes to a page of the site as if a link were followed. Never rejects. */
async function go(to: URL, startPage: () => void, section: number): Promise<void> {
  await show(to, startPage, 0, section, () => {
    history.replaceState({ y: scrollY }, '')
    history.pushState({ y: 0 }, '', to)
  })
}

async function show(
  to: URL,
  startPage: () => void,
  y: number,
  section: number,
  arrive = () => {},
): Promise<void> {
  const turn = ++latest
  try {
    const response = await fetch(to.pathname, { headers: { accept: 'text/html' } })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    // Somebody was quicker and pressed another link.
    if (turn !== latest) return
    arrive()
    replacePage(next)
    shown = to.pathname
    startPage()
    const target = to.hash ? byId(decodeURIComponent(to.hash.slice(1))) : sectionAt(section)
    if (target) target.scrollIntoView()
    else scrollTo(0, y)
    byId('main')?.focus({ preventScroll: true })
  } catch {
    location.assign(to)
  }
}

function replacePage(next: Document): void {
  const scrolled = byId('nav')?.scrollTop ?? 0
  document.title = next.title
  document.documentElement.lang = next.documentElement.lang
  document.body.replaceWith(document.adoptNode(next.body))
  const nav = byId('nav')
  if (nav) nav.scrollTop = scrolled
}
