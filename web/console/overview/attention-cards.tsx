import { CheckCircleFilled, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons'
import { theme } from 'antd'
import type { ReactNode } from 'react'
import type { AttentionRow } from '../../../server/features/overview/overview.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useText } from '../../ui/text.ts'

/** The problems that need attention, each with a button that leads to the page where it is solved. */
export function AttentionCards(props: { attention: readonly AttentionRow[]; openSteps: number }): ReactNode {
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

function AttentionCard({ severity, title, hint, act, path }: AttentionRow): ReactNode {
  const { token } = theme.useToken()
  const [to = '', query] = path.split('?')
  return (
    <div className={`overview-card overview-${severity}`}>
      {severity === 'bad' ? (
        <ExclamationCircleFilled style={{ color: token.colorError }} />
      ) : (
        <WarningFilled style={{ color: token.colorWarning }} />
      )}
      <div className="overview-card-words">
        <h2>{title}</h2>
        <p>{hint}</p>
      </div>
      <PageLink to={to} search={Object.fromEntries(new URLSearchParams(query))} className="overview-do">
        {act}
      </PageLink>
    </div>
  )
}
