import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useLanguage } from '../../../ui/language.ts'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { formatSize } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

const path = '/web/backups/runs'
const soonMs = 2000
type Run = Row<typeof path>

const states = {
  waiting: ['idle', 'stateWaiting'],
  running: ['busy', 'stateRunning'],
  good: ['good', 'stateGood'],
  failed: ['bad', 'stateFailed'],
  removed: ['idle', 'stateRemoved'],
  missing: ['warn', 'stateMissing'],
} as const

/** All backups by the plan, those whose files are gone too, with their last restore test. */
export function RunList({ isBusy }: { isBusy: boolean }): ReactNode {
  const t = useText('backups')
  return (
    <ListTable
      label={t('runs')}
      path={path}
      columns={useColumns()}
      rowKey={row => String(row.id)}
      empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      {...(isBusy ? { every: soonMs } : {})}
    />
  )
}

function useColumns(): Column<Run>[] {
  const t = useText('backups')
  return [
    {
      key: 'time',
      title: t('time'),
      render: row => (
        <>
          <Time at={row.startedAt ?? row.dueAt} />
          <div className="wisp-quiet backups-small">
            {t(row.reason === 'plan' ? 'byPlan' : 'byPerson')}
            {row.attempt > 1 ? ` · ${t('attempt', { n: row.attempt })}` : ''}
          </div>
        </>
      ),
    },
    { key: 'state', title: t('state'), width: 360, render: row => <RunState {...row} /> },
    { key: 'size', title: t('size'), align: 'right', render: row => formatSize(row.bytes) },
    {
      key: 'file',
      title: t('file'),
      wideOnly: true,
      render: row => (
        <span className="backups-small backups-place">
          {row.name || '—'}
          <div className="wisp-quiet">{row.address}</div>
          {row.keyFingerprint ? (
            <div className="wisp-quiet">{t('needsKey', { key: row.keyFingerprint })}</div>
          ) : null}
        </span>
      ),
    },
    { key: 'test', title: t('test'), width: 320, render: row => <Test {...row} /> },
    {
      key: 'act',
      title: '',
      align: 'right',
      render: row => (row.state === 'good' ? <Ask {...row} /> : null),
    },
  ]
}

function RunState({ state, attempt, problem, rotationProblem }: Run): ReactNode {
  const t = useText('backups')
  const language = useLanguage()
  const [kind, word] = states[state]
  const isAgain = state === 'waiting' && attempt > 1
  return (
    <>
      <State kind={kind}>{t(isAgain ? 'stateAgain' : word)}</State>
      {problem ? <div className="backups-problem">{problem[language]}</div> : null}
      {rotationProblem ? (
        <div className="backups-problem">{t('rotation', { why: rotationProblem[language] })}</div>
      ) : null}
    </>
  )
}

const testStates = {
  waiting: ['idle', 'stateWaiting'],
  running: ['busy', 'stateRunning'],
  good: ['good', 'stateGood'],
  failed: ['bad', 'stateFailed'],
} as const

function Test({ test }: Run): ReactNode {
  const t = useText('backups')
  const language = useLanguage()
  if (!test) return <span className="wisp-quiet">{t('noTest')}</span>
  const [kind, word] = testStates[test.state]
  const { tables, rows, secrets, scratch, signed } = test
  return (
    <>
      <State kind={kind}>{t(word)}</State>{' '}
      <span className="wisp-quiet backups-small">
        <Time at={test.at} />
      </span>
      {test.problem ? <div className="backups-problem">{test.problem[language]}</div> : null}
      {test.state === 'good' ? (
        <div className="wisp-quiet backups-small">
          {t('testFound', { tables: tables ?? 0, rows: rows ?? 0, secrets: secrets ?? 0 })}
          {language === 'zh' ? '，' : ', '}
          {t(scratch === 'server' ? 'scratchServer' : 'scratchEmbedded')}
        </div>
      ) : null}
      {test.state === 'good' && signed === false ? (
        <div className="backups-problem">{t('testUnsigned')}</div>
      ) : null}
    </>
  )
}

function Ask({ id, test }: Run): ReactNode {
  const t = useText('backups')
  const act = useAct('/web/backups/test', { done: t('askedTest'), refresh: ['/web/backups'] })
  const isOpen = test?.state === 'waiting' || test?.state === 'running'
  return (
    <Button size="small" disabled={isOpen} loading={act.isRunning} onClick={() => void act.run({ id })}>
      {t('testAsk')}
    </Button>
  )
}
