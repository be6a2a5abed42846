import { Segmented, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { linesOf } from '../../chat-menu/draft.ts'
import { useMenuOwner } from '../../chat-menu/owner.tsx'
import type { Account } from '../use-account.tsx'
import type { Menu } from './types.ts'

/** How often each button was pressed; one that is no longer in the menu is shown by its key or address. */
export function MenuClicks({ account, menu }: { account: Account; menu: Menu }): ReactNode {
  const t = useText('official-menu')
  const [days, setDays] = useState(30)
  const { originalId } = account
  const read = useRead('/web/official/menu/clicks', { originalId, days })
  const names = [...linesOf(useMenuOwner().groupsOf(menu))]
  const nameOf = (key: string) => names.find(([, action]) => action.split(' ').includes(key))?.[0]
  return (
    <>
      <Segmented
        style={{ marginBottom: 16 }}
        value={days}
        options={[7, 30, 90].map(value => ({ value, label: t('days', { n: value }) }))}
        onChange={setDays}
      />
      {read.error ? <ErrorState error={read.error} retry={() => void read.refetch()} /> : null}
      {read.isLoading ? <Loading /> : null}
      {read.data?.list.length === 0 ? <EmptyState title={t('noClicks')} /> : null}
      {read.data?.list.length ? (
        <Table
          size="small"
          pagination={false}
          rowKey={({ kind, key }) => `${kind} ${key}`}
          dataSource={read.data.list}
          columns={[
            {
              title: t('button'),
              render: (_, { key }) => (
                <>
                  {nameOf(key) ?? key}
                  {nameOf(key) ? <div className="wisp-quiet oa-menu-key">{key}</div> : null}
                </>
              ),
            },
            { title: t('count'), align: 'right', render: (_, one) => formatNumber(one.clicks) },
            { title: t('people'), align: 'right', render: (_, one) => formatNumber(one.people) },
          ]}
        />
      ) : null}
    </>
  )
}
