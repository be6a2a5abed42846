import { ApartmentOutlined, GlobalOutlined, TagOutlined, UserOutlined } from '@ant-design/icons'
import { Select, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSettled } from '../../../ui/pickers.tsx'
import { type Translate, useText } from '../../../ui/text.ts'
import { keyOf, kindOf, type Receiver, receiverOf, withoutContradiction } from './receiver.ts'

type Option = { value: string; label: string; hint: string }
type Group = { label: string; options: Option[] }

const icons = {
  all: GlobalOutlined,
  department: ApartmentOutlined,
  tag: TagOutlined,
  member: UserOutlined,
} as const

/**
 * Chooses people, departments and tags in one field. Nothing is loaded but what the server finds for the words typed, and
 * before that everybody, the uppermost departments and some tags.
 */
export function ReceiverPicker(props: {
  id: string
  value: readonly Receiver[]
  onChange: (value: Receiver[]) => void
}): ReactNode {
  const t = useText('messages')
  const [typed, setTyped] = useState('')
  const words = useSettled(typed.trim())
  const first = useFirst()
  const found = useFound(words)
  return (
    <Select
      mode="multiple"
      labelInValue
      allowClear
      id={props.id}
      placeholder={t('toPlaceholder')}
      style={{ width: '100%' }}
      listHeight={320}
      showSearch={{ filterOption: false, onSearch: setTyped, autoClearSearchValue: true }}
      loading={found.isBusy}
      options={words === '' ? first : found.groups}
      value={props.value.map(one => ({ value: keyOf(one), label: one.name }))}
      notFoundContent={<Nothing words={words} isBusy={found.isBusy} error={found.error} />}
      optionRender={({ value, label, data }) => (
        <Choice kind={kindOf(String(value))} name={label} hint={'hint' in data ? String(data.hint) : ''} />
      )}
      tagRender={({ value, label, closable, onClose }) => (
        <Chip kind={kindOf(String(value))} name={label} closable={closable} onClose={onClose} />
      )}
      onChange={chosen => {
        const after = chosen.map(one => receiverOf(String(one.value), String(one.label)))
        props.onChange(withoutContradiction(props.value, after))
      }}
    />
  )
}

function Choice(props: { kind: Receiver['kind']; name: ReactNode; hint: string }): ReactNode {
  const Icon = icons[props.kind]
  return (
    <div className="wisp-receiver">
      <Icon aria-hidden />
      <span>{props.name}</span>
      <span className="wisp-quiet">{props.hint}</span>
    </div>
  )
}

function Chip(props: {
  kind: Receiver['kind']
  name: ReactNode
  closable: boolean
  onClose: (event?: React.MouseEvent<HTMLElement>) => void
}): ReactNode {
  const Icon = icons[props.kind]
  return (
    <Tag
      icon={<Icon aria-hidden />}
      closable={props.closable}
      onClose={props.onClose}
      // The field would open its list.
      onMouseDown={event => event.stopPropagation()}
      style={{ marginInlineEnd: 4 }}
    >
      {props.name}
    </Tag>
  )
}

/** What is offered before anything is typed. */
function useFirst(): Group[] {
  const t = useText('messages')
  const roots = useRead('/web/directory/departments').data?.list ?? []
  const only = roots.length === 1 ? roots[0] : undefined
  const below = useRead(
    '/web/directory/departments',
    { parentId: only?.orgId },
    { enabled: only !== undefined },
  )
  const tags = useRead('/web/directory/tags', { pageSize: 20 }).data?.list ?? []
  const departments = only ? (below.data?.list ?? []) : roots
  const everybody = {
    value: keyOf({ kind: 'all', id: '' }),
    label: t('everybody'),
    hint: countIn(t, only?.memberCountBelow),
  }
  return groupsOf([
    [t('toEverybody'), [everybody]],
    [
      t('departments'),
      departments.map(one => ({
        value: keyOf({ kind: 'department', id: one.orgId }),
        label: one.orgName,
        hint: countIn(t, one.memberCountBelow),
      })),
    ],
    [
      t('tags'),
      tags.map(one => ({ value: keyOf({ kind: 'tag', id: one.tagId }), label: one.tagName, hint: '' })),
    ],
  ])
}

function countIn(t: Translate<'messages'>, n: number | null | undefined): string {
  return n === null || n === undefined ? '' : t('nPeople', { n })
}

function useFound(words: string): { groups: Group[]; isBusy: boolean; error: unknown } {
  const t = useText('messages')
  const read = useRead('/web/directory/search', { text: words }, { enabled: words !== '', keep: true })
  return { groups: groupsOf(foundIn(t, read.data)), isBusy: read.isFetching, error: read.error }
}

function foundIn(
  t: Translate<'messages'>,
  found: Answer<'/web/directory/search'> | undefined,
): [string, Option[]][] {
  if (!found) return []
  return [
    [
      t('members'),
      found.members.map(one => ({
        value: keyOf({ kind: 'member', id: one.userId }),
        label: one.userName || one.userId,
        hint: [one.userId, one.orgName].filter(Boolean).join(' · '),
      })),
    ],
    [
      t('departments'),
      found.departments.map(one => ({
        value: keyOf({ kind: 'department', id: one.orgId }),
        label: one.orgName,
        hint: one.path
          .slice(0, -1)
          .map(step => step.orgName)
          .join(' / '),
      })),
    ],
    [
      t('tags'),
      found.tags.map(one => ({ value: keyOf({ kind: 'tag', id: one.tagId }), label: one.tagName, hint: '' })),
    ],
  ]
}

function groupsOf(groups: [string, Option[]][]): Group[] {
  return groups.flatMap(([label, options]) => (options.length === 0 ? [] : [{ label, options }]))
}

function Nothing(props: { words: string; isBusy: boolean; error: unknown }): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  const said = props.error
    ? textOf(props.error)
    : props.isBusy || props.words === ''
      ? t('loading')
      : t('nothingFound')
  return <div className="wisp-quiet">{said}</div>
}
