import { byId } from './dom.ts'

/** On a narrow window the navigation opens over the page. */
export function showMenu(): void {
  document.addEventListener('click', event => {
    const target = event.target as Element
    if (target.closest('#menu')) setMenu(!document.body.classList.contains('menu-open'))
    else if (!target.closest('#nav')) setMenu(false)
  })
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !document.body.classList.contains('menu-open')) return
    setMenu(false)
    byId('menu')?.focus()
  })
}

function setMenu(isOpen: boolean): void {
  document.body.classList.toggle('menu-open', isOpen)
  byId('menu')?.setAttribute('aria-expanded', String(isOpen))
  if (isOpen) byId('nav')?.querySelector<HTMLElement>('summary, a')?.focus()
}

/** Brings the page's own entry of the navigation into sight, and marks the section that is read. */
export function showPlace(): void {
  const nav = byId('nav')
  const current = nav?.querySelector<HTMLElement>('[aria-current]')
  if (
    nav &&
    current &&
    (current.offsetTop < nav.scrollTop || current.offsetTop > nav.scrollTop + nav.clientHeight - 60)
  )
    nav.scrollTop = current.offsetTop - nav.clientHeight / 3
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>('.contents a')].map(link => [
      decodeURIComponent(link.hash.slice(1)),
      link,
    ]),
  )
  if (links.size === 0) return
  const observer = new IntersectionObserver(
    entries => {
      const seen = entries.find(entry => entry.isIntersecting)
      const link = seen && links.get(seen.target.id)
      if (!link) return
      for (const one of links.values()) one.classList.toggle('is-read', one === link)
    },
    { rootMargin: '-64px 0px -70% 0px' },
  )
  for (const id of links.keys()) {
    const heading = byId(id)
    if (heading) observer.observe(heading)
  }
}
