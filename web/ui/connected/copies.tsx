import type { ReactNode } from 'react'
import { CopyButton } from '../values/copy.tsx'
import './connected.css'

/** Values to paste elsewhere, each with a copy button. */
export function Copies(props: { values: readonly { label: string; value: string }[] }): ReactNode {
  return (
    <div className="wisp-copies">
      {props.values.map(({ label, value }) => (
        <div key={label} className="wisp-copy">
          <span>{label}</span>
          <code>{value}</code>
          <CopyButton value={value} what={label} withText />
        </div>
      ))}
    </div>
  )
}
