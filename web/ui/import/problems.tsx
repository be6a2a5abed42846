import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import type { ImportKind, ImportPreview, ImportResult } from './import-kind.ts'
import { PlainTable } from './plain-table.tsx'

/** The lines of which nothing or not all is imported, and why. */
export function Problems<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
  of: P | R
}): ReactNode {
  const t = useText('import')
  const { columns, total } = props.kind.problems
  const rows = props.of.problems
  const all = total(props.of)
  if (rows.length === 0) return null
  return (
    <>
      <h2>{t('problems')}</h2>
      {all > rows.length ? (
        <p className="wisp-quiet">{t('problemsShown', { n: rows.length, total: all })}</p>
      ) : null}
      <PlainTable title={t('problems')} rows={rows} columns={columns} />
    </>
  )
}
