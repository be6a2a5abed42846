import { type ReactNode, useState } from 'react'
import { useText } from '../ui/text.ts'
import { Me } from '../workbench/me.tsx'
import { OwnSessions } from '../workbench/own-sessions.tsx'
import { Sheet } from '../workbench/sheet.tsx'

export function MePage(): ReactNode {
  const t = useText('portal')
  const [hasSessions, setSessions] = useState(false)
  return (
    <>
      <Me onSessions={() => setSessions(true)} />
      {hasSessions ? (
        <Sheet place="bottom" title={t('sessions')} onClose={() => setSessions(false)}>
          <div className="wb-scroll">
            <OwnSessions />
          </div>
        </Sheet>
      ) : null}
    </>
  )
}
