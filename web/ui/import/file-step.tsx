import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Upload } from 'antd'
import { type ReactNode, useState } from 'react'
import { useErrorText } from '../data/error-text.ts'
import { base64Of } from '../data/files.ts'
import { Loading } from '../feedback.tsx'
import { useLanguage } from '../language.ts'
import { useText } from '../text.ts'
import type { ImportKind, ImportPreview, ImportResult, PickedFile } from './import-kind.ts'

export function FileStep<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
  /** The file that was chosen before, when somebody has come back. */
  chosen: PickedFile | undefined
  onRead(file: PickedFile, preview: P): void
  onNext(): void
}): ReactNode {
  const t = useText('import')
  const textOf = useErrorText()
  const language = useLanguage()
  const [failure, setFailure] = useState<unknown>()
  const { kind, chosen } = props
  const read = async (file: File) => {
    setFailure(undefined)
    try {
      const picked = { fileName: file.name, content: await base64Of(file), language }
      const preview = await kind.read.run(picked)
      if (preview) props.onRead(picked, preview)
    } catch (error) {
      setFailure(error)
    }
  }
  const error = failure ?? kind.read.error
  return (
    <div className="import-step">
      {error ? <Alert type="error" showIcon title={textOf(error)} /> : null}
      {kind.note ? <Alert type="info" showIcon title={kind.note} /> : null}
      {chosen && !kind.read.isRunning ? (
        <Alert
          type="success"
          showIcon
          title={t('chosen', { name: chosen.fileName })}
          action={
            <Button size="small" type="primary" onClick={props.onNext}>
              {t('goOn')}
            </Button>
          }
        />
      ) : null}
      {kind.read.isRunning ? (
        <Loading height={180} />
      ) : (
        <Upload.Dragger
          accept={kind.accept}
          maxCount={1}
          showUploadList={false}
          beforeUpload={file => {
            void read(file)
            return false
          }}
        >
          <p className="ant-upload-drag-icon">
            <InboxOutlined aria-hidden />
          </p>
          <p className="ant-upload-text">{kind.choose}</p>
          <p className="ant-upload-hint">{kind.chooseHint}</p>
        </Upload.Dragger>
      )}
      <a href={kind.template.address} download={kind.template.fileName}>
        <DownloadOutlined aria-hidden /> {t('template')}
      </a>
    </div>
  )
}
