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
    <div className="wisp-page-head wisp-page-head-own">
      <div className="wisp-page-words">
        <h1 className="wisp-page-name">{props.title}</h1>
        {props.hint ? <div className="wisp-quiet">{props.hint}</div> : null}
      </div>
      {props.actions ? <div className="wisp-page-actions">{props.actions}</div> : null}
    </div>
  )
}
