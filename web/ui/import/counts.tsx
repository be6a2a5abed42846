import type { ReactNode } from 'react'
import { formatNumber } from '../values/format.ts'
import type { CountBox } from './import-kind.ts'

export function Counts(props: { boxes: readonly CountBox[] }): ReactNode {
  return (
    <div className="import-counts">
      {props.boxes.map(({ label, n, hint }) => (
        <div key={label}>
          <span className="wisp-quiet">{label}</span>
          <strong>{formatNumber(n)}</strong>
          {hint ? <span className="wisp-quiet">{hint}</span> : null}
        </div>
      ))}
    </div>
  )
}
