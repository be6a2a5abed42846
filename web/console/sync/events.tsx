import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { UrlRange } from '../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useAct } from '../../ui/data/act.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { EventDetailView } from './event-detail.tsx'
import { eventSources, eventStates, useEventWords } from './event-words.ts'
import { Failure } from './failure.tsx'
import './sync.css'

const filters = ['state', 'source', 'changeType', 'entity', 'text', 'from', 'to'] as const
const refreshEveryMs = 5000

/** The events that WeCom pushed and the hints of third parties, which can be replayed. */
export function Page(): ReactNode {
  const t = useText('sync')
  const { id, open } = useOpen()
  const [selected, setSelected] = useState<number[]>([])
  const columns = useColumns()
  return (
    <>
      <PageTitle
        title={t('eventsTitle')}
        hint={t('eventsHint')}
        actions={<ExportLink path="/web/sync/events/export" filters={filters} />}
      />
      <EventFilters />
      <ReplayBar selected={selected} clear={() => setSelected([])} />
      <ListTable
        label={t('eventsTitle')}
        path="/web/sync/events"
        columns={columns}
        rowKey={event => event.id}
        filters={filters}
        defaultSort="-id"
        every={refreshEveryMs}
        onOpen={event => open(event.id)}
        empty={<EmptyState title={t('eventsEmpty')} hint={t('eventsEmptyHint')} />}
        selection={{
          selectedRowKeys: selected,
          preserveSelectedRowKeys: true,
          onChange: keys => setSelected(keys.map(Number)),
          getCheckboxProps: event => ({ 'aria-label': t('eventTitle', { id: String(event.id) }) }) as object,
        }}
      />
      <UrlDrawer title={t('eventTitle', { id })}>{one => <EventDetailView id={one} />}</UrlDrawer>
    </>
  )
}

function useColumns(): Column<Row<'/web/sync/events'>>[] {
  const t = useText('sync')
  const words = useEventWords()
  return [
    {
      key: 'id',
      title: t('event'),
      sorts: true,
      render: event => <OpenLink id={event.id}>#{event.id}</OpenLink>,
    },
    { key: 'receivedAt', title: t('receivedAt'), render: event => <Time at={event.receivedAt} /> },
    {
      key: 'changeType',
      title: t('type'),
      sorts: true,
      render: event => <span title={event.changeType}>{words.type(event.changeType)}</span>,
    },
    { key: 'entity', title: t('entity'), sorts: true, render: event => words.entity(event.entity) },
    {
      key: 'state',
      title: t('state'),
      sorts: true,
      render: event => <State kind={words.stateKind(event.state)}>{words.state(event.state)}</State>,
    },
    { key: 'attempts', title: t('attempts'), sorts: true, align: 'right', render: event => event.attempts },
    { key: 'source', title: t('source'), wideOnly: true, render: event => words.source(event.source) },
    {
      key: 'error',
      title: t('note'),
      render: event => (
        <div style={{ maxWidth: 320 }}>{event.error === null ? '—' : <Failure text={event.error} />}</div>
      ),
    },
  ]
}

/** Reads how many events the filter finds and which types exist. */
function useFound(pageSize = 1) {
  const [values] = useUrlState()
  const query = Object.fromEntries(filters.map(name => [name, values[name]]))
  const read = useRead('/web/sync/events', { ...query, pageSize }, { keep: true, every: refreshEveryMs })
  return { query, found: read.data }
}

function EventFilters(): ReactNode {
  const t = useText('sync')
  const words = useEventWords()
  const { found } = useFound()
  return (
    <Filters>
      <UrlSearch name="text" placeholder={t('searchEvents')} width={256} />
      <UrlSelect
        name="state"
        label={t('state')}
        width={120}
        options={eventStates.map(value => ({ value, label: words.state(value) }))}
      />
      <UrlSelect
        name="changeType"
        label={t('type')}
        width={140}
        options={(found?.changeTypes ?? []).map(value => ({ value, label: words.type(value) }))}
      />
      <UrlSelect
        name="source"
        label={t('source')}
        width={130}
        options={eventSources.map(value => ({ value, label: words.source(value) }))}
      />
      <UrlRange />
    </Filters>
  )
}

/** Replays the selected events, or all that the filter finds. */
function ReplayBar(props: { selected: number[]; clear(): void }): ReactNode {
  const t = useText('sync')
  const { query, found } = useFound()
  const { selected, clear } = props
  const question = (n: number) => ({
    title: t('replayManyTitle', { n }),
    content: t('replayManyHint'),
    okText: t('replay'),
  })
  const done = (output: { count: number }) => t('replayed', { n: output.count })
  const refresh = ['/web/sync']
  const some = useAct('/web/sync/replay', {
    done,
    refresh,
    confirm: () => question(selected.length),
  })
  const all = useAct('/web/sync/replay-filtered', {
    done,
    refresh,
    confirm: ({ expected }) => question(expected),
  })
  if (!found || found.total === 0) return null
  const replaySelected = async () => {
    if (await some.run({ ids: selected })) clear()
  }
  return (
    <div className="sync-selection">
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
