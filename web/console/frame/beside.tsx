import type { ReactNode } from 'react'
import { keptSearch } from '../../ui/address/kept-search.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import type { ConsolePage } from '../console-page.ts'
import { isOfAccount, linkedFrom, linksTo } from '../place.ts'
import { mayOpen } from '../rights.ts'

/** The pages that are opened from this one; on one of these, the way back. */
export function Beside({ page }: { page: ConsolePage }): ReactNode {
  const t = useText('console')
  const session = useSession()
  const { corpId } = session
  const [{ account }] = useUrlState()
  if (page.path.includes('$') || !mayOpen(page, session)) return null
  const upper = linksTo(page, session)
  const searchOf = (one: ConsolePage) => (isOfAccount(one) ? { account } : {})
  if (upper)
    return (
      <PageLink to={upper.path} search={{ ...keptSearch(corpId, upper.path), ...searchOf(upper) }}>
        ‹ {t(upper.tab ?? upper.name)}
      </PageLink>
    )
  const linked = linkedFrom(page, session).filter(one => corpId !== '' || one.withoutCorp)
  if (linked.length === 0) return null
  return (
    <nav aria-label={t('beside')} className="console-beside">
      {linked.map(one => (
        <PageLink key={one.path} to={one.path} search={searchOf(one)}>
          {t(one.tab ?? one.name)}
        </PageLink>
      ))}
    </nav>
  )
}
