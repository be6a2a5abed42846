import type { ReactNode } from 'react'
import { CallError } from './data/api.ts'
import { useText } from './text.ts'

/** Below what was refused: the number by which the help desk finds it. */
export function ErrorNumber(props: { of: unknown }): ReactNode {
  const { of } = props
  return of instanceof CallError && of.number !== '' ? <NumberLine number={of.number} /> : null
}

export function NumberLine(props: { number: string }): ReactNode {
  const t = useText('common')
  return (
    <span className="wisp-quiet wisp-number">
      {t('numberHint')} <code>{props.number}</code>
    </span>
  )
}
