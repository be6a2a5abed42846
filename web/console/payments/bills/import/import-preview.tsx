import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../../ui/data/act.tsx'
import { useErrorText } from '../../../../ui/data/error-text.ts'
import { useText } from '../../../../ui/text.ts'
import { formatNumber } from '../../../../ui/values/format.ts'
import { formatYuan } from '../../../../ui/values/money.ts'
import { FirstRows, Problems } from './import-rows.tsx'
import type { PickedFile, Preview, Result } from './picked-file.ts'

export function ImportPreviewStep(props: {
  file: PickedFile
  preview: Preview
  onAgain(): void
  onDone(result: Result): void
}): ReactNode {
  const t = useText('payments-bills')
  const textOf = useErrorText()
  const { preview, file, onAgain, onDone } = props
  const { counts } = preview
  const { format, ignoredColumns } = preview.file
  const act = useAct('/web/payments/bills/import-apply', {
    refresh: ['/web/payments'],
    isQuiet: true,
    confirm: () => ({
      title: t('importAsk', { n: counts.created, amount: formatYuan(counts.amount) }),
      content: counts.wrong > 0 ? t('importAskWrong', { n: counts.wrong }) : t('importAskHint'),
      okText: t('importDo'),
    }),
  })
  const apply = async () => {
    const result = await act.run({ ...file, token: preview.token })
    if (result) onDone(result)
  }
  return (
    <>
      {act.error ? <Alert type="error" showIcon title={textOf(act.error)} /> : null}
      <div>
        <strong>{file.fileName}</strong> <span className="wisp-quiet">{format}</span>
        {ignoredColumns.length > 0 ? (
          <div className="wisp-quiet">{t('ignoredColumns', { names: ignoredColumns.join('、') })}</div>
        ) : null}
      </div>
      <Counts counts={counts} />
      {counts.wrong > 0 ? (
        <Alert type="warning" showIcon title={t('wrongHint', { n: counts.wrong })} />
      ) : counts.created === 0 ? (
        <Alert type="info" showIcon title={t('nothingNew')} />
      ) : null}
      <Problems problems={preview.problems} total={counts.wrong} />
      <FirstRows rows={preview.first} />
      <div className="directory-actions">
        <Button
          type="primary"
          disabled={counts.created === 0}
          loading={act.isRunning}
          onClick={() => void apply()}
        >
          {t('importN', { n: counts.created })}
        </Button>
        <Button onClick={onAgain} disabled={act.isRunning}>
          {t('fileAgain')}
        </Button>
      </div>
    </>
  )
}

export function Counts(props: { counts: Preview['counts']; isDone?: boolean }): ReactNode {
  const t = useText('payments-bills')
  const { rows, created, known, wrong, amount } = props.counts
  const boxes = [
    { label: t('rows'), n: rows },
    {
      label: t(props.isDone ? 'rowsCreated' : 'rowsNew'),
      n: created,
      hint: formatYuan(amount),
    },
    { label: t('rowsKnown'), n: known },
    { label: t('rowsWrong'), n: wrong },
  ]
  return (
    <div className="directory-counts">
      {boxes.map(({ label, n, hint }) => (
        <div className="directory-count" key={label}>
          <span className="wisp-quiet">{label}</span>
          <strong>{formatNumber(n)}</strong>
          {hint ? <span className="wisp-quiet">{hint}</span> : null}
        </div>
      ))}
    </div>
  )
}
