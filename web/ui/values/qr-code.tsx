import type { ReactNode } from 'react'
import { encode } from 'uqr'

/** Black on white also in the dark, because not every camera reads the inverse. */
export function QrCode(props: { value: string; label: string }): ReactNode {
  const { data, size } = encode(props.value, { border: 2 })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg className="wisp-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={props.label}>
      <path d={dark.join('')} />
    </svg>
  )
}
