import { DeleteOutlined, PictureOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ChangeEvent, type ReactNode, useRef, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import type { LogoValue } from './brand-values.ts'

const megabyte = 1024 * 1024

/** A form control: the logo on the background of a page. What the server says about the file stands below it. */
export function LogoField(props: {
  id?: string
  value?: LogoValue
  onChange?(value: LogoValue): void
}): ReactNode {
  const t = useText('branding')
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState('')
  const { value } = props
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    if (file.type !== 'image/png') return setProblem(t('logoType'))
    if (file.size > megabyte)
      return setProblem(t('logoBig', { size: formatNumber(Math.round((file.size / megabyte) * 10) / 10) }))
    setProblem('')
    // The form tells values apart by their JSON, in which all files are equal and their addresses are not.
    props.onChange?.({ path: URL.createObjectURL(file), file })
  }
  return (
    <div className="brand-logo-field">
      <input
        ref={input}
        type="file"
        accept="image/png"
        aria-label={t('logo')}
        style={{ display: 'none' }}
        onChange={choose}
      />
      <div className="brand-logo-now">
        {value ? <img src={value.path} alt="" /> : <span className="wisp-quiet">{t('logoNone')}</span>}
      </div>
      <div className="wisp-actions">
        <Button id={props.id} icon={<PictureOutlined />} onClick={() => input.current?.click()}>
          {t('logoChoose')}
        </Button>
        {value ? (
          <Button
            type="text"
            icon={<DeleteOutlined />}
            onClick={() => {
              setProblem('')
              props.onChange?.(undefined)
            }}
          >
            {t('logoRemove')}
          </Button>
        ) : null}
      </div>
      {problem ? (
        <div role="alert" className="brand-problem">
          {problem}
        </div>
      ) : null}
    </div>
  )
}
