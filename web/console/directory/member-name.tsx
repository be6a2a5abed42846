import { Avatar } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'

type Member = { userId: string; userName: string; avatarUrl: string }

/** Picture, name and userid. They link to the drawer unless `isPlain` is set. */
export function MemberName(props: { row: Member; isPlain?: boolean }): ReactNode {
  const { row } = props
  return (
    <span className="directory-person">
      <MemberAvatar row={row} size={32} />
      <span style={{ minWidth: 0 }}>
        {props.isPlain ? (
          <div>{row.userName}</div>
        ) : (
          <div>
            <OpenLink id={row.userId}>{row.userName}</OpenLink>
          </div>
        )}
        <div className="wisp-quiet" style={{ fontSize: 12, fontWeight: 400 }}>
          {row.userId}
        </div>
      </span>
    </span>
  )
}

export function MemberAvatar(props: { row: Member; size: number }): ReactNode {
  const { row, size } = props
  const last = [...row.userName].slice(-2).join('')
  return (
    <Avatar
      size={size}
      {...(row.avatarUrl ? { src: row.avatarUrl } : {})}
      alt=""
      aria-hidden
      style={{ flex: 'none', color: '#fff', ...(row.avatarUrl ? {} : { background: '#2468f2' }) }}
    >
      {last}
    </Avatar>
  )
}

const kinds = { 1: 'good', 2: 'bad', 4: 'idle' } as const
const words = { 1: 'active', 2: 'disabled', 4: 'notActivated' } as const
export const statusWords: Record<string, 'active' | 'disabled' | 'notActivated' | 'quit'> = {
  ...words,
  5: 'quit',
}

/** The state of a member who quit at WeCom. */
export const memberQuit = 5

export function MemberState(props: { status: number }): ReactNode {
  const t = useText('directory')
  if (props.status === memberQuit) return <State kind="idle">{t('quit')}</State>
  const status = props.status === 1 || props.status === 2 || props.status === 4 ? props.status : undefined
  if (!status) return <State kind="idle">{t('notInWecom')}</State>
  return <State kind={kinds[status]}>{t(words[status])}</State>
}
