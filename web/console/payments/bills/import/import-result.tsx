import { DownloadOutlined } from '@ant-design/icons'
import { Button, Result as Outcome } from 'antd'
import type { ReactNode } from 'react'
import { saveCsv } from '../../../../ui/data/files.ts'
import { useText } from '../../../../ui/text.ts'
import { LinkButton } from '../../../directory/link-button.tsx'
import { Counts } from './import-preview.tsx'
import { Problems } from './import-rows.tsx'
import type { Result } from './picked-file.ts'

export function ImportResultStep(props: { result: Result; onAgain(): void }): ReactNode {
  const t = useText('payments-bills')
  const { counts, problems, report } = props.result
  return (
    <>
      <Outcome
        status={counts.wrong > 0 ? 'warning' : 'success'}
        title={t('importDone', { n: counts.created })}
        subTitle={t(counts.wrong > 0 ? 'importDoneWrong' : 'importDoneHint')}
        extra={[
          <LinkButton key="bills" to="/console/payments/bills" type="primary">
            {t('toBills')}
          </LinkButton>,
          <Button
            key="report"
            icon={<DownloadOutlined aria-hidden />}
            onClick={() => saveCsv('wisp-bills-result.csv', report)}
          >
            {t('report')}
          </Button>,
          <Button key="again" onClick={props.onAgain}>
            {t('importAgain')}
          </Button>,
        ]}
      />
      <Counts counts={counts} isDone />
      <Problems problems={problems} total={counts.wrong} />
    </>
  )
}
