import { useEffect } from 'react'

/** Names the browser's tab: the page, whose it is, and wisp. Undefined where something else on the page names it. */
export function usePageName(page: string | undefined, corp = ''): void {
  const title = page && [page, corp, 'wisp'].filter(part => part !== '').join(' · ')
  useEffect(() => {
    if (title) document.title = title
  }, [title])
}
