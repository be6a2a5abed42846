import { Button, type ButtonProps } from 'antd'
import type { ReactNode } from 'react'
import { useGo } from '../../ui/address/url-state.ts'

/** A link to another page of the console that looks like a button. */
export function LinkButton(props: {
  to: string
  search?: Record<string, string>
  type?: ButtonProps['type']
  children: ReactNode
}): ReactNode {
  const go = useGo()
  const { to, search = {} } = props
  const query = new URLSearchParams(search).toString()
  return (
    <Button
      href={query ? `${to}?${query}` : to}
      type={props.type ?? 'default'}
      onClick={event => {
        // With a modifier key the browser opens another tab.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        go(to, search)
      }}
    >
      {props.children}
    </Button>
  )
}
