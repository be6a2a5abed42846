import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useGo } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSelectMany } from '../../ui/list-table.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { useText } from '../../ui/text.ts'
import { formatDuration } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { Failure } from './failure.tsx'
import { runKinds, runStates, useRunWords } from './run-words.ts'

/** All runs, newest first. */
export function RunHistory(): ReactNode {
  const t = useText('sync')
  const words = useRunWords()
  const go = useGo()
  const columns: Column<Row<'/web/sync/runs'>>[] = [
    {
      key: 'id',
      title: t('run'),
      render: run => <PageLink to={`/console/sync/runs/${run.id}`}>{words.title(run)}</PageLink>,
    },
    {
      key: 'state',
      title: t('state'),
      render: run => <State kind={words.stateKind(run.state)}>{words.state(run.state)}</State>,
    },
    { key: 'createdAt', title: t('startedAt'), render: run => <Time at={run.startedAt ?? run.createdAt} /> },
    {
      key: 'duration',
      title: t('duration'),
      render: run => (run.durationMs === null ? '—' : formatDuration(run.durationMs)),
    },
    { key: 'result', isSubject: true, title: t('result'), render: run => <Result run={run} /> },
    { key: 'requestedBy', title: t('requestedBy'), render: run => <Actor id={run.requestedBy} /> },
  ]
  return (
    <>
      <Filters>
        <UrlSelectMany
          name="kind"
          label={t('kind')}
          options={runKinds.map(value => ({ value, label: words.kind(value) }))}
        />
        <UrlSelectMany
          name="state"
          label={t('state')}
          options={runStates.map(value => ({ value, label: words.state(value) }))}
        />
      </Filters>
      <ListTable
        label={t('history')}
        path="/web/sync/runs"
        columns={columns}
        rowKey={run => run.id}
        filters={['kind', 'state']}
        onOpen={run => go(`/console/sync/runs/${run.id}`)}
        empty={<EmptyState title={t('historyEmpty')} hint={t('historyEmptyHint')} />}
      />
    </>
  )
}

function Result(props: { run: Row<'/web/sync/runs'> }): ReactNode {
  const t = useText('sync')
  const words = useRunWords()
  const { run } = props
  const problems = run.problems.length > 0 ? t('problemsBeside', { n: run.problems.length }) : ''
  return (
    <div style={{ maxWidth: 480 }}>
      {run.error === null ? words.counts(run) : <Failure text={run.error} />}
      {problems ? <span className="wisp-quiet">{problems}</span> : null}
    </div>
  )
}
