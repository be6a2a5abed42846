import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import { Table } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useNarrow } from '../../../ui/look/width.ts'
import { useText } from '../../../ui/text.ts'
import './accounts.css'

type Account = Row<'/web/official/accounts'>
type Ability = Account['abilities'][number]

export function AbilitiesOf({ originalId }: { originalId: string }): ReactNode {
  const { data, error, refetch } = useRead('/web/official/accounts')
  const account = data?.list.find(one => one.originalId === originalId)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  return account ? <Abilities account={account} /> : <Loading />
}

/** What WeChat lets each kind of account call, and what this one may. */
export function Abilities(props: { account: Account }): ReactNode {
  const t = useText('official')
  const { account } = props
  const isNarrow = useNarrow()
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t(account.kind)} · {t(account.verified ? 'verified' : 'unverified')}。{t('abilitiesHint')}
      </p>
      <Table<Ability>
        size="small"
        pagination={false}
        rowKey="name"
        dataSource={account.abilities}
        columns={[
          {
            key: 'title',
            title: t('ability'),
            render: (_value, { title, ...who }) =>
              isNarrow ? (
                <>
                  {title}
                  <div className="wisp-quiet official-who">
                    {kinds.map(kind => `${t(kind)}：${t(whoKeys[who[kind]])}`).join(' · ')}
                  </div>
                </>
              ) : (
                title
              ),
          },
          {
            key: 'own',
            title: t('thisAccount'),
            render: (_value, { why }) => <May why={why} />,
          },
          ...(isNarrow
            ? []
            : kinds.map(kind => ({
                key: kind,
                title: t(kind),
                onCell: () => ({ style: { whiteSpace: 'nowrap' as const } }),
                render: (_value: unknown, ability: Ability) => t(whoKeys[ability[kind]]),
              }))),
        ]}
      />
    </>
  )
}

const kinds = ['subscription', 'service'] as const
const whoKeys = { all: 'whoAll', verified: 'whoVerified', none: 'whoNone' } as const

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
