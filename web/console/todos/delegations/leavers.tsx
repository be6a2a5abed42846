import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'

type Leaver = Answer<'/web/console/todos/leavers'>['list'][number]

/** Who has left and still has something to do; nothing where there is nobody. */
export function Leavers({ onOpen }: { onOpen(id: number): void }): ReactNode {
  const t = useText('todo-console')
  const { data } = useRead('/web/console/todos/leavers')
  if (!data || data.list.length === 0) return null
  return (
    <Panel title={t('leavers')} className="todos-section">
      <p className="wisp-quiet">{t('leaversHint')}</p>
      <ul className="todos-leavers">
        {data.list.map(leaver => (
          <li key={leaver.id}>
            <span>
              <bdi>{leaver.name}</bdi> <Tag>{t(leaver.leftAt ? 'left' : 'disabled')}</Tag>
              <span className="wisp-quiet">
                {leaver.leftAt
                  ? t('leftSince', { n: leaver.count, time: formatTime(leaver.leftAt) })
                  : t('numbers', { open: leaver.count })}
                {leaver.successor
                  ? ` · ${t(`successor:${leaver.successor.reason}`, { name: leaver.successor.name, userId: leaver.userId })}`
                  : null}
              </span>
            </span>
            <span className="todos-leaver-acts">
              {leaver.successor ? <HandOver leaver={leaver} successor={leaver.successor} /> : null}
              <Button onClick={() => onOpen(leaver.id)}>
                {t(leaver.successor ? 'chooseOther' : 'passOn')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {data.isWhole ? null : <p className="wisp-quiet">{t('moreLeavers')}</p>}
    </Panel>
  )
}

/** One click, and the question, to whom it is evident. */
function HandOver({
  leaver,
  successor,
}: {
  leaver: Leaver
  successor: NonNullable<Leaver['successor']>
}): ReactNode {
  const t = useText('todo-console')
  const isBack = successor.reason === 'returned'
  const words = { from: leaver.name, to: successor.name, userId: leaver.userId, n: successor.count }
  const button = t(isBack ? 'giveBackTo' : 'passOnTo', words)
  const act = useAct('/web/console/todos/pass-on', {
    done: ({ passedOn }) => t(isBack ? 'givenBack' : 'passedOn', { n: passedOn }),
    refresh: ['/web/console/todos'],
    confirm: () => ({
      title: t(isBack ? 'giveBackAsk' : 'passOnAsk', words),
      content: t(isBack ? 'giveBackWhat' : 'passOnWhat', words),
      okText: button,
    }),
  })
  const { id: leaverId, userId: from } = leaver
  const given = { from, leaverId, to: successor.userId, appIds: successor.appIds }
  return (
    <Button type="primary" loading={act.isRunning} onClick={() => void act.run(given)}>
      {button}
    </Button>
  )
}
