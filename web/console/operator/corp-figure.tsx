import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import type { Row } from '../../ui/data/api.ts'
import { formatNumber } from '../../ui/values/format.ts'
import { corpAddress } from '../object-addresses.ts'
import { callRows, developerRows, memberRows, messageRows, type Rows, today } from '../rows/figure-rows.ts'
import { RowsLink } from '../rows/rows-link.tsx'

type Corp = Row<'/web/operator/corps'>
export type CorpFigureName = keyof Corp &
  ('members' | 'departments' | 'developers' | 'callsToday' | 'calls' | 'messagesToday' | 'messages')

/** Lists of the corp's own pages. Calls and messages of 30 days have no list that keeps all, but the days that were added up. */
const rowsOf: Readonly<Partial<Record<CorpFigureName, () => Rows>>> = {
  members: memberRows,
  departments: memberRows,
  developers: () => developerRows,
  callsToday: () => callRows(today()),
  messagesToday: () => messageRows(today()),
}

/** A figure of a corp, which leads to its rows in the corp's pages. */
export function CorpFigure({ corp, name }: { corp: Corp; name: CorpFigureName }): ReactNode {
  const figure = formatNumber(corp[name])
  const rows = rowsOf[name]?.()
  if (rows)
    return (
      <RowsLink rows={rows} corpId={corp.corpId}>
        {figure}
      </RowsLink>
    )
  return (
    <PageLink to={corpAddress(corp.corpId)} className="wisp-figure">
      {figure}
    </PageLink>
  )
}
