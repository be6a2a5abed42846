import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useConfirm } from '../data/act.tsx'
import { useErrorText } from '../data/error-text.ts'
import { useText } from '../text.ts'
import { Counts } from './counts.tsx'
import type { ImportKind, ImportPreview, ImportResult, PickedFile } from './import-kind.ts'
import { PlainTable } from './plain-table.tsx'
import { Problems } from './problems.tsx'

export function CheckStep<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
  file: PickedFile
  preview: P
  /** Somebody has come back from the result. */
  isApplied: boolean
  onAgain(): void
  toColumns(): void
  onDone(result: R): void
  toResult(): void
}): ReactNode {
  const t = useText('import')
  const textOf = useErrorText()
  const confirm = useConfirm()
  const { kind, file, preview, isApplied } = props
  const ready = kind.ready(preview)
  const notice = kind.notice(preview)
  const apply = async () => {
    const question = kind.question?.(preview)
    if (question && !(await confirm(question))) return
    const result = await kind.apply.run({ ...file, token: preview.token })
    if (result) props.onDone(result)
  }
  const { ignoredColumns } = preview.file
  const firstTitle = t('firstRows', { n: preview.first.length })
  return (
    <div className="import-step">
      {kind.apply.error ? <Alert type="error" showIcon title={textOf(kind.apply.error)} /> : null}
      {isApplied ? (
        <Alert
          type="success"
          showIcon
          title={t('isApplied')}
          action={
            <Button size="small" onClick={props.toResult}>
              {t('toResult')}
            </Button>
          }
        />
      ) : null}
      <div>
        <strong>{file.fileName}</strong> <span className="wisp-quiet">{kind.formatOf(preview)}</span>
        {ignoredColumns.length > 0 ? (
          <div className="wisp-quiet">{t('ignoredColumns', { names: ignoredColumns.join('、') })}</div>
        ) : null}
      </div>
      <Counts boxes={kind.counts(preview, false)} />
      {notice ? <Alert type={notice.type} showIcon title={notice.title} description={notice.hint} /> : null}
      <Problems kind={kind} of={preview} />
      <h2>{firstTitle}</h2>
      <PlainTable title={firstTitle} rows={preview.first} columns={kind.first} />
      <div className="wisp-actions">
        <Button
          type="primary"
          disabled={ready === 0 || isApplied}
          loading={kind.apply.isRunning}
          onClick={() => void apply()}
        >
          {kind.applyWords(ready)}
        </Button>
        <Button onClick={props.toColumns} disabled={kind.apply.isRunning}>
          {t('step_columns')}
        </Button>
        <Button onClick={props.onAgain} disabled={kind.apply.isRunning}>
          {t('fileAgain')}
        </Button>
      </div>
    </div>
  )
}
