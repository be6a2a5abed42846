import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { addressOf } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'

const path = '/web/help-desk/copies'

/** The member's copies of their data, read when they are asked for: whoever has a role is not served here. */
export function CopiesPanel({ userId }: { userId: string }): ReactNode {
  const t = useText('help-desk')
  const [isOpen, setOpen] = useState(false)
  return (
    <Panel title={t('copiesTitle')}>
      {isOpen ? (
        <Copies userId={userId} />
      ) : (
        <Button size="small" onClick={() => setOpen(true)}>
          {t('copiesShow')}
        </Button>
      )}
    </Panel>
  )
}

function Copies({ userId }: { userId: string }): ReactNode {
  const t = useText('help-desk')
  const read = useRead(path, { userId })
  const act = useAct('/web/help-desk/copy', { done: t('copyAsked'), refresh: [path] })
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const [last] = read.data.list
  return (
    <p className="help-desk-note">
      <Button size="small" loading={act.isRunning} onClick={() => void act.run({ userId })}>
        {t('copyAsk')}
      </Button>{' '}
      {last?.state === 'asked' ? t('copyMaking') : null}
      {last?.state === 'done' ? (
        <>
          <Time at={last.endedAt} />{' '}
          <a href={addressOf('/web/help-desk/copy/take', { userId })} download>
            {t('copyTake')}
          </a>
        </>
      ) : null}
    </p>
  )
}
