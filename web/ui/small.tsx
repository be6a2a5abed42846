import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Badge, Button, Tooltip, Typography, theme } from 'antd'
import { type CSSProperties, type ReactNode, useState } from 'react'
import { formatAgo, formatTime } from './format.ts'
import { useText } from './text.ts'

export type StateKind = 'good' | 'bad' | 'warn' | 'busy' | 'idle'

/** A state as a coloured word: `<State kind="good">已送达</State>`. */
export function State(props: { kind: StateKind; children: ReactNode }): ReactNode {
  const { token } = theme.useToken()
  const status = {
    good: 'success',
    bad: 'error',
    warn: 'warning',
    busy: 'processing',
    idle: 'default',
  } as const
  const color = props.kind === 'bad' ? token.colorError : token.colorText
  return (
    <Badge
      status={status[props.kind]}
      text={<span style={{ color, whiteSpace: 'nowrap' }}>{props.children}</span>}
    />
  )
}

/** Local time; how long ago it was on hover and focus. */
export function Time(props: { at: string | number | Date | null | undefined; none?: ReactNode }): ReactNode {
  const { at } = props
  if (at === null || at === undefined || at === '') return <>{props.none ?? '—'}</>
  return (
    <Tooltip title={formatAgo(at)}>
      <time dateTime={new Date(at).toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {formatTime(at)}
      </time>
    </Tooltip>
  )
}

/** An id in a fixed-width face with a copy button. */
export function CopyId(props: { value: string; style?: CSSProperties }): ReactNode {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', maxWidth: '100%', ...props.style }}>
      <Typography.Text code style={{ fontSize: 13, overflowWrap: 'anywhere' }}>
        {props.value}
      </Typography.Text>
      <CopyButton value={props.value} />
    </span>
  )
}

export function CopyButton(props: { value: string; what?: string; withText?: boolean }): ReactNode {
  const t = useText('common')
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await writeClipboard(props.value)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Button
      size="small"
      type={props.withText ? 'default' : 'text'}
      aria-label={t('copyThis', { what: props.what ?? props.value })}
      icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
      onClick={event => {
        event.stopPropagation()
        void copy()
      }}
    >
      {props.withText ? (isCopied ? t('copied') : t('copy')) : null}
    </Button>
  )
}

/** Plain http has no clipboard API. */
async function writeClipboard(value: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(value)
  const area = document.createElement('textarea')
  area.value = value
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

/** Head of a page: its name, a sentence, and what can be done here. */
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
