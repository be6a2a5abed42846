import { type ReactNode, useState } from 'react'
import { useText } from '../ui/text.ts'
import { Me } from '../workbench/me.tsx'
import { OwnSessions } from '../workbench/own-sessions.tsx'
import { Sheet } from '../workbench/sheet.tsx'

export function AccountSheet(props: { onClose(): void }): ReactNode {
  const t = useText('portal')
  const [page, setPage] = useState<'me' | 'sessions'>('me')
  const isMe = page === 'me'
  return (
    <Sheet place="corner" title={isMe ? t('account') : t('sessions')} onClose={props.onClose}>
      <div className="wb-scroll">
        {isMe ? <Me onSessions={() => setPage('sessions')} /> : <OwnSessions />}
      </div>
    </Sheet>
  )
}
