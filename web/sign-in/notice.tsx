import type { ReactNode } from 'react'
import { NumberLine } from '../ui/error-number.tsx'
import { Icon } from '../workbench/icons.tsx'

/** A notice to read before going on, or an error. */
export function Notice(props: {
  kind: 'info' | 'bad'
  title: string
  detail?: string
  number?: string
}): ReactNode {
  return (
    <div className={`sign-in-notice sign-in-${props.kind}`}>
      <Icon name={props.kind === 'bad' ? 'warning' : 'bell'} />
      <div>
        <p>{props.title}</p>
        {props.detail ? <p className="wb-quiet">{props.detail}</p> : null}
        {props.number ? <NumberLine number={props.number} /> : null}
      </div>
    </div>
  )
}
