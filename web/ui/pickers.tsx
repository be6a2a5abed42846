import { Select } from 'antd'
import { type CSSProperties, type ReactNode, useState } from 'react'
import { useRead } from './data/read.ts'
import { laterField } from './fields/later.tsx'
import {
  type DepartmentPickerProps,
  NothingYet,
  type PickerProps,
  shared,
  useFound,
  useNames,
} from './fields/picker-parts.tsx'
import { useText } from './text.ts'

export { DepartmentPath, useSettled } from './fields/picker-parts.tsx'

export type PickedMember = { userId: string; name: string }

/** Chooses members by name, pinyin, userid or mobile. */
export function MemberPicker(props: PickerProps<PickedMember[]> & { single?: boolean }): ReactNode {
  const t = useText('directory')
  const { words, setText, found, isBusy, read } = useFound('members')
  const [isOpen, setOpen] = useState(false)
  const value = props.value ?? []
  const options = (found?.members ?? []).map(one => ({
    value: one.userId,
    label: one.userName,
    hint: [one.userId, one.orgName].filter(Boolean).join(' · '),
  }))
  return (
    <Select
      mode="multiple"
      labelInValue
      open={isOpen}
      onOpenChange={setOpen}
      {...shared(props, t('pickMembers'))}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={isBusy}
      options={options}
      value={value.map(one => ({ value: one.userId, label: one.name || one.userId }))}
      notFoundContent={
        <NothingYet words={words} error={read.error} isBusy={isBusy} hint={t('pickMembersHint')} />
      }
      optionRender={option => <TwoLines title={option.label} hint={String(option.data.hint ?? '')} />}
      onChange={chosen => {
        const next = chosen.map(one => ({ userId: String(one.value), name: String(one.label) }))
        props.onChange?.(props.single ? next.slice(-1) : next)
        if (props.single) setOpen(false)
      }}
    />
  )
}

/** Chooses tags by name. */
export function TagPicker(props: PickerProps<number[]>): ReactNode {
  const t = useText('directory')
  const { words, setText, found, isBusy, read } = useFound('tags')
  const value = props.value ?? []
  const first = useRead('/web/directory/tags', {
    pageSize: 50,
  })
  const names = useNames({ tagIds: value })
  const shown = found?.tags ?? first.data?.list ?? []
  const options = withChosen(
    shown.map(one => ({ value: Number(one.tagId), label: one.tagName })),
    value,
    id => names?.tags.find(one => one.tagId === String(id))?.tagName,
  )
  return (
    <Select
      mode="multiple"
      {...shared(props, t('pickTags'))}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={isBusy}
      options={options}
      value={value}
      notFoundContent={<NothingYet words={words} error={read.error} isBusy={isBusy} hint={t('noTags')} />}
      onChange={chosen => props.onChange?.(chosen)}
    />
  )
}

/** Chooses departments from a tree (fields/department-picker.tsx). */
export const DepartmentPicker = laterField<DepartmentPickerProps & { style?: CSSProperties }>(
  async () => (await import('./fields/department-picker.tsx')).DepartmentPicker,
)

function withChosen(
  options: { value: number; label: string }[],
  chosen: readonly number[],
  nameOf: (id: number) => string | undefined,
) {
  const missing = chosen.filter(id => !options.some(one => one.value === id))
  return [...missing.map(id => ({ value: id, label: nameOf(id) ?? String(id) })), ...options]
}

function TwoLines(props: { title: ReactNode; hint: string }): ReactNode {
  return (
    <div>
      <div>{props.title}</div>
      <div style={{ fontSize: 12 }}>{props.hint}</div>
    </div>
  )
}
