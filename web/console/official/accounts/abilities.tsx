import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import { Table } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'

type Account = Row<'/web/official/accounts'>
type Ability = Account['abilities'][number]

/** What WeChat lets the accounts call, by their kind and verification. */
export function Abilities(props: { accounts: readonly Account[] }): ReactNode {
  const t = useText('official')
  const [first] = props.accounts
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
        dataSource={first?.abilities ?? []}
        columns={[
          { key: 'title', title: t('ability'), render: (_value, { title }) => title },
          ...props.accounts.map(account => ({
            key: account.originalId,
            title: `${t(account.kind)} · ${t(account.verified ? 'verified' : 'unverified')}`,
            render: (_value: unknown, { name }: Ability) => (
              <May why={account.abilities.find(one => one.name === name)?.why ?? ''} />
            ),
          })),
        ]}
      />
    </>
  )
}

function May({ why }: { why: string }): ReactNode {
  const t = useText('official')
  if (why)
    return (
      <span className="wisp-quiet">
        <MinusOutlined aria-hidden /> {why}
      </span>
    )
  return (
    <span>
      <CheckOutlined aria-hidden style={{ color: 'var(--ant-color-success)' }} /> {t('may')}
    </span>
  )
}
