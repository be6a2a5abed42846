import { Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../data/read.ts'
import { useSession } from '../data/session.tsx'
import { useText } from '../text.ts'
import { type PickerProps, useSettled } from './picker-parts.tsx'

/** Whether groups are offered: the corp has them on, or some were chosen before. */
export function useGroupsOffered(chosen: number): boolean {
  return useSession().features.has('groups') || chosen > 0
}

/** Chooses groups of members by name. `nameOf`: of those that were chosen before. */
export function GroupPicker(
  props: PickerProps<number[]> & { nameOf?: (id: number) => string | undefined },
): ReactNode {
  const t = useText('groups')
  const [text, setText] = useState('')
  const words = useSettled(text.trim())
  const read = useRead('/web/directory/groups', { text: words, pageSize: 200 }, { keep: true })
  const value = props.value ?? []
  const found = (read.data?.list ?? []).map(one => ({ value: one.id, label: one.name }))
  const missing = value.filter(id => !found.some(one => one.value === id))
  const before = missing.map(id => ({ value: id, label: props.nameOf?.(id) ?? String(id) }))
  return (
    <Select
      {...(props.id ? { id: props.id } : {})}
      {...(props.label ? { 'aria-label': props.label } : {})}
      mode="multiple"
      placeholder={t('pick')}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={read.isFetching}
      notFoundContent={t('none')}
      options={[...before, ...found]}
      value={value}
      onChange={chosen => props.onChange?.(chosen)}
    />
  )
}
