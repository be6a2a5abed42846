import { Segmented } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'

/** Everybody, or only those who have not done something. */
export function LackChoice<L extends 'shown' | 'read' | 'acknowledged'>(props: {
  value: L | undefined
  lacks: readonly L[]
  onChange(next: L | undefined): void
}): ReactNode {
  const t = useText('message-marks')
  const { value, lacks, onChange } = props
  return (
    <Segmented<string>
      style={{ marginBlock: 12 }}
      aria-label={t('who')}
      value={value ?? ''}
      options={[
        { value: '', label: t('everybody') },
        ...lacks.map(one => ({ value: one, label: t(`not_${one}`) })),
      ]}
      onChange={next => onChange(lacks.find(one => one === next))}
    />
  )
}
