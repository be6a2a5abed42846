import { Button, Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import {
  type Column,
  Filters,
  type ListQuestion,
  ListTable,
  UrlSearch,
  UrlSelect,
  useList,
} from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'
import { SourceFilter } from './source-filter.tsx'
import './sources.css'

const path = '/web/todos/unrecognised'
type Push = Row<typeof path>
const question = { filters: ['source', 'words', 'waiting'] } as const satisfies ListQuestion<typeof path>
const list = '/web/todos/'

/** What sources sent that was not understood. */
export function Page(): ReactNode {
  const t = useText('todo-sources')
  const { open } = useOpen()
  return (
    <>
      <PageTitle title={t('unrecognised')} hint={t('unrecognisedHint')} actions={<ReplayAll />} />
      <PushFilters />
      <ListTable
        label={t('unrecognised')}
        path={path}
        columns={useColumns()}
        rowKey={one => one.id}
        onOpen={one => open(one.id)}
        {...question}
        every={30_000}
        empty={<EmptyState title={t('noneUnderstood')} hint={t('noneUnderstoodHint')} />}
      />
      <UrlDrawer title={t('unrecognisedOne')}>{id => <One id={id} />}</UrlDrawer>
    </>
  )
}

function PushFilters(): ReactNode {
  const t = useText('todo-sources')
  return (
    <Filters>
      <UrlSearch name="words" placeholder={t('searchHint')} />
      <SourceFilter />
      <UrlSelect
        name="waiting"
        label={t('waiting')}
        width={180}
        options={[{ value: '1', label: t('waitingIncluded') }]}
      />
    </Filters>
  )
}

function ReplayAll(): ReactNode {
  const t = useText('todo-sources')
  const [{ source, words, waiting }] = useUrlState()
  const { read } = useList(path, question)
  const n = read.data?.total ?? 0
  const act = useAct('/web/todos/unrecognised/replay-all', {
    done: ({ applied, left }) => t('replayed', { applied, left }),
    refresh: [list, '/web/console/todos'],
    confirm: () => ({ title: t('replayAsk', { n }), content: t('replayWhat'), okText: t('replay') }),
  })
  if (n === 0) return null
  const filter = {
    ...(source ? { source } : {}),
    ...(words ? { words } : {}),
    waiting: waiting === '1' ? ('1' as const) : ('0' as const),
  }
  return (
    <Button type="primary" loading={act.isRunning} onClick={() => void act.run(filter)}>
      {t('replayAll', { n })}
    </Button>
  )
}

function useColumns(): Column<Push>[] {
  const t = useText('todo-sources')
  return [
    {
      key: 'title',
      title: t('title'),
      render: one => (
        <OpenLink id={one.id}>
          <bdi>{one.title || one.call}</bdi>
        </OpenLink>
      ),
    },
    { key: 'why', title: t('reason'), render: one => one.why },
    { key: 'about', title: t('about'), render: one => <bdi>{one.about || '—'}</bdi> },
    { key: 'source', title: t('source'), render: one => <bdi>{one.sourceName}</bdi> },
    { key: 'times', title: t('times'), render: one => one.times },
    { key: 'lastAt', title: t('lastAt'), render: one => <Time at={one.lastAt} /> },
  ]
}

function One(props: { id: string }): ReactNode {
  const t = useText('todo-sources')
  const { close } = useOpen()
  const { read } = useList(path, question)
  const one = read.data?.list.find(push => String(push.id) === props.id)
  const replay = useAct('/web/todos/unrecognised/replay', {
    done: ({ applied, left }) => t('replayed', { applied, left }),
    refresh: [list, '/web/console/todos'],
  })
  const dismiss = useAct('/web/todos/unrecognised/dismiss', {
    done: t('dismissed'),
    refresh: [list],
    confirm: () => ({
      title: t('dismissAsk'),
      content: t('dismissWhat'),
      okText: t('dismiss'),
      danger: true,
    }),
  })
  if (!one) return <EmptyState title={t('noneUnderstood')} />
  return (
    <>
      <Descriptions
        column={1}
        size="small"
        layout="vertical"
        items={[
          { key: 'why', label: t('reason'), children: one.about ? `${one.why}：${one.about}` : one.why },
          { key: 'source', label: t('source'), children: `${one.sourceName} · ${t(one.kind)}` },
          { key: 'call', label: t('call'), children: <code className="wisp-code">{one.call}</code> },
          { key: 'firstAt', label: t('firstAt'), children: <Time at={one.firstAt} /> },
          { key: 'lastAt', label: t('lastAt'), children: <Time at={one.lastAt} /> },
          { key: 'times', label: t('times'), children: one.times },
          {
            key: 'content',
            label: t('content'),
            children: <pre className="todo-source-content">{one.content}</pre>,
          },
        ]}
      />
      <DrawerActions>
        <Button
          type="primary"
          loading={replay.isRunning}
          onClick={async () => {
            const done = await replay.run({ id: one.id })
            if (done?.left === 0) close()
          }}
        >
          {t('replay')}
        </Button>
        <Button
          danger
          className="wisp-actions-more"
          loading={dismiss.isRunning}
          onClick={async () => {
            if (await dismiss.run({ id: one.id })) close()
          }}
        >
          {t('dismiss')}
        </Button>
      </DrawerActions>
    </>
  )
}
