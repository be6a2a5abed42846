import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { dueState, formatAgo, formatWhole, written } from './format.ts'

type TimeProps = {
  at: string | number | Date | null | undefined
  none?: ReactNode
  /** To the second, where several things happen in one minute. */
  exact?: boolean
  className?: string | undefined
}

/** A time on the corp's clocks, which shows on hover the whole of it and how long ago it was. */
export function Time({ at, none = '—', exact = false, className }: TimeProps): ReactNode {
  if (at === null || at === undefined || at === '') return <>{none}</>
  return (
    <Tooltip title={`${formatWhole(at)} · ${formatAgo(at)}`}>
      <time dateTime={new Date(at).toISOString()} className={className} style={{ whiteSpace: 'nowrap' }}>
        {written(at, { to: exact ? 'second' : 'minute' })}
      </time>
    </Tooltip>
  )
}

const classOf = { late: 'wisp-late', today: 'wisp-due-today', later: undefined }

/** When an open thing is due: coloured when that is today, or over. */
export function DueTime({ isOpen, ...props }: TimeProps & { isOpen: boolean }): ReactNode {
  return <Time {...props} className={isOpen && props.at ? classOf[dueState(props.at)] : undefined} />
}
