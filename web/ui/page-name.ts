import { useEffect } from 'react'
import { pageBrand } from './brand.ts'

/** Names the browser's tab: the page, whose it is, and wisp or what the organisation calls it. */
export function usePageName(page: string, corp = ''): void {
  const { name, corpId } = pageBrand()
  const owner = corpId === '' ? corp : ''
  const title = [page, owner, name || 'wisp'].filter(part => part !== '').join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
