import { type ReactNode, use } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useSession } from '../../ui/data/session.tsx'
import type { Rows } from './figure-rows.ts'
import { PageAddresses } from './page-addresses.ts'

type Props = {
  /** Undefined for a figure whose rows no list can show by themselves. */
  rows: Rows | undefined
  /** The figure is of this corp, which the console is then about. */
  corpId?: string
  /** Says what is counted, where the link has only the number. */
  label?: string
  children: ReactNode
}

/** A figure that leads to the rows that were counted. */
export function RowsLink({ rows, corpId, label, children }: Props): ReactNode {
  const addressOf = use(PageAddresses)
  const { chooseCorp } = useSession()
  if (!rows) return children
  return (
    <PageLink
      to={addressOf(rows.page)}
      search={rows.search}
      className="wisp-figure"
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(corpId === undefined ? {} : { onClick: () => chooseCorp(corpId) })}
    >
      {children}
    </PageLink>
  )
}
