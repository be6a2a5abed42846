import { Select } from 'antd'
import type { ReactNode } from 'react'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'

/**
 * The corp that all pages are about. The system super administrator can choose it; for everybody else it is
 * only a name.
 */
export function CorpSwitch(): ReactNode {
  const t = useText('console')
  const { corps, corpId, canChooseCorp, chooseCorp } = useSession()
  const corp = corps.find(one => one.corpId === corpId)
  if (!corp) return null
  if (!canChooseCorp || corps.length < 2) {
    return (
      <span
        style={{ fontWeight: 500, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
        title={corp.name}
      >
        {corp.name}
      </span>
    )
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
      onChange={chooseCorp}
    />
  )
}
