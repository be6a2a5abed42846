import type { CSSProperties, ReactNode } from 'react'

/** The one kind of card: what belongs together on a page, under a heading where it has one. */
export function Panel(props: {
  title?: ReactNode
  /** At the other end of the heading's line. */
  extra?: ReactNode
  className?: string
  style?: CSSProperties
  children?: ReactNode
}): ReactNode {
  const { title, extra } = props
  return (
    <section className={`wisp-panel ${props.className ?? ''}`} style={props.style}>
      {title || extra ? (
        <div className="wisp-panel-head">
          {title ? <h2 className="wisp-panel-title">{title}</h2> : <span className="wisp-panel-title" />}
          {extra ? <div className="wisp-panel-extra">{extra}</div> : null}
        </div>
      ) : null}
      <div className="wisp-panel-body">{props.children}</div>
    </section>
  )
}
