import { Typography } from 'antd'
import type { ReactNode } from 'react'

/** The head of a page: its name, a sentence about it, and buttons. */
export function PageTitle(props: { title: ReactNode; hint?: ReactNode; actions?: ReactNode }): ReactNode {
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'flex-start', marginBottom: 16 }}>
      <div style={{ flex: '1 1 240px', minWidth: 0 }}>
        <Typography.Title level={1} style={{ fontSize: 20, lineHeight: '32px', margin: 0 }}>
          {props.title}
        </Typography.Title>
        {props.hint ? <div style={{ color: 'var(--wisp-quiet)', marginTop: 2 }}>{props.hint}</div> : null}
      </div>
      {props.actions ? (
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>{props.actions}</div>
      ) : null}
    </div>
  )
}
