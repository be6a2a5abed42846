import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'

const width = 96
const height = 28

/** A line without axes, which shows a trend. Below it stands what it shows, and for how many days. */
export function SmallLine(props: { name: string; values: readonly number[] }): ReactNode {
  const t = useText('overview')
  const { name, values } = props
  const top = Math.max(...values, 0)
  if (values.length < 2 || top === 0) return null
  const points = values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * (width - 4) + 2
      const y = height - 3 - (value / top) * (height - 6)
      return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`
    })
    .join(' ')
  return (
    <figure className="overview-small-line">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <polyline
          points={points}
          fill="none"
          stroke="var(--wisp-primary)"
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
      </svg>
      <figcaption>{t('line', { name, n: values.length })}</figcaption>
    </figure>
  )
}
