import type { ReactNode } from 'react'

const width = 96
const height = 28

/** A line without axes, which shows the trend and not the amounts. */
export function SmallLine(props: { values: readonly number[] }): ReactNode {
  const { values } = props
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
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline
        points={points}
        fill="none"
        stroke="var(--wisp-primary)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  )
}
