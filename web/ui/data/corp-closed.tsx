import { type ReactNode, useState } from 'react'
import { Blank } from '../blank.tsx'
import { usePageName } from '../page-name.ts'
import { useText } from '../text.ts'

/** All that people see of a corp that is suspended: why, and the way out. */
export function CorpClosed(props: { name: string; reason: string; signOut(): Promise<void> }): ReactNode {
  const t = useText('corp-lifecycle')
  usePageName(t('closedTitle'), props.name)
  const [isLeaving, setLeaving] = useState(false)
  return (
    <main className="wisp-closed">
      <Blank
        kind="locked"
        title={t('closedNamed', { name: props.name })}
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
