import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { UrlRange } from '../../ui/address/range.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable, UrlSearch, UrlSelect, UrlSelectMany } from '../../ui/list-table.tsx'
import { PushList } from '../../ui/pushes/push-list.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { eventStates, useEventWords } from '../sync/event-words.ts'
import { type PushRow, refreshPushes, usePushesOwner, usePushesText } from './owner.tsx'
import { OwnedPush } from './push.tsx'

const filters = ['state', 'kind', 'text', 'from', 'to'] as const
/** Counting the pushes of a large account takes the database some time. */
const refreshEveryMs = 15_000

/** What a vendor pushed to whom `PushesOf` names, what was answered and what became of it. */
export function Pushes(): ReactNode {
  const t = usePushesText()
  const { calls, input, label } = usePushesOwner()
  const pushes = useText('pushes')
  const columns = useColumns()
  const { query, found } = useFound()
  const done = (output: { count: number }) => pushes('replayed', { n: output.count })
  const refresh = refreshPushes
  const some = useAct(calls.replay, { done, refresh })
  const all = useAct(calls.replayFiltered, { done, refresh })
  return (
    <PushList<PushRow>
      nameOf={id => t('push', { id })}
      replayHint={t('replayHint')}
      replay={ids => ({
        isRunning: some.isRunning,
        run: async () => (await some.run({ ...input, ids })) !== undefined,
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
      filters={<PushFilters kinds={found?.kinds ?? []} />}
      table={given => (
        <ListTable
          {...given}
          label={label}
          path={calls.list}
          fixed={input}
          columns={columns}
          filters={filters}
          defaultSort="-id"
          every={refreshEveryMs}
          empty={<EmptyState title={t('none')} hint={t('noneHint')} />}
        />
      )}
      detail={id => <OwnedPush id={id} />}
    />
  )
}

function useColumns(): Column<PushRow>[] {
  const t = usePushesText()
  const { fromKey, from, kind } = usePushesOwner()
  const words = useEventWords()
  return [
    {
      key: 'id',
      title: t('number'),
      sorts: true,
      render: push => <OpenLink id={push.id}>#{push.id}</OpenLink>,
    },
    { key: 'receivedAt', title: t('receivedAt'), render: push => <Time exact at={push.receivedAt} /> },
    { key: 'kind', isSubject: true, title: t('kind'), render: push => kind(push.kind) },
    { key: fromKey, title: t('from'), render: from },
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
function useFound() {
  const { calls, input } = usePushesOwner()
  const [values] = useUrlState()
  const query = { ...input, ...Object.fromEntries(filters.map(name => [name, values[name]])) }
  const read = useRead(calls.list, { ...query, pageSize: 1 }, { keep: true, every: refreshEveryMs })
  return { query, found: read.data }
}

function PushFilters({ kinds }: { kinds: readonly string[] }): ReactNode {
  const t = usePushesText()
  const words = useEventWords()
  const { kind } = usePushesOwner()
  return (
    <>
      <UrlSearch name="text" placeholder={t('search')} width={256} />
      <UrlSelectMany
        name="state"
        label={t('state')}
        width={120}
        options={eventStates.map(value => ({ value, label: words.state(value) }))}
      />
      <UrlSelect
        name="kind"
        label={t('kind')}
        width={200}
        options={kinds.map(value => ({ value, label: kind(value) }))}
      />
      <UrlRange />
    </>
  )
}
