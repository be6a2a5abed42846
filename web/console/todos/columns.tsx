import { Tag } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../ui/data/api.ts'
import type { Column } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { DueTime, Time } from '../../ui/values/time.tsx'

type TodoRow = Row<'/web/console/todos'>

export function useTodoColumns(): Column<TodoRow>[] {
  const t = useText('todo-console')
  return [
    { key: 'title', title: t('title'), width: 360, render: row => <Title row={row} /> },
    { key: 'app', title: t('app'), render: row => <bdi>{row.appName}</bdi> },
    { key: 'holder', title: t('holder'), render: row => <Holder row={row} /> },
    { key: 'state', title: t('state'), render: row => <TodoState state={row.state} /> },
    { key: 'createdAt', title: t('sentAt'), sorts: true, render: row => <Time at={row.createdAt} /> },
    {
      key: 'dueAt',
      title: t('dueAt'),
      sorts: true,
      render: row => <DueTime at={row.dueAt} isOpen={row.state === 'open'} />,
    },
    {
      key: 'endedAt',
      title: t('endedAt'),
      wideOnly: true,
      render: row => (row.endedAt ? <Time at={row.endedAt} /> : '—'),
    },
  ]
}

function Title({ row }: { row: TodoRow }): ReactNode {
  const t = useText('todo-console')
  const { title, kind, priority, process, step, sender } = row
  const about = [process, step, sender].filter(Boolean).join(' · ')
  return (
    <div className="todos-title">
      <span>
        {kind === 'read' ? <Tag>{t('read')}</Tag> : null}
        {priority === 2 ? <Tag color="error">{t('urgent')}</Tag> : null}
        {priority === 1 ? <Tag>{t('important')}</Tag> : null}
        <bdi>{title}</bdi>
      </span>
      {about ? <bdi className="wisp-quiet">{about}</bdi> : null}
    </div>
  )
}

function Holder({ row: { holder, meant } }: { row: TodoRow }): ReactNode {
  const t = useText('todo-console')
  return (
    <div className="todos-title">
      <span>
        <Person person={holder} />
      </span>
      {meant ? (
        <span className="wisp-quiet">{t('meant', { name: meant.name || t('unknownPerson') })}</span>
      ) : null}
    </div>
  )
}

export function Person({ person }: { person: TodoRow['holder'] }): ReactNode {
  const t = useText('todo-console')
  const { name, userId, hasLeft } = person
  return (
    <>
      <bdi title={userId}>{name || userId || t('unknownPerson')}</bdi>{' '}
      {hasLeft ? <Tag>{t('left')}</Tag> : null}
    </>
  )
}

const kinds = { open: 'busy', overdue: 'bad', done: 'good', withdrawn: 'idle' } as const

function TodoState({ state }: { state: TodoRow['state'] }): ReactNode {
  const t = useText('todo-console')
  return <State kind={kinds[state]}>{t(state)}</State>
}
