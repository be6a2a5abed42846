import { Alert } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { formatDuration } from '../../../ui/values/format.ts'
import '../apps.css'

/** The result of a sync with the beginning of the app's answer. */
export function SyncOutcomeView(props: {
  outcome: Answer<'/web/apps/menu/sync'>
  onClose?: () => void
}): ReactNode {
  const t = useText('apps')
  const { outcome, n, items, error, answer, ms } = props.outcome
  const shown = useRef<HTMLDivElement>(null)
  // The reader waited for this result, and it may be at the end of a long form, out of view.
  useEffect(() => {
    // Newer browsers return a promise here, which an effect must not return.
    void shown.current?.scrollIntoView({ block: 'center' })
  }, [])
  const isBad = outcome === 'failed'
  const title = isBad ? t('syncFailed') : t(outcome === 'new' ? 'syncNew' : 'syncSame', { items, n: n ?? 0 })
  return (
    <Alert
      role="status"
      showIcon
      type={isBad ? 'error' : 'success'}
      title={title}
      description={
        <div className="apps-outcome" ref={shown}>
          {isBad ? <div>{error}</div> : null}
          <div className="wisp-quiet">{t('syncTook', { time: formatDuration(ms) })}</div>
          {answer ? (
            <details open={isBad}>
              <summary>{t('syncAnswer')}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
              <pre tabIndex={0}>{answer}</pre>
            </details>
          ) : null}
        </div>
      }
      {...(props.onClose ? { closable: { onClose: props.onClose } } : {})}
    />
  )
}
