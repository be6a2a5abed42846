import { BellOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { useFollowNeeds, useNeeds } from '../alerts/use-needs.ts'
import { hasLevel } from '../rights.ts'

/** Counts what needs an administrator and nobody has said 知道了 to, red when some of it does not work. It concerns a whole corp, so graded ones have none. */
export function AlertBell(): ReactNode {
  const t = useText('console')
  const { person, points, corpId } = useSession()
  const isMeant = (hasLevel('super', person.roleLevel) || points['alert:read'] === 'corp') && corpId !== ''
  const { data } = useNeeds(isMeant)
  useFollowNeeds(isMeant)
  if (!isMeant) return null
  const open = data?.list.filter(one => !one.alert?.acknowledgedAt) ?? []
  const count = open.length
  const isBad = open.some(one => one.severity === 'bad')
  return (
    <PageLink
      to="/console"
      className="console-bell"
      aria-label={count > 0 ? t('alertsNew', { n: count }) : t('alerts')}
    >
      <BellOutlined style={{ fontSize: 16 }} />
      {count > 0 ? (
        <span className={isBad ? 'console-bell-count' : 'console-bell-count is-warn'}>
          {count > 99 ? '99+' : count}
        </span>
      ) : null}
    </PageLink>
  )
}
