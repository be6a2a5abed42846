import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import { Table } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'

type Account = Row<'/web/official/accounts'>
type Ability = Account['abilities'][number]

/** What WeChat lets each kind of account call, and what this one may. */
export function Abilities(props: { account: Account }): ReactNode {
  const t = useText('official')
  const { account } = props
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('abilitiesHint')}
      </p>
      <Table<Ability>
        size="small"
        pagination={false}
        rowKey="name"
        scroll={{ x: 'max-content' }}
        dataSource={account.abilities}
        columns={[
          { key: 'title', title: t('ability'), dataIndex: 'title' },
          {
            key: 'own',
            title: `${t('thisAccount')}（${t(account.kind)} · ${t(account.verified ? 'verified' : 'unverified')}）`,
            render: (_value, { why }) => <May why={why} />,
          },
          {
            key: 'subscription',
            title: t('subscription'),
            render: (_value, { subscription }) => t(whoKeys[subscription]),
          },
          { key: 'service', title: t('service'), render: (_value, { service }) => t(whoKeys[service]) },
        ]}
      />
    </>
  )
}

const whoKeys = { all: 'whoAll', verified: 'whoVerified', none: 'whoNone' } as const

function May({ why }: { why: string }): ReactNode {
  const t = useText('official')
  if (why)
    return (
      <span className="wisp-quiet" title={why}>
        <MinusOutlined aria-hidden /> {t('mayNot')}
      </span>
    )
  return (
    <span>
      <CheckOutlined aria-hidden style={{ color: 'var(--ant-color-success)' }} /> {t('may')}
    </span>
  )
}
