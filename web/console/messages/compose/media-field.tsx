import { DeleteOutlined, UploadOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Upload } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useText } from '../../../ui/text.ts'
import { formatBytes } from '../../../ui/values/format.ts'
import { FileRow } from '../file-row.tsx'
import type { UploadedMedia } from './compose-form.ts'
import { keepPicture } from './pictures.ts'

const megabyte = 1024 * 1024
/** What the server takes of each use; a mail takes as much in all (server/features/message-media/kinds.ts). */
const uses = {
  '06': { accept: 'image/png,image/jpeg', megabytes: 10, files: 1 },
  '07': { accept: '', megabytes: 20, files: 1 },
  '08': { accept: 'video/mp4', megabytes: 10, files: 1 },
  mail: { accept: '', megabytes: 20, files: 10 },
}

/** Uploads files, and says of each what it is and how large. */
export function MediaField(props: {
  label: string
  use: keyof typeof uses
  value: readonly UploadedMedia[]
  onChange: (value: UploadedMedia[]) => void
}): ReactNode {
  const t = useText('messages')
  const textOf = useErrorText()
  const upload = useAct('/web/messages/media-upload', { isQuiet: true, rethrow: true })
  const [problem, setProblem] = useState('')
  const { label, use, value, onChange } = props
  const { accept, megabytes, files } = uses[use]
  const total = value.reduce((sum, one) => sum + one.size, 0)
  const take = async (file: File) => {
    if (total + file.size > megabytes * megabyte) {
      setProblem(t('fileTooLarge', { name: file.name, size: formatBytes(file.size), n: megabytes }))
      return
    }
    setProblem('')
    try {
      const stored = await upload.run({ file })
      if (!stored) return
      keepPicture(stored, file)
      onChange([...value.filter(one => one.mediaId !== stored.mediaId), stored])
    } catch (error) {
      setProblem(textOf(error))
    }
  }
  return (
    <Form.Item label={label} required={use !== 'mail'} extra={t(`mediaHint_${use}`)}>
      {value.map(file => (
        <FileRow
          key={file.mediaId}
          file={file}
          act={
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t('removeFile', { name: file.name })}
              onClick={() => onChange(value.filter(one => one !== file))}
            />
          }
        />
      ))}
      {value.length > 1 ? (
        <div className="wisp-quiet">{t('filesInAll', { n: value.length, size: formatBytes(total) })}</div>
      ) : null}
      {problem ? <Alert type="error" showIcon title={problem} style={{ marginBottom: 8 }} /> : null}
      {value.length < files ? (
        <Upload
          accept={accept}
          showUploadList={false}
          beforeUpload={file => {
            void take(file)
            return false
          }}
        >
          <Button icon={<UploadOutlined aria-hidden />} loading={upload.isRunning}>
            {t('chooseFile')}
          </Button>
        </Upload>
      ) : null}
    </Form.Item>
  )
}
