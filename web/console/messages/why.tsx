import type { ReactNode } from 'react'
import type { WhyView } from '../../../server/features/messages/fate/why.ts'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { Time } from '../../ui/values/time.tsx'
import './messages.css'

type WhyQuery = { data: WhyView | undefined; error: unknown; refetch(): unknown }

/** What was decided about a message for one person and what came of it, for administrators. */
export function ReceiverWhy(props: { msgId: string; userId: string }): ReactNode {
  const { msgId, userId } = props
  return <WhySteps name={userId} read={useRead('/web/messages/why', { msgId, userId })} isLinked />
}

/** The same for the help desk. */
export function ServedWhy(props: { msgId: string; userId: string }): ReactNode {
  const { msgId, userId } = props
  return <WhySteps name={userId} read={useRead('/web/help-desk/message-why', { msgId, userId })} />
}

function WhySteps(props: { name: string; read: WhyQuery; isLinked?: boolean }): ReactNode {
  const { name, read, isLinked = false } = props
  const t = useText('message-why')
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={60} />
  return (
    <ol className="wisp-why" aria-label={t('whyLabel', { name })}>
      {read.data.steps.map((step, n) => (
        <li key={n}>
          <Time at={step.at} exact className="wisp-quiet" />
          <span>
            {step.via ? `${step.via} · ${step.said}` : step.said}
            {step.until ? (
              <span className="wisp-quiet"> {t('until', { time: formatTime(step.until) })}</span>
            ) : null}
            {step.digest ? (
              <> {isLinked ? <OpenLink id={step.digest}>{t('inDigest')}</OpenLink> : t('inDigest')}</>
            ) : null}
          </span>
        </li>
      ))}
    </ol>
  )
}
