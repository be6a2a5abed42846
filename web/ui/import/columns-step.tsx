import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import { State } from '../values/state.tsx'
import type { ImportKind, ImportPreview, ImportResult, PickedFile } from './import-kind.ts'

/** Which columns of the file are used, which it has besides, and which it could have. */
export function ColumnsStep<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
  file: PickedFile
  preview: P
  onAgain(): void
  onNext(): void
}): ReactNode {
  const t = useText('import')
  const { columns, ignoredColumns } = props.preview.file
  const names = Object.entries<string>(props.kind.columns)
  return (
    <div className="import-step">
      {ignoredColumns.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t('ignored', { n: ignoredColumns.length })}
          description={t('ignoredHint')}
        />
      ) : null}
      <div>
        <strong>{props.file.fileName}</strong>{' '}
        <span className="wisp-quiet">{props.kind.formatOf(props.preview)}</span>
      </div>
      <ul className="import-columns" aria-label={t('step_columns')}>
        {names.map(([column, name]) => (
          <li key={column}>
            <span>{name}</span>
            {columns.includes(column) ? (
              <State kind="good">{t('columnUsed')}</State>
            ) : (
              <State kind="idle">{t('columnMissing')}</State>
            )}
          </li>
        ))}
        {ignoredColumns.map((name, index) => (
          <li key={`${index} ${name}`}>
            <bdi>{name}</bdi>
            <State kind="warn">{t('columnIgnored')}</State>
          </li>
        ))}
      </ul>
      <div className="wisp-actions">
        <Button type="primary" onClick={props.onNext}>
          {t('goOn')}
        </Button>
        <Button onClick={props.onAgain}>{t('fileAgain')}</Button>
      </div>
    </div>
  )
}
