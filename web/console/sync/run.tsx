import { ArrowLeftOutlined } from '@ant-design/icons'
import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { usePathPart } from '../../ui/address/url-state.ts'
import type { Answer } from '../../ui/data/api.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { isUnknown, UnknownObject } from '../../ui/objects/object-page.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatDuration, formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { DriftTable } from './drift-table.tsx'
import { RunPanel, useRun } from './run-panel.tsx'
import { entityKeys, isOpen, useRunWords } from './run-words.ts'
import './sync.css'
import { Actor } from '../../ui/objects/actor.tsx'

/** The page of one run: its progress, its changes and the differences it found. */
export function Page(): ReactNode {
  const t = useText('sync')
  const console = useText('console')
  const words = useRunWords()
  const id = usePathPart('id')
  const read = useRun(id)
  if (read.error && isUnknown(read.error))
    return <UnknownObject kind={console('syncRun')} list={{ to: '/console/sync', title: t('back') }} />
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const run = read.data
  return (
    <>
      <PageLink to="/console/sync" className="wisp-quiet">
        <ArrowLeftOutlined aria-hidden /> {t('back')}
      </PageLink>
      <PageTitle title={words.title(run)} />
      {run.state === 'done' ? null : (
        <div style={{ marginBottom: 16 }}>
          <RunPanel run={run} />
        </div>
      )}
      <Facts run={run} />
      {run.problems.length > 0 ? <Problems problems={run.problems} /> : null}
      <h2 className="sync-section">{t('drift')}</h2>
      {run.first ? (
        <p className="wisp-quiet">{t('driftFirst')}</p>
      ) : (
        <DriftTable key={`${run.id} ${run.state}`} run={run} every={isOpen(run) ? 2000 : undefined} />
      )}
    </>
  )
}

function Facts(props: { run: Answer<'/web/sync/run'> }): ReactNode {
  const t = useText('sync')
  const words = useRunWords()
  const { run } = props
  const items = [
    {
      key: 'state',
      label: t('state'),
      children: <State kind={words.stateKind(run.state)}>{words.state(run.state)}</State>,
    },
    {
      key: 'by',
      label: t('requestedBy'),
      children: (
        <>
          <Actor id={run.requestedBy} />
          {[...(run.approved ? [t('approvedByPerson')] : []), ...(run.first ? [t('firstRun')] : [])].map(
            one => ` · ${one}`,
          )}
        </>
      ),
    },
    { key: 'start', label: t('startedAt'), children: <Time at={run.startedAt} /> },
    { key: 'end', label: t('finishedAt'), children: <Time at={run.finishedAt} /> },
    {
      key: 'took',
      label: t('duration'),
      children: run.durationMs === null ? '—' : formatDuration(run.durationMs),
    },
    {
      key: 'read',
      label: t('members'),
      children: [
        formatNumber(run.progress.members),
        ...(run.progress.membersPerSecond > 0
          ? [t('progressRate', { n: run.progress.membersPerSecond })]
          : []),
      ].join(' · '),
    },
  ]
  return (
    <Panel>
      <Descriptions size="small" column={{ xs: 1, sm: 2, lg: 3 }} items={items} />
      <Counts run={run} />
    </Panel>
  )
}

function Counts(props: { run: Answer<'/web/sync/run'> }): ReactNode {
  const t = useText('sync')
  const { run } = props
  return (
    <table className="wisp-figures" style={{ maxWidth: 480, marginTop: 8 }}>
      <thead>
        <tr>
          <th scope="col">{run.kind === 'dry-run' ? t('wouldChange') : t('counts')}</th>
          <th scope="col">{t('put')}</th>
          <th scope="col">{t('drop')}</th>
        </tr>
      </thead>
      <tbody>
        {(['department', 'member', 'tag'] as const).map(kind => (
          <tr key={kind}>
            <th scope="row">{t(entityKeys[kind])}</th>
            <td>{formatNumber(run.counts[kind].put)}</td>
            <td>{formatNumber(run.counts[kind].drop)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Problems(props: { problems: string[] }): ReactNode {
  const t = useText('sync')
  return (
    <>
      <h2 className="sync-section">{t('problemsTitle')}</h2>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('problemsHint')}
      </p>
      <Panel>
        <ul style={{ margin: 0, paddingInlineStart: 20 }}>
          {props.problems.map(problem => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </Panel>
    </>
  )
}
