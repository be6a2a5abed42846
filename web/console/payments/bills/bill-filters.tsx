import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { UrlRange } from '../../../ui/address/range.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import type { CallInput } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { Filters, UrlSearch, UrlSelect, UrlSelectMany, useList } from '../../../ui/list-table.tsx'
import { useNarrow } from '../../../ui/look/width.ts'
import { MemberPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'

const path = '/web/payments/bills'

/** Names in the address; lists, totals and the exported file take the same. */
export const filters = ['text', 'state', 'userId', 'developer', 'mchId', 'from', 'to'] as const
/** A bill that is paid shows it by itself. */
export const everyMs = 5000

const states = ['open', 'overdue', 'paid', 'refunded', 'closed', 'differs'] as const

/** What is chosen by the address, for calls that take the same filters as the list. */
export function useChosen(): Pick<CallInput<typeof path>, (typeof filters)[number]> {
  const [values] = useUrlState()
  return Object.fromEntries(filters.flatMap(name => (values[name] ? [[name, values[name]]] : [])))
}

export function BillFilters(): ReactNode {
  const t = useText('payments-bills')
  const [values] = useUrlState()
  const isNarrow = useNarrow()
  const [isMore, setMore] = useState(false)
  const isUsed = filters.slice(2).some(name => values[name])
  return (
    <Filters>
      <UrlSearch name="text" placeholder={t('search')} width={260} />
      <UrlSelectMany
        name="state"
        label={t('state')}
        width={140}
        options={states.map(state => ({ value: state, label: t(`state_${state}`) }))}
      />
      {isNarrow && !isMore && !isUsed ? (
        <Button onClick={() => setMore(true)}>{t('moreFilters')}</Button>
      ) : (
        <MoreFilters />
      )}
    </Filters>
  )
}

function MoreFilters(): ReactNode {
  const t = useText('payments-bills')
  const [values, set] = useUrlState()
  const { developers = [], merchants = [] } = useRead('/web/payments/bills/choices').data ?? {}
  const { userId = '' } = values
  const { data } = useList(path, { filters }, everyMs).read
  const name = data?.list.find(one => one.userId === userId)?.userName ?? userId
  return (
    <>
      <div style={{ width: 180 }}>
        <MemberPicker
          single
          label={t('payer')}
          placeholder={t('payer')}
          value={userId ? [{ userId, name }] : []}
          onChange={picked => set({ userId: picked[0]?.userId, pageNo: undefined })}
        />
      </div>
      <UrlSelect
        name="developer"
        label={t('developer')}
        options={[
          { value: 'none', label: t('byConsole') },
          ...developers.map(one => ({ value: one.devId, label: one.name })),
        ]}
      />
      <UrlSelect
        name="mchId"
        label={t('merchant')}
        width={180}
        options={[
          { value: 'default', label: t('defaultMerchant') },
          ...merchants.map(one => ({
            value: one.mchId,
            label: one.name + t('inBrackets', { text: one.mchId }),
          })),
        ]}
      />
      <UrlRange />
    </>
  )
}
