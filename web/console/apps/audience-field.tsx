import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Radio, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { api } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { GroupPicker, useGroupsOffered } from '../../ui/fields/group-picker.tsx'
import { isFromOutside, isOutsideDepartment, OutsidePicker } from '../../ui/fields/outside-picker.tsx'
import { DepartmentPicker } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import { type Audience, type SelectOption, visibilityOf } from './form-values.ts'

/** A form control for who may see an app. It shows how many members the choice covers. */
export function AudienceField(props: { value?: Audience; onChange?(value: Audience): void }): ReactNode {
  const t = useText('apps')
  const value = props.value ?? { everyone: true, departments: [], members: [], tags: [], groups: [] }
  const change = (part: Partial<Audience>) => props.onChange?.({ ...value, ...part })
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <Radio.Group
        aria-label={t('audience')}
        value={value.everyone}
        onChange={event => change({ everyone: event.target.value as boolean })}
        options={[
          { value: true, label: t('everyone') },
          { value: false, label: t('restricted') },
        ]}
      />
      {value.everyone ? null : <Pickers value={value} change={change} />}
      <OutsidePicker
        label={t('outside')}
        placeholder={t('outsidePick')}
        departments={value.departments.filter(isOutsideDepartment)}
        members={value.members}
        onChange={({ departments, members }) => {
          const own = value.departments.filter(one => !isOutsideDepartment(one))
          change({ departments: [...own, ...departments], members })
        }}
      />
      <Count audience={value} />
    </div>
  )
}

function Pickers(props: { value: Audience; change(part: Partial<Audience>): void }): ReactNode {
  const t = useText('apps')
  const { value, change } = props
  const isGrouped = useGroupsOffered(value.groups.length)
  const groupBefore = (id: number) => value.groups.find(one => one.value === String(id))
  const before = (id: number) => value.departments.find(one => one.value === String(id))
  const outside = value.departments.filter(isOutsideDepartment)
  return (
    <>
      <Labelled label={t('departments')}>
        {id => (
          <DepartmentPicker
            id={id}
            placeholder={t('departmentsPick')}
            value={value.departments.filter(one => !isOutsideDepartment(one)).map(one => Number(one.value))}
            nameOf={id => before(id)?.label}
            onChange={ids => {
              const chosen = ids.map(id => before(id) ?? { value: String(id) })
              change({ departments: [...chosen, ...outside] })
            }}
          />
        )}
      </Labelled>
      <Labelled label={t('tags')}>
        {id => <TagPicker id={id} value={value.tags} onChange={tags => change({ tags })} />}
      </Labelled>
      {isGrouped ? (
        <Labelled label={t('groups')}>
          {id => (
            <GroupPicker
              id={id}
              value={value.groups.map(one => Number(one.value))}
              nameOf={id => groupBefore(id)?.label}
              onChange={ids => change({ groups: ids.map(id => groupBefore(id) ?? { value: String(id) }) })}
            />
          )}
        </Labelled>
      ) : null}
      <Labelled label={t('members')}>
        {id => (
          <MemberPicker
            id={id}
            value={value.members.filter(one => !isFromOutside(one))}
            onChange={members => change({ members: [...members, ...value.members.filter(isFromOutside)] })}
          />
        )}
      </Labelled>
    </>
  )
}

function Labelled(props: { label: string; children(id: string): ReactNode }): ReactNode {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="wisp-quiet" style={{ display: 'block', marginBottom: 4 }}>
        {props.label}
      </label>
      {props.children(id)}
    </div>
  )
}

type PickerProps = { id: string; value: SelectOption[]; onChange(value: SelectOption[]): void }

/** Keeps only what the form needs, because Select adds keys and titles. */
function plain(chosen: readonly { value: string; label?: ReactNode }[]): SelectOption[] {
  return chosen.map(one => ({ value: one.value, label: String(one.label ?? one.value) }))
}

function MemberPicker(props: PickerProps): ReactNode {
  const t = useText('apps')
  const [words, setWords] = useState('')
  const found = useRead(
    '/web/directory/search',
    { text: words.trim(), kinds: 'members' },
    { enabled: words.trim() !== '', keep: true },
  )
  const members = words.trim() === '' ? [] : (found.data?.members ?? [])
  return (
    <Select<SelectOption[]>
      id={props.id}
      mode="multiple"
      labelInValue
      value={props.value}
      placeholder={t('membersPick')}
      style={{ width: '100%' }}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setWords }}
      notFoundContent={words.trim() === '' ? t('membersPick') : undefined}
      options={members.map(one => ({ value: one.userId, label: one.userName, org: one.orgName }))}
      optionRender={option => (
        <span>
          {option.label}{' '}
          <span className="wisp-quiet">
            {option.value} · {String(option.data['org'] ?? '')}
          </span>
        </span>
      )}
      onChange={chosen => {
        props.onChange(plain(chosen))
        setWords('')
      }}
    />
  )
}

function TagPicker(props: PickerProps): ReactNode {
  const t = useText('apps')
  const [words, setWords] = useState('')
  const tags = useRead('/web/directory/tags', { text: words.trim(), pageSize: 200 }, { keep: true })
  return (
    <Select<SelectOption[]>
      id={props.id}
      mode="multiple"
      labelInValue
      value={props.value}
      placeholder={t('tagsPick')}
      style={{ width: '100%' }}
      loading={tags.isFetching}
      showSearch={{ filterOption: false, onSearch: setWords }}
      options={tags.data?.list.map(one => ({ value: one.tagId, label: one.tagName })) ?? []}
      onChange={chosen => props.onChange(plain(chosen))}
    />
  )
}

/** The count comes from the server, because only the server knows which members are in several of the chosen groups. */
function Count(props: { audience: Audience }): ReactNode {
  const t = useText('apps')
  const { corpId } = useSession()
  const visibility = visibilityOf(props.audience)
  const isEmpty =
    !visibility.everyone &&
    [visibility.departments, visibility.userIds, visibility.tags, visibility.groups].flat().length === 0
  const { data, isFetching } = useQuery({
    queryKey: ['/web/apps/count-visible', visibility, corpId],
    queryFn: () => api.post('/web/apps/count-visible', { visibility }),
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (isEmpty) return <div role="status">{t('audienceEmpty')}</div>
  if (!data) return null
  const counts = { members: formatNumber(data.members), active: formatNumber(data.active) }
  return (
    <div role="status" style={{ opacity: isFetching ? 0.6 : 1 }}>
      {t('activeOf', counts)}
    </div>
  )
}
