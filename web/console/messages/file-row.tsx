import { DownloadOutlined, FileOutlined } from '@ant-design/icons'
import { createContext, type ReactNode, useContext } from 'react'
import type { ShownFile } from '../../../server/features/message-media/message-files.ts'
import { useText } from '../../ui/text.ts'
import { formatBytes } from '../../ui/values/format.ts'

/** Where the page has the bytes of a file; undefined where it has not. */
export type FileSource = (file: Pick<ShownFile, 'mediaId'>) => string | undefined
const Source = createContext<FileSource>(() => undefined)
export const FileSourceProvider = Source.Provider

/** A file of a message: a picture where the page has it, else its name and size, to be downloaded where it can be. */
export function FileRow({ file, act }: { file: ShownFile; act?: ReactNode }): ReactNode {
  const t = useText('messages')
  const address = useContext(Source)(file)
  const { kind, name, size } = file
  return (
    <div className="wisp-file">
      {kind === 'image' && address ? <img src={address} alt={name} /> : <FileOutlined aria-hidden />}
      <div className="wisp-file-name">
        <bdi>{name}</bdi>
        <div className="wisp-bubble-note">
          {t(`media_${kind}`)} · {formatBytes(size)}
        </div>
      </div>
      {act ??
        (address ? (
          <a href={address} download={name} aria-label={t('downloadFile', { name })}>
            <DownloadOutlined aria-hidden />
          </a>
        ) : null)}
    </div>
  )
}
