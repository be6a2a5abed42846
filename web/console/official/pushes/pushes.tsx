import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import { UrlRange } from '../../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { eventStates, useEventWords } from '../../sync/event-words.ts'
import { AccountPage } from '../use-account.tsx'
import { PushDetail } from './push-detail.tsx'

const filters = ['state', 'kind', 'text', 'from', 'to'] as const
/** Counting the pushes of a large account takes the database some time. */
const refreshEveryMs = 15_000

/** What WeChat pushed to an account, what was answered and what became of it. */
export function Page(): ReactNode {
  const t = useText('official-pushes')
  return (
    <AccountPage title={t('title')} hint={t('hint')}>
      {account => <Pushes originalId={account.originalId} />}
    </AccountPage>
  )
}

function Pushes({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-pushes')
  const { id, open } = useOpen()
  const [selected, setSelected] = useState<number[]>([])
  return (
    <>
      <PushFilters originalId={originalId} />
      <ReplayBar originalId={originalId} selected={selected} clear={() => setSelected([])} />
      <ListTable
        label={t('title')}
        path="/web/official/pushes"
        fixed={{ originalId }}
        columns={useColumns()}
        rowKey={push => push.id}
        filters={filters}
        defaultSort="-id"
        every={refreshEveryMs}
        onOpen={push => open(push.id)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
        selection={{
          selectedRowKeys: selected,
          preserveSelectedRowKeys: true,
          onChange: keys => setSelected(keys.map(Number)),
          getCheckboxProps: push => ({ 'aria-label': t('push', { id: String(push.id) }) }) as object,
        }}
      />
      <UrlDrawer title={t('push', { id })}>
        {one => <PushDetail originalId={originalId} id={one} />}
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/official/pushes'>>[] {
  const t = useText('official-pushes')
  const words = useEventWords()
  return [
    {
      key: 'id',
      title: t('number'),
      sorts: true,
      render: push => <OpenLink id={push.id}>#{push.id}</OpenLink>,
    },
    { key: 'receivedAt', title: t('receivedAt'), render: push => <Time at={push.receivedAt} /> },
    { key: 'kind', title: t('kind'), render: push => push.kind },
    { key: 'openid', title: t('from'), render: push => push.openid },
    {
      key: 'state',
      title: t('state'),
      sorts: true,
      render: push => <State kind={words.stateKind(push.state)}>{words.state(push.state)}</State>,
    },
    { key: 'error', title: t('note'), wideOnly: true, render: push => push.error || '—' },
  ]
}

/** Reads how many pushes the filter finds and which kinds exist. */
function useFound(originalId: string) {
  const [values] = useUrlState()
  const query = { originalId, ...Object.fromEntries(filters.map(name => [name, values[name]])) }
  const read = useRead(
    '/web/official/pushes',
    { ...query, pageSize: 1 },
    { keep: true, every: refreshEveryMs },
  )
  return { query, found: read.data }
}

function PushFilters({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official-pushes')
  const words = useEventWords()
  const { found } = useFound(originalId)
  return (
    <Filters>
      <UrlSearch name="text" placeholder={t('search')} width={256} />
      <UrlSelect
        name="state"
        label={t('state')}
        width={120}
        options={eventStates.map(value => ({ value, label: words.state(value) }))}
      />
      <UrlSelect
        name="kind"
        label={t('kind')}
        width={200}
        options={(found?.kinds ?? []).map(value => ({ value, label: value }))}
      />
      <UrlRange />
    </Filters>
  )
}

/** Replays the selected pushes, or all that the filter finds. */
function ReplayBar(props: { originalId: string; selected: number[]; clear(): void }): ReactNode {
  const t = useText('official-pushes')
  const { originalId, selected, clear } = props
  const { query, found } = useFound(originalId)
  const question = (n: number) => ({
    title: t('replayTitle', { n }),
    content: t('replayHint'),
    okText: t('replay'),
  })
  const done = (output: { count: number }) => t('replayed', { n: output.count })
  const refresh = ['/web/official/push']
  const some = useAct('/web/official/push/replay', {
    done,
    refresh,
    confirm: () => question(selected.length),
  })
  const all = useAct('/web/official/push/replay-filtered', {
    done,
    refresh,
    confirm: ({ expected }) => question(expected),
  })
  if (!found || found.total === 0) return null
  const replaySelected = async () => {
    if (await some.run({ originalId, ids: selected })) clear()
  }
  return (
    <div className="wisp-filters" style={{ alignItems: 'center' }}>
      {selected.length > 0 ? (
        <>
          <Button type="primary" loading={some.isRunning} onClick={() => void replaySelected()}>
            {t('replaySelected', { n: selected.length })}
          </Button>
          <Button onClick={clear}>{t('clearSelection')}</Button>
        </>
      ) : (
        <Button
          loading={all.isRunning}
          onClick={() => void all.run({ ...query, upTo: found.lastId, expected: found.total })}
        >
          {t('replayAll', { n: found.total })}
        </Button>
      )}
    </div>
  )
}
