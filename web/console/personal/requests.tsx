import { Button, Space } from 'antd'
import type { ReactNode } from 'react'
import { useOpen } from '../../ui/address/url-drawer.tsx'
import { addressOf, type Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { useLanguage } from '../../ui/language.ts'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'

const path = '/web/personal/requests'
type Request = Row<typeof path>

const states = {
  asked: ['busy', 'stateAsked'],
  done: ['good', 'stateDone'],
  refused: ['warn', 'stateRefused'],
  failed: ['bad', 'stateFailed'],
} as const
const causes = {
  own: 'causeOwn',
  asked: 'causeAsked',
  leaver: 'causeLeaver',
  again: 'causeAgain',
} as const

export function RequestActions(): ReactNode {
  const t = useText('personal')
  const { open } = useOpen()
  return (
    <Space wrap>
      <Button onClick={() => open('days')}>{t('days')}</Button>
      <Button onClick={() => open('copy')}>{t('askCopy')}</Button>
      <Button danger onClick={() => open('erase')}>
        {t('erase')}
      </Button>
    </Space>
  )
}

/** Copies and erasures, and after how many days leavers are erased. */
export function Requests(): ReactNode {
  const t = useText('personal')
  const { data } = useRead(path, { pageSize: 1 })
  return (
    <>
      {data ? (
        <p className="wisp-quiet">
          {data.eraseDays === null ? t('daysOff') : t('daysOn', { n: data.eraseDays })}
        </p>
      ) : null}
      <ListTable
        label={t('viewRequests')}
        path={path}
        columns={useColumns()}
        rowKey={row => row.id}
        empty={<EmptyState title={t('requestsEmpty')} />}
      />
    </>
  )
}

function useColumns(): Column<Request>[] {
  const t = useText('personal')
  const language = useLanguage()
  return [
    {
      key: 'person',
      title: t('person'),
      render: row => (row.userId ? `${row.name}（${row.userId}）` : t('erasedPerson', { id: row.memberId })),
    },
    {
      key: 'kind',
      title: t('kind'),
      render: row => t(row.kind === 'copy' ? 'requestCopy' : 'requestErase'),
    },
    {
      key: 'state',
      title: t('state'),
      render: row => {
        const [kind, word] = states[row.state]
        return (
          <>
            <State kind={kind}>{t(word)}</State>
            {row.why ? <div className="wisp-quiet">{row.why[language]}</div> : null}
          </>
        )
      },
    },
    { key: 'cause', title: t('cause'), wideOnly: true, render: row => t(causes[row.cause]) },
    { key: 'rows', title: t('rows'), align: 'right', wideOnly: true, render: row => formatNumber(row.rows) },
    { key: 'askedAt', title: t('askedAt'), render: row => <Time at={row.askedAt} /> },
    { key: 'take', title: '', align: 'right', render: row => <Take {...row} /> },
  ]
}

function Take({ id, kind, state }: Request): ReactNode {
  const t = useText('personal')
  if (kind !== 'copy' || state !== 'done') return null
  return (
    <Space size="small">
      <Button size="small" href={addressOf('/web/personal/copy/take', { id })} download>
        {t('take')}
      </Button>
      <Button size="small" href={addressOf('/web/personal/copy/take', { id, format: 'json' })} download>
        JSON
      </Button>
    </Space>
  )
}
