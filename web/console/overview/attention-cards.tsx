import { CheckCircleFilled, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons'
import { theme } from 'antd'
import type { ReactNode } from 'react'
import type { Attention } from '../../../server/features/overview/attention.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useText } from '../../ui/text.ts'

/** The page on which each kind of problem is solved. */
const pathOf: Record<Attention['kind'], string> = {
  callbackUnverified: '/console/system/corps',
  developerOwnerless: '/console/apps/developers',
  doctorFailed: '/console/system/corps',
  lateEvents: '/console/sync/events',
  neverSynced: '/console/sync',
  noChannel: '/console/messages/settings',
  parkedEvents: '/console/sync/events',
  parkedPushes: '/console/official/pushes',
  paymentsParked: '/console/payments/notifications',
  scopeRequested: '/console/apps/developers',
  syncApproval: '/console/sync',
  syncFailed: '/console/sync',
  troubledMessages: '/console/messages',
}

const showsParked: ReadonlySet<Attention['kind']> = new Set([
  'parkedEvents',
  'parkedPushes',
  'paymentsParked',
])

/** The problems that need attention, each with a button that leads to the page where it is solved. */
export function AttentionCards(props: { attention: readonly Attention[]; openSteps: number }): ReactNode {
  const t = useText('overview')
  const { token } = theme.useToken()
  const { attention, openSteps } = props
  if (attention.length === 0) {
    return (
      <div className="overview-calm" role="status">
        <CheckCircleFilled style={{ color: token.colorSuccess }} />
        {openSteps > 0 ? t('allGoodBut', { n: openSteps }) : t('allGood')}
      </div>
    )
  }
  return (
    <section aria-label={t('attention')} className="overview-attention">
      {attention.map(one => (
        <AttentionCard key={one.kind} {...one} />
      ))}
    </section>
  )
}

function AttentionCard(props: Attention): ReactNode {
  const t = useText('overview')
  const { token } = theme.useToken()
  const { kind, severity } = props
  const hint = kind === 'doctorFailed' || kind === 'syncFailed' ? (props.detail ?? '') : t(`${kind}Hint`)
  const path = props.runId === undefined ? pathOf[kind] : `/console/sync/runs/${props.runId}`
  const search = {
    ...(props.account === undefined ? {} : { account: props.account }),
    ...(showsParked.has(kind) ? { state: 'parked' } : {}),
  }
  return (
    <div className={`overview-card overview-${severity}`}>
      {severity === 'bad' ? (
        <ExclamationCircleFilled style={{ color: token.colorError }} />
      ) : (
        <WarningFilled style={{ color: token.colorWarning }} />
      )}
      <div className="overview-card-words">
        <h2>{t(kind, { n: props.count ?? 0 })}</h2>
        <p>{hint}</p>
      </div>
      <PageLink to={path} search={search} className="overview-do">
        {t(`${kind}Do`)}
      </PageLink>
    </div>
  )
}
