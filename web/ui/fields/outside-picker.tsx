import { Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useRead } from '../data/read.ts'
import { useSession } from '../data/session.tsx'

/** As the server has it (directory/mirror/members.ts). */
const externalFrom = 2 ** 33

/** Of a chosen department, and of a chosen person. */
export const isOutsideDepartment = ({ value }: { value: string }) => Number(value) >= externalFrom

export const isFromOutside = ({ value }: { value: string }) => value.startsWith('ext_')

type NamedOption = { value: string; label?: string }
type SelectOption = { value: string; label: string }

/** Chooses people from outside WeCom and departments of theirs; shown where the corp has them. */
export function OutsidePicker(props: {
  label: string
  placeholder: string
  departments: readonly NamedOption[]
  members: readonly SelectOption[]
  onChange(chosen: { departments: NamedOption[]; members: SelectOption[] }): void
}): ReactNode {
  const id = useId()
  const { features, isSuper, points } = useSession()
  const [words, setWords] = useState('')
  const isOffered = features.has('external-people') && (isSuper || 'directory:external' in points)
  const { departments, members, onChange } = props
  const outside = members.filter(isFromOutside)
  const isShown = isOffered || departments.length + outside.length > 0
  const read = useRead(
    '/web/external/people',
    { text: words.trim(), pageSize: 50 },
    { keep: true, enabled: isOffered },
  )
  if (!isShown) return null
  const options = [
    ...(read.data?.departments ?? [])
      .filter(one => one.name.toLowerCase().includes(words.trim().toLowerCase()))
      .map(one => ({ value: String(one.id), label: one.name, hint: '' })),
    ...(read.data?.list ?? []).map(one => ({
      value: one.userId,
      label: one.name,
      hint: one.organisation,
    })),
  ]
  const value = [...departments, ...outside].map(one => ({
    value: one.value,
    label: one.label ?? read.data?.departments.find(({ id }) => String(id) === one.value)?.name ?? one.value,
  }))
  return (
    <div>
      <label htmlFor={id} className="wisp-quiet" style={{ display: 'block', marginBottom: 4 }}>
        {props.label}
      </label>
      <Select<SelectOption[]>
        id={id}
        mode="multiple"
        labelInValue
        value={value}
        placeholder={props.placeholder}
        style={{ width: '100%' }}
        loading={read.isFetching}
        showSearch={{ filterOption: false, onSearch: setWords }}
        options={options}
        optionRender={option => (
          <span>
            {option.label} <span className="wisp-quiet">{String(option.data['hint'] ?? '')}</span>
          </span>
        )}
        onChange={chosen => {
          const plain = chosen.map(one => ({ value: one.value, label: String(one.label ?? one.value) }))
          const people = plain.filter(isFromOutside)
          onChange({
            departments: plain.filter(one => !isFromOutside(one)),
            members: [...members.filter(one => !isFromOutside(one)), ...people],
          })
          setWords('')
        }}
      />
    </div>
  )
}
