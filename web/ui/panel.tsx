import { Card, type CardProps } from 'antd'
import type { ReactNode } from 'react'

/** The one kind of card: what belongs together on a page, under a heading where it has one. */
export function Panel({ title, ...props }: CardProps): ReactNode {
  return (
    <Card size="small" title={title ? <h2 className="wisp-panel-title">{title}</h2> : undefined} {...props} />
  )
}
