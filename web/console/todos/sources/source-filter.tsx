import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { UrlSelect } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'

/** Nothing where there is no source. */
export function SourceFilter(): ReactNode {
  const t = useText('todo-sources')
  const { data } = useRead('/web/todos/sources', { pageSize: 200 })
  const sources = data?.list ?? []
  if (sources.length === 0) return null
  const options = sources.map(one => ({ value: one.id, label: one.name }))
  return <UrlSelect name="source" label={t('source')} width={180} options={options} />
}
