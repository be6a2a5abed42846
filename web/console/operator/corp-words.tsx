import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import type { Answer, Row } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { formatNumber, formatShare, formatTime } from '../../ui/values/format.ts'
import { State, type StateKind } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { corpAddress } from '../object-addresses.ts'
import { useRunWords } from '../sync/run-words.ts'

type Corp = Row<'/web/operator/corps'>
export type OneCorp = Answer<'/web/operator/corp'>

const healthKinds: Record<Corp['health'], StateKind> = { ok: 'good', warning: 'warn', failing: 'bad' }

/** How a corp is, and why, in a word and a line. */
export function Health({ corp }: { corp: Corp }): ReactNode {
  const t = useText('operator')
  const { health, failing, openAlerts, outageSince, suspendedAt, suspendedReason, callbackVerified } = corp
  const reasons = [
    ...(suspendedAt ? [t('suspendedSince', { time: formatTime(suspendedAt), reason: suspendedReason })] : []),
    ...(failing?.length ? [t('failingChecks', { what: failing.join('、') })] : []),
  ]
  const why = outageSince ? t('outage') : callbackVerified ? '' : t('callbackUnverified')
  return (
    <span title={reasons.join('\n') || undefined} className="operator-health">
      {suspendedAt ? <State kind="idle">{t('suspended')}</State> : null}
      <State kind={healthKinds[health]}>{t(health)}</State>
      {openAlerts > 0 ? (
        <span className="wisp-quiet">
          <PageLink to={corpAddress(corp.corpId)} className="wisp-figure">
            {t('alertsOpen', { n: openAlerts })}
          </PageLink>
        </span>
      ) : null}
      {openAlerts === 0 && why ? <span className="wisp-quiet">{why}</span> : null}
    </span>
  )
}

/** When the last sync ended, and how where it was not well. */
export function LastSync({ corp: { lastSync } }: { corp: Corp }): ReactNode {
  const t = useText('operator')
  const words = useRunWords()
  if (!lastSync) return <span className="wisp-quiet">{t('never')}</span>
  return (
    <span className="operator-sync">
      <Time at={lastSync.at} />
      {lastSync.state === 'done' ? null : (
        <State kind={words.stateKind(lastSync.state)}>{words.state(lastSync.state)}</State>
      )}
    </span>
  )
}

export const quotaKinds: Record<Corp['quotas'][number]['state'], StateKind> = {
  ok: 'good',
  near: 'warn',
  full: 'bad',
  exceeded: 'bad',
}

/** The quota of which most is used. */
export function WorstQuota({ corp }: { corp: Corp }): ReactNode {
  const t = useText('operator')
  const [worst] = corp.quotas.toSorted((a, b) => b.used / b.quota - a.used / a.quota)
  if (!worst) return <span className="wisp-quiet">{t('unlimited')}</span>
  return (
    <State kind={quotaKinds[worst.state]}>
      <PageLink to={`${corpAddress(corp.corpId)}/quotas`} className="wisp-figure">
        {t('quotaUse', {
          name: t(`quota_${worst.name}`),
          used: formatNumber(worst.used),
          quota: formatNumber(worst.quota),
          share: formatShare(worst.used / worst.quota),
        })}
      </PageLink>
    </State>
  )
}
