import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import './sync.css'

/** What went wrong and, where that is known, what to change: the second line of the stored text. */
export function Failure(props: { text: string }): ReactNode {
  const t = useText('sync')
  const [what, ...fix] = props.text.split('\n')
  return (
    <>
      <div>{what}</div>
      {fix.length > 0 ? (
        <div className="sync-fix">
          <span className="wisp-quiet">{t('fix')}</span> {fix.join(' ')}
        </div>
      ) : null}
    </>
  )
}
