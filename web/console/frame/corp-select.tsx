import { Select } from 'antd'
import type { ReactNode } from 'react'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'

/** Chooses among several corps. */
export function CorpSelect(): ReactNode {
  const t = useText('console')
  const { corps, corpId, chooseCorp } = useSession()
  return (
    <Select
      aria-label={t('corp')}
      variant="borderless"
      style={{ minWidth: 120, maxWidth: 260, fontWeight: 500 }}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: 'label' }}
      value={corpId}
      options={corps.map(one => ({ value: one.corpId, label: one.name || one.corpId }))}
      onChange={chooseCorp}
    />
  )
}
