import type { ReactNode } from 'react'

export function Switch(props: {
  name: string
  isOn: boolean
  isDisabled: boolean
  onChange(isOn: boolean): void
}): ReactNode {
  return (
    <input
      type="checkbox"
      role="switch"
      className="wb-switch"
      aria-label={props.name}
      checked={props.isOn}
      aria-checked={props.isOn}
      disabled={props.isDisabled}
      onChange={event => props.onChange(event.target.checked)}
    />
  )
}
