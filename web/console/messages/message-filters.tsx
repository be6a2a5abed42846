import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { UrlRange } from '../../ui/address/range.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import {
  Filters,
  type ListQuestion,
  UrlSearch,
  UrlSelect,
  UrlSelectMany,
  useList,
} from '../../ui/list-table.tsx'
import { useNarrow } from '../../ui/look/width.ts'
import { MemberPicker } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { messageStates, typeFigures } from './words.tsx'

const filters = [
  ...(['channel', 'state', 'developer', 'agentName', 'receiver', 'msgId', 'from', 'to'] as const),
  ...(['type', 'figure'] as const),
] as const
export const question = { filters, defaultSort: '-createdAt' } satisfies ListQuestion<'/web/messages/list'>

export function MessageFilters(): ReactNode {
  const t = useText('messages')
  const { data } = useRead('/web/messages/choices')
  const [values] = useUrlState()
  const isNarrow = useNarrow()
  const [isMore, setMore] = useState(false)
  const isUsed = filters.slice(2).some(name => values[name])
  const isShort = isNarrow && !isMore && !isUsed
  const developers = (data?.developers ?? []).map(one => ({ value: one.devId, label: one.name }))
  return (
    <Filters>
      <UrlSelectMany
        name="channel"
        label={t('channel')}
        width={120}
        options={(data?.channels ?? []).map(one => ({ value: one.name, label: one.label }))}
      />
      <UrlSelectMany
        name="state"
        label={t('state')}
        options={[...messageStates, 'troubled' as const].map(value => ({
          value,
          label: t(`state_${value}`),
        }))}
      />
      {isShort ? (
        <Button onClick={() => setMore(true)}>{t('moreFilters')}</Button>
      ) : (
        <>
          <UrlSelect
            name="developer"
            label={t('developer')}
            options={[{ value: 'operator', label: t('administrator') }, ...developers]}
          />
          <Receiver />
          <UrlRange />
          <UrlSearch name="type" placeholder={t('typeKey')} width={160} />
          <UrlSelect
            name="figure"
            label={t('figure')}
            options={typeFigures.map(value => ({ value, label: t(`figure_${value}`) }))}
          />
          <UrlSearch name="agentName" placeholder={t('agentName')} width={180} />
          <UrlSearch name="msgId" placeholder={t('msgId')} width={200} />
        </>
      )}
    </Filters>
  )
}

function Receiver(): ReactNode {
  const t = useText('messages')
  const [values, set] = useUrlState()
  const { receiver = '' } = values
  const { read } = useList('/web/messages/list', question)
  const name = read.data?.receiver || receiver
  return (
    <div style={{ width: 180 }}>
      <MemberPicker
        single
        label={t('receiver')}
        placeholder={t('receiver')}
        value={receiver ? [{ userId: receiver, name }] : []}
        onChange={picked => set({ receiver: picked[0]?.userId, pageNo: undefined })}
      />
    </div>
  )
}
