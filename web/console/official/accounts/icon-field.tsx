import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ChangeEvent, type ReactNode, useRef, useState } from 'react'
import { CropPicture } from '../../../ui/crop-picture.tsx'
import { useText } from '../../../ui/text.ts'
import { AccountIcon } from './account-icon.tsx'
import './accounts.css'

/** The hash of the stored icon, a new picture that is uploaded with the form, or none. */
export type IconValue = string | Blob | undefined

const types = ['image/png', 'image/jpeg', 'image/webp']
const bytesAtMost = 20 * 1024 * 1024

/** A form control: a tile with a plus, as the document draws it, then the picture to be cropped. */
export function IconField(props: {
  id?: string
  account: { originalId: string; name: string }
  value?: IconValue
  onChange?(value: IconValue): void
}): ReactNode {
  const t = useText('official')
  const input = useRef<HTMLInputElement>(null)
  const [picture, setPicture] = useState<ImageBitmap>()
  const [problem, setProblem] = useState('')
  const { value, account } = props
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    // SVG is left out: it may hold scripts, and the server takes none.
    if (!types.includes(file.type) || file.size > bytesAtMost) return setProblem(t('iconBad'))
    try {
      setPicture(await createImageBitmap(file))
      setProblem('')
    } catch {
      setProblem(t('iconBad'))
    }
  }
  const open = () => input.current?.click()
  return (
    <div className="official-icon">
      <input
        ref={input}
        type="file"
        accept={types.join(',')}
        aria-label={t('icon')}
        style={{ display: 'none' }}
        onChange={event => void choose(event)}
      />
      {!picture && typeof value === 'string' ? <AccountIcon {...account} iconHash={value} size={72} /> : null}
      {picture ? (
        <CropPicture picture={picture} onCut={cut => props.onChange?.(cut)} />
      ) : value === undefined ? (
        <button
          type="button"
          id={props.id}
          className="official-plus"
          aria-label={t('iconChoose')}
          onClick={open}
        >
          <PlusOutlined aria-hidden />
        </button>
      ) : null}
      <div>
        {picture || value !== undefined ? (
          <Button size="small" id={props.id} onClick={open}>
            {t('iconOther')}
          </Button>
        ) : null}
        <div className="wisp-quiet official-icon-hint">{picture ? t('iconCrop') : t('iconHint')}</div>
        {problem ? (
          <div role="alert" className="official-problem">
            {problem}
          </div>
        ) : null}
      </div>
    </div>
  )
}
