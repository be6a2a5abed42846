import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { formatAgo, formatTime } from './format.ts'

/** Local time; how long ago it was on hover and focus. */
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
