import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { FoundDepartment } from '../../../server/organisation/directory/console/search.ts'
import type { Answer } from '../data/api.ts'
import { useErrorText } from '../data/error-text.ts'
import { useRead } from '../data/read.ts'
import { useText } from '../text.ts'

export type PickerProps<V> = {
  value?: V
  onChange?: (value: V) => void
  id?: string
  placeholder?: string
  disabled?: boolean
  label?: string
}

/** Returns the value after it has not changed for a moment, so that not every keystroke makes a call. */
export function useSettled<T>(value: T, ms = 200): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

export function useFound(kind: 'members' | 'departments' | 'tags') {
  const [text, setText] = useState('')
  const words = useSettled(text.trim())
  const read = useRead(
    '/web/directory/search',
    { text: words, kinds: kind },
    { enabled: words !== '', keep: true },
  )
  return { words, setText, found: words === '' ? undefined : read.data, isBusy: read.isFetching, read }
}

/** A department by its name, and where it is: the same name may be anywhere. */
export function DepartmentPath(props: { department: FoundDepartment }): ReactNode {
  const { orgName, path } = props.department
  const above = path.slice(0, -1)
  return (
    <span className="wisp-department">
      <bdi>{orgName}</bdi>
      {above.length > 0 ? (
        <span className="wisp-quiet">{above.map(step => step.orgName).join(' / ')}</span>
      ) : null}
    </span>
  )
}

/** Reads the names of what had been chosen before this form was opened. */
export function useNames(ids: {
  orgIds?: number[]
  tagIds?: number[]
}): Answer<'/web/directory/names'> | undefined {
  const orgIds = (ids.orgIds ?? []).map(String)
  const tagIds = (ids.tagIds ?? []).map(String)
  const enabled = orgIds.length + tagIds.length > 0
  return useRead('/web/directory/names', { orgIds, tagIds }, { enabled, keep: true }).data
}

export function shared<V>(props: PickerProps<V>, placeholder: string) {
  return {
    ...(props.id ? { id: props.id } : {}),
    ...(props.disabled ? { disabled: true } : {}),
    placeholder: props.placeholder ?? placeholder,
    // In a form the label of the field is its name for screen readers.
    ...(props.label || !props.id ? { 'aria-label': props.label ?? props.placeholder ?? placeholder } : {}),
    allowClear: true,
    style: { width: '100%' },
  }
}

/** Explains an empty list: an error, loading, no results, or a hint. */
export function NothingYet(props: {
  words: string
  error: unknown
  isBusy: boolean
  hint: string
}): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  const said = props.error
    ? textOf(props.error)
    : props.isBusy
      ? t('loading')
      : props.words
        ? t('nothingFound')
        : props.hint
  return <div style={{ padding: '8px 4px', color: 'var(--wisp-quiet)' }}>{said}</div>
}

export type DepartmentPickerProps = PickerProps<number[]> & {
  single?: boolean
  needs?: 'view' | 'manage'
  /** What the form calls one that was chosen before, and may be gone. */
  nameOf?: (id: number) => string | undefined
}
