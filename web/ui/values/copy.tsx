import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../text.ts'
import { selectText, writeClipboard } from './clipboard.ts'

/** An id in a monospaced font, with a button that copies it. */
export function CopyId(props: { value: string; style?: CSSProperties }): ReactNode {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', maxWidth: '100%', ...props.style }}>
      <code className="wisp-code">{props.value}</code>
      <CopyButton value={props.value} />
    </span>
  )
}

export function CopyButton(props: { value: string; what?: string; withText?: boolean }): ReactNode {
  const t = useText('common')
  const [isCopied, setCopied] = useState(false)
  const [isRefused, setRefused] = useState(false)
  const copy = async () => {
    if (!(await writeClipboard(props.value))) return setRefused(true)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Popover
      open={isRefused}
      trigger="click"
      destroyOnHidden
      onOpenChange={isOpen => isOpen || setRefused(false)}
      title={t('copyFailed')}
      content={<Selected text={props.value} />}
    >
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
    </Popover>
  )
}

/** A text that is selected as it appears, when the browser has refused to copy it. */
function Selected(props: { text: string }): ReactNode {
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    if (place.current) selectText(place.current)
  }, [])
  return (
    <code ref={place} className="wisp-code wisp-selected">
      {props.text}
    </code>
  )
}
