import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button, Typography } from 'antd'
import { type CSSProperties, type ReactNode, useState } from 'react'
import { useText } from '../text.ts'
import { writeClipboard } from './clipboard.ts'

/** An id in a monospaced font, with a button that copies it. */
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
