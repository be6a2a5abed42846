import { useEffect } from 'react'
import { pageBrand } from './brand.ts'

/**
 * Names the browser's tab: the page, whose it is, and wisp or what the organisation calls it. Undefined where something else on the page
 * names it.
 */
export function usePageName(page: string | undefined, corp = ''): void {
  const { name, corpId } = pageBrand()
  const owner = corpId === '' ? corp : ''
  const title = page && [page, owner, name || 'wisp'].filter(part => part !== '').join(' · ')
  useEffect(() => {
    if (title) document.title = title
  }, [title])
}
