import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'

const path = '/web/three/notices'
const minuteMs = 60_000
type Notices = Answer<typeof path>

/** Stands above each page for the three administrators: what ran without their codes, and a restored backup that waits for them. */
export function ThreeNotices(): ReactNode {
  const { data } = useRead(path, {}, { every: minuteMs })
  return (
    <>
      {data?.restored.map(one => (
        <Restored key={one.corpId ?? ''} {...one} />
      ))}
      {data?.breakGlasses.map(one => (
        <BreakGlass key={one.id} {...one} />
      ))}
    </>
  )
}

function useWhere(corpId: string | null): string {
  const t = useText('emergency')
  const { corps } = useSession()
  return corpId === null ? t('allCorps') : (corps.find(one => one.corpId === corpId)?.name ?? corpId)
}

function BreakGlass(one: Notices['breakGlasses'][number]): ReactNode {
  const t = useText('emergency')
  const where = useWhere(one.corpId)
  const close = useAct('/web/three/break-glass/close', {
    done: t('closed'),
    refresh: [path],
    confirm: () => ({ title: t('closeQuestion'), content: t('closeWhat'), okText: t('close') }),
  })
  const to = formatTime(one.endsAt)
  const parts = [
    t(one.isOpen ? 'open' : 'over', { to }),
    ...(one.resetOf ? [t('reset', { who: one.resetOf })] : []),
    ...(one.mayClose ? [] : [t('waits')]),
  ]
  return (
    <Alert
      banner
      type="error"
      title={t('opened', { where, from: formatTime(one.openedAt), reason: one.reason })}
      description={parts.join(' · ')}
      action={
        one.mayClose ? (
          <Button
            size="small"
            loading={close.isRunning}
            onClick={() => void close.run({ id: one.id, of: one.corpId ?? '' })}
          >
            {t('close')}
          </Button>
        ) : undefined
      }
    />
  )
}

function Restored(one: Notices['restored'][number]): ReactNode {
  const t = useText('emergency')
  const where = useWhere(one.corpId)
  const confirm = useAct('/web/three/restored/confirm', {
    done: ({ isOpen }) => t(isOpen ? 'reopened' : 'confirmed'),
    refresh: [path, '/web/session'],
    confirm: () => ({ title: t('confirmQuestion'), content: t('confirmWhat'), okText: t('confirm') }),
  })
  return (
    <Alert
      banner
      type="warning"
      title={t('restored', { where, at: formatTime(one.restoredAt) })}
      description={one.firstBy ? t('restoredOne', { who: one.firstBy }) : t('restoredNone')}
      action={
        one.mayConfirm ? (
          <Button
            size="small"
            loading={confirm.isRunning}
            onClick={() => void confirm.run({ of: one.corpId ?? '' })}
          >
            {t('confirm')}
          </Button>
        ) : undefined
      }
    />
  )
}
