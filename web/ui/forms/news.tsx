import { Alert, Button } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../text.ts'

export type News = {
  /** The labels of fields that were brought up to date. */
  taken: readonly string[]
  clashing: readonly { label: string; theirs: string }[]
}

/** What somebody else changed while the form was filled, and how to go on. */
export function FormNews(props: { news: News; discard(): void }): ReactNode {
  const t = useText('objects')
  const { taken, clashing } = props.news
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Newer browsers return a promise here, which an effect must not return.
    void place.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div ref={place} style={{ marginBottom: 16 }}>
      <Alert
        type="warning"
        showIcon
        role="alert"
        title={t('newsTitle')}
        description={
          <>
            {taken.length > 0 ? <div>{t('newsTaken', { names: taken.join('、') })}</div> : null}
            {clashing.map(({ label, theirs }) => (
              <div key={label} style={{ overflowWrap: 'anywhere' }}>
                {t('newsClash', { name: label, theirs })}
              </div>
            ))}
            {taken.length + clashing.length === 0 ? <div>{t('newsHidden')}</div> : null}
            <div>{t('newsNext')}</div>
            <Button size="small" style={{ marginTop: 8 }} onClick={props.discard}>
              {t('discard')}
            </Button>
          </>
        }
      />
    </div>
  )
}
