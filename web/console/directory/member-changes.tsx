import { Timeline } from 'antd'
import type { ReactNode } from 'react'
import type {
  ChangedField,
  MemberChange,
} from '../../../server/organisation/directory/console/member-changes.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import { statusWords } from './member-name.tsx'

const opWords = {
  join: 'opJoin',
  put: 'opPut',
  drop: 'opDrop',
  move: 'opMove',
  rename: 'opRename',
} as const satisfies Record<MemberChange['op'], string>

/** What became of a member in the last weeks, newest first. */
export function MemberChanges(props: { changes: readonly MemberChange[] }): ReactNode {
  const t = useText('directory')
  if (props.changes.length === 0) return <EmptyState title={t('changesNone')} />
  return (
    <>
      <p className="wisp-quiet">{t('changesHint')}</p>
      <ChangeTimeline changes={props.changes} />
    </>
  )
}

/** Changes of a member, or of several by their names: each field with its values before and after. */
export function ChangeTimeline(props: {
  changes: readonly (MemberChange & { userName?: string })[]
}): ReactNode {
  const t = useText('directory')
  return (
    <Timeline
      items={props.changes.map(change => ({
        key: change.seq,
        color: change.op === 'drop' ? 'red' : 'blue',
        content: (
          <>
            {change.userName === undefined ? null : <bdi>{change.userName}</bdi>}
            {change.fields.length === 0 ? <div>{t(opWords[change.op], { old: change.oldId })}</div> : null}
            {change.fields.map(field => (
              <FieldChange key={field.field} {...field} />
            ))}
            <div className="wisp-quiet">
              <Time at={change.at} />
            </div>
          </>
        ),
      }))}
    />
  )
}

function FieldChange(props: ChangedField): ReactNode {
  const t = useText('directory')
  const { field } = props
  const name = t(field)
  if (field === 'avatar') return <div>{t('avatarChanged')}</div>
  const wordOf = (value: string) => {
    const words = field === 'status' ? statusWords[value] : field === 'sex' ? sexWords[value] : undefined
    return words ? t(words) : value
  }
  const textOf = (values: readonly string[]) => values.map(wordOf).join('、') || t('valueNone')
  return (
    <div className="directory-change">
      <span className="wisp-quiet">{name}</span> {textOf(props.before)} <span aria-hidden>→</span>
      <span className="wisp-hidden">{t('changedTo')}</span> <b>{textOf(props.after)}</b>
    </div>
  )
}

const sexWords: Record<string, 'sexUnknown' | 'sexMale' | 'sexFemale'> = {
  0: 'sexUnknown',
  1: 'sexMale',
  2: 'sexFemale',
}
