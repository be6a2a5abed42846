import { useEffect } from 'react'

/** Names the browser's tab: the page, whose it is, and wisp. */
export function usePageName(page: string, corp = ''): void {
  const title = [page, corp, 'wisp'].filter(part => part !== '').join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
