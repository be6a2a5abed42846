import { ApartmentOutlined, GlobalOutlined, TagOutlined, TeamOutlined, UserOutlined } from '@ant-design/icons'
import { Select, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import { keyOf, kindOf, type Receiver, receiverOf, withoutContradiction } from './receiver.ts'

type Option = { value: string; label: string; hint: string }

const icons = {
  all: GlobalOutlined,
  department: ApartmentOutlined,
  tag: TagOutlined,
  group: TeamOutlined,
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
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      loading={found.isBusy}
      options={words === '' ? first : found.options}
      value={props.value.map(one => ({ value: keyOf(one), label: one.name }))}
      notFoundContent={<Nothing words={words} isBusy={found.isBusy} error={found.error} />}
      optionRender={({ value, label, data }) => (
        <Choice kind={kindOf(String(value))} name={label} hint={data.hint} />
      )}
      tagRender={({ value, label, closable, onClose }) => (
        <Chip kind={kindOf(String(value))} name={label} closable={closable} onClose={onClose} />
      )}
      onChange={chosen => {
        setTyped('')
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
      <span>{props.hint}</span>
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
function useFirst(): Option[] {
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
  return [
    optionOf('all', '', t('everybody'), [countIn(t, only?.memberCountBelow)]),
    ...departments.map(one =>
      optionOf('department', one.orgId, one.orgName, [t('department'), countIn(t, one.memberCountBelow)]),
    ),
    ...tags.map(one => optionOf('tag', one.tagId, one.tagName, [t('tag')])),
    ...useGroups(''),
  ]
}

function optionOf(kind: Receiver['kind'], id: string, label: string, hints: readonly string[]): Option {
  return { value: keyOf({ kind, id }), label, hint: hints.filter(Boolean).join(' · ') }
}

function countIn(t: Translator<'messages'>, n: number | null | undefined): string {
  return n === null || n === undefined ? '' : t('nPeople', { n })
}

function useFound(words: string): { options: Option[]; isBusy: boolean; error: unknown } {
  const t = useText('messages')
  const read = useRead('/web/directory/search', { text: words }, { enabled: words !== '', keep: true })
  const groups = useGroups(words)
  const options = read.data ? [...foundIn(t, read.data), ...groups] : []
  return { options, isBusy: read.isFetching, error: read.error }
}

/** Groups whose name has the words; none where the corp has groups switched off. */
function useGroups(words: string): Option[] {
  const t = useText('messages')
  const enabled = useSession().features.has('groups')
  const { data } = useRead('/web/directory/groups', { text: words, pageSize: 20 }, { enabled, keep: true })
  return (data?.list ?? []).map(one =>
    optionOf('group', String(one.id), one.name, [t('group'), countIn(t, one.members)]),
  )
}

function foundIn(t: Translator<'messages'>, found: Answer<'/web/directory/search'>): Option[] {
  const above = (path: readonly { orgName: string }[]) =>
    path
      .slice(0, -1)
      .map(step => step.orgName)
      .join(' / ')
  return [
    ...found.departments.map(one =>
      optionOf('department', one.orgId, one.orgName, [t('department'), above(one.path)]),
    ),
    ...found.tags.map(one => optionOf('tag', one.tagId, one.tagName, [t('tag')])),
    ...found.members.map(one =>
      optionOf('member', one.userId, one.userName || one.userId, [one.userId, one.orgName]),
    ),
  ]
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
