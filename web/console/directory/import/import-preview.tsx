import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import type { ImportCounts } from '../../../../server/organisation/directory/import/import-rows.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { FirstRows, Problems } from './import-rows.tsx'
import type { PickedFile } from './picked-file.ts'

export function ImportPreviewStep(props: {
  file: PickedFile
  preview: Answer<'/web/directory/import-preview'>
  onAgain(): void
  onDone(result: Answer<'/web/directory/import-apply'>): void
}): ReactNode {
  const t = useText('directory')
  const textOf = useErrorText()
  const { preview, file } = props
  const { stored } = preview.counts
  const act = useAct('/web/directory/import-apply', {
    refresh: ['/web/directory'],
    isQuiet: true,
  })
  const apply = async () => {
    const result = await act.run({
      fileName: file.fileName,
      content: file.content,
      language: file.language,
      token: preview.token,
    })
    if (result) props.onDone(result)
  }
  return (
    <>
      {act.error ? <Alert type="error" showIcon title={textOf(act.error)} /> : null}
      <FileFacts file={file} preview={preview} />
      <Counts counts={preview.counts} />
      {stored === 0 ? (
        <Alert type="warning" showIcon title={t('importNothing')} description={t('importNothingText')} />
      ) : null}
      <Problems problems={preview.problems} total={preview.problemCount} />
      <FirstRows rows={preview.first} />
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', marginTop: 16 }}>
        <Button type="primary" disabled={stored === 0} loading={act.isRunning} onClick={() => void apply()}>
          {t('applyImport', { n: stored })}
        </Button>
        <Button onClick={props.onAgain} disabled={act.isRunning}>
          {t('fileAgain')}
        </Button>
      </div>
    </>
  )
}

const separators = { ',': 'separatorComma', ';': 'separatorSemicolon', '\t': 'separatorTab' } as const

function FileFacts(props: { file: PickedFile; preview: Answer<'/web/directory/import-preview'> }): ReactNode {
  const t = useText('directory')
  const { encoding, separator, ignoredColumns } = props.preview.file
  return (
    <div>
      <strong>{props.file.fileName}</strong>{' '}
      <span className="wisp-quiet">{t('fileRead', { encoding, separator: t(separators[separator]) })}</span>
      {ignoredColumns.length > 0 ? (
        <div className="wisp-quiet">{t('fileIgnored', { names: ignoredColumns.join('、') })}</div>
      ) : null}
    </div>
  )
}

export function Counts(props: { counts: ImportCounts; isDone?: boolean }): ReactNode {
  const t = useText('directory')
  const { counts } = props
  const boxes = [
    { label: t('rowsTotal'), n: counts.rows },
    {
      label: t(props.isDone ? 'rowsDone' : 'rowsStored'),
      n: counts.stored,
      hint: `${t('mobiles', { n: counts.mobiles })} · ${t('emails', { n: counts.emails })}`,
    },
    { label: t('rowsUnchanged'), n: counts.unchanged },
    { label: t('rowsWrong'), n: counts.wrong },
  ]
  return (
    <div className="directory-counts">
      {boxes.map(box => (
        <div className="directory-count" key={box.label}>
          <span className="wisp-quiet">{box.label}</span>
          <strong>{formatNumber(box.n)}</strong>
          {box.hint ? (
            <span className="wisp-quiet" style={{ fontSize: 12 }}>
              {box.hint}
            </span>
          ) : null}
        </div>
      ))}
    </div>
  )
}
