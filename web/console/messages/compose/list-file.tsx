import { DownloadOutlined, InboxOutlined } from '@ant-design/icons'
import { Alert, Button, Upload } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { base64Of } from '../../../ui/data/files.ts'
import { Loading } from '../../../ui/feedback.tsx'
import { PlainTable } from '../../../ui/import/plain-table.tsx'
import { useText } from '../../../ui/text.ts'

export type ReceiverList = Answer<'/web/messages/list-upload'>

/** Chooses a file with a person and variables in each line, and shows what was read of it. */
export function ListFile(props: {
  value: ReceiverList | undefined
  /** Names of the type's variables, for the template. */
  variables: readonly string[]
  onChange: (list: ReceiverList | undefined) => void
}): ReactNode {
  const t = useText('messages')
  const textOf = useErrorText()
  const upload = useAct('/web/messages/list-upload', { isQuiet: true })
  const [failure, setFailure] = useState<unknown>()
  const { value, variables, onChange } = props
  const read = async (file: File) => {
    setFailure(undefined)
    try {
      onChange(await upload.run({ fileName: file.name, content: await base64Of(file) }))
    } catch (error) {
      setFailure(error)
    }
  }
  const error = failure ?? upload.error
  if (value) return <ReadList list={value} onAgain={() => onChange(undefined)} />
  const header = ['userId', ...variables].join(',')
  return (
    <div className="wisp-list-file">
      {error ? <Alert type="error" showIcon title={textOf(error)} /> : null}
      {upload.isRunning ? (
        <Loading height={120} />
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
          <p className="ant-upload-text">{t('chooseList')}</p>
          <p className="ant-upload-hint">{t('chooseListHint')}</p>
        </Upload.Dragger>
      )}
      <a
        href={`data:text/csv;charset=utf-8,${encodeURIComponent(`\uFEFF${header}\r\n`)}`}
        download="wisp-list.csv"
      >
        <DownloadOutlined aria-hidden /> {t('listTemplate')}
      </a>
    </div>
  )
}

function ReadList({ list, onAgain }: { list: ReceiverList; onAgain: () => void }): ReactNode {
  const t = useText('messages')
  const { fileName, rows, variables, first, refused, refusedRows } = list
  return (
    <div className="wisp-list-file">
      <Alert
        type={refusedRows > 0 ? 'warning' : 'success'}
        showIcon
        title={t('listRead', { file: fileName, n: rows })}
        description={refusedRows > 0 ? t('listRefused', { n: refusedRows }) : undefined}
        action={
          <Button size="small" onClick={onAgain}>
            {t('listAgain')}
          </Button>
        }
      />
      {refused.length > 0 ? (
        <details>
          <summary>{t('refusedLines')}</summary>
          <PlainTable
            title={t('refusedLines')}
            rows={refused}
            columns={[{ title: t('reason'), render: row => row.why }]}
          />
        </details>
      ) : null}
      <PlainTable
        title={t('firstLines')}
        rows={first}
        columns={[
          { title: t('receiver'), render: row => row.userId },
          ...variables.map((name, at) => ({
            title: name,
            render: (row: ReceiverList['first'][number]) => row.values[at] ?? '',
          })),
        ]}
      />
    </div>
  )
}
