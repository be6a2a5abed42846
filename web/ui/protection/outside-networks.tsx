import { type ReactNode, useState } from 'react'
import { Blank } from '../blank.tsx'
import { usePageName } from '../page-name.ts'
import { useText } from '../text.ts'

/** All that somebody sees of the console from an address that the networks do not have: which one it is, and the way out. */
export function OutsideNetworks(props: { address: string; signOut(): Promise<void> }): ReactNode {
  const t = useText('protection')
  usePageName(t('outsideTitle'), '')
  const [isLeaving, setLeaving] = useState(false)
  return (
    <main className="wisp-closed">
      <Blank
        kind="locked"
        title={t('outsideTitle')}
        hint={t('outsideHint', { address: props.address })}
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
