import type { ReactNode } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { formatNumber } from '../../ui/values/format.ts'

/** How many pushes of to-do systems were not understood, beside the name of what leads to them. */
export function NotUnderstood(): ReactNode {
  const list = useRead('/web/todos/sources', { pageSize: 200 }).data?.list ?? []
  const count = list.reduce((sum, one) => sum + one.unrecognised, 0)
  return count > 0 ? <span className="console-count">{formatNumber(count)}</span> : null
}
