import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { UrlRange } from '../../ui/address/range.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useAct } from '../../ui/data/act.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable, UrlSearch, UrlSelect, UrlSelectMany } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { PushList } from '../../ui/pushes/push-list.tsx'
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
  const pushes = useText('pushes')
  const columns = useColumns()
  const { query, found } = useFound()
  const done = (output: { count: number }) => pushes('replayed', { n: output.count })
  const refresh = ['/web/sync']
  const some = useAct('/web/sync/replay', { done, refresh })
  const all = useAct('/web/sync/replay-filtered', { done, refresh })
  return (
    <>
      <PageTitle
        title={t('eventsTitle')}
        hint={t('eventsHint')}
        actions={<ExportLink path="/web/sync/events/export" filters={filters} />}
      />
      <PushList<Row<'/web/sync/events'>>
        nameOf={id => t('eventTitle', { id })}
        replayHint={t('replayManyHint')}
        replay={ids => ({
          isRunning: some.isRunning,
          run: async () => (await some.run({ ids })) !== undefined,
        })}
        {...(found
          ? {
              all: {
                count: found.total,
                isRunning: all.isRunning,
                run: async () =>
                  (await all.run({ ...query, upTo: found.lastId, expected: found.total })) !== undefined,
              },
            }
          : {})}
        filters={<EventFilters types={found?.changeTypes ?? []} />}
        table={given => (
          <ListTable
            {...given}
            label={t('eventsTitle')}
            path="/web/sync/events"
            columns={columns}
            filters={filters}
            defaultSort="-id"
            every={refreshEveryMs}
            empty={<EmptyState title={t('eventsEmpty')} hint={t('eventsEmptyHint')} />}
          />
        )}
        detail={id => <EventDetailView id={id} />}
      />
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
    { key: 'receivedAt', title: t('receivedAt'), render: event => <Time exact at={event.receivedAt} /> },
    {
      key: 'changeType',
      title: t('type'),
      sorts: true,
      render: event => <span title={event.changeType}>{words.type(event.changeType)}</span>,
    },
    {
      key: 'entity',
      isSubject: true,
      title: t('entity'),
      sorts: true,
      render: event => words.entity(event.entity),
    },
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
function useFound() {
  const [values] = useUrlState()
  const query = Object.fromEntries(filters.map(name => [name, values[name]]))
  const read = useRead('/web/sync/events', { ...query, pageSize: 1 }, { keep: true, every: refreshEveryMs })
  return { query, found: read.data }
}

function EventFilters({ types }: { types: readonly string[] }): ReactNode {
  const t = useText('sync')
  const words = useEventWords()
  return (
    <>
      <UrlSearch name="text" placeholder={t('searchEvents')} width={256} />
      <UrlSelectMany
        name="state"
        label={t('state')}
        width={120}
        options={eventStates.map(value => ({ value, label: words.state(value) }))}
      />
      <UrlSelect
        name="changeType"
        label={t('type')}
        width={140}
        options={types.map(value => ({ value, label: words.type(value) }))}
      />
      <UrlSelectMany
        name="source"
        label={t('source')}
        width={130}
        options={eventSources.map(value => ({ value, label: words.source(value) }))}
      />
      <UrlRange />
    </>
  )
}
