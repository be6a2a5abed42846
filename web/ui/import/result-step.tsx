import { CheckCircleFilled, DownloadOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { saveCsv } from '../data/files.ts'
import { useText } from '../text.ts'
import { Counts } from './counts.tsx'
import type { ImportKind, ImportPreview, ImportResult } from './import-kind.ts'
import { Problems } from './problems.tsx'

export function ResultStep<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
  result: R
  onAgain(): void
}): ReactNode {
  const t = useText('import')
  const { kind, result } = props
  const { title, hint, isPartly, more } = kind.done
  return (
    <div className="import-step">
      <div className="import-done" role="status">
        {isPartly(result) ? (
          <WarningFilled style={{ color: 'var(--ant-color-warning)' }} />
        ) : (
          <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />
        )}
        <div>
          <strong>{title(result)}</strong>
          <div className="wisp-quiet">{hint(result)}</div>
        </div>
      </div>
      <div className="wisp-actions">
        {more}
        <Button
          icon={<DownloadOutlined aria-hidden />}
          onClick={() => saveCsv(kind.reportName, result.report)}
        >
          {t('report')}
        </Button>
        <Button onClick={props.onAgain}>{t('importAgain')}</Button>
      </div>
      <Counts boxes={kind.counts(result, true)} />
      <Problems kind={kind} of={result} />
    </div>
  )
}
