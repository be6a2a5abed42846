import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'

/** Keeps the height of the card until it is known which ways to sign in there are. */
export function Waiting(): ReactNode {
  const t = useText('common')
  return (
    <div className="sign-in-waiting" role="status">
      <span className="wisp-hidden">{t('loading')}</span>
    </div>
  )
}
