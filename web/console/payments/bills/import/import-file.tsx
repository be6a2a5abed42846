import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import { Alert, Upload } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../../ui/data/act.tsx'
import { addressOf } from '../../../../ui/data/api.ts'
import { useErrorText } from '../../../../ui/data/error-text.ts'
import { base64Of } from '../../../../ui/data/files.ts'
import { useSession } from '../../../../ui/data/session.tsx'
import { Loading } from '../../../../ui/feedback.tsx'
import { useLanguage } from '../../../../ui/language.ts'
import { useText } from '../../../../ui/text.ts'
import type { PickedFile, Preview } from './picked-file.ts'

export function ImportFileStep(props: { onRead(file: PickedFile, preview: Preview): void }): ReactNode {
  const t = useText('payments-bills')
  const textOf = useErrorText()
  const language = useLanguage()
  const { isSuper } = useSession()
  const [failure, setFailure] = useState<unknown>()
  const act = useAct('/web/payments/bills/import-preview', { isQuiet: true })
  const read = async (file: File) => {
    setFailure(undefined)
    try {
      const picked = { fileName: file.name, content: await base64Of(file), language }
      const preview = await act.run(picked)
      if (preview) props.onRead(picked, preview)
    } catch (error) {
      setFailure(error)
    }
  }
  const error = failure ?? act.error
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      {error ? <Alert type="error" showIcon title={textOf(error)} /> : null}
      {isSuper ? null : <Alert type="info" showIcon title={t('gradedBills')} />}
      {act.isRunning ? (
        <Loading height={180} />
      ) : (
        <Upload.Dragger
          accept=".csv,.txt,.xlsx,text/csv"
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
          <p className="ant-upload-text">{t('chooseFile')}</p>
          <p className="ant-upload-hint">{t('chooseFileHint')}</p>
        </Upload.Dragger>
      )}
      <a href={addressOf('/web/payments/bills/import-template', { language })} download="wisp-bills.csv">
        <DownloadOutlined aria-hidden /> {t('template')}
      </a>
    </div>
  )
}
