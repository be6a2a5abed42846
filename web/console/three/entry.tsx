import type { ReactNode } from 'react'

/** One entry of a list on the page of the three: what it is, its state, what can be done, and more below. */
export function Entry(props: {
  title: string
  mark: ReactNode
  actions: ReactNode
  children?: ReactNode
}): ReactNode {
  return (
    <li style={{ padding: '8px 0', borderTop: '1px solid var(--wisp-line)', overflowWrap: 'anywhere' }}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '4px 12px', alignItems: 'center' }}>
        <span>{props.title}</span>
        {props.mark}
        <span style={{ display: 'flex', gap: 8, marginInlineStart: 'auto' }}>{props.actions}</span>
      </div>
      {props.children}
    </li>
  )
}

export function Facts(props: { children: ReactNode }): ReactNode {
  return <div style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 16px' }}>{props.children}</div>
}

export function Fact(props: { name: string; children: ReactNode }): ReactNode {
  return (
    <span>
      <span className="wisp-quiet">{props.name}</span> {props.children}
    </span>
  )
}
