import { DeleteOutlined, PlusOutlined, SoundOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ChangeEvent, type ReactNode, useRef } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import './media.css'

const accepted = {
  image: 'image/png,image/jpeg,image/gif',
  articleImage: 'image/png,image/jpeg',
  voice: '.amr,.mp3,audio/amr,audio/mpeg',
  video: '.mp4,video/mp4',
} as const
export type MediaKind = keyof typeof accepted

export function storedFile(hash: string): string {
  return `/web/files/file?hash=${hash}`
}

/**
 * A form control: stored files by their hash, as pictures or sounds, with a button that uploads more up to `most`. Whether a
 * file is what it says is decided by the server.
 */
export function MediaField(props: {
  kind: MediaKind
  label: string
  value: readonly string[]
  most?: number
  /** What may be uploaded, where it is not what WeChat takes. */
  hint?: string
  onChange(value: string[]): void
}): ReactNode {
  const t = useText('official-media')
  const { kind, label, value, most = 1, onChange } = props
  return (
    <div className="oa-media">
      {value.map(hash => (
        <div key={hash} className="oa-media-one">
          {kind === 'voice' || kind === 'video' ? (
            <span className="oa-media-sound">
              <SoundOutlined aria-hidden /> {t(kind)}
            </span>
          ) : (
            <img src={storedFile(hash)} alt={label} />
          )}
          <Button
            size="small"
            type="text"
            aria-label={t('remove')}
            icon={<DeleteOutlined aria-hidden />}
            onClick={() => onChange(value.filter(one => one !== hash))}
          />
        </div>
      ))}
      {value.length < most ? (
        <UploadButton
          kind={kind}
          label={label}
          onUploaded={hash => onChange([...value.filter(one => one !== hash), hash])}
        />
      ) : null}
      <div className="wisp-quiet oa-media-hint">{props.hint ?? t(`${kind}Hint`)}</div>
    </div>
  )
}

/** Stores a file, gives it to WeChat for good, and tells the media_id. */
export function KeepButton(props: {
  originalId: string
  kind: 'image' | 'voice'
  label: string
  onKept(mediaId: string): void
}): ReactNode {
  const { originalId, kind, label, onKept } = props
  const keep = useAct('/web/official/media/keep')
  const keepFile = async (hash: string) => {
    const kept = await keep.run({ originalId, hash, kind })
    if (kept) onKept(kept.mediaId)
  }
  return <UploadButton kind={kind} label={label} onUploaded={hash => void keepFile(hash)} />
}

/** Stores a file and tells its hash. */
export function UploadButton(props: {
  kind: MediaKind
  label: string
  onUploaded(hash: string): void
}): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  const upload = useAct('/web/files/upload')
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    const stored = await upload.run({ use: props.kind, content: await base64Of(file) })
    if (stored) props.onUploaded(stored.hash)
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accepted[props.kind]}
        aria-label={props.label}
        style={{ display: 'none' }}
        onChange={event => void choose(event)}
      />
      <Button
        icon={<PlusOutlined aria-hidden />}
        loading={upload.isRunning}
        onClick={() => input.current?.click()}
      >
        {props.label}
      </Button>
    </>
  )
}

function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
