/**
 * The folders of web/ui: data/ calls; objects/ the page of one object with tabs, and the parts of a page; forms/ what forms of stored
 * things do when the object changes or the session ends; connected/ the check-up and the removal of what is connected; import/ the
 * wizard of every import; fields/ those whose code comes when they are shown, and what loads other parts so; pushes/ the list of what an upstream pushed; wecom-card/ a
 * card as WeCom draws it.
 */

import { Button } from 'antd'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Blank } from './blank.tsx'
import { CallError, canRetry } from './data/api.ts'
import { isAway } from './data/away.ts'
import { useErrorText } from './data/error-text.ts'
import { ErrorNumber } from './error-number.tsx'
import { Skeleton } from './look/skeleton.tsx'
import { useText } from './text.ts'

/** Shown while a page (400 pixels and higher) or a panel loads: the shape of what comes. */
export function Loading({ height = 240 }: { height?: number }): ReactNode {
  return <Skeleton kind={height >= 400 ? 'page' : 'lines'} height={height} />
}

/** Shown in place of a page or panel whose call failed. */
export function ErrorState(props: { error: unknown; retry?: () => void }): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  const { error, retry } = props
  const why = (
    <>
      {textOf(error)}
      <ErrorNumber of={error} />
    </>
  )
  if (error instanceof CallError && error.status === 403) return <NoPermission detail={why} />
  if (error instanceof CallError && error.status === 404) return <NotFound title={t('gone')} hint={why} />
  const again = retry && canRetry(error) ? <Button onClick={retry}>{t('retry')}</Button> : undefined
  if (isAway(error))
    return (
      <Blank
        kind="away"
        title={t('away')}
        hint={t('awayTries', { why: withoutStop(textOf(error)) })}
        action={again}
      />
    )
  return <Blank kind="failed" title={t('failed')} hint={why} action={again} />
}

/** Some causes are sentences, and some are words of a server. */
export const withoutStop = (why: string) => why.replace(/[。.]$/, '')

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
export function NotFound(props: { title?: string; hint?: ReactNode; action?: ReactNode }): ReactNode {
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

/**
 * Holds back what stands below something whose height is not known before it is read, so that nothing that is shown is pushed
 * down. What is held back is there already and reads meanwhile.
 */
export function Settled(props: { isReady: boolean; children: ReactNode }): ReactNode {
  return (
    <>
      {props.isReady ? null : <Loading />}
      <div hidden={!props.isReady}>{props.children}</div>
    </>
  )
}
