import { Alert, Button, Form, InputNumber, Pagination, Segmented, Space, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { useFieldName } from './field-name.ts'
import { sourcesPath as list, runKinds } from './source.ts'

type Run = Row<'/web/directory/sources/runs'>
type RunRow = Row<'/web/directory/sources/rows'>

/** In the order in which a personnel officer looks at them. */
const shownKinds = [
  ['join', 'joiners'],
  ['move', 'movers'],
  ['leave', 'leavers'],
  ['change', 'changed'],
  ['return', 'returned'],
  ['delete', 'deleted'],
  ['department-add', 'departmentsAdded'],
  ['department-set', 'departmentsSet'],
  ['department-remove', 'departmentsRemoved'],
  ['problem', 'problems'],
  ['drift', 'drift'],
  ['adopt', 'adopted'],
] as const
type ShownKind = (typeof shownKinds)[number][0]

/** A run: what it does by kind, its rows, and what may be done with it. */
export function RunView({
  run,
  isLatest = false,
  strangersStay = false,
}: {
  run: Run
  isLatest?: boolean
  strangersStay?: boolean
}): ReactNode {
  const t = useText('sources')
  const [kind, setKind] = useState<ShownKind | 'all'>('all')
  const present = shownKinds.filter(([, count]) => run.counts[count] > 0)
  const title = run.kind === 'write' ? '' : `${t(`kindOf_${run.kind}`)} `
  const { strangers } = run.counts
  return (
    <section aria-label={t('last')}>
      <p>
        <State kind={runKinds[run.state]}>{`${title}${t(`state_${run.state}`)}`}</State>{' '}
        <Time at={run.madeAt} />{' '}
        <span className="wisp-quiet">
          {run.approvedBy ? t('approvedBy', { name: run.approvedBy }) : t('madeBy', { name: run.madeBy })}
        </span>
      </p>
      {run.failure ? <Alert type="warning" showIcon title={run.failure} /> : null}
      {run.state === 'preview' ? null : (
        <p>
          {t('progress', {
            done: formatNumber(run.done),
            failed: formatNumber(run.failed),
            left: formatNumber(run.left),
          })}
        </p>
      )}
      {run.writes === 0 && run.kind === 'write' ? <p>{t('nothing')}</p> : null}
      {strangersStay && strangers > 0 ? (
        <p className="wisp-quiet">{t('strangers', { n: formatNumber(strangers) })}</p>
      ) : null}
      {present.length > 0 ? (
        <>
          <Segmented
            aria-label={t('what')}
            value={kind}
            onChange={setKind}
            options={[
              { value: 'all' as const, label: t('all') },
              ...present.map(([value, count]) => ({
                value,
                label: `${t(value)} ${formatNumber(run.counts[count])}`,
              })),
            ]}
            style={{ marginBlockEnd: 12, flexWrap: 'wrap' }}
          />
          <Rows run={run} kind={kind} />
        </>
      ) : null}
      {isLatest ? <Acts run={run} /> : null}
    </section>
  )
}

const pageSize = 20

const rowKinds: Record<string, StateKind> = {
  done: 'good',
  failed: 'bad',
  overtaken: 'warn',
  sending: 'busy',
  waits: 'idle',
}

function Rows({ run, kind }: { run: Run; kind: ShownKind | 'all' }): ReactNode {
  const t = useText('sources')
  const [page, setPage] = useState({ kind, pageNo: 1 })
  const pageNo = page.kind === kind ? page.pageNo : 1
  const every = run.state === 'writing' ? 3000 : false
  const query = { id: run.id, pageNo, pageSize, ...(kind === 'all' ? {} : { kind }) }
  const { data } = useRead('/web/directory/sources/rows', query, { keep: true, every })
  const fieldName = useFieldName()
  if (!data) return null
  return (
    <>
      <Table<RunRow>
        size="small"
        aria-label={t('changes')}
        rowKey={row => row.n}
        dataSource={data.list}
        pagination={false}
        columns={[
          {
            key: 'who',
            title: t('who'),
            render: (_, row) => (
              <>
                {row.name || row.userId || row.key || t('line', { n: row.line })}
                {row.userId && row.name ? <div className="wisp-quiet">{row.userId}</div> : null}
              </>
            ),
          },
          ...(kind === 'all'
            ? [
                {
                  key: 'what',
                  title: t('what'),
                  render: (_: unknown, row: RunRow) => t(row.kind as ShownKind),
                },
              ]
            : []),
          {
            key: 'changes',
            title: t('changes'),
            render: (_, row) => (
              <>
                {row.fields.map(one => (
                  <div key={one.field}>
                    {`${fieldName(one.field)} `}
                    <Change field={one} />
                  </div>
                ))}
                {row.notes.map(note => (
                  <div key={note} className="wisp-quiet">
                    {note}
                  </div>
                ))}
              </>
            ),
          },
          {
            key: 'result',
            title: t('result'),
            render: (_, row) => (
              <>
                <RowState row={row} isOpen={run.state === 'writing'} />
                {row.result ? (
                  <div>
                    {row.kind === 'problem' ? `${t('line', { n: row.line })}：${row.result}` : row.result}
                  </div>
                ) : null}
              </>
            ),
          },
        ]}
      />
      {data.total > pageSize ? (
        <Pagination
          size="small"
          current={pageNo}
          pageSize={pageSize}
          total={data.total}
          showSizeChanger={false}
          onChange={next => setPage({ kind, pageNo: next })}
          style={{ marginBlockStart: 8 }}
        />
      ) : null}
    </>
  )
}

/** A row that was on its way when the run was stopped and its node failed may be written. */
function RowState({ row, isOpen }: { row: RunRow; isOpen: boolean }): ReactNode {
  const t = useText('sources')
  if (row.state === 'sending' && !isOpen) return <State kind="warn">{t('row_unclear')}</State>
  const kind = rowKinds[row.state]
  return kind ? <State kind={kind}>{t(`row_${row.state}` as 'row_done')}</State> : null
}

function Change({ field: { field, before, after } }: { field: RunRow['fields'][number] }): ReactNode {
  const t = useText('sources')
  const shown = (value: string) => {
    if (field === 'enable') return t(value === '0' ? 'disabled' : 'enabled')
    return value === '' ? t('empty') : value
  }
  if (before === after) return after
  return before === '' && field !== 'enable' ? shown(after) : `${shown(before)} → ${shown(after)}`
}

function Acts({ run }: { run: Run }): ReactNode {
  const t = useText('sources')
  const [leavers, setLeavers] = useState<number | null>(null)
  const { joiners, movers, changed, returned } = run.counts
  const approve = useAct('/web/directory/sources/approve', {
    done: t('approved'),
    refresh: [list],
    confirm: () => ({
      title: t('confirmApprove'),
      content: t('confirmText', { joiners, moved: movers + changed + returned, leavers: run.leavers }),
      okText: t('approve'),
    }),
  })
  const refuse = useAct('/web/directory/sources/refuse', {
    done: t(run.state === 'writing' ? 'stopped' : 'refused'),
    refresh: [list],
  })
  const undo = useAct('/web/directory/sources/undo', {
    done: t('undone'),
    refresh: [list],
    confirm: () => ({ title: t('confirmUndo'), content: t('undoHint'), okText: t('undo') }),
  })
  const { id, state } = run
  if (state === 'done' || state === 'refused')
    return run.kind === 'write' && run.done > 0 ? (
      <Button style={{ marginBlock: 16 }} loading={undo.isRunning} onClick={() => void undo.run({ id })}>
        {t('undo')}
      </Button>
    ) : null
  if (state === 'writing')
    return (
      <Button style={{ marginBlock: 16 }} loading={refuse.isRunning} onClick={() => void refuse.run({ id })}>
        {t('stop')}
      </Button>
    )
  if (state !== 'preview' || (run.writes === 0 && run.counts.adopted === 0)) return null
  return (
    <div style={{ marginBlock: 16 }}>
      {run.asks ? (
        <>
          <Alert type="warning" showIcon title={t('asksLeavers', { n: formatNumber(run.leavers) })} />
          <Form.Item label={t('leavers')} layout="vertical">
            <InputNumber
              aria-label={t('leavers')}
              min={0}
              precision={0}
              value={leavers}
              onChange={setLeavers}
            />
          </Form.Item>
        </>
      ) : null}
      <Space>
        <Button
          type="primary"
          loading={approve.isRunning}
          disabled={run.asks && leavers !== run.leavers}
          onClick={() => void approve.run({ id, ...(leavers === null ? {} : { leavers }) })}
        >
          {t('approve')}
        </Button>
        <Button loading={refuse.isRunning} onClick={() => void refuse.run({ id })}>
          {t('refuse')}
        </Button>
      </Space>
    </div>
  )
}

/** Runs before the latest; one of them is opened at a time. */
export function EarlierRuns({ sourceId }: { sourceId: number }): ReactNode {
  const t = useText('sources')
  const [opened, setOpened] = useState<number>()
  const { data } = useRead('/web/directory/sources/runs', { sourceId, pageSize: 50 })
  const earlier = data?.list.slice(1) ?? []
  if (earlier.length === 0) return <p>{t('never')}</p>
  return (
    <ul>
      {earlier.map(run => (
        <li key={run.id}>
          <Button type="link" size="small" onClick={() => setOpened(opened === run.id ? undefined : run.id)}>
            <Time at={run.madeAt} /> {t(`state_${run.state}`)}
          </Button>
          {opened === run.id ? <RunView run={run} /> : null}
        </li>
      ))}
    </ul>
  )
}
