import { Button, Spin } from 'antd'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Blank } from './blank.tsx'
import { CallError, canRetry } from './data/api.ts'
import { useErrorText } from './data/error-text.ts'
import { ErrorNumber } from './error-number.tsx'
import { useText } from './text.ts'

/** Shown while a page or panel loads. It appears after a short delay, so that quick loads do not flash. */
export function Loading(props: { height?: number }): ReactNode {
  return (
    <div
      style={{ minHeight: props.height ?? 240, display: 'grid', placeItems: 'center' }}
      role="status"
      aria-busy="true"
      aria-live="polite"
    >
      <Spin delay={200} />
    </div>
  )
}

/** Shown in place of a panel whose call failed. */
export function ErrorState(props: { error: unknown; retry?: () => void }): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  if (props.error instanceof CallError && props.error.status === 403)
    return (
      <NoPermission
        detail={
          <>
            {textOf(props.error)}
            <ErrorNumber of={props.error} />
          </>
        }
      />
    )
  return (
    <Blank
      kind="failed"
      title={t('failed')}
      hint={
        <>
          {textOf(props.error)}
          <ErrorNumber of={props.error} />
        </>
      }
      action={
        props.retry && canRetry(props.error) ? <Button onClick={props.retry}>{t('retry')}</Button> : undefined
      }
    />
  )
}

/** `action` is a button that leads out of the page. */
export function NoPermission(props: { detail?: ReactNode; action?: ReactNode }): ReactNode {
  const t = useText('common')
  return (
    <Blank
      kind="locked"
      title={t('noPermission')}
      hint={props.detail || t('noPermissionHint')}
      action={props.action}
    />
  )
}

/** `action` is a button that leads out of the page; `title` and `hint` are for what is no page. */
export function NotFound(props: { title?: string; hint?: string; action?: ReactNode }): ReactNode {
  const t = useText('common')
  return (
    <Blank
      kind="missing"
      title={props.title ?? t('notFound')}
      hint={props.hint ?? t('notFoundHint')}
      action={props.action}
    />
  )
}

/** Shown in place of an empty list: says that there is nothing yet, and what to do about it. */
export function EmptyState(props: { title?: string; hint?: ReactNode; action?: ReactNode }): ReactNode {
  const t = useText('common')
  return <Blank kind="empty" title={props.title ?? t('empty')} hint={props.hint} action={props.action} />
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
