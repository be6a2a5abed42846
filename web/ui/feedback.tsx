import { ApiOutlined, FileUnknownOutlined, LockOutlined, WarningOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { CallError } from './data/api.ts'
import { canHelpToRetry, isAway } from './data/away.ts'
import { useErrorText } from './data/error-text.ts'
import './look/feedback.css'
import { Skeleton } from './look/skeleton.tsx'
import { useText } from './text.ts'

/** Shown while a page (400 pixels and higher) or a panel loads: the shape of what comes. */
export function Loading({ height = 240 }: { height?: number }): ReactNode {
  return <Skeleton kind={height >= 400 ? 'page' : 'lines'} height={height} />
}

const icons = {
  away: <ApiOutlined />,
  failed: <WarningOutlined />,
  noPermission: <LockOutlined />,
  notFound: <FileUnknownOutlined />,
}

/** What cannot be shown, why, and where to go instead. */
function Trouble(props: {
  kind: keyof typeof icons
  title: string
  why: ReactNode
  action?: ReactNode
}): ReactNode {
  return (
    <div className={`wisp-trouble wisp-trouble-${props.kind}`} role="alert">
      <span className="wisp-trouble-icon" aria-hidden>
        {icons[props.kind]}
      </span>
      <h2>{props.title}</h2>
      <p>{props.why}</p>
      {props.action ? <div className="wisp-actions">{props.action}</div> : null}
    </div>
  )
}

/** Shown in place of a page or panel whose call failed. */
export function ErrorState(props: { error: unknown; retry?: () => void }): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  const { error, retry } = props
  if (error instanceof CallError && error.status === 403) return <NoPermission detail={textOf(error)} />
  if (error instanceof CallError && error.status === 404) return <NotFound detail={textOf(error)} />
  const again = retry && canHelpToRetry(error) ? <Button onClick={retry}>{t('retry')}</Button> : undefined
  if (isAway(error))
    return <Trouble kind="away" title={t('away')} why={`${textOf(error)} ${t('awayTries')}`} action={again} />
  return <Trouble kind="failed" title={t('failed')} why={textOf(error)} action={again} />
}

type WayOut = {
  /** What the server says about it. */
  detail?: string
  /** A button that leads out of the page. */
  action?: ReactNode
}

export function NoPermission({ detail, action }: WayOut): ReactNode {
  const t = useText('common')
  return (
    <Trouble
      kind="noPermission"
      title={t('noPermission')}
      why={detail || t('noPermissionHint')}
      action={action}
    />
  )
}

export function NotFound({ detail, action }: WayOut): ReactNode {
  const t = useText('common')
  return (
    <Trouble
      kind="notFound"
      title={t(detail ? 'gone' : 'notFound')}
      why={detail || t('notFoundHint')}
      action={action}
    />
  )
}

/** Shown in place of an empty list: says that there is nothing yet, and what to do about it. */
export function EmptyState(props: { title?: string; hint?: ReactNode; action?: ReactNode }): ReactNode {
  const t = useText('common')
  return (
    <div className="wisp-empty">
      <div>{props.title ?? t('empty')}</div>
      {props.hint ? <div className="wisp-empty-hint">{props.hint}</div> : null}
      {props.action ? <div className="wisp-actions">{props.action}</div> : null}
    </div>
  )
}

type BoundaryProps = { children: ReactNode; fallback(error: Error, retry: () => void): ReactNode }

/** Contains the error of one page, so that the frame around it still works. */
export class ErrorBoundary extends Component<BoundaryProps, { error: Error | undefined }> {
  override state = { error: undefined as Error | undefined }

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack)
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return this.props.fallback(error, () => this.setState({ error: undefined }))
  }
}
