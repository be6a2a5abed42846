import { type ReactNode, useState } from 'react'
import { Blank } from '../blank.tsx'
import { useText } from '../text.ts'

/** All that people see of a corp that is suspended: why, and the way out. */
export function CorpClosed(props: { reason: string; signOut(): Promise<void> }): ReactNode {
  const t = useText('corp-lifecycle')
  const [isLeaving, setLeaving] = useState(false)
  return (
    <main>
      <Blank
        kind="locked"
        title={t('closedTitle')}
        hint={props.reason}
        action={
          <button
            type="button"
            className="wisp-blank-button"
            disabled={isLeaving}
            onClick={() => {
              setLeaving(true)
              props.signOut().catch(() => setLeaving(false))
            }}
          >
            {t('signOut')}
          </button>
        }
      />
    </main>
  )
}
