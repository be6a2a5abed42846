import { Button, type ButtonProps } from 'antd'
import type { ReactNode } from 'react'
import { useGo } from '../../ui/address/url-state.ts'

/** A button that is a link to another page of the console. */
export function LinkButton(props: {
  to: string
  type?: ButtonProps['type']
  children: ReactNode
}): ReactNode {
  const go = useGo()
  return (
    <Button
      href={props.to}
      type={props.type ?? 'default'}
      onClick={event => {
        // With a modifier the browser opens another tab.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        go(props.to)
      }}
    >
      {props.children}
    </Button>
  )
}
