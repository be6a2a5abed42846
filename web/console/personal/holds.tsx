import { Button, Space } from 'antd'
import type { ReactNode } from 'react'
import { useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { addressOf, type Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'

const path = '/web/personal/holds'
type Hold = Row<typeof path>

export function HoldActions(): ReactNode {
  const t = useText('personal')
  const { open } = useOpen()
  return (
    <Button type="primary" onClick={() => open('hold')}>
      {t('holdAdd')}
    </Button>
  )
}

/** Whose records are held, until when. */
export function Holds(): ReactNode {
  const t = useText('personal')
  const columns: Column<Hold>[] = [
    { key: 'person', title: t('person'), render: row => `${row.name}（${row.userId}）` },
    { key: 'reason', title: t('reason'), render: row => row.reason },
    { key: 'until', title: t('until'), render: row => <Time at={row.until} /> },
    { key: 'heldBy', title: t('heldBy'), wideOnly: true, render: row => row.heldBy },
    { key: 'kept', title: t('kept'), wideOnly: true, render: row => <Time at={row.keptAt} none="—" /> },
    {
      key: 'end',
      title: '',
      align: 'right',
      render: row => (row.endedAt ? t('holdOver') : <HoldButtons {...row} />),
    },
  ]
  return (
    <ListTable
      label={t('viewHolds')}
      path={path}
      columns={columns}
      rowKey={row => row.id}
      empty={<EmptyState title={t('holdsEmpty')} />}
    />
  )
}

function HoldButtons({ id, userId }: Hold): ReactNode {
  const t = useText('personal')
  const act = useAct('/web/personal/hold/end', {
    done: t('holdEnded'),
    refresh: [path],
    confirm: () => ({
      title: t('holdEndTitle', { userId }),
      content: t('holdEndHint'),
      okText: t('holdEnd'),
      danger: true,
    }),
  })
  return (
    <Space size="small">
      <Button size="small" href={addressOf('/web/personal/hold/take', { id })} download>
        {t('take')}
      </Button>
      <Button size="small" danger loading={act.isRunning} onClick={() => void act.run({ id })}>
        {t('holdEnd')}
      </Button>
    </Space>
  )
}
