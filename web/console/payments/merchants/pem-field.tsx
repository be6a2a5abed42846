import { UploadOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type ChangeEvent, type ReactNode, useRef } from 'react'
import { useText } from '../../../ui/text.ts'
import './merchants.css'

/** A form control for the text of a key file, which may be pasted or taken from the file. */
export function PemField(props: {
  id?: string
  /** The file's name, as the merchant platform calls it. */
  file: string
  placeholder?: string
  value?: string
  onChange?(value: string): void
}): ReactNode {
  const t = useText('payments-merchants')
  const input = useRef<HTMLInputElement>(null)
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0]
    event.target.value = ''
    // A key is 2 kB; whatever is larger is another file, and its beginning is enough to be refused.
    if (chosen) props.onChange?.(await chosen.slice(0, 8000).text())
  }
  return (
    <>
      <Input.TextArea
        id={props.id}
        className="merchant-pem"
        autoComplete="off"
        spellCheck={false}
        rows={3}
        maxLength={8000}
        placeholder={props.placeholder ?? '-----BEGIN'}
        value={props.value ?? ''}
        onChange={event => props.onChange?.(event.target.value)}
      />
      <input
        ref={input}
        type="file"
        accept=".pem,.txt"
        aria-label={t('choosePem', { file: props.file })}
        style={{ display: 'none' }}
        onChange={event => void choose(event)}
      />
      <Button
        size="small"
        icon={<UploadOutlined />}
        style={{ marginTop: 4 }}
        onClick={() => input.current?.click()}
      >
        {t('choosePem', { file: props.file })}
      </Button>
    </>
  )
}
