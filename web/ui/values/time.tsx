import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { formatAgo, formatTime } from './format.ts'

/** A local time that shows on hover how long ago it was. */
export function Time(props: { at: string | number | Date | null | undefined; none?: ReactNode }): ReactNode {
  const { at } = props
  if (at === null || at === undefined || at === '') return <>{props.none ?? '—'}</>
  return (
    <Tooltip title={formatAgo(at)}>
      <time dateTime={new Date(at).toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {formatTime(at)}
      </time>
    </Tooltip>
  )
}
