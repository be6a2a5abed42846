import type { ReactNode } from 'react'
import { canRetry } from '../ui/data/api.ts'
import { ErrorNumber } from '../ui/error-number.tsx'
import { useText } from '../ui/text.ts'
import { Icon, type IconName } from '../workbench/icons.tsx'
import { refusalIn } from './refusal.ts'

type NoticeProps = {
  icon: IconName
  tone?: 'good' | 'bad' | 'quiet'
  title: string
  text?: ReactNode
  children?: ReactNode
}

/** A whole page that says one thing, and what can be done. */
export function Notice({ icon, tone = 'quiet', title, text, children }: NoticeProps): ReactNode {
  return (
    <section className="pay-notice">
      <span className={`pay-notice-icon pay-${tone}`}>
        <Icon name={icon} size={36} />
      </span>
      <h2>{title}</h2>
      {text ? <p className="wb-quiet">{text}</p> : null}
      {children ? <div className="pay-acts">{children}</div> : null}
    </section>
  )
}

export function Failed(props: { error: unknown; retry: () => void }): ReactNode {
  const t = useText('pay')
  const words = refusalIn(props.error) || t('networkFailed')
  return (
    <div role="alert">
      <Notice
        icon="warning"
        tone="bad"
        title={t('failed')}
        text={
          <>
            {words}
            <ErrorNumber of={props.error} />
          </>
        }
      >
        {canRetry(props.error) ? (
          <button type="button" className="wb-button wb-primary" onClick={props.retry}>
            {t('retry')}
          </button>
        ) : null}
      </Notice>
    </div>
  )
}

export function Loading(): ReactNode {
  const t = useText('pay')
  return (
    <div className="pay-loading" role="status" aria-label={t('loading')}>
      {[1, 2, 3].map(one => (
        <span key={one} />
      ))}
    </div>
  )
}

/** A line above a list: why something did not work. */
export function Warning({ children }: { children: ReactNode }): ReactNode {
  return (
    <p className="pay-warning" role="alert">
      {children}
    </p>
  )
}
