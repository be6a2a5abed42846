import type { ReactNode } from 'react'
import { CallError, canRetry } from '../ui/data/api.ts'
import { ErrorNumber } from '../ui/error-number.tsx'
import { useText } from '../ui/text.ts'
import { Icon } from './icons.tsx'

/** A placeholder with the shape of the tiles, so that nothing moves when they appear. */
export function Waiting(): ReactNode {
  const t = useText('portal')
  return (
    <div className="wb-waiting" role="status" aria-label={t('loading')}>
      {Array.from({ length: 12 }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  )
}

/** The name of an error's kind is for logs only. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function Failed(props: { error: unknown; retry?: () => void }): ReactNode {
  const t = useText('portal')
  const { error, retry } = props
  const words = error instanceof CallError ? error.message || t('networkFailed') : wordsOf(error)
  return (
    <div className="wb-trouble" role="alert">
      <span className="wb-trouble-icon">
        <Icon name="warning" size={40} />
      </span>
      <h2>{t('failed')}</h2>
      <p>
        {words}
        <ErrorNumber of={error} />
      </p>
      {retry && canRetry(error) ? (
        <button type="button" className="wb-button wb-primary" onClick={retry}>
          {t('retry')}
        </button>
      ) : null}
    </div>
  )
}
