import { BellOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { useNeeds, useNeedsAfterActs } from '../alerts/use-needs.ts'
import { mayOpen } from '../rights.ts'

/** Counts what needs an administrator and nobody has said 知道了 to. It concerns a whole corp, so graded ones have none. */
export function AlertBell(): ReactNode {
  const t = useText('console')
  const { person, corpId } = useSession()
  const isMeant = mayOpen('super', person.roleLevel) && corpId !== ''
  const { data } = useNeeds(isMeant)
  useNeedsAfterActs()
  if (!isMeant) return null
  const count = data?.list.filter(one => !one.alert?.acknowledgedAt).length ?? 0
  return (
    <PageLink
      to="/console"
      className="console-bell"
      aria-label={count > 0 ? t('alertsNew', { n: count }) : t('alerts')}
    >
      <BellOutlined style={{ fontSize: 16 }} />
      {count > 0 ? <span className="console-bell-count">{count > 99 ? '99+' : count}</span> : null}
    </PageLink>
  )
}
