import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'

/** Keeps the card's height while it is not known yet what to offer. */
export function Waiting(): ReactNode {
  const t = useText('common')
  return (
    <div className="sign-in-waiting" role="status">
      <span className="wisp-hidden">{t('loading')}</span>
    </div>
  )
}
