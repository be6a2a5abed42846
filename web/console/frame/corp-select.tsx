import { useRouterState } from '@tanstack/react-router'
import { Select } from 'antd'
import type { ReactNode } from 'react'
import { useGo } from '../../ui/address/url-state.ts'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { listAt } from '../place.ts'

/** Chooses among several corps. */
export function CorpSelect(): ReactNode {
  const t = useText('console')
  const { corps, corpId, chooseCorp } = useSession()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  const go = useGo()
  /** What the address says of the page, such as what is open in it, is of the corp that is left. */
  const choose = (next: string) => {
    chooseCorp(next)
    go(listAt(pathname))
  }
  return (
    <Select
      aria-label={t('corp')}
      variant="borderless"
      style={{ minWidth: 120, maxWidth: 260, fontWeight: 500 }}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: 'label' }}
      value={corpId}
      options={corps.map(one => ({ value: one.corpId, label: one.name || one.corpId }))}
      onChange={choose}
    />
  )
}
