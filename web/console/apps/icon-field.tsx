import { DeleteOutlined, PictureOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ChangeEvent, type ReactNode, useRef, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { AppIcon } from './app-icon.tsx'
import type { IconChange } from './form-values.ts'

const bytesAtMost = 200_000
const types = ['image/png', 'image/jpeg', 'image/webp']

/** A form control for the icon with a preview. The icon is sent only when the form is saved. */
export function IconField(props: {
  app: { id: string; name: string; iconHash: string | null }
  value?: IconChange
  onChange?(value: IconChange): void
}): ReactNode {
  const t = useText('apps')
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState('')
  const { app, value } = props
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    if (!types.includes(file.type)) return setProblem(t('iconBad'))
    if (file.size > bytesAtMost) return setProblem(t('iconBig'))
    setProblem('')
    const url = await readAsUrl(file)
    props.onChange?.({ url, base64: url.slice(url.indexOf(',') + 1) })
  }
  const hash = value === undefined ? app.iconHash : null
  return (
    <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
      <AppIcon id={app.id} name={app.name} iconHash={hash} url={value?.url} size={56} />
      <input
        ref={input}
        type="file"
        accept={types.join(',')}
        aria-label={t('icon')}
        style={{ display: 'none' }}
        onChange={event => void choose(event)}
      />
      <Button icon={<PictureOutlined />} onClick={() => input.current?.click()}>
        {t('iconChoose')}
      </Button>
      {hash || value ? (
        <Button
          type="text"
          icon={<DeleteOutlined />}
          onClick={() => props.onChange?.(app.iconHash ? null : undefined)}
        >
          {t('iconRemove')}
        </Button>
      ) : null}
      {problem ? (
        <div role="alert" style={{ color: 'var(--ant-color-error)', width: '100%' }}>
          {problem}
        </div>
      ) : null}
    </div>
  )
}

function readAsUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
