import { Typography } from 'antd'
import { createContext, type ReactNode, use } from 'react'

/** Whether a tab above the page shows its name already. */
export const NamedByTab = createContext(false)

/** The head of a page: its name, a sentence about it, and buttons. */
export function PageTitle(props: { title: ReactNode; hint?: ReactNode; actions?: ReactNode }): ReactNode {
  if (use(NamedByTab))
    return (
      <div className="wisp-page-head">
        <h1 className="wisp-hidden">{props.title}</h1>
        {props.hint ? <p className="wisp-page-hint">{props.hint}</p> : null}
        {props.actions ? <div className="wisp-page-actions">{props.actions}</div> : null}
      </div>
    )
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
