import { DownloadOutlined } from '@ant-design/icons'
import { Button, Result } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { saveCsv } from '../../../ui/data/files.ts'
import { useText } from '../../../ui/text.ts'
import { LinkButton } from '../link-button.tsx'
import { Counts } from './import-preview.tsx'
import { Problems } from './import-rows.tsx'

export function ImportResultStep(props: {
  result: Answer<'/web/directory/import-apply'>
  onAgain(): void
}): ReactNode {
  const t = useText('directory')
  const { result } = props
  return (
    <>
      <Result
        status="success"
        title={t('importDone')}
        subTitle={t('importDoneText', { n: result.counts.stored })}
        extra={[
          <Button
            key="report"
            type="primary"
            icon={<DownloadOutlined />}
            onClick={() => saveCsv('wisp-import-result.csv', result.report)}
          >
            {t('downloadReport')}
          </Button>,
          <Button key="again" onClick={props.onAgain}>
            {t('importAgain')}
          </Button>,
          <LinkButton key="members" to="/console/directory">
            {t('members')}
          </LinkButton>,
        ]}
      />
      <Counts counts={result.counts} isDone />
      <Problems problems={result.problems} total={result.problemCount} />
    </>
  )
}
