import { Button, Segmented, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { Cards } from '../../../ui/lists/cards.tsx'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { Answers } from './answers-of.ts'

type AnswerRow = Row<'/web/messages/card/answers'>
export type AnswerFilter = { state: 'answered' | 'unanswered'; pageNo: number }

/** Who answered what and when, newest first, or who has not yet. */
export function AnswerList(props: {
  answers: Answers
  asked: AnswerFilter
  pageSize: number
  isBusy: boolean
  onAsk: (asked: AnswerFilter) => void
  /** Changes the cards of these people. */
  onUpdate: (userIds: readonly string[]) => void
}): ReactNode {
  const t = useText('card-answers')
  const isNarrow = useNarrow()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const { answers, asked, pageSize, isBusy, onAsk } = props
  const { counts, list, total } = answers
  const isAnswered = asked.state === 'answered'
  const columns = useColumns(isAnswered)
  const empty = <EmptyState title={t(isAnswered ? 'noneYet' : 'allDid')} />
  const pagination = {
    current: asked.pageNo,
    pageSize,
    total,
    showSizeChanger: false,
    onChange: (pageNo: number) => onAsk({ ...asked, pageNo }),
  }
  return (
    <section aria-label={t('people')}>
      <div className="wisp-filters">
        <Segmented<AnswerFilter['state']>
          aria-label={t('people')}
          value={asked.state}
          options={[
            { value: 'answered', label: t('answered', { n: counts.answered }) },
            { value: 'unanswered', label: t('unanswered', { n: counts.unanswered }) },
          ]}
          onChange={state => {
            setChosen([])
            onAsk({ state, pageNo: 1 })
          }}
        />
        {chosen.length > 0 ? (
          <Button onClick={() => props.onUpdate(chosen)}>{t('updateThese', { n: chosen.length })}</Button>
        ) : null}
      </div>
      {isNarrow ? (
        <Cards<AnswerRow>
          label={t('people')}
          rows={list}
          rowKey={row => row.userId}
          columns={columns}
          isBusy={isBusy}
          empty={empty}
          pagination={pagination}
        />
      ) : (
        <Table<AnswerRow>
          size="small"
          aria-label={t('people')}
          rowKey={row => row.userId}
          dataSource={list}
          loading={isBusy}
          locale={{ emptyText: empty }}
          pagination={{ ...pagination, hideOnSinglePage: true }}
          rowSelection={{
            selectedRowKeys: [...chosen],
            preserveSelectedRowKeys: true,
            onChange: keys => setChosen(keys.map(String)),
          }}
          columns={columns.map(({ key, title, render }) => ({ key, title, render: (_, row) => render(row) }))}
        />
      )}
    </section>
  )
}

function useColumns(isAnswered: boolean) {
  const t = useText('card-answers')
  return [
    { key: 'name', title: t('name'), render: (row: AnswerRow) => <Person row={row} /> },
    ...(isAnswered
      ? [
          { key: 'answer', title: t('answer'), render: (row: AnswerRow) => <Said row={row} /> },
          { key: 'at', title: t('at'), render: (row: AnswerRow) => <Time at={row.at} /> },
        ]
      : []),
  ]
}

function Person({ row }: { row: AnswerRow }): ReactNode {
  const t = useText('card-answers')
  const { userName, userId, departments, hasLeft } = row
  return (
    <div className="card-answers-cell">
      <div>{userName || userId}</div>
      <div className="wisp-quiet">{[userName ? userId : '', departments].filter(Boolean).join(' · ')}</div>
      {hasLeft ? <State kind="idle">{t('hasLeft')}</State> : null}
    </div>
  )
}

function Said({ row }: { row: AnswerRow }): ReactNode {
  const t = useText('card-answers')
  const { text, key, chosen, isAccepted } = row
  return (
    <div className="card-answers-cell">
      <div>{chosen || text || key}</div>
      {chosen ? <div className="wisp-quiet">{text || key}</div> : null}
      {isAccepted ? null : <State kind="warn">{t('tooLate')}</State>}
    </div>
  )
}
