import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'

/** Who has left and still has something to do; nothing where there is nobody. */
export function Leavers({ onOpen }: { onOpen(userId: string): void }): ReactNode {
  const t = useText('todo-console')
  const { data } = useRead('/web/console/todos/leavers')
  if (!data || data.list.length === 0) return null
  return (
    <Panel title={t('leavers')} className="todos-section">
      <p className="wisp-quiet">{t('leaversHint')}</p>
      <ul className="todos-leavers">
        {data.list.map(({ userId, name, leftAt, count }) => (
          <li key={userId}>
            <span>
              <bdi>{name}</bdi> <Tag>{t(leftAt ? 'left' : 'disabled')}</Tag>
              <span className="wisp-quiet">
                {leftAt
                  ? t('leftSince', { n: count, time: formatTime(leftAt) })
                  : t('numbers', { open: count })}
              </span>
            </span>
            <Button size="small" onClick={() => onOpen(userId)}>
              {t('passOn')}
            </Button>
          </li>
        ))}
      </ul>
      {data.isWhole ? null : <p className="wisp-quiet">{t('moreLeavers')}</p>}
    </Panel>
  )
}
